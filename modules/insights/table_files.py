"""Makes tables as files: small ones for a request, and large ones in the background.

A large one is a :class:`TableFile`. The worker reads its rows in chunks, and writes them into a folder of the job. The
file gets its name when it is whole. A worker that is killed leaves a folder behind, and the next one begins again.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext_noop
from django_tasks import task

from accounts.time_zones import zone_of
from modules.insights import answer_table, class_tables, item_tables, module_tables, table_forms
from modules.insights.exports import Source
from modules.models import KEPT_FOR, TableFile, folder_of_tables
from tasks.backend import enqueue_once, has_gone_wrong

gettext_noop("Make table file")
gettext_noop("Remove table files")

# Cells that a request writes. A table with more is left to the worker, so that no request takes longer than a second.
MOST_AT_ONCE = 10_000

# Cells of a file in ODS. LibreOffice takes half a minute to open a larger one, and then has a gigabyte of it in memory.
MOST_IN_ODS = 1_000_000

SECONDS_BETWEEN_SIGNS = 1.0  # of progress; with fewer, the worker writes more often
STRAY_FOR = 60 * 60  # seconds after which a file without a row is removed; a task never runs for so long


def source_of(file: TableFile, *, now: datetime) -> Source:
    """Returns the table of a file, which need not be stored, in the language and the time zone that are active."""
    module, study_class = file.module, file.study_class
    if study_class and file.table == TableFile.Table.CLASS:
        return class_tables.grades(study_class, now=now)
    if module is None:
        raise TypeError("Only the table of a class has no module.")
    match file.table:
        case TableFile.Table.LEARNERS:
            return module_tables.learners(module, study_class)
        case TableFile.Table.QUESTIONS:
            return module_tables.questions(module, study_class)
        case TableFile.Table.FIGURES:
            return item_tables.figures(module, study_class)
        case TableFile.Table.TYPED:
            return item_tables.typed(module, study_class)
        case _:
            return answer_table.answers(module, study_class, file.question)


def ask(file: TableFile, *, now: datetime) -> TableFile:
    """Leaves a file to the worker, or returns the one of the same table that the same person waits for already."""
    same = {name: getattr(file, name) for name in
            ("table", "form", "module_id", "study_class_id", "question_id", "asked_by_id", "language")}  # fmt: skip
    waiting = TableFile.objects.kept(now).unfinished().filter(**same).first()
    if waiting is None:
        file.asked_at, file.total = now, source_of(file, now=now).keys.count()
        file.save()
        waiting = file
    enqueue_once(make_table_file, waiting.pk, now=now)  # also if an earlier task failed for good
    return waiting


def is_tried_again(file: TableFile) -> bool:
    """Tells whether the worker could not make a file yet, for example because the disk is full."""
    return file.finished_at is None and has_gone_wrong(make_table_file, file.pk)


# ------------------------------------------------------------------------------------------------ the worker


@task()
def make_table_file(pk: int) -> None:
    """Makes a file from its first row to its last one, unless it is made already or nobody wants it any more."""
    rows = TableFile.objects.select_related("module__quiz", "study_class__group", "question", "asked_by")
    file = rows.unfinished().filter(pk=pk).first()
    if file is None:
        return
    zone = zone_of(file.asked_by)
    with translation.override(file.language), timezone.override(zone), _working_folder(pk) as folder:
        part = folder / "part"
        table = source_of(file, now=timezone.now()).table(_Progress(pk))
        with part.open("wb") as target:
            table_forms.write(table, file.form, target, folder=str(folder))
        name = f"{pk}-{secrets.token_hex(8)}.{file.form}"
        part.rename(folder_of_tables() / name)
    _finish(pk, name, now=timezone.now())


def _finish(pk: int, name: str, *, now: datetime) -> None:
    """Records that a file is whole. If another worker was faster, or the row is gone, nobody needs this one."""
    finished = TableFile.objects.unfinished().filter(pk=pk)
    if not finished.update(name=name, done=F("total"), finished_at=now):
        (folder_of_tables() / name).unlink()


@contextmanager
def _working_folder(pk: int) -> Iterator[Path]:
    """Gives a folder that others cannot read, and removes it."""
    above = folder_of_tables()
    above.mkdir(mode=0o700, exist_ok=True)
    folder = Path(mkdtemp(prefix=f"{pk}-", dir=above))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Progress:
    """Stores how many rows are written, about once a second."""

    def __init__(self, pk: int) -> None:
        self.pk, self.next = pk, 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() < self.next:
            return
        self.next = time.monotonic() + SECONDS_BETWEEN_SIGNS
        TableFile.objects.unfinished().filter(pk=self.pk).update(done=done, total=total)


@task()
def remove_table_files() -> None:
    """Removes the files whose time has passed, and those that a killed worker or a deleted account left behind."""
    now = timezone.now()
    TableFile.objects.filter(asked_at__lte=now - KEPT_FOR).delete()
    named = set(TableFile.objects.values_list("name", flat=True))
    for path in folder_of_tables().glob("*"):
        if path.name not in named and _is_older(path, now.timestamp() - STRAY_FOR):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _is_older(path: Path, seconds: float) -> bool:
    """Compares the time of a file. Another worker may have renamed or removed it since it was listed."""
    try:
        return path.stat().st_mtime < seconds
    except FileNotFoundError:
        return False
