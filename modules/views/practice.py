"""Asks questions that are not graded: those in the text of a section, and those that were missed in an attempt.

An answer is part of the address, and its page stores nothing. A reload is harmless, and looking changes nothing. Only
the script of a text sends an answer a second time: the question counts it, and a module may record it.
"""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from modules.models import Attempt, Response
from modules.pages.practice import UNMARKED, Place, practice_page
from modules.quizzes import attempts, check_counts, practice
from modules.reading import access, outlines
from modules.views.missing import SameRequestElsewhere
from modules.views.visitors import signs_in_where_needed


@signs_in_where_needed
@require_safe
def check(request: HttpRequest, slug: str, identity: str, name: str) -> HttpResponse:
    """Shows a question in the text of a section, and judges an answer to it."""
    section = access.section_at(request.user, slug, identity)
    if section is None:
        return _moved_check(request, slug, identity, name)
    module, question = section.module, access.check_of(section, name)
    response = practice.check(question, request.GET.getlist("answer"))
    back = f"{reverse('section', args=[slug, identity])}#s-{name}"
    page = practice_page(
        response,
        outlines.outline(module, request.user),
        UNMARKED,
        module.get_absolute_url(),
        Place(back, section.title, next_url=back, is_check=True),
        is_empty=_is_empty(request, response),
    )
    return render(request, "modules/practice.html", {"module": module, "page": page})


@login_required
@require_POST
def count_check(request: HttpRequest, slug: str, identity: str, name: str) -> HttpResponse:
    """Keeps how a question in a text was answered. The script that sends it waits for no answer."""
    section = access.section_at(request.user, slug, identity)
    if section is None:
        raise Http404
    question = access.check_of(section, name)
    learner, answer = cast(User, request.user), request.POST.getlist("answer")
    check_counts.keep_first_try(learner, section, question, answer, now=timezone.now())
    return HttpResponse(status=204)


def _moved_check(request: HttpRequest, slug: str, identity: str, name: str) -> HttpResponse:
    """Leads to a question whose section has another address now, else to the address of the section."""
    section = access.section_of(access.module_for(request.user, slug), identity)
    if section is None or section.archived_at or section.identity == identity:
        return redirect("section", slug, identity)
    return SameRequestElsewhere(request, reverse("check", args=[slug, section.identity, name]))


def _is_empty(request: HttpRequest, response: Response) -> bool:
    """Tells whether the learner pressed the button without choosing or writing anything."""
    return "check" in request.GET and not response.is_answered


@login_required
@never_cache
@require_safe
def practise_missed(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to the first question that was missed in an attempt."""
    attempt, now = access.attempt_for(request.user, pk), timezone.now()
    if not attempts.history(request.user, attempt.quiz, now=now).may_practise(attempt, now):
        return _not_yet(request, pk)
    first = next(iter(practice.missed(attempt)), None)
    return redirect("missed_question", pk, first.slot) if first else redirect("result", pk)


def _not_yet(request: HttpRequest, pk: int) -> HttpResponse:
    """Says that it is too early. The addresses of practice would tell right from wrong otherwise."""
    messages.info(request, _("What you missed can be practised only while the right answers may be shown."))
    return redirect("result", pk)


@login_required
@never_cache
@require_safe
def missed_question(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Asks a missed question again, and judges an answer to it."""
    attempt, now = access.attempt_for(request.user, pk), timezone.now()
    history = attempts.history(request.user, attempt.quiz, now=now)
    if not history.may_practise(attempt, now):
        return _not_yet(request, pk)
    missed = practice.missed(attempt)
    place = _place(attempt, missed, number)
    if place is None:
        return redirect("result", pk)
    module = attempt.quiz.module
    answer = request.GET.getlist("answer")
    response = practice.try_again(missed[place.number - 1], answer, attempt.scoring)
    page = practice_page(
        response,
        outlines.open_outline(module, request.user),
        history.shown(attempt, now),
        module.get_absolute_url(),
        place,
        is_empty=_is_empty(request, response),
    )
    return render(request, "modules/practice.html", {"module": module, "page": page})


def _place(attempt: Attempt, missed: list[Response], slot: int) -> Place | None:
    """Returns the place of a slot among the missed ones, or ``None`` if it is not one of them."""
    slots = [response.slot for response in missed]
    if slot not in slots:
        return None
    number = slots.index(slot) + 1
    result = reverse("result", args=[attempt.pk])
    is_last = number == len(slots)
    following = result if is_last else reverse("missed_question", args=[attempt.pk, slots[number]])
    return Place(result, _("Result"), following, is_last=is_last, number=number, total=len(slots))
