"""Plans what loading a document will change, and for whom. It reads rows and writes nothing.

Planning compares active parts with incoming parts by identity, by equal text and by likeness
(:mod:`modules.document.compare.matching`). A part that could continue either of two rows is an ambiguity.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from modules.authoring import translation
from modules.authoring.choice_changes import choice_changes
from modules.authoring.choice_plans import ChoicePlans, with_answer
from modules.authoring.columns import question_columns
from modules.authoring.comparison import Comparison, questions_of, says_the_same, sections_of
from modules.authoring.key_effects import KeyEffects
from modules.authoring.plan import Ambiguity, Change, Decisions, Kept, Plan, Setting
from modules.authoring.policy import module_for_document
from modules.authoring.proposals import with_proposals
from modules.authoring.shared_readings import readings_in_whole
from modules.authoring.states import PartState
from modules.document.compare.likeness import body
from modules.document.compare.moved_text import adds_lines, gave_away
from modules.document.compare.typos import is_slight
from modules.document.syntax import parser
from modules.document.syntax.rules import QuizOpens
from modules.models import Attempt, Enrolment, Module, Question, QuestionVersion, Quiz, Response
from modules.quizzes import completion, grading
from modules.quizzes.rules import COLUMNS, rule_columns
from modules.quizzes.trials import Effect


def plan_document(
    module: Module | None,
    document: parser.Document,
    decisions: Decisions | None = None,
    effects: KeyEffects | None = None,
) -> Plan:
    """Compares the active parts of a module with a document. Writes nothing.

    Without a module, it plans for the module that has the document's slug, or else for a new one. ``effects`` says how
    many answers may be tried; without it, all are.
    """
    decisions = decisions or Decisions()
    module = module_for_document(document, module)
    if module is None:
        return _plan_new(document, decisions)
    return _Planner(module, document, decisions, effects or KeyEffects()).plan()


def _plan_new(document: parser.Document, decisions: Decisions) -> Plan:
    questions = document.quiz.questions if document.quiz else ()
    changes = [*_arrivals("section", document.sections), *_arrivals("question", questions)]
    return Plan(None, None, document, decisions, tuple(changes), kept=Kept(questions=questions))


def _arrivals(kind: str, parts: Iterable[Any]) -> list[Change]:
    return [
        Change(kind, part.identity, part.title, (PartState.NEW,), after=part.source, to_place=place)
        for place, part in enumerate(parts, start=1)
    ]


class _Planner:
    """Compares one module with one document."""

    def __init__(
        self, module: Module, document: parser.Document, decisions: Decisions, effects: KeyEffects
    ) -> None:
        self.module, self.document, self.decisions, self.effects = module, document, decisions, effects
        self.quiz = Quiz.objects.filter(module=module).first()
        self.sections, self.questions = self._compare(is_translated=False)
        compared = (self.sections, self.questions)
        self.translation = translation.ambiguity_of(module, document, *compared, decisions)
        self.is_translated = bool(self.translation) and translation.is_paired_in_order(decisions)
        if self.is_translated:
            self.sections, self.questions = self._compare(is_translated=True)
        self.choices = ChoicePlans(
            self.questions, self._coming_questions(), decisions, is_translated=self.is_translated
        )

    def _compare(self, *, is_translated: bool) -> tuple[Comparison, Comparison]:
        decisions, incoming = self.decisions, self._coming_questions()
        return (
            Comparison("section", sections_of(self.module), self.document.sections, decisions, is_translated),
            Comparison("question", questions_of(self.quiz), incoming, decisions, is_translated),
        )

    def _coming_questions(self) -> Sequence[parser.Question]:
        return self.document.quiz.questions if self.document.quiz else ()

    def plan(self) -> Plan:
        rows = {identity: row.pk for identity, (row, _version) in self._regradable.items()}
        chosen = [pk for identity, pk in rows.items() if identity in self.decisions.regrade]
        self.effects.expect(self.module, rows.values(), chosen)
        changes = self._changes()
        plan = Plan(
            module=self.module,
            base_revision=self.module.current_id,
            document=self.document,
            decisions=self.decisions,
            changes=changes,
            ambiguities=self._ambiguities(),
            settings=tuple(_settings(self.module, self.quiz, self.document)),
            open_attempts=Attempt.objects.open().filter(quiz=self.quiz).count() if self.quiz else 0,
            held_up=self._held_up(changes),
            gates_quiz=bool(self._coming_questions()) and not self._opens_at_once(),
            keeps_opening=self._keeps_opening(),
            effect=self._total_effect(changes),
            kept=self._kept(),
        )
        return replace(plan, finishes=self._finishes(plan), tested=self._tested() if plan.brings_quiz else 0)

    def _ambiguities(self) -> tuple[Ambiguity, ...]:
        """Returns what has to be decided. Whether a document is a translation comes first, and alone."""
        if self.translation and self.translation.decision is None:
            return with_proposals([self.translation])
        each = (*self.sections.ambiguities, *self.questions.ambiguities, *self.choices.ambiguities())
        return with_proposals((self.translation, *each) if self.translation else each)

    def _opens_at_once(self) -> bool:
        """Checks whether the quiz opens before the sections are read, once the document is loaded."""
        return bool(rule_columns(self.document.rules, self.quiz)["quiz_opens"] == QuizOpens.AT_ONCE)

    def _keeps_opening(self) -> bool:
        """Checks whether the quiz keeps an opening that the document does not say, and that is not the usual one."""
        return bool(self._coming_questions()) and not self.document.rules.quiz_opens and self._opens_at_once()

    def _tested(self) -> int:
        """Counts the learners for whom the quiz comes between them and the end."""
        waiting = Enrolment.objects.filter(module=self.module, finished_at__isnull=True)
        return waiting.filter(passed_at__isnull=True).count()

    def _finishes(self, plan: Plan) -> int:
        """Counts the learners who have nothing left to do once the document is loaded."""
        if not (plan.shortens or plan.changes_grades):
            return 0
        ending = completion.Ending(
            sections=self._sections_to_read(plan),
            counts=self.document.rules.counts if self.document.quiz else "",
            shared=self._shared,
        )
        return self.effects.finishers(self.module, ending, graded=plan.changes_grades)

    def _sections_to_read(self, plan: Plan) -> set[int] | None:
        """Returns the rows that a learner has to have read, or ``None`` if a section is new or has to be read again."""
        known = {**plan.kept.sections, **plan.kept.origins}
        is_new = any(section.identity not in known for section in self.document.sections)
        is_asked = any(change.kind == "section" and change.tell == "again" for change in plan.changes)
        rest = [change.identity for change in plan.changes if change.tell == "rest"]
        merged = {row for identity in rest for row in plan.kept.merged.get(identity, ())}
        return None if is_new or is_asked else {*known.values(), *merged}

    @cached_property
    def _shared(self) -> dict[int, set[int]]:
        """Returns, by the rows of sections that come out of others again, the enrolments that get a reading of them."""
        return {
            row: {
                reading.enrolment_id
                for reading in readings_in_whole(row, int(whole), self.sections.coming[identity].source)
            }
            for identity, whole in self.sections.matching.wholes.items()
            if (row := self.sections.partner_of(identity).pk)
        }

    def _kept(self) -> Kept:
        return Kept(
            sections=self.sections.rows_by_identity(self.sections.matching.pairs),
            origins=self.sections.rows_by_identity(self.sections.matching.origins),
            wholes=self.sections.rows_by_identity(self.sections.matching.wholes),
            merged={
                section.identity: tuple(row.pk for row in rows)
                for section in self.document.sections
                if (rows := self.sections.merged_into(section.identity))
            },
            question_rows=self.questions.rows_by_identity(self.questions.matching.pairs),
            questions=tuple(self.choices.rekeyed(part) for part in self._coming_questions()),
        )

    def _held_up(self, changes: Iterable[Change]) -> int:
        """Counts the learners who have not finished and get a section to read that is new or restored."""
        coming = [
            change
            for change in changes
            if change.kind == "section" and {PartState.NEW, PartState.RESTORED} & set(change.states)
        ]
        back = [
            self.sections.partner_of(change.identity)
            for change in coming
            if PartState.RESTORED in change.states and change.tell != "again"
        ]
        if not coming:
            return 0
        waiting = Enrolment.objects.filter(module=self.module, finished_at__isnull=True)
        if len(back) < len(coming):  # nobody has read a new section
            return waiting.count()
        ready = completion.having_read(waiting, [row.pk for row in back], self._shared)
        return waiting.count() - len(ready)

    # ----------------------------------------------------------------------------------------------- changes

    def _changes(self) -> tuple[Change, ...]:
        """Returns every part in the order of the document, with its change."""
        sections = [self._with_tell(change) for change in self.sections.changes()]
        quiz = [*self._quiz_heading(), *(self._with_key(change) for change in self.questions.changes())]
        before = self.document.quiz.place if self.document.quiz else len(self.document.sections)
        cut = next(
            (place for place, change in enumerate(sections) if (change.to_place or 0) > before), len(sections)
        )
        return (self._preamble(), *sections[:cut], *quiz, *sections[cut:])

    def _preamble(self) -> Change:
        before, after = self.module.preamble, self.document.preamble
        states = () if says_the_same(before, after) else (PartState.CHANGED,)
        return Change("preamble", "", self.document.title, states, before=before, after=after)

    def _quiz_heading(self) -> list[Change]:
        active, coming = self.module.active_quiz, self.document.quiz
        if coming is None and active is None:
            return []
        before = _with_pools(active.source, active.pools.all()) if active else ""
        after = _with_pools(coming.source, coming.pools) if coming else ""
        return [
            Change(
                "quiz",
                coming.identity if coming else self.quiz.identity if self.quiz else "",
                coming.title if coming else active.title if active else "",
                self._quiz_states(before, after),
                old_title=active.title if active else "",
                before=before,
                after=after,
                people=self._answered(),
                past=self._takers(),
            )
        ]

    def _quiz_states(self, before: str, after: str) -> tuple[PartState, ...]:
        if not after:
            return (PartState.REMOVED,)
        if before:
            return () if says_the_same(before, after) else (PartState.CHANGED,)
        return (PartState.RESTORED,) if self.quiz else (PartState.NEW,)

    def _takers(self) -> int:
        attempts = Attempt.with_deleted.filter(quiz=self.quiz) if self.quiz else Attempt.objects.none()
        return attempts.values("enrolment").distinct().count()

    def _answered(self) -> int:
        if self.quiz is None:
            return 0
        answered = with_answer(Response.objects.filter(attempt__quiz=self.quiz))
        return answered.values("attempt__enrolment").distinct().count()

    def _with_tell(self, change: Change) -> Change:
        """Decides whether learners are told of a change: by default not of a typing error, and not of a split."""
        states = set(change.states)
        if PartState.SPLIT in states:
            return self._with_tell_of_half(change)
        if not states & {PartState.CHANGED, PartState.IMAGES, PartState.RENAMED, PartState.RESTORED}:
            return change
        slight = PartState.IMAGES not in states and is_slight(body(change.before), body(change.after))
        knowing, returning = self._readers_of_these_words(change)
        is_news = states & {PartState.CHANGED, PartState.IMAGES} and change.people > knowing and not slight
        is_news = is_news and not self._is_only_split(change) and not self.is_translated
        partial = self._readers_of_a_part(change)
        adds_text = self._adds_text(change)
        proposed = self._asked_of_a_merge(change, partial, adds_text=adds_text) or (
            "tell" if is_news else "nothing"
        )
        tell = self.decisions.tell.get(change.identity, proposed)
        if tell == "rest" and not partial:  # decided for another text of the draft
            tell = proposed
        returning = 0 if tell == "again" else returning
        return replace(
            change,
            is_slight=slight,
            tell=tell,
            proposed=proposed,
            knowing=knowing,
            returning=returning,
            partial=partial,
            adds_text=adds_text,
        )

    def _asked_of_a_merge(self, change: Change, partial: int, *, adds_text: bool) -> str:
        """Returns what the readers of a section have to read of the text that it has taken in."""
        if not change.people:
            return ""
        return "again" if adds_text else "rest" if partial else ""

    def _with_tell_of_half(self, change: Change) -> Change:
        """Asks the readers of the whole to read a half that also has text which the whole did not have."""
        origin = self.sections.rows[self.sections.matching.origins[change.identity]]
        if not (change.people and adds_lines([origin.source], body(change.after))):
            return change
        tell = self.decisions.tell.get(change.identity, "again")
        return replace(
            change, proposed="again", tell="nothing" if tell == "nothing" else "again", adds_text=True
        )

    def _readers_of_a_part(self, change: Change) -> int:
        """Counts the readers of a section who have not read all the sections that it takes in."""
        if PartState.MERGED not in change.states:
            return 0
        row = self.sections.partner_of(change.identity)
        merged = [other.pk for other in self.sections.merged_into(change.identity)]
        return int(row.readings.of_a_part(merged, change.after).count())

    def _adds_text(self, change: Change) -> bool:
        """Tells whether a section that takes others in also has text that none of them had."""
        merged = self.sections.merged_into(change.identity)
        return bool(merged) and adds_lines(
            [change.before, *(row.source for row in merged)], body(change.after)
        )

    def _is_only_split(self, change: Change) -> bool:
        halves = self.sections.halves_of(self.sections.partner_of(change.identity))
        return bool(halves) and gave_away(
            body(change.before), body(change.after), [half.source for half in halves]
        )

    def _readers_of_these_words(self, change: Change) -> tuple[int, int]:
        """Counts the readings, valid and lapsed, of an earlier text that a section says again."""
        row = self.sections.partner_of(change.identity)
        if change.before == change.after or all(
            former.source != change.after for former in row.former_texts.all()
        ):
            return 0, 0
        readings = row.readings.of_former_words(change.after)
        return readings.counting().count(), readings.to_be_made_again().count()

    # ------------------------------------------------------------------------------------- questions and keys

    def _row(self, identity: str) -> Question | None:
        row = self.questions.partner_of(identity)
        return row if isinstance(row, Question) else None

    def _with_key(self, change: Change) -> Change:
        """Adds the changes of choices to a change, and, if the key changes, the effect on attempts."""
        row = self._row(change.identity) if PartState.REMOVED not in change.states else None
        if row is None or row.current is None or (not change.states and row.current.has_choices):
            return change
        coming = self._version(change.identity)
        if not grading.grades_otherwise(row.current, coming):
            return change
        if not change.states:  # an earlier version of this program read its accepted answers
            change = replace(change, states=(PartState.PARSED_ANEW,))
        change = replace(change, choices=choice_changes(row.current, coming))
        return self._with_effect(change) if change.identity in self._regradable else change

    @cached_property
    def _regradable(self) -> dict[str, tuple[Question, QuestionVersion]]:
        """Maps the identities of the questions whose answers a new key can grade to their rows and new versions."""
        rows = {part.identity: self._row(part.identity) for part in self._coming_questions()}
        versions = {
            identity: (row, self._version(identity)) for identity, row in rows.items() if row and row.takers
        }
        return {
            identity: (row, version)
            for identity, (row, version) in versions.items()
            if row.current
            and grading.grades_otherwise(row.current, version)
            and grading.can_regrade(row.current, version)
        }

    def _with_effect(self, change: Change) -> Change:
        row, coming = self._regradable[change.identity]
        effect = self.effects.of(row.pk, coming)
        effect_anew = self.effects.of_judging_anew(row.pk, coming)
        open_attempts = _open_attempts(row, coming)
        has_any = effect.attempts > 0 or open_attempts > 0
        return replace(
            change,
            effect=effect if has_any else None,
            effect_anew=effect_anew if effect_anew != effect else None,
            open_attempts=open_attempts,
            regrade=has_any and change.identity in self.decisions.regrade,
            is_judged_anew=effect_anew != effect and change.identity in self.decisions.judged_anew,
        )

    def _version(self, identity: str) -> QuestionVersion:
        """Returns an incoming question as a version that is not stored."""
        row = self._row(identity)
        part = next(part for part in self._coming_questions() if part.identity == identity)
        return QuestionVersion(question=row, **question_columns(self.choices.rekeyed(part)))

    def _total_effect(self, changes: Iterable[Change]) -> Effect:
        return self.effects.of_all(self._new_keys(changes), self._judged_anew(changes))

    def _new_keys(self, changes: Iterable[Change]) -> dict[int, QuestionVersion]:
        """Returns the versions with which answers are graded again, by the rows of their questions."""
        chosen = [change.identity for change in changes if change.kind == "question" and change.regrade]
        rows = {identity: self._row(identity) for identity in chosen}
        return {row.pk: self._version(identity) for identity, row in rows.items() if row}

    def _judged_anew(self, changes: Iterable[Change]) -> set[int]:
        """Returns the rows of the questions whose typed answers are judged as today."""
        rows = (self._row(change.identity) for change in changes if change.is_judged_anew)
        return {row.pk for row in rows if row}


def _with_pools(heading: str, pools: Iterable[Any]) -> str:
    """Returns the text of a quiz without its questions."""
    return heading + "".join(pool.source for pool in pools)


def _open_attempts(row: Question, coming: QuestionVersion) -> int:
    """Counts the open attempts that have a question and could be graded with its new key."""
    held = Response.objects.filter(version__question=row, attempt__in=Attempt.objects.open())
    return held.filter(version__kind__in=grading.kinds_like(coming)).count()


def pool_values(pools: Iterable[Any]) -> tuple[tuple[str, int | None, int], ...]:
    """Returns the pools of a quiz as a setting has them."""
    return tuple((pool.title, pool.draw, pool.size) for pool in pools)


def _settings(module: Module, quiz: Quiz | None, document: parser.Document) -> Iterable[Setting]:
    pairs: dict[str, tuple[Any, Any]] = {
        "title": (module.title, document.title),
        "address": (module.slug, document.slug if document.slug_is_given else module.slug),
        "language": (module.language, document.language),
        "summary": (module.summary, document.summary),
        "access": (module.access, document.access),
        "checks": (module.checks, document.checks),
    }
    if quiz and document.quiz:
        coming = rule_columns(document.rules, quiz)
        pairs |= {name: (getattr(quiz, column), coming[column]) for name, column in COLUMNS.items()}
        pairs["pools"] = (pool_values(quiz.pools.all()), pool_values(document.quiz.pools))
    return [Setting(name, before, after) for name, (before, after) in pairs.items() if before != after]
