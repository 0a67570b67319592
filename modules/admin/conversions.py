"""Tells pages about the questions in other notations in a draft, and what converting them gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from modules.admin import comparisons
from modules.authoring import uploads
from modules.authoring.problem_lists import rest
from modules.document.convert import recognise
from modules.document.convert.converted import Converted
from modules.document.deadline import Deadline, TooSlow
from modules.models import Draft

MOST_PAIRS = 200  # questions that are shown beside their originals; raised, pages of long documents grow
# How a page names each notation.
NAMES = {
    "fence": gettext_lazy("the whole document in a code block"),
    "headings": gettext_lazy("headings such as --question-- and --answer--"),
    "mkdocs-quiz": gettext_lazy("questions of mkdocs-quiz"),
    "liascript": gettext_lazy("quizzes of LiaScript"),
    "gift": gettext_lazy("questions in GIFT"),
    "aiken": gettext_lazy("Aiken"),
    "tasks": gettext_lazy("lists with [ ] and [x] outside the quiz"),
    "letters": gettext_lazy("letters with an answer or a key"),
    "lists": gettext_lazy("plain lists with an answer"),
    "answers": gettext_lazy("questions with an answer line and no choices"),
    "ticks": gettext_lazy("choices marked with a sign such as ✅ or with bold words"),
    "tables": gettext_lazy("questions in a table"),
    "marks": gettext_lazy("questions of the quiz whose marks are not quite right"),
}


@dataclass(frozen=True, slots=True)
class Foreign:
    """Holds what a page says about the questions in other notations. ``notations`` are names with their counts.

    ``is_asked`` tells whether the page asks if they, or lines that show a key, are reading. The page of a plan asks it
    of a module that exists.
    """

    title: str
    notations: tuple[tuple[str, int], ...]
    is_asked: bool


def foreign_in(text: str, *, is_new: bool = False) -> Foreign | None:
    """Returns the questions in other notations and the keys that a text shows, or ``None``."""
    found = _found_in(text)
    if not found:
        return None
    title = ngettext("%(n)d question in another notation", "%(n)d questions in another notation", found.count)
    notations = tuple((str(NAMES[seen.notation]), seen.count) for seen in found.seen)
    return Foreign(title % {"n": found.count}, notations, is_asked=is_new and found.shows_key)


def _found_in(text: str) -> recognise.Found | None:
    """Returns what a text shows, or ``None`` where it cannot be searched in time. A warning of the document says so."""
    try:
        return recognise.recognise(text, Deadline(recognise.SECONDS))
    except TooSlow:
        return None


def page_of(draft: Draft, converted: Converted, title: str) -> dict[str, Any]:
    """Returns what the page of a conversion shows: the original, the result, and what could not be carried over.

    A text that was pasted has the name of its document, ``title``.
    """
    name = str(draft) if draft.filename or draft.module or not title else title
    result = _found_in(converted.text)
    return {
        "is_complete": not converted.losses and result is not None and not result.shows_key,
        "draft": draft,
        "name": name,
        "foreign": foreign_in(draft.text),
        "losses": [(problem.line, problem.text(_)) for problem in converted.losses],
        "pairs": converted.pairs[:MOST_PAIRS],
        "more_pairs": rest(len(converted.pairs) - MOST_PAIRS),
        "marked": comparisons.compare_texts(draft.text, converted.text),
        "crumbs": [
            (reverse("admin:modules_draft_changelist"), _("Drafts")),
            (reverse("admin:modules_draft_change", args=[draft.pk]), name),
        ],
    }


def upload_of(draft: Draft, converted: Converted) -> uploads.Upload:
    """Returns a converted text with the images of the original draft."""
    images = dict(draft.images.values_list("path", "file"))
    return uploads.Upload(draft.filename, converted.text, "utf-8", images, losses=converted.losses)
