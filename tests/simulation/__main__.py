"""Runs some courses in a separate database and prints the result of each as a line of JSON.

    python -m tests.simulation SEED EDITS FAULT NUMBER...

The script bench/loading.py starts it with the environment of a new installation.
"""

import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from modules.document.syntax import parser  # noqa: E402

from .course import Course  # noqa: E402
from .faults import planted  # noqa: E402
from .report import as_json  # noqa: E402


def main(seed: str, edits: str, fault: str, *numbers: str) -> None:
    call_command("migrate", verbosity=0)
    for number in map(int, numbers):
        with planted(fault):
            course = Course(seed, number, int(edits))
            tally = course.run()
        tally.failures += [course.failure("dump", sentence) for sentence in dump_problems(course)]
        if number == int(numbers[-1]):
            tally.failures += [course.failure("database", sentence) for sentence in database_problems()]
        print(json.dumps(as_json(tally, number)), flush=True)


def dump_problems(course: Course) -> Iterator[str]:
    """Loads the document by the command and yields a sentence unless its dump is the same byte for byte."""
    content = course.author.document.write().encode()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "modul.md"
        file.write_bytes(content)
        call_command("load", str(file), stdout=io.StringIO(), stderr=io.StringIO())
    out = io.TextIOWrapper(io.BytesIO(), newline="")
    with mock.patch.object(sys, "stdout", out):
        call_command("dump", parser.parse_document(content.decode()).slug)
    out.flush()
    if out.buffer.getvalue() != content:
        yield "what is dumped is not what was loaded"


def database_problems() -> Iterator[str]:
    """Yields what SQLite's own checks find wrong with the database."""
    with connection.cursor() as cursor:
        for check in ("integrity_check", "foreign_key_check"):
            cursor.execute(f"PRAGMA {check}")
            problems = cursor.fetchall()
            if problems not in ([], [("ok",)]):
                yield f"{check}: {problems[:3]}"


if __name__ == "__main__":
    main(*sys.argv[1:])
