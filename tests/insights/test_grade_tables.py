"""Shows the tables of grades: of a class by modules, of a module by questions, in chunks."""

from datetime import datetime

import pytest
from django.utils import translation

from modules.insights import answer_table, class_tables, exports, module_tables
from modules.models import Invitation, Module
from tests.cast import NOON, PLANETS, a_module, at, read_all, take
from tests.classes.rooms import a_class, assign

pytestmark = pytest.mark.django_db

RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]
HALF = ["Mars", ["Saturnus"], "Mars", "4"]
LOCAL_NOON = datetime(2026, 11, 24, 19, 0)  # in Jakarta


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def module(learner, other_learner):
    """Sari has passed at her second attempt, and Dewi has not taken the quiz."""
    module = a_module(PLANETS)
    read_all(learner, module)
    take(learner, module.quiz, HALF, now=at(1))
    take(learner, module.quiz, RIGHT, now=at(2))
    read_all(other_learner, module)
    return Module.objects.select_related("quiz").get()


def of(source: exports.Source) -> list[dict]:
    table = source.table()
    return [dict(zip(table.header, row, strict=False)) for row in table.rows]


def test_questions_have_the_marks_of_the_attempt_that_counts(module):
    dewi, sari = of(module_tables.questions(module))

    assert list(sari.values()) == [
        "Sari Wulandari", "sari@example.com", 2, 2, datetime(2026, 11, 24, 19, 2), 4.0, 4.0, 100.0, 1.0, 1.0, 1.0, 1.0,
    ]  # fmt: skip
    assert list(sari)[-4:] == [
        "1. Planet terbesar?", "2. Planet luar yang mana?", "3. Planet keempat?", "4. Jumlah planet?",
    ]  # fmt: skip
    assert list(dewi.values()) == ["Dewi Lestari", "dewi@example.com", 0, None, None, None, None, None]


def test_first_attempt_counts_where_the_rules_say_so(module):
    module.quiz.counts = "first"
    module.quiz.save()

    _dewi, sari = of(module_tables.questions(module))

    assert (sari["attempt that counts"], sari["grade"], list(sari.values())[-4:]) == (
        1,
        37.5,
        [0, 0.5, 1.0, 0],
    )


def test_removed_question_comes_last(module):
    a_module(PLANETS.replace("### Planet keempat?\n\n- [=] Mars\n\n", ""))

    table = module_tables.questions(Module.objects.select_related("quiz").get())

    assert list(table.header)[-4:] == [
        "1. Planet terbesar?", "2. Planet luar yang mana?", "3. Jumlah planet?", "removed: Planet keempat?",
    ]  # fmt: skip
    assert list(of(table)[1].values())[-4:] == [1.0, 1.0, 1.0, 1.0]


def test_class_limits_a_module_and_shows_those_who_have_not_begun(module, learner, instructor):
    newcomer = learner.__class__.objects.create_user("tono@example.com", name="")
    study_class = a_class(by=instructor, members=[learner, newcomer])
    Invitation.objects.create(study_class=study_class, address=newcomer.email, name="Tono", number="0042",
                              learner=newcomer, invited_at=NOON, joined_at=NOON)  # fmt: skip

    for table in (module_tables.questions, module_tables.learners):
        rows = of(table(module, study_class))
        # Tono has not given a name, and stands where his address would.
        assert [(row["name"], row["number"]) for row in rows] == [("Sari Wulandari", ""), ("Tono", "0042")]
    assert {row["name"] for row in of(answer_table.answers(module, study_class))} == {"Sari Wulandari"}
    assert len(of(answer_table.answers(module, study_class))) == 8


def test_class_has_six_columns_for_each_module(module, learner, other_learner, instructor):
    other = a_module("# Lain\n\n## Bacaan\n\nSatu.\n")
    study_class = a_class(by=instructor, members=[learner, other_learner])
    assign(study_class, module, due_at=at(5))
    assign(study_class, other)

    dewi, sari = of(class_tables.grades(study_class, now=at(10)))

    assert list(sari.values())[3:] == ["finished", 2, 100.0, datetime(2026, 11, 24, 19, 2), datetime(2026, 11, 24, 19, 2),
                                       "no", "not begun", 0, None, None, None, None]  # fmt: skip
    assert list(dewi.values())[3:9] == ["still reading", 2, None, None, None, "yes"]
    assert list(sari)[3:6] == ["Tata surya: state", "Tata surya: sections read, of 2", "Tata surya: grade"]


def test_learners_say_when_they_were_seen_last(module):
    dewi, sari = of(module_tables.learners(module))

    assert sari["begun (WIB)"] == LOCAL_NOON
    assert sari["last seen (WIB)"] == sari["finished (WIB)"] == datetime(2026, 11, 24, 19, 2)
    assert (dewi["sections read"], dewi["sections"], dewi["attempts"], dewi["grade"]) == (2, 2, 0, None)


@pytest.mark.parametrize("name", ["questions", "learners", "answers", "grades"])
def test_table_is_read_in_chunks_of_the_same_number_of_queries(
    monkeypatch, django_assert_max_num_queries, module, learner, other_learner, instructor, name
):
    study_class = a_class(by=instructor, members=[learner, other_learner])
    assign(study_class, module)
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    sources = {
        "questions": lambda: module_tables.questions(module, study_class),
        "learners": lambda: module_tables.learners(module, study_class),
        "answers": lambda: answer_table.answers(module, study_class),
        "grades": lambda: class_tables.grades(study_class, now=at(10)),
    }
    source, steps = sources[name](), []

    with django_assert_max_num_queries(1 + 2 * 6):
        rows = list(source.table(lambda done, total: steps.append((done, total))).rows)

    assert steps == [(1, 2), (2, 2)]
    assert rows == list(sources[name]().table().rows)
