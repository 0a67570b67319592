"""The one address of ours about people; allauth has the others."""

from django.urls import path

from accounts.language import language

urlpatterns = [path("", language, name="language")]
