from django.urls import path

from bare.views import answer, page

urlpatterns = [path("pages/<slug:slug>/", page), path("answers/<int:slot>/", answer)]
