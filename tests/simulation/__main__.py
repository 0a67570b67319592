"""Runs some courses in a database of its own and prints what each has found as a line of JSON.

    python -m tests.simulation SEED EDITS FAULT NUMBER...

It is started by bench/loading.py, with the environment of a new installation.
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
        tally.failures += [course.failure("dump", sentence) for sentence in dumped_otherwise(course)]
        if number == int(numbers[-1]):
            tally.failures += [course.failure("database", sentence) for sentence in unsound()]
        print(json.dumps(as_json(tally, number)), flush=True)


def dumped_otherwise(course: Course) -> Iterator[str]:
    """Whether a document that is loaded by the command comes back byte for byte."""
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


def unsound() -> Iterator[str]:
    """What SQLite itself finds wrong with the database."""
    with connection.cursor() as cursor:
        for check in ("integrity_check", "foreign_key_check"):
            cursor.execute(f"PRAGMA {check}")
            found = cursor.fetchall()
            if found not in ([], [("ok",)]):
                yield f"{check}: {found[:3]}"


if __name__ == "__main__":
    main(*sys.argv[1:])
