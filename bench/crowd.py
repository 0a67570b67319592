"""A hundred processes that do the same in the same moment: what each got, and what is stored then.

    python bench/crowd.py ROUNDS [--fault unlocked]

Fills a new database, runs every race so many times, and prints as JSON what was wrong in each round of each race, in
sentences: ``{"the race": [[], ["what was wrong in the second round"], ...], ...}``.
"""

import json
import multiprocessing
import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import count
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from modules.authoring import apply, planning, uploads  # noqa: E402
from modules.authoring.plan import Decisions  # noqa: E402
from modules.models import Attempt, Enrolment, Module, Question, Quiz, Section, unread_by  # noqa: E402
from modules.quizzes import answers, attempts, corrections  # noqa: E402
from modules.quizzes.final_grade import is_passing  # noqa: E402
from modules.quizzes.learner_rules import Refused  # noqa: E402
from modules.reading import progress  # noqa: E402

CROWD = 100
ALLOWED = 2  # attempts at the quiz where they are counted
PATIENCE = 120  # seconds for a process to do what it does
QUESTIONS = 5
PASSING = 4  # right answers; with one less it is no pass
CHOICES = ("air", "bumi", "cahaya", "daun")

forked = multiprocessing.get_context("fork")
numbers = count(1)


def main(rounds: int, fault: str) -> None:
    call_command("migrate", verbosity=0)
    free, counted, mixed = a_quiz("Bebas"), a_quiz("Terbatas", f"attempts: {ALLOWED}\n"), a_quiz("Campur")
    races = {
        f"{CROWD} starts give one attempt": lambda: starts(free),
        f"{CROWD} submissions give one result": lambda: submissions(free),
        f"of {CROWD} answers to one slot the newest stays": lambda: answers(free),
        "what is graded is what was answered before": lambda: answers_and_a_submission(free),
        "the last attempt allowed, taken by 2, is taken once": lambda: the_last(counted, crowd=2),
        f"the last attempt allowed, taken by {CROWD}, is taken once": lambda: the_last(counted, crowd=CROWD),
        f"{CROWD} who start and submit have no more than {ALLOWED} attempts": lambda: runs(counted),
        "of two corrections at once each knows of the other": lambda: two_corrections(free),
        "who reads the last section and submits at once has finished": lambda: readings_and_submissions(free),
        "full marks reach all who submit meanwhile": lambda: full_marks(free),
        f"{CROWD} do everything at once, and what follows is right": lambda: everything(mixed),
    }
    if fault == "unlocked":
        transaction.atomic = lambda *_args, **_options: nullcontext()  # type: ignore[assignment]
        QuerySet.select_for_update = lambda self, **_options: self  # type: ignore[method-assign]
    print(json.dumps({name: [list(race()) for _round in range(rounds)] for name, race in races.items()}))


def a_quiz(title: str, rules: str = "") -> Quiz:
    questions = [
        f"### Soal {n}?\n\n" + "\n".join(f"- [{'x' if word == 'air' else ' '}] {word}" for word in CHOICES)
        for n in range(QUESTIONS)
    ]
    front_matter = f"---\n{rules}---\n" if rules else ""
    text = front_matter + "\n\n".join(
        [f"# {title}", "## Bacaan", "Satu kalimat.", "## Kuis akhir", *questions, ""]
    )
    module = apply.apply_plan(
        planning.plan_document(None, uploads.parse_with_images(text)), by=None, now=timezone.now()
    )
    Quiz.objects.filter(module=module).update(quiz_opens=Quiz.QuizOpens.AT_ONCE)
    return Quiz.objects.select_related("module").get(module=module)


def somebody() -> User:
    number = next(numbers)
    return User.objects.create(email=f"peserta{number}@example.com", name=f"Peserta {number}", password="!")


# ------------------------------------------------------------------------------------------------- at once


