"""Defines a column type that Django lacks: an exact fraction."""

from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# A class has few different marks, and reading one from text takes as long as reading a row.
exact = lru_cache(maxsize=10_000)(Fraction)


class FractionField(models.TextField):
    """An exact number: text such as ``2/3`` or ``5`` in the database, a :class:`fractions.Fraction` in Python.

    Marks are shares of points, and a third is not a decimal. 3 x 1/3 has to be 1, so that nobody fails by a rounding
    error. Its length has no limit, because a sum of many shares has a long denominator.
    """

    description = _("exact fraction")

    # The type checker reads here which types may be assigned, and which type is read.
    _pyi_private_set_type: Fraction | int | None  # type: ignore[assignment]
    _pyi_private_get_type: Fraction  # type: ignore[assignment]

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Fraction | None:
        return None if value is None else exact(value)

    def to_python(self, value: Any) -> Fraction | None:
        if value is None or isinstance(value, Fraction):
            return value
        try:
            return Fraction(str(value))
        except (ValueError, ZeroDivisionError) as error:
            raise ValidationError(_("“%(value)s” is not a fraction."), params={"value": value}) from error

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else str(Fraction(value))

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""
