"""A learner in the middle of things, made on a running site's database: `manage.py shell` calls `furnish`."""

import json

from django.utils import timezone

from accounts.models import User
from modules.models import Attempt, Module
from modules.quizzes import answers, attempts
from modules.reading import progress

AI = "ai-engineer-dan-ml-engineer"
GUIDE = "menulis-modul"


def furnish(email: str) -> None:
    """Prints addresses, as JSON: of an attempt that failed, one that passed and one under way."""
    learner = User.objects.get(email=email)
    read(learner, Module.objects.get(slug=AI), leave_out=2)
    guide = Module.objects.get(slug=GUIDE)
    read(learner, guide)
    failed, passed = taken(learner, guide, right=False), taken(learner, guide, right=True)
    begun = attempts.start(learner, guide.active_quiz, now=timezone.now())
    print(json.dumps({"failed": failed.pk, "passed": passed.pk, "begun": begun.pk}))


def read(learner: User, module: Module, *, leave_out: int = 0) -> None:
    progress.begin(learner, module, now=timezone.now())
    sections = list(module.sections.active().select_related("module"))
    for section in sections[: len(sections) - leave_out]:
        progress.record_reading(learner, section, now=timezone.now())


def taken(learner: User, module: Module, *, right: bool) -> Attempt:
    """An attempt in which every second question is answered, wrongly, or every question, rightly."""
    attempt = attempts.start(learner, module.active_quiz, now=timezone.now())
    for response in attempt.responses.select_related("version"):
        version = response.version
        if right:
            given = [choice["key"] for choice in version.choices if choice["right"]]
            given = given or [version.answers[0]["value"] or version.answers[0]["text"]]
        else:
            given = [choice["key"] for choice in version.choices if not choice["right"]][:1] or ["tidak tahu"]
        if right or response.slot % 2:
            answers.save_answer(attempt, response.slot, answers.Given(given), now=timezone.now())
    return attempts.submit(attempt, now=timezone.now())


def submitted(email: str, slug: str, chosen: str) -> None:
    """Somebody takes a quiz and chooses, wherever there is such a choice, the one that reads like this."""
    attempt = attempts.start(
        User.objects.get(email=email), Module.objects.get(slug=slug).active_quiz, now=timezone.now()
    )
    for response in attempt.responses.select_related("version"):
        given = [choice["key"] for choice in response.version.choices if choice["text"] == chosen]
        answers.save_answer(attempt, response.slot, answers.Given(given), now=timezone.now())
    attempts.submit(attempt, now=timezone.now())
