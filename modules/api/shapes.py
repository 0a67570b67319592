"""Defines the answers of the API. Its description is made from these classes, so each field says what it holds."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Generic, TypeVar

from ninja import Field, Schema

Item = TypeVar("Item")


class Page(Schema, Generic[Item]):
    items: list[Item]
    next: str | None = Field(description="The cursor of the next page, or null on the last one.")


class Problem(Schema):
    detail: str


class ModuleShape(Schema):
    id: int
    slug: str = Field(description="The name of the module in its address. It may change.")
    title: str
    language: str
    published_at: datetime | None
    learners: int = Field(
        description="Those who have begun. People who may enter the admin are in no figure."
    )
    finished: int


class LearnerShape(Schema):
    id: int = Field(description="The number of the learner's account.")
    name: str
    email: str
    begun_at: datetime
    last_seen_at: datetime
    sections_read: int
    sections: int
    attempts: int
    grade: float | None = Field(description="The final grade in percent, by the rules of the quiz.")
    passed_at: datetime | None
    finished_at: datetime | None


class AttemptShape(Schema):
    id: int
    learner: int
    number: int
    started_at: datetime
    submitted_at: datetime | None = Field(description="Null while the attempt is open. It has no marks then.")
    mark: float | None
    max_mark: float | None
    grade: float | None = Field(description="In percent.")
    passed: bool


class SectionShape(Schema):
    id: int
    identity: str
    title: str


class WrongAnswer(Schema):
    answer: str
    times: int


class QuestionShape(Schema):
    id: int
    number: int = Field(description="The place in the quiz, from 1.")
    title: str
    kind: str = Field(description="single, multiple, short or numerical.")
    points: float
    attempts: int = Field(description="First submitted attempts, one for each learner.")
    full_marks: int
    unanswered: int
    earlier: int = Field(description="Answers that are left out, because another key judged them.")
    is_judged: bool = Field(description="False where the attempts are too few for a share or a judgement.")
    facility: float | None = Field(description="The mean share of the points, from 0 to 1.")
    interval: tuple[float, float] | None = Field(
        description="The 95 % interval of the share with full marks, after Wilson."
    )
    discrimination: float | None = Field(description="The correlation of the mark with the rest of the quiz.")
    most_frequent_wrong: WrongAnswer | None
    findings: list[str] = Field(
        description="key: the key may be wrong; hard, flat, easy, unused: see the page of questions."
    )
    sections: list[SectionShape] = Field(description="The sections that explain the question.")


def number(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 4)
