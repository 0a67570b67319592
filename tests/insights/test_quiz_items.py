"""Analyses the questions of a quiz from first submitted attempts, in a fixed number of queries."""

import pytest
from django.utils import timezone

from accounts.roles import Role
from modules.insights.item_rules import Finding
from modules.insights.quiz_items import items_of
from modules.models import Attempt
from tests.cast import PLANETS, a_module, at, read_all, take
from tests.classes.rooms import a_class, assign
from tests.conftest import person

pytestmark = pytest.mark.django_db

RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]
RIVAL = ["Mars", ["Saturnus", "Uranus"], "Mars", "8"]
WEAK = ["Jupiter", ["Bumi"], "Venus", "1"]


@pytest.fixture
def module():
    return a_module()


def takers(module, *answers, prefix="p"):
    """Makes a learner for each list of answers, who takes the quiz with them."""
    people = [
        person(f"{prefix}{number}@example.com", Role.LEARNER, f"P {number}") for number in range(len(answers))
    ]
    for learner, given in zip(people, answers, strict=True):
        read_all(learner, module)
        take(learner, module.active_quiz, given)
    return people


def by_number(table):
    return sorted(table.items, key=lambda item: item.number)


def test_figures_come_from_the_answers_and_marks(module):
    takers(module, RIGHT, RIVAL, WEAK)

    first, second, third, fourth = by_number(items_of(module.active_quiz))
    assert [item.analysis.attempts for item in (first, second, third, fourth)] == [3, 3, 3, 3]
    assert (first.analysis.full, second.analysis.full) == (2, 2)
    assert {each.choice.text: each.times for each in first.analysis.choices} == {"Mars": 1, "Jupiter": 2}
    assert {each.choice.text: each.mean_rest for each in first.analysis.choices} == {
        "Mars": 1.0,
        "Jupiter": 0.5,
    }
    assert third.analysis.wrong == ("Venus", 1)
    assert [section.title for section in first.sections] == ["Planet luar", "Planet dalam"][
        :1
    ] or first.sections


def test_typed_answers_that_compare_equal_are_one_wrong_answer(module):
    takers(module, *[["Jupiter", ["Saturnus"], text, "8"] for text in ("Bumi", "bumi.", "Venus", "“Bumi”")])

    assert by_number(items_of(module.active_quiz))[2].analysis.wrong == ("Bumi", 3)


def test_only_first_submitted_attempts_of_learners_count(module, instructor):
    learner, other = takers(module, WEAK, WEAK)
    take(learner, module.active_quiz, RIGHT, now=at(60))
    read_all(instructor, module)
    take(instructor, module.active_quiz, RIGHT)
    Attempt.objects.filter(enrolment__learner=other).update(deleted_at=timezone.now())

    table = items_of(module.active_quiz)
    assert table.attempts == 1
    assert by_number(table)[3].analysis.facility == 0


def test_next_attempt_counts_where_the_first_is_deleted(module):
    (learner,) = takers(module, WEAK)
    take(learner, module.active_quiz, RIGHT, now=at(60))
    Attempt.objects.filter(number=1).update(deleted_at=timezone.now())

    assert by_number(items_of(module.active_quiz))[3].analysis.facility == 1


def test_class_is_analysed_alone(module):
    learner, _other = takers(module, RIGHT, WEAK)
    study_class = a_class(members=[learner])
    assign(study_class, module)

    table = items_of(module.active_quiz, study_class)
    assert (table.attempts, by_number(table)[3].analysis.facility) == (1, 1)


def test_answers_by_another_key_are_left_out(module):
    takers(module, RIGHT)
    changed = PLANETS.replace("- [ ] Mars", "- [x] Mars").replace("- [x] Jupiter", "- [ ] Jupiter")
    module = a_module(changed)

    first, second, *_others = by_number(items_of(module.active_quiz))
    assert (first.analysis.attempts, first.earlier) == (0, 1)
    assert (second.analysis.attempts, second.earlier) == (1, 0)


def test_question_to_look_at_stands_first(module):
    takers(module, *[WEAK] * 8, *[RIVAL] * 12)

    first, *others = items_of(module.active_quiz).items
    assert (first.number, [verdict.finding for verdict in first.verdicts]) == (1, [Finding.KEY])
    assert first.verdicts[0].attempts == 20
    assert [item.analysis.facility for item in others] == sorted(item.analysis.facility for item in others)


def test_full_marks_for_everybody_silence_the_rules(module):
    takers(module, *[WEAK] * 8, *[RIVAL] * 12)
    module.active_quiz.questions.update(full_marks_since=timezone.now())

    assert [item.verdicts for item in items_of(module.active_quiz).items] == [[]] * 4


def test_few_attempts_keep_the_order_of_the_quiz(module):
    takers(module, *[WEAK] * 7, *[RIVAL] * 7)

    table = items_of(module.active_quiz)
    assert not table.is_judged
    assert [item.number for item in table.items] == [1, 2, 3, 4]
    assert [item.verdicts for item in table.items] == [[]] * 4


def test_queries_do_not_grow_with_the_attempts(module, django_assert_num_queries):
    for prefix, answers in (("a", [WEAK]), ("b", [RIGHT] * 6)):
        takers(module, *answers, prefix=prefix)
        quiz = module.active_quiz
        with django_assert_num_queries(5):
            items_of(quiz)
