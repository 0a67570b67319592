"""The final quiz: starting it, answering, submitting, and the result."""

from collections.abc import Sequence
from datetime import datetime
from math import floor
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from modules.document.html.render import place
from modules.document.syntax.values import LONGEST_ANSWER
from modules.models import Attempt, Module, QuestionVersion, Quiz, Response, with_outline_for
from modules.pages import quiz_pages
from modules.quizzes import answers, attempts, rules_in_words, values_in_words
from modules.quizzes.learner_rules import History, LearnerRules, Refused
from modules.reading import access, outlines

KEPT = "answer_before_sign_in"  # in the session
MOST_CHOICES = 200  # of an answer that is kept there
LONGEST_KEY = 20  # characters of a choice's key


def refused(refusal: Refused) -> str:
    """Why no attempt may be started, in a sentence."""
    until = values_in_words.beginning(refusal.until) if refusal.until else ""
    sentences = {
        "unread": _("Read the sections that are still missing; then the quiz opens."),
        "no-attempts-left": _("You have used all your attempts. Your results stay here."),
        "not-open-yet": _("The quiz opens on %(time)s."),
        "closed": _("The quiz is closed. Your results stay here."),
        "wait": _("You can try again from %(time)s."),
        "closes-first": _(
            "The quiz closes before the pause is over, so there is no further attempt. Your results stay here."
        ),
    }
    return sentences[refusal.reason] % {"time": until}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: HttpRequest, slug: str) -> HttpResponse:
    module = access.module_for(request.user, slug)
    quiz = access.quiz_of(module)
    if request.method == "POST":
        return _start(request, quiz)
    now = timezone.now()
    history = attempts.history(request.user, quiz, now=now)
    outline = outlines.outline(module, request.user)
    unread = [] if outline.quiz and outline.quiz.is_open else outline.unread()
    refusal = history.refusal(now)
    return render(
        request,
        "modules/quiz.html",
        {
            "module": module,
            "outline": outline,
            "quiz": quiz,
            "introduction": place(quiz.introduction, module.get_absolute_url()),
            "questions": module.question_count or 0,
            "rules": _rules(quiz, history.learner_rules, now),
            "learner_rules": history.learner_rules,
            "unread": unread,
            "open_attempt": quiz_pages.open_attempt_of(history.open_attempt, now),
            "attempts": quiz_pages.past_attempts(
                history.made, shows_marks=lambda one: "marks" in history.shown(one, now)
            ),
            "counting": history.grade(now) if len(history.submitted) > 1 else None,
            "counts": rules_in_words.word("counts", quiz.counts),
            "attempts_left": history.left,
            "refusal": refused(refusal) if refusal else "",
            "deadline": history.learner_rules.deadline(now),
            "start_url": reverse("quiz", args=[slug]),
        },
    )


def _rules(quiz: Quiz, learner_rules: LearnerRules, now: datetime) -> list[str]:
    kinds = list(quiz.questions.active().values_list("current__kind", flat=True))
    has_multiple = QuestionVersion.Kind.MULTIPLE in kinds
    return list(
        rules_in_words.beside_figures(
            quiz, learner_rules, now, has_multiple=has_multiple, questions=len(kinds)
        )
    )


