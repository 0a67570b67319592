"""The processes of ``regrade.py``: a class that has taken a quiz of twenty questions, a load, and a worker.

python bench/big_class.py fill ATTEMPTS OPEN   a new database with so many submitted attempts, and so many open ones.
                                               Prints a ticket for each open one, as ``examinees.py`` does
python bench/big_class.py plan KEYS            plans a document with so many other keys, and prints what that cost
python bench/big_class.py load KEYS [whole]    plans and loads it, and prints the seconds of the transaction
python bench/big_class.py work                 carries the job out, without any pause
python bench/big_class.py nurse                starts a worker for each line of the input, and prints its number
python bench/big_class.py job                  prints how many attempts are done, and whether that is all
python bench/big_class.py digest               prints a fingerprint of everything that a regrade decides
"""

import json
import os
import random
import resource
import signal
import sys
import time
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.utils import timezone  # noqa: E402
from examinees import ticket  # noqa: E402

from accounts.models import User  # noqa: E402
from modules.authoring import apply, planning, uploads  # noqa: E402
from modules.authoring.plan import Decisions, Plan  # noqa: E402
from modules.models import (  # noqa: E402
    Attempt,
    Enrolment,
    Module,
    QuestionVersion,
    Quiz,
    Reading,
    Regrade,
    RegradeJob,
    Response,
)
from modules.quizzes import grading, regrade_jobs  # noqa: E402
from tasks import models, worker  # noqa: E402

QUESTIONS = 20
CHOICES = ("air", "bumi", "cahaya", "daun")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BATCH = 500
PASS_MARK = 70


def text(changed: int = 0) -> str:
    """Returns the document. The first ``changed`` questions have another key."""
    questions = [question(n, (n + (n < changed)) % 4) for n in range(QUESTIONS)]
    return "\n\n".join(["# Ujian", "## Bacaan", "Satu kalimat.", "## Kuis akhir", *questions, ""])


def question(n: int, right: int) -> str:
    choices = [f"- [{'x' if place == right else ' '}] Si {word} {n}" for place, word in enumerate(CHOICES)]
    return f"### Soal {n}?\n\n" + "\n".join(choices)


def fill(attempts: str, still_open: str) -> None:
    call_command("migrate", verbosity=0)
    plan = planning.plan_document(None, uploads.parse_with_images(text()))
    module = apply.apply_plan(plan, by=None, now=NOON)
    Quiz.objects.filter(module=module).update(quiz_opens=Quiz.QuizOpens.AT_ONCE)
    module.publish(by=None, now=NOON)
    module.refresh_from_db()
    dice, versions = random.Random("tuntas"), [row.current for row in module.quiz.questions.active()]
    for start in range(0, int(attempts), BATCH):
        add_attempts(
            module, [v for v in versions if v], range(start, min(start + BATCH, int(attempts))), dice
        )
    people = User.objects.bulk_create(person(f"peserta{n}") for n in range(int(still_open)))
    print(json.dumps([ticket(learner, module) for learner in people]))


def person(name: str) -> User:
    return User(email=f"{name}@example.com", name=name, password="!")


def add_attempts(
    module: Module, versions: list[QuestionVersion], numbers: range, dice: random.Random
) -> None:
    """Adds attempts with random answers, two thirds of them right, marked by the key of the first document."""
    people = User.objects.bulk_create(person(f"orang{n}") for n in numbers)
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(learner=learner, module=module, begun_at=NOON, last_seen_at=NOON) for learner in people
    )
    section = module.sections.get()
    Reading.objects.bulk_create(
        Reading(enrolment=enrolment, section=section, revision_id=module.current_id, read_at=NOON)
        for enrolment in enrolments
    )
    answers = [[answer(version, dice) for version in versions] for _enrolment in enrolments]
    marks = [
        [
            grading.earned(version, chosen, "right_minus_wrong")
            for version, chosen in zip(versions, row, strict=True)
        ]
        for row in answers
    ]
    rows = [
        an_attempt(module, enrolment, sum(of_attempt, start=Fraction(0)))
        for enrolment, of_attempt in zip(enrolments, marks, strict=True)
    ]
    attempts = Attempt.objects.bulk_create(rows)
    Enrolment.objects.filter(attempts__passed_at__isnull=False, module=module).update(
        passed_at=NOON, finished_at=NOON
    )
    Response.objects.bulk_create(
        Response(
            attempt=attempt,
            slot=slot,
            version=version,
            order=[c["key"] for c in version.choices],
            answer=chosen,
            mark=mark,
            sequence=1,
            saved_at=NOON,
        )
        for attempt, row, of_attempt in zip(attempts, answers, marks, strict=True)
        for slot, (version, chosen, mark) in enumerate(zip(versions, row, of_attempt, strict=True), start=1)
    )


