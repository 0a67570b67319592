"""Applies a plan: makes the rows of a module what its document says, in one transaction or not at all.

Upload, paste, editing one part in the admin and the command line all call this module. A plan was made before; it
says everything that is done here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet
from django.utils.translation import gettext_noop

from accounts.models import User
from modules.authoring import readings_after_load
from modules.authoring.columns import LONGEST_TITLE, question_columns, quiz_columns, section_columns
from modules.authoring.plan import Ambiguity, Plan
from modules.authoring.states import PartState
from modules.authoring.uploads import Upload
from modules.document.html import render
from modules.document.problems import DocumentError, Problem
from modules.document.syntax import parser
from modules.models import (
    BATCH,
    Attempt,
    Draft,
    FormerSlug,
    FormerText,
    Image,
    Module,
    Pool,
    Question,
    QuestionVersion,
    Quiz,
    RegradeJob,
    Response,
    Revision,
    Section,
    hold_learners,
)
from modules.quizzes import completion, learner_rules, regrade_jobs, trials
from modules.quizzes.new_keys import NewKeys
from modules.search import index

logger = logging.getLogger(__name__)

SECTION_COLUMNS = (
    "identity", "place", "title", "source", "html", "contents", "words", "checks", "changed_in_id", "archived_at",
)  # fmt: skip


class ModuleChanged(Exception):
    """Reports that the module has changed since the plan was made: plan again."""


def apply_plan(
    plan: Plan,
    *,
    by: User | None,
    now: datetime,
    filename: str = "",
    encoding: str = "utf-8",
    images: Mapping[str, str] | None = None,
    reason: str = "",
    owner: User | None = None,
) -> Module:
    """Makes the module what the plan says, in one transaction, and keeps the document as its next revision.

    A new module belongs to ``owner``, or else to the person who loads it.
    ``reason`` says why grades change; learners read it. A regrade of a large class is carried out by the worker.
    Raises :class:`ModuleChanged` if the module changed after it was planned, or if attempts were submitted meanwhile
    that a regrade would change too. Raises :class:`DocumentError` if the document has errors, or an ambiguity is
    undecided.
    """
    if not plan.is_possible:
        raise DocumentError((*plan.document.errors, *map(_question_of, plan.open_ambiguities)))
    try:
        order = regrade_jobs.Order(by, now, reason)
        return _write_plan(plan, order, filename, encoding, images or {}, owner or by)
    except ProtectedError as error:
        raise ModuleChanged from error


def _question_of(ambiguity: Ambiguity) -> Problem:
    if ambiguity.kind == "document":
        template = gettext_noop(
            "“{title}” looks like a translation of the module. Say in the admin whether it is one."
        )
        return Problem(0, "error", "ambiguity", template, {"title": ambiguity.title})
    if ambiguity.kind == "choice":
        template = gettext_noop(
            "“{title}”, in “{within}”, may be an earlier choice reworded, or another one. Say in the admin which is meant."
        )
        return Problem(
            0, "error", "ambiguity", template, {"title": ambiguity.title, "within": ambiguity.within}
        )
    template = gettext_noop(
        "“{title}” may be an earlier one under a new heading, or new. Say in the admin which is meant, or write the "
        "earlier identity into its heading: {{#identity}}."
    )
    return Problem(0, "error", "ambiguity", template, {"title": ambiguity.title})


def _write_plan(
    plan: Plan,
    order: regrade_jobs.Order,
    filename: str,
    encoding: str,
    images: Mapping[str, str],
    owner: User | None,
) -> Module:
    now = order.now
    is_readable = plan.module is not None and plan.module.is_readable
    words = index.words_of_document(plan.document) if is_readable else None
    with transaction.atomic():
        module = _claim(plan, owner)
        _keep_images(module, images)
        revision = Revision.objects.create(
            module=module,
            number=module.revisions.count() + 1,
            text=plan.document.text,
            encoding=encoding,
            filename=filename,
            loaded_at=now,
            loaded_by=order.by,
            changes=plan.numbers if plan.module else {},
            images=dict(module.images.values_list("path", "file")),
        )
        _write_module(module, plan.document, revision, encoding)
        _write_sections(module, plan, revision, now)
        _write_quiz(module, plan, revision, now)
        index.follow(module, words)
        _lengthen(plan, module, now)
        job = _regrade(plan, module, order)
        _record_outcomes(plan, module, job, now)
    return module


def apply_draft(draft: Draft, plan: Plan, *, now: datetime, reason: str = "") -> Module:
    """Loads a draft as its plan says, and deletes the draft: its text is a revision now.

    ``reason`` is as for :func:`apply_plan`.
    """
    with transaction.atomic():
        # The author may have changed its text meanwhile, and would lose that with the draft.
        drafts = Draft.objects.select_for_update().filter(pk=draft.pk, text=plan.document.text)
        if drafts.first() is None:
            raise ModuleChanged
        brought = {image.path: image.file.name or "" for image in draft.images.all()}
        module = apply_plan(
            plan,
            by=draft.author,
            now=now,
            filename=draft.filename,
            encoding=draft.encoding,
            images=brought,
            reason=reason,
        )
        draft.delete()
    return module


def apply_upload(
    plan: Plan,
    upload: Upload,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    owner: User | None = None,
) -> Module:
    """Loads a file as its plan says. Raises what :func:`apply_plan` raises."""
    return apply_plan(
        plan,
        by=by,
        now=now,
        filename=upload.filename,
        encoding=upload.encoding,
        images=upload.images,
        reason=reason,
        owner=owner,
    )


def _claim(plan: Plan, owner: User | None) -> Module:
    """Returns the module to write to, locked, in the state that was planned for. A new one gets the owner."""
    if plan.module is None:
        return _create(plan.document, owner)
    module = (
        Module.objects.select_for_update(no_key=True)
        .filter(pk=plan.module.pk, current_id=plan.base_revision)
        .first()
    )
    if module is None:
        raise ModuleChanged
    hold_learners(module)
    return module


def _create(document: parser.Document, owner: User | None) -> Module:
    try:
        with transaction.atomic():
            return Module.objects.create(slug=document.slug, title=document.title, owner=owner)
    except IntegrityError as error:
        raise ModuleChanged from error


def _keep_images(module: Module, images: Mapping[str, str]) -> None:
    Image.objects.bulk_create(
        [Image(module=module, path=path, file=name) for path, name in images.items()],
        update_conflicts=True,
        unique_fields=["module", "path"],
        update_fields=["file"],
    )


def _write_module(module: Module, document: parser.Document, revision: Revision, encoding: str) -> None:
    module.title, module.language, module.summary = document.title, document.language, document.summary
    module.access, module.opening = document.access, document.opening
    module.checks = document.checks
    module.preamble, module.introduction = document.preamble, document.introduction
    module.encoding, module.current, module.rendered_with = encoding, revision, render.VERSION
    former = module.slug
    if document.slug_is_given:
        module.slug = document.slug
    try:
        with transaction.atomic():
            module.save()
    except IntegrityError as error:
        raise ModuleChanged from error
    if module.slug != former:
        FormerSlug.objects.filter(slug=module.slug).delete()
        FormerSlug.objects.update_or_create(slug=former, defaults={"module": module})


def _write_sections(module: Module, plan: Plan, revision: Revision, now: datetime) -> None:
    """Makes the rows what the document says. A row continues if it has a part there, whatever its title and place."""
    rows = {row.pk: row for row in module.sections.all()}
    kept = plan.kept.sections
    _take_away(module.sections.active().exclude(pk__in=kept.values()), ["readings"], now)
    # Rows are removed first, since an incoming part may have the identity of a removed one.
    active = [
        change
        for change in plan.changes
        if change.kind == "section" and PartState.REMOVED not in change.states
    ]
    tell = {change.identity: change.tell for change in active}
    wanted = [_section_row(module, plan.document, index) for index in range(len(plan.document.sections))]
    former = []
    for row in wanted:
        old = rows.get(kept.get(row.identity, 0))
        if old is None:
            if tell.get(row.identity) == "again":  # a half with text that nobody has read
                row.changed_in = revision
            continue
        row.pk, row.changed_in_id = old.pk, old.changed_in_id
        if tell.get(row.identity, "nothing") != "nothing":
            row.changed_in = revision
        if _text_columns(old) != _text_columns(row):
            former.append(FormerText(section_id=old.pk, until=revision, **_text_columns(old)))
    _put_in_place(module.sections.all(), rows, wanted, SECTION_COLUMNS, now)
    FormerText.objects.bulk_create(former, BATCH)
    readings_after_load.follow(module, plan, active, now)


def _text_columns(section: Section) -> dict[str, str]:
    return {"identity": section.identity, "title": section.title, "source": section.source}


def _take_away(removed: QuerySet[Any], works: Sequence[str], now: datetime) -> None:
    """Archives the rows that somebody has worked on, and deletes the others."""
    for work in works:
        removed.filter(**{f"{work}__isnull": False}).order_by().update(archived_at=now)
    removed.order_by().delete()


def _put_in_place(
    all_rows: QuerySet[Any],
    rows: Mapping[int, Any],
    wanted: Sequence[Any],
    columns: Sequence[str],
    now: datetime,
) -> None:
    """Writes the rows that differ from what they were.

    The changed rows are archived first, since one may take the place and the identity of another active row.
    """
    changed = [row for row in wanted if row.pk and not _is_equal(rows[row.pk], row, columns)]
    all_rows.filter(pk__in=[row.pk for row in changed]).update(archived_at=now)
    manager = all_rows.model._default_manager
    manager.bulk_create(
        changed, BATCH, update_conflicts=True, unique_fields=["id"], update_fields=list(columns)
    )
    manager.bulk_create([row for row in wanted if not row.pk], BATCH)


def _is_equal(row: Any, other: Any, columns: Iterable[str]) -> bool:
    return all(getattr(row, name) == getattr(other, name) for name in columns)


def _section_row(module: Module, document: parser.Document, index: int) -> Section:
    section = document.sections[index]
    after_quiz = document.quiz is not None and index >= document.quiz.place
    return Section(
        module=module,
        identity=section.identity,
        place=index + after_quiz,
        title=section.title[:LONGEST_TITLE],
        source=section.source,
        **section_columns(section),
    )


def _write_quiz(module: Module, plan: Plan, revision: Revision, now: datetime) -> None:
    document = plan.document
    if document.quiz is None:
        # Overrides are kept like attempts: nobody could tell for whom they were.
        active = Quiz.objects.filter(module=module, archived_at__isnull=True)
        _take_away(active, ["attempts", "overrides"], now)
        return
    row = Quiz.objects.filter(module=module).first()
    quiz, _created = Quiz.objects.update_or_create(
        module=module, defaults=quiz_columns(document, document.quiz, row)
    )
    rows = {row.pk: row for row in quiz.questions.select_related("current")}
    kept = plan.kept.question_rows
    _take_away(quiz.questions.active().exclude(pk__in=kept.values()), ["versions__responses"], now)
    wanted = [
        Question(pk=kept.get(part.identity), quiz=quiz, identity=part.identity, place=place)
        for place, part in enumerate(plan.kept.questions)
    ]
    _put_in_place(quiz.questions.all(), rows, wanted, ["identity", "place", "archived_at"], now)
    _write_pools(quiz, document.quiz)
    _write_versions(quiz, plan.kept.questions, revision)


def _write_pools(quiz: Quiz, document: parser.Quiz) -> None:
    quiz.pools.all().delete()
    Pool.objects.bulk_create(
        Pool(
            quiz=quiz,
            place=pool.place,
            size=pool.size,
            title=pool.title[:LONGEST_TITLE],
            source=pool.source,
            draw=pool.draw,
        )
        for pool in document.pools
    )


def _write_versions(quiz: Quiz, questions: Iterable[parser.Question], revision: Revision) -> None:
    """Gives each question its text: in place if no attempt has the version, otherwise as the next version."""
    active = {question.identity: question for question in quiz.questions.active().select_related("current")}
    versions = QuestionVersion.objects.filter(question__quiz=quiz)
    held = {
        *versions.filter(_is_used("version") | _is_used("graded_with")).values_list("pk", flat=True),
        *regrade_jobs.versions_to_come(quiz.module),
    }
    made = {"revision": revision, "rendered_with": render.VERSION}
    for value in questions:
        question, columns = active[value.identity], question_columns(value)
        version = question.current
        if version and all(getattr(version, name) == wanted for name, wanted in columns.items()):
            continue
        if version and version.pk not in held:
            QuestionVersion.objects.filter(pk=version.pk).update(**made, **columns)
            continue
        number = version.number + 1 if version else 1
        question.current = QuestionVersion.objects.create(question=question, number=number, **made, **columns)
        question.save(update_fields=["current"])


def _is_used(column: str) -> Exists:
    return Exists(Response.objects.filter(**{column: OuterRef("pk")}))


def _lengthen(plan: Plan, module: Module, now: datetime) -> None:
    """Gives open attempts the time of a longer limit or a later end. Nobody loses any time."""
    quiz = Quiz.objects.filter(module=module, archived_at__isnull=True).first()
    if quiz and {"time_limit", "closes"} & {setting.name for setting in plan.settings}:
        learner_rules.extend_deadlines(quiz, Attempt.objects.all(), now=now)


def _regrade(plan: Plan, module: Module, order: regrade_jobs.Order) -> RegradeJob | None:
    """Grades submitted attempts again as decided: a few at once, and a large class by the worker.

    Raises :class:`ModuleChanged` if a regrade at once has another effect than the plan says.
    """
    chosen = [change for change in plan.changes if change.kind == "question" and change.regrade]
    if not chosen:
        return None
    row_of = plan.kept.question_rows
    rows = Question.objects.filter(pk__in=[row_of[change.identity] for change in chosen])
    keys = {row.pk: row.current for row in rows.select_related("current") if row.current}
    new = NewKeys(keys, {row_of[change.identity] for change in chosen if change.is_judged_anew})
    if not regrade_jobs.is_large(keys):
        pending = regrade_jobs.pending(module)
        if trials.effect(keys, new.judged_anew, pending) != plan.effect:
            raise ModuleChanged
    return regrade_jobs.start(module, new, order)


def _record_outcomes(plan: Plan, module: Module, job: RegradeJob | None, now: datetime) -> None:
    """Records the outcomes that a shorter document, or another grade, brings to learners.

    Learners with an attempt that a job has not reached wait for it: only then is their grade known.
    """
    is_all_graded = plan.changes_grades and (job is None or job.finished_at is not None)
    if plan.shortens or plan.counts_otherwise or is_all_graded:
        without = regrade_jobs.waiting(Attempt.objects.all(), module)
        completion.record_outcomes(module, now, graded=plan.changes_grades, without=without)
