"""Plans what loading a document will change, and for whom. It reads rows and writes nothing.

Planning compares active parts with incoming parts by identity, by equal text and by likeness
(:mod:`modules.document.compare.matching`). A part that could continue either of two rows is an ambiguity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet

from modules.authoring.columns import question_columns
from modules.authoring.comparison import Comparison, questions_of, says_the_same, sections_of
from modules.authoring.plan import Ambiguity, Candidate, Change, ChoiceChange, Decisions, Kept, Plan, Setting
from modules.authoring.policy import module_for_document
from modules.authoring.states import PartState
from modules.document.compare.choices import Choices, comparable_text, match_choices, with_kept_keys
from modules.document.compare.likeness import body
from modules.document.compare.moved_text import gave_away
from modules.document.compare.typos import is_slight
from modules.document.syntax import parser
from modules.document.syntax.rules import QuizOpens
from modules.document.syntax.values import Choice
from modules.models import Attempt, Enrolment, Module, Question, QuestionVersion, Quiz, Response
from modules.quizzes import completion, grading
from modules.quizzes.grading import Effect
from modules.quizzes.rules import COLUMNS, rule_columns


def plan_document(
    module: Module | None, document: parser.Document, decisions: Decisions | None = None
) -> Plan:
    """Compares the active parts of a module with a document. Writes nothing.

    Without a module, it plans for the module that has the document's slug, or else for a new one.
    """
    decisions = decisions or Decisions()
    module = module_for_document(document, module)
    if module is None:
        return _plan_new(document, decisions)
    return _Planner(module, document, decisions).plan()


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

    def __init__(self, module: Module, document: parser.Document, decisions: Decisions) -> None:
        self.module, self.document, self.decisions = module, document, decisions
        self.quiz = Quiz.objects.filter(module=module).first()
        self.sections = Comparison("section", sections_of(module), document.sections, decisions)
        self.questions = Comparison("question", questions_of(self.quiz), self._coming_questions(), decisions)

    def _coming_questions(self) -> Sequence[parser.Question]:
        return self.document.quiz.questions if self.document.quiz else ()

    def plan(self) -> Plan:
        changes = self._changes()
        plan = Plan(
            module=self.module,
            base_revision=self.module.current_id,
            document=self.document,
            decisions=self.decisions,
            changes=changes,
            ambiguities=(
                *self.sections.ambiguities,
                *self.questions.ambiguities,
                *self._choice_ambiguities(),
            ),
            settings=tuple(_settings(self.module, self.quiz, self.document)),
            open_attempts=Attempt.objects.open().filter(quiz=self.quiz).count() if self.quiz else 0,
            held_up=self._held_up(changes),
            gates_quiz=bool(self._coming_questions()) and not self._opens_at_once(),
            keeps_opening=self._keeps_opening(),
            effect=self._total_effect(changes),
            kept=self._kept(),
        )
        return replace(plan, finishes=self._finishes(plan), tested=self._tested() if plan.brings_quiz else 0)

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
            regraded={
                trial.attempt.pk: (trial.after, trial.passes)
                for trial in grading.trials(self._new_keys(plan.changes), self._judged_anew(plan.changes))
            },
        )
        return len(completion.finishers(self.module, ending, graded=plan.changes_grades))

    def _sections_to_read(self, plan: Plan) -> set[int] | None:
        """Returns the rows that a learner has to have read, or ``None`` if a section is new or has to be read again."""
        known = {**plan.kept.sections, **plan.kept.origins}
        is_new = any(section.identity not in known for section in self.document.sections)
        is_asked = any(change.kind == "section" and change.tell == "again" for change in plan.changes)
        return None if is_new or is_asked else set(known.values())

    def _kept(self) -> Kept:
        return Kept(
            sections=self.sections.rows_by_identity(self.sections.matching.pairs),
            origins=self.sections.rows_by_identity(self.sections.matching.origins),
            question_rows=self.questions.rows_by_identity(self.questions.matching.pairs),
            questions=tuple(self._rekeyed(part) for part in self._coming_questions()),
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
        counting = Q(readings__section__in=back, readings__lapsed_at__isnull=True)
        return waiting.annotate(had=Count("readings", filter=counting)).filter(had__lt=len(back)).count()

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
        answered = _with_answer(Response.objects.filter(attempt__quiz=self.quiz))
        return answered.values("attempt__enrolment").distinct().count()

    def _with_tell(self, change: Change) -> Change:
        """Decides whether learners are told of a change: by default not of a typing error, and not of a split."""
        states = set(change.states)
        if not states & {PartState.CHANGED, PartState.IMAGES, PartState.RENAMED, PartState.RESTORED}:
            return change
        slight = PartState.IMAGES not in states and is_slight(body(change.before), body(change.after))
        knowing, returning = self._readers_of_these_words(change)
        is_news = states & {PartState.CHANGED, PartState.IMAGES} and change.people > knowing and not slight
        is_news = is_news and not self._is_only_split(change)
        tell = self.decisions.tell.get(change.identity, "tell" if is_news else "nothing")
        returning = 0 if tell == "again" else returning
        return replace(change, is_slight=slight, tell=tell, knowing=knowing, returning=returning)

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

    @cached_property
    def _choices(self) -> dict[str, Choices]:
        """Maps the identity of each incoming question to those of its choices that are earlier ones."""
        return {part.identity: self._match_choices(part) for part in self._coming_questions()}

    def _match_choices(self, part: parser.Question) -> Choices:
        row = self._row(part.identity)
        versions = sorted(row.versions.all(), key=lambda version: version.number) if row else []
        old = {
            choice["key"]: comparable_text(choice["text"], choice["html"])
            for version in versions
            for choice in version.choices
        }
        active = row.current.choices if row and row.current else []
        prefix = f"choice:{part.identity}:"
        decisions = {
            key.removeprefix(prefix): value
            for key, value in self.decisions.by_ambiguity.items()
            if key.startswith(prefix)
        }
        return match_choices(
            old,
            {choice.key: comparable_text(choice.text, choice.html) for choice in part.choices},
            decisions,
            active=[choice["key"] for choice in active],
            right=_right_keys(active, part.choices),
        )

    def _choice_ambiguities(self) -> Iterable[Ambiguity]:
        """Yields choices that may be earlier ones reworded, of questions that somebody has in an attempt."""
        for part in self._coming_questions():
            row = self._row(part.identity)
            if row is not None and row.takers:
                yield from self._ambiguities_of(part, row)

    def _ambiguities_of(self, part: parser.Question, row: Question) -> Iterable[Ambiguity]:
        """Yields the ambiguous choices of one question, decided ones too."""
        ambiguities = self._choices[part.identity].ambiguities
        decisions = self.decisions.by_ambiguity
        texts = {choice.key: choice.text for choice in part.choices}
        names = {key: f"choice:{part.identity}:{key}" for key in texts}
        for key in (*ambiguities, *(key for key in texts if names[key] in decisions)):
            decision = decisions.get(names[key])
            candidates = _candidates(row, ambiguities.get(key) or tuple(filter(None, [decision])))
            yield Ambiguity(names[key], "choice", texts[key], texts[key], candidates, decision, part.title)

    def _rekeyed(self, part: parser.Question) -> parser.Question:
        """Returns an incoming question with the keys that its choices keep."""
        row = self._row(part.identity)
        used = _earlier_choices(row) if row else {}
        return replace(
            part, choices=tuple(with_kept_keys(part.choices, self._choices[part.identity].kept, used))
        )

    def _with_key(self, change: Change) -> Change:
        """Adds the changes of choices to a change, and, if the key changes, the effect on attempts."""
        row = self._row(change.identity) if PartState.REMOVED not in change.states else None
        if row is None or row.current is None or (not change.states and row.current.has_choices):
            return change
        coming = self._version(change.identity)
        if not grading.grades_otherwise(row.current, coming):
            return change
        if not change.states:  # an earlier version of this program read its accepted answers
            change = replace(change, states=(PartState.READ_ANEW,))
        can = row.takers and grading.can_regrade(row.current, coming)
        effect = grading.effect({row.pk: coming}) if can else Effect()
        effect_anew = grading.effect({row.pk: coming}, {row.pk}) if can else Effect()
        open_attempts = _open_attempts(row, coming) if can else 0
        has_any = effect.attempts > 0 or open_attempts > 0
        return replace(
            change,
            choices=_choice_changes(row.current, coming),
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
        return QuestionVersion(question=row, **question_columns(self._rekeyed(part)))

    def _total_effect(self, changes: Iterable[Change]) -> Effect:
        keys = self._new_keys(changes)
        return grading.effect(keys, self._judged_anew(changes)) if keys else Effect()

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


def _with_answer(responses: QuerySet[Response]) -> QuerySet[Response]:
    """Keeps the responses that have an answer, in attempts that count."""
    return responses.filter(attempt__deleted_at__isnull=True).exclude(answer=[])


def _open_attempts(row: Question, coming: QuestionVersion) -> int:
    """Counts the open attempts that have a question and could be graded with its new key."""
    held = Response.objects.filter(version__question=row, attempt__in=Attempt.objects.open())
    return sum(grading.can_regrade(response.version, coming) for response in held.select_related("version"))


def _candidates(row: Question, keys: Iterable[str]) -> tuple[Candidate, ...]:
    """Returns earlier choices of a question, with the number of learners who chose each, and whether it was right."""
    versions = sorted(row.versions.all(), key=lambda version: version.number)
    known = {choice["key"]: choice for version in versions for choice in version.choices}
    responses = _with_answer(Response.objects.filter(version__question=row))
    answers = responses.values_list("answer", "attempt__enrolment")
    learners = defaultdict(set)
    for answer, learner in answers:
        for key in answer:
            learners[key].add(learner)
    return tuple(
        Candidate(
            key,
            known[key]["text"],
            known[key]["text"],
            len(learners[key]),
            known[key]["right"],
        )
        for key in keys
        if key in known
    )


def _earlier_choices(row: Question) -> dict[str, str]:
    """Returns the latest text of each choice that a question has or had, by its key."""
    versions = sorted(row.versions.all(), key=lambda version: version.number)
    return {choice["key"]: choice["text"] for version in versions for choice in version.choices}


def _right_keys(active: Iterable[Mapping[str, Any]], coming: Iterable[Choice]) -> list[str]:
    """Returns the keys of the choices that are, or will be, right."""
    return [choice["key"] for choice in active if choice["right"]] + [
        choice.key for choice in coming if choice.right
    ]


def _choice_changes(before: QuestionVersion, after: QuestionVersion) -> tuple[ChoiceChange, ...]:
    """Returns the choices, or accepted answers, of two versions of a question in pairs."""
    if not (before.has_choices or after.has_choices):
        return _answer_changes(
            *([answer["text"] for answer in version.answers] for version in (before, after))
        )
    earlier = {choice["key"]: choice for choice in before.choices}
    coming = {choice["key"]: choice for choice in after.choices}
    return tuple(
        ChoiceChange(
            earlier[key]["text"] if key in earlier else None,
            coming[key]["text"] if key in coming else None,
            key in earlier and earlier[key]["right"],
            key in coming and coming[key]["right"],
        )
        for key in dict.fromkeys([*coming, *earlier])
    )


def _answer_changes(old: Sequence[str], new: Sequence[str]) -> tuple[ChoiceChange, ...]:
    """Returns accepted answers before and after. If one was removed and one is new, they are a pair."""
    removed = [text for text in old if text not in new]
    added = [text for text in new if text not in old]
    became = dict(zip(removed, added, strict=True)) if len(removed) == len(added) == 1 else {}
    after = {text: text if text in new else became.get(text) for text in old}
    return (
        *(ChoiceChange(text, now, True, now is not None) for text, now in after.items()),
        *(ChoiceChange(None, text, False, True) for text in added if text not in became.values()),
    )


def pool_values(pools: Iterable[Any]) -> tuple[tuple[str, int | None, int], ...]:
    """Returns the pools of a quiz as a setting has them."""
    return tuple((pool.title, pool.draw, pool.size) for pool in pools)


def _settings(module: Module, quiz: Quiz | None, document: parser.Document) -> Iterable[Setting]:
    pairs: dict[str, tuple[Any, Any]] = {
        "title": (module.title, document.title),
        "address": (module.slug, document.slug if document.slug_is_given else module.slug),
        "language": (module.language, document.language),
        "summary": (module.summary, document.summary),
    }
    if quiz and document.quiz:
        coming = rule_columns(document.rules, quiz)
        pairs |= {name: (getattr(quiz, column), coming[column]) for name, column in COLUMNS.items()}
        pairs["pools"] = (pool_values(quiz.pools.all()), pool_values(document.quiz.pools))
    return [Setting(name, before, after) for name, (before, after) in pairs.items() if before != after]
