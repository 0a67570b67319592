"""The lines of a front matter that say rules: written anew where a rule changes. All other lines stay byte for byte."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from modules.document.problems import N_, DocumentError, Problem
from modules.document.syntax.front_matter import FrontMatter, parse_front_matter
from modules.document.syntax.rules import Rules
from modules.document.syntax.source import BOM, normalise, split_lines

NAMES = tuple(Rules.__dataclass_fields__)
COLON = re.compile(r"\s*:")
BRACKETS = ("]", "}")
CHARACTER = re.compile(r"\r\n|.", re.DOTALL)  # as one of them is read
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})([+-]\d{2}:\d{2})?\Z")

Event = Any  # of YAML; each of those of a text has its marks, which the stubs of the library do not know
Edit = tuple[int, int, str]  # from and to in the content of a front matter, and what comes there


def with_rules(text: str, wanted: Rules) -> str:
    """The text with a front matter that gives these rules.

    A rule that changes stays in its place, with the comment beside it; a new one comes last, and begins a front matter
    where there is none. A value is written even where it is the default, so that the line says what holds; only where
    nothing can be written (no limit, no date) its lines go. A table is replaced as a whole.

    Raises :class:`DocumentError` for a front matter that cannot be read, or cannot be changed line by line.
    """
    matter, problems = _read(text)
    if problems:
        raise DocumentError(tuple(problems))
    changed = {name: new for name in NAMES if (new := getattr(wanted, name)) != getattr(matter.rules, name)}
    if not changed:
        return text
    try:
        edited = _edited(text, changed, matter.lines)
    except ValueError:
        raise _unusual(changed) from None
    after, problems = _read(edited)
    if problems or replace(after, lines=matter.lines) != replace(matter, rules=wanted):
        raise _unusual(changed)
    return edited


def _read(text: str) -> tuple[FrontMatter, list[Problem]]:
    """What a front matter says, and why it cannot be read. A value that no rule can have does not keep it from that."""
    matter, problems = parse_front_matter(normalise(text))
    return matter, [problem for problem in problems if problem.code == "front-matter"]


def _unusual(changed: Mapping[str, Any]) -> DocumentError:
    template = N_(
        "The front matter is written in an unusual way, so {keys} cannot be changed here. Edit the module as Markdown."
    )
    keys = ", ".join(f"“{name}”" for name in changed)
    return DocumentError((Problem(1, "error", "front-matter", template, {"keys": keys}),))


def _edited(text: str, changed: Mapping[str, Any], count: int) -> str:
    """The text with these values in its first ``count`` lines, which are its front matter."""
    lines = split_lines(text)
    end = re.sub(r"[^\r\n]", "", lines[0] if lines else "") or "\n"
    if not count:
        written = "".join(map(_line, changed, changed.values()))
        mark = BOM if text.startswith(BOM) else ""
        return mark + f"---\n{written}---\n".replace("\n", end) + text.removeprefix(BOM)
    content = "".join(lines[1 : count - 1])
    places = [character.start() for character in CHARACTER.finditer(content)] + [len(content)]
    for start, stop, new in sorted(_edits(normalise(BOM + content), changed), reverse=True):
        content = content[: places[start]] + new.replace("\n", end) + content[places[stop] :]
    return lines[0] + content + "".join(lines[count - 1 :])


# --------------------------------------------------------------------------------------- where a rule stands


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key and its value by their places in the content: where each begins, and where the value ends."""

    name: str
    key: int
    colon: int  # after it
    value: int
    end: int


def _edits(content: str, changed: Mapping[str, Any]) -> Iterator[Edit]:
    """What has to be edited in the content of a front matter. Raises :class:`ValueError` where it is no plain table."""
    events: list[Event] = list(yaml.parse(content, Loader=yaml.SafeLoader))
    table = events[2:-2]  # without the beginnings and the ends of the stream and the document
    if table and (not isinstance(table[0], yaml.MappingStartEvent) or table[0].flow_style):
        raise ValueError(content)
    indent = " " * table[0].start_mark.column if table else ""
    entries = _entries(content, list(_nodes(table[1:-1])), changed)
    for name, value in changed.items():
        found = [entry for entry in entries if entry.name == name]
        if value in (None, ""):
            yield from (_removal(content, entry) for entry in found)
        elif found:
            yield from _replacement(content, found[-1], value, indent)  # the last one of a repeated key holds
        else:
            yield len(content), len(content), _line(name, value, indent)


def _entries(content: str, nodes: Sequence[Sequence[Event]], names: Container[str]) -> list[_Entry]:
    return [
        _entry(content, key, value)
        for key, value in zip(nodes[::2], nodes[1::2], strict=True)
        if isinstance(key[0], yaml.ScalarEvent) and key[0].value in names
    ]


def _nodes(events: Sequence[Event]) -> Iterator[list[Event]]:
    """The keys and values of a table in turn, each with all that is in it."""
    node: list[Event] = []
    depth = 0
    for event in events:
        node.append(event)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth == 0:
            yield node
            node = []


def _entry(content: str, key: Sequence[Event], value: Sequence[Event]) -> _Entry:
    colon = COLON.match(content, _end(content, key))
    if colon is None:
        raise ValueError(content)
    start = value[0].start_mark.index
    return _Entry(key[0].value, key[0].start_mark.index, colon.end(), start, max(start, _end(content, value)))


def _end(content: str, node: Sequence[Event]) -> int:
    """Where the last word or bracket of a node ends; a block itself is said to end where the next key begins."""
    ends = [
        event.end_mark.index
        for event in node
        if content[event.start_mark.index : event.end_mark.index] in BRACKETS
        or not isinstance(event, yaml.CollectionStartEvent | yaml.CollectionEndEvent)
    ]
    return len(content[: max(ends)].rstrip())


# ------------------------------------------------------------------------------------------ what is written


def _removal(content: str, entry: _Entry) -> Edit:
    return content.rfind("\n", 0, entry.key) + 1, content.index("\n", entry.end) + 1, ""


def _replacement(content: str, entry: _Entry, value: Any, indent: str) -> Iterator[Edit]:
    beside, below = _written(value, indent)
    line_end, last_end = content.index("\n", entry.colon), content.index("\n", entry.end)
    if "\n" in content[entry.colon : entry.value]:  # the old value stands below its key
        yield entry.colon, entry.colon, beside
        yield line_end, last_end, below
    elif beside and entry.value > entry.colon:
        yield entry.value, entry.end, beside.strip()
    else:
        yield entry.colon, entry.end, beside
        yield last_end, last_end, below


def _line(name: str, value: Any, indent: str = "") -> str:
    return f"{indent}{name}:{''.join(_written(value, indent))}\n"


def _written(value: Any, indent: str) -> tuple[str, str]:
    """A value of a rule as YAML: what stands beside its key, and what stands below it."""
    if isinstance(value, bool):
        return f" {value}".lower(), ""
    text = str(value)
    if found := MOMENT.match(text):
        return " ".join(("", *filter(None, found.groups()))), ""
    if ":" in text:  # the table of a review, in one line
        parts = [part.partition(":")[::2] for part in text.split("; ")]
        return "", "".join(f"\n{indent}  {when}: [{', '.join(what.split())}]" for when, what in parts)
    return f" {text}", ""
