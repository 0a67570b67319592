"""Simulates learners of a document whose author is unknown, and remembers what each has seen and answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from django.db import transaction

from accounts.models import User
from modules.models import Attempt, Enrolment, Module, Quiz, Response
from modules.quizzes import answers, attempts
from modules.quizzes.learner_rules import Refused
from modules.reading import progress

from .rows import Row, Rows

AT_ONCE = 4  # learners of a module at one time; more makes a history slower to play
STAYS = 20  # loads, until another learner takes the place of one; likewise
MOST_ATTEMPTS = 2  # of each learner; likewise


@dataclass(frozen=True)
class Answer:
    """Describes an answer as it was given: the text of the question, its choices, and what was chosen."""

    source: str
    choices: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]


@dataclass
class Witnesses:
    """Simulates the learners of one module. They remember the texts that they read and their answers."""

    random: Random
    module: Module
    readings: dict[int, str] = field(default_factory=dict)  # by reading, the text of its section
    answers: dict[int, Answer] = field(default_factory=dict)  # by response
    enrolments: list[Enrolment] = field(default_factory=list)
    count: int = 0

    def study(self, load: int, now: datetime) -> None:
        """Lets each learner read some sections and take the quiz. From time to time another one comes instead."""
        if load % max(1, STAYS // AT_ONCE) == 0 or len(self.enrolments) < AT_ONCE:
            self.enrolments = [*self.enrolments[1 - AT_ONCE :], self._new_learner(now)]
        for enrolment in self.enrolments:
            with transaction.atomic():
                self._read(enrolment, now)
                self._take_the_quiz(enrolment, now)

    def _new_learner(self, now: datetime) -> Enrolment:
        self.count += 1
        address = f"peserta-{self.module.pk}-{self.count}@example.com"
        user = User.objects.create(email=address, name=f"Peserta {self.count}")
        return progress.begin(user, self.module, now=now)

    def _read(self, enrolment: Enrolment, now: datetime) -> None:
        read = enrolment.readings.counting().values("section")
        for section in self.module.sections.active().exclude(pk__in=read).select_related("module"):
            if self.random.random() < 0.3:
                reading = progress.record_reading(enrolment.learner, section, now=now)
                self.readings[reading.pk] = section.source

    def _take_the_quiz(self, enrolment: Enrolment, now: datetime) -> None:
        own = Attempt.objects.filter(enrolment=enrolment)
        attempt = own.open().first() or self._begin(enrolment, own.count(), now)
        if attempt is None:
            return
        for response in attempt.responses.select_related("version"):
            if self.random.random() < 0.7:
                self._answer(attempt, response, now)
        if self.random.random() < 0.7:
            attempts.submit(attempt, now=now)

    def _begin(self, enrolment: Enrolment, made: int, now: datetime) -> Attempt | None:
        quiz = Quiz.objects.select_related("module").filter(module=self.module, archived_at=None).first()
        if quiz is None or made >= MOST_ATTEMPTS or self.random.random() < 0.5:
            return None
        try:
            return attempts.start(enrolment.learner, quiz, now=now)
        except Refused:  # the quiz opens after the sections, or has ended
            return None

    def _answer(self, attempt: Attempt, response: Response, now: datetime) -> None:
        version = response.version
        keys = [choice["key"] for choice in version.choices]
        texts = [self.random.choice(keys)] if keys else ["entah"]
        own = Attempt.objects.filter(pk=attempt.pk)
        answers.save_answer(own, response.slot, answers.IncomingAnswer(texts), now=now)
        shown = tuple((choice["key"], choice["text"]) for choice in version.choices)
        self.answers[response.pk] = Answer(version.source, shown, tuple(texts))

    # ----------------------------------------------------------------------------------------------- verdict

    def wrong(self, rows: Rows) -> Iterator[str]:
        """Yields a sentence for each reading or answer that does not show any more what its learner saw."""
        for pk, source in self.readings.items():
            reading = rows.readings.get(pk)
            if reading is None:
                yield f"reading {pk} is gone"
            elif _text_read(reading, rows) != source:
                yield f"reading {pk} shows another text than was read"
        for pk, answer in self.answers.items():
            response = rows.responses.get(pk)
            if response is None:
                yield f"response {pk} is gone"
            elif _answer_shown(response, rows) != answer:
                yield f"response {pk} shows another question or answer than was given"


def _text_read(reading: Row, rows: Rows) -> str:
    """Returns the text that a section had at the revision of a reading."""
    former = (
        text
        for text in rows.former.values()
        if text.section_id == reading.section_id and text.until_id > reading.revision_id
    )
    first = min(former, key=lambda text: text.until_id, default=None)
    return str((first or rows.sections[reading.section_id]).source)


def _answer_shown(response: Row, rows: Rows) -> Answer:
    version = rows.versions[response.version_id]
    shown = tuple((choice["key"], choice["text"]) for choice in version.choices)
    return Answer(version.source, shown, tuple(response.answer))
