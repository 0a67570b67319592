"""Keeps the cache in a table of the database, where entries leave by age alone."""

from datetime import datetime
from typing import Any

from django.core.cache.backends.db import DatabaseCache


class AgedDatabaseCache(DatabaseCache):
    """Drops entries only after they have expired.

    Django's own class keeps 300 entries and drops others by their keys. The cache counts limits, and a flood of
    addresses would remove the counts that matter.
    """

    def _cull(self, db: str, cursor: Any, now: datetime, num: int) -> None:
        super()._cull(db, cursor, now, 0)  # type: ignore[misc]  # with no entries left over, none is dropped by key
