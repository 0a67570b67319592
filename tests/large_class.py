"""Helps tests of large classes: four learners are a large class here, and a batch has one attempt."""

import pytest

from accounts.models import User
from accounts.roles import Role
from modules.authoring import apply, planning, uploads
from modules.authoring.plan import Decisions, Plan
from modules.models import Attempt, Module, Quiz, RegradeJob
from modules.quizzes import regrade_jobs
from tests.cast import a_module, at, read_all, take
from tests.conftest import person

TEXT = """\
# Tata surya

## Bacaan

Delapan planet.

## Tambahan

Empat di antaranya dari gas.

## Kuis akhir

### Planet terbesar?

- [ ] Mars
- [x] Jupiter

### Planet luar?

- [x] Saturnus
- [x] Uranus
- [ ] Venus

### Planet keempat?

- [=] Mars
"""
OTHER_KEY = TEXT.replace("[ ] Mars", "[x] Mars").replace("[x] Jupiter", "[ ] Jupiter")
THIRD_KEY = OTHER_KEY.replace("- [x] Uranus", "- [ ] Uranus")
LARGEST, OUTER = "planet-terbesar", "planet-luar"
ANSWERS = [
    ["Jupiter", ["Saturnus", "Uranus"], "Mars"],
    ["Mars", ["Saturnus", "Uranus"], "Mars"],
    ["Jupiter", ["Saturnus"], "Bumi"],
    ["Mars", ["Saturnus", "Venus"], "Mars"],
]


def make_four_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrade_jobs, "LARGE", 2)
    monkeypatch.setattr(regrade_jobs, "BATCH", 1)
    monkeypatch.setattr(regrade_jobs, "PAUSE", 0)


def the_module() -> Module:
    module = a_module(TEXT)
    Quiz.objects.filter(module=module).update(quiz_opens=Quiz.QuizOpens.AT_ONCE)
    return Module.objects.select_related("quiz").get()


def the_learners() -> list[User]:
    return [person(f"orang{n}@example.com", Role.LEARNER, f"Orang {n}") for n in range(len(ANSWERS))]


def taken_by(learners: list[User], module: Module) -> list[Attempt]:
    """Returns the attempts of a class that has read everything."""
    for learner in learners:
        read_all(learner, module)
    return [take(learner, module.quiz, row) for learner, row in zip(learners, ANSWERS, strict=True)]


def a_plan(text: str, *regrade: str) -> Plan:
    module = Module.objects.select_related("current").get()
    document = uploads.parse_with_images(text, module=module)
    return planning.plan_document(module, document, Decisions(regrade=frozenset(regrade)))


def load(text: str, *regrade: str, minute: int = 30, by: User | None = None) -> Plan:
    plan = a_plan(text, *regrade)
    apply.apply_plan(plan, by=by, now=at(minute), reason="Kunci diperbaiki")
    return plan


def step(job: RegradeJob, minute: int = 40) -> bool:
    return regrade_jobs.grade_next(job.pk, now=at(minute))


def finish(job: RegradeJob) -> RegradeJob:
    while step(job):
        pass
    job.refresh_from_db()
    return job
