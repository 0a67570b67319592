"""Makes learners with attempts in the database of a running site, where `manage.py shell` calls it."""

import json

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role, open_account
from modules.models import Attempt, Module, Response
from modules.quizzes import answers, attempts
from modules.reading import progress

AI = "ai-engineer-dan-ml-engineer"
GUIDE = "menulis-modul"


def furnish(email: str) -> None:
    """Prints the numbers of a failed, a passed and an open attempt of a learner as JSON."""
    learner = User.objects.get(email=email)
    read(learner, Module.objects.get(slug=AI), leave_out=2)
    guide = Module.objects.get(slug=GUIDE)
    read(learner, guide)
    failed, passed = taken(learner, guide, right=False), taken(learner, guide, right=True)
    open_attempt = attempts.start(learner, guide.active_quiz, now=timezone.now())
    print(json.dumps({"failed": failed.pk, "passed": passed.pk, "open": open_attempt.pk}))


def read(learner: User, module: Module, *, leave_out: int = 0) -> None:
    progress.begin(learner, module, now=timezone.now())
    sections = list(module.sections.active().select_related("module"))
    for section in sections[: len(sections) - leave_out]:
        progress.record_reading(learner, section, now=timezone.now())


def taken(learner: User, module: Module, *, right: bool) -> Attempt:
    """Submits an attempt with every question right, or with every second question wrong and the others empty."""
    attempt = attempts.start(learner, module.active_quiz, now=timezone.now())
    for response in attempt.responses.select_related("version"):
        version = response.version
        if right:
            values = [choice["key"] for choice in version.choices if choice["right"]]
            values = values or [version.answers[0]["value"] or version.answers[0]["text"]]
        else:
            values = [choice["key"] for choice in version.choices if not choice["right"]][:1] or [
                "tidak tahu"
            ]
        if right or response.slot % 2:
            save(response, values)
    return attempts.submit(attempt, now=timezone.now())


def submit_choosing(email: str, slug: str, chosen: str) -> None:
    """Submits an attempt that chooses the choice with this text in every question that has it."""
    attempt = attempts.start(
        User.objects.get(email=email), Module.objects.get(slug=slug).active_quiz, now=timezone.now()
    )
    for response in attempt.responses.select_related("version"):
        values = [choice["key"] for choice in response.version.choices if choice["text"] == chosen]
        save(response, values)
    attempts.submit(attempt, now=timezone.now())


def save(response: Response, values: list[str]) -> None:
    attempt = Attempt.objects.filter(pk=response.attempt_id)
    answers.save_answer(attempt, response.slot, answers.IncomingAnswer(values), now=timezone.now())


def furnish_class(slug: str, answers_of: list[list[str]]) -> None:
    """Makes a learner for each list of answers, who submits an attempt with them in the order of the quiz."""
    module = Module.objects.get(slug=slug)
    for number, given in enumerate(answers_of):
        learner, _password = open_account(
            f"{slug}-{number}@example.org", name=f"Peserta {number}", role=Role.LEARNER
        )
        read(learner, module)
        attempt = attempts.start(learner, module.active_quiz, now=timezone.now())
        for response, text in zip(attempt.responses.select_related("version"), given, strict=True):
            keys = [choice["key"] for choice in response.version.choices if choice["text"] == text]
            save(response, keys or [text])
        attempts.submit(attempt, now=timezone.now())
