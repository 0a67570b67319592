"""Shows a question of an open attempt, and takes answers. ``modules/quizzes/answers.py`` describes the protocol."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from modules.document.syntax.values import LONGEST_ANSWER
from modules.models import Attempt, Module, Response
from modules.pages.attempt import QuestionPage, RefusedAnswer, question_page, question_pages, seconds_until
from modules.quizzes import attempts
from modules.quizzes.answers import IncomingAnswer, Saved, save_answer
from modules.quizzes.typed_answers import lack, lack_in_words
from modules.reading import access

KEPT = "answer_before_sign_in"  # key in the session
MOST_CHOICES = 200  # choices of an answer that the session keeps
LONGEST_KEY = 20  # characters of a choice's key


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attempt_question(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return _sign_in_first(request)
    if request.method == "POST":
        return _save(request, pk, number)
    attempt = access.attempt_for(request.user, pk)
    attempts.close_if_late(attempt, now=timezone.now())
    response = access.response_of(attempt, number)
    if kept := _kept_over_sign_in(request):
        return _save_kept(request, attempt, response, kept)
    if attempts.is_shut(attempt, now=timezone.now()):
        return redirect(_end(attempt))
    return _show(request, attempt, question_page(attempt, response, timezone.now()))


@never_cache
@require_safe
def attempt_questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Returns all questions of an open attempt for a browser that may lose its network: forms, and no keys.

    ``page`` is the page of the first question. A script puts another question in its place.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"signed_out": True})
    attempt, now = access.attempt_for(request.user, pk), timezone.now()
    attempts.close_if_late(attempt, now=now)
    if attempts.is_shut(attempt, now=now):
        return JsonResponse({"closed": True})
    pages, module = question_pages(attempt, now), attempt.quiz.module
    first = {"module": module, "page": pages[0]}
    return JsonResponse(
        {
            "page": render_to_string("modules/attempt_question.html", first, request),
            "questions": [_question_in_words(request, module, page) for page in pages],
        }
    )


def _question_in_words(request: HttpRequest, module: Module, page: QuestionPage) -> dict[str, Any]:
    place = _("Question %(number)s of %(total)s") % {"number": page.number, "total": page.total}
    form = render_to_string("modules/_answer_form.html", {"module": module, "page": page}, request)
    return {
        "number": page.number,
        "url": page.save_url,
        "place": place,
        "title": f"{place} · {module.title} · Tuntas",
        "is_flagged": page.is_flagged,
        "form": form,
    }


def _show(request: HttpRequest, attempt: Attempt, page: QuestionPage, status: int = 200) -> HttpResponse:
    context = {"module": attempt.quiz.module, "page": page}
    return render(request, "modules/attempt_question.html", context, status=status)


# ------------------------------------------------------------------------------------------- saving an answer


def _save(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Saves an answer. A script gets JSON. A button leads on, or to a page that asks which answer counts."""
    incoming = _incoming(request)
    try:
        saved = save_answer(access.attempt_to_answer(request.user, pk), number, incoming, now=timezone.now())
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if _is_script(request):
        return _acknowledge(saved)
    go = request.POST.get("go", "")
    if saved.accepted or _is_same(saved.response, incoming):
        return redirect(_way_on(go, saved.attempt, saved.response))
    if attempts.is_shut(saved.attempt, now=timezone.now()):
        _say_that_it_was_late(request, saved.response)
        return redirect(_end(saved.attempt))
    return _ask_which(request, pk, number, incoming)


def _is_same(response: Response, incoming: IncomingAnswer) -> bool:
    """Tells whether the server already holds what a page sends."""
    is_same_answer = response.answer == response.as_kept(incoming.answer)
    return is_same_answer and response.is_flagged == incoming.is_flagged


def _incoming(request: HttpRequest) -> IncomingAnswer:
    is_clear = request.POST.get("go") == "clear"
    return IncomingAnswer(
        [] if is_clear else request.POST.getlist("answer"),
        sequence=_number(request, "sequence"),
        base=_number(request, "base"),
        is_flagged="flag" in request.POST,
    )


def _number(request: HttpRequest, name: str) -> int | None:
    """Returns a number of the message. Raises BadRequest if the page sends none that the server can hold."""
    sent = request.POST.get(name, "")
    if sent and not (sent.isdecimal() and len(sent) < 16):
        raise BadRequest(f"{name} is no number.")
    return int(sent) if sent else None


