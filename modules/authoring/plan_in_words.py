"""Names and counts in words what a load changes, for the admin and for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy

from modules.authoring.states import PartState
from modules.quizzes.rules_in_words import NAMES

# What a document says of the whole module, by the names of `plan.Setting`.
SETTINGS: Mapping[str, Promise] = {
    "title": gettext_lazy("title"),
    "address": gettext_lazy("address"),
    "language": gettext_lazy("language"),
    "summary": gettext_lazy("summary"),
    "access": gettext_lazy("who may read it"),
    "checks": gettext_lazy("answers to the questions in the text"),
    **NAMES,
}
# How many parts are in a state; also the fates of removed parts, changed keys and settings.
COUNTED: Mapping[str, Any] = {
    PartState.NEW: ngettext_lazy("%(n)d new", "%(n)d new", "n"),
    PartState.RESTORED: ngettext_lazy("%(n)d back", "%(n)d back", "n"),
    PartState.RENAMED: ngettext_lazy("%(n)d renamed", "%(n)d renamed", "n"),
    PartState.CHANGED: ngettext_lazy("%(n)d changed", "%(n)d changed", "n"),
    PartState.PARSED_ANEW: ngettext_lazy("%(n)d key changed", "%(n)d keys changed", "n"),
    PartState.IMAGES: ngettext_lazy("%(n)d with another picture", "%(n)d with other pictures", "n"),
    PartState.MOVED: ngettext_lazy("%(n)d moved", "%(n)d moved", "n"),
    PartState.SPLIT: ngettext_lazy("%(n)d split off", "%(n)d split off", "n"),
    PartState.MERGED: ngettext_lazy("%(n)d merged", "%(n)d merged", "n"),
    PartState.REMOVED: ngettext_lazy("%(n)d taken out", "%(n)d taken out", "n"),
    "archived": ngettext_lazy("%(n)d archived", "%(n)d archived", "n"),
    "deleted": ngettext_lazy("%(n)d deleted", "%(n)d deleted", "n"),
    "key": ngettext_lazy("%(n)d key changed", "%(n)d keys changed", "n"),
    "settings": ngettext_lazy("%(n)d setting", "%(n)d settings", "n"),
}


def counted(counts: Mapping[str, int]) -> str:
    """Returns counts in words, such as “1 new, 2 changed”. Unknown words are left out."""
    return ", ".join(
        str(sentence % {"n": counts[word]}) for word, sentence in COUNTED.items() if counts.get(word)
    )
