"""Writes times, durations and exact numbers as people read them, in the language of the page."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import ngettext


def moment(at: datetime) -> str:
    """A moment with its day, in the site's time zone: ``31 Mar 2027, 17.00``."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def beginning(at: datetime) -> str:
    """A moment from which something may be done: the full minute, never one that is too early."""
    return moment(at + timedelta(minutes=1) if at.second or at.microsecond else at)


def ending(at: datetime) -> str:
    """A moment at which something ends: midnight is the end of the day before, ``31 Mar 2027, 24.00``."""
    local = timezone.localtime(at)
    if (local.hour, local.minute) != (0, 0):
        return moment(at)
    # To the start of the day before, so that its 00 can become 24: each language has a separator of its own.
    before = date_format(local - timedelta(days=1), "DATETIME_FORMAT")
    return re.sub(r"00(\D)00$", r"24\g<1>00", before)


def duration(minutes: int | Fraction) -> str:
    """A number of minutes in days, hours, minutes and, where it is none that is whole, seconds."""
    days, rest = divmod(int(minutes), 24 * 60)
    hours, left = divmod(rest, 60)
    seconds = int(minutes % 1 * 60)
    parts = [
        days and ngettext("%(n)d day", "%(n)d days", days) % {"n": days},
        hours and ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours},
        left and ngettext("%(n)d minute", "%(n)d minutes", left) % {"n": left},
        seconds and ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds},
    ]
    return " ".join(str(part) for part in parts if part)


def fraction(value: Fraction | int | None, digits: int = 2) -> str:
    """Write an exact number with at most ``digits`` decimals and the language's decimal mark: 5/6 is ``0,83``.

    Whole numbers have no decimals; half is rounded up; ``None`` gives the empty string.
    """
    if value is None:
        return ""
    exact = Fraction(value)
    unit = Decimal(1).scaleb(-digits)
    rounded = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(unit, ROUND_HALF_UP)
    return number_format(_shortest(rounded), use_l10n=True)


def _shortest(number: Decimal) -> Decimal:
    """The number without zeros at the end of its decimals, never in scientific notation."""
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()
