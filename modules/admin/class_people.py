"""Adds people to a class by a list, shows who is invited, and takes people out."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from modules.admin import permissions, unsaved_input
from modules.admin.class_access import class_for, class_page, frame, person_of
from modules.classes import inviting, joining
from modules.classes.inviting import Outcome, RosterPlan, Row
from modules.classes.slips import AT_ONCE, made_by_slips, without_account
from modules.forms.classes import RosterForm
from modules.models import Invitation, StudyClass

INVITATIONS_ON_A_PAGE = 50
MOST_SHOWN = 500  # lines of a list on the page; those that cannot be read come first


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a list, shows what becomes of each line, and does it once the instructor has seen that."""
    study_class = class_for(request, pk)
    if study_class.is_archived:
        return _page(request, study_class, {})
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, study_class, {"form": form})
    fingerprint = hashlib.sha256(form.read_text.encode()).hexdigest()
    if request.POST.get("seen") == fingerprint:
        return _add(request, study_class, form)
    plan = inviting.plan_roster(study_class, form.entries)
    shown = {
        "form": RosterForm(initial={"text": form.read_text}),
        "plan": plan,
        "rows": _shown(plan),
        "seen": fingerprint,
    }
    return _page(request, study_class, shown)


def _add(request: HttpRequest, study_class: StudyClass, form: RosterForm) -> HttpResponse:
    """Adds the people of a list. Only the lines that are wrong stay in the field."""
    plan = inviting.apply_roster(study_class, form.entries, by=person_of(request), now=timezone.now())
    messages.success(request, " ".join(_said(plan)))
    unread = list(dict.fromkeys(row.entry.text for row in plan.rows if row.entry.problem))
    if not unread:
        return redirect("admin:modules_studyclass_people", study_class.pk)
    left = RosterForm(initial={"text": "\n".join(unread)})
    rows = [row for row in plan.rows if row.entry.problem][:MOST_SHOWN]
    return unsaved_input.tell(
        request, _page(request, study_class, {"form": left, "rows": rows, "left": rows})
    )


def _said(plan: RosterPlan) -> list[str]:
    return [
        sentence % {"n": number}
        for number, sentence in (
            (plan.joins, ngettext("%(n)d person joined.", "%(n)d people joined.", plan.joins)),
            (plan.invited, _invited(plan.invited)),
            (plan.unchanged, ngettext("%(n)d stays as it was.", "%(n)d stay as they were.", plan.unchanged)),
            (
                plan.unreadable,
                ngettext("%(n)d cannot be read.", "%(n)d cannot be read.", plan.unreadable),
            ),
        )
        if number
    ] or [_("Nothing has changed.")]


def _invited(number: int) -> str:
    if settings.HAS_MAIL:
        return ngettext("%(n)d is invited.", "%(n)d are invited.", number)
    return ngettext(
        "%(n)d is noted and needs a slip or the join link.",
        "%(n)d are noted and need a slip or the join link.",
        number,
    )


def _shown(plan: RosterPlan) -> list[Row]:
    """Puts the lines that need a look first: among forty good ones nobody finds them."""
    in_order = sorted(plan.rows, key=lambda row: (row.outcome is not Outcome.UNREADABLE, not row.doubts))
    return in_order[:MOST_SHOWN]


def _page(request: HttpRequest, study_class: StudyClass, page: dict[str, Any]) -> HttpResponse:
    pending = study_class.invitations.pending().order_by("-invited_at", "name", "address")
    shown = {
        "tab": "people",
        "invitations": Paginator(pending, INVITATIONS_ON_A_PAGE).get_page(request.GET.get("page")),
        "has_mail": settings.HAS_MAIL,
        "now": timezone.now(),
        "departures": study_class.departures.select_related("learner")[:MOST_SHOWN],
    }
    if not settings.HAS_MAIL and not study_class.is_archived:
        shown |= {
            "without_account": without_account(study_class).count(),
            "by_slips": made_by_slips(study_class)[:MOST_SHOWN],
            "at_once": AT_ONCE,
        }
    return render(request, "admin/class_people.html", frame(study_class) | shown | page)


@permissions.by_a_form_of("admin:modules_studyclass_change")
def removal(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Asks whether a member leaves a class, and takes them out. They keep what they did."""
    study_class = class_for(request, pk)
    person = get_object_or_404(study_class.group.user_set, pk=permissions.number(member))
    if request.POST.get("sure") != "yes":
        crumbs = [*frame(study_class)["crumbs"], (class_page(study_class), study_class.name)]
        page = {"study_class": study_class, "person": person, "crumbs": crumbs}
        return render(request, "admin/class_removal.html", page)
    joining.leave(study_class, person)
    messages.success(request, _("%(name)s is no longer in this class.") % {"name": person})
    return redirect("admin:modules_studyclass_change", pk)


@permissions.by_a_form_of("admin:modules_studyclass_people")
def sending(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """Sends an invitation once more."""
    invited = _invitation_of(class_for(request, pk), invitation)
    inviting.send_again(invited, now=timezone.now())
    messages.success(request, _("An invitation goes to %(address)s.") % {"address": invited.address})
    return redirect("admin:modules_studyclass_people", pk)


@permissions.by_a_form_of("admin:modules_studyclass_people")
def withdrawal(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """Withdraws an invitation, unless its owner has joined meanwhile."""
    invited = _invitation_of(class_for(request, pk), invitation)
    if inviting.withdraw(invited, now=timezone.now()):
        messages.success(request, _("%(address)s is no longer on the list.") % {"address": invited.address})
    else:
        messages.info(request, _("%(address)s has joined meanwhile.") % {"address": invited.address})
    return redirect("admin:modules_studyclass_people", pk)


def _invitation_of(study_class: StudyClass, pk: int) -> Invitation:
    return get_object_or_404(study_class.invitations.all(), pk=permissions.number(pk))
