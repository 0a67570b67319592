"""Makes sixteen learners of one module whose figures are computed by hand in the tests of the overview."""

from datetime import timedelta

from accounts.roles import Role
from modules.reading import progress
from tests.cast import NOON, at, read_all, take
from tests.conftest import person

RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]
WRONG = ["Mars", ["Bumi"], "x", "1"]
TWO_WEEKS_LATER = NOON + timedelta(days=14)
YESTERDAY = 13 * 24 * 60  # minutes after NOON

NAMES = {
    "stopped": 6,  # have read the first section and nothing since
    "finished": 4,
    "failed": 2,  # twice
    "active": 2,  # have read both sections yesterday
    "begun": 1,  # and read nothing
    "skipped": 1,  # has read only the second section
}


def sixteen_learners(module) -> dict[str, list]:
    """Returns the learners by what they did."""
    people = {
        kind: [person(f"{kind}{n}@example.com", Role.LEARNER, f"{kind.title()} {n}") for n in range(number)]
        for kind, number in NAMES.items()
    }
    first, second = module.sections.active().select_related("module")
    for learner in people["stopped"]:
        progress.record_reading(learner, first, now=NOON)
    for learner in [*people["finished"], *people["failed"]]:
        progress.record_reading(learner, first, now=NOON)
        progress.record_reading(learner, second, now=at(30))
    for learner in people["active"]:
        progress.record_reading(learner, first, now=at(YESTERDAY))
        progress.record_reading(learner, second, now=at(YESTERDAY + 60))
    for learner in people["begun"]:
        progress.begin(learner, module, now=NOON)
    for learner in people["skipped"]:
        progress.record_reading(learner, second, now=NOON)
    take_quizzes(module, people)
    return people


def take_quizzes(module, people) -> None:
    for learner in people["finished"]:
        take(learner, module.active_quiz, RIGHT, now=at(60))
    for learner in people["failed"]:
        take(learner, module.active_quiz, WRONG, now=at(60))
        take(learner, module.active_quiz, WRONG, now=at(120))


def quiz_takers(module, *answers, prefix="t") -> list:
    """Makes a learner for each list of answers, who takes the quiz with them."""
    people = [person(f"{prefix}{n}@example.com", Role.LEARNER, f"{prefix} {n}") for n in range(len(answers))]
    for learner, given in zip(people, answers, strict=True):
        read_all(learner, module)
        take(learner, module.active_quiz, given)
    return people
