"""Keeps a list of erased accounts, so that no restored backup brings a person back.

The list is a table, and a file that no restore replaces. Each account is named by a hash of its number and of the
moment at which it was opened, which every backup has. Nobody can tell a name or an address from it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction

from accounts.models import Erasure, User

NAME = "erased-accounts.txt"


def opaque_id(pk: int, joined_at: datetime) -> str:
    """Returns the name of an account in the list. It is the same in each backup that has the account."""
    named = f"tuntas account {pk} {joined_at.astimezone(UTC).isoformat(timespec='microseconds')}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]


def note(user: User, *, keeps_proofs: bool, now: datetime) -> None:
    """Writes an account into the table and the file. A killed erasure is carried out again by the next `prepare`."""
    key = opaque_id(user.pk, user.joined_at)
    Erasure.objects.get_or_create(key=key, defaults={"erased_at": now, "keeps_proofs": keeps_proofs})
    _append({key: keeps_proofs})


def gather(*folders: Path) -> None:
    """Writes what the table and the files in other folders know into the file, and the other way round."""
    noted: dict[str, bool] = {}
    for folder in (*folders, settings.DATA_DIR):
        noted |= _read(folder / NAME)
    with (
        suppress(DatabaseError),
        transaction.atomic(),
    ):  # the database may be damaged, or older than the table
        noted |= dict(Erasure.objects.values_list("key", "keeps_proofs"))
    _append(noted)


def copy_to(folder: Path) -> None:
    """Puts the file beside the backups, so that it is there when they are restored on another machine."""
    gather(folder)
    if folder != settings.DATA_DIR and (noted := _read(settings.DATA_DIR / NAME)):
        _write(folder / NAME, noted)


def brought_back() -> Iterator[tuple[User, bool]]:
    """Yields the accounts that were erased and are here again, and whether their proofs stay."""
    noted = _read(settings.DATA_DIR / NAME) | dict(Erasure.objects.values_list("key", "keeps_proofs"))
    if not noted:
        return
    people = User.objects.exclude(email__endswith=User.ERASED).order_by("pk")
    for pk, joined_at in people.values_list("pk", "joined_at").iterator():
        key = opaque_id(pk, joined_at)
        if key in noted:
            yield User.objects.get(pk=pk), noted[key]


def _read(file: Path) -> dict[str, bool]:
    """Returns what a file knows. A line that a full disk has cut short says nothing."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    parts = [line.split() for line in lines]
    return {part[0]: part[1] == "proofs-kept" for part in parts if len(part) == 2 and len(part[0]) == 32}


def _append(noted: Mapping[str, bool]) -> None:
    file = settings.DATA_DIR / NAME
    known = _read(file)
    if new := {key: keeps for key, keeps in noted.items() if key not in known}:
        _write(file, new, os.O_APPEND)


def _write(file: Path, noted: Mapping[str, bool], how: int = os.O_TRUNC) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{key} {'proofs-kept' if keeps else 'proofs-withdrawn'}\n" for key, keeps in noted.items()]
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | how, 0o600), "w", encoding="utf-8") as out:
        out.write("".join(lines))
        out.flush()
        os.fsync(out.fileno())
