"""Finds what waits for an instructor: the worst first, seven lines at most, and only in what is their own."""

from datetime import timedelta

import pytest

from modules.insights import attention
from modules.insights.attention import calls, late_by_module, late_people
from modules.insights.draft_states import draft_states
from modules.insights.own_modules import own_rows
from modules.insights.own_work import own_classes, own_modules
from modules.models import Draft, Invitation, LateAnswer, Reading, RegradeJob
from tests.cast import NOON, PLANETS, a_module, at, read_all, take
from tests.classes.rooms import a_class, assign

pytestmark = pytest.mark.django_db

RULES = "---\nattempts: 5\nquiz_opens: at_once\n---\n"
RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]


@pytest.fixture(autouse=True)
def owners(settings):
    settings.MODULES = "owners"


@pytest.fixture
def module(instructor):
    return a_module(RULES + PLANETS, by=instructor)


def waiting(person, *, now=NOON, background=""):
    modules, classes = own_modules(person), own_classes(person)
    late = late_people(classes, now=now)
    drafts = draft_states(person)
    return calls(modules, classes, late=late, drafts=drafts, background=background, now=now)


def test_late_people_are_counted_by_class_and_module(instructor, module, learner, other_learner):
    study_class = a_class(by=instructor, members=[learner, other_learner])
    assign(study_class, module, due_at=NOON)
    read_all(learner, module)
    (call,) = waiting(instructor)
    assert (call.kind, call.number, call.total, call.new) == ("late", 2, 2, 1)
    assert (call.key, call.class_key) == (module.pk, study_class.pk)
    take(learner, module.quiz, RIGHT)
    assert [call.number for call in waiting(instructor)] == [1]
    assert waiting(instructor, now=NOON - timedelta(minutes=1)) == []


def test_archived_class_and_class_of_others_do_not_wait(instructor, module, learner, administrator):
    for study_class in (
        a_class("Lama", by=instructor, members=[learner], archived_at=NOON),
        a_class("Lain", by=administrator, members=[learner]),
    ):
        assign(study_class, module, due_at=NOON)
        Invitation.objects.create(study_class=study_class, address="baru@example.com", invited_at=NOON)
    assert waiting(instructor) == []


def test_late_answer_waits_until_it_counts(instructor, module, learner):
    attempt = take(learner, module.quiz, RIGHT)
    late = LateAnswer.objects.create(response=attempt.responses.get(slot=1), answer=["x"], arrived_at=at(1))
    (call,) = waiting(instructor, now=at(2))
    assert (call.kind, call.number, call.key) == ("late_answers", 1, attempt.pk)
    LateAnswer.objects.filter(pk=late.pk).update(counted_at=at(3))
    assert waiting(instructor, now=at(4)) == []


def test_unfinished_regrade_and_invitations_wait(instructor, module):
    RegradeJob.objects.create(module=module, made_at=NOON, total=9, done=4)
    study_class = a_class(by=instructor)
    Invitation.objects.create(study_class=study_class, address="baru@example.com", invited_at=NOON)
    assert [(call.kind, call.number) for call in waiting(instructor)] == [("regrade", 5), ("invitations", 1)]


def test_draft_says_its_first_mistake(instructor):
    text = (
        "# Modul\n\n## Bacaan\n\nSatu.\n\n## Kuis akhir\n\n### Planet terbesar?\n\n- [ ] Mars\n- [ ] Bumi\n"
    )
    draft = Draft.objects.create(author=instructor, text=text, filename="planet.md")
    (call,) = waiting(instructor)
    assert (call.kind, call.number, call.key, call.title) == ("draft", 1, draft.pk, "Modul")
    assert call.beside.startswith("baris 9:")
    draft.text = text.replace("[ ] Bumi", "[x] Bumi")
    draft.save()
    assert waiting(instructor) == []


def test_worst_comes_first_and_no_more_than_seven_lines(instructor, learner, administrator):
    study_class = a_class(by=instructor, members=[learner])
    for number in range(6):
        module = a_module(RULES + PLANETS.replace("Tata surya", f"Modul {number}"), by=instructor)
        assign(study_class, module, due_at=NOON)
        RegradeJob.objects.create(module=module, made_at=NOON, total=9)
    Invitation.objects.create(study_class=study_class, address="baru@example.com", invited_at=NOON)
    lines = waiting(instructor, background="failed")
    kinds = ["background", "late", "late", "late", "regrade", "regrade", "regrade"]
    assert [call.kind for call in lines] == kinds
    assert [call.others for call in lines] == [0, 0, 0, 3, 0, 0, 3]
    assert len(lines) == attention.MOST_LINES


def test_table_counts_learners_readings_and_finishes(instructor, module, learner, other_learner):
    read_all(learner, module, now=NOON)
    read_all(other_learner, module, now=NOON - timedelta(days=2))
    read_all(instructor, module, now=NOON)
    take(learner, module.quiz, RIGHT)
    (row,) = own_rows(own_modules(instructor), {}, now=NOON)
    assert (row.learners, row.finished) == (2, 1)
    assert row.readings == [0, 0, 0, 0, 2, 0, 2]


def test_reading_of_eight_days_ago_is_not_counted(instructor, module, learner):
    read_all(learner, module, now=NOON)
    Reading.objects.update(read_at=NOON - timedelta(days=7))
    (row,) = own_rows(own_modules(instructor), {}, now=NOON)
    assert row.readings_in_all == 0


def test_module_with_late_people_stands_first(instructor, learner, other_learner):
    titles = ("Satu", "Dua", "Tiga")
    first, *_others = (
        a_module(RULES + PLANETS.replace("Tata surya", each), by=instructor) for each in titles
    )
    study_class = a_class(by=instructor, members=[learner])
    assign(study_class, first, due_at=NOON)
    late = late_by_module(late_people(own_classes(instructor), now=NOON))
    rows = own_rows(own_modules(instructor), late, now=NOON)
    assert [(row.module.title, row.late) for row in rows] == [("Satu", 1), ("Tiga", 0), ("Dua", 0)]


def test_own_work_is_not_that_of_others(instructor, administrator, module):
    other = a_module(PLANETS.replace("Tata surya", "Lain"), by=administrator)
    mine, hers = a_class(by=instructor), a_class("Lain", by=administrator)
    assert (list(own_modules(instructor)), list(own_classes(instructor))) == ([module], [mine])
    assert (list(own_modules(administrator)), list(own_classes(administrator))) == ([other], [hers])


def test_administrator_without_work_looks_after_all(instructor, administrator, module):
    study_class = a_class(by=instructor)
    assert (list(own_modules(administrator)), list(own_classes(administrator))) == ([module], [study_class])