def _is_script(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _acknowledge(saved: Saved) -> JsonResponse:
    attempt, response, now = saved.attempt, saved.response, timezone.now()
    if not saved.accepted and attempts.is_shut(attempt, now=now):
        return JsonResponse({"closed": True, "kept": saved.is_kept, "url": _end(attempt)})
    stored = {} if saved.accepted else {"answer": response.answer, "is_flagged": response.is_flagged}
    return JsonResponse(
        {
            "accepted": saved.accepted,
            "sequence": response.sequence,
            "saved_at": _time_of_day(response),
            "is_answered": response.is_answered,
            "seconds_left": seconds_until(attempt.deadline, now),
            "lack": lack_in_words(lack(response.version, response.answer)),
            **stored,
        }
    )


def _time_of_day(response: Response) -> str:
    at = response.saved_at
    return time_format(timezone.localtime(at), "EXACT_TIME_FORMAT") if at else ""


def _ask_which(request: HttpRequest, pk: int, number: int, incoming: IncomingAnswer) -> HttpResponse:
    """Shows the stored answer and the refused one, which came from a page that was older."""
    attempt = access.attempt_for(request.user, pk)
    response = access.response_of(attempt, number)
    answer, go = response.as_kept(incoming.answer), request.POST.get("go", "")
    page = question_page(attempt, response, timezone.now())
    refused = RefusedAnswer(
        answer=answer,
        options=[option for option in page.options if option.value in answer],
        is_flagged=bool(incoming.is_flagged),
        go=go,
        way_on=_way_on(go, attempt, response),
    )
    return _show(request, attempt, replace(page, refused=refused), status=409)


def question_again(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Gives an answer back to its learner, because the token of its form was not valid. Stores nothing."""
    attempt = access.attempt_for(request.user, pk)
    attempts.close_if_late(attempt, now=timezone.now())
    response = access.response_of(attempt, number)
    if attempts.is_shut(attempt, now=timezone.now()):
        _say_that_it_was_late(request, response)
        return redirect(_end(attempt))
    response.answer = response.as_kept(request.POST.getlist("answer"))
    response.sequence = _number(request, "base") or 0
    response.is_flagged, response.saved_at = "flag" in request.POST, None
    again = _("Your answer is not saved yet, because you have signed in again meanwhile. Send it once more.")
    messages.warning(request, again)
    page = question_page(attempt, response, timezone.now())
    return _show(request, attempt, replace(page, is_unsaved=True), status=403)


def _say_that_it_was_late(request: HttpRequest, response: Response) -> None:
    late = _(
        "Your answer to question %(number)s arrived after the attempt was closed. It is kept, and does not count unless your instructor decides so."
    )
    messages.warning(request, late % {"number": response.slot})


def _end(attempt: Attempt) -> str:
    """Returns the address that an attempt leads to once it takes no more answers."""
    return reverse("submission" if attempt.is_open else "result", args=[attempt.pk])


def _way_on(go: str, attempt: Attempt, response: Response) -> str:
    """Returns the address that a button leads to: ``previous``, ``next``, ``clear`` or a number; else submitting."""
    here, last = response.slot, attempt.responses.count()
    wanted = {"previous": here - 1, "next": here + 1, "": here + 1, "clear": here}.get(go)
    if wanted is None and go.isdecimal() and len(go) < 6:
        wanted = int(go)
    if wanted is None or not 1 <= wanted <= last:
        return reverse("submission", args=[attempt.pk])
    return reverse("attempt_question", args=[attempt.pk, wanted])


# ----------------------------------------------------------------------------------- after an expired sign-in


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """Leads to the sign-in, and keeps the posted answer in the session until then.

    A browser drops its cookie in the moment in which the sign-in expires. So a learner may come without any, and looks
    like a stranger. The session of a stranger ends soon (``accounts.session_store``).
    """
    if _is_script(request):
        return JsonResponse({"signed_out": True, "url": f"{reverse('account_login')}?next={request.path}"})
    if request.method == "POST":
        request.session[KEPT] = {
            "path": request.path,
            "answer": _bounded(request.POST.getlist("answer")),
            "flag": "flag" in request.POST,
            "at": timezone.now().isoformat(),
        }
    return redirect_to_login(request.path)


def _bounded(answer: Sequence[str]) -> list[str]:
    """Cuts an answer to the length that a real one can have, because anybody may send one, signed in or not."""
    longest = LONGEST_ANSWER if len(answer) == 1 else LONGEST_KEY
    return [text[:longest] for text in answer[:MOST_CHOICES]]


def _kept_over_sign_in(request: HttpRequest) -> dict[str, Any] | None:
    kept = request.session.get(KEPT)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT]
    return dict(kept)


def _save_kept(
    request: HttpRequest, attempt: Attempt, response: Response, kept: dict[str, Any]
) -> HttpResponse:
    """Saves the answer from before the sign-in, unless a later answer has come since."""
    incoming = IncomingAnswer(kept["answer"], is_flagged=kept["flag"])
    query = access.attempt_to_answer(request.user, attempt.pk)
    if response.saved_at is not None and response.saved_at.isoformat() > kept["at"]:
        messages.warning(request, _("A later answer than the one you sent before signing in is stored."))
    elif not save_answer(query, response.slot, incoming, now=timezone.now()).accepted:
        _say_that_it_was_late(request, response)
    else:
        messages.success(request, _("The answer that you sent before signing in is saved."))
    return redirect(request.path)
