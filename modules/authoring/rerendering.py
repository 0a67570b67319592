"""Renders again what an earlier renderer made: the active parts of modules, and the versions of questions."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop
from django_tasks import task

from modules.authoring import image_files
from modules.authoring.columns import question_columns, section_columns
from modules.document.html import render
from modules.document.slugs import latin_slug, slugify
from modules.document.syntax import parser
from modules.models import BATCH, Module, QuestionVersion, Quiz, Revision, Section
from modules.search import index
from tasks.backend import enqueue_once

gettext_noop("Render again")

logger = logging.getLogger(__name__)


def rerender_module(module: Module) -> bool:
    """Renders the active parts of a module again if the renderer has changed since, and returns whether it did.

    Versions of questions wait for :func:`render_again`, and look as they did until then: every revision that made one
    has to be parsed, and a learner's request has no time for that.
    """
    if module.rendered_with == render.VERSION:
        return False
    while module.rendered_with != render.VERSION:
        # Parsing may take many seconds, so it needs no lock. On SQLite, a lock would stop everybody who answers.
        document = _parse(module)
        words = index.words_of_document(document) if module.is_readable else None
        with transaction.atomic():
            locked = Module.objects.select_for_update(no_key=True).get(pk=module.pk)
            if locked.rendered_with != render.VERSION and locked.current_id == module.current_id:
                _store(locked, document, words)
        module.refresh_from_db()
    return True


def enqueue_outdated(*, now: datetime) -> None:
    """Enqueues a task for each module of which another renderer made a part or an earlier version of a question."""
    versions = QuestionVersion.objects.exclude(rendered_with=render.VERSION).values("revision__module")
    outdated = Module.objects.filter(~Q(rendered_with=render.VERSION) | Q(pk__in=versions))
    for pk in outdated.values_list("pk", flat=True):
        enqueue_once(render_again, pk, now=now)


@task()
def render_again(pk: int) -> None:
    """Renders a module and the versions of its questions again, one revision at a time.

    No more than one document is in memory. Each revision is stored by itself, so that a task that was stopped goes on
    where it was. A failure stops nothing else, and the task is tried again.
    """
    versions = QuestionVersion.objects.filter(revision__module=pk).exclude(rendered_with=render.VERSION)
    revisions = list(versions.order_by("revision").values_list("revision", flat=True).distinct())
    rendered = [_try(rerender_module, module) for module in Module.objects.filter(pk=pk)]
    for revision in revisions:
        rendered.append(
            _try(_render_versions_again, Revision.objects.select_related("module").get(pk=revision))
        )
    if not all(rendered):
        raise RuntimeError("Not everything is rendered again yet.")


def _try(render_row: Callable[[Any], Any], row: Module | Revision) -> bool:
    try:
        render_row(row)
    except Exception:
        logger.exception("%s is not rendered again yet", row)
        return False
    return True


def _parse(module: Module) -> parser.Document:
    images = image_files.image_urls(module.images.all())
    return parser.parse_document(
        module.text(),
        title=module.title,
        images=images,
        transliterates=not _is_named_as_before(module),
        is_limited=False,
    )


def _store(module: Module, document: parser.Document, words: index.IndexedWords | None) -> None:
    module.introduction, module.rendered_with = document.introduction, render.VERSION
    # The text may name its access since before this program knew the key.
    module.opening, module.access = document.opening, document.access
    module.save(update_fields=["introduction", "opening", "access", "rendered_with"])
    rows = list(module.sections.active())
    is_complete = len(rows) == len(document.sections)
    if is_complete:
        for row, section in zip(rows, document.sections, strict=True):
            for column, value in section_columns(section).items():
                setattr(row, column, value)
        Section.objects.bulk_update(rows, ["html", "contents", "words", "checks"], BATCH)
    if document.quiz:
        Quiz.objects.filter(module=module).update(introduction=document.quiz.html, asks=document.asks)
    index.follow(module, words if is_complete else None)


def _render_versions_again(revision: Revision) -> None:
    """Renders the versions of questions that a revision made, from the document of that revision."""
    quiz = _parse_as_it_was(revision).quiz
    values = {question.source: question for question in quiz.questions} if quiz else {}
    with transaction.atomic():
        # A load holds this row too, and may give a version that nobody has answered yet to a revision of its own.
        Module.objects.select_for_update(no_key=True).get(pk=revision.module_id)
        for version in QuestionVersion.objects.filter(revision=revision):
            looks = _looks(version, values.get(version.source))
            QuestionVersion.objects.filter(pk=version.pk).update(rendered_with=render.VERSION, **looks)


def _parse_as_it_was(revision: Revision) -> parser.Document:
    """Returns the document of a revision with the images that it had, or with today's if none were recorded."""
    images_then = image_files.urls_of(revision.images)
    images = image_files.image_urls(revision.module.images.all()) | images_then
    return parser.parse_document(
        revision.text,
        name=revision.filename,
        title=revision.module.title,
        images=images,
        transliterates=not _is_named_as_before(revision.module),
        is_limited=False,
    )


def _is_named_as_before(module: Module) -> bool:
    """Checks whether sections have identities of version 0.2.0: a number, where the title has no Latin letter.

    Links in the HTML have to name the sections as the rows do, until the document is loaded again.
    """
    names = module.sections.active().values_list("title", "identity")
    return any(
        latin_slug(title) != slugify(title)
        and re.fullmatch(rf"{latin_slug(title) or 'bagian'}(-\d+)*", identity)
        for title, identity in names
    )


def _looks(version: QuestionVersion, value: parser.Question | None) -> dict[str, Any]:
    """Returns the new columns of a version with its old keys, or nothing if its choices are no longer the same."""
    columns = question_columns(value) if value else {}
    if not columns or len(columns["choices"]) != len(version.choices):
        return {}
    for choice, stored in zip(columns["choices"], version.choices, strict=True):
        choice["key"] = stored["key"]
    return {name: columns[name] for name in ("title_html", "html", "choices", "explanation")}
