"""Makes a new account and the task that sends its mail together, or neither."""

from allauth.account import views
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse


class SignupView(views.SignupView):
    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            return super().form_valid(form)
