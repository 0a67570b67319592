"""Helps tests of learning: loads documents as an author does, and takes quizzes as a learner does."""

import re
from datetime import UTC, datetime, timedelta
from textwrap import dedent

from django.utils import timezone

from modules.authoring import apply, planning, uploads
from modules.models import Attempt, Module, Quiz
from modules.quizzes import answers, attempts, withdrawal
from modules.reading import progress
from tasks.worker import WorkerLoop

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

READABLE = """\
# Tata surya

Delapan planet.

## Planet dalam

Merkurius, Venus, Bumi, Mars.

## Planet luar

Jupiter, Saturnus, Uranus, Neptunus.

"""

PLANETS = READABLE + dedent("""\
    ## Kuis akhir

    ### Planet terbesar?

    - [ ] Mars
      > Mars ada di [Planet dalam](#planet-dalam).
    - [x] Jupiter
      > Betul.

    > Dibahas di [Planet luar](#planet-luar).

    ### Planet luar yang mana?

    - [x] Saturnus
    - [x] Uranus
    - [ ] Venus
    - [ ] Bumi

    ### Planet keempat?

    - [=] Mars

    ### Jumlah planet?

    - [=] 8 ± 0
    """)


def at(minutes: float) -> datetime:
    """Returns the moment that is this many minutes after NOON."""
    return NOON + timedelta(minutes=minutes)


def a_module(text: str = PLANETS, *, published: bool = True, by=None) -> Module:
    """Loads a document as a new module, or into the module that has its slug."""
    plan = planning.plan_document(None, uploads.parse_with_images(dedent(text)))
    module = apply.apply_plan(plan, by=by, now=NOON)
    if published:
        withdrawal.publish(module, by=by, now=NOON)
    return Module.objects.get(pk=module.pk)


def a_quiz(questions: str, *, front_matter: str = "", opens: str = Quiz.QuizOpens.AT_ONCE) -> Quiz:
    """Loads a module with one section and these questions in its quiz."""
    head = f"---\n{dedent(front_matter)}---\n" if front_matter else ""
    module = a_module(head + "# Modul\n\n## Bacaan\n\nSatu kalimat.\n\n## Kuis akhir\n\n" + dedent(questions))
    Quiz.objects.filter(module=module).update(quiz_opens=opens)
    return Quiz.objects.select_related("module").get(module=module)


def read_all(learner, module: Module, *, now: datetime = NOON) -> None:
    for section in module.sections.active().select_related("module"):
        progress.record_reading(learner, section, now=now)


def keys(response, *texts: str) -> list[str]:
    """Returns the keys of the choices with these texts."""
    keys_by_text = {choice["text"]: choice["key"] for choice in response.version.choices}
    return [keys_by_text[text] for text in texts]


def give(attempt: Attempt, slot: int, *texts: str, sequence: int | None = None, now: datetime = NOON):
    """Answers a slot with the texts of its choices, or with a written text."""
    response = attempt.responses.select_related("version").get(slot=slot)
    values = keys(response, *texts) if response.version.has_choices else list(texts)
    return save(attempt, answers.IncomingAnswer(values, sequence), slot=slot, now=now)


def save(attempt: Attempt, incoming: answers.IncomingAnswer, *, slot: int = 1, now: datetime):
    """Saves an answer in an attempt, whoever its learner is."""
    return answers.save_answer(Attempt.objects.filter(pk=attempt.pk), slot, incoming, now=now)


def take(learner, quiz: Quiz, answers: list, *, now: datetime = NOON) -> Attempt:
    """Takes a quiz from start to submission. An answer is a text or a list of texts."""
    attempt = attempts.start(learner, quiz, now=now)
    for slot, texts in enumerate(answers, start=1):
        give(attempt, slot, *([texts] if isinstance(texts, str) else texts), now=now)
    return attempts.submit(attempt, now=now)


def run_tasks(now: datetime | None = None) -> None:
    """Runs what is due, as a worker does. The clock of the worker may be injected."""
    WorkerLoop(clock=(lambda: now) if now else timezone.now).run_all()


def squeezed(html: str) -> str:
    """Returns HTML without the white space that only lays out a template: none stands beside a tag or in its end."""
    return re.sub(r"(?<=>) | (?=[<>])", "", re.sub(r"\s+", " ", html))
