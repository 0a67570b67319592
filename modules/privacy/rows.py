"""Defines what the table of personal data says of one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

from accounts.models import User
from modules.privacy.mentions import Mentions


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is erased, with all addresses, and the words by which others may have named them."""

    user: User
    addresses: frozenset[str]
    mentions: Mentions
    keeps_proofs: bool


Act = Callable[[Person], None]


@dataclass(frozen=True, slots=True)
class Rows:
    """Says what becomes of the rows of a model, and of each column that tells of a person or that a person typed.

    ``of`` leads from a row to its account. The rows of an account go (``goes``), or get other values (``emptied``) or
    no person any more (``unlinked``). ``faceless`` columns go on to lead to the account, which has no name then. In
    ``swept`` columns, which others have typed, the name and the addresses are blacked out. ``content`` columns hold the
    words of modules or of the program, and stay. ``act`` does what columns cannot say, for the columns in ``acted``.
    """

    model: str
    of: str = ""
    goes: bool = False
    emptied: Mapping[str, Any] = field(default_factory=dict)
    unlinked: tuple[str, ...] = ()
    faceless: tuple[str, ...] = ()
    swept: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    acted: tuple[str, ...] = ()
    act: Act | None = None

    @property
    def named(self) -> frozenset[str]:
        """Returns the columns about which it says something."""
        tuples = (self.unlinked, self.faceless, self.swept, self.content, self.acted)
        of = self.of.split("__")[0]
        return frozenset(
            [*self.emptied, *(column for each in tuples for column in each), *filter(None, [of])]
        )

    def erase(self, person: Person) -> None:
        """Does with the rows of a person what it says."""
        if self.act:
            self.act(person)
        model = apps.get_model(self.model)
        rows: models.QuerySet[Any] = model._base_manager.all()
        if self.of and self.goes:
            rows.filter(**{self.of: person.user.pk}).delete()
        elif self.of and self.emptied:
            rows.filter(**{self.of: person.user.pk}).update(**self.emptied)
        for column in self.unlinked:
            rows.filter(**{column: person.user.pk}).update(**{column: None})
        person.mentions.sweep(rows, self.swept)
