"""What is wrong with a document: where, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def N_(sentence: str) -> str:
    """Mark a sentence for translation; whoever shows it translates it."""
    return sentence


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem, at a ``line`` of the file from 1 (0: the whole file). ``severity`` is ``error`` or ``warning``."""

    line: int
    severity: str
    code: str
    template: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = str) -> str:
        return translate(self.template).format(**self.params)

    def __str__(self) -> str:
        return f"{self.line}: {self.text()}" if self.line else self.text()


class DocumentError(Exception):
    """A document that cannot be taken in; ``problems`` says why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
