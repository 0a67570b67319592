"""Opens and closes the join link of a class, and shows it large enough for a classroom."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.site_address import site_address
from modules.admin import permissions, unsaved_input
from modules.admin.class_access import class_for, frame
from modules.classes import joining
from modules.classes.links import new_code
from modules.forms.classes import LinkForm
from modules.models import StudyClass
from modules.pages.qr_code import code_image


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the code of a class with its QR code, and takes until when and for how many it is open."""
    study_class = class_for(request, pk)
    form = LinkForm(request.POST or None, study_class=study_class)
    if request.method == "POST" and form.is_valid() and not study_class.is_archived:
        _open(study_class, form, is_new="new" in request.POST)
        messages.success(request, _("The link is open."))
        return redirect("admin:modules_studyclass_link", pk)
    address = site_address(request) + reverse("join", args=[study_class.join_code or "-"])
    page = {
        "tab": "link",
        "form": form,
        "link_state": joining.link_state(study_class, now=timezone.now()),
        "came": joining.came_by_link(study_class, now=timezone.now()),
        "code_image": code_image(address),
        "address": address,
        "typed_at": site_address(request).partition("://")[2] + reverse("ask_code"),
    }
    return render(request, "admin/class_link.html", frame(study_class) | page)


def _open(study_class: StudyClass, form: LinkForm, *, is_new: bool) -> None:
    code = new_code() if is_new or study_class.join_code is None else study_class.join_code
    closes_at, limit = form.cleaned_data["closes_at"], form.cleaned_data["limit"]
    study_class.open_link(code, closes_at=closes_at, limit=limit, now=timezone.now())


@permissions.by_a_form_of("admin:modules_studyclass_link")
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    class_for(request, pk).close_link()
    messages.success(request, _("The link is closed. Whoever has joined stays in the class."))
    return redirect("admin:modules_studyclass_link", pk)
