"""Blacks out the name and the addresses of a person in what others have typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

SHORTEST = 3  # characters of a name; a shorter one would black out parts of common words
INSTEAD = "…"


@dataclass(frozen=True, slots=True)
class Mentions:
    """The words by which a person is named: the full name, and the addresses."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, name: str, addresses: Iterable[str]) -> Mentions:
        named = [name.strip()] if len(name.strip()) >= SHORTEST else []
        return cls(tuple(sorted({*named, *addresses}, key=len, reverse=True)))

    def are_in(self, text: str) -> bool:
        return bool(self.words) and self._pattern().search(text) is not None

    def blacked_out(self, text: str) -> str:
        return self._pattern().sub(INSTEAD, text) if self.words else text

    def sweep(self, rows: QuerySet[Any], columns: Iterable[str]) -> None:
        """Changes each row that names the person in one of the columns, and no other row."""
        for column in columns:
            if not self.words:
                return
            named = reduce(or_, (Q(**{f"{column}__icontains": word}) for word in self.words))
            for pk, value in rows.filter(named).values_list("pk", column).iterator():
                rows.filter(pk=pk).update(**{column: self._without(value)})

    def _without(self, value: object) -> object:
        if isinstance(value, str):
            return self.blacked_out(value)
        return json.loads(self.blacked_out(json.dumps(value, ensure_ascii=False)))

    def _pattern(self) -> re.Pattern[str]:
        words = "|".join(re.escape(word) for word in self.words)
        return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
