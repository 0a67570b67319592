"""A form whose token is no longer good: whoever signs in again, in another window, gets another one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from modules.views import quizzes


def outdated(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse what was sent. A learner gets an answer back to send once more; any other form leads back to its page."""
    match = request.resolver_match
    if match and match.view_name == "attempt_question" and request.user.is_authenticated:
        return quizzes.question_again(request, **match.kwargs)
    return render(request, "403_csrf.html", {"back": _page_of_the_form(request)}, status=403)


def _page_of_the_form(request: HttpRequest) -> str:
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else ""
