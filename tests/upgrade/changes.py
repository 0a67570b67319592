"""Lists what migrations change on purpose. Every other difference from a fixture is a fault.

A migration that renames, removes or rewrites something adds a line here.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from .rows import Tables

RENAMED_TABLES = {"modules.formeraddress": "modules.formerslug"}

# By the table's name of today.
RENAMED_COLUMNS = {
    ("modules.attempt", "settled_at"): "outcome_recorded_at",
    ("modules.correction", "place"): "slot",
    ("modules.draft", "planned_for_id"): "base_revision_id",
    ("modules.response", "place"): "slot",
    ("modules.revision", "pictures"): "images",
}

# What has the value now.
REMOVED_COLUMNS = {("modules.module", "quiz_opens"): "modules.quiz quiz_opens, and the document"}

# In the numbers of a revision's changes.
RENAMED_STATES = {"back": "restored", "pictures": "images"}

# Django adds rows for each model after every migration.
GROWING_TABLES = {"auth.group_permissions", "auth.permission", "contenttypes.contenttype"}

OPENS_AT_ONCE = "quiz_opens: at_once"


class Unknown:
    """Stands for a value that is not known in advance, such as the key of a new row."""


ANY = Unknown()


def as_intended(tables: Tables) -> dict[str, int]:
    """Changes the values of a fixture as migrations mean to; returns how many rows they add to which table."""
    _rename_content_types(tables)
    _rename_states(tables)
    return _write_opening_into_documents(tables)


def documents_as_intended(said: dict[str, Any], tables: Tables) -> dict[str, bytes]:
    """Returns the bytes of each module's document after the upgrade, by its key; ``tables`` is the fixture's."""
    encodings = {row["id"]: row["encoding"] for row in _rows(tables, "modules.module")}
    at_once = {row["id"] for row in _rows(tables, "modules.module") if row.get("quiz_opens") == "at_once"}
    documents = {}
    for key, content in said["documents"].items():
        document = base64.b64decode(content)
        if int(key) in at_once:
            encoding = encodings[int(key)]
            bom = "\ufeff" if document.decode(encoding).startswith("\ufeff") else ""
            text = document.decode(encoding).removeprefix(bom)
            document = (bom + _with_opening(text)).encode(encoding)
        documents[key] = document
    return documents


def _rename_content_types(tables: Tables) -> None:
    names = {old.partition(".")[2]: new.partition(".")[2] for old, new in RENAMED_TABLES.items()}
    for row in _rows(tables, "contenttypes.contenttype"):
        _set(tables, "contenttypes.contenttype", row["id"], "model", names.get(row["model"], row["model"]))


def _rename_states(tables: Tables) -> None:
    for row in _rows(tables, "modules.revision"):
        changes = {RENAMED_STATES.get(state, state): number for state, number in row["changes"].items()}
        _set(tables, "modules.revision", row["id"], "changes", changes)


def _write_opening_into_documents(tables: Tables) -> dict[str, int]:
    """Modules whose quiz opens at once get that into their document, as a revision of its own."""
    rewritten = [row for row in _rows(tables, "modules.module") if row.get("quiz_opens") == "at_once"]
    for row in rewritten:
        _set(tables, "modules.module", row["id"], "preamble", _with_opening(row["preamble"]))
        _set(tables, "modules.module", row["id"], "current_id", ANY)
    return {"modules.revision": len(rewritten)}


def _with_opening(text: str) -> str:
    """Returns a text with the rule as the last line of its front matter, or as a front matter of its own."""
    end = "\r\n" if "\r\n" in text else "\n"
    if not text.startswith("---"):
        return f"---{end}{OPENS_AT_ONCE}{end}---{end}{text}"
    head, closing, rest = text.partition(f"{end}---{end}")
    return f"{head}{end}{OPENS_AT_ONCE}{closing}{rest}"


def _rows(tables: Tables, label: str) -> Iterator[dict[str, Any]]:
    table = tables[label]
    for row in table["rows"]:
        yield dict(zip(table["columns"], row, strict=True))


def _set(tables: Tables, label: str, key: int, column: str, value: Any) -> None:
    table = tables[label]
    place, column_place = table["columns"].index("id"), table["columns"].index(column)
    for row in table["rows"]:
        if row[place] == key:
            row[column_place] = value
