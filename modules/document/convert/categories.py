"""Turns the categories of Moodle into pools: the part of each path that not all questions share is the pool's title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

STROKE = re.compile(r"(?<!/)/(?!/)")  # two strokes are one in a name
DEFAULT = re.compile(
    r"(?:Default for|Bawaan untuk)\s+", re.IGNORECASE
)  # begins the name of a category made by Moodle
ROOT = re.compile(r"\$\w+\$\Z|top\Z")  # begins every path and says nothing


def pool_titles(paths: Iterable[str]) -> dict[str, str]:
    """Returns for each path the title of its pool, which is empty for questions outside of pools.

    The paths are those of all categories that a file names, also of those without a question.
    """
    steps = {path: _steps(path) for path in paths}
    shared = _shared([found for found in steps.values() if found])
    return {path: " / ".join(found[shared:]) for path, found in steps.items()}


def shared_title(paths: Iterable[str]) -> str:
    """Returns the last step that all categories of a file share: the name of what it holds, or an empty text."""
    steps = [found for path in paths if (found := _steps(path))]
    shared = steps[0][: _shared(steps)] if steps else []
    return DEFAULT.sub("", shared[-1]) if shared else ""


def _steps(path: str) -> list[str]:
    steps = [" ".join(step.replace("//", "/").split()) for step in STROKE.split(path)]
    while steps and (not steps[0] or ROOT.match(steps[0])):
        steps.pop(0)
    return steps


def _shared(paths: Sequence[list[str]]) -> int:
    """Returns how many steps all paths begin with."""
    first = min(paths, key=len, default=[])
    return next(
        (place for place, step in enumerate(first) if any(path[place] != step for path in paths)), len(first)
    )
