"""Bounds what is typed into a search, since each word becomes a condition and databases take only so many."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

MOST_WORDS = 10  # that are looked for; with a thousand, SQLite refuses the query
LONGEST = 200  # characters


def bounded(typed: str) -> str:
    """Returns the first words of a search. The others are left out, so that more is found and nothing fails."""
    return " ".join(typed[:LONGEST].split()[:MOST_WORDS])


class BoundedSearch:
    """Bounds the search of a list in the admin. It stands before ``ModelAdmin``."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found: tuple[QuerySet[Any], bool] = super().get_search_results(  # type: ignore[misc]
            request, queryset, bounded(search_term)
        )
        return found
