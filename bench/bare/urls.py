from django.urls import path

from bare.views import page

urlpatterns = [path("pages/<slug:slug>/", page)]
