"""Publishes a module, and asks before it unpublishes one: whom it touches, and who may go on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from modules.admin import permissions
from modules.forms.withdrawal import WithdrawalForm
from modules.insights.begun import begun
from modules.models import Attempt, Module
from modules.quizzes import attempts, withdrawal


@permissions.by_a_form_of("admin:modules_module_change")
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Publishes a module. Everything that was withdrawn with it is there again."""
    module = permissions.module_for(request, pk)
    if request.POST.get("published") != "yes":
        return redirect("admin:modules_module_withdrawal", pk)
    withdrawal.publish(module, by=request.user, now=timezone.now())
    sentence = _("“%(title)s” is published. Learners find it among the modules now.")
    messages.success(request, sentence % {"title": module})
    return redirect("admin:modules_module_change", pk)


def unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for whom a module is withdrawn, with numbers, and withdraws it."""
    module = permissions.module_for(request, pk)
    if not module.is_published:
        return redirect("admin:modules_module_change", pk)
    attempts.close_late(Attempt.objects.filter(quiz__module=module), now=timezone.now())
    counts = begun(module)
    form = WithdrawalForm(
        request.POST if request.method == "POST" else None,
        is_begun=counts.learners > 0,
        has_open_attempts=counts.open_attempts > 0,
    )
    if form.is_valid():
        return _withdraw(request, module, form)
    crumbs = [
        (reverse("admin:modules_module_changelist"), _("Modules")),
        (reverse("admin:modules_module_change", args=[pk]), module.title),
    ]
    context = {"module": module, "counts": counts, "form": form, "crumbs": crumbs}
    return render(request, "admin/withdrawal.html", context)


def _withdraw(request: HttpRequest, module: Module, form: WithdrawalForm) -> HttpResponse:
    withdrawal.withdraw(
        module,
        by=request.user,
        now=timezone.now(),
        keeps_learners=form.keeps_learners,
        with_attempts=form.takes_attempts,
    )
    sentence = (
        _("“%(title)s” is withdrawn. Those who have begun it may go on, and nobody new can begin it.")
        if form.keeps_learners
        else _("“%(title)s” is no longer shown to learners. What they did is kept.")
    )
    messages.success(request, sentence % {"title": module})
    return redirect("admin:modules_module_change", module.pk)
