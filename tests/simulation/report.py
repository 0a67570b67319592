"""Adds up the results of a run over its documents, as tables and promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .authors import SWEEP
from .outcomes import (
    ASKED,
    HALF,
    HEIR,
    MATCHED,
    MISTAKEN,
    RENEWED,
    TOGETHER,
    TWIN,
    UNMATCHED,
    WRONG,
)

# Share of renamed parts, and of choices in another form, that must be found without an ambiguity. Raised, the promise
# is harder to keep.
REQUIRED_SHARE = 0.97
REQUIRED_SPLITS = 0.9  # share of the parts that were split off that the plan must name as such; likewise
MOST_SILLY = 0.01  # share of the ambiguities that may be silly; lowered, the promise is harder to keep
COLUMNS = {
    MATCHED: "found",
    ASKED: "asked",
    TOGETHER: "as one",
    RENEWED: "renewed",
    UNMATCHED: "as new",
    MISTAKEN: "unused",
    WRONG: "wrong",
    HALF: "halves",
    TWIN: "twins",
    HEIR: "heirs",
}
COUNTED = (MATCHED, ASKED, UNMATCHED, MISTAKEN, WRONG)  # outcomes of parts that have one right row


def as_json(tally: Any, number: int) -> dict[str, Any]:
    """Returns a tally as JSON values, to pass from one process to another."""
    return {
        "number": number,
        "loads": tally.loads,
        "edits": dict(tally.edits),
        "parts": [[*key, count] for key, count in tally.parts.items()],
        "figures": dict(tally.figures),
        "failures": [vars(failure) for failure in tally.failures],
        "silly": tally.silly,
    }


@dataclass
class Report:
    """Holds the sums. ``parts`` is counted by kind of edit, kind of part, whether it was renamed, and outcome."""

    documents: int = 0
    loads: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    parts: Counter[tuple[str, str, bool, str]] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    failures: list[dict[str, Any]] = field(default_factory=list)
    silly: list[str] = field(default_factory=list)

    def add(self, result: dict[str, Any]) -> None:
        self.documents += 1
        self.loads += result["loads"]
        self.edits.update(result["edits"])
        self.figures.update(result["figures"])
        self.failures += result["failures"]
        self.silly += result["silly"]
        for edit, kind, is_renamed, outcome, count in result["parts"]:
            self.parts[edit, kind, is_renamed, outcome] += count

    # ------------------------------------------------------------------------------------------------ figures

    def outcomes(
        self, *, edit: str | None = None, kinds: Iterable[str] = ("section", "question"), renamed: bool = True
    ) -> Counter[str]:
        """Counts the outcomes of renamed parts, or of all parts."""
        outcomes: Counter[str] = Counter()
        for (cause, kind, is_renamed, outcome), count in self.parts.items():
            if (edit is None or cause == edit) and kind in kinds and (is_renamed or not renamed):
                outcomes[outcome] += count
        return outcomes

    def share(self, outcomes: Counter[str]) -> float:
        """Returns the share of parts with one right row that were found without an ambiguity, from 0 to 1."""
        total = sum(outcomes[word] for word in COUNTED)
        return outcomes[MATCHED] / total if total else 1.0

    def failed(self, promise: str) -> int:
        return sum(failure["promise"] == promise for failure in self.failures)

    def promises(self) -> list[tuple[str, str, bool]]:
        """Returns each promise with its figure and whether it was kept."""
        renamed = self.share(self.outcomes())
        swept = self.share(self.outcomes(edit=SWEEP, kinds=("choice",)))
        splits = self.figures["splits"]
        split = self.figures["splits noticed"] / splits if splits else 1.0
        silly = len(self.silly) / max(1, self.figures["questions asked"])
        return [
            ("readings, answers, completions on the wrong thing", *self._count_failures("wrong")),
            ("renamed things found without a question", f"{renamed:.2%}", renamed >= REQUIRED_SHARE),
            ("choices in another form kept without a question", f"{swept:.2%}", swept >= REQUIRED_SHARE),
            ("parts that were split off, and named as such", f"{split:.2%}", split >= REQUIRED_SPLITS),
            ("questions that are silly", f"{silly:.2%}", silly <= MOST_SILLY),
            ("a plan that differs from its outcome", *self._count_failures("plan")),
            ("planning that writes", *self._count_failures("writing")),
            ("broken invariants", *self._count_failures("invariant")),
            ("a dump that differs from what was loaded", *self._count_failures("dump")),
            ("a database that is not sound", *self._count_failures("database")),
        ]

    def _count_failures(self, promise: str) -> tuple[str, bool]:
        return str(self.failed(promise)), not self.failed(promise)

    # ----------------------------------------------------------------------------------------------- in print

    def table(self) -> str:
        """Returns a table with the outcomes of renamed parts, by the edit that renamed them."""
        heads = "".join(f"{word:>8}" for word in COLUMNS.values())
        lines = [f"  {'what was done':<24}{'edits':>7}{'renamed':>9}{heads}{'found':>9}"]
        causes = sorted({edit for edit, *_rest in self.parts} | set(self.edits))
        for edit in causes:
            if total := sum((outcomes := self.outcomes(edit=edit)).values()):
                lines.append(self._line(edit, self.edits[edit], total, outcomes))
        outcomes = self.outcomes()
        lines.append(self._line("all renamed", self.edits.total(), outcomes.total(), outcomes))
        all_outcomes = self.outcomes(renamed=False)
        lines.append(self._line("all parts", self.edits.total(), all_outcomes.total(), all_outcomes))
        lines += self._lines_of_choices(causes)
        return "\n".join(lines)

    def _lines_of_choices(self, causes: Iterable[str]) -> list[str]:
        lines = []
        for edit in causes:
            outcomes = self.outcomes(edit=edit, kinds=("choice",))
            if outcomes:
                lines.append(
                    self._line(f"choices: {edit}"[:24], self.edits[edit], outcomes.total(), outcomes)
                )
        choices = self.outcomes(kinds=("choice",))
        return [*lines, self._line("all choices", 0, choices.total(), choices)]

    def _line(self, name: str, edits: int, total: int, outcomes: Counter[str]) -> str:
        counts = "".join(f"{outcomes[word] or '':>8}" for word in COLUMNS)
        return f"  {name:<24}{edits or '':>7}{total:>9}{counts}{self.share(outcomes):>9.2%}"
