"""Lists the addresses about people that allauth does not have."""

from django.urls import path

from accounts.language import language

urlpatterns = [path("", language, name="language")]