def all_at_once(deed: Callable[[int], object], *, crowd: int = CROWD) -> list[object]:
    """What came of a deed that so many processes did in the same moment, each with a connection of its own.

    What they got, in their order; a reason where they were refused, and a sentence where it went wrong.
    """
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # a pool has threads, which do not live on in a copy of the process
    start, told = forked.Barrier(crowd), forked.SimpleQueue()
    processes = [forked.Process(target=one, args=(number, deed, start, told)) for number in range(crowd)]
    for process in processes:
        process.start()
    got = dict(told.get() for _process in processes)
    for process in processes:
        process.join(PATIENCE)
    return [got[number] for number in range(crowd)]


def one(number: int, deed: Callable[[int], object], start: Any, told: Any) -> None:
    """What one process of the crowd does: it connects, waits for the others, does the deed and tells what it got."""
    try:
        connection.ensure_connection()
        start.wait(PATIENCE)
        got = deed(number)
    except (Refused, corrections.Impossible) as refused:
        got = refused.reason
    except Exception as error:
        got = f"{type(error).__name__}: {error}".partition("\n")[0]
    told.put((number, got))


def unlike(got: list[object], wanted: object) -> Iterator[str]:
    """A sentence where not everybody got what was wanted."""
    others = [one for one in got if one != wanted]
    if others:
        yield f"{len(others)} of {len(got)} got something else than {wanted}, such as {others[0]}"


# ------------------------------------------------------------------------------------------------- races


def starts(quiz: Quiz) -> Iterator[str]:
    learner = somebody()
    got = all_at_once(lambda _number: attempts.start(learner, quiz, now=timezone.now()).pk)
    stored = [(one.pk, one.responses.count()) for one in Attempt.objects.of(learner, quiz)]
    if len(stored) != 1 or stored[0][1] != QUESTIONS:
        yield f"{len(stored)} attempts are stored, with {[slots for _pk, slots in stored]} slots"
    yield from unlike(got, stored[0][0])


def submissions(quiz: Quiz) -> Iterator[str]:
    attempt = attempts.start(somebody(), quiz, now=timezone.now())
    for place in range(1, 3):
        save(attempt, place, given(attempt, place, 0), now=timezone.now())

    def submit(number: int) -> list[str]:
        return result(attempts.submit(attempt, now=timezone.now() + timedelta(seconds=number)))

    got = all_at_once(submit)
    attempt.refresh_from_db()
    yield from unlike(got, result(attempt))
    if attempt.grade != 100 * 2 / QUESTIONS:
        yield f"the grade is {attempt.grade}"
    if (
        Enrolment.objects.get(pk=attempt.enrolment_id).passed_at is not None
        or not attempt.outcome_recorded_at
    ):
        yield "what follows from it is not what should"


def result(attempt: Attempt) -> list[str]:
    return [str(attempt.submitted_at), str(attempt.mark), str(attempt.max_mark)]


def save(attempt: Attempt, place: int, incoming: answers.IncomingAnswer, *, now: datetime) -> answers.Saved:
    return answers.save_answer(Attempt.objects.filter(pk=attempt.pk), place, incoming, now=now)


def given(attempt: Attempt, place: int, choice: int, sequence: int | None = None) -> answers.IncomingAnswer:
    """An answer to a slot: the choice in this place, the first of which is right."""
    choices = attempt.responses.select_related("version").get(slot=place).version.choices
    return answers.IncomingAnswer([choices[choice % len(choices)]["key"]], sequence)


def answers(quiz: Quiz) -> Iterator[str]:
    attempt = attempts.start(somebody(), quiz, now=timezone.now())
    sent = [given(attempt, 1, sequence, sequence) for sequence in range(1, CROWD + 1)]
    random.shuffle(sent)
    got = all_at_once(lambda n: save(attempt, 1, sent[n], now=timezone.now()).accepted)
    yield from (str(one) for one in got if one not in (True, False))
    newest = max(sent, key=lambda one: one.sequence or 0)
    stored = attempt.responses.get(slot=1)
    if (stored.sequence, stored.answer) != (newest.sequence, newest.answer):
        yield f"number {stored.sequence} stays"


