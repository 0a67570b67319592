"""Takes a whole document out of the code fence into which a chat assistant put it."""

from __future__ import annotations

from dataclasses import dataclass

from modules.document.convert.lines import HEADING, heading_words
from modules.document.convert.writing import FENCE
from modules.document.syntax.source import normalise

NOTATION = "fence"
LANGUAGES = frozenset({"", "markdown", "md", "text", "txt"})
MOST_AROUND = (
    6  # lines beside the fence that are a greeting; raised, an example in a text may count as all of it
)


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """Holds the content of the fence. ``line`` is its opening line from 1; ``around`` are the lines beside it."""

    text: str
    line: int
    around: tuple[tuple[int, str], ...]


def unwrap(text: str) -> Unwrapped | None:
    """Returns the document inside a fence, or nothing where the fence holds only a part of the text."""
    lines = normalise(text).split("\n")
    filled = [place for place, line in enumerate(lines[: MOST_AROUND * 2]) if line.strip()]
    first = next((place for place in filled[:MOST_AROUND] if _opens(lines[place])), None)
    if first is None:
        return None
    fence = lines[first].strip().rstrip("abcdefghijklmnopqrstuvwxyz")
    last = _last_fence(lines, first, fence)
    inside = lines[first + 1 : last]
    around = [
        (place, line) for place, line in enumerate(lines) if not first <= place <= last and line.strip()
    ]
    if len(around) > MOST_AROUND or any(heading_words(line) != line.strip() for _place, line in around):
        return None
    if not any(HEADING.match(line) for line in inside):
        return None
    return Unwrapped("\n".join(inside) + "\n", first + 1, tuple((place + 1, line) for place, line in around))


def _opens(line: str) -> bool:
    match = FENCE.match(line)
    return bool(match) and line.strip().lstrip("`~").lower() in LANGUAGES


def _last_fence(lines: list[str], first: int, fence: str) -> int:
    """Returns the line that closes the fence: with a language the last one, since code inside has fences too."""
    places = range(first + 1, len(lines))
    is_named = lines[first].strip() != fence
    closing = (place for place in (reversed(places) if is_named else places) if lines[place].strip() == fence)
    return next(closing, len(lines))