def _start(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    now = timezone.now()
    try:
        attempt = attempts.start(cast(User, request.user), quiz, now=now)
    except Refused as refusal:
        messages.warning(request, refused(refusal))
        return redirect(quiz)
    is_new = attempt.started_at == now
    return redirect("attempt_question", attempt.pk, 1) if is_new else redirect(attempt)


@login_required
@never_cache
@require_safe
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to where an attempt stands: its first unanswered question, its submission, or its result."""
    attempt = _attempt(request, pk)
    if not attempt.is_open:
        return redirect("result", pk)
    unanswered = next((dot for dot in quiz_pages.dots(attempt) if not dot.is_answered), None)
    return redirect(unanswered.url if unanswered else reverse("submission", args=[pk]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attempt_question(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return _sign_in_first(request)
    if request.method == "POST":
        return _save(request, pk, number)
    attempt = _attempt(request, pk)
    response = access.response_of(attempt, number)
    if kept := _kept_over_sign_in(request):
        return _save_kept(request, attempt, response, kept)
    if attempts.is_shut(attempt, now=timezone.now()):
        return redirect("submission" if attempt.is_open else "result", pk)
    return render(request, "modules/attempt_question.html", _question_page(attempt, response))


# ------------------------------------------------------------------------------------ when the sign-in expired


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in, and keep the answer that came until after it."""
    if _by_itself(request):
        return JsonResponse({"signed_out": True, "url": f"{reverse('account_login')}?next={request.path}"})
    if request.method == "POST":
        given = _bounded(request.POST.getlist("answer"))
        flag = "flag" in request.POST
        request.session[KEPT] = {
            "path": request.path, "answer": given, "flag": flag, "at": timezone.now().isoformat(),
        }  # fmt: skip
    return redirect_to_login(request.path)


def _bounded(given: list[str]) -> list[str]:
    """A typed text or the keys of choices, no longer than they can be: anybody may send this, signed in or not."""
    longest = LONGEST_ANSWER if len(given) == 1 else LONGEST_KEY
    return [text[:longest] for text in given[:MOST_CHOICES]]


def _kept_over_sign_in(request: HttpRequest) -> dict[str, Any] | None:
    kept = request.session.get(KEPT)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT]
    return dict(kept)


def _save_kept(
    request: HttpRequest, attempt: Attempt, response: Response, kept: dict[str, Any]
) -> HttpResponse:
    """Save what was sent before the sign-in, unless a later answer has come since."""
    given = answers.Given(kept["answer"], is_flagged=kept["flag"])
    is_late = response.saved_at is not None and response.saved_at.isoformat() > kept["at"]
    if is_late:
        messages.warning(request, _("A later answer than the one you sent before signing in is stored."))
    elif not answers.save_answer(attempt, response.slot, given, now=timezone.now()).accepted:
        _say_that_it_was_late(request, response)
    else:
        messages.success(request, _("The answer that you sent before signing in is saved."))
    return redirect(request.path)


# ------------------------------------------------------------------------------------------------ answering


def _question_page(attempt: Attempt, response: Response) -> dict[str, Any]:
    module, number = attempt.quiz.module, response.slot
    base = module.get_absolute_url()
    dots = quiz_pages.dots(attempt, here=number)
    submission = reverse("submission", args=[attempt.pk])
    return {
        "module": module,
        "attempt": attempt,
        "number": number,
        "total": len(dots),
        "dots": dots,
        "question": quiz_pages.asked_question(response.version, base),
        "options": quiz_pages.options(response, base),
        "text": quiz_pages.written_answer(response),
        "sequence": response.sequence,
        "saved_at": response.saved_at,
        "is_flagged": response.is_flagged,
        "previous_url": dots[number - 2].url if number > 1 else None,
        "next_url": dots[number].url if number < len(dots) else submission,
        "submission_url": submission,
        "save_url": dots[number - 1].url,
        **_clock(attempt.deadline),
    }


def _clock(end: datetime | None) -> dict[str, Any]:
    """When time is up, and in how many seconds by the server's clock; less than none while late packets are taken."""
    left = floor((end - timezone.now()).total_seconds()) if end else None
    return {"deadline": end, "seconds_left": left}