def answers_and_a_submission(quiz: Quiz) -> Iterator[str]:
    """The first of the crowd submits; each of the others answers one of the slots, rightly or wrongly."""
    attempt = attempts.start(somebody(), quiz, now=timezone.now())
    sent = [(n % QUESTIONS + 1, n // QUESTIONS + 1) for n in range(CROWD)]  # slot and number
    ready = [given(attempt, place, sequence, sequence) for place, sequence in sent]

    def deed(number: int) -> bool:
        if number == 0:
            return attempts.submit(attempt, now=timezone.now()).submitted_at is None
        return save(attempt, sent[number][0], ready[number], now=timezone.now()).accepted

    got = all_at_once(deed)
    yield from (str(one) for one in got if one not in (True, False))
    accepted = [slot for slot, one in zip(sent, got, strict=True) if one is True]
    stored = list(attempt.responses.select_related("version").order_by("slot"))
    newest = [max((n for place, n in accepted if place == one.slot), default=0) for one in stored]
    if newest != [one.sequence for one in stored]:
        yield f"numbers {newest} were accepted last, {[one.sequence for one in stored]} are stored"
    attempt.refresh_from_db()
    right = sum(one.answer == [one.version.choices[0]["key"]] for one in stored)
    if attempt.mark != right:
        yield f"the mark is {attempt.mark}, where {right} stored answers are right"


def the_last(quiz: Quiz, *, crowd: int) -> Iterator[str]:
    learner = somebody()
    for _used in range(ALLOWED - 1):
        attempts.submit(attempts.start(learner, quiz, now=timezone.now()), now=timezone.now())
    got = all_at_once(lambda _number: attempts.start(learner, quiz, now=timezone.now()).pk, crowd=crowd)
    stored = list(Attempt.objects.of(learner, quiz).order_by("number"))
    if len(stored) != ALLOWED:
        yield f"{len(stored)} attempts are stored"
    yield from unlike(got, stored[-1].pk)


def runs(quiz: Quiz) -> Iterator[str]:
    learner = somebody()

    def deed(_number: int) -> str:
        for _attempt in range(ALLOWED + 1):
            attempts.submit(attempts.start(learner, quiz, now=timezone.now()), now=timezone.now())
        return "no end"

    got = all_at_once(deed)
    yield from unlike(got, "no-attempts-left")
    stored = [one.number for one in Attempt.objects.of(learner, quiz).order_by("number")]
    if stored != list(range(1, ALLOWED + 1)):
        yield f"attempts {stored} are stored"


def taken(quiz: Quiz, learner: User, right: int, *, submitted: bool = True) -> Attempt:
    """An attempt in which the first so many answers are right, and the others are not given."""
    attempt = attempts.start(learner, quiz, now=timezone.now())
    for place in range(1, right + 1):
        save(attempt, place, given(attempt, place, 0), now=timezone.now())
    return attempts.submit(attempt, now=timezone.now()) if submitted else attempt


def why() -> corrections.Why:
    return corrections.Why(None, "Salah ketik", timezone.now())


def two_corrections(quiz: Quiz) -> Iterator[str]:
    """Each learner has two attempts that pass: one process deletes one, another takes a mark from the other."""
    people = [somebody() for _pair in range(CROWD // 2)]
    pairs = [(taken(quiz, who, PASSING), taken(quiz, who, PASSING)) for who in people]

    def deed(number: int) -> bool:
        gone, marked = pairs[number // 2]
        if number % 2:
            corrections.give_mark(marked.responses.get(slot=1), Fraction(0), why())
        else:
            corrections.delete(gone, why())
        return True

    yield from unlike(all_at_once(deed), True)
    passed = Enrolment.objects.filter(learner__in=people, passed_at__isnull=False).count()
    if passed:
        yield f"{passed} of {len(people)} have passed without an attempt that passes"


def readings_and_submissions(quiz: Quiz) -> Iterator[str]:
    """For each learner, one process submits what passes, and another reads the only section."""
    people = [somebody() for _pair in range(CROWD // 2)]
    begun = [taken(quiz, who, PASSING, submitted=False) for who in people]
    section = Section.objects.select_related("module").get(module=quiz.module_id)

    def deed(number: int) -> bool:
        if number % 2:
            return bool(attempts.submit(begun[number // 2], now=timezone.now()).submitted_at)
        return bool(progress.record_reading(people[number // 2], section, now=timezone.now()).pk)

    yield from unlike(all_at_once(deed), True)
    unfinished = Enrolment.objects.filter(learner__in=people, finished_at__isnull=True).count()
    if unfinished:
        yield f"{unfinished} of {len(people)} have passed and read all, and have not finished"


def full_marks(quiz: Quiz) -> Iterator[str]:
    """The first of the crowd gives full marks for a question; each of the others submits what has no answer."""
    question = Question.objects.get(quiz=quiz, place=0)
    begun = [taken(quiz, somebody(), 0, submitted=False) for _learner in range(CROWD - 1)]

    def deed(number: int) -> bool:
        if number == 0:
            corrections.give_full_marks(question, why())
            return True
        return bool(attempts.submit(begun[number - 1], now=timezone.now()).submitted_at)

    yield from unlike(all_at_once(deed), True)
    marks = [one.mark for one in Attempt.objects.filter(pk__in=[one.pk for one in begun])]
    corrections.take_full_marks_back(question, why())
    if missed := sum(mark != 1 for mark in marks):
        yield f"{missed} of {len(marks)} who submitted went without"


def everything(quiz: Quiz) -> Iterator[str]:
    """Ten learners with an attempt that passed and an open one; all that people do with these, ten times at once."""
    people = [somebody() for _learner in range(CROWD // 10)]
    passed = [taken(quiz, who, PASSING) for who in people]
    begun = [taken(quiz, who, PASSING, submitted=False) for who in people]
    module = Module.objects.get(pk=quiz.module_id)
    section, question = (
        module.sections.select_related("module").get(),
        Question.objects.get(quiz=quiz, place=0),
    )
    text = module.text().replace("Satu kalimat.", f"Satu kalimat. Kalimat {next(numbers)}.")
    plan = planning.plan_document(
        module, uploads.parse_with_images(text), Decisions(tell={section.identity: "again"})
    )

    def load() -> None:
        try:
            apply.apply_plan(plan, by=None, now=timezone.now())
        except apply.ModuleChanged:
            return

    def deed(number: int) -> bool:
        kind, n = divmod(number, len(people))
        now, first, second = timezone.now(), passed[n], begun[n]
        deeds: list[Callable[[], object]] = [
            lambda: attempts.submit(second, now=now),
            lambda: progress.record_reading(people[n], section, now=now),
            lambda: attempts.start(people[n], quiz, now=now),
            lambda: corrections.delete(first, why()),
            lambda: corrections.restore(first, why()),
            lambda: corrections.reopen(second, why()),
            lambda: corrections.close(second, why()),
            lambda: corrections.give_mark(second.responses.get(slot=1), Fraction(n % 2), why()),
            lambda: (corrections.give_full_marks if n % 2 else corrections.regrade)(question, why()),
            load,
        ]
        deeds[kind]()
        return True

    refusals = {"open", "closed", "other-open", "not-submitted"}
    gone = "DoesNotExist: Attempt matching query does not exist."  # deleted by another one of them
    yield from (str(one) for one in all_at_once(deed) if one not in {True, gone, *refusals})
    for one in Enrolment.objects.filter(learner__in=people).select_related("learner", "module"):
        yield from what_does_not_follow(one, quiz)
    corrections.take_full_marks_back(question, why())


def what_does_not_follow(enrolment: Enrolment, quiz: Quiz) -> Iterator[str]:
    submitted = list(enrolment.attempts.submitted())
    if any(one.outcome_recorded_at is None for one in submitted):
        yield f"what follows from an attempt of {enrolment.learner.email} could not be recorded"
    if is_passing(submitted, quiz.counts) != (enrolment.passed_at is not None):
        yield f"{enrolment.learner.email} is passed since {enrolment.passed_at} by {len(submitted)} attempts"
    unread = unread_by(enrolment.module.sections.active(), enrolment.learner)
    if enrolment.passed_at and not unread.exists() and enrolment.finished_at is None:
        yield f"{enrolment.learner.email} has passed and read all, and has not finished"


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[3] if "--fault" in sys.argv else "")
