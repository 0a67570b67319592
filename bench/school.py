"""Makes a large school for ``bench/insights.py`` and asks for the pages of its largest module, in a process of its own.

    python bench/school.py fill LEARNERS MODULES ATTEMPTS
    python bench/school.py count
    python bench/school.py ask ROUNDS

``fill`` gives one module two fifths of the learners, and shares the others among the other modules. ``count`` does what
the worker does, and prints its seconds and the most memory that it took. ``ask`` prints the figures of each page.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from classroom import BATCH, TEACHER, add_people, figures  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.roles import Role, give  # noqa: E402
from modules.authoring import apply, planning, uploads  # noqa: E402
from modules.insights import stored_figures  # noqa: E402
from modules.insights.cohorts import Cohort  # noqa: E402
from modules.models import (  # noqa: E402
    Assignment,
    Attempt,
    Enrolment,
    Module,
    QuestionVersion,
    Quiz,
    Reading,
    Response,
    Section,
    StoredFigures,
    StudyClass,
)

SECTIONS, QUESTIONS, PASS_MARK = 10, 20, 70
WEEKS = 20  # over which learners begin
CLASSES, MEMBERS = 20, 300
CHOICES = ("air", "bumi", "cahaya", "daun")
NOW = timezone.now()


def fill(learners: str, modules: str, attempts: str) -> None:
    call_command("migrate", verbosity=0)
    teacher = User.objects.create_user(TEACHER, "x", name="Guru")
    give(teacher, Role.INSTRUCTOR)
    dice = random.Random("tuntas")
    people = add_people(int(learners), dice)
    made = [a_module(number, teacher) for number in range(int(modules))]
    first = people[: int(learners) * 2 // 5]
    rest = (int(attempts) - len(first)) // (
        len(made) - 1
    )  # the first module gets an attempt for each learner
    study(made[0], first, dice)
    for module in made[1:]:
        study(module, dice.sample(people, min(rest, len(people))), dice)
    add_classes(made[0], first, teacher)
    connection.cursor().execute("ANALYZE")


def a_module(number: int, owner: User) -> Module:
    sections = [f"## Bagian {n}\n\nSatu kalimat." for n in range(SECTIONS)]
    questions = [a_question(n) for n in range(QUESTIONS)]
    text = "\n\n".join([f"# Modul {number}", *sections, "## Kuis akhir", *questions, ""])
    plan = planning.plan_document(None, uploads.parse_with_images(text))
    module = apply.apply_plan(plan, by=owner, now=NOW - timedelta(weeks=WEEKS))
    Quiz.objects.filter(module=module).update(attempts_allowed=2)
    module.publish(by=owner, now=NOW - timedelta(weeks=WEEKS))
    return Module.objects.select_related("quiz").get(pk=module.pk)


def a_question(n: int) -> str:
    right = n % len(CHOICES)
    choices = [f"- [{'x' if place == right else ' '}] Si {word} {n}" for place, word in enumerate(CHOICES)]
    link = f"> Lihat [bagian ini](#bagian-{n // 2})."
    return f"### Soal {n}?\n\n" + "\n".join(choices) + f"\n\n{link}"


def study(module: Module, people: list[User], dice: random.Random) -> None:
    """Lets people read. All of them take the quiz, most once; whoever fails reads on or stops."""
    sections = list(module.sections.active())
    versions = [question.current for question in module.quiz.questions.active().select_related("current")]
    for start in range(0, len(people), BATCH):
        rows = Enrolment.objects.bulk_create(
            enrolment(each, module, dice) for each in people[start : start + BATCH]
        )
        Reading.objects.bulk_create(readings(module, sections, rows, dice), 5 * BATCH)
        take(module, [version for version in versions if version], rows, dice)


def enrolment(person: User, module: Module, dice: random.Random) -> Enrolment:
    begun = NOW - timedelta(minutes=dice.randint(1, WEEKS * 7 * 24 * 60))
    seen = min(NOW, begun + timedelta(hours=dice.randint(1, 400)))
    return Enrolment(learner=person, module=module, begun_at=begun, last_seen_at=seen)


def readings(
    module: Module, sections: list[Section], rows: list[Enrolment], dice: random.Random
) -> Iterator[Reading]:
    for row in rows:
        read = dice.choice((2, 4, 6, 8, SECTIONS, SECTIONS, SECTIONS))
        step = (row.last_seen_at - row.begun_at) / (read + 1)
        for place, section in enumerate(sections[:read], start=1):
            yield Reading(
                enrolment=row,
                section=section,
                revision_id=module.current_id,
                read_at=row.begun_at + place * step,
            )


def take(module: Module, versions: list[QuestionVersion], rows: list[Enrolment], dice: random.Random) -> None:
    """Gives each learner an attempt. A learner is right as often as their own skill says."""
    answers = [answers_of(versions, dice) for _row in rows]
    attempts = Attempt.objects.bulk_create(
        an_attempt(module, row, [right for _keys, right in given])
        for row, given in zip(rows, answers, strict=True)
    )
    for row, attempt in zip(rows, attempts, strict=True):
        row.grade, row.passed_at, row.finished_at = (
            float(attempt.grade or 0),
            attempt.passed_at,
            attempt.passed_at,
        )
    Enrolment.objects.bulk_update(rows, ["grade", "passed_at", "finished_at"], BATCH)
    Response.objects.bulk_create(
        (
            Response(
                attempt=attempt, slot=slot, version=version, answer=keys, mark=Fraction(right),
                sequence=1, saved_at=attempt.submitted_at,
            )
            for attempt, given in zip(attempts, answers, strict=True)
            for slot, (version, (keys, right)) in enumerate(zip(versions, given, strict=True), start=1)
        ),
        5 * BATCH,
    )  # fmt: skip


def answers_of(versions: list[QuestionVersion], dice: random.Random) -> list[tuple[list[str], int]]:
    skill = dice.uniform(0.35, 0.95)
    answers = []
    for version in versions:
        right = next(choice["key"] for choice in version.choices if choice["right"])
        key = right if dice.random() < skill else dice.choice(version.choices)["key"]
        answers.append(([key], int(key == right)))
    return answers


def an_attempt(module: Module, row: Enrolment, right: list[int]) -> Attempt:
    passes = 100 * sum(right) >= PASS_MARK * QUESTIONS
    return Attempt(
        enrolment=row, quiz=module.quiz, number=1, pass_mark=PASS_MARK, started_at=row.last_seen_at,
        submitted_at=row.last_seen_at, outcome_recorded_at=row.last_seen_at, mark=Fraction(sum(right)),
        max_mark=Fraction(QUESTIONS), passed_at=row.last_seen_at if passes else None,
    )  # fmt: skip


def add_classes(module: Module, people: list[User], teacher: User) -> None:
    for number in range(CLASSES):
        group = Group.objects.create(name=f"X-TKR {number}")
        group.user_set.add(*people[number * MEMBERS : (number + 1) * MEMBERS])
        study_class = StudyClass.objects.create(group=group)
        study_class.instructors.add(teacher)
        due = NOW + timedelta(days=7 * (number - 4))
        Assignment.objects.create(study_class=study_class, module=module, due_at=due)


def count() -> None:
    """Counts as the worker does, and prints the seconds and the memory that it took."""
    before, began = memory(), time.monotonic()
    for kind in StoredFigures.Kind:
        stored_figures.look(Cohort(the_module()), kind, now=NOW)
        stored_figures.count_stored_figures.call(the_module().pk, kind.value, "")
    print(json.dumps({"seconds": time.monotonic() - began, "megabytes": memory() - before}))


def memory() -> float:
    """Returns the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def the_module() -> Module:
    return Module.objects.select_related("quiz").get(title="Modul 0")


def pages() -> dict[str, str]:
    """Returns the address of each page that is measured, by what it shows."""
    of_module = f"/admin/modules/module/{the_module().pk}"
    study_class = StudyClass.objects.order_by("pk")[0].pk
    latest = (NOW - timedelta(days=2)).date()
    return {
        "overview": f"{of_module}/overview/",
        "overview, one class": f"{of_module}/overview/?class={study_class}",
        "overview, two days": f"{of_module}/overview/?since={latest}",
        "questions": f"{of_module}/questions/",
        "questions, one class": f"{of_module}/questions/?class={study_class}",
        "who needs help": f"{of_module}/results/?state=help",
    }


def ask(rounds: str) -> None:
    browser = Client(headers={"host": "testserver"})
    browser.force_login(
        User.objects.get(email=TEACHER), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    with override_settings(ROOT_URLCONF="bare_list"):
        found = {name: figures(browser, address, int(rounds)) for name, address in pages().items()}
    print(json.dumps({"pages": found, "learners": Enrolment.objects.filter(module=the_module()).count()}))


if __name__ == "__main__":
    {"fill": fill, "count": count, "ask": ask}[sys.argv[1]](*sys.argv[2:])
