"""One document from its first load to its last, with an author, some learners, and the truth."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from modules.authoring import apply, planning, uploads
from modules.authoring.plan import TELL, Ambiguity, Decisions, Plan
from modules.document.syntax import parser
from modules.models import Module, Quiz

from . import invariants, matches, plans
from .authors import Author, an_author
from .documents import Document
from .edits import edit
from .learners import Learner, Studying, some_learners
from .outcomes import WRONG
from .rows import Rows, take
from .truth import Truth

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MOST_ROUNDS = 20  # of questions that one load may ask, each round after the answers to the last


@dataclass
class Failure:
    """A promise that was not held, with the texts before and after."""

    document: int
    load: int
    promise: str  # "wrong", "plan", "writing", "invariant", "dump" or "database"
    sentence: str
    edits: list[str]
    old: str
    new: str


@dataclass
class Tally:
    """``parts`` counts what became of parts, by (kind of edit, kind of part, whether renamed, outcome)."""

    loads: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    parts: Counter[tuple[str, str, bool, str]] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)


class Course:
    """Follows one document. The same seed and number give the same course."""

    def __init__(self, seed: str, number: int, edits: int) -> None:
        self.random = Random(f"{seed}-{number}")
        self.number, self.edits = number, edits
        self.author: Author = an_author(self.random, number)
        self.truth, self.tally = Truth(), Tally()
        self.known = {one.uid for one in self.author.document.sections}
        self.now = NOON
        self.module = self._begin()
        self.learners: list[Learner] = some_learners(self.random, self.module, edits // 2, self.now)

    def run(self) -> Tally:
        while sum(self.tally.edits.values()) < self.edits:
            self._study()
            self._load()
        return self.tally

    # --------------------------------------------------------------------------------------------- first load

    def _begin(self) -> Module:
        text = self.author.document.write()
        plan = planning.plan_document(None, uploads.parse_with_images(text))
        module = apply.apply_plan(plan, by=None, now=self.now)
        opens = self.random.choice(
            (Quiz.QuizOpens.AT_ONCE, Quiz.QuizOpens.AT_ONCE, Quiz.QuizOpens.AFTER_SECTIONS)
        )
        Module.objects.filter(pk=module.pk).update(published_at=self.now)
        Quiz.objects.filter(module=module).update(quiz_opens=opens)
        module.refresh_from_db()
        after = take(module)
        nothing = replace(after, sections={}, questions={}, versions={}, readings={})
        for side in matches.sides(self.author.document, nothing, after, self.truth):
            list(matches.matches(side))
        list(matches.note_choices(self.author.document, nothing, after, self.truth))
        return module

    # ---------------------------------------------------------------------------------------- between loads

    def _study(self) -> None:
        self.now += timedelta(hours=1)
        for learner in self.learners:
            if self.tally.loads < learner.stays and self.random.random() < 0.5:
                Studying(
                    self.random, learner, self.module, self.author.document, self.truth, self.now
                ).go_on()

    # -------------------------------------------------------------------------------------------------- loads

    def _load(self) -> None:
        self.now += timedelta(hours=1)
        old = self.author.document
        self.author.history.append(old)
        self.author.causes.clear()
        left = self.edits - sum(self.tally.edits.values())
        made = [edit(self.author) for _ in range(min(left, self.random.randint(1, 3)))]
        self.tally.edits.update(made)
        self.tally.loads += 1
        self.module = Module.objects.get(pk=self.module.pk)
        before = take(self.module)
        plan = self._plan(before)
        if self.tally.loads % 10 == 1 and take(self.module) != before:
            self._fail("writing", "planning has written something", made, old)
        if plan.open_ambiguities:
            self._fail("plan", f"it asks without end: {plan.open_ambiguities[0].key}", made, old)
            return
        apply.apply_plan(plan, by=None, now=self.now)
        after = take(self.module)
        self._judge(plan, before, after, made, old)

    def _plan(self, before: Rows) -> Plan:
        """The plan, with every doubt settled by the truth, and with what an instructor may decide besides."""
        document = uploads.parse_with_images(self.author.document.write(), module=self.module)
        uids = self._uids(document)
        decisions = Decisions()
        for _round in range(MOST_ROUNDS):
            plan = planning.plan_document(self.module, document, decisions)
            if not plan.open_ambiguities:
                break
            meant = {
                ambiguity.key: self._meant(ambiguity, uids, before) for ambiguity in plan.open_ambiguities
            }
            self.tally.figures["questions asked"] += len(meant)
            decisions = replace(decisions, meant={**decisions.meant, **meant})
        return planning.plan_document(self.module, document, self._decide(plan, decisions))

    def _uids(self, document: parser.Document) -> dict[str, int]:
        """The uids of the coming sections, questions and choices, by the keys of their doubts."""
        mine = self.author.document
        found = {
            f"section:{one.identity}": part.uid
            for one, part in zip(document.sections, mine.sections, strict=True)
        }
        questions = document.quiz.questions if document.quiz else ()
        for one, part in zip(questions, mine.questions, strict=True):
            found[f"question:{one.identity}"] = part.uid
            for choice, its in zip(one.choices, part.choices, strict=True):
                found[f"choice:{one.identity}:{choice.key}"] = its.uid
        return found

    def _meant(self, ambiguity: Ambiguity, uids: dict[str, int], before: Rows) -> str:
        """The candidate that the author means, or the empty string for something new."""
        uid = uids[ambiguity.key]
        if ambiguity.kind == "choice":
            question = self.truth.question_rows.get(uids["question:" + ambiguity.key.split(":")[1]], 0)
            meant = self.truth.key_of(uid, question, before.versions) or ""
        else:
            rows = self.truth.section_rows if ambiguity.kind == "section" else self.truth.question_rows
            meant = str(rows.get(uid, ""))
        offered = {candidate.key for candidate in ambiguity.candidates}
        known = (before.sections if ambiguity.kind == "section" else before.questions).keys()
        if ambiguity.kind != "choice" and meant and meant not in offered and int(meant) in known:
            self.tally.figures["questions without the right answer"] += 1
        return meant if meant in offered else ""

    def _decide(self, plan: Plan, decisions: Decisions) -> Decisions:
        """Now and then learners are asked to read again, or are not told; every other key is graded again."""
        tell = {}
        regrade = set()
        for change in plan.changes:
            told = change.kind == "section" and "changed" in change.states and self.random.random() < 0.1
            if told:
                tell[change.identity] = self.random.choice(TELL)
            if change.effect and self.random.random() < 0.5:
                regrade.add(change.identity)
        self.tally.figures["keys graded again"] += len(regrade)
        return replace(decisions, tell=tell, regrade=frozenset(regrade))

    # ------------------------------------------------------------------------------------------------ verdict

    def _judge(self, plan: Plan, before: Rows, after: Rows, made: list[str], old: Document) -> None:
        mine, truth = self.author.document, self.truth
        self._let_lapse(plan)
        self._let_return(plan, before, after)
        asked = frozenset(plan.decisions.meant)
        found = [
            match
            for side in matches.sides(mine, before, after, truth, asked, self.author.kin(old))
            for match in matches.matches(side)
        ]
        found += matches.note_choices(mine, before, after, truth)
        for match in found:
            cause = self.author.causes.get(match.uid, "nothing of its own")
            self.tally.parts[cause, match.kind, match.is_renamed, match.outcome] += 1
        wrong = [
            f"{match.kind} {match.uid} has the work of another" for match in found if match.outcome == WRONG
        ]
        wrong += matches.wrong_readings(mine, before, after, truth)
        wrong += matches.wrong_responses(after, truth)
        questions = {truth.question_rows[one.uid]: one for one in mine.questions}
        wrong += plans.wrong_marks(plan, before, after, truth, questions)
        promises = {
            "wrong": wrong,
            "plan": plans.broken_words(plan, before, after),
            "invariant": [
                *invariants.broken(self.module, mine.write(), after),
                *invariants.broken_between(before, after),
            ],
        }
        for promise, sentences in promises.items():
            for sentence in sentences:
                self._fail(promise, sentence, made, old)
        self._count(plan, after)

    def _let_lapse(self, plan: Plan) -> None:
        """Tell the truth of the sections that are to be read again."""
        uids = self._uids(plan.document)
        self.truth.lapsed = {}
        for change in plan.changes:
            if change.kind == "section" and change.tell == "again" and "removed" not in change.states:
                row = self.truth.section_rows.get(uids[f"section:{change.identity}"], 0)
                row = plan.kept.sections.get(change.identity, row)
                self.truth.lapsed[row] = self.truth.readings.get(row, {})
                self.truth.readings[row] = {}

    def _let_return(self, plan: Plan, before: Rows, after: Rows) -> None:
        """Tell the truth of the readings that count again, since the text has returned that they were of."""
        for change in plan.changes:
            row = plan.kept.sections.get(change.identity, 0) if change.kind == "section" else 0
            if row and change.tell != "again" and "removed" not in change.states:
                came = after.come_back(row, before)
                self.truth.readings[row] = {**self.truth.readings.get(row, {}), **came}
                self.tally.figures["readings that came back"] += len(came)

    def _count(self, plan: Plan, after: Rows) -> None:
        """Figures that say how much the run has put to the test."""
        halves = [one for one in self.author.document.sections if one.parent and one.uid not in self.known]
        self.known |= {one.uid for one in self.author.document.sections}
        noticed = {change.identity for change in plan.changes if "split" in change.states}
        rows = {row.pk: row for row in after.active_sections}
        self.tally.figures["splits"] += len(halves)
        self.tally.figures["splits noticed"] += sum(
            rows[self.truth.section_rows[one.uid]].identity in noticed for one in halves
        )
        for name in ("readings", "responses", "former", "regrades"):
            self.tally.figures[name] = len(getattr(after, name))
        self.tally.figures["finished"] = sum(bool(one.finished_at) for one in after.enrolments.values())

    def _fail(self, promise: str, sentence: str, made: list[str], old: Document) -> None:
        self.tally.failures.append(self.failure(promise, sentence, made, old))

    def failure(
        self, promise: str, sentence: str, made: list[str] | None = None, old: Document | None = None
    ) -> Failure:
        """A promise that was not held by the last load."""
        texts = [(one or self.author.document).write() for one in (old, None)]
        return Failure(self.number, self.tally.loads, promise, sentence, made or [], *texts)
