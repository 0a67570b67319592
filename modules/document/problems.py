"""Describes the problems of a document: the line, the mistake, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace


def N_(sentence: str) -> str:
    """Marks a sentence for translation; the page that shows it translates it."""
    return sentence


Place = tuple[int, str]  # a line, and the word of the document that the problem is about
MOST_PLACES = 5  # that a sentence lists; raised, the sentences of long documents grow
ELSEWHERE = N_("Likewise on line {places}.")
ELSEWHERE_AND_MORE = N_("Likewise on line {places}, and {count} more.")
AFFECTED = N_("Affected: {names}.")
AFFECTED_AND_MORE = N_("Affected: {names}, and {count} more.")
# Warnings that are given once for a document, with all their places.
GATHERED = frozenset(
    {
        "dead-link",
        "double-brackets",
        "html",
        "maths",
        "no-alt",
        "outside-image",
        "placeholder",
        "unknown-key",
        "empty-section",
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Describes one problem at a ``line`` of the file from 1, or at 0 for the whole file.

    ``severity`` is ``error`` or ``warning``. An error keeps the document from being loaded. ``others`` are the places
    of the same problem, each with what it is about there if that is something else. ``questions`` are the names of the
    questions that it is about, where a line alone does not tell.
    """

    line: int
    severity: str
    code: str
    template: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    others: tuple[Place, ...] = ()
    questions: tuple[str, ...] = ()

    def text(self, translate: Callable[[str], str] = str) -> str:
        text = translate(self.template).format(**self.params)
        text = f"{text} {self._elsewhere(translate)}" if self.others else text
        return f"{text} {self._affected(translate)}" if self.questions else text

    def _elsewhere(self, translate: Callable[[str], str]) -> str:
        """Returns the other places of the same problem as a sentence."""
        shown = ", ".join(
            f"{line} (“{name}”)" if name else str(line) for line, name in self.others[:MOST_PLACES]
        )
        more = len(self.others) - MOST_PLACES
        sentence = translate(ELSEWHERE_AND_MORE if more > 0 else ELSEWHERE)
        return sentence.format(places=shown, count=more)

    def _affected(self, translate: Callable[[str], str]) -> str:
        """Returns the names of the questions as a sentence."""
        shown = ", ".join(f"“{name}”" for name in self.questions[:MOST_PLACES])
        more = len(self.questions) - MOST_PLACES
        sentence = translate(AFFECTED_AND_MORE if more > 0 else AFFECTED)
        return sentence.format(names=shown, count=more)

    @property
    def names(self) -> frozenset[str]:
        """Returns the words of the document that the problem is about, in all its places."""
        return frozenset({_name(self), *(name for _line, name in self.others if name)})

    def within(self, lines: range) -> Problem | None:
        """Returns the problem with those of its places that are on these lines, counted from the first one."""
        places = [(line, name) for line, name in ((self.line, ""), *self.others) if line in lines]
        if not places:
            return None
        counted = tuple((line - lines.start + 1, name) for line, name in places)
        (line, name), *others = counted
        params = {**self.params, next(iter(self.params)): name} if name else self.params
        return replace(self, line=line, params=params, others=tuple(others))

    def __str__(self) -> str:
        return f"{self.line}: {self.text()}" if self.line else self.text()


MOST_SHOWN = 200  # problems that a page or a command lists; raised, pages of hostile documents grow


class DocumentError(Exception):
    """Reports a file that cannot be loaded; ``problems`` has the reasons."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def gathered(problems: Iterable[Problem]) -> list[Problem]:
    """Returns problems by their lines, and warnings of the same kind as one that has all their places."""
    ordered = sorted(problems, key=lambda problem: (problem.line, problem.severity, problem.code))
    kinds: dict[object, list[Problem]] = {}
    for number, problem in enumerate(ordered):
        kinds.setdefault(_kind(problem) or number, []).append(problem)
    return [_joined(kind) for kind in kinds.values()]


def _kind(problem: Problem) -> tuple[str, ...]:
    """Returns the kind of a warning that is given once, or nothing for any other problem."""
    if problem.code in GATHERED and problem.severity == "warning":
        return (problem.template,)
    return (problem.template, _name(problem)) if problem.code == "missing-image" else ()


def _joined(problems: list[Problem]) -> Problem:
    first, *others = problems
    name = _name(first)
    places = ((other.line, "" if _name(other) == name else _name(other)) for other in others)
    return replace(first, others=tuple(places)) if others else first


def _name(problem: Problem) -> str:
    """Returns the word of the document that a problem is about: the first of its parameters."""
    return str(next(iter(problem.params.values()), ""))
