"""Gives an empty database a small school with a history, through the product's own functions.

A function that was moved or renamed since the first fixture is looked up under each of its names, so that the same
history can be made at every release.
"""

from __future__ import annotations

import importlib
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType

from accounts.models import User
from accounts.roles import Role, confirm_address, give
from modules import models

from .documents import (
    CLOUDS,
    CLOUDS_SHORTER,
    LEAVES,
    ORBITS,
    ORBITS_DRAFT,
    ORBITS_LATER,
    RIVERS,
    SCENES,
    SCENES_LATER,
)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
FIRST, LATER = NOW - timedelta(days=20), NOW - timedelta(days=10)


def look_up(*names: str) -> Any:
    """Returns the first of these that there is; a name is ``module:attribute``, or ``module:Class.method``."""
    for name in names:
        path, _, attributes = name.partition(":")
        try:
            value = importlib.import_module(path)
            for attribute in attributes.split("."):
                value = getattr(value, attribute)
        except (ImportError, AttributeError):
            continue
        return value
    raise LookupError(f"None of these is there any more; add the new name: {', '.join(names)}")


class School:
    """Calls the product's functions under the names that they have at this release."""

    def __init__(self) -> None:
        self.upload = look_up("modules.authoring.uploads:Upload", "modules.loading:Upload")
        self.plan = look_up("modules.authoring.uploads:plan_upload", "modules.loading:plan_upload")
        self.apply = look_up("modules.authoring.apply:apply_upload", "modules.loading:apply_upload")
        self.publish = look_up("modules.models:Module.publish", "modules.loading:publish")
        self.unpublish = look_up("modules.models:Module.unpublish", "modules.loading:unpublish")
        self.notes_withdrawals = hasattr(models.Module, "withdrawn_at")
        self.decisions = look_up("modules.authoring.plan:Decisions", "modules.changes:Decisions")
        self.begin = look_up("modules.reading.progress:begin", "modules.progress:begin")
        self.record_reading = look_up(
            "modules.reading.progress:record_reading", "modules.progress:record_reading"
        )
        self.start = look_up("modules.quizzes.attempts:start", "modules.attempts:start")
        self.submit = look_up("modules.quizzes.attempts:submit", "modules.attempts:submit")
        self.close_if_late = look_up(
            "modules.quizzes.attempts:close_if_late", "modules.attempts:close_if_late"
        )
        self.save_answer = look_up("modules.quizzes.answers:save_answer", "modules.attempts:answer")
        self.incoming = look_up(
            "modules.quizzes.answers:IncomingAnswer",
            "modules.quizzes.answers:Given",
            "modules.attempts:Given",
        )
        self.extend = look_up("modules.quizzes.attempts:extend_for_override", "modules.attempts:lengthen")
        why = look_up("modules.quizzes.corrections:Why", "modules.corrections:Why")
        self.corrections = importlib.import_module(why.__module__)

    def load(
        self,
        text: str,
        *,
        by: Any,
        now: datetime,
        module: Any = None,
        decisions: Any = None,
        filename: str = "",
        encoding: str = "utf-8",
        images: Any = None,
    ) -> Any:
        upload = self.upload(filename, text, encoding, images or {})
        return self.apply(self.plan(upload, module, decisions), upload, by=by, now=now)

    def withdraw(self, module: Any, *, by: Any, now: datetime) -> None:
        """Unpublishes a module. Earlier releases did not keep by whom and when."""
        self.unpublish(module, **({"by": by, "now": now} if self.notes_withdrawals else {}))

    def read_all(self, learner: Any, module: Any, now: datetime, *, leave_out: int = 0) -> None:
        self.begin(learner, module, now=now)
        sections = list(module.sections.filter(archived_at=None).order_by("pk").select_related("module"))
        for section in sections[: len(sections) - leave_out]:
            self.record_reading(learner, section, now=now)

    def take(
        self, learner: Any, module: Any, now: datetime, answers: list[Any], *, flag: bool = False
    ) -> Any:
        """Answers a quiz and submits it five minutes later."""
        attempt = self.answer(learner, module, now, answers, flag=flag)
        return self.submit(attempt, now=now + timedelta(minutes=5))

    def answer(
        self, learner: Any, module: Any, now: datetime, answers: list[Any], *, flag: bool = False
    ) -> Any:
        """Starts an attempt and answers its slots; a list names choices by their text, a text is typed."""
        attempt = self.start(learner, models.Quiz.objects.get(module=module), now=now)
        responses = attempt.responses.select_related("version").order_by("pk")
        for number, (response, answer) in enumerate(zip(responses, answers, strict=False), start=1):
            keys = {choice["text"]: choice["key"] for choice in response.version.choices}
            given = [keys[text] for text in answer if text in keys] if keys else [answer]
            self._save(attempt, number, self.incoming(given, is_flagged=flag), now)
        return attempt

    def _save(self, attempt: Any, slot: int, incoming: Any, now: datetime) -> None:
        """Saves an answer. Releases before 0.3 took the attempt instead of the query for it."""
        takes_query = self.incoming.__name__ == "IncomingAnswer"
        query = models.Attempt.objects.filter(pk=attempt.pk)
        self.save_answer(query if takes_query else attempt, slot, incoming, now=now)


