"""Lists the outcomes for a part that is still the same after its document is loaded again."""

from __future__ import annotations

from dataclasses import dataclass

MATCHED = "matched"  # the part kept its row, without an ambiguity
ASKED = "asked"  # the part kept its row after a decision
TOGETHER = "together"  # the part kept its row after one decision for the whole document
RENEWED = "renewed"  # the part kept its row after a decision, and most of its words are other ones
UNMATCHED = "unmatched"  # the part counts as new: nothing is attached wrongly, but its work is archived
MISTAKEN = "mistaken"  # the part got the row of another part, to which no work belonged
WRONG = "wrong"  # the part got the row of another part, together with its work
TWIN = "twin"  # the part got a row whose text is or was the same word for word
HALF = "half"  # the part was split and its other half got the row; readings count for both halves
HEIR = "heir"  # the part is new under the heading of a removed one: by the format, it is that part rewritten
OUTCOMES = (MATCHED, ASKED, TOGETHER, RENEWED, UNMATCHED, MISTAKEN, WRONG, TWIN, HALF, HEIR)


@dataclass(frozen=True)
class Match:
    """Describes the outcome for one part, or of a choice.

    ``is_renamed`` says whether its identity changed. A part that is taken for new counts as renamed, too.
    """

    uid: int
    outcome: str
    is_renamed: bool
    kind: str  # "section", "question" or "choice"
