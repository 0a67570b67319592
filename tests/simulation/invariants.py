"""Checks what must be true of the rows of a module after every load."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from modules.document.syntax import parser
from modules.models import Module

from .rows import Rows, rows_of


def broken(
    module: Module, text: str, rows: Rows | None = None, document: parser.Document | None = None
) -> Iterator[str]:
    """Yields a sentence for each broken invariant of a module that was just loaded from this text.

    ``document`` is the text, parsed with the name of its file, if that name matters.
    """
    module = Module.objects.get(pk=module.pk)
    rows = rows or rows_of(module)
    document = document or parser.parse_document(text)
    if module.text() != text:
        yield "the stored text is not the loaded text"
    yield from _places(rows)
    yield from _parts(rows, document)
    yield from _revisions(module, rows, text)
    yield from _work(rows)
    yield from _former_texts(rows)


def _places(rows: Rows) -> Iterator[str]:
    places = [row.place for row in rows.active_sections]
    if rows.quiz:
        places.append(rows.quiz.place)
    if sorted(places) != list(range(len(places))):
        yield f"the places of the sections and the quiz have gaps: {sorted(places)}"
    questions = [row.place for row in rows.active_questions]
    if questions != list(range(len(questions))):
        yield f"the places of the questions have gaps: {questions}"


def _parts(rows: Rows, document: parser.Document) -> Iterator[str]:
    wanted = [(section.identity, section.title, section.source) for section in document.sections]
    if [(row.identity, row.title, row.source) for row in rows.active_sections] != wanted:
        yield "the sections are not those of the document"
    if (rows.quiz is None) != (document.quiz is None):
        yield "either the module or the document has a quiz, but not both"
    if not rows.quiz or not document.quiz:
        return
    if (rows.quiz.identity, rows.quiz.source) != (document.quiz.identity, document.quiz.source):
        yield "the quiz is not that of the document"
    versions = [(row.identity, rows.versions[row.current_id]) for row in rows.active_questions]
    stored = [
        (identity, version.title, version.source, version.kind, version.points)
        for identity, version in versions
    ]
    incoming = document.quiz.questions
    if stored != [
        (question.identity, question.title, question.source, question.kind, question.points)
        for question in incoming
    ]:
        yield "the questions are not those of the document"
    pools = [(pool.title, pool.source, pool.place, pool.size, pool.draw) for pool in rows.pools.values()]
    if pools != [(pool.title, pool.source, pool.place, pool.size, pool.draw) for pool in document.quiz.pools]:
        yield "the pools are not those of the document"
    choices = [[(c["text"], c["right"]) for c in version.choices] for _identity, version in versions]
    if choices != [[(choice.text, choice.right) for choice in question.choices] for question in incoming]:
        yield "the choices are not those of the document"


def _revisions(module: Module, rows: Rows, text: str) -> Iterator[str]:
    numbers = [revision.number for revision in rows.revisions.values()]
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        yield f"the revisions are not numbered one after the other: {numbers}"
    if rows.revisions[module.current_id].text != text:
        yield "the current revision has another text"
    if rows.revisions[module.current_id].number != len(numbers):
        yield "the current revision is not the last one"


def _work(rows: Rows) -> Iterator[str]:
    for enrolment, numbers in _grouped(rows.attempts, "enrolment_id").items():
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"the attempts of enrolment {enrolment} are not numbered one after the other: {numbers}"
    versions = _grouped(rows.versions, "question_id")
    for pk, question in rows.questions.items():
        if versions.get(pk) != list(range(1, len(versions.get(pk, ())) + 1)):
            yield f"the versions of question {pk} are not numbered one after the other"
        if rows.versions[question.current_id].question_id != pk:
            yield f"the current version of question {pk} is another question's"
    for regrade in rows.regrades.values():
        if rows.responses[regrade.response_id].graded_with_id is None:
            yield f"response {regrade.response_id} was graded again without a key"
    yield from _sums(rows)


def _grouped(numbered: dict[int, Any], by: str) -> dict[int, list[int]]:
    """Groups rows by one of their columns and returns the sorted numbers of each group."""
    groups: dict[int, list[int]] = {}
    for row in sorted(numbered.values(), key=lambda row: row.number):
        groups.setdefault(getattr(row, by), []).append(row.number)
    return groups


def _sums(rows: Rows) -> Iterator[str]:
    marks: dict[int, Any] = {}
    for response in rows.responses.values():
        marks[response.attempt_id] = marks.get(response.attempt_id, 0) + (response.mark or 0)
    for pk, attempt in rows.attempts.items():
        if attempt.submitted_at and marks.get(pk, 0) != attempt.mark:
            yield f"the marks of attempt {pk} do not add up"


def _former_texts(rows: Rows) -> Iterator[str]:
    for former in rows.former.values():
        if former.section_id not in rows.sections or former.until_id not in rows.revisions:
            yield f"former text {former.pk} has no section or no revision"


def broken_between(before: Rows, after: Rows) -> Iterator[str]:
    """Yields a sentence for each row that the load has removed or changed without permission."""
    for pk, enrolment in before.enrolments.items():
        if enrolment.finished_at and after.enrolments[pk].finished_at != enrolment.finished_at:
            yield f"enrolment {pk} was finished and is not any more"
    for name in ("readings", "responses", "attempts", "revisions", "regrades"):
        if getattr(before, name).keys() - getattr(after, name).keys():
            yield f"{name} are gone"
    for pk in {response.version_id for response in before.responses.values()}:
        if before.versions[pk] != after.versions.get(pk):
            yield f"version {pk} has been answered and has changed"
    for pk, row in before.sections.items():
        if pk in after.sections:
            yield from _kept_text(pk, before, after)
        elif pk in before.with_readings:
            yield f"“{row.title}” was read and is deleted"


def _kept_text(pk: int, before: Rows, after: Rows) -> Iterator[str]:
    """Checks that a changed section keeps its last text, and that its earlier former texts are kept."""
    was, now = before.sections[pk], after.sections[pk]
    old_text = (was.identity, was.title, was.source)
    is_changed = now.archived_at is None and old_text != (now.identity, now.title, now.source)
    earlier, kept = (_former(pk, rows) for rows in (before, after))
    if kept[: len(earlier)] != earlier:
        yield f"former texts of “{was.title}” are gone"
    if kept[len(earlier) :] != ([old_text] if is_changed else []):
        yield f"the old text of “{was.title}” is {'not kept' if is_changed else 'kept although it is unchanged'}"


def _former(section: int, rows: Rows) -> list[tuple[str, str, str]]:
    texts = [former for former in rows.former.values() if former.section_id == section]
    return [
        (former.identity, former.title, former.source)
        for former in sorted(texts, key=lambda former: former.pk)
    ]
