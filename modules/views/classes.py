"""Lets learners see that they were put into a class, and leave one by themselves."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from modules.classes import joining
from modules.classes.placements import see_placement
from modules.models import StudyClass


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks whether a member leaves a class, and lets them go."""
    own = StudyClass.objects.active().of_learner(request.user).select_related("group")
    study_class = get_object_or_404(own, pk=pk if pk < 2**63 else 0)
    if request.method != "POST":
        return render(request, "modules/class_leaving.html", {"study_class": study_class})
    joining.leave_by_oneself(study_class, cast(User, request.user), now=timezone.now())
    messages.success(request, _("You have left %(name)s. What you did is kept.") % {"name": study_class.name})
    return redirect("account")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes that a learner knows of their place in a class."""
    if request.method == "POST":
        see_placement(request.user, pk if pk < 2**63 else 0, now=timezone.now())
    return redirect("learning")
