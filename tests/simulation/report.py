"""What a run has found, added up over its documents, as tables and promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .outcomes import ASKED, HALF, HEIR, MATCHED, MISTAKEN, TWIN, UNMATCHED, WRONG

LEAST = 0.95  # of what was renamed and is still the same thing, found without a question
COLUMNS = {
    MATCHED: "found",
    ASKED: "asked",
    UNMATCHED: "as new",
    MISTAKEN: "unused",
    WRONG: "wrong",
    HALF: "halves",
    TWIN: "twins",
    HEIR: "heirs",
}
TOLD = (MATCHED, ASKED, UNMATCHED, MISTAKEN, WRONG)  # where there is one right answer


def as_json(tally: Any, number: int) -> dict[str, Any]:
    """A tally as what one process can tell another."""
    return {
        "number": number,
        "loads": tally.loads,
        "edits": dict(tally.edits),
        "parts": [[*key, count] for key, count in tally.parts.items()],
        "figures": dict(tally.figures),
        "failures": [vars(failure) for failure in tally.failures],
    }


@dataclass
class Report:
    """The sums. ``parts`` counts by (kind of edit, kind of part, whether renamed, outcome)."""

    documents: int = 0
    loads: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    parts: Counter[tuple[str, str, bool, str]] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    failures: list[dict[str, Any]] = field(default_factory=list)

    def add(self, found: dict[str, Any]) -> None:
        self.documents += 1
        self.loads += found["loads"]
        self.edits.update(found["edits"])
        self.figures.update(found["figures"])
        self.failures += found["failures"]
        for edit, kind, is_renamed, outcome, count in found["parts"]:
            self.parts[edit, kind, is_renamed, outcome] += count

    # ------------------------------------------------------------------------------------------------ figures

    def outcomes(
        self, *, edit: str | None = None, kinds: Iterable[str] = ("section", "question"), renamed: bool = True
    ) -> Counter[str]:
        """How often each thing became of parts; of renamed ones alone, or of all."""
        found: Counter[str] = Counter()
        for (cause, kind, is_renamed, outcome), count in self.parts.items():
            if (edit is None or cause == edit) and kind in kinds and (is_renamed or not renamed):
                found[outcome] += count
        return found

    def share(self, outcomes: Counter[str]) -> float:
        """The share that was found without a question, of what can be told."""
        total = sum(outcomes[word] for word in TOLD)
        return outcomes[MATCHED] / total if total else 1.0

    def failed(self, promise: str) -> int:
        return sum(failure["promise"] == promise for failure in self.failures)

    def promises(self) -> list[tuple[str, str, bool]]:
        """Each promise with its figure and whether it was held."""
        renamed = self.share(self.outcomes())
        return [
            ("readings, answers, completions on the wrong thing", *self._none("wrong")),
            ("renamed things found without a question", f"{renamed:.2%}", renamed >= LEAST),
            ("a plan that differs from its outcome", *self._none("plan")),
            ("planning that writes", *self._none("writing")),
            ("broken invariants", *self._none("invariant")),
            ("a dump that differs from what was loaded", *self._none("dump")),
            ("a database that is not sound", *self._none("database")),
        ]

    def _none(self, promise: str) -> tuple[str, bool]:
        return str(self.failed(promise)), not self.failed(promise)

    # ----------------------------------------------------------------------------------------------- in print

    def table(self) -> str:
        """What became of renamed parts that are still the same thing, by the edit that renamed them."""
        heads = "".join(f"{word:>8}" for word in COLUMNS.values())
        lines = [f"  {'what was done':<24}{'edits':>7}{'renamed':>9}{heads}{'found':>9}"]
        causes = sorted({edit for edit, *_rest in self.parts} | set(self.edits))
        for edit in causes:
            if total := sum((outcomes := self.outcomes(edit=edit)).values()):
                lines.append(self._line(edit, self.edits[edit], total, outcomes))
        outcomes = self.outcomes()
        lines.append(self._line("all renamed", self.edits.total(), outcomes.total(), outcomes))
        everything = self.outcomes(renamed=False)
        lines.append(self._line("all parts", self.edits.total(), everything.total(), everything))
        choices = self.outcomes(kinds=("choice",))
        lines.append(self._line("reworded choices", 0, choices.total(), choices))
        return "\n".join(lines)

    def _line(self, name: str, edits: int, total: int, outcomes: Counter[str]) -> str:
        counts = "".join(f"{outcomes[word] or '':>8}" for word in COLUMNS)
        return f"  {name:<24}{edits or '':>7}{total:>9}{counts}{self.share(outcomes):>9.2%}"
