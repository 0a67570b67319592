"""Describes the problems of a document: the line, the mistake, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def N_(sentence: str) -> str:
    """Marks a sentence for translation; the page that shows it translates it."""
    return sentence


@dataclass(frozen=True, slots=True)
class Problem:
    """Describes one problem at a ``line`` of the file from 1, or at 0 for the whole file.

    ``severity`` is ``error`` or ``warning``. An error keeps the document from being loaded.
    """

    line: int
    severity: str
    code: str
    template: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = str) -> str:
        return translate(self.template).format(**self.params)

    def __str__(self) -> str:
        return f"{self.line}: {self.text()}" if self.line else self.text()


MOST_SHOWN = 200  # problems that a page or a command lists; raised, pages of hostile documents grow


class DocumentError(Exception):
    """Reports a file that cannot be loaded; ``problems`` has the reasons."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
