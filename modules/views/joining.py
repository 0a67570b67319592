"""Lets learners join a class: by its code or link, and by an invitation that came by mail."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import arrivals, limits
from accounts.models import User
from accounts.roles import is_taken
from modules.classes import joining, links
from modules.classes.assignments import first_assigned
from modules.classes.joining import LinkState, Refused
from modules.models import Invitation, StudyClass


@never_cache
@require_safe
def ask_code(request: HttpRequest) -> HttpResponse:
    """Asks for the code of a class, and leads to its page."""
    code = request.GET.get("code", "").strip()[:40].replace("/", "")
    return redirect("join", code) if code else render(request, "modules/join_code.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Shows a class to whoever has its code, and lets them in. Members are led to what they study."""
    now, address = timezone.now(), get_ip(request)
    if limits.guesses_codes(address, now=now):
        return render(request, "modules/join_code.html", {"why": "guesses"}, status=429)
    study_class = links.class_with(code)
    if study_class is None:
        limits.count_wrong_code(address, now=now)
        return render(request, "modules/join_code.html", {"why": "missing", "code": code[:40]}, status=404)
    if request.user.is_authenticated and joining.is_member(study_class, request.user):
        return _lead_on(request, study_class)
    state = joining.link_state(study_class, now=now)
    if state is not LinkState.OPEN:
        return _refuse(request, state)
    if request.method == "POST":
        return _let_in(request, study_class)
    page = {"study_class": study_class, "instructors": _names(study_class)}
    return render(request, "modules/join.html", page)


def _let_in(request: HttpRequest, study_class: StudyClass) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    try:
        joining.join_by_link(study_class, request.user, now=timezone.now())
    except Refused as refused:
        return _refuse(request, refused.state)
    messages.success(request, _joined(study_class))
    return _lead_on(request, study_class)


def _refuse(request: HttpRequest, state: LinkState) -> HttpResponse:
    return render(request, "modules/join_code.html", {"why": "refused", "sentence": state.value}, status=403)


def _lead_on(request: HttpRequest, study_class: StudyClass) -> HttpResponse:
    return redirect(first_assigned(study_class, request.user) or reverse("learning"))


def _names(study_class: StudyClass) -> list[str]:
    return [instructor.name for instructor in study_class.instructors.order_by("name") if instructor.name]


def _joined(study_class: StudyClass) -> str:
    return _("You are in the class %(name)s now.") % {"name": study_class.name}


# ------------------------------------------------------------------------------------------ invitations by mail


@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Leads whoever was invited to the sign-up or the sign-in, and tells everybody else that it is not for them."""
    try:
        invited = links.invitation_with(token)
    except links.BadToken as bad:
        return _show(request, "old" if bad.is_old else "missing", status=404)
    if request.user.is_authenticated:
        return _answer_person(request, invited)
    if invited.withdrawn_at:
        return _show(request, "withdrawn", status=403)
    if invited.study_class.is_archived:
        return _refuse(request, LinkState.ARCHIVED)
    if is_taken(invited.address):
        return redirect_to_login(request.get_full_path())
    arrivals.remember_invited(request, invited.address)
    return redirect(f"{reverse('account_signup')}?next={request.path}")


def _answer_person(request: HttpRequest, invited: Invitation) -> HttpResponse:
    user = cast(User, request.user)
    is_owner = Invitation.objects.filter(pk=invited.pk).of_confirmed(user).exists() or invited.learner == user
    if not is_owner:
        return _show(request, "other", status=403, invited=invited)
    joining.join_invited(user, now=timezone.now())
    if joining.is_member(invited.study_class, user):
        return _lead_on(request, invited.study_class)
    return _show(request, "withdrawn", status=403)


def _show(request: HttpRequest, why: str, *, status: int, invited: Invitation | None = None) -> HttpResponse:
    return render(request, "modules/invitation.html", {"why": why, "invitation": invited}, status=status)


# ------------------------------------------------------------------------------------------ people who arrive


def _keep_place(request: HttpRequest, user: User) -> None:
    """Lets somebody who signs up from a join link into its class, as soon as their address is confirmed."""
    study_class = _class_of(request.POST.get("next", ""), get_ip(request))
    if study_class is None:
        return
    now, waits = timezone.now(), settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory"
    try:
        (joining.wait_by_link if waits else joining.join_by_link)(study_class, user, now=now)
    except Refused as refused:
        messages.info(request, str(refused.state.value))


def _class_of(url: str, address: str) -> StudyClass | None:
    """Returns the class of a join link, unless too many wrong codes came from a network address."""
    try:
        match = resolve(urlsplit(url).path)
    except (Resolver404, ValueError):
        return None
    now = timezone.now()
    if match.url_name != "join" or limits.guesses_codes(address, now=now):
        return None
    study_class = links.class_with(match.kwargs["code"])
    if study_class is None:
        limits.count_wrong_code(address, now=now)
    return study_class


def _join_invited(request: HttpRequest, user: User) -> None:
    arrivals.forget_invited(request)
    for study_class in joining.join_invited(user, now=timezone.now()):
        messages.success(request, _joined(study_class))


arrivals.add(signed_up=_keep_place, arrived=_join_invited)
