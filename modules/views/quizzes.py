"""Shows a quiz, starts an attempt, shows the page before submitting, submits, and shows the result."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from modules.models import Attempt, Module, Quiz, with_outline_for
from modules.notices.seeing import see_attempt, see_quiz
from modules.pages.attempt import dots, submission_page
from modules.pages.quiz import quiz_page
from modules.pages.result import result_page
from modules.quizzes import attempts, rules_in_words
from modules.quizzes.learner_rules import Refused
from modules.reading import access, outlines
from modules.views.ahead import is_looked_at
from modules.views.finishes import unseen_finish


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_quiz(request: HttpRequest, slug: str) -> HttpResponse:
    module = access.module_for(request.user, slug)
    if module.begun_at and module.active_quiz is None:
        messages.info(request, _("This module has no final quiz now. What you did in it is kept."))
        return redirect(module)
    quiz = access.quiz_of(module)
    if request.method == "POST":
        return _start(request, quiz)
    now = timezone.now()
    outline = outlines.outline(module, request.user)
    page = quiz_page(quiz, outline, attempts.history(request.user, quiz, now=now), now)
    if is_looked_at(request):
        see_quiz(request.user, quiz, now=now)
    return render(request, "modules/quiz.html", {"module": module, "outline": outline, "page": page})


def _start(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    now = timezone.now()
    try:
        attempt = attempts.start(cast(User, request.user), quiz, now=now)
    except Refused as refusal:
        messages.warning(request, rules_in_words.refusal_sentence(refusal))
        return redirect(quiz)
    is_new = attempt.started_at == now
    return redirect("attempt_question", attempt.pk, 1) if is_new else redirect(attempt)


@login_required
@never_cache
@require_safe
def resume_attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to the first unanswered question of an attempt, to its submission, or to its result."""
    attempt = _attempt(request, pk)
    if not attempt.is_open:
        return redirect("result", pk)
    if is_looked_at(request):
        see_attempt(request.user, attempt, now=timezone.now())
    unanswered = next((dot for dot in dots(attempt) if not dot.is_answered), None)
    return redirect(unanswered.url if unanswered else reverse("submission", args=[pk]))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    attempt = _attempt(request, pk)
    if request.method == "POST":
        attempts.submit(attempt, now=timezone.now())
        return unseen_finish(request, attempt.quiz.module) or redirect("result", pk)
    if not attempt.is_open:
        return redirect("result", pk)
    page = submission_page(attempt, timezone.now())
    return render(request, "modules/submission.html", {"module": attempt.quiz.module, "page": page})


@login_required
@never_cache
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    attempt = _attempt(request, pk)
    if attempt.is_open:
        return redirect(attempt)
    now = timezone.now()
    history = attempts.history(request.user, attempt.quiz, now=now)
    module = with_outline_for(Module.objects.all(), request.user).get(pk=attempt.quiz.module_id)
    outline = outlines.open_outline(module, request.user)
    page = result_page(attempt, module, outline, history, now)
    if is_looked_at(request):
        see_attempt(request.user, attempt, now=now)
    return render(request, "modules/result.html", {"module": module, "outline": outline, "page": page})


def _attempt(request: HttpRequest, pk: int) -> Attempt:
    """Returns the learner's attempt. It is closed first if its time is up."""
    attempt = access.attempt_for(request.user, pk)
    attempts.close_if_late(attempt, now=timezone.now())
    return attempt
