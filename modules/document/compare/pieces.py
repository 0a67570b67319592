"""Compares sections by whole lines and by their signs, where their words do not tell them apart.

Many sections of a document may share their words. A line under a heading is still the same line when it moves. Code,
links, pictures and numbers stay the same when a section is rewritten or translated.
"""

from __future__ import annotations

import re
from collections import Counter

from modules.document.compare.likeness import NUMBER, body
from modules.document.compare.moved_text import bare_lines, is_telling
from modules.document.compare.part import Part
from modules.document.compare.thresholds import TAKEN_IN
from modules.document.syntax.source import normalise

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n(.*?)^ {0,3}\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
TARGET = re.compile(r"\]\(<?([^)\s>]+)")
# Signs that two texts share, as part of the signs of both, from 0 to 1. Raised, translated sections count as new ones;
# lowered, sections that name the same number are asked about.
SHARED_SIGNS = 0.5
END = re.compile(r"(?<=[.!?])\s+")


def is_piece(piece: Part, whole: Part) -> bool:
    """Checks whether a part has, under its heading, only lines of another part, and one that is long enough."""
    return is_telling(bare_lines(body(piece.source))) and has_only_lines_of(piece, whole)


def has_only_lines_of(piece: Part, whole: Part) -> bool:
    """Checks whether each line under the heading of a part is in another part. A heading counts as a line."""
    lines, others = (Counter(bare_lines(body(part.source))) for part in (piece, whole))
    return lines <= others


def takes_in(target: Part, removed: Part, before: Part | None) -> bool:
    """Checks whether a part has sentences of a removed part that it did not have before, and more than a few words.

    The rest of the removed part may be gone.
    """
    known = set(sentences(before)) if before else set()
    came = set(sentences(target)) & set(sentences(removed)) - known
    taken = sum(len(sentence.split()) for sentence in came if is_telling([sentence]))
    return taken > 0 and taken >= TAKEN_IN * len(target.source.split())


def sentences(part: Part) -> list[str]:
    """Returns the sentences under the heading of a part. The end of a line ends a sentence."""
    return [sentence for line in bare_lines(body(part.source)) for sentence in END.split(line)]


def has_heading(whole: Part, title: str) -> bool:
    """Checks whether a part has a line with the words of a heading."""
    return title in bare_lines(body(whole.source))


def signs(part: Part) -> frozenset[str]:
    """Returns what stays in a part that is translated: lines of code, targets of links and images, and numbers."""
    source = normalise(part.source)
    fenced = [line.strip() for _marks, code in FENCE.findall(source) for line in code.splitlines()]
    prose = FENCE.sub("", source)
    found = [*fenced, *CODE.findall(prose), *TARGET.findall(prose), *NUMBER.findall(TARGET.sub("", prose))]
    return frozenset(found) - {""}


def share_signs(first: Part, second: Part) -> bool:
    """Checks whether two parts have most of their signs in common."""
    before, after = signs(first), signs(second)
    return bool(before & after) and 2 * len(before & after) >= SHARED_SIGNS * (len(before) + len(after))
