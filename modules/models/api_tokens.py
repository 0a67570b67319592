"""Defines the tokens with which programs read results for an instructor."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from modules.models import ownership

PREFIX = "tuntas_"  # so that a token in a wrong place is recognised
MOST_TOKENS = 20  # of one person; with more, nobody knows which program has which
LONGEST_NAME = 100  # characters of the name of a token
PERIOD = timedelta(minutes=1)
MOST_REQUESTS = 120  # of one token in a period; with more, one program takes more of the server


class ApiToken(models.Model):
    """Lets a program read what an instructor sees. Only a hash is stored, since a token is as good as a password.

    ``used`` counts the requests of the period that began at ``period_at``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    fingerprint = models.CharField(_("hash of the token"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    period_at = models.DateTimeField(_("beginning of the period"))
    used = models.PositiveIntegerField(_("requests in the period"), default=0)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("token for programs")
        verbose_name_plural = _("tokens for programs")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(cls, user: User, name: str, *, now: datetime) -> str:
        """Stores a new token and returns it. Nothing can show it again."""
        token = f"{PREFIX}{secrets.token_urlsafe(32)}"
        cls.objects.create(
            user=user, name=name, fingerprint=fingerprint_of(token), made_at=now, period_at=now
        )
        return token

    @classmethod
    def with_secret(cls, token: str) -> ApiToken | None:
        """Returns the row of a token if its owner is an instructor still, as of this moment."""
        row = cls.objects.select_related("user").filter(fingerprint=fingerprint_of(token)).first()
        if row is None or not row.user.is_active or not row.user.has_perm(ownership.WRITES):
            return None
        return row

    def spend(self, *, now: datetime) -> bool:
        """Counts a request, or returns ``False`` if it is one too many. Two of one moment cannot both be the last."""
        rows = ApiToken.objects.filter(pk=self.pk)
        begun = now - PERIOD
        if rows.filter(period_at__lte=begun).update(period_at=now, used=1, last_used_at=now):
            return True
        allowed = rows.filter(period_at__gt=begun, used__lt=MOST_REQUESTS)
        return bool(allowed.update(used=F("used") + 1, last_used_at=now))


def fingerprint_of(token: str) -> str:
    """Returns the hash under which a token is stored. A token is too long to be guessed, so one round is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
