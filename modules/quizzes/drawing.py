"""Draws the questions of an attempt, and the order in which it shows them and their choices."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from modules.models import Enrolment, Question, QuestionVersion, Quiz, Response


def questions_to_ask(quiz: Quiz, enrolment: Enrolment) -> list[Question]:
    """The questions of an attempt in the order to ask them.

    From each pool so many as it says, and from the questions without one as the quiz says. Shuffled, each stays among
    those that it stands with.
    """
    pools = list(quiz.pools.all())
    questions = list(quiz.questions.active().select_related("current"))
    pool_of = {one.pk: next((pool for pool in pools if pool.holds(one.place)), None) for one in questions}
    asked = Response.objects.filter(attempt__enrolment=enrolment).values_list("version__question", flat=True)
    seen = Counter(asked) if quiz.draw or pools else Counter()
    drawn: set[int] = set()
    for pool in (None, *pools):
        mine = [one.pk for one in questions if pool_of[one.pk] == pool]
        drawn |= _draw(mine, pool.draw if pool else quiz.draw, seen)
    kept = [one for one in questions if one.pk in drawn]
    runs = [list(run) for _pool, run in groupby(kept, key=lambda one: pool_of[one.pk])]
    for run in runs if quiz.shuffle else ():
        random.SystemRandom().shuffle(run)
    return [one for run in runs for one in run]


def _draw(questions: Sequence[int], number: int | None, seen: Mapping[int, int]) -> set[int]:
    """So many of these keys at random, or all; those first that the learner has seen least often."""
    lots = {key: (seen[key], random.SystemRandom().random()) for key in questions}
    return set(sorted(lots, key=lambda key: lots[key])[:number])


def choice_order(version: QuestionVersion, *, shuffle: bool) -> list[str]:
    """The keys of the choices in the order to show; a pinned choice ("all of these") keeps its place."""
    keys = [choice["key"] for choice in version.choices]
    if not shuffle:
        return keys
    loose = [choice["key"] for choice in version.choices if not choice["pinned"]]
    random.SystemRandom().shuffle(loose)
    return [choice["key"] if choice["pinned"] else loose.pop() for choice in version.choices]
