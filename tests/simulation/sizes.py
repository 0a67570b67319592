"""Measures what planning a large document costs beside reading it; prints seconds, and megabytes at the highest.

python -m simulation.sizes renamed|rewritten|alike
"""

import json
import os
import resource
import sys
import time
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from modules.authoring import apply, planning  # noqa: E402
from modules.document.syntax import parser  # noqa: E402
from modules.models import Module, Reading  # noqa: E402
from modules.reading import progress  # noqa: E402

from .words import Language  # noqa: E402

SECTIONS, BYTES = 2_000, 2_000_000


def main(case: str) -> None:
    call_command("migrate", verbosity=0)
    random = Random(case)
    language = Language(random)
    before = texts(language, case)
    after = [changed(random, language, case, text) for text in before]
    module = apply.apply_plan(
        planning.plan_document(None, parser.parse_document(written(before))), by=None, now=timezone.now()
    )
    read_all(module)
    text = written(after)
    started = time.perf_counter()
    document = parser.parse_document(text)
    read = time.perf_counter() - started
    started = time.perf_counter()
    planning.plan_document(module, document)
    plan = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"read": read, "plan": plan, "memory": memory, "bytes": len(text.encode())}))


def texts(language: Language, case: str) -> list[tuple[str, list[str]]]:
    """Headings and sentences of so many sections; of ``alike``, all have the same but for a word each."""
    shared = sentences(language)
    if case == "alike":
        return [(f"Bagian {language.word()}", [*shared[:-1], f"Kata {n}."]) for n in range(SECTIONS)]
    return [(language.heading(), sentences(language)) for _ in range(SECTIONS)]


def sentences(language: Language) -> list[str]:
    found: list[str] = []
    while sum(map(len, found)) < BYTES / SECTIONS - 60:
        found.append(language.sentence())
    return found


def changed(
    random: Random, language: Language, case: str, text: tuple[str, list[str]]
) -> tuple[str, list[str]]:
    heading, lines = text
    if case == "rewritten":
        return heading, [language.sentence() if random.random() < 1 / 3 else line for line in lines]
    return language.heading(), lines


def written(parts: list[tuple[str, list[str]]]) -> str:
    return "# Besar\n\n" + "".join(f"## {heading}\n\n{' '.join(lines)}\n\n" for heading, lines in parts)


def read_all(module: Module) -> None:
    """One learner has read every section."""
    learner = User.objects.create(email="peserta@example.com", name="Peserta")
    enrolment = progress.begin(learner, module, now=timezone.now())
    Reading.objects.bulk_create(
        Reading(enrolment=enrolment, section=section, revision_id=module.current_id, read_at=timezone.now())
        for section in module.sections.active()
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
