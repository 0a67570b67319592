"""Writes all rows of a database as values for JSON, and puts them back: on any database, at any release.

It needs nothing of the project, so that it runs at releases that have other modules.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

# {"modules.module": {"columns": ["id", "slug"], "rows": [[1, "planets"]]}}
Tables = dict[str, dict[str, Any]]

LEFT_OUT = {"sessions.session"}


def content_of(file: Path) -> dict[str, Any]:
    """Returns a fixture that :mod:`tests.upgrade.make` has written."""
    data = file.read_bytes()
    content: dict[str, Any] = json.loads(gzip.decompress(data) if file.suffix == ".gz" else data)
    return content


def dump(registry: Any) -> Tables:
    """Returns the rows of every model of a registry of apps, in the order of their keys."""
    return {model._meta.label_lower: _table(model) for model in _models(registry)}


def load(registry: Any, tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Makes these the only rows of the database. The registry's models must have the columns of the tables."""
    by_label = {model._meta.label_lower: model for model in _models(registry)}
    with transaction.atomic(), connection.cursor() as cursor:
        for model in by_label.values():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
        for label, table in tables.items():
            model = by_label[label]
            fields = [_field(model, column) for column in table["columns"]]
            for field in fields:  # the models are made for this, and a date is put in as it was
                if isinstance(field, models.DateField):
                    field.auto_now = field.auto_now_add = False
            model._base_manager.bulk_create(
                model(
                    **{
                        field.attname: field.to_python(value)
                        for field, value in zip(fields, row, strict=True)
                    }
                )
                for row in table["rows"]
            )
        for statement in connection.ops.sequence_reset_sql(no_style(), list(by_label.values())):
            cursor.execute(statement)


def _models(registry: Any) -> Iterable[type[models.Model]]:
    for model in sorted(
        registry.get_models(include_auto_created=True), key=lambda model: model._meta.label_lower
    ):
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT:
            yield model


def _table(model: type[models.Model]) -> dict[str, Any]:
    columns = sorted(field.attname for field in model._meta.concrete_fields)
    rows = model._base_manager.order_by("pk").values_list(*columns)
    return {"columns": columns, "rows": [[_plain(value) for value in row] for row in rows]}


def _field(model: type[models.Model], column: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.attname == column)


def _plain(value: Any) -> Any:
    """Returns a value as JSON has it: the same, whichever database it came from."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, Fraction) else value
