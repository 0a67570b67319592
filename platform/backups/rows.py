"""Writes the rows of a table as lines of JSON, and reads them again, the same for every database.

The models are those of a state of the migrations, so that a backup of an older release is read as it was written.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import IO, Any, NamedTuple
from uuid import UUID

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.duration import duration_string

BATCH = 2_000  # rows that are in memory at once; more are faster by little

State = Iterable[tuple[str, str]]


class Written(NamedTuple):
    """Tells how many rows of a table were written, and the SHA-256 of its lines."""

    rows: int
    sha256: str


def models_at(state: State) -> dict[str, type[models.Model]]:
    """Returns the model of each table at a state of the migrations, by the name of the table."""
    loader = MigrationLoader(None)
    apps: Apps = loader.project_state([key for key in state if key in loader.graph.nodes]).apps
    found = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in found if model._meta.managed and not model._meta.proxy}


def write(model: type[models.Model], out: IO[bytes]) -> Written:
    """Writes all rows of a model, also those that its usual queries leave out."""
    fields = _columns(model)
    rows = _all(model).order_by("pk").values_list(*(field.attname for field in fields))
    digest, count = hashlib.sha256(), 0
    for row in rows.iterator(BATCH):
        values = [field.get_prep_value(value) for field, value in zip(fields, row, strict=True)]
        line = _line(values)
        out.write(line)
        digest.update(line)
        count += 1
    return Written(count, digest.hexdigest())


def columns(model: type[models.Model]) -> list[str]:
    """Returns the names of the columns in the order in which they are written."""
    return [field.attname for field in _columns(model)]


def read(model: type[models.Model], lines: Iterator[bytes]) -> int:
    """Stores the rows that were written, and returns their number."""
    fields, count = _columns(model), 0
    while batch := list(islice(lines, BATCH)):
        rows = [_row(model, fields, json.loads(line)) for line in batch]
        _all(model).bulk_create(rows)
        count += len(rows)
    return count


def empty(tables: Iterable[type[models.Model]]) -> None:
    """Deletes the rows that migrations have made, since a backup has them, too."""
    for model in reversed(list(tables)):
        _all(model)._raw_delete(connection.alias)  # fetches no row, and follows no key


def number_on(tables: Iterable[type[models.Model]]) -> None:
    """Lets new rows have numbers after those that were stored."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)


def _all(model: type[models.Model]) -> models.QuerySet[Any]:
    """Returns all rows, also those that the usual queries of a model leave out."""
    return models.QuerySet(model)


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    fields = list(model._meta.concrete_fields)
    for field in fields:
        if isinstance(field, models.DateField):  # a restored row keeps its times
            field.auto_now = field.auto_now_add = False
    return fields


def _row(model: type[models.Model], fields: list[models.Field[Any, Any]], values: list[Any]) -> models.Model:
    named = zip(fields, values, strict=True)
    return model(**{field.attname: field.to_python(value) for field, value in named})


def _line(values: list[Any]) -> bytes:
    """Returns a row as text. Keys are in order, because PostgreSQL does not keep the order in which they came."""
    text = json.dumps(values, default=_plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"{text}\n".encode()


def _plain(value: object) -> str:
    """Returns a value as text from which its field makes the same value again, microseconds included."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_string(value)
    if isinstance(value, bytes | memoryview):
        return _base64(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"A backup cannot hold {type(value).__name__}.")


def _base64(value: bytes | memoryview) -> str:
    return b64encode(bytes(value)).decode("ascii")
