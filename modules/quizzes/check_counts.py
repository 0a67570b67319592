"""Counts how learners do at the questions in a text, without their names, and records answers where a module says so.

The first answer of a learner counts. Later ones find the keyed hash of the enrolment and change nothing. The hash has
no answer beside it, and only the secret of the installation makes it.

A module with ``checks: recorded`` stores the first answer that each learner gives from then on, with the learner.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.html import strip_tags

from accounts.models import User
from modules.models import CheckAnswer, CheckCount, CountedTry, Enrolment, Response, Section
from modules.quizzes import practice

SALT = "modules.quizzes.check_counts"


def fingerprint_of(check: Mapping[str, Any]) -> str:
    """Returns the fingerprint of a question: of the words that learners see before they answer, and of its key.

    It leaves out markup, because another renderer may write the same words in another way.
    """
    prompt = " ".join(strip_tags(check["html"]).split())
    choices = [(choice["text"], choice["right"]) for choice in check["choices"]]
    content = [check["kind"], check["title"], prompt, choices, check["answers"]]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def keep_first_try(
    learner: User, section: Section, check: Mapping[str, Any], answer: Sequence[str], *, now: datetime
) -> None:
    """Counts the first answer of a learner who has begun the module, and records it where the module says so.

    It leaves the staff out, as all figures do.
    """
    response = practice.check(check, answer)
    enrolments = Enrolment.objects.counting().filter(learner=learner, module=section.module_id)
    enrolment = enrolments.values_list("pk", flat=True).first()
    if enrolment is None or not response.is_answered:
        return
    with transaction.atomic():
        count, _is_new = CheckCount.objects.get_or_create(section=section, fingerprint=fingerprint_of(check))
        if _is_first(count, enrolment):
            CheckCount.objects.filter(pk=count.pk).update(
                tried=F("tried") + 1, right=F("right") + int(_is_right(response))
            )
        if section.module.records_checks:
            _record(enrolment, section, check, response, now)


def _is_right(response: Response) -> bool:
    return response.mark == response.version.points


def _is_first(count: CheckCount, enrolment: int) -> bool:
    """Stores that somebody was counted. The database refuses a second row, also if two requests meet."""
    sign = salted_hmac(SALT, f"{enrolment} {count.pk}", algorithm="sha256").hexdigest()
    _row, is_new = CountedTry.objects.get_or_create(count=count, sign=sign)
    return is_new


def _record(
    enrolment: int, section: Section, check: Mapping[str, Any], response: Response, now: datetime
) -> None:
    """Stores the answer unless the learner has one to this question."""
    CheckAnswer.objects.get_or_create(
        enrolment_id=enrolment,
        section=section,
        fingerprint=fingerprint_of(check),
        defaults={
            "section_title": section.title,
            "question": check["title"],
            "answer": response.answer_in_words,
            "is_right": _is_right(response),
            "answered_at": now,
        },
    )