def furnish() -> None:
    """Fills the database with people, modules and everything that can have happened to them."""
    school = School()
    people = _people()
    orbits = _orbits(school, people)
    _corrections(school, people, orbits)
    _leaves(school, people)
    _rivers(school, people)
    _scenes(school, people)
    _clouds(school, people)
    _drafts(people["Budi"], orbits)
    _log_entry(people["Tuti"], orbits)


def _people() -> dict[str, Any]:
    people = {
        "Budi": _person("Budi", Role.INSTRUCTOR),
        "Tuti": _person("Tuti", Role.ADMINISTRATOR, language="en"),
        "Gone": _person("Gone", is_active=False),
        **{name: _person(name) for name in ("Sari", "Dewi", "Agus", "Rina", "Joko")},
    }
    Group.objects.create(name="Kelas 8B").user_set.add(people["Sari"], people["Dewi"])
    return people


def _person(name: str, role: Role = Role.LEARNER, **fields: Any) -> Any:
    user = User.objects.create_user(f"{name.lower()}@example.com", None, name=name, **fields)
    give(user, role)
    confirm_address(user)
    return user


def _orbits(school: School, people: dict[str, Any]) -> Any:
    """Returns a module that was loaded twice, with readings and attempts before and after."""
    budi, agus = people["Budi"], people["Agus"]
    orbits = school.load(ORBITS, by=budi, now=FIRST, filename="orbits.md")
    school.publish(orbits, by=budi, now=FIRST)
    for name in ("Sari", "Dewi"):
        school.read_all(people[name], orbits, FIRST)
        answers = [["An ellipse"], "Kepler", "8", ["Mars", "Venus"]]
        school.take(people[name], orbits, FIRST, answers, flag=name == "Sari")
    school.read_all(agus, orbits, FIRST, leave_out=1)
    decisions = school.decisions(tell={"falling": "again"}, regrade=frozenset({"shape"}))
    orbits = school.load(
        ORBITS_LATER, by=people["Tuti"], now=LATER, module=orbits, decisions=decisions, filename="b.md"
    )
    answers_of = {
        "Sari": [["A circle"], "Newton", ["Pluto"]],
        "Rina": [["An ellipse"], "J. Kepler", ["Mars"]],
        "Joko": [["A circle"]],
        "Budi": [["An ellipse"], "Kepler"],  # an instructor who tries the module
    }
    for name, answers in answers_of.items():
        school.read_all(people[name], orbits, LATER)
        school.take(people[name], orbits, LATER, answers)
    school.answer(people["Rina"], orbits, NOW - timedelta(minutes=5), [["An ellipse"]], flag=True)
    return orbits


def _corrections(school: School, people: dict[str, Any], orbits: Any) -> None:
    """Gives a mark by hand, deletes an attempt, opens one again, and gives full marks for a question."""

    def why(reason: str) -> Any:
        return school.corrections.Why(people["Budi"], reason, NOW - timedelta(hours=1))

    def last_attempt(name: str) -> Any:
        submitted = models.Attempt.objects.filter(quiz__module=orbits, submitted_at__isnull=False)
        return submitted.filter(enrolment__learner=people[name]).latest("number")

    typed = last_attempt("Rina").responses.get(version__question__identity="who")
    school.corrections.give_mark(typed, Fraction(1, 2), why("He is meant."))
    school.corrections.delete(last_attempt("Sari"), why("The network was down."))
    school.corrections.reopen(last_attempt("Joko"), why("He lost his seat."))
    question = models.Question.objects.get(quiz__module=orbits, identity="which")
    school.corrections.give_full_marks(question, why("Pluto was a planet once."))


