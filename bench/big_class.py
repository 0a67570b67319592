"""Makes a class that has taken a quiz of twenty questions, for ``bench/regrade.py``, and works on it.

``fill ATTEMPTS OPEN`` makes submitted attempts and some open ones, and prints a ticket for each open one, as
``bench/examinees.py`` does. ``plan`` plans a document with another key, and prints what that cost. ``load`` loads it.
``work`` runs the worker until it is stopped. ``state`` prints the jobs. ``rows`` prints a fingerprint of all grades.
"""

import json
import os
import random
import resource
import sys
import time
from datetime import UTC, datetime
from fractions import Fraction

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from examinees import ticket  # noqa: E402

from accounts.models import User  # noqa: E402
from modules.authoring import apply, planning, uploads  # noqa: E402
from modules.authoring.plan import Decisions, Plan  # noqa: E402
from modules.models import Attempt, Enrolment, Module, QuestionVersion, Quiz, Reading, Response  # noqa: E402
from modules.quizzes import grading  # noqa: E402

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
        Enrolment(learner=learner, module=module, begun_at=NOON) for learner in people
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


def plan(changed: str = "1") -> None:
    before, began = processor(), time.monotonic()
    effect = a_plan(int(changed)).effect
    print(
        json.dumps(
            {
                "processor": processor() - before,
                "seconds": time.monotonic() - began,
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "effect": [effect.attempts, effect.up, effect.down, effect.passes, effect.fails],
            }
        )
    )


def processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
