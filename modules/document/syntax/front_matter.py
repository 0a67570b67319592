"""Parses the front matter: the settings that a document begins with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import yaml

from modules.document.problems import N_, Problem
from modules.document.slugs import VALID
from modules.document.syntax import yaml_traps
from modules.document.syntax.access import Access
from modules.document.syntax.check_answers import CheckAnswers
from modules.document.syntax.dates import is_backwards
from modules.document.syntax.rules import RULES, Rules
from modules.document.syntax.source import HALF

OPENING = re.compile(r"---[ \t]*\n")
CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
ABOVE = re.compile(r"(?:[ \t\ufeff\u200b]*\n)+(?=---[ \t]*\n)")  # blank lines above the first dashes
KEY = re.compile(r"^([A-Za-z_][\w-]*):[ \t]", re.MULTILINE)
LONGEST = 20_000  # characters of a front matter


@dataclass(slots=True)
class FrontMatter:
    """Holds the known keys with their defaults. ``lines`` is the number of lines that they take in the file.

    ``sections_line`` is the line, from 1, that sets the level of sections. ``quiz`` may be ``none``. ``access`` is a
    value of :class:`Access`, and ``checks`` of :class:`CheckAnswers`. ``answer_key`` is ``separate`` in a text whose
    key is in a file of its own; that file has the slug of the text as ``key_of``.
    """

    title: str = ""
    slug: str = ""
    language: str = ""
    summary: str = ""
    sections: int | None = None
    sections_line: int = 0
    quiz: str = ""
    access: str = Access.LEARNERS.value
    checks: str = CheckAnswers.COUNTED.value
    answer_key: str = ""
    key_of: str = ""
    rules: Rules = field(default_factory=Rules)
    lines: int = 0


Reading = Callable[[Any], Any]  # gives the value that is kept, or raises ValueError


def _text(value: object, longest: int) -> str:
    return str(_require(value, isinstance(value, str) and len(value) <= longest)).strip()


def _require(value: object, is_valid: bool) -> Any:
    if not is_valid:
        raise ValueError(value)
    return value


def _whole(low: int, high: int) -> Reading:
    return lambda value: _require(value, type(value) is int and low <= value <= high)


def _matching(pattern: re.Pattern[str], longest: int) -> Reading:
    return lambda value: _require(
        value, isinstance(value, str) and len(value) <= longest and bool(pattern.match(value))
    )


def _one_of(*words: str) -> Reading:
    return lambda value: _require(value, value in words)


TEXTS = ("title", "slug", "language", "summary", "key_of")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")

KEYS: dict[str, tuple[Reading, str]] = {
    "title": (partial(_text, longest=500), N_("“title” has to be a text of at most 500 characters.")),
    "slug": (
        _matching(VALID, 100),
        N_("“slug” may hold only letters from a to z, digits, hyphens and underscores, at most 100 in all."),
    ),
    "language": (_matching(LANGUAGE, 20), N_("“language” has to be a language code such as id or en.")),
    "summary": (partial(_text, longest=2_000), N_("“summary” has to be a text of at most 2,000 characters.")),
    "sections": (
        _whole(1, 6),
        N_("“sections” has to be the level of the headings that begin a section, from 1 to 6."),
    ),
    "quiz": (
        _one_of("none"),
        N_("“quiz” can only be none, which says that this module has no final quiz. Leave it out otherwise."),
    ),
    "access": (_one_of(*Access), N_("“access” has to be learners, preview or open.")),
    "checks": (_one_of(*CheckAnswers), N_("“checks” has to be counted or recorded.")),
    "answer_key": (
        _one_of("separate"),
        N_(
            "“answer_key” can only be separate, which says that the key is in a file of its own. Leave it out otherwise."
        ),
    ),
    "key_of": (
        partial(_text, longest=500),
        N_("“key_of” has to be the address of the module whose key this file is."),
    ),
    **{key: (rule.parse, rule.problem) for key, rule in RULES.items()},
}


# What reading YAML raises; a tag such as “!!int” or “!!bool” before what is none raises the latter ones.
STUMBLES = (
    yaml.YAMLError,
    ValueError,
    RecursionError,
    ArithmeticError,
    LookupError,
    AttributeError,
    TypeError,
)


class _Loader(yaml.SafeLoader):
    """Loads YAML as authors understand it.

    Dates stay the text of the author, so that a problem can name a day that does not exist. Whole numbers are decimal:
    070 is seventy, and 1:30 is no number.
    """

    yaml_implicit_resolvers = {
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int")
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_whole(self, node: yaml.ScalarNode) -> int:
        return int(self.construct_scalar(node))


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"[-+]?\d+\Z", re.ASCII), list("-+0123456789")
)
_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_whole)


def parse_front_matter(text: str) -> tuple[FrontMatter, list[Problem]]:
    """Returns the front matter with which a normalised text begins, and its problems. Blank lines may stand above."""
    above = ABOVE.match(text)
    opening = OPENING.match(text, above.end() if above else 0)
    if opening is None or (above and not _has_key(text, opening.end())):
        return FrontMatter(), []
    start = opening.end()
    closing = CLOSING.search(text, start)
    if closing is None:
        return FrontMatter(), _endless(text, start)
    lines = text.count("\n", 0, closing.end()) + (not closing[0].endswith("\n"))
    content = text[start : closing.start()]
    values, problems = _load(content, text.count("\n", 0, start) + 1)
    matter = FrontMatter(lines=lines, sections_line=values.get("sections", (0, None))[0])
    for key, (line, value) in values.items():
        problems += _take(matter, key, value, line)
    if is_backwards(matter.rules.opens, matter.rules.closes):
        template = N_("The quiz closes before it opens. Mend “opens” or “closes”.")
        problems.append(Problem(values["closes"][0], "error", "front-matter-value", template))
    return matter, problems


def _has_key(text: str, start: int) -> bool:
    """Checks whether a known key stands at a position."""
    return text[start : start + 40].partition(":")[0] in KEYS


def _endless(text: str, start: int) -> list[Problem]:
    """Returns a problem if a known key follows dashes that are never closed; otherwise the dashes are a rule."""
    if not _has_key(text, start):
        return []
    template = N_("The front matter has no end. Put a line of three dashes (---) under its last key.")
    return [Problem(text.count("\n", 0, start), "error", "front-matter", template)]


def _load(content: str, first: int) -> tuple[dict[str, tuple[int, Any]], list[Problem]]:
    """Returns each key with its line in the file and its value. ``first`` is the line of the content, from 1."""
    if len(content) > LONGEST or content.count("*") + content.count("&") > 50:
        template = N_("The front matter is too large. Keep to the keys that the guide lists.")
        return {}, [Problem(first - 1, "error", "front-matter", template)]
    try:
        values, nodes = _read_as_meant(content)
    except STUMBLES as error:
        mark = getattr(error, "problem_mark", None)
        template = N_(
            "The front matter is not YAML here. Write one “key: value” per line, and put a text that holds a colon in quotes."
        )
        unknown = Problem(first + mark.line if mark else first - 1, "error", "front-matter", template)
        return {}, [yaml_traps.of_mistake(content, first, KEYS) or unknown]
    if values is not None and not isinstance(values, dict):
        template = N_(
            "The front matter has to consist of lines “key: value”. If you meant a rule, put an empty line above it."
        )
        unknown = Problem(first - 1, "error", "front-matter", template)
        return {}, [yaml_traps.of_mistake(content, first, KEYS) or unknown]
    lines = {
        key.value: key.start_mark.line + first for key, _value in nodes if isinstance(key, yaml.ScalarNode)
    }
    texts = {key.value: value.value for key, value in nodes if _is_kept_as_text(key, value)}
    named = {_key_text(key): value for key, value in (values or {}).items()}
    placed = {key: (lines.get(key, first - 1), texts.get(key, value)) for key, value in named.items()}
    return placed, [*yaml_traps.of_comments(content, first), *yaml_traps.of_repeated(nodes, first)]


def _read_as_meant(content: str) -> tuple[Any, list[tuple[yaml.Node, yaml.Node]]]:
    """Returns what :func:`_read` does, with the texts that YAML alone would not read."""
    meant = yaml_traps.with_quotes(content, yaml_traps.TEXTS)
    try:
        return _read(meant)
    except STUMBLES:
        others = {match[1] for match in KEY.finditer(content)} - set(KEYS)  # their values do nothing
        mended = yaml_traps.with_quotes(meant, others)
        if mended == meant:
            raise
        return _read(mended)


def _read(content: str) -> tuple[Any, list[tuple[yaml.Node, yaml.Node]]]:
    """Returns the value that YAML gives a text, and the nodes of its keys and values."""
    loader = _Loader(content)
    try:
        node = loader.get_single_node()
        nodes = list(node.value) if isinstance(node, yaml.MappingNode) else []
        return (loader.construct_document(node) if node else None), nodes
    finally:
        loader.dispose()


def _is_kept_as_text(key: yaml.Node, value: yaml.Node) -> bool:
    """Checks whether a value stays as the author wrote it: 1.10 is not 1.1, and “no” is a language."""
    is_text = isinstance(value, yaml.ScalarNode) and value.tag != "tag:yaml.org,2002:null"
    return is_text and isinstance(key, yaml.ScalarNode) and key.value in TEXTS


def _is_text(value: object) -> bool:
    """Checks whether a value can be kept: an escape such as \\0 or \\ud800 writes what no file of text holds."""
    return not isinstance(value, str) or not ("\0" in value or HALF.search(value))


def _key_text(key: Any) -> str:
    if isinstance(key, str):
        return key if _is_text(key) else "?"
    is_short = isinstance(key, float) or (isinstance(key, int) and key.bit_length() <= 5_000)
    return f"{key!r:.60}" if is_short else "?"


def _take(matter: FrontMatter, key: Any, value: object, line: int) -> list[Problem]:
    """Puts a value into the front matter, or returns the problem that it has."""
    if key not in KEYS:
        template = N_("The key “{key}” is not known; it is kept and does nothing.")
        return [Problem(line, "warning", "unknown-key", template, {"key": str(key)[:60]})]
    if value is None:
        return []
    if not _is_text(value):
        template = N_(
            "“{key}” holds a character that is not text. Take out the escape that writes it, such as \\0 or \\ud800."
        )
        return [Problem(line, "error", "front-matter-value", template, {"key": key})]
    reading, sentence = KEYS[key]
    try:
        kept = reading(value)
    except (ValueError, TypeError, OverflowError):
        # The day or the offset does not exist, or the value has no hash.
        return [Problem(line, "error", "front-matter-value", sentence)]
    if key in RULES:
        matter.rules = replace(matter.rules, **{key: kept})
    else:
        setattr(matter, key, kept)
    return []