def _leaves(school: School, people: dict[str, Any]) -> None:
    """Makes a module with pools, checks, an image, a limit of time, overrides, and a quiz that opens at once."""
    first = {"daun.png": "modules/daun-0123456789.png"}
    leaves = school.load(LEAVES, by=people["Budi"], now=FIRST, filename="daun.zip", images=first)
    school.publish(leaves, by=people["Budi"], now=FIRST)
    _open_at_once(leaves)
    quiz = models.Quiz.objects.get(module=leaves)
    group = Group.objects.get(name="Kelas 8B")
    for override in (
        models.Override(quiz=quiz, group=group, extra_minutes=5, attempts_allowed=7),
        models.Override(quiz=quiz, learner=people["Agus"], time_factor=Fraction(3, 2), closes_at=NOW),
    ):
        override.save()
        school.extend(override, now=FIRST)
    too_late = school.answer(people["Agus"], leaves, FIRST, [])
    school.close_if_late(too_late, now=NOW)
    school.take(people["Dewi"], leaves, FIRST, [])
    # The same text with another image under the same path.
    second = {"daun.png": "modules/daun-9876543210.png"}
    school.load(LEAVES, by=people["Budi"], now=LATER, module=leaves, filename="daun.zip", images=second)


def _rivers(school: School, people: dict[str, Any]) -> None:
    """Loads a document without front matter, in UTF-16 and with the line ends of Windows."""
    rivers = school.load(RIVERS, by=people["Budi"], now=FIRST, filename="sungai.md", encoding="utf-16-le")
    school.publish(rivers, by=people["Budi"], now=FIRST)
    _open_at_once(rivers)
    school.take(people["Sari"], rivers, FIRST, ["hulu"])


def _scenes(school: School, people: dict[str, Any]) -> None:
    """Makes a module that is not published any more, whose quiz went although somebody had taken it."""
    scenes = school.load(SCENES, by=None, now=FIRST)
    school.publish(scenes, by=people["Budi"], now=FIRST)
    school.read_all(people["Rina"], scenes, FIRST)
    school.take(people["Rina"], scenes, FIRST, ["kayu"])
    scenes = school.load(SCENES_LATER, by=people["Budi"], now=LATER, module=scenes)
    school.withdraw(scenes, by=people["Budi"], now=LATER)


def _clouds(school: School, people: dict[str, Any]) -> None:
    """Loads a module three times: a section that somebody has read goes, and comes back."""
    clouds = school.load(CLOUDS, by=people["Budi"], now=FIRST)
    school.publish(clouds, by=people["Budi"], now=FIRST)
    school.read_all(people["Agus"], clouds, FIRST)
    for text in (CLOUDS_SHORTER, CLOUDS):
        clouds = school.load(text, by=people["Budi"], now=LATER, module=clouds)


def _drafts(author: Any, module: Any) -> None:
    """Makes a draft of a whole document, one of a part, and one of a new module that is wrong."""
    base_revision = "base_revision" if hasattr(models.Draft, "base_revision") else "planned_for"
    begun = {"author": author, "module": module, "text": ORBITS_DRAFT, base_revision: module.current}
    models.Draft.objects.create(**begun, filename="b.md")
    models.Draft.objects.create(**begun, part="section-1", part_title="Falling around")
    models.Draft.objects.create(author=author, filename="baru.md", text="# Baru\n\n- [x")


def _log_entry(by: Any, module: Any) -> None:
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(models.Module),
        object_id=str(module.pk),
        object_repr=module.title,
        action_flag=CHANGE,
        change_message="[]",
    )


def _open_at_once(module: Any) -> None:
    """Lets the quiz open before the sections are read, wherever this release keeps that."""
    if hasattr(models.Module, "quiz_opens"):
        models.Module.objects.filter(pk=module.pk).update(quiz_opens="at_once")
    else:
        models.Quiz.objects.filter(module=module).update(quiz_opens="at_once")
