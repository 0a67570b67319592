"""Tests the rules of a quiz: starting, time limits, the grade that counts, and what a review shows."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.utils import translation

from modules.authoring import apply, planning, uploads
from modules.document.syntax.review import ASPECTS
from modules.models import Attempt, Enrolment, Override, Quiz
from modules.quizzes import attempts, completion, rules_in_words
from modules.quizzes.final_grade import final_grade
from modules.quizzes.learner_rules import Refused, rules_for
from tasks.worker import TimeUp
from tests.cast import NOON, a_quiz, at, give, take

pytestmark = pytest.mark.django_db

ONE_QUESTION = """\
### Planet terbesar?

- [ ] Mars
  > Bukan.
- [x] Jupiter

> Lihat gambar.

"""
THREE_RIGHT = """\
### Planet luar?

- [x] Saturnus
- [x] Uranus
- [x] Neptunus
- [ ] Venus

"""


def refusal(learner, quiz, now):
    return attempts.history(learner, quiz, now=now).refusal(now)


# ------------------------------------------------------------------------------------------- from the document


def test_front_matter_sets_every_rule():
    quiz = a_quiz(
        ONE_QUESTION,
        front_matter="""\
            pass_mark: 60
            attempts: 3
            wait: 90
            time_limit: 30
            late: grace
            grace: 5
            counts: last
            scoring: all_or_nothing
            shuffle: true
            draw: 2
            review: {right_after: [marks], after_closing: [answer, right_answer]}
            opens: 2027-03-01 08:00 +07:00
            closes: 2027-03-31 08:00 Z
            """,
    )
    assert (quiz.pass_mark, quiz.attempts_allowed, quiz.wait, quiz.time_limit) == (60, 3, 90, 30)
    assert (quiz.late, quiz.grace, quiz.counts, quiz.scoring) == ("grace", 5, "last", "all_or_nothing")
    assert (quiz.shuffle, quiz.draw) == (True, 2)
    assert quiz.review == "right_after: marks; after_closing: answer right_answer"
    assert quiz.opens_at == datetime(2027, 3, 1, 1, tzinfo=UTC)
    assert quiz.closes_at == datetime(2027, 3, 31, 8, tzinfo=UTC)


def test_opening_day_lasts_from_midnight_to_midnight(settings):
    settings.TIME_ZONE = "Asia/Jakarta"
    quiz = a_quiz(ONE_QUESTION, front_matter="opens: 2027-03-01\ncloses: 2027-03-01\n")
    assert quiz.opens_at == datetime(2027, 2, 28, 17, tzinfo=UTC)
    assert quiz.closes_at == datetime(2027, 3, 1, 17, tzinfo=UTC)


def test_plan_lists_each_changed_rule():
    quiz = a_quiz(ONE_QUESTION, front_matter="wait: 5\ncounts: last\n")
    text = quiz.module.text().replace("wait: 5", "wait: 10\ncloses: 2027-01-01 00:00 Z")
    plan = planning.plan_document(quiz.module, uploads.parse_with_images(text))
    assert {setting.name: (setting.before, setting.after) for setting in plan.settings} == {
        "wait": (5, 10),
        "closes": (None, datetime(2027, 1, 1, tzinfo=UTC)),
    }


# ------------------------------------------------------------------------------------------- starting


def test_start_is_refused_during_the_pause(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="wait: 60\n")
    take(learner, quiz, ["Mars"])
    refused = refusal(learner, quiz, at(59))
    assert (refused.reason, refused.until) == ("wait", at(60))
    with pytest.raises(Refused, match="wait"):
        attempts.start(learner, quiz, now=at(59))
    assert attempts.start(learner, quiz, now=at(60)).number == 2


def test_pause_beyond_closing_leaves_no_attempt(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="wait: 60\ncloses: 2026-11-24 13:00 Z\n")
    take(learner, quiz, ["Mars"])
    refused = refusal(learner, quiz, at(5))
    assert (refused.reason, refused.until) == ("closes-first", None)
    assert refusal(learner, quiz, at(60)).reason == "closed"

    Override.objects.create(quiz=quiz, learner=learner, closes_at=at(61))
    assert refusal(learner, quiz, at(5)).reason == "wait"


def test_start_without_pause_ignores_later_submission_time(learner):
    quiz = a_quiz(ONE_QUESTION)
    take(learner, quiz, ["Mars"], now=at(1))
    assert attempts.start(learner, quiz, now=NOON).number == 2


def test_quiz_starts_only_while_open(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="opens: 2026-11-24 12:10 Z\ncloses: 2026-11-24 12:20 Z\n")
    assert refusal(learner, quiz, at(9)).reason == "not-open-yet"
    assert refusal(learner, quiz, at(10)) is None
    assert refusal(learner, quiz, at(20)).reason == "closed"


def test_attempt_ends_when_quiz_closes(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 30\ncloses: 2026-11-24 12:20 Z\n")
    assert attempts.start(learner, quiz, now=NOON).deadline == at(20)


def test_override_of_class_changes_learner_rules(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="attempts: 1\ntime_limit: 20\ncloses: 2026-11-24 12:10 Z\n")
    group = Group.objects.create(name="Kelas B")
    learner.groups.add(group)
    Override.objects.create(quiz=quiz, group=group, attempts_allowed=2, extra_minutes=5, closes_at=at(90))
    learner_rules = rules_for(quiz, learner)
    assert (learner_rules.attempts, learner_rules.minutes, learner_rules.closes_at) == (2, 25, at(90))


def test_own_override_wins_then_most_generous_class(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="attempts: 1\ntime_limit: 20\ncloses: 2026-11-24 12:10 Z\n")
    for name, number, minutes in (("Kelas B", 2, 5), ("Remedial", 3, None)):
        group = Group.objects.create(name=name)
        learner.groups.add(group)
        Override.objects.create(quiz=quiz, group=group, attempts_allowed=number, extra_minutes=minutes)
    own_override = Override.objects.create(quiz=quiz, learner=learner, closes_at=at(90))
    learner_rules = rules_for(quiz, learner)
    assert (learner_rules.attempts, learner_rules.minutes, learner_rules.closes_at) == (3, 25, at(90))

    own_override.time_factor, own_override.attempts_allowed = Fraction(11, 10), 2
    own_override.save()
    learner_rules = rules_for(quiz, learner)
    assert (learner_rules.attempts, learner_rules.minutes, learner_rules.closes_at) == (2, 22, at(90))


def test_summary_states_seconds_and_zero_attempts(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\nattempts: 2\n")
    Override.objects.create(quiz=quiz, learner=learner, time_factor=Fraction(5, 4), attempts_allowed=0)
    with translation.override("en"):
        sentences = list(rules_in_words.summary(quiz, rules_for(quiz, learner)))
    assert sentences[0].startswith("You have 0 attempts.")
    assert sentences[1] == "An attempt lasts at most 12 minutes 30 seconds."


def test_override_of_other_learner_is_ignored(learner, instructor):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 20\n")
    Override.objects.create(quiz=quiz, learner=instructor, extra_minutes=5)
    assert rules_for(quiz, learner).minutes == 20


def test_drawn_questions_prefer_unseen_ones(learner):
    five_questions = "".join(
        ONE_QUESTION.replace("terbesar", word) for word in ("satu", "dua", "tiga", "empat", "lima")
    )
    quiz = a_quiz(five_questions, front_matter="draw: 2\n")
    drawn = []
    for _attempt in range(2):
        attempt = attempts.submit(attempts.start(learner, quiz, now=NOON), now=NOON)
        assert attempt.max_mark == 2
        drawn += [response.version.question_id for response in attempt.responses.select_related("version")]
    assert len(set(drawn)) == 4

    drawn_last = attempts.start(learner, quiz, now=NOON).responses.values_list("version__question", flat=True)
    assert len(set(drawn_last) - set(drawn)) == 1


# ------------------------------------------------------------------------------------------- time limit


def test_grace_allows_submission_but_no_answers(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\nlate: grace\ngrace: 5\n")
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")

    assert not give(attempt, 1, "Mars", now=at(11)).accepted
    assert attempts.is_overdue(attempt, now=at(11))
    assert attempts.submit(attempt, now=at(14)).grade == 100


@pytest.mark.parametrize(
    ("rules", "ended"), [("late: grace\ngrace: 5\n", at(15)), ("late: abandon\n", at(10))]
)
def test_attempt_not_submitted_in_time_is_abandoned(learner, rules, ended):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\nattempts: 2\n" + rules)
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")

    closed = attempts.submit(attempt, now=at(60))

    assert (closed.abandoned_at, closed.submitted_at, closed.grade) == (ended, None, None)
    assert rules_for(quiz, learner).left(Attempt.objects.count()) == 1
    assert not Enrolment.objects.get().passed_at


def test_abandoned_attempt_is_left_out_of_average(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\nlate: abandon\ncounts: average\n")
    attempts.start(learner, quiz, now=NOON)
    take(learner, quiz, ["Jupiter"], now=at(60))
    assert final_grade(Attempt.objects.all(), "average") == 100


ZONES = (
    ("Europe/Berlin", "2027-03-28 01:30", "2027-10-31 02:30"),
    ("America/New_York", "2027-03-14 01:30", "2027-11-07 01:30"),
    ("Australia/Lord_Howe", "2027-10-03 01:45", "2027-04-04 01:45"),
    ("America/Santiago", "2027-09-04 23:30", "2027-04-03 23:30"),
    ("Asia/Jakarta", "2027-03-28 01:30", "2027-10-31 02:30"),
    ("Africa/Casablanca", "2027-02-07 02:30", "2027-03-14 01:30"),
    ("Asia/Jerusalem", "2027-03-26 01:30", "2027-10-31 01:30"),
)  # clock changes by an hour, by half an hour, at midnight, never, around the fasting month, and on a Friday
YEAR_ENDS_AND_LEAP_DAYS = (
    "2027-12-31 23:30",
    "2028-02-28 23:30",
    "2028-02-29 23:30",
)  # the end of a year, and the evenings before and on a leap day


@pytest.mark.parametrize(("zone", "spring", "autumn"), ZONES)
def test_time_limit_is_exact_across_clock_changes(learner, settings, zone, spring, autumn):
    settings.TIME_ZONE = zone
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 60\nwait: 1440\n")
    for text in (spring, autumn):
        started = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
        elapsed = rules_for(quiz, learner).deadline(started).timestamp() - started.timestamp()
        assert elapsed == 3600


@pytest.mark.parametrize("fold", [0, 1])
@pytest.mark.parametrize(("zone", "spring", "autumn"), ZONES)
def test_answers_are_accepted_until_the_exact_deadline(learner, settings, zone, spring, autumn, fold):
    settings.TIME_ZONE = zone
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 60\n")
    for text in (spring, autumn, *YEAR_ENDS_AND_LEAP_DAYS):
        started = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
        end = started.astimezone(UTC) + timedelta(minutes=60)
        attempt = Attempt.objects.get(pk=attempts.start(learner, quiz, now=started).pk)
        assert attempt.deadline == end
        assert give(attempt, 1, "Mars", now=end - timedelta(seconds=1)).accepted

        moments = [end + attempts.TOLERANCE + timedelta(seconds=seconds) for seconds in (-1, 0, 1)]
        local = [moment.astimezone(started.tzinfo) for moment in moments]
        assert [give(attempt, 1, "Jupiter", now=now).accepted for now in local] == [True, False, False]

        closed = attempts.submit(attempt, now=local[-1])
        assert (closed.submitted_at, closed.grade) == (end, 100)


def test_skipped_opening_time_moves_forward(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    quiz = a_quiz(ONE_QUESTION, front_matter="opens: 2027-03-28 02:30\ncloses: 2028-02-29\n")
    assert quiz.opens_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert quiz.closes_at == datetime(2028, 2, 29, 23, tzinfo=UTC)


# ------------------------------------------------------------------------------------------- final grade


@pytest.mark.parametrize(
    ("counts", "grade", "passed"),
    [("highest", 100, True), ("average", 50, False), ("first", 0, False), ("last", 50, False)],
)
def test_counts_rule_selects_the_final_grade(learner, counts, grade, passed):
    quiz = a_quiz(
        ONE_QUESTION + ONE_QUESTION.replace("terbesar", "besar"),
        front_matter=f"counts: {counts}\npass_mark: 60\n",
    )
    for answers in (["Mars", "Mars"], ["Jupiter", "Jupiter"], ["Jupiter", "Mars"]):
        take(learner, quiz, answers)
    assert final_grade(Attempt.objects.all(), counts) == grade
    assert (Enrolment.objects.get().passed_at is not None) == passed


def test_changed_counts_rule_applies_to_submitted_attempts(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="counts: first\n")
    take(learner, quiz, ["Mars"])
    take(learner, quiz, ["Jupiter"])
    assert Enrolment.objects.get().passed_at is None

    text = quiz.module.text().replace("counts: first", "counts: highest")
    apply.apply_plan(planning.plan_document(quiz.module, uploads.parse_with_images(text)), by=None, now=at(5))

    assert Enrolment.objects.get().passed_at == at(5)


def test_all_or_nothing_scores_partial_answer_zero(learner):
    quiz = a_quiz(THREE_RIGHT, front_matter="scoring: all_or_nothing\n")
    assert take(learner, quiz, [["Saturnus", "Uranus"]]).mark == 0
    assert take(learner, quiz, [["Saturnus", "Uranus", "Neptunus"]]).mark == 1


def test_default_scoring_subtracts_wrong_choices(learner):
    quiz = a_quiz(THREE_RIGHT)
    assert take(learner, quiz, [["Saturnus", "Uranus", "Venus"]]).mark == Fraction(1, 3)


# ------------------------------------------------------------------------------------------- review


def aspects_shown(learner, quiz, attempt, now):
    return attempts.history(learner, quiz, now=now).shown(attempt, now)


def test_review_table_sets_aspects_by_moment(learner):
    quiz = a_quiz(
        ONE_QUESTION,
        front_matter="""\
            review:
              right_after: [answer, marks]
              while_open: marks
              after_closing: [answer, correctness, marks, feedback, explanation, right_answer]
            closes: 2026-11-24 13:00 Z
            """,
    )
    attempt = take(learner, quiz, ["Mars"])
    assert aspects_shown(learner, quiz, attempt, at(1)) == {"answer", "marks"}
    assert aspects_shown(learner, quiz, attempt, at(3)) == {"marks"}
    assert aspects_shown(learner, quiz, attempt, at(60)) == set(ASPECTS)


@pytest.mark.parametrize(
    ("word", "while_open", "once_closed"),
    [("submitted", True, True), ("never", False, False), ("passed", False, True)],
)
def test_review_word_sets_when_right_answers_show(learner, word, while_open, once_closed):
    quiz = a_quiz(ONE_QUESTION, front_matter=f"review: {word}\ncloses: 2026-11-24 13:00 Z\n")
    attempt = take(learner, quiz, ["Mars"])
    assert ("right_answer" in aspects_shown(learner, quiz, attempt, at(10))) == while_open
    assert ("right_answer" in aspects_shown(learner, quiz, attempt, at(60))) == once_closed


# ------------------------------------------------------------------------------------------- outcome


def test_failed_outcome_does_not_fail_submission(learner, monkeypatch):
    quiz = a_quiz(ONE_QUESTION)

    def fail(self, now):
        raise RuntimeError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(completion, "record_outcome", fail)
        attempt = take(learner, quiz, ["Jupiter"])
    attempt.refresh_from_db()
    assert (attempt.grade, attempt.outcome_recorded_at) == (100, None)
    assert Enrolment.objects.get().passed_at is None

    attempts.record_outcome(attempt, now=at(5))
    attempt.refresh_from_db()
    assert (Enrolment.objects.get().passed_at, attempt.outcome_recorded_at) == (at(5), at(5))


@pytest.mark.parametrize("step", ["_end", "completion.record_outcome"])
def test_interrupted_task_closes_no_more_attempts(learner, other_learner, monkeypatch, step):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\n")
    for person in (learner, other_learner):
        attempts.start(person, quiz, now=NOON)
    tried = []

    def interrupt(*_arguments: object) -> None:
        tried.append(step)
        raise TimeUp

    monkeypatch.setattr(f"modules.quizzes.attempts.{step}", interrupt)
    with pytest.raises(TimeUp):
        attempts.close_late(Attempt.objects.all(), now=at(60))
    assert len(tried) == 1


def test_open_attempt_keeps_deadline_when_rules_change(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\n")
    attempt = attempts.start(learner, quiz, now=NOON)
    Quiz.objects.update(time_limit=1, late="abandon")
    assert attempts.submit(attempt, now=at(10)).submitted_at == at(10)
    assert attempt.deadline - attempt.started_at == timedelta(minutes=10)
