"""Shows that the worker is counting what the new keys of a draft do, until the plan can be shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from modules.models import Draft, EffectCount

SECONDS = 3  # until the page looks again


def page(request: HttpRequest, draft: Draft, count: EffectCount) -> HttpResponse:
    """Shows how far the count is. The page looks again by itself; a form that was sent leads to it."""
    address = reverse("admin:modules_draft_plan", args=[draft.pk])
    if request.method == "POST":
        return HttpResponseRedirect(address)
    drafts = (reverse("admin:modules_draft_change", args=[draft.pk]), str(draft))
    page = {
        "draft": draft,
        "count": count,
        "seconds": SECONDS,
        "crumbs": [drafts],
        "title": _("What will happen"),
    }
    return render(request, "admin/counting.html", page)
