"""Simulates learners who read active sections and take the quiz. The truth records all that they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.db import transaction

from accounts.models import User
from modules.models import Attempt, Enrolment, Module, Quiz, Response, Section
from modules.quizzes import answers, attempts
from modules.quizzes.learner_rules import Refused
from modules.reading import progress

from .documents import Document, Question
from .truth import GivenAnswer, Truth

LEARNERS = 6  # of each module; more makes the simulation slower
MOST_ATTEMPTS = 4  # of each learner; more makes the simulation slower


@dataclass
class Learner:
    """Describes a learner who knows the share ``skill`` of the questions and leaves after ``stays`` loads."""

    enrolment: Enrolment
    skill: float
    diligence: float
    stays: int


def create_learners(
    random: Random, module: Module, loads: int, now: datetime, *, are_studious: bool = False
) -> list[Learner]:
    """Creates the learners of a module. The studious ones read much, try the quiz often, and never leave."""
    users = [User(email=f"peserta-{module.pk}-{n}@example.com", name=f"Peserta {n}") for n in range(LEARNERS)]
    return [
        Learner(
            progress.begin(user, module, now=now),
            skill=random.choice((0.3, 0.6, 0.9)),
            diligence=0.7 if are_studious else random.choice((0.05, 0.2, 0.5)),
            stays=loads if are_studious else random.choice((loads // 4, loads, loads)),
        )
        for user in User.objects.bulk_create(users)
    ]


@dataclass
class Studying:
    """Simulates what one learner does between two loads of a module."""

    random: Random
    learner: Learner
    module: Module
    document: Document
    truth: Truth
    now: datetime

    def study(self) -> None:
        with transaction.atomic():
            if self.random.random() < 0.6:
                self._read()
            if self.document.questions:
                self._take_the_quiz()
            enrolment = Enrolment.objects.get(pk=self.learner.enrolment.pk)
            if enrolment.finished_at:
                self.truth.finished[enrolment.pk] = enrolment.finished_at

    def _read(self) -> None:
        enrolment = self.learner.enrolment
        rows = {self.truth.section_rows[section.uid]: section for section in self.document.sections}
        unread = [row for row in rows if enrolment.pk not in self.truth.readings.get(row, {})]
        share = 1.0 if self.random.random() < 0.1 else self.learner.diligence
        for row in unread:
            if self.random.random() < share:
                self.truth.lines_read.setdefault(enrolment.pk, set()).update(rows[row].lines)
                section = Section.objects.select_related("module").get(pk=row)
                reading = progress.record_reading(enrolment.learner, section, now=self.now)
                self.truth.readings.setdefault(row, {})[enrolment.pk] = reading.revision_id

    def _take_the_quiz(self) -> None:
        own_attempts = Attempt.objects.filter(enrolment=self.learner.enrolment)
        attempt = own_attempts.open().first()
        if attempt is None:
            if self.random.random() > self.learner.diligence / 3 or own_attempts.count() >= MOST_ATTEMPTS:
                return
            quiz = Quiz.objects.select_related("module").get(module=self.module)
            try:
                attempt = attempts.start(self.learner.enrolment.learner, quiz, now=self.now)
            except Refused:
                return
            self._note_questions_shown(attempt)
        for response in attempt.responses.select_related("version").order_by("version"):
            if self.random.random() < 0.8:
                self._answer(attempt, response)
        if self.random.random() < 0.8:
            attempts.submit(attempt, now=self.now)

    def _note_questions_shown(self, attempt: Attempt) -> None:
        for response in attempt.responses.select_related("version"):
            version = response.version
            shown = tuple((choice["key"], choice["text"]) for choice in version.choices)
            owner = self.truth.question_owners[version.question_id]
            self.truth.given[response.pk] = GivenAnswer(owner, version.source, shown, {})

    def _answer(self, attempt: Attempt, response: Response) -> None:
        shown = self.truth.given[response.pk]
        uids = self.truth.keys[response.version_id]
        question = self.document.part(shown.question)
        known = self.random.random() < self.learner.skill
        if not shown.choices:
            accepted = isinstance(question, Question) and question.answers[:1]
            texts = [accepted[0].partition(" ±")[0] if known and accepted else "entah"]
        elif known and response.version.right_keys:
            texts = sorted(response.version.right_keys)
        else:
            texts = [self.random.choice(sorted(uids))]
        own_attempt = Attempt.objects.filter(pk=attempt.pk)
        answers.save_answer(own_attempt, response.slot, answers.IncomingAnswer(texts), now=self.now)
        chosen = {key: uids[key] for key in texts if key in uids}
        self.truth.given[response.pk] = GivenAnswer(shown.question, shown.source, shown.choices, chosen)
