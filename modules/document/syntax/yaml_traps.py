"""Reads what authors mean where YAML reads something else: ``title: Modul #1``, ``title: Bab 2: Air``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

import yaml

from modules.document.problems import N_, Problem

CODE = "front-matter"
TEXTS = ("title", "summary")  # whose values are sentences
PAIR = re.compile(
    r"""(?P<head>(?P<sign>["']?)(?P<key>[A-Za-z_][\w-]*)(?P=sign)[ \t]*:[ \t]+)(?P<value>\S.*)$"""
)
GLUED = re.compile(r"(?P<key>[A-Za-z_]+):(?=[^\s:])")
EQUALS = re.compile(r"(?P<key>[A-Za-z_]+)[ \t]*=")
COMMENT = re.compile(r"(?<![ \t])[ \t]+#(?:[ \t].*)?\Z")
TAG = re.compile(r"[ \t]#")
BLOCK = re.compile(r"[|>][+-]?\d?[+-]?\Z")  # the text follows on the next lines
COLON = re.compile(r":(?:[ \t]|\Z)")
QUOTED = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(?:[ \t]+#.*)?\Z""")
SIGNS = "@`%&*!|>,-?]}"  # which begin something else than a text


def with_quotes(content: str, keys: Collection[str]) -> str:
    """Returns a front matter with quotes around the values, on one line each, that YAML would not read as texts.

    Only the values of ``keys`` are looked at.
    """
    return "".join(_quoted(line, keys) for line in content.splitlines(keepends=True))


def _quoted(line: str, keys: Collection[str]) -> str:
    match = PAIR.match(line.rstrip())
    text = _text(match["value"]) if match and match["key"] in keys else None
    if match is None or text is None:
        return line
    ending = line[len(line.rstrip("\n")) :]
    return f"{match['head']}'{text.replace(chr(39), chr(39) * 2)}'{ending}"


def _text(value: str) -> str | None:
    """Returns the text that a value is meant to be, or nothing where YAML reads it like that itself."""
    if value[0] in "\"'":
        return None if QUOTED.match(value) else _text_with_quotes(value)
    if value[0] == "#" or BLOCK.match(value):
        return None
    text = COMMENT.sub("", value)
    is_sign = value[0] in "[{" or (value[0] in SIGNS and not (value[0] in "-?" and text[1:2].strip()))
    return text if is_sign or COLON.search(text) or TAG.search(text) else None


def _text_with_quotes(value: str) -> str | None:
    """Returns the text of a value that begins with a quote mark and has others inside: ``'Jum'at'``."""
    sign, inner = value[0], value[1:-1]
    if len(value) > 2 and value.endswith(sign):
        first = inner.find(sign)
        closes = inner[first - 1 : first].strip() and not inner[first + 1 : first + 2].isalnum()
        return value if closes else inner
    return None if value.count(sign) % 2 else value


def of_comments(content: str, first: int) -> Iterator[Problem]:
    """Yields a warning where a comment shortens a text. ``first`` is the number of the first line, from 1."""
    template = N_(
        "“{comment}” is a comment here, and no part of “{key}”. Put the whole text in quotes if it belongs to it."
    )
    for number, line in enumerate(content.split("\n"), start=first):
        match = PAIR.match(line.rstrip())
        comment = COMMENT.search(match["value"]) if match and match["key"] in TEXTS else None
        if match and comment and match["value"][0] not in "\"'#":
            params = {"comment": comment[0].strip()[:60], "key": match["key"]}
            yield Problem(number, "warning", "comment", template, params)


def of_repeated(
    nodes: Iterable[tuple[yaml.Node, yaml.Node]], first: int, *, depth: int = 2
) -> Iterator[Problem]:
    """Yields a warning for each key that stands twice, also in a table, since only its last value counts.

    Tables inside tables are left out: a node may hold itself.
    """
    template = N_("“{key}” stands here again, and only the last one counts. Remove the others.")
    seen: set[str] = set()
    for key, value in nodes:
        if isinstance(key, yaml.ScalarNode):
            if key.value in seen:
                params = {"key": str(key.value)[:60]}
                yield Problem(first + key.start_mark.line, "warning", "repeated-key", template, params)
            seen.add(key.value)
        if isinstance(value, yaml.MappingNode) and depth > 1:
            yield from of_repeated(value.value, first, depth=depth - 1)


def of_mistake(content: str, first: int, keys: Collection[str]) -> Problem | None:
    """Returns the first mistake of a front matter that cannot be read, if its cause is known.

    ``first`` is the number of the first line, from 1; ``keys`` are the known ones.
    """
    for number, line in enumerate(content.split("\n"), start=first):
        if problem := _mistake(line, number, keys):
            return problem
    return None


def _mistake(line: str, number: int, keys: Collection[str]) -> Problem | None:
    if line.startswith("\t"):
        template = N_("This line of the front matter begins with a tab. Write blanks in its place.")
        return Problem(number, "error", CODE, template)
    if (match := GLUED.match(line)) and match["key"] in keys:
        template = N_("A blank is missing after the colon. Write “{key}:”, a blank, and the value.")
        return Problem(number, "error", CODE, template, {"key": match["key"]})
    if (match := EQUALS.match(line)) and match["key"] in keys:
        template = N_(
            "The front matter has a colon after each key. Write “{key}: ” in place of the equals sign."
        )
        return Problem(number, "error", CODE, template, {"key": match["key"]})
    match = PAIR.match(line.rstrip())
    if match and match["value"][0] in "\"'" and not QUOTED.match(match["value"]):
        template = N_(
            "The quote mark before the value of “{key}” has no end. Write one after the value too, or take it out."
        )
        return Problem(number, "error", CODE, template, {"key": match["key"][:60]})
    return None
