"""Says of the latest drafts of a person how they are named, and what is wrong in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models.functions import Length
from django.utils.translation import gettext as _

from accounts.models import User
from modules.document.problems import Problem
from modules.document.syntax.parser import parse_document
from modules.models import Draft

SHOWN = 5  # drafts; each is read once after a change
LONGEST_READ = 200_000  # characters; a longer draft is named, and its mistakes are said on its own page


@dataclass(frozen=True, slots=True)
class DraftState:
    """A draft, with the number of its mistakes and the first of them in words."""

    key: int
    title: str
    changed_at: datetime
    errors: int
    first: str


@dataclass(frozen=True, slots=True)
class _Read:
    title: str
    errors: int
    first: Problem | None


def draft_states(person: User) -> Sequence[DraftState]:
    """Returns the latest drafts. One query, and one more for each draft that this process has not read yet."""
    drafts = (
        Draft.objects.open_to(person).defer("text").select_related("module").annotate(size=Length("text"))
    )
    return [_state(draft, draft.size or 0) for draft in drafts[:SHOWN]]


def _state(draft: Draft, size: int) -> DraftState:
    read = _read(draft.pk, draft.changed_at, size) if size <= LONGEST_READ else _Read("", 0, None)
    title = str(draft) if draft.part_title else read.title or str(draft)
    return DraftState(draft.pk, title, draft.changed_at, read.errors, _in_words(read.first))


def _in_words(problem: Problem | None) -> str:
    if problem is None:
        return ""
    if not problem.line:
        return problem.text(_)
    return _("line %(line)d: %(problem)s") % {"line": problem.line, "problem": problem.text(_)}


@lru_cache(maxsize=512)
def _read(key: int, changed_at: datetime, size: int) -> _Read:  # they tell one state from the next
    """Reads the text of a draft. A draft that was not changed is not read again."""
    text = Draft.objects.values_list("text", flat=True).filter(pk=key).first() or ""
    document = parse_document(text)
    return _Read(document.title, len(document.errors), next(iter(document.errors), None))
