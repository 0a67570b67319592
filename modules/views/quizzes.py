"""The final quiz: starting it, answering, submitting, and the result."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from modules import access, attempts, pages, progress
from modules.document.render import place
from modules.models import Attempt, Module, Quiz, Response

REFUSALS = {
    "unread": _("Read the sections that are still missing; then the quiz opens."),
    "no-attempts-left": _("You have no attempts left."),
}


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def quiz(request: HttpRequest, slug: str) -> HttpResponse:
    module = access.module_for(request.user, slug)
    quiz = access.quiz_of(module)
    if request.method == "POST":
        return _start(request, quiz)
    made = list(Attempt.objects.of(request.user, quiz))
    standing = [one for one in made if one.is_open and not attempts.close_if_late(one, now=timezone.now())]
    outline = progress.outline(module, request.user)
    unread = [] if outline.quiz and outline.quiz.is_open else outline.unread()
    left = attempts.left(quiz, len(made))
    return render(
        request,
        "modules/quiz.html",
        {
            "module": module,
            "outline": outline,
            "quiz": quiz,
            "introduction": place(quiz.introduction, module.get_absolute_url()),
            "questions": module.question_count or 0,
            "unread": unread,
            "open_attempt": standing[0] if standing else None,
            "attempts": pages.past(made),
            "attempts_left": left,
            "can_start": not unread and left != 0,
            "start_url": reverse("quiz", args=[slug]),
        },
    )


def _start(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    try:
        attempt = attempts.start(request.user, quiz, now=timezone.now())
    except attempts.Refused as refusal:
        messages.warning(request, REFUSALS[refusal.reason])
        return redirect(quiz)
    return redirect(attempt)


@login_required
@never_cache
@require_GET
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to where an attempt stands: its first unanswered question, its submission, or its result."""
    attempt = _attempt(request, pk)
    if not attempt.is_open:
        return redirect("result", pk)
    unanswered = next((dot for dot in pages.dots(attempt) if not dot.is_answered), None)
    return redirect(unanswered.url if unanswered else reverse("submission", args=[pk]))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def attempt_question(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    attempt = _attempt(request, pk)
    response = access.response_of(attempt, number)
    if request.method == "POST":
        return _save(request, attempt, response)
    if not attempt.is_open:
        return redirect("result", pk)
    return render(request, "modules/attempt_question.html", _question_page(attempt, response))


def _question_page(attempt: Attempt, response: Response) -> dict[str, Any]:
    module, number = attempt.quiz.module, response.place
    base = module.get_absolute_url()
    dots = pages.dots(attempt, here=number)
    submission = reverse("submission", args=[attempt.pk])
    return {
        "module": module,
        "attempt": attempt,
        "number": number,
        "total": len(dots),
        "dots": dots,
        "question": pages.ask(response.version, base),
        "options": pages.options(response, base),
        "text": pages.typed(response),
        "sequence": response.sequence,
        "saved_at": response.saved_at,
        "previous_url": dots[number - 2].url if number > 1 else None,
        "next_url": dots[number].url if number < len(dots) else submission,
        "submission_url": submission,
        "save_url": dots[number - 1].url,
        "deadline": attempt.deadline,
    }


def _save(request: HttpRequest, attempt: Attempt, response: Response) -> HttpResponse:
    """Store an answer. A page that saves by itself gets JSON; a button leads on."""
    by_itself = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    sequence = request.POST.get("sequence", "") if by_itself else ""
    saved = attempts.answer(
        attempt,
        response.place,
        request.POST.getlist("answer"),
        sequence=int(sequence) if sequence.isdecimal() and len(sequence) < 16 else None,
        now=timezone.now(),
    )
    if by_itself:
        return _acknowledge(attempt, saved)
    return redirect(_way_on(request.POST.get("go", ""), attempt, response))


def _acknowledge(attempt: Attempt, saved: attempts.Saved) -> JsonResponse:
    attempt.refresh_from_db()
    if not attempt.is_open:
        return JsonResponse({"closed": True, "url": reverse("result", args=[attempt.pk])}, status=409)
    at = saved.response.saved_at
    return JsonResponse(
        {
            "accepted": saved.accepted,
            "sequence": saved.response.sequence,
            "saved_at": time_format(timezone.localtime(at), "H.i.s") if at else "",
            "answered": [dot.number for dot in pages.dots(attempt) if dot.is_answered],
        }
    )


def _way_on(go: str, attempt: Attempt, response: Response) -> str:
    """Where a button of the question page leads: ``previous``, ``next``, ``finish`` or a question's number."""
    last = attempt.responses.count()
    wanted = {"previous": response.place - 1, "next": response.place + 1, "": response.place + 1}.get(go)
    if wanted is None and go.isdecimal() and len(go) < 6:
        wanted = int(go)
    if wanted is None or not 1 <= wanted <= last:
        return reverse("submission", args=[attempt.pk])
    return reverse("attempt_question", args=[attempt.pk, wanted])


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    attempt = _attempt(request, pk)
    if request.method == "POST":
        attempts.submit(attempt, now=timezone.now())
    if request.method == "POST" or not attempt.is_open:
        return redirect("result", pk)
    dots = pages.dots(attempt)
    return render(
        request,
        "modules/submission.html",
        {
            "module": attempt.quiz.module,
            "attempt": attempt,
            "dots": dots,
            "unanswered": [dot for dot in dots if not dot.is_answered],
            "submit_url": request.path,
            "back_url": dots[-1].url if dots else attempt.quiz.get_absolute_url(),
            "deadline": attempt.deadline,
        },
    )


@login_required
@never_cache
@require_GET
def result(request: HttpRequest, pk: int) -> HttpResponse:
    attempt = _attempt(request, pk)
    if attempt.is_open:
        return redirect(attempt)
    quiz = attempt.quiz
    made = list(Attempt.objects.of(request.user, quiz))
    module = Module.objects.with_outline_for(request.user).get(pk=quiz.module_id)
    left = attempts.left(quiz, len(made))
    outline = progress.outline(module, request.user)
    reviews = pages.reviews(attempt, outline, show_right=attempts.shows_right(quiz, made))
    return render(
        request,
        "modules/result.html",
        {
            "module": module,
            "attempt": attempt,
            "outline": outline,
            "grade": attempt.grade,
            "is_passed": attempt.is_passed,
            "pass_mark": attempt.pass_mark,
            "right": sum(review.state == "right" for review in reviews),
            "total": len(reviews),
            "is_finished": module.finished_at is not None,
            "can_retry": left != 0 and quiz.archived_at is None,
            "quiz_url": quiz.get_absolute_url(),
            "attempts_left": left,
            "reviews": reviews,
        },
    )


def _attempt(request: HttpRequest, pk: int) -> Attempt:
    """The learner's attempt through its door; closed first if its time is up."""
    attempt = access.attempt_for(request.user, pk)
    attempts.close_if_late(attempt, now=timezone.now())
    return attempt
