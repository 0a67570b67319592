"""Begins a draft with a short, whole module, for instructors who have never written one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from modules.admin import drafts, permissions
from modules.authoring import starting
from modules.authoring.uploads import Upload


@require_http_methods(["GET", "HEAD", "POST"])
def example(request: HttpRequest) -> HttpResponse:
    """Begins the draft, and leads to it. A redirect from the sign-in sends no form, so it leads back to the button."""
    permissions.writers_only(request)
    if request.method != "POST":
        return redirect("admin:modules_module_load")
    upload = Upload("", starting.example(get_language() or "id"), "utf-8")
    draft = drafts.keep(upload, None, request.user)
    messages.info(
        request,
        _(
            "This is an example. Put your own words in their place. Learners see nothing until you publish it."
        ),
    )
    return redirect("admin:modules_draft_change", draft.pk)
