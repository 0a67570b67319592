"""Questions that are not graded: in the text of a section, and those that were missed in an attempt.

An answer comes as a query and is kept nowhere, so that a page with it may be loaded again, and looking changes nothing.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from modules.document.syntax.review import ASPECTS
from modules.models import Attempt, Module, Response
from modules.pages import quiz_pages
from modules.quizzes import attempts, practice
from modules.reading import access, outlines
from modules.views.missing import SameRequestElsewhere

UNMARKED = frozenset(ASPECTS) - {"marks"}
GIVING_AWAY = frozenset({"explanation", "right_answer"})


@login_required
@require_safe
def check(request: HttpRequest, slug: str, identity: str, name: str) -> HttpResponse:
    """Shows a question in the text of a section, and judges an answer to it."""
    section = access.section_at(slug, identity)
    if section is None:
        return _moved_check(request, slug, identity, name)
    module, question = section.module, access.check_of(section, name)
    response = practice.check(question, request.GET.getlist("answer"))
    outline = outlines.outline(module, request.user)
    back = f"{reverse('section', args=[slug, identity])}#s-{name}"
    ways = {"back_url": back, "back_title": section.title, "next_url": back, "is_check": True}
    context = page(module, response, outline, UNMARKED) | ways | _is_empty(request, response)
    return render(request, "modules/practice.html", context)


def _moved_check(request: HttpRequest, slug: str, identity: str, name: str) -> HttpResponse:
    """Lead to a question whose section has another address now, else to what became of the section."""
    section = access.section_of(access.module_for(request.user, slug), identity)
    if section is None or section.archived_at or section.identity == identity:
        return redirect("section", slug, identity)
    return SameRequestElsewhere(request, reverse("check", args=[slug, section.identity, name]))


def _is_empty(request: HttpRequest, response: Response) -> dict[str, bool]:
    """Whether the button was pressed and nothing was chosen or written."""
    return {"is_empty": "check" in request.GET and not response.is_answered}


def page(
    module: Module, response: Response, outline: outlines.Outline, shown: frozenset[str], base: str = ""
) -> dict[str, Any]:
    """Returns what a page of practice shows: the question, and once it is answered, its review.

    As long as it is not right, what gives it away waits behind a fold, since one may try again.
    """
    base = base or module.get_absolute_url()
    shown -= {"marks"}
    review = quiz_pages.review(response, outline, shown, base) if response.is_answered else None
    withheld = shown & GIVING_AWAY if review and not review.is_right else frozenset()
    return {
        "module": module,
        "question": quiz_pages.asked_question(response.version, base),
        "options": quiz_pages.options(response, base),
        "text": quiz_pages.written_answer(response),
        "review": quiz_pages.review(response, outline, shown - withheld, base) if withheld else review,
        "solution": review if withheld else None,
        "tells_answer": "right_answer" in withheld,
    }


@login_required
@never_cache
@require_safe
def missed(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the first of the questions that were missed in an attempt."""
    attempt, now = access.attempt_for(request.user, pk), timezone.now()
    if not attempts.history(request.user, attempt.quiz, now=now).may_practise(attempt, now):
        return _not_yet(request, pk)
    first = next(iter(practice.missed(attempt)), None)
    return redirect("missed_question", pk, first.slot) if first else redirect("result", pk)


def _not_yet(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is too early. Where else the addresses of practice lead would tell right from wrong."""
    messages.info(request, _("What you missed can be practised once the right answers may be shown."))
    return redirect("result", pk)


@login_required
@never_cache
@require_safe
def missed_question(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One of them again, and with an answer, what is to be said of it."""
    attempt, now = access.attempt_for(request.user, pk), timezone.now()
    history = attempts.history(request.user, attempt.quiz, now=now)
    if not history.may_practise(attempt, now):
        return _not_yet(request, pk)
    several = practice.missed(attempt)
    place = next((place for place, one in enumerate(several) if one.slot == number), None)
    if place is None:
        return redirect("result", pk)
    module = attempt.quiz.module
    response = practice.try_again(several[place], request.GET.getlist("answer"), attempt.scoring)
    following = several[place + 1 : place + 2]
    return render(
        request,
        "modules/practice.html",
        page(module, response, outlines.open_outline(module, request.user), history.shown(attempt, now))
        | _ways(attempt, following)
        | _is_empty(request, response)
        | {"number": place + 1, "total": len(several)},
    )


def _ways(attempt: Attempt, following: list[Response]) -> dict[str, Any]:
    result = reverse("result", args=[attempt.pk])
    on = [reverse("missed_question", args=[attempt.pk, one.slot]) for one in following]
    return {
        "back_url": result,
        "back_title": _("Result"),
        "next_url": on[0] if on else result,
        "is_last": not on,
    }
