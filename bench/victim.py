"""Runs as the process that ``bench/killing.py`` kills.

``fill`` makes a module that people study. ``apply`` loads an edited text into it.

    python bench/victim.py fill
    python bench/victim.py apply [--fault autocommit]

``apply`` plans, prints “ready”, waits for a line, prints “begun”, applies, and prints “done”.
"""

import os
import sys
from contextlib import nullcontext
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import QuerySet  # noqa: E402

from accounts.models import User  # noqa: E402
from modules.authoring import apply, planning, uploads  # noqa: E402
from modules.authoring.plan import Decisions  # noqa: E402
from modules.models import Attempt, Module, Quiz  # noqa: E402
from modules.quizzes import answers, attempts  # noqa: E402
from modules.reading import progress  # noqa: E402

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECTIONS, QUESTIONS, LEARNERS = 60, 20, 12
WORDS = ["air", "bumi", "cahaya", "daun", "emas", "gula", "hutan", "ikan", "jarum", "kayu", "laut", "mata"]


def fill() -> None:
    call_command("migrate", verbosity=0)
    module = apply.apply_plan(
        planning.plan_document(None, uploads.parse_with_images(text())), by=None, now=NOON
    )
    Module.objects.filter(pk=module.pk).update(created_at=NOON)
    Quiz.objects.filter(module=module).update(quiz_opens=Quiz.QuizOpens.AT_ONCE)
    module.publish(by=None, now=NOON)
    module.refresh_from_db()
    people = [User(email=f"peserta{n}@example.com", name=f"Peserta {n}") for n in range(LEARNERS)]
    for number, learner in enumerate(User.objects.bulk_create(people)):
        study(module, learner, number)


def study(module: Module, learner: User, number: int) -> None:
    sections = module.sections.active().select_related("module")
    for read in list(sections)[: 20 + 3 * number]:
        progress.record_reading(learner, read, now=NOON)
    attempt = attempts.start(learner, module.quiz, now=NOON)
    for response in attempt.responses.select_related("version"):
        chosen = response.version.choices[(response.slot + number) % 3]["key"]
        own_attempt = Attempt.objects.filter(pk=attempt.pk)
        answers.save_answer(own_attempt, response.slot, answers.IncomingAnswer([chosen]), now=NOON)
    if number % 3:
        attempts.submit(attempt, now=NOON)


def text(*, edited: bool = False) -> str:
    """Returns the document. ``edited`` renames, rewrites, deletes, moves and adds parts, and changes keys."""
    order = [n for n in range(SECTIONS) if not edited or n % 9]
    sections = [section(n, edited=edited) for n in (reversed(order) if edited else order)]
    new = [f"## Tambahan {n}\n\n{' '.join(reversed(WORDS))} {n}.\n" for n in range(5)] if edited else []
    questions = [question(n, edited=edited) for n in range(QUESTIONS)]
    return "\n".join(["# Modul\n", *sections, *new, "## Kuis akhir\n", *questions])


def section(n: int, *, edited: bool) -> str:
    words = " ".join(f"{word}{n}" for word in WORDS) * 3
    heading = f"Judul baru {n}" if edited and n % 4 == 0 else f"Bagian {n}"
    return f"## {heading}\n\n{words}{' Berubah.' if edited and n % 3 == 0 else ''}\n"


def question(n: int, *, edited: bool) -> str:
    right = (n + 1) % 3 if edited and n % 2 else n % 3
    choices = [
        f"- [{'x' if slot == right else ' '}] Jawaban {word} {n}" for slot, word in enumerate(WORDS[:3])
    ]
    return "\n".join([f"### Soal {n}?\n", *choices, ""])


def apply_edit(*, fault: str) -> None:
    document = uploads.parse_with_images(text(edited=True), module=(module := Module.objects.get()))
    regrade = frozenset(f"soal-{n}" for n in range(QUESTIONS) if n % 2)
    plan = planning.plan_document(module, document, Decisions(regrade=regrade))
    if plan.open_ambiguities or not plan.effect.changed:
        raise RuntimeError("The edit should ask nothing, and change grades.")
    if fault == "autocommit":
        transaction.atomic = lambda *_args, **_options: nullcontext()  # type: ignore[assignment]
        QuerySet.select_for_update = lambda self, **_options: self  # type: ignore[method-assign]
    print("ready", flush=True)
    sys.stdin.readline()
    print("begun", flush=True)
    apply.apply_plan(plan, by=None, now=NOON)
    print("done", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill()
    else:
        apply_edit(fault=sys.argv[3] if "--fault" in sys.argv else "")
