"""Tells what a learner did by day: sittings, attempts, corrections, arrivals and finishes."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from modules.admin import permissions
from modules.classes import joining
from modules.classes.acquaintance import modules_in_view
from modules.classes.links import new_code
from modules.insights import timeline
from modules.insights.learner_scope import activity, scope_of
from modules.models import Attempt, Reading, Regrade, RegradeJob
from modules.quizzes import attempts, corrections
from modules.quizzes.corrections import Why
from tests.cast import NOON, PLANETS, a_module, at, give, read_all, take
from tests.classes.rooms import a_class, assign

pytestmark = pytest.mark.django_db

RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]
RULES = "---\ntime_limit: 20\nattempts: 5\nquiz_opens: at_once\n---\n"


@pytest.fixture
def module(instructor):
    return a_module(RULES + PLANETS, by=instructor)


def scope(person, learner):
    modules = modules_in_view(person, learner)
    return scope_of(person, learner, permissions.with_is_changeable(modules, person))


def events(person, learner, kind=""):
    shown = timeline.latest(scope(person, learner), kind)
    return [event for day in shown.days for event in day.events]


def read(learner, module, minutes: float):
    """Records the reading of the next unread section."""
    enrolment = module.enrolments.get(learner=learner)
    done = Reading.objects.filter(enrolment=enrolment).count()
    section = module.sections.active()[done]
    return Reading.objects.create(
        enrolment=enrolment, section=section, revision=module.current, read_at=at(minutes)
    )


def begun(learner, module):
    return module.enrolments.create(learner=learner, begun_at=NOON, last_seen_at=NOON)


def test_readings_without_a_long_pause_are_one_sitting(instructor, learner):
    module = a_module("# Modul\n\n" + "".join(f"## Bagian {n}\n\nSatu.\n\n" for n in range(4)), by=instructor)
    begun(learner, module)
    for minutes in (0, 12, 30, 90):
        read(learner, module, minutes)
    late, early = events(instructor, learner)
    assert (list(late.sections), late.took) == (["Bagian 3"], "")
    assert (list(early.sections), early.took) == (["Bagian 0", "Bagian 1", "Bagian 2"], "30 menit")


def test_sitting_ends_at_midnight(instructor, learner):
    module = a_module("# Modul\n\n## Satu\n\nA.\n\n## Dua\n\nB.\n", by=instructor)
    begun(learner, module)
    with timezone.override("Asia/Jakarta"):
        midnight = timezone.localtime(NOON).replace(hour=0, minute=0) + timedelta(days=1)
        for moment in (midnight - timedelta(minutes=5), midnight + timedelta(minutes=5)):
            minutes = (moment - NOON).total_seconds() / 60
            read(learner, module, minutes)
        days = timeline.latest(scope(instructor, learner)).days
    assert [len(day.events) for day in days] == [1, 1]


def test_attempt_tells_time_empty_answers_and_its_end(instructor, learner, module):
    attempt = attempts.start(learner, module.quiz, now=NOON)
    give(attempt, 1, "Jupiter", now=at(1))
    attempts.close_late(Attempt.objects.all(), now=at(60))
    (run,) = events(instructor, learner)
    assert (run.took, run.empty, run.marked) == ("20 menit", 3, "missed")
    assert run.attempt.is_closed_by_time


def test_passed_attempt_finish_and_proof_are_told(instructor, learner, module):
    take(learner, module.quiz, RIGHT, now=NOON)
    read_all(learner, module, now=at(5))
    told = {event.kind: event for event in events(instructor, learner)}
    assert set(told) == {"attempt", "read", "finish"}
    assert told["attempt"].marked == "passed"
    assert told["finish"].proof.enrolment_id == told["finish"].enrolment


def test_correction_has_its_reason(instructor, learner, module):
    attempt = take(learner, module.quiz, RIGHT, now=NOON)
    corrections.delete(attempt, Why(instructor, "Listrik padam.", at(10)))
    (change,) = events(instructor, learner)
    assert (change.reason, change.by, change.number) == ("Listrik padam.", "Budi Hartono", 1)


def test_full_marks_for_a_question_have_their_reason(instructor, learner, module):
    take(learner, module.quiz, ["Mars", ["Venus"], "Mars", "8"], now=NOON)
    question = module.quiz.questions.get(place=1)
    corrections.give_full_marks(question, Why(instructor, "Soal membingungkan.", at(10)))
    changes = [event for event in events(instructor, learner) if event.kind == "change"]
    assert [(change.reason, change.number) for change in changes] == [("Soal membingungkan.", None)]


def test_regrade_is_one_event_for_an_attempt(instructor, learner, module):
    attempt = take(learner, module.quiz, ["Mars", ["Venus"], "Mars", "8"], now=NOON)
    job = RegradeJob.objects.create(module=module, reason="Kunci salah.", made_at=at(10))
    for response in attempt.responses.all():
        Regrade.objects.create(response=response, version=response.version, made_at=at(10), job=job)
    changes = [event for event in events(instructor, learner) if event.kind == "change"]
    assert [(change.reason, change.number) for change in changes] == [("Kunci salah.", 1)]


def test_arrival_is_told_to_the_instructor_of_the_class(instructor, other_learner, learner, administrator):
    study_class = a_class(by=instructor, join_code=new_code(), join_opened_at=NOON)
    joining.join_by_link(study_class, learner, now=at(1))
    (arrival,) = events(instructor, learner)
    assert (arrival.class_name, arrival.code) == (study_class.name, study_class.join_code)


def test_instructor_of_a_class_sees_only_its_modules(settings, instructor, learner):
    settings.MODULES = "owners"
    assigned, other = (a_module(PLANETS.replace("Tata surya", title)) for title in ("Satu", "Dua"))
    assign(a_class(by=instructor, members=[learner]), assigned)
    for module in (assigned, other):
        read_all(learner, module)
    seen = scope(instructor, learner)
    assert [module.title for module in seen.modules.values()] == ["Satu"]
    assert {event.module.title for event in events(instructor, learner)} == {"Satu"}


def test_filters_keep_their_kind(instructor, learner, module):
    take(learner, module.quiz, RIGHT, now=NOON)
    read_all(learner, module, now=at(5))
    assert {event.kind for event in events(instructor, learner, "readings")} == {"read"}
    assert {event.kind for event in events(instructor, learner, "quiz")} == {"attempt", "finish"}


def test_older_events_are_found_by_month(instructor, learner, module):
    enrolment = begun(learner, module)
    section = module.sections.first()
    for day in range(70):
        Reading.objects.create(
            enrolment=enrolment,
            section=section,
            revision=module.current,
            read_at=NOON - timedelta(days=day),
            lapsed_at=NOON,
        )
    first = timeline.latest(scope(instructor, learner))
    assert sum(len(day.events) for day in first.days) == timeline.SHOWN
    assert first.older == date(2026, 10, 1)
    october = timeline.of_month(scope(instructor, learner), first.older)
    assert (sum(len(day.events) for day in october.days), october.older) == (31, date(2026, 9, 1))
    september = timeline.of_month(scope(instructor, learner), october.older)
    assert september.older is None


def test_long_month_is_cut_and_says_so(instructor, learner, module, monkeypatch):
    monkeypatch.setattr(timeline, "MOST_OF_A_MONTH", 3)
    for hour in range(5):
        take(learner, module.quiz, ["Mars", ["Venus"], "Bumi", "1"], now=at(60 * hour))
    cut = timeline.of_month(scope(instructor, learner), date(2026, 11, 1))
    assert (cut.is_cut, sum(len(day.events) for day in cut.days)) == (True, 3)


@pytest.mark.parametrize("text", ["2026-13", "0001-01", "9999-12-01", "x", "2026-1"])
def test_unreadable_month_is_none(text):
    assert timeline.month_of(text) is None


def test_last_seen_is_the_latest_step_in_view(instructor, learner, module):
    read_all(learner, module, now=at(5))
    take(learner, module.quiz, RIGHT, now=at(30))
    shown = activity(scope(instructor, learner))
    assert (shown.readings, shown.attempts, shown.since, shown.last_seen) == (2, 1, at(5), at(30))


def test_timeline_takes_as_many_queries_for_many_modules(instructor, learner):
    def count():
        with CaptureQueriesContext(connection) as queries:
            events(instructor, learner)
        return len(queries)

    numbers = []
    for number in range(3):
        module = a_module(PLANETS.replace("Tata surya", f"Modul {number}"), by=instructor)
        read_all(learner, module)
        take(learner, module.quiz, RIGHT, now=at(number))
        numbers.append(count())
    assert len(set(numbers[1:])) == 1
