"""A planted fault: the site, but an answer is acknowledged before it is stored. Survival has to notice it."""

import threading
import time
from typing import Any

from django.db import connection, transaction

from config.wsgi import application
from modules.models import Attempt
from modules.quizzes import answers

__all__ = ["application"]

DELAY = 0.2  # seconds from the acknowledgement to storing
sound = answers.save_locked


def hasty(attempt: Attempt, slot: int, given: answers.Given, *, now: Any) -> answers.Saved:
    def store() -> None:
        time.sleep(DELAY)
        with transaction.atomic():
            sound(Attempt.objects.select_for_update().get(pk=attempt.pk), slot, given, now=now)
        connection.close()

    response = attempt.responses.select_related("version").get(slot=slot)
    threading.Thread(target=store, daemon=True).start()
    response.sequence, response.saved_at = given.sequence or 0, now
    return answers.Saved(accepted=True, response=response)


answers.save_locked = hasty
