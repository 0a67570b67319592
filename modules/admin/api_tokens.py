"""Lets instructors make and withdraw the tokens with which programs read their results."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from modules.admin import permissions
from modules.admin.class_access import person_of
from modules.forms.api_tokens import TokenForm
from modules.models import MOST_TOKENS, ApiToken


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Lists the tokens of the person who asks, and makes a new one, which is shown this once."""
    permissions.writers_only(request)
    person, form, token = person_of(request), TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        if ApiToken.objects.filter(user=person).count() >= MOST_TOKENS:
            form.add_error(None, _("You have %(most)d tokens. Withdraw one first.") % {"most": MOST_TOKENS})
        else:
            token = ApiToken.make(person, form.cleaned_data["name"], now=timezone.now())
            form = TokenForm()
    page = {
        "form": form,
        "token": token,
        "tokens": ApiToken.objects.filter(user=person),
        "api_url": request.build_absolute_uri("/api/v1/modules"),
        "description_url": reverse("api:openapi-json"),
        "crumbs": [],
    }
    return render(request, "admin/api_tokens.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: HttpRequest, token: int) -> HttpResponse:
    """Withdraws a token of the person who asks. Its program gets nothing from now on."""
    permissions.writers_only(request)
    if request.method == "POST":
        row = get_object_or_404(ApiToken, user=person_of(request), pk=token)
        row.delete()
        messages.success(request, _("The token “%(name)s” is withdrawn.") % {"name": row.name})
    return redirect("admin:modules_module_tokens")
