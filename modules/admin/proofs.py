"""Shows instructors the proofs of a learner in a module, and lets them withdraw one or issue it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from modules.admin import permissions, unsaved_input
from modules.forms.proofs import ProofForm
from modules.models import Enrolment, Proof
from modules.quizzes import proof_acts

Act = Callable[[Proof, User, str, datetime], None]

ACTS: dict[str, Act] = {
    "withdraw": lambda proof, by, reason, now: proof_acts.withdraw(proof, by=by, reason=reason, now=now),
    "issue-again": lambda proof, by, reason, now: proof_acts.issue_again(
        proof, by=by, reason=reason, now=now
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A proof with the form of what may be done with it."""

    proof: Proof
    action: str
    form: ProofForm


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def proofs(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """Shows the proofs of one learner in a module, and does with one of them what a form says."""
    module = permissions.module_for(request, pk)
    rows = Enrolment.objects.select_related("learner", "module").filter(module=module)
    learner = get_object_or_404(rows, pk=enrolment)
    sent, tried = None, None
    if request.method == "POST":
        sent = get_object_or_404(learner.proofs.all(), pk=permissions.number(request.POST.get("proof", "")))
        tried = _form(sent, request)
        if _do(request, sent, tried):
            return redirect("admin:modules_module_proofs", pk, enrolment)
    return render(
        request,
        "admin/proofs.html",
        {
            "module": module,
            "learner": learner.learner,
            "enrolment": learner,
            "rows": [_row(proof, tried if proof == sent else None) for proof in _proofs_of(learner)],
            "crumbs": [
                (reverse("admin:modules_module_changelist"), _("Modules")),
                (reverse("admin:modules_module_change", args=[pk]), module.title),
                (reverse("admin:modules_module_overview", args=[pk]), _("Results")),
            ],
        },
    )


def _proofs_of(enrolment: Enrolment) -> list[Proof]:
    proofs = enrolment.proofs.select_related("enrolment", "revision")
    return list(proofs.prefetch_related("acts__made_by"))


def _row(proof: Proof, tried: ProofForm | None) -> Row:
    form = tried or ProofForm(auto_id=f"proof-{proof.pk}-%s")
    return Row(proof, "issue-again" if proof.withdrawn_at else "withdraw", form)


def _form(proof: Proof, request: HttpRequest) -> ProofForm:
    return ProofForm(request.POST, auto_id=f"proof-{proof.pk}-%s")


def _do(request: HttpRequest, proof: Proof, form: ProofForm) -> bool:
    """Withdraws a proof or issues it again, unless the form has an error or somebody was faster."""
    act = ACTS.get(request.POST.get("action", ""))
    if act is None:
        raise Http404
    if not form.is_valid():
        return False
    try:
        act(proof, cast(User, request.user), form.cleaned_data["reason"], timezone.now())
    except proof_acts.AlreadyDone:
        form.add_error(None, _("Somebody has done this already. Look at what the proof says now."))
        return False
    messages.success(request, _("Done. The page of the proof says so, and the reason is kept."))
    return True
