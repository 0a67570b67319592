"""Shows a learner that a module is finished, and leads to the proof of it."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from modules.models import Module, Proof
from modules.pages.finish import finish_page
from modules.quizzes import finishes
from modules.views.ahead import is_looked_at


@login_required
@never_cache
@require_safe
def show_finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows the finish of a module, also when the module was withdrawn since."""
    now = timezone.now()
    proof = finishes.proof_of(request.user.pk, slug, now=now)
    if proof is None:
        return redirect("module", slug)
    page = finish_page(proof, cast(User, request.user))
    if is_looked_at(request):
        Proof.objects.filter(pk=proof.pk, seen_at__isnull=True).update(seen_at=now)
    return render(request, "modules/finish.html", {"page": page})


@login_required
@never_cache
@require_safe
def own_proof(request: HttpRequest, slug: str) -> HttpResponse:
    """Leads a learner to the proof of a module, so that a link to it needs no code."""
    proof = finishes.proof_of(request.user.pk, slug, now=timezone.now())
    return redirect(proof or "module", *([] if proof else [slug]))


def unseen_finish(request: HttpRequest, module: Module) -> HttpResponse | None:
    """Leads to the page of a finish that its learner has not seen yet, or returns ``None``.

    A second press of the last button leads there, too.
    """
    unseen = Proof.objects.of_now().filter(seen_at__isnull=True)
    is_new = unseen.filter(enrolment__learner_id=request.user.pk, enrolment__module=module).exists()
    return redirect("finish", module.slug) if is_new else None
