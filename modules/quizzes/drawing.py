"""Draws the questions of an attempt, and the order in which it shows them and their choices."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from modules.models import Enrolment, Question, QuestionVersion, Quiz, Response


def questions_to_ask(quiz: Quiz, enrolment: Enrolment) -> list[Question]:
    """Returns the questions of an attempt in the order to ask them.

    Each pool says how many of its questions are drawn. The quiz says it for the questions outside pools. Shuffling
    changes the order within a run of questions of the same pool, and leaves the order of the runs.
    """
    pools = list(quiz.pools.all())
    questions = list(quiz.questions.active().select_related("current"))
    pool_of = {
        question.pk: next((pool for pool in pools if pool.holds(question.place)), None)
        for question in questions
    }
    asked = Response.objects.filter(attempt__enrolment=enrolment).values_list("version__question", flat=True)
    seen = Counter(asked) if quiz.draw or pools else Counter()
    drawn: set[int] = set()
    for pool in (None, *pools):
        members = [question.pk for question in questions if pool_of[question.pk] == pool]
        drawn |= _draw(members, pool.draw if pool else quiz.draw, seen)
    chosen = [question for question in questions if question.pk in drawn]
    runs = [list(run) for _pool, run in groupby(chosen, key=lambda question: pool_of[question.pk])]
    for run in runs if quiz.shuffle else ():
        random.SystemRandom().shuffle(run)
    return [question for run in runs for question in run]


def _draw(questions: Sequence[int], number: int | None, seen: Mapping[int, int]) -> set[int]:
    """Draws ``number`` of these keys at random, or all. Questions that the learner has seen least often come first."""
    lots = {key: (seen[key], random.SystemRandom().random()) for key in questions}
    return set(sorted(lots, key=lambda key: lots[key])[:number])


def choice_order(version: QuestionVersion, *, shuffle: bool) -> list[str]:
    """Returns the keys of the choices in the order to show. A pinned choice ("all of these") keeps its place."""
    keys = [choice["key"] for choice in version.choices]
    if not shuffle:
        return keys
    loose = [choice["key"] for choice in version.choices if not choice["pinned"]]
    random.SystemRandom().shuffle(loose)
    return [choice["key"] if choice["pinned"] else loose.pop() for choice in version.choices]
