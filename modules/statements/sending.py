"""Tells the store all facts in order, a few at a time. The worker does it, so no learner ever waits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from accounts.site_address import site_address
from modules.models import RefusedStatement, StatementCursor
from modules.statements import store
from modules.statements.facts import cursor_of, next_facts
from modules.statements.wording import Wording

gettext_noop("Send statements")

LONGEST_RUN = 20.0  # seconds, after which other tasks have their turn; the next run goes on
MOST_AGAIN = 100  # refused statements that one run sends again; the next run sends the others


@task(queue_name="statements")
def send_statements() -> None:
    """Sends what is new. After a failure, the next run begins with the facts that the store has not acknowledged."""
    if settings.XAPI_URL:
        tell_all(now=timezone.now(), until=time.monotonic() + LONGEST_RUN)


def tell_all(*, now: datetime, until: float) -> None:
    """Sends the new facts of each kind, until none is left or the time is over."""
    wording = Wording(site_address(None))
    _send_again(now=now)
    for kind in StatementCursor.Kind:
        cursor = cursor_of(kind)
        while facts := next_facts(cursor, wording, now=now):
            refused = store.send([statement for fact in facts for statement in fact.statements])
            set_aside(refused, now=now)
            cursor.advance(facts[-1].at, facts[-1].key)
            if time.monotonic() >= until:
                return


def set_aside(refused: Sequence[store.Refusal], *, now: datetime) -> None:
    """Keeps statements that the store refused for good, so that an administrator sees them and the others go on."""
    for each in refused:
        RefusedStatement.objects.update_or_create(
            identity=each.statement["id"],
            defaults={
                "statement": each.statement,
                "said": each.said,
                "refused_at": now,
                "is_sent_again": False,
            },
        )


def _send_again(*, now: datetime) -> None:
    """Sends the refused statements for which an administrator has asked."""
    for row in RefusedStatement.objects.filter(is_sent_again=True).order_by("pk")[:MOST_AGAIN]:
        if refused := store.send([row.statement]):
            set_aside(refused, now=now)
        else:
            row.delete()
