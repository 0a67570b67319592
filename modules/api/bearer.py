"""Admits programs by the token of an instructor, in the header ``Authorization: Bearer``."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from modules.models import ApiToken


class TooMany(Exception):
    """Says that a token was used too often within its period."""


class Bearer(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Returns the row of a token, and makes its owner the person who asks."""
        row = ApiToken.with_secret(token)
        if row is None:
            return None
        if not row.spend(now=timezone.now()):
            raise TooMany
        request.user = row.user
        return row
