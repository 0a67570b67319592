"""Checks the attributes of a question: those that nobody knows, and those that contradict its answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modules.document.html.tokens import Attributes
from modules.document.problems import N_, Problem
from modules.document.syntax.values import Answer

KNOWN = ("points", "multiple", "case", "unit")  # with a value, or without
UNITS = ("required", "optional")  # values of ``unit``
LONGEST = 60  # characters of a name or value that a sentence shows


def of_question(attributes: Attributes, line: int, answers: Sequence[Answer]) -> Iterator[Problem]:
    """Yields what is wrong with the attributes of a question. Without ``answers``, it has choices."""
    yield from _unknown(attributes, line)
    yield from _values(attributes, line)
    for name in _names(attributes):
        if _is_idle(name, attributes, answers):
            template = N_(
                "“{name}” changes nothing here. Write {{case}} for words, {{unit=required}} for numbers with a unit, {{multiple}} for choices, or remove it."
            )
            yield Problem(line, "warning", "idle-attribute", template, {"name": name})


def _unknown(attributes: Attributes, line: int) -> Iterator[Problem]:
    for name in (name for name in attributes.values if name not in KNOWN):
        template = N_(
            "“{name}” says nothing about a question. Write {{points=2}} for its points, {{multiple}} for several choices, {{case}} if capitals count, {{unit=required}} if the unit counts, or remove it."
        )
        yield Problem(line, "warning", "unknown-attribute", template, {"name": name[:LONGEST]})


def _values(attributes: Attributes, line: int) -> Iterator[Problem]:
    if value := attributes.values.get("multiple"):
        template = N_(
            "“multiple={value}” asks for several choices like {{multiple}}. Write that, or remove it."
        )
        yield Problem(line, "warning", "multiple", template, {"value": value[:LONGEST]})
    if value := attributes.values.get("case"):
        template = N_("“case={value}” makes capitals count like {{case}}. Write that, or remove it.")
        yield Problem(line, "warning", "case", template, {"value": value[:LONGEST]})
    if "unit" in attributes.values and attributes.values["unit"] not in UNITS:
        template = N_("“unit={value}” is not known. Write {{unit=required}} or {{unit=optional}}.")
        yield Problem(line, "warning", "unit", template, {"value": attributes.values["unit"][:LONGEST]})


def _names(attributes: Attributes) -> list[str]:
    return [name for name in ("case", "unit", "multiple") if has(attributes, name)]


def has(attributes: Attributes, name: str) -> bool:
    return name in attributes.values or name in attributes.classes


def _is_idle(name: str, attributes: Attributes, answers: Sequence[Answer]) -> bool:
    """Tells whether an attribute is for answers of another kind."""
    match name:
        case "multiple":
            return bool(answers)
        case "case":
            return all(answer.value is not None or answer.as_written for answer in answers)
        case _:
            is_known = attributes.values.get(name) in UNITS
            return not answers or (is_known and not any(answer.unit for answer in answers))
