"""Writes times, durations and exact numbers as people read them, in the language of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, get_format, number_format
from django.utils.translation import ngettext

from config.formats.zones import ZONE


def moment(at: datetime) -> str:
    """Returns a moment with its day, in the reader's time zone or that of the site: ``31 Mar 2027, 17.00 WIB``."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def zone_name(at: datetime) -> str:
    """Returns the name of the zone in which times are shown, or both if it changes its clock: ``WIB``, ``CET/CEST``."""
    year = timezone.localtime(at).year
    days = (datetime(year, month, 1, tzinfo=UTC) for month in (1, 7))
    return "/".join(dict.fromkeys(date_format(timezone.localtime(day), ZONE) for day in days))


def beginning(at: datetime) -> str:
    """Returns a moment from which something is possible. Seconds are rounded up, so that it is never too early."""
    return moment(at + timedelta(minutes=1) if at.second or at.microsecond else at)


def ending(at: datetime) -> str:
    """Returns a moment at which something ends. Midnight is the end of the day before: ``31 Mar 2027, 24.00 WIB``."""
    local = timezone.localtime(at)
    if (local.hour, local.minute) != (0, 0):
        return moment(at)
    # The day before is written with the time 00.00. Its first 00 becomes 24. Each language has its own separator.
    day_before = date_format(local - timedelta(days=1), "DATETIME_FORMAT")
    return re.sub(r"\b00(\D)00\b", r"24\g<1>00", day_before)


def accepted_answer(answer: Mapping[str, Any]) -> str:
    """Returns an accepted answer. A number has the decimal sign of the reader: ``0,8 ± 0,01 km``."""
    if answer["value"] is None or "e" in answer["value"].lower():
        return str(answer["text"])
    parts = [_decimal(answer["value"])]
    if answer["tolerance"]:
        parts += ["±", _decimal(answer["tolerance"])]
    unit = [answer["unit"]] if answer.get("unit") else []
    return " ".join([*unit, *parts] if answer.get("unit_first") else [*parts, *unit])


def _decimal(value: str) -> str:
    whole, _point, part = value.partition(".")
    part = part.rstrip("0")
    whole = whole if whole.strip("+-") else f"{whole}0"
    number = f"{whole}{get_format('DECIMAL_SEPARATOR')}{part}" if part else whole
    return number.replace("-", "\N{MINUS SIGN}")


def duration(minutes: int | Fraction) -> str:
    """Returns a number of minutes as days, hours, minutes and, if the number is not whole, seconds."""
    days, within_day = divmod(int(minutes), 24 * 60)
    hours, within_hour = divmod(within_day, 60)
    seconds = int(minutes % 1 * 60)
    parts = [
        days and ngettext("%(n)d day", "%(n)d days", days) % {"n": days},
        hours and ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours},
        within_hour and ngettext("%(n)d minute", "%(n)d minutes", within_hour) % {"n": within_hour},
        seconds and ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds},
    ]
    return " ".join(str(part) for part in parts if part)


def fraction(value: Fraction | int | None, digits: int = 2) -> str:
    """Writes an exact number with at most ``digits`` decimals and the language's decimal mark: 5/6 is ``0,83``.

    Whole numbers have no decimals. Half is rounded up. ``None`` gives the empty string.
    """
    if value is None:
        return ""
    exact = Fraction(value)
    unit = Decimal(1).scaleb(-digits)
    rounded = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(unit, ROUND_HALF_UP)
    return number_format(_shortest(rounded), use_l10n=True)


def _shortest(number: Decimal) -> Decimal:
    """Returns the number without zeros at the end of its decimals, never in scientific notation."""
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()
