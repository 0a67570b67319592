"""The processes of ``exports.py``, on the class that ``big_class.py fill`` has made.

python bench/big_exports.py gather           puts the learners into a class, which is assigned six modules
python bench/big_exports.py make TABLE FORM  makes a file as the worker does, and prints what that cost
python bench/big_exports.py requests         asks for tables as an instructor does, and prints how long that took
"""

import csv
import io
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from modules.authoring import apply, planning, uploads  # noqa: E402
from modules.insights import table_files  # noqa: E402
from modules.models import Assignment, Module, StudyClass, TableFile  # noqa: E402

MODULES = 6
SMALL = 340  # learners of a class whose table a request makes
TRIES = 5  # of each request; the fastest counts, because others may use the machine
STATUS = Path("/proc/self/status")


def gather() -> None:
    for number in range(1, MODULES):
        text = f"# Modul {number}\n\n## Bacaan\n\nSatu kalimat.\n"
        apply.apply_plan(
            planning.plan_document(None, uploads.parse_with_images(text)), by=None, now=timezone.now()
        )
    User.objects.create_superuser("pengelola@example.com", "x", name="Pengelola")
    learners = list(User.objects.filter(is_staff=False).values_list("pk", flat=True))
    for name, members in (("Semua", learners), ("Kecil", learners[:SMALL])):
        study_class = StudyClass.objects.create(group=Group.objects.create(name=name))
        study_class.group.user_set.add(*members)
        for module in Module.objects.all():
            Assignment.objects.create(study_class=study_class, module=module, due_at=timezone.now())


def make(table: str, form: str) -> None:
    """Makes a small file first, so that the idle process has loaded all that it needs."""
    make_file(table, form, "Kecil")
    idle = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # forgets the highest memory so far
    began = time.perf_counter()
    file = make_file(table, form, "Semua")
    seconds, peak = time.perf_counter() - began, memory("VmHWM")
    source = table_files.source_of(file, now=timezone.now())
    columns = len(source.header)
    cells = source.count_rows() * columns
    figures = {
        "table": table,
        "form": form,
        "cells": cells,
        "seconds": seconds,
        "reference": reference(cells, columns),
    }
    print(json.dumps(figures | {"idle": idle, "peak": peak, "size": file.path.stat().st_size / 2**20}))


def make_file(table: str, form: str, name: str) -> TableFile:
    study_class = StudyClass.objects.get(group__name=name)
    of = {"study_class": study_class}
    if table != "class":
        of["module"] = Module.objects.get(slug="ujian")
    file = TableFile.objects.create(
        table=table,
        form=form,
        language="id",
        asked_at=timezone.now(),
        asked_by=User.objects.get(is_staff=True),
        **of,
    )
    table_files.make_table_file.call(file.pk)
    file.refresh_from_db()
    return file


def memory(name: str) -> float:
    """Returns MiB of memory, as Linux counts them for this process."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


def reference(cells: int, columns: int) -> float:
    """Returns the seconds in which csv.writer writes as many cells that are in memory."""
    row = ["Orang 1", "orang1@example.com", datetime(2026, 11, 24), *([0.5] * (columns - 3))]
    writer = csv.writer(io.StringIO(), quoting=csv.QUOTE_NONNUMERIC)
    began = time.perf_counter()
    writer.writerows(row for _number in range(cells // columns))
    return time.perf_counter() - began


def requests() -> None:
    browser = Client()
    browser.force_login(
        User.objects.get(is_staff=True), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    module, large = Module.objects.get(slug="ujian"), StudyClass.objects.get(group__name="Semua")
    small = StudyClass.objects.get(group__name="Kecil")
    page = f"/admin/modules/module/{module.pk}/files/"
    browser.get(page, HTTP_HOST="localhost")  # loads the templates
    waits = {
        "page of the tables": timed(lambda: browser.get(page, HTTP_HOST="localhost")),
        "page of the class": timed(
            lambda: browser.get(f"/admin/modules/studyclass/{large.pk}/files/", HTTP_HOST="localhost")
        ),
        "asking": timed(
            lambda: browser.post(page, {"table": "questions", "form": "csv"}, HTTP_HOST="localhost")
        ),
    }
    for form in ("csv", "xlsx", "ods"):
        address = f"{page}?class={small.pk}"
        waits[f"{SMALL} learners at once, {form}"] = timed(
            lambda address=address, form=form: browser.post(
                address, {"table": "questions", "form": form}, HTTP_HOST="localhost"
            )
        )
    print(json.dumps(waits))


def timed(send: Callable[[], object]) -> tuple[float, float]:
    """Returns the least seconds of some requests, and the least seconds of the processor."""
    tries = [timed_once(send) for _try in range(TRIES)]
    return min(seconds for seconds, _processor in tries), min(processor for _seconds, processor in tries)


def timed_once(send: Callable[[], object]) -> tuple[float, float]:
    began, used = time.perf_counter(), time.process_time()
    answer = send()
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    assert answer.status_code in (200, 302), answer  # type: ignore[attr-defined]
    return seconds, processor


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"gather": gather, "make": make, "requests": requests}[command](*arguments)
    connection.close()
