"""Prints slips with one-time passwords, for the people of a list on a site that sends no mails."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.site_address import site_address
from modules.admin import permissions
from modules.admin.class_access import class_for, frame, person_of
from modules.classes.slips import PrintedSlip, made_by_slips, make_slips, renew_slip, without_account
from modules.models import StudyClass
from modules.pages.qr_code import code_image


@never_cache
@permissions.by_a_form_of("admin:modules_studyclass_people")
def slips(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes accounts for the next people of the list, and shows their slips once."""
    study_class = _class_for(request, pk)
    made = make_slips(study_class, by=person_of(request), now=timezone.now())
    if not made:
        messages.info(request, _("Everybody on the list has an account."))
        return redirect("admin:modules_studyclass_people", pk)
    return _page(request, study_class, made)


@never_cache
@permissions.by_a_form_of("admin:modules_studyclass_people")
def renewal(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Makes another one-time password for a member whose account came by a slip of this class."""
    study_class = _class_for(request, pk)
    learner = get_object_or_404(made_by_slips(study_class), pk=permissions.number(member))
    slip = renew_slip(study_class, learner, by=person_of(request), now=timezone.now())
    return _page(request, study_class, [slip])


def _class_for(request: HttpRequest, pk: int) -> StudyClass:
    study_class = class_for(request, pk)
    if settings.HAS_MAIL or study_class.is_archived:
        raise Http404
    return study_class


def _page(request: HttpRequest, study_class: StudyClass, made: Sequence[PrintedSlip]) -> HttpResponse:
    address = site_address(request)
    page = {
        "tab": "people",
        "slips": made,
        "left": without_account(study_class).count(),
        "code_image": code_image(address + reverse("account_login")),
        "site": address.partition("://")[2],
    }
    return render(request, "admin/class_slips.html", frame(study_class) | page)