def _save(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Store an answer. A page that saves by itself gets JSON; a button leads on, or asks which answer counts."""
    by_itself, go = _by_itself(request), request.POST.get("go", "")
    given = answers.Given(
        [] if go == "clear" else request.POST.getlist("answer"),
        sequence=_number(request, "sequence") if by_itself else None,
        # The form of a page names the answer that stood in it, a script that it follows.
        base=_number(request, "base" if by_itself else "sequence"),
        is_flagged="flag" in request.POST,
    )
    with transaction.atomic():
        attempt = access.locked_attempt_for(request.user, pk)
        try:
            saved = answers.save_locked(attempt, number, given, now=timezone.now())
        except Response.DoesNotExist as error:
            raise Http404 from error
    if by_itself:
        return _acknowledge(attempt, saved)
    if saved.accepted or saved.response.answer == saved.response.as_kept(given.answer):
        return redirect(_way_on(go, attempt, saved.response))
    if attempts.is_shut(attempt, now=timezone.now()):
        _say_that_it_was_late(request, saved.response)
        return redirect(_end(attempt))
    return _ask_which(request, pk, number, given)


def _ask_which(request: HttpRequest, pk: int, number: int, given: answers.Given) -> HttpResponse:
    """Show the answer that is stored, and beside it the one that came from a page that was older than that."""
    attempt = _attempt(request, pk)
    response = access.response_of(attempt, number)
    answer, go = response.as_kept(given.answer), request.POST.get("go", "")
    page = _question_page(attempt, response) | {"kept_url": _way_on(go, attempt, response)}
    chosen = [option for option in page["options"] if option.value in answer]
    page["sent"] = {"answer": answer, "options": chosen, "is_flagged": given.is_flagged, "go": go}
    return render(request, "modules/attempt_question.html", page, status=409)


def question_again(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Give a learner the answer back that came in a form which proved nothing, and store none of it."""
    attempt = _attempt(request, pk)
    response = access.response_of(attempt, number)
    if attempts.is_shut(attempt, now=timezone.now()):
        _say_that_it_was_late(request, response)
        return redirect(_end(attempt))
    response.answer = response.as_kept(request.POST.getlist("answer"))
    response.sequence = _number(request, "sequence") or 0
    response.is_flagged, response.saved_at = "flag" in request.POST, None
    again = _("Your answer is not saved yet, because you have signed in again meanwhile. Send it once more.")
    messages.warning(request, again)
    page = _question_page(attempt, response) | {"is_unsaved": True}
    return render(request, "modules/attempt_question.html", page, status=403)


def _say_that_it_was_late(request: HttpRequest, response: Response) -> None:
    late = _(
        "Your answer to question %(number)s did not arrive before the attempt was closed, and is not graded."
    )
    messages.warning(request, late % {"number": response.slot})


def _by_itself(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _number(request: HttpRequest, name: str) -> int | None:
    sent = request.POST.get(name, "")
    return int(sent) if sent.isdecimal() and len(sent) < 16 else None


def _acknowledge(attempt: Attempt, saved: answers.Saved) -> JsonResponse:
    if not saved.accepted and attempts.is_shut(attempt, now=timezone.now()):
        return JsonResponse({"closed": True, "url": _end(attempt)})
    response, at = saved.response, saved.response.saved_at
    stored = {} if saved.accepted else {"answer": response.answer, "is_flagged": response.is_flagged}
    return JsonResponse(
        {
            "accepted": saved.accepted,
            "sequence": response.sequence,
            "saved_at": time_format(timezone.localtime(at), "EXACT_TIME_FORMAT") if at else "",
            "is_answered": response.is_answered,
            "seconds_left": _clock(attempt.deadline)["seconds_left"],
            **stored,
        }
    )


def _end(attempt: Attempt) -> str:
    """Where an attempt that takes no more answers goes on."""
    return reverse("submission" if attempt.is_open else "result", args=[attempt.pk])


def _way_on(go: str, attempt: Attempt, response: Response) -> str:
    """Where a button of the question page leads: ``previous``, ``next``, ``clear`` or a number; else to submitting."""
    here, last = response.slot, attempt.responses.count()
    wanted = {"previous": here - 1, "next": here + 1, "": here + 1, "clear": here}.get(go)
    if wanted is None and go.isdecimal() and len(go) < 6:
        wanted = int(go)
    if wanted is None or not 1 <= wanted <= last:
        return reverse("submission", args=[attempt.pk])
    return reverse("attempt_question", args=[attempt.pk, wanted])


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    attempt = _attempt(request, pk)
    if request.method == "POST":
        attempts.submit(attempt, now=timezone.now())
    if request.method == "POST" or not attempt.is_open:
        return redirect("result", pk)
    dots, is_overdue = quiz_pages.dots(attempt), attempts.is_overdue(attempt, now=timezone.now())
    return render(
        request,
        "modules/submission.html",
        {
            "module": attempt.quiz.module,
            "attempt": attempt,
            "dots": dots,
            "unanswered": [dot for dot in dots if not dot.is_answered],
            "flagged": [dot for dot in dots if dot.is_flagged],
            "is_overdue": is_overdue,
            "submit_url": request.path,
            "back_url": dots[-1].url if dots else attempt.quiz.get_absolute_url(),
            **_clock(attempt.overdue_until if is_overdue else attempt.deadline),
        },
    )


@login_required
@never_cache
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    attempt = _attempt(request, pk)
    if attempt.is_open:
        return redirect(attempt)
    quiz, now = attempt.quiz, timezone.now()
    history = attempts.history(request.user, quiz, now=now)
    module = with_outline_for(Module.objects.all(), request.user).get(pk=quiz.module_id)
    outline = outlines.open_outline(module, request.user)
    shown, counting = history.shown(attempt, now), history.grade(now)
    reviews = quiz_pages.reviews(attempt, outline, shown) if shown else []
    shows_grade = "marks" in shown and not attempt.is_abandoned
    is_finished = module.finished_at is not None
    return render(
        request,
        "modules/result.html",
        {
            "module": module,
            "attempt": attempt,
            "outline": outline,
            "shows_grade": shows_grade,
            "shows_answers": "answer" in shown,
            "grade": attempt.grade,
            "counting": counting if counting != attempt.grade else None,
            "is_passed": shows_grade and history.is_passed,
            "is_by_another": not attempt.is_passed and quiz.counts != Quiz.Counts.AVERAGE,
            "pass_mark": history.pass_mark,
            "right": sum(review.is_right for review in reviews),
            "total": len(reviews),
            "judges": "correctness" in shown,
            "is_finished": is_finished,
            "counts": rules_in_words.word("counts", quiz.counts),
            "has_several": len(history.made) > 1,
            "learner": request.user,
            "review_rule": "" if "right_answer" in shown else rules_in_words.sentence_of_review(quiz),
            "reviews": reviews,
            **_ways_on(attempt, history, reviews, now),
            **_onward(attempt, history, outline, shows_grade=shows_grade, is_finished=is_finished),
        },
    )


def _onward(
    attempt: Attempt, history: History, outline: outlines.Outline, *, shows_grade: bool, is_finished: bool
) -> dict[str, Any]:
    """Where the module goes on after an attempt: ``reads_on`` in a section, or ``is_done`` where nothing is left to do.

    While the grade is hidden these are the same whether or not the quiz is passed. A learner who has finished may
    know that.
    """
    goes_on = history.is_passed if shows_grade else not attempt.is_abandoned
    reads_on = outline.next_stop if goes_on and not is_finished else None
    is_done = goes_on and (shows_grade or is_finished)
    return {"reads_on": reads_on, "is_done": is_done and not reads_on}


def _ways_on(
    attempt: Attempt, history: History, reviews: Sequence[quiz_pages.Review], now: datetime
) -> dict[str, Any]:
    """Returns what a learner may do after an attempt: practise what was missed, and try again."""
    quiz, refusal = attempt.quiz, history.refusal(now)
    stands = quiz.archived_at is None and quiz.module.is_published
    has_missed = any(review.state in quiz_pages.MISSED for review in reviews)
    may_practise = has_missed and history.may_practise(attempt, now)
    return {
        "can_retry": refusal is None and stands,
        "can_improve": history.can_improve(now),
        "has_missed": has_missed,
        "refusal": refused(refusal) if refusal and quiz.module.is_published else "",
        "quiz_url": quiz.get_absolute_url() if stands else "",
        "attempts_left": history.left,
        "open_attempt": history.open_attempt,
        "practice_url": reverse("missed", args=[attempt.pk]) if may_practise else "",
    }


def _attempt(request: HttpRequest, pk: int) -> Attempt:
    """The learner's attempt through its door; closed first if its time is up."""
    attempt = access.attempt_for(request.user, pk)
    attempts.close_if_late(attempt, now=timezone.now())
    return attempt
