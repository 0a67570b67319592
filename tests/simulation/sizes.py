"""Measures the cost of planning a large document compared with parsing it. Prints seconds and the peak in megabytes.

python -m tests.simulation.sizes renamed|rewritten|alike
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

SECTIONS, BYTES = 2_000, 2_000_000  # of the document; more makes the measure slower


def main(case: str) -> None:
    call_command("migrate", verbosity=0)
    random = Random(case)
    language = Language(random)
    before = random_texts(language, case)
    after = [changed_text(random, language, case, text) for text in before]
    module = apply.apply_plan(
        planning.plan_document(None, parser.parse_document(write_document(before))),
        by=None,
        now=timezone.now(),
    )
    read_all(module)
    text = write_document(after)
    started = time.perf_counter()
    document = parser.parse_document(text)
    parse_seconds = time.perf_counter() - started
    started = time.perf_counter()
    planning.plan_document(module, document)
    plan_seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {"read": parse_seconds, "plan": plan_seconds, "memory": memory, "bytes": len(text.encode())}
        )
    )


def random_texts(language: Language, case: str) -> list[tuple[str, list[str]]]:
    """Returns the headings and sentences of all sections. In the case ``alike`` they differ in one word each."""
    shared = sentences(language)
    if case == "alike":
        return [(f"Bagian {language.word()}", [*shared[:-1], f"Kata {n}."]) for n in range(SECTIONS)]
    return [(language.heading(), sentences(language)) for _ in range(SECTIONS)]


def sentences(language: Language) -> list[str]:
    new_sentences: list[str] = []
    while sum(map(len, new_sentences)) < BYTES / SECTIONS - 60:
        new_sentences.append(language.sentence())
    return new_sentences


def changed_text(
    random: Random, language: Language, case: str, text: tuple[str, list[str]]
) -> tuple[str, list[str]]:
    heading, lines = text
    if case == "rewritten":
        return heading, [language.sentence() if random.random() < 1 / 3 else line for line in lines]
    return language.heading(), lines


def write_document(parts: list[tuple[str, list[str]]]) -> str:
    return "# Besar\n\n" + "".join(f"## {heading}\n\n{' '.join(lines)}\n\n" for heading, lines in parts)


def read_all(module: Module) -> None:
    """Records that one learner has read every section."""
    learner = User.objects.create(email="peserta@example.com", name="Peserta")
    enrolment = progress.begin(learner, module, now=timezone.now())
    Reading.objects.bulk_create(
        Reading(enrolment=enrolment, section=section, revision_id=module.current_id, read_at=timezone.now())
        for section in module.sections.active()
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
