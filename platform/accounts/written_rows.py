"""Reads one row by a written condition, at a third of what the ORM costs.

It is for the rows that nearly every request reads. Composing such a query takes longer than running it
(``bench/pages.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeGuard, TypeVar

from django.db import connection
from django.db.models import Model

LARGEST_KEY = 2**63 - 1  # of a row; a database refuses a query with a larger number

Row = TypeVar("Row", bound=Model)
Converter = tuple[int, Callable[..., Any], Any]


def row_where(model: type[Row], condition: str, values: list[str | int | bool | None]) -> Row | None:
    """Returns the first row of a model's table that meets a condition in SQL, or ``None``."""
    select, names, converters = _select(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f"{select} WHERE {condition}", values)
        stored = cursor.fetchone()
    if stored is None:
        return None
    columns = list(stored)
    for place, convert, column in converters:
        columns[place] = convert(columns[place], column, connection)
    return model.from_db(connection.alias, names, columns)


def is_stored_key(value: object) -> TypeGuard[int]:
    """Tells whether a value is a key as a row has it. Only the ORM turns other values into keys, or refuses them."""
    return type(value) is int and 0 < value <= LARGEST_KEY


@cache
def _select(model: type[Model], _vendor: str) -> tuple[str, list[str], list[Converter]]:
    """Returns the beginning of a query for all columns of a model, their names, and what turns them into values."""
    table, quote = model._meta.db_table, connection.ops.quote_name
    fields = model._meta.concrete_fields
    columns = [field.get_col(table) for field in fields]
    converters = [
        (place, convert, column)
        for place, column in enumerate(columns)
        for convert in [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    ]
    names = ", ".join(quote(str(field.column)) for field in fields)
    select = f"SELECT {names} FROM {quote(table)}"  # noqa: S608  # names of ours
    return select, [field.attname for field in fields], converters
