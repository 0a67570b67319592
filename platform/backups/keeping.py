"""Makes backups in a folder, and keeps the newest of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from backups import archive

NAME = re.compile(r"tuntas-\d{8}-\d{6}\.tar\.gz")


@dataclass(frozen=True, slots=True)
class Done:
    """Tells which file a backup is, how many rows and bytes it has, and which older ones went for it."""

    file: Path
    rows: int
    size: int
    removed: Sequence[Path]


def back_up(folder: Path, *, keep: int | None, now: datetime) -> Done:
    """Makes a backup, which is verified. Only then it removes the oldest ones, so that ``keep`` are left, or none."""
    target = folder / f"tuntas-{now.astimezone(UTC):%Y%m%d-%H%M%S}.tar.gz"
    about = archive.write(target, now=now)
    import_string(settings.KEEP_BESIDE_BACKUPS)(folder)
    old = [] if keep is None else backups_in(folder)[keep:]
    for file in old:
        file.unlink(missing_ok=True)
    return Done(target, about.rows, target.stat().st_size, old)


def backups_in(folder: Path) -> list[Path]:
    """Returns the backups in a folder, the newest first."""
    if not folder.is_dir():
        return []
    return sorted((file for file in folder.iterdir() if NAME.fullmatch(file.name)), reverse=True)
