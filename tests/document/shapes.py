"""Reads the shapes of hostile and repeated texts that tests and benchmarks make of any size.

``shapes.json`` has each by its name. A part between ``⟦`` and ``⟧`` is repeated: ``{n}`` in it counts from 0, ``{m}``
from 1, and ``{grow*}`` stands for 1 to 100 stars.
"""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

SHAPES: dict[str, str] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
REPEATED = re.compile(r"⟦(.*?)⟧", re.DOTALL)
GROWING = re.compile(r"\{grow(.)\}")


def write(name: str, size: int) -> str:
    """Returns a text of a shape with about ``size`` characters, shared among its repeated parts."""
    shape = SHAPES[name]
    share = size // len(REPEATED.findall(shape))
    return REPEATED.sub(lambda part: _repeat(part[1], share), shape)


def _repeat(unit: str, size: int) -> str:
    if "{n}" not in unit and not GROWING.search(unit):
        return unit * max(1, size // len(unit))
    written: list[str] = []
    length = 0
    for number in itertools.count():
        text = _numbered(unit, number)
        written.append(text)
        length += len(text)
        if length >= size:
            return "".join(written)
    raise AssertionError


def _numbered(unit: str, number: int) -> str:
    grown = GROWING.sub(lambda sign: sign[1] * (number % 100 + 1), unit)
    return grown.replace("{n}", str(number)).replace("{m}", str(number + 1))
