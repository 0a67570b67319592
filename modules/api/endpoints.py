"""Answers the addresses of the API. Each gives only what the owner of the token may change, as the admin does.

The library's own pages of documentation load scripts from elsewhere, so there are none; ``openapi.json`` is there.
"""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import NinjaAPI, Query

from modules.api.bearer import Bearer, TooMany
from modules.api.cursors import MOST_ON_PAGE, ON_PAGE, BadCursor, page_of
from modules.api.results import (
    StillCounting,
    attempt_in_shape,
    learners_in_shape,
    modules_in_shape,
    questions_in_shape,
)
from modules.api.shapes import AttemptShape, LearnerShape, ModuleShape, Page, Problem, QuestionShape
from modules.insights.cohorts import Cohort
from modules.models import PERIOD, Attempt, Enrolment, Module
from modules.quizzes import attempts as attempts_of_learners

api = NinjaAPI(
    title="Tuntas",
    version="1",
    description="Results of the modules that an instructor may change. It is read-only.",
    auth=Bearer(),
    docs_url=None,
    urls_namespace="api",
)

Cursor = Annotated[str, Query(max_length=100, description="The value of next in the page before.")]
Limit = Annotated[int, Query(ge=1, le=MOST_ON_PAGE, description="How many rows a page has at most.")]
SECONDS_OF_COUNT = 10  # after which a program asks again; a count of 400,000 answers takes five
REFUSED = {401: Problem, 404: Problem, 429: Problem}


@api.exception_handler(TooMany)
def too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    response = api.create_response(request, {"detail": "Too many requests. Wait a minute."}, status=429)
    response["Retry-After"] = str(int(PERIOD.total_seconds()))
    return response


@api.exception_handler(BadCursor)
def bad_cursor(request: HttpRequest, error: BadCursor) -> HttpResponse:
    return api.create_response(request, {"detail": "This cursor was not given by a page."}, status=400)


@api.exception_handler(StillCounting)
def still_counting(request: HttpRequest, error: StillCounting) -> HttpResponse:
    detail = "The answers are counted in the background. Ask again in some seconds."
    response = api.create_response(request, {"detail": detail}, status=503)
    response["Retry-After"] = str(SECONDS_OF_COUNT)
    return response


@api.get("modules", response={200: Page[ModuleShape], 400: Problem, **REFUSED}, operation_id="modules")
def modules(request: HttpRequest, cursor: Cursor = "", limit: Limit = ON_PAGE) -> Page[ModuleShape]:
    """Lists the modules whose results the owner of the token may see."""
    rows, following = page_of(Module.objects.changeable_by(request.user), after=cursor, limit=limit)
    return Page[ModuleShape](items=modules_in_shape(rows), next=following)


@api.get(
    "modules/{int:pk}/learners",
    response={200: Page[LearnerShape], 400: Problem, **REFUSED},
    operation_id="learners",
)
def learners(
    request: HttpRequest, pk: int, cursor: Cursor = "", limit: Limit = ON_PAGE
) -> Page[LearnerShape]:
    """Lists the learners of a module, with their progress and their final grade."""
    module = _module_for(request, pk)
    rows, following = page_of(
        Cohort(module).enrolments().select_related("learner"), after=cursor, limit=limit
    )
    return Page[LearnerShape](items=learners_in_shape(module, rows), next=following)


@api.get(
    "modules/{int:pk}/attempts",
    response={200: Page[AttemptShape], 400: Problem, **REFUSED},
    operation_id="attempts",
)
def attempts(
    request: HttpRequest, pk: int, cursor: Cursor = "", limit: Limit = ON_PAGE
) -> Page[AttemptShape]:
    """Lists the attempts at the quiz of a module, open ones too. Deleted ones are left out."""
    module = _module_for(request, pk)
    taken = Attempt.objects.filter(
        quiz__module=module, enrolment__in=Enrolment.objects.counting()
    ).select_related("enrolment", "quiz")
    rows, following = page_of(taken, after=cursor, limit=limit)
    return Page[AttemptShape](items=[attempt_in_shape(row) for row in rows], next=following)


@api.get(
    "modules/{int:pk}/questions",
    response={200: list[QuestionShape], 503: Problem, **REFUSED},
    operation_id="questions",
)
def questions(request: HttpRequest, pk: int) -> list[QuestionShape]:
    """Lists the active questions of a module with their figures, in the order of the quiz."""
    return questions_in_shape(_module_for(request, pk))


def _module_for(request: HttpRequest, pk: int) -> Module:
    """Returns a module that the owner of the token may change. Attempts whose time is up are closed first."""
    modules = Module.objects.changeable_by(request.user).select_related("quiz")
    module = get_object_or_404(modules, pk=pk if pk < 2**63 else 0)
    attempts_of_learners.close_late(Attempt.objects.filter(quiz__module=module), now=timezone.now())
    return module
