"""Compares the choices, or the accepted answers, of two versions of a question."""

from __future__ import annotations

from collections.abc import Sequence

from modules.authoring.plan import ChoiceChange
from modules.models import QuestionVersion


def choice_changes(before: QuestionVersion, after: QuestionVersion) -> tuple[ChoiceChange, ...]:
    """Returns the choices, or accepted answers, of two versions of a question in pairs."""
    if not (before.has_choices or after.has_choices):
        return _answer_changes(
            *([answer["text"] for answer in version.answers] for version in (before, after))
        )
    earlier = {choice["key"]: choice for choice in before.choices}
    coming = {choice["key"]: choice for choice in after.choices}
    return tuple(
        ChoiceChange(
            earlier[key]["text"] if key in earlier else None,
            coming[key]["text"] if key in coming else None,
            key in earlier and earlier[key]["right"],
            key in coming and coming[key]["right"],
        )
        for key in dict.fromkeys([*coming, *earlier])
    )


def _answer_changes(old: Sequence[str], new: Sequence[str]) -> tuple[ChoiceChange, ...]:
    """Returns accepted answers before and after. If one was removed and one is new, they are a pair."""
    removed = [text for text in old if text not in new]
    added = [text for text in new if text not in old]
    became = dict(zip(removed, added, strict=True)) if len(removed) == len(added) == 1 else {}
    after = {text: text if text in new else became.get(text) for text in old}
    return (
        *(ChoiceChange(text, now, True, now is not None) for text, now in after.items()),
        *(ChoiceChange(None, text, False, True) for text in added if text not in became.values()),
    )
