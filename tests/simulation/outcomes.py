"""What can become of a part that is still the same thing when its document is loaded again."""

from __future__ import annotations

from dataclasses import dataclass

MATCHED = "matched"  # it kept its row, without a question
ASKED = "asked"  # it kept its row, and somebody was asked
UNMATCHED = "unmatched"  # it was taken for new: nothing is attached wrongly, but its work is in the archive
MISTAKEN = "mistaken"  # it got the row of another part, on which nobody's work hung
WRONG = "wrong"  # it got the row of another part with somebody's work
TWIN = "twin"  # it got a row that says, or once said, word for word the same: who read that has read it
HALF = "half"  # it was split, and its other half got the row; both halves are read by whom it was read
HEIR = "heir"  # it is new, under the very heading of something gone: by the format's contract it is that, rewritten
OUTCOMES = (MATCHED, ASKED, UNMATCHED, MISTAKEN, WRONG, TWIN, HALF, HEIR)


@dataclass(frozen=True)
class Match:
    """What became of one part. ``is_renamed`` says whether its identity changed."""

    uid: int
    outcome: str
    is_renamed: bool
    kind: str  # "section", "question" or "choice"
