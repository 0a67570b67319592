"""Writes values into the lines of a front matter. All other lines stay byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from modules.document.problems import N_, DocumentError, Problem
from modules.document.syntax.front_matter import FrontMatter, parse_front_matter
from modules.document.syntax.source import BOM, normalise, split_lines

KEY = re.compile(r"""( *)(["']?)([A-Za-z_]+)\2\s*:(?:[ \t]*(?=[^\s#]))?""")
COMMENT = re.compile(r"\s+#.*")
DATE = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})([+-]\d{2}:\d{2})?\Z")


def parse_lines(text: str) -> tuple[FrontMatter, list[Problem]]:
    """Returns what a front matter says, and why it cannot be read. A wrong value of a rule is no reason."""
    matter, problems = parse_front_matter(normalise(text))
    return matter, [problem for problem in problems if problem.code == "front-matter"]


def unusual(keys: Iterable[str]) -> DocumentError:
    """Returns the error for a front matter that cannot be changed line by line."""
    template = N_(
        "The front matter is written in an unusual way, so {keys} cannot be changed here. Edit the module as Markdown."
    )
    names = ", ".join(f"“{name}”" for name in keys)
    return DocumentError((Problem(1, "error", "front-matter", template, {"keys": names}),))


def write_values(
    text: str, changed: Mapping[str, Any], matter: FrontMatter, is_written: Callable[[str], bool]
) -> str:
    """Returns the text with these values in its front matter.

    ``is_written`` tells whether the front matter has a key. Raises :class:`DocumentError` if it has one that does not
    begin a line.
    """
    lines, count = split_lines(text), matter.lines
    end = re.sub(r"[^\r\n]", "", lines[0] if lines else "") or "\n"
    if not count:
        front_matter = [
            "---",
            *(line for name in changed for line in _lines(f"{name}:", changed[name])),
            "---",
        ]
        start = BOM if text.startswith(BOM) else ""
        return start + "".join(line + end for line in front_matter) + text.removeprefix(BOM)
    content = lines[1 : count - 1]
    first_key = next((key for line in content if (key := KEY.match(line))), None)
    indent = first_key[1] if first_key else ""
    for name, value in changed.items():
        if not _starts(content, name, indent) and is_written(name):
            raise unusual(changed)
        content = _with_value(content, name, value, indent, end)
    return lines[0] + "".join(content) + "".join(lines[count - 1 :])


def _with_value(content: list[str], name: str, value: object, indent: str, end: str) -> list[str]:
    """Returns the lines with one value. A key that is written twice has its last value, so that the last is changed."""
    starts = _starts(content, name, indent)
    is_gone = value in (None, "")
    if not starts and not is_gone:
        return [*content, *(line + end for line in _lines(f"{indent}{name}:", value, indent))]
    for start in reversed(starts if is_gone else starts[-1:]):
        key, comment = KEY.match(content[start]), COMMENT.search(content[start].rstrip("\r\n"))
        head = key[0] if key else ""
        lines = [] if is_gone else _lines(head, value, indent, comment[0] if comment else "")
        content = content[:start] + [line + end for line in lines] + content[_end(content, start, indent) :]
    return content


def _starts(content: list[str], name: str, indent: str) -> list[int]:
    """Returns the lines, from 0, that have a key."""
    keys = ((number, KEY.match(line)) for number, line in enumerate(content))
    return [number for number, key in keys if key and (key[1], key[3]) == (indent, name)]


def _end(content: list[str], start: int, indent: str) -> int:
    """Returns the line after a value: values continue on lines that are indented more, or begin with a dash."""
    end = start + 1
    for number, line in enumerate(content[start + 1 :], start + 1):
        if line.strip() and not line.startswith((indent + " ", indent + "-")):
            break
        if line.strip() and not (line.lstrip().startswith("#") and not line.startswith(indent + " ")):
            end = number + 1
    return end


def _lines(head: str, value: object, indent: str = "", comment: str = "") -> list[str]:
    """Returns a rule as lines of YAML without their ends. ``head`` is its key, with colon and blanks."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if date := DATE.match(text):
        text = " ".join(filter(None, date.groups()))
    elif ":" in text:  # the table of a review
        rows = [row.partition(":")[::2] for row in text.split("; ")]
        table = [f"{indent}  {moment}: [{', '.join(aspects.split())}]" for moment, aspects in rows]
        return [f"{head.rstrip()}{comment}", *table]
    return [f"{head}{'' if head.endswith((' ', chr(9))) else ' '}{text}{comment}"]
