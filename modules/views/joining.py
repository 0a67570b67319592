"""Lets learners join a class: by its code or link, and by an invitation that came by mail."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import arrivals
from accounts.models import User
from accounts.roles import is_taken
from modules.classes import inviting, joining, links
from modules.classes.assignments import first_assigned, has_modules
from modules.classes.joining import LinkState, Refused
from modules.models import Invitation, StudyClass
from modules.pages import join_codes


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
    now = timezone.now()
    try:
        study_class = join_codes.class_with(request, code, now=now)
    except join_codes.TooManyWrong as stopped:
        page = {"why": "guesses", "of_network": stopped.of_network}
        return render(request, "modules/join_code.html", page, status=429)
    if study_class is None:
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
    """Leads a member to the first module that is not finished, or says that there is none."""
    module = first_assigned(study_class, request.user)
    if module is not None:
        return redirect(module)
    sentence = (
        _("You are in %(name)s, and you have finished all its modules.")
        if has_modules(study_class)
        else _("You are in %(name)s. It has no modules yet; they will appear here.")
    )
    messages.info(request, sentence % {"name": study_class.name})
    return redirect("learning")


def _names(study_class: StudyClass) -> list[str]:
    return [instructor.name for instructor in study_class.instructors.order_by("name") if instructor.name]


def _joined(study_class: StudyClass) -> str:
    return _("You are in %(name)s now.") % {"name": study_class.name}


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
    now, waits = timezone.now(), settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory"
    study_class = join_codes.class_to_join(request, request.POST.get("next", ""), now=now)
    if study_class is None:
        return
    try:
        (joining.wait_by_link if waits else joining.join_by_link)(study_class, user, now=now)
    except Refused as refused:
        messages.info(request, str(refused.state.value))
    else:
        messages.success(request, _waits(study_class) if waits else _joined(study_class))


def _waits(study_class: StudyClass) -> str:
    days = Invitation.PLACE_KEPT.days
    sentence = ngettext(
        "A place in %(name)s is kept for you for %(days)d day. You join as soon as your address is confirmed.",
        "A place in %(name)s is kept for you for %(days)d days. You join as soon as your address is confirmed.",
        days,
    )
    return sentence % {"name": study_class.name, "days": days}


def _join_invited(request: HttpRequest, user: User) -> None:
    arrivals.forget_invited(request)
    for study_class in joining.join_invited(user, now=timezone.now()):
        messages.success(request, _joined(study_class))


arrivals.add(signed_up=_keep_place, arrived=_join_invited, invites=inviting.is_invited)