def answer(version: QuestionVersion, dice: random.Random) -> list[str]:
    right = [choice["key"] for choice in version.choices if choice["right"]]
    return right if dice.random() < 0.67 else [dice.choice(version.choices)["key"]]


def an_attempt(module: Module, enrolment: Enrolment, mark: Fraction) -> Attempt:
    passes = 100 * mark >= PASS_MARK * QUESTIONS
    return Attempt(
        enrolment=enrolment, quiz=module.quiz, number=1, pass_mark=PASS_MARK, started_at=NOON, submitted_at=NOON,
        outcome_recorded_at=NOON, mark=mark, max_mark=Fraction(QUESTIONS), passed_at=NOON if passes else None,
    )  # fmt: skip


def a_plan(changed: int) -> Plan:
    module = Module.objects.select_related("current").get()
    document = uploads.parse_with_images(text(changed), module=module)
    regrade = frozenset(f"soal-{n}" for n in range(changed))
    return planning.plan_document(module, document, Decisions(regrade=regrade))


def plan(changed: str) -> None:
    before, began = processor(), time.monotonic()
    effect = a_plan(int(changed)).effect
    seconds, used = time.monotonic() - began, processor() - before
    print(json.dumps({"processor": used, "seconds": seconds, "memory": memory(), "effect": astuple(effect)}))


def processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def memory() -> float:
    """Returns the most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def load(changed: str, fault: str = "") -> None:
    if fault == "whole":
        regrade_jobs.LARGE = 1_000_000
    planned, began = a_plan(int(changed)), time.monotonic()
    apply.apply_plan(planned, by=None, now=timezone.now())
    print(json.dumps({"seconds": time.monotonic() - began, "memory": memory()}))


def work() -> None:
    for unfinished in RegradeJob.objects.unfinished():
        while regrade_jobs.grade_next(unfinished.pk, now=timezone.now()):
            pass


def nurse() -> None:
    """Forks workers from a process that has loaded the code and has no connection to the database."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # The task of a killed worker waits for its lease to end. Here that is a second, so that the kills come sooner.
    models.LEASE, worker.BEAT, worker.POLL = timedelta(seconds=1), 0.3, 0.05
    for _line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            worker.WorkerLoop().run()
            os._exit(0)
        print(pid, flush=True)


def job() -> None:
    newest = RegradeJob.objects.order_by("-pk").first()
    facts = [newest.done, newest.total, newest.finished_at is not None] if newest else [0, 0, False]
    print(json.dumps(facts))


def digest() -> None:
    """Leaves out times, and the attempts that were open: people answer in them meanwhile."""
    submitted = Attempt.objects.submitted().order_by("pk").annotate(is_passing=Q(passed_at__isnull=False))
    responses = Response.objects.filter(attempt__submitted_at__isnull=False).order_by("pk")
    learners = Enrolment.objects.order_by("pk").annotate(
        is_passing=Q(passed_at__isnull=False), is_finished=Q(finished_at__isnull=False)
    )
    regrades = Regrade.objects.order_by("response", "pk")
    rows = [
        *submitted.values_list("pk", "mark", "max_mark", "is_passing"),
        *responses.values_list("pk", "mark", "manual_mark", "graded_with__number", "judging"),
        *learners.values_list("pk", "is_passing", "is_finished"),
        *regrades.values_list("response", "version__number", "mark_before"),
    ]
    print(sha256(repr(rows).encode()).hexdigest()[:16])


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
