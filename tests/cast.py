"""What the tests of learning share: a document becomes a module as an author's would, and a learner takes its quiz."""

from datetime import UTC, datetime, timedelta
from textwrap import dedent

from modules.authoring import apply, planning, uploads
from modules.models import Attempt, Module, Quiz
from modules.quizzes import answers, attempts
from modules.reading import progress

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
    """A moment, so many minutes after the noon at which these tests begin."""
    return NOON + timedelta(minutes=minutes)


def a_module(text: str = PLANETS, *, published: bool = True, by=None) -> Module:
    """Load a document as a new module, or into the module that has its address."""
    plan = planning.plan_document(None, uploads.parse_with_images(dedent(text)))
    module = apply.apply_plan(plan, by=by, now=NOON)
    if published:
        module.publish(by=by, now=NOON)
    return Module.objects.get(pk=module.pk)


def a_quiz(questions: str, *, front_matter: str = "", opens: str = Quiz.QuizOpens.AT_ONCE) -> Quiz:
    """A module with one section and these questions in its final quiz."""
    head = f"---\n{dedent(front_matter)}---\n" if front_matter else ""
    module = a_module(head + "# Modul\n\n## Bacaan\n\nSatu kalimat.\n\n## Kuis akhir\n\n" + dedent(questions))
    Quiz.objects.filter(module=module).update(quiz_opens=opens)
    return Quiz.objects.select_related("module").get(module=module)


def read_all(learner, module: Module, *, now: datetime = NOON) -> None:
    for section in module.sections.active().select_related("module"):
        progress.record_reading(learner, section, now=now)


def keys(response, *texts: str) -> list[str]:
    """The keys of the choices that read like this."""
    by_text = {choice["text"]: choice["key"] for choice in response.version.choices}
    return [by_text[text] for text in texts]


def give(attempt: Attempt, slot: int, *texts: str, sequence: int | None = None, now: datetime = NOON):
    """Answer a slot by the texts of its choices, or by a typed text."""
    response = attempt.responses.select_related("version").get(slot=slot)
    given = keys(response, *texts) if response.version.has_choices else list(texts)
    return answers.save_answer(attempt, slot, answers.Given(given, sequence), now=now)


def take(learner, quiz: Quiz, answers: list, *, now: datetime = NOON) -> Attempt:
    """Take a quiz from start to submission; an answer is a text, or a list of texts."""
    attempt = attempts.start(learner, quiz, now=now)
    for slot, texts in enumerate(answers, start=1):
        give(attempt, slot, *([texts] if isinstance(texts, str) else texts), now=now)
    return attempts.submit(attempt, now=now)
