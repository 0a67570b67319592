"""Reads and writes the units of numerical questions in the XML of Moodle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element

from modules.document.convert.numbers import decimal, plain
from modules.document.convert.writing import escape
from modules.document.convert.xml_input import text_of
from modules.document.convert.xml_output import add
from modules.document.syntax.numbers import accepted_number
from modules.document.syntax.values import Answer

NOT_SHOWN = "3"  # of ``showunits``: units are of no account
GRADED = ("1", "2")  # of ``unitgradingtype``: a missing unit costs points


@dataclass(frozen=True, slots=True)
class Unit:
    """Describes a unit. Numbers in it are ``factor`` times the numbers of the key."""

    name: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Units:
    """Describes the units of a question. ``are_graded``: a number without one is not right."""

    units: tuple[Unit, ...]
    are_graded: bool
    stand_first: bool

    @property
    def attribute(self) -> str:
        """Returns the value of our attribute ``unit``.

        Where several units may be left out, a number alone is one in the unit of the key. It is a line of its own.
        """
        return "required" if self.are_graded or len(self.units) > 1 else "optional"

    def answers(self, number: str) -> Iterator[str]:
        """Yields an accepted number, such as ``5 ± 0.1``, in each of the units."""
        if not self.are_graded and len(self.units) > 1:
            yield number
        value, _sign, around = (part.strip() for part in number.partition("±"))
        for unit in self.units:
            parts = [_times(value, unit), escape(unit.name)]
            amount = " ".join(reversed(parts) if self.stand_first else parts)
            yield f"{amount} ± {_times(around, unit)}" if around else amount


def units_of(element: Element) -> Units | None:
    """Returns the units of a question, or ``None`` if it has none that its learners type."""
    if text_of(element, "showunits").strip() == NOT_SHOWN:
        return None
    units = [_unit(unit) for unit in element.findall("units/unit")]
    read = tuple(unit for unit in units if unit)
    if not read or len(read) < len(units):
        return None
    are_graded = text_of(element, "unitgradingtype").strip() in GRADED
    return Units(read, are_graded, stand_first=text_of(element, "unitsleft").strip() == "1")


def has_lost_units(element: Element) -> bool:
    """Tells whether a question has units that cannot be written as ours."""
    is_shown = text_of(element, "showunits").strip() != NOT_SHOWN
    return is_shown and element.find("units/unit") is not None and units_of(element) is None


def _unit(element: Element) -> Unit | None:
    """Returns a unit if our parser reads it behind a number."""
    name, factor = (
        " ".join(text_of(element, "unit_name").split()),
        decimal(text_of(element, "multiplier") or "1"),
    )
    read = accepted_number(f"5 {name}", any_unit=True)
    is_read = read is not None and read.value == "5" and bool(read.unit)
    return Unit(name, factor) if is_read and factor and factor > 0 else None


def _times(number: str, unit: Unit) -> str:
    value = decimal(number)
    return number if value is None or unit.factor == 1 else plain(value * unit.factor)


def add_units(element: Element, answers: Sequence[Answer]) -> None:
    """Adds the unit of accepted numbers, if all of them have the same one, so that the other program asks for it."""
    unit = common_unit(answers)
    if not unit:
        return
    is_graded = all(answer.needs_unit for answer in answers)
    added = add(add(element, "units"), "unit")
    add(added, "multiplier", "1")
    add(added, "unit_name", unit)
    add(element, "unitgradingtype", "1" if is_graded else "0")
    add(element, "unitpenalty", "1.0000000")
    add(element, "showunits", "0")
    add(element, "unitsleft", "1" if all(answer.unit_first for answer in answers) else "0")


def common_unit(answers: Sequence[Answer]) -> str:
    """Returns the unit of accepted numbers, or an empty text if they have none or several."""
    units = {(answer.unit, answer.needs_unit, answer.unit_first) for answer in answers}
    return answers[0].unit if len(units) == 1 else ""
