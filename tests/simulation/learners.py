"""Learners: they read standing sections, take the quiz, finish or stop early, and the truth is told of all they do."""

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
from .truth import Given, Truth

LEARNERS = 6
MOST_ATTEMPTS = 4


@dataclass
class Learner:
    """``skill`` is the share of questions they know, ``stays`` the number of loads after which they are gone."""

    enrolment: Enrolment
    skill: float
    diligence: float
    stays: int


def some_learners(random: Random, module: Module, loads: int, now: datetime) -> list[Learner]:
    users = [User(email=f"peserta-{module.pk}-{n}@example.com", name=f"Peserta {n}") for n in range(LEARNERS)]
    return [
        Learner(
            progress.begin(user, module, now=now),
            skill=random.choice((0.3, 0.6, 0.9)),
            diligence=random.choice((0.05, 0.2, 0.5)),
            stays=random.choice((loads // 4, loads, loads)),
        )
        for user in User.objects.bulk_create(users)
    ]


@dataclass
class Studying:
    """What one learner does between two loads of a module whose document is known."""

    random: Random
    learner: Learner
    module: Module
    document: Document
    truth: Truth
    now: datetime

    def go_on(self) -> None:
        with transaction.atomic():
            if self.random.random() < 0.6:
                self._read()
            if self.document.questions:
                self._take_the_quiz()
            enrolment = Enrolment.objects.get(pk=self.learner.enrolment.pk)
            if enrolment.finished_at:
                self.truth.finished[enrolment.pk] = enrolment.finished_at

    def _read(self) -> None:
        me = self.learner.enrolment
        rows = [self.truth.section_rows[one.uid] for one in self.document.sections]
        unread = [row for row in rows if me.pk not in self.truth.readings.get(row, {})]
        share = 1.0 if self.random.random() < 0.1 else self.learner.diligence
        for row in unread:
            if self.random.random() < share:
                section = Section.objects.select_related("module").get(pk=row)
                reading = progress.record_reading(me.learner, section, now=self.now)
                self.truth.readings.setdefault(row, {})[me.pk] = reading.revision_id

    def _take_the_quiz(self) -> None:
        mine = Attempt.objects.filter(enrolment=self.learner.enrolment)
        attempt = mine.open().first()
        if attempt is None:
            if self.random.random() > self.learner.diligence / 3 or mine.count() >= MOST_ATTEMPTS:
                return
            quiz = Quiz.objects.select_related("module").get(module=self.module)
            try:
                attempt = attempts.start(self.learner.enrolment.learner, quiz, now=self.now)
            except Refused:
                return
            self._note_what_is_shown(attempt)
        for response in attempt.responses.select_related("version").order_by("version"):
            if self.random.random() < 0.8:
                self._answer(attempt, response)
        if self.random.random() < 0.8:
            attempts.submit(attempt, now=self.now)

    def _note_what_is_shown(self, attempt: Attempt) -> None:
        for response in attempt.responses.select_related("version"):
            version = response.version
            shown = tuple((choice["key"], choice["text"]) for choice in version.choices)
            owner = self.truth.question_owners[version.question_id]
            self.truth.given[response.pk] = Given(owner, version.source, shown, {})

    def _answer(self, attempt: Attempt, response: Response) -> None:
        shown = self.truth.given[response.pk]
        uids = self.truth.keys[response.version_id]
        question = self.document.part(shown.question)
        known = self.random.random() < self.learner.skill
        if not shown.choices:
            right = isinstance(question, Question) and question.answers[:1]
            given = [right[0].partition(" ±")[0] if known and right else "entah"]
        elif known and response.version.right_keys:
            given = sorted(response.version.right_keys)
        else:
            given = [self.random.choice(sorted(uids))]
        answers.save_answer(attempt, response.slot, answers.Given(given), now=self.now)
        chosen = {key: uids[key] for key in given if key in uids}
        self.truth.given[response.pk] = Given(shown.question, shown.source, shown.choices, chosen)
