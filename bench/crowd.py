"""Lets a hundred processes do the same at the same moment, and checks their results and the stored rows.

    python bench/crowd.py ROUNDS [--fault unlocked]

Fills a new database and runs every race ``ROUNDS`` times. Prints as JSON the faults of each round of each race, in
sentences: ``{"the race": [[], ["a fault of the second round"], ...], ...}``.
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
from modules.quizzes import attempts, corrections  # noqa: E402
from modules.quizzes.answers import IncomingAnswer, Saved, save_answer  # noqa: E402
from modules.quizzes.final_grade import is_passing  # noqa: E402
from modules.quizzes.learner_rules import Refused  # noqa: E402
from modules.reading import progress  # noqa: E402

CROWD = 100
ALLOWED = 2  # attempts at the quiz that limits them
PATIENCE = 120  # seconds for the work of a process
QUESTIONS = 5
PASSING = 4  # right answers; one less does not pass
CHOICES = ("air", "bumi", "cahaya", "daun")

forked = multiprocessing.get_context("fork")
numbers = count(1)


def main(rounds: int, fault: str) -> None:
    call_command("migrate", verbosity=0)
    free, counted, mixed = a_quiz("Bebas"), a_quiz("Terbatas", f"attempts: {ALLOWED}\n"), a_quiz("Campur")
    races = {
        f"{CROWD} starts give one attempt": lambda: starts(free),
        f"{CROWD} submissions give one result": lambda: submissions(free),
        f"of {CROWD} answers to one slot the newest stays": lambda: answers_to_one_slot(free),
        "a submission grades the answers that were saved before": lambda: answers_and_a_submission(free),
        "the last attempt allowed, started by 2, is started once": lambda: last_attempt(counted, crowd=2),
        f"the last attempt allowed, started by {CROWD}, is started once": lambda: last_attempt(
            counted, crowd=CROWD
        ),
        f"{CROWD} who start and submit have no more than {ALLOWED} attempts": lambda: runs(counted),
        "two corrections at once both count": lambda: two_corrections(free),
        "a learner who reads the last section and submits at once has finished": lambda: (
            readings_and_submissions(free)
        ),
        "full marks reach all attempts that are submitted meanwhile": lambda: full_marks(free),
        f"{CROWD} do everything at once, and all outcomes are right": lambda: everything(mixed),
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


def new_learner() -> User:
    number = next(numbers)
    return User.objects.create(email=f"peserta{number}@example.com", name=f"Peserta {number}", password="!")


# ------------------------------------------------------------------------------------------------- at once


def all_at_once(action: Callable[[int], object], *, crowd: int = CROWD) -> list[object]:
    """Lets ``crowd`` processes do ``action`` at the same moment, each with its own connection.

    Returns their results in their order: a reason if an action was refused, and a sentence if it failed.
    """
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # a pool has threads, which do not exist in a copy of the process
    start, results = forked.Barrier(crowd), forked.SimpleQueue()
    processes = [forked.Process(target=act, args=(number, action, start, results)) for number in range(crowd)]
    for process in processes:
        process.start()
    by_number = dict(results.get() for _process in processes)
    for process in processes:
        process.join(PATIENCE)
    return [by_number[number] for number in range(crowd)]


def act(number: int, action: Callable[[int], object], start: Any, results: Any) -> None:
    """Connects, waits for the other processes of the crowd, does the action and reports its result."""
    try:
        connection.ensure_connection()
        start.wait(PATIENCE)
        outcome = action(number)
    except (Refused, corrections.Impossible) as refused:
        outcome = refused.reason
    except Exception as error:
        outcome = f"{type(error).__name__}: {error}".partition("\n")[0]
    results.put((number, outcome))


def unlike(results: list[object], wanted: object) -> Iterator[str]:
    """Yields a sentence if some results are not the wanted one."""
    others = [result for result in results if result != wanted]
    if others:
        yield f"{len(others)} of {len(results)} got something else than {wanted}, such as {others[0]}"


# ------------------------------------------------------------------------------------------------- races


def starts(quiz: Quiz) -> Iterator[str]:
    learner = new_learner()
    results = all_at_once(lambda _number: attempts.start(learner, quiz, now=timezone.now()).pk)
    stored = [(attempt.pk, attempt.responses.count()) for attempt in Attempt.objects.of(learner, quiz)]
    if len(stored) != 1 or stored[0][1] != QUESTIONS:
        yield f"{len(stored)} attempts are stored, with {[slots for _pk, slots in stored]} slots"
    yield from unlike(results, stored[0][0])


def submissions(quiz: Quiz) -> Iterator[str]:
    attempt = attempts.start(new_learner(), quiz, now=timezone.now())
    for slot in range(1, 3):
        save(attempt, slot, answer_to(attempt, slot, 0), now=timezone.now())

    def submit(number: int) -> list[str]:
        return grading_of(attempts.submit(attempt, now=timezone.now() + timedelta(seconds=number)))

    results = all_at_once(submit)
    attempt.refresh_from_db()
    yield from unlike(results, grading_of(attempt))
    if attempt.grade != 100 * 2 / QUESTIONS:
        yield f"the grade is {attempt.grade}"
    if (
        Enrolment.objects.get(pk=attempt.enrolment_id).passed_at is not None
        or not attempt.outcome_recorded_at
    ):
        yield "its outcome is not recorded as it should be"


def grading_of(attempt: Attempt) -> list[str]:
    return [str(attempt.submitted_at), str(attempt.mark), str(attempt.max_mark)]


def save(attempt: Attempt, slot: int, incoming: IncomingAnswer, *, now: datetime) -> Saved:
    return save_answer(Attempt.objects.filter(pk=attempt.pk), slot, incoming, now=now)


def answer_to(attempt: Attempt, slot: int, choice: int, sequence: int | None = None) -> IncomingAnswer:
    """Returns an answer to a slot by the number of its choice. The first choice is right."""
    choices = attempt.responses.select_related("version").get(slot=slot).version.choices
    return IncomingAnswer([choices[choice % len(choices)]["key"]], sequence)


def answers_to_one_slot(quiz: Quiz) -> Iterator[str]:
    attempt = attempts.start(new_learner(), quiz, now=timezone.now())
    sent = [answer_to(attempt, 1, sequence, sequence) for sequence in range(1, CROWD + 1)]
    random.shuffle(sent)
    results = all_at_once(lambda n: save(attempt, 1, sent[n], now=timezone.now()).accepted)
    yield from (str(result) for result in results if result not in (True, False))
    newest = max(sent, key=lambda answer: answer.sequence or 0)
    stored = attempt.responses.get(slot=1)
    if (stored.sequence, stored.answer) != (newest.sequence, newest.answer):
        yield f"number {stored.sequence} stays"


def answers_and_a_submission(quiz: Quiz) -> Iterator[str]:
    """Lets the first process submit while each of the others answers one of the slots, rightly or wrongly."""
    attempt = attempts.start(new_learner(), quiz, now=timezone.now())
    sent = [(n % QUESTIONS + 1, n // QUESTIONS + 1) for n in range(CROWD)]  # slot and number
    ready = [answer_to(attempt, slot, sequence, sequence) for slot, sequence in sent]

    def submit_or_answer(number: int) -> bool:
        if number == 0:
            return attempts.submit(attempt, now=timezone.now()).submitted_at is None
        return save(attempt, sent[number][0], ready[number], now=timezone.now()).accepted

    results = all_at_once(submit_or_answer)
    yield from (str(result) for result in results if result not in (True, False))
    accepted = [pair for pair, result in zip(sent, results, strict=True) if result is True]
    stored = list(attempt.responses.select_related("version").order_by("slot"))
    newest = [max((n for slot, n in accepted if slot == response.slot), default=0) for response in stored]
    numbers_stored = [response.sequence for response in stored]
    if newest != numbers_stored:
        yield f"numbers {newest} were accepted last, {numbers_stored} are stored"
    attempt.refresh_from_db()
    right = sum(response.answer == [response.version.choices[0]["key"]] for response in stored)
    if attempt.mark != right:
        yield f"the mark is {attempt.mark}, where {right} stored answers are right"


def last_attempt(quiz: Quiz, *, crowd: int) -> Iterator[str]:
    learner = new_learner()
    for _used in range(ALLOWED - 1):
        attempts.submit(attempts.start(learner, quiz, now=timezone.now()), now=timezone.now())
    results = all_at_once(lambda _number: attempts.start(learner, quiz, now=timezone.now()).pk, crowd=crowd)
    stored = list(Attempt.objects.of(learner, quiz).order_by("number"))
    if len(stored) != ALLOWED:
        yield f"{len(stored)} attempts are stored"
    yield from unlike(results, stored[-1].pk)


def runs(quiz: Quiz) -> Iterator[str]:
    learner = new_learner()

    def start_and_submit(_number: int) -> str:
        for _attempt in range(ALLOWED + 1):
            attempts.submit(attempts.start(learner, quiz, now=timezone.now()), now=timezone.now())
        return "no end"

    yield from unlike(all_at_once(start_and_submit), "no-attempts-left")
    stored = list(Attempt.objects.of(learner, quiz).order_by("number").values_list("number", flat=True))
    if stored != list(range(1, ALLOWED + 1)):
        yield f"attempts {stored} are stored"


def an_attempt(quiz: Quiz, learner: User, right: int, *, submitted: bool = True) -> Attempt:
    """Makes an attempt whose first ``right`` answers are right, and whose other slots have no answer."""
    attempt = attempts.start(learner, quiz, now=timezone.now())
    for slot in range(1, right + 1):
        save(attempt, slot, answer_to(attempt, slot, 0), now=timezone.now())
    return attempts.submit(attempt, now=timezone.now()) if submitted else attempt


def why() -> corrections.Why:
    return corrections.Why(None, "Salah ketik", timezone.now())


def two_corrections(quiz: Quiz) -> Iterator[str]:
    """Gives each learner two attempts that pass. One process deletes the first, another lowers a mark of the second."""
    people = [new_learner() for _pair in range(CROWD // 2)]
    pairs = [(an_attempt(quiz, learner, PASSING), an_attempt(quiz, learner, PASSING)) for learner in people]

    def correct(number: int) -> bool:
        first, second = pairs[number // 2]
        if number % 2:
            corrections.give_mark(second.responses.get(slot=1), Fraction(0), why())
        else:
            corrections.delete(first, why())
        return True

    yield from unlike(all_at_once(correct), True)
    passed = Enrolment.objects.filter(learner__in=people, passed_at__isnull=False).count()
    if passed:
        yield f"{passed} of {len(people)} have passed without an attempt that passes"


def readings_and_submissions(quiz: Quiz) -> Iterator[str]:
    """Lets one process per learner submit a passing attempt while another reads the only section."""
    people = [new_learner() for _pair in range(CROWD // 2)]
    begun = [an_attempt(quiz, learner, PASSING, submitted=False) for learner in people]
    section = Section.objects.select_related("module").get(module=quiz.module_id)

    def submit_or_read(number: int) -> bool:
        if number % 2:
            return bool(attempts.submit(begun[number // 2], now=timezone.now()).submitted_at)
        return bool(progress.record_reading(people[number // 2], section, now=timezone.now()).pk)

    yield from unlike(all_at_once(submit_or_read), True)
    unfinished = Enrolment.objects.filter(learner__in=people, finished_at__isnull=True).count()
    if unfinished:
        yield f"{unfinished} of {len(people)} have passed and read all, and have not finished"


def full_marks(quiz: Quiz) -> Iterator[str]:
    """Lets the first process give full marks for a question while each of the others submits an empty attempt."""
    question = Question.objects.get(quiz=quiz, place=0)
    begun = [an_attempt(quiz, new_learner(), 0, submitted=False) for _learner in range(CROWD - 1)]

    def grant_or_submit(number: int) -> bool:
        if number == 0:
            corrections.give_full_marks(question, why())
            return True
        return bool(attempts.submit(begun[number - 1], now=timezone.now()).submitted_at)

    yield from unlike(all_at_once(grant_or_submit), True)
    submitted = Attempt.objects.filter(pk__in=[attempt.pk for attempt in begun])
    marks = [attempt.mark for attempt in submitted]
    corrections.take_full_marks_back(question, why())
    if missed := sum(mark != 1 for mark in marks):
        yield f"{missed} of {len(marks)} submitted attempts have no full marks"


def everything(quiz: Quiz) -> Iterator[str]:
    """Gives ten learners a passed attempt and an open one, and lets ten processes do each action at once."""
    people = [new_learner() for _learner in range(CROWD // 10)]
    passed = [an_attempt(quiz, learner, PASSING) for learner in people]
    begun = [an_attempt(quiz, learner, PASSING, submitted=False) for learner in people]
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

    def act_once(number: int) -> bool:
        kind, n = divmod(number, len(people))
        now, first, second = timezone.now(), passed[n], begun[n]
        actions: list[Callable[[], object]] = [
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
        actions[kind]()
        return True

    refusals = {"open", "closed", "other-open", "not-submitted"}
    gone = "DoesNotExist: Attempt matching query does not exist."  # another process has deleted it
    yield from (str(result) for result in all_at_once(act_once) if result not in {True, gone, *refusals})
    for enrolment in Enrolment.objects.filter(learner__in=people).select_related("learner", "module"):
        yield from wrong_outcomes(enrolment, quiz)
    corrections.take_full_marks_back(question, why())


def wrong_outcomes(enrolment: Enrolment, quiz: Quiz) -> Iterator[str]:
    submitted = list(enrolment.attempts.submitted())
    if any(attempt.outcome_recorded_at is None for attempt in submitted):
        yield f"the outcome of an attempt of {enrolment.learner.email} could not be recorded"
    if is_passing(submitted, quiz.counts) != (enrolment.passed_at is not None):
        yield f"{enrolment.learner.email} is passed since {enrolment.passed_at} by {len(submitted)} attempts"
    unread = unread_by(enrolment.module.sections.active(), enrolment.learner)
    if enrolment.passed_at and not unread.exists() and enrolment.finished_at is None:
        yield f"{enrolment.learner.email} has passed and read all, and has not finished"


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[3] if "--fault" in sys.argv else "")
