"""Shows the page with which the admin begins: what waits today, one's own modules, classes and drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language

from modules.admin.class_access import person_of
from modules.authoring import starting
from modules.insights.attention import calls, late_by_class, late_by_module, late_people
from modules.insights.doubtful_keys import doubtful_keys
from modules.insights.draft_states import draft_states
from modules.insights.own_modules import own_rows
from modules.insights.own_work import own_classes, own_modules
from modules.models import RefusedStatement, StudyClassQuerySet
from tasks.templatetags.worker import state_of_background_work

MOST_CLASSES = 6  # in the panel; the full list has the others


def index(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
    """Takes the place of the index of Django's admin. A fixed number of queries, unless drafts are new to it."""
    person, now = person_of(request), timezone.now()
    modules, classes = own_modules(person), own_classes(person)
    late = late_people(classes, now=now)
    drafts = draft_states(person)
    background = state_of_background_work() if person.is_superuser else ""
    rows = own_rows(modules, late_by_module(late), now=now)
    page = {
        "today": now,
        "name": person.get_short_name() if person.name else "",
        "calls": calls(
            modules,
            classes,
            late=late,
            drafts=drafts,
            background=background,
            now=now,
            keys=doubtful_keys(modules, now=now),
            refused=RefusedStatement.objects.count() if person.is_superuser else 0,
        ),
        "rows": rows,
        "module_total": modules.count(),
        "classes": _classes(classes, now),
        "drafts": drafts,
        "background": background,
        "guide": starting.guide(get_language() or "id"),
    }
    return TemplateResponse(request, "admin/index.html", page | (extra_context or {}))


def _classes(classes: StudyClassQuerySet, now: datetime) -> Sequence[Any]:
    """Returns the latest classes with their numbers of members, of modules and of late members."""
    counted: QuerySet[Any] = classes.annotate(
        member_total=Count("group__user", distinct=True), module_total=Count("assignments", distinct=True)
    )
    shown = list(counted.order_by("-created_at")[:MOST_CLASSES])
    late = late_by_class(shown, now=now)
    for study_class in shown:
        study_class.late_total = late.get(study_class.pk, 0)
    return shown
