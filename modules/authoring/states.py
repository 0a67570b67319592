"""Names the states of a change: what can happen to a part of a document that is loaded again."""

from __future__ import annotations

from enum import StrEnum

from modules.document.problems import N_


class PartState(StrEnum):
    """Names one thing that can happen to a section or a question. A part that stays as it is has no state.

    ``label`` is its English name, a key of translations. ``look`` is the colour of its card on the plan page.
    A removed part is archived if somebody has worked on it, and deleted otherwise.
    """

    label: str
    look: str

    def __new__(cls, value: str, label: str, look: str) -> PartState:
        state = str.__new__(cls, value)
        state._value_ = value
        state.label, state.look = label, look
        return state

    NEW = "new", N_("new"), "new"
    RESTORED = "restored", N_("back from the archive"), "new"
    RENAMED = "renamed", N_("renamed"), "move"
    CHANGED = "changed", N_("changed"), "edit"
    PARSED_ANEW = "parsed_anew", N_("accepted answers count in another way than before"), "edit"
    IMAGES = "images", N_("another picture"), "edit"
    MOVED = "moved", N_("moved"), "move"
    SPLIT = "split", N_("split off"), "new"
    MERGED = "merged", N_("merged"), "edit"
    REMOVED = "removed", N_("taken out"), "gone"


# The look of a card is that of the first of these states that its part is in.
LOOK_ORDER = (
    PartState.REMOVED, PartState.NEW, PartState.SPLIT, PartState.RESTORED, PartState.CHANGED,
    PartState.PARSED_ANEW, PartState.IMAGES,
    PartState.MERGED, PartState.RENAMED, PartState.MOVED,
)  # fmt: skip
