"""Makes people who take a quiz, for benchmarks, and prints JSON.

``fill COUNT`` makes them. It prints a ticket for each attempt: its ``pk``, a ``cookie`` and a ``token`` to answer with,
and the ``keys`` of the choices in each slot. ``rows`` prints for each attempt its ``pk`` and ``learner``, whether it
``is_submitted``, and its ``responses``.
"""

import json
import os
import secrets
import string
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from modules.authoring import apply, planning, uploads  # noqa: E402
from modules.models import Attempt, Module, Quiz  # noqa: E402
from modules.quizzes import attempts  # noqa: E402

QUESTIONS = 10
CHOICES = ("air", "bumi", "cahaya", "daun")


def fill(count: int) -> None:
    call_command("migrate", verbosity=0)
    questions = [
        f"### Soal {n}?\n\n"
        + "\n".join(f"- [{'x' if n % 4 == p else ' '}] Si {word} {n}" for p, word in enumerate(CHOICES))
        for n in range(QUESTIONS)
    ]
    text = "\n\n".join(["# Ujian", "## Bacaan", "Satu kalimat.", "## Kuis akhir", *questions, ""])
    module = apply.apply_plan(
        planning.plan_document(None, uploads.parse_with_images(text)), by=None, now=timezone.now()
    )
    Quiz.objects.filter(module=module).update(quiz_opens=Quiz.QuizOpens.AT_ONCE)
    module.publish(by=None, now=timezone.now())
    module.refresh_from_db()
    people = User.objects.bulk_create(
        [User(email=f"peserta{n}@example.com", name=f"Peserta {n}", password="!") for n in range(count)]
    )
    print(json.dumps([ticket(learner, module) for learner in people]))


def ticket(learner: User, module: Module) -> dict[str, object]:
    attempt = attempts.start(learner, module.quiz, now=timezone.now())
    browser = Client()
    browser.force_login(learner, backend="allauth.account.auth_backends.AuthenticationBackend")
    token = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(32))
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "pk": attempt.pk,
        "cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}",
        "token": token,
        "keys": {response.slot: response.order for response in attempt.responses.order_by("slot")},
    }


def rows() -> None:
    stored = [
        {
            "pk": attempt.pk,
            "learner": attempt.enrolment.learner_id,
            "is_submitted": attempt.submitted_at is not None,
            "responses": list(attempt.responses.order_by("slot").values_list("slot", "sequence", "answer")),
        }
        for attempt in Attempt.objects.select_related("enrolment")
    ]
    print(json.dumps(stored))


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
    else:
        rows()
