"""Lists the problems of a document for a page or a command: the first of them, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modules.document.problems import MOST_SHOWN, Problem


@dataclass(frozen=True, slots=True)
class ProblemList:
    """Holds the first problems as (line, text) pairs. Its length counts all of them."""

    shown: tuple[tuple[int, str], ...]
    count: int

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return iter(self.shown)

    @property
    def rest(self) -> str:
        """Returns how many problems are not shown, as a sentence, or an empty text."""
        return rest(self.count - len(self.shown))


def problem_list(problems: Sequence[Problem], *first: str) -> ProblemList:
    """Returns problems in the reader's language, after sentences about the whole document."""
    told = [(problem.line, problem.text(_)) for problem in problems[:MOST_SHOWN]]
    return ProblemList((*((0, sentence) for sentence in first), *told), len(first) + len(problems))


def sentences(problems: Sequence[Problem], tell: Callable[[Problem], str]) -> list[str]:
    """Returns the first problems, each as ``tell`` says it, and how many there are beside them."""
    more = rest(len(problems) - MOST_SHOWN)
    return [*map(tell, problems[:MOST_SHOWN]), *([more] if more else [])]


def rest(count: int) -> str:
    """Returns a sentence about problems that are not shown, or an empty text if there are none."""
    if count <= 0:
        return ""
    return ngettext("%(n)d more is not shown.", "%(n)d more are not shown.", count) % {"n": count}
