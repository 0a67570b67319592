"""Loading: the one way in for content. Text is read, planned against what stands, and applied whole or not at all.

Upload, paste, editing a document, a section or a question in the admin, and the command line all come here. Planning
writes nothing. Only the plan knows about learners.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Count, F, ProtectedError
from django.utils.translation import gettext_noop

from modules import pictures
from modules.document import archive, reader, render, source
from modules.document.problems import DocumentError, Problem
from modules.models import Draft, Enrolment, Image, Module, Question, QuestionVersion, Quiz, Revision, Section

LOSSES = {
    "section": gettext_noop(
        "The document no longer has “{title}”, which {learners} learners have read. Keep its heading, or give the "
        "new heading its old identity."
    ),
    "question": gettext_noop(
        "The document no longer has the question “{title}”, which {learners} learners have answered. Keep its "
        "heading, or give the new heading its old identity."
    ),
    "quiz": gettext_noop(
        "The document no longer has “{title}”, which {learners} learners have taken. Keep it."
    ),
}
LONGEST_TITLE = 1_000  # characters that a row keeps of a title; the source keeps all of it
LONGEST_NAME = 255  # characters of a file name
MOST_PLACES = 1_000_000  # more sections or questions than any document within the limit can hold


# ------------------------------------------------------------------------------------------------ read


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as text. ``pictures`` maps the paths of an archive to names in the storage."""

    filename: str
    text: str
    encoding: str
    pictures: Mapping[str, str] = field(default_factory=dict)


def open_file(content: bytes, filename: str) -> Upload:
    """Read an uploaded ``.md`` or ``.zip`` as text and pictures.

    Raises :class:`DocumentError` with every problem of the archive, its pictures and the encoding.
    """
    if not content.startswith(archive.SIGNATURE):
        text, encoding = source.decode(content)
        return Upload(filename[:LONGEST_NAME], text, encoding)
    unpacked = archive.unpack(content)
    text, encoding = source.decode(unpacked.markdown)
    return Upload(unpacked.name[:LONGEST_NAME], text, encoding, _keep_pictures(unpacked.images))


def _keep_pictures(images: Mapping[str, bytes]) -> dict[str, str]:
    kept, problems = {}, []
    for path, content in images.items():
        try:
            kept[path] = pictures.store(content)
        except pictures.PictureError as error:
            template = gettext_noop("{path} in the archive: {reason}")
            problems.append(Problem(0, "error", "bad-image", template, {"path": path, "reason": str(error)}))
    if problems:
        raise DocumentError(tuple(problems))
    return kept


def addresses(images: Iterable[Image]) -> dict[str, str]:
    """The address of each image by its path in the document."""
    return {image.path: default_storage.url(image.file.name) for image in images}


def read(
    text: str, *, name: str = "", module: Module | None = None, draft: Draft | None = None
) -> reader.Document:
    """Read a text with the images that its module and its draft have. Never raises."""
    images: dict[str, str] = {}
    if module is not None and module.pk:
        images |= addresses(module.images.all())
    if draft is not None:
        images |= addresses(draft.images.all())
    return reader.read(text, name=name, images=images)


# ------------------------------------------------------------------------------------------------ plan


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that learners have worked on and that the document no longer has."""

    title: str
    kind: str  # "section", "question" or "quiz"
    learners: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What loading a document will do. ``state`` is the revision it was planned for, ``None`` for a new module."""

    module: Module | None
    state: int | None
    document: reader.Document
    new: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    losses: tuple[Loss, ...] = ()

    @property
    def is_possible(self) -> bool:
        return not self.document.errors and not self.losses

    @property
    def changes_nothing(self) -> bool:
        return self.module is not None and self.module.text() == self.document.text


class Moved(Exception):
    """The module is no longer in the state that the plan was made for: plan again."""


def plan(module: Module | None, document: reader.Document) -> Plan:
    """Compare what stands with what comes, by identity. Writes nothing."""
    module = module or Module.objects.filter(slug=document.slug).first()
    if module is None:
        return Plan(None, None, document, new=frozenset(section.identity for section in document.sections))
    standing = {section.identity: section.source for section in module.sections.standing()}
    coming = {section.identity: section.source for section in document.sections}
    return Plan(
        module=module,
        state=module.current_id,
        document=document,
        new=frozenset(coming.keys() - standing.keys()),
        changed=frozenset(key for key in coming.keys() & standing.keys() if coming[key] != standing[key]),
        removed=frozenset(standing.keys() - coming.keys()),
        losses=(*_lost_sections(module, coming), *_lost_questions(module, document)),
    )


def _lost_sections(module: Module, coming: Iterable[str]) -> list[Loss]:
    gone = module.sections.standing().exclude(identity__in=list(coming)).annotate(readers=Count("readings"))
    return [Loss(section.title, "section", section.readers) for section in gone if section.readers]


def _lost_questions(module: Module, document: reader.Document) -> list[Loss]:
    quiz = module.standing_quiz
    if quiz is None:
        return []
    if document.quiz is None:
        takers = quiz.attempts.values("enrolment").distinct().count()
        return [Loss(quiz.title, "quiz", takers)] if takers else []
    kept = [question.identity for question in document.quiz.questions]
    gone = quiz.questions.standing().exclude(identity__in=kept).select_related("current")
    held = gone.annotate(takers=Count("versions__responses__attempt__enrolment", distinct=True))
    return [Loss(str(question), "question", question.takers) for question in held if question.takers]


# ----------------------------------------------------------------------------------------------- apply


def apply(
    plan: Plan,
    *,
    by: Any,
    now: datetime,
    filename: str = "",
    encoding: str = "utf-8",
    pictures: Mapping[str, str] | None = None,
) -> Module:
    """Make the module what the plan says, in one transaction, and keep the document as its next revision.

    Raises :class:`Moved` where the module changed since it was planned, or a learner has meanwhile worked on something
    that would go, and :class:`DocumentError` where the document has errors or would lose what learners did.
    """
    if not plan.is_possible:
        raise DocumentError((*plan.document.errors, *map(_refusal, plan.losses)))
    try:
        return _apply(plan, by, now, filename, encoding, pictures or {})
    except ProtectedError as error:
        raise Moved from error


def _apply(
    plan: Plan, by: Any, now: datetime, filename: str, encoding: str, pictures: Mapping[str, str]
) -> Module:
    with transaction.atomic():
        module = _claim(plan)
        revision = Revision.objects.create(
            module=module,
            number=module.revisions.count() + 1,
            text=plan.document.text,
            encoding=encoding,
            filename=filename,
            loaded_at=now,
            loaded_by=by,
        )
        _keep_images(module, pictures)
        _write_module(module, plan.document, revision, encoding)
        _write_sections(module, plan.document)
        _write_quiz(module, plan.document, revision)
        if plan.removed:
            _finish_those_due(module, now)
    return module


def _refusal(loss: Loss) -> Problem:
    template = LOSSES[loss.kind]
    return Problem(0, "error", "would-lose-work", template, {"title": loss.title, "learners": loss.learners})


def apply_draft(draft: Draft, plan: Plan, *, now: datetime) -> Module:
    """Load a draft as its plan says, and let the draft go: its text is a revision now."""
    with transaction.atomic():
        brought = {image.path: image.file.name or "" for image in draft.images.all()}
        module = apply(
            plan, by=draft.author, now=now, filename=draft.filename, encoding=draft.encoding, pictures=brought
        )
        draft.delete()
    return module


def plan_upload(upload: Upload, module: Module | None = None) -> Plan:
    """Plan a file for a module, or for the one whose address it names, or for a new one. Writes nothing."""
    first = plan(module, reader.read(upload.text, name=upload.filename))
    known = addresses(first.module.images.all()) if first.module else {}
    brought = {path: default_storage.url(name) for path, name in upload.pictures.items()}
    if not known and not brought:
        return first
    return plan(module, reader.read(upload.text, name=upload.filename, images=known | brought))


def apply_upload(plan: Plan, upload: Upload, *, by: Any, now: datetime) -> Module:
    """Load a file as its plan says. Raises what :func:`apply` raises."""
    return apply(
        plan, by=by, now=now, filename=upload.filename, encoding=upload.encoding, pictures=upload.pictures
    )


def publish(module: Module, *, by: Any, now: datetime) -> None:
    """Let learners see a module. One that is published stays as it is."""
    Module.objects.filter(pk=module.pk, published_at__isnull=True).update(published_at=now, published_by=by)


def unpublish(module: Module) -> None:
    """Take a module out of the catalogue. What learners did in it is kept."""
    Module.objects.filter(pk=module.pk).update(published_at=None, published_by=None)


def _claim(plan: Plan) -> Module:
    """The module to write to, locked, in the state that was planned for."""
    if plan.module is None:
        try:
            with transaction.atomic():
                return Module.objects.create(slug=plan.document.slug, title=plan.document.title)
        except IntegrityError as error:
            raise Moved from error
    module = (
        Module.objects.select_for_update(no_key=True).filter(pk=plan.module.pk, current_id=plan.state).first()
    )
    if module is None:
        raise Moved
    return module


def _keep_images(module: Module, pictures: Mapping[str, str]) -> None:
    Image.objects.bulk_create(
        [Image(module=module, path=path, file=name) for path, name in pictures.items()],
        update_conflicts=True,
        unique_fields=["module", "path"],
        update_fields=["file"],
    )


def _write_module(module: Module, document: reader.Document, revision: Revision, encoding: str) -> None:
    module.title, module.language, module.summary = document.title, document.language, document.summary
    module.preamble, module.introduction = document.preamble, document.introduction
    module.encoding, module.current, module.rendered_with = encoding, revision, render.VERSION
    if document.slug_is_given:
        module.slug = document.slug
    try:
        with transaction.atomic():
            module.save()
    except IntegrityError as error:
        raise Moved from error


def _write_sections(module: Module, document: reader.Document) -> None:
    standing = module.sections.standing()
    standing.exclude(identity__in=[section.identity for section in document.sections]).delete()
    standing.update(place=F("place") + MOST_PLACES)
    Section.objects.bulk_create(
        [_section_row(module, document, index) for index in range(len(document.sections))],
        update_conflicts=True,
        unique_fields=["module", "identity"],
        update_fields=["place", "title", "source", "html", "contents", "words", "archived_at"],
    )


def _section_row(module: Module, document: reader.Document, index: int) -> Section:
    section = document.sections[index]
    after_quiz = document.quiz is not None and index >= document.quiz.place
    return Section(
        module=module,
        identity=section.identity,
        place=index + after_quiz,
        title=section.title[:LONGEST_TITLE],
        source=section.source,
        html=section.html,
        contents=[asdict(heading) for heading in section.contents],
        words=section.words,
    )


def _write_quiz(module: Module, document: reader.Document, revision: Revision) -> None:
    if document.quiz is None:
        Quiz.objects.filter(module=module).delete()
        return
    quiz, _created = Quiz.objects.update_or_create(
        module=module, defaults=_quiz_columns(document, document.quiz)
    )
    quiz.questions.standing().exclude(identity__in=[q.identity for q in document.quiz.questions]).delete()
    quiz.questions.standing().update(place=F("place") + MOST_PLACES)
    Question.objects.bulk_create(
        [
            Question(quiz=quiz, identity=question.identity, place=place)
            for place, question in enumerate(document.quiz.questions)
        ],
        update_conflicts=True,
        unique_fields=["quiz", "identity"],
        update_fields=["place", "archived_at"],
    )
    _write_versions(quiz, document.quiz, revision)


def _quiz_columns(document: reader.Document, quiz: reader.Quiz) -> dict[str, Any]:
    return {
        "identity": quiz.identity,
        "place": quiz.place,
        "title": quiz.title[:LONGEST_TITLE],
        "source": quiz.source,
        "introduction": quiz.html,
        "pass_mark": document.pass_mark,
        "attempts_allowed": document.attempts,
        "time_limit": document.time_limit,
        "shuffle": document.shuffle,
        "review": document.review,
        "archived_at": None,
    }


def _write_versions(quiz: Quiz, incoming: reader.Quiz, revision: Revision) -> None:
    """Give each question its text: in place while no attempt holds it, as the next version once one does."""
    standing = {question.identity: question for question in quiz.questions.select_related("current")}
    held = set(
        QuestionVersion.objects.filter(question__quiz=quiz, responses__isnull=False).values_list(
            "pk", flat=True
        )
    )
    for value in incoming.questions:
        question, columns = standing[value.identity], question_columns(value)
        version = question.current
        if version and all(getattr(version, name) == wanted for name, wanted in columns.items()):
            continue
        if version and version.pk not in held:
            QuestionVersion.objects.filter(pk=version.pk).update(revision=revision, **columns)
            continue
        number = version.number + 1 if version else 1
        question.current = QuestionVersion.objects.create(
            question=question, number=number, revision=revision, **columns
        )
        question.save(update_fields=["current"])


def question_columns(question: reader.Question) -> dict[str, Any]:
    """What a version says of itself, by column."""
    return {
        "title": question.title[:LONGEST_TITLE],
        "source": question.source,
        "kind": question.kind,
        "points": question.points,
        "title_html": question.title_html,
        "html": question.html,
        "choices": [asdict(choice) for choice in question.choices],
        "answers": [asdict(answer) for answer in question.answers],
        "explanation": question.explanation,
        "explains": list(question.explains),
    }


def _finish_those_due(module: Module, now: datetime) -> None:
    """A shorter document may be all that somebody had still to read: they have finished now."""
    waiting = Enrolment.objects.filter(
        module=module, finished_at__isnull=True, readings__isnull=False
    ).distinct()
    for enrolment in waiting.select_related("learner", "module"):
        enrolment.finish_if_due(now)


# ------------------------------------------------------------------------------------------ render again


def freshen(module: Module) -> bool:
    """Render a module again if the renderer has changed since, and say whether; its text and versions stay."""
    if module.rendered_with == render.VERSION:
        return False
    with transaction.atomic():
        locked = Module.objects.select_for_update(no_key=True).get(pk=module.pk)
        if locked.rendered_with != render.VERSION:
            _render_again(locked)
    module.refresh_from_db()
    return True


def _render_again(module: Module) -> None:
    document = read(module.text(), module=module)
    module.introduction, module.rendered_with = document.introduction, render.VERSION
    module.save(update_fields=["introduction", "rendered_with"])
    _write_sections(module, document)
    if document.quiz:
        Quiz.objects.filter(module=module).update(introduction=document.quiz.html)
    for revision in Revision.objects.filter(pk__in=_versions(module).values("revision")):
        _render_versions_again(module, revision)


def _versions(module: Module) -> Any:
    return QuestionVersion.objects.filter(question__quiz__module=module)


def _render_versions_again(module: Module, revision: Revision) -> None:
    """The versions of a question that a revision made are rendered from that revision's own document."""
    quiz = read(revision.text, module=module).quiz
    values = {question.source: question for question in quiz.questions} if quiz else {}
    for version in _versions(module).filter(revision=revision):
        columns = question_columns(values[version.source]) if version.source in values else {}
        if columns and [choice["key"] for choice in columns["choices"]] == [
            c["key"] for c in version.choices
        ]:
            looks = {name: columns[name] for name in ("title_html", "html", "choices", "explanation")}
            QuestionVersion.objects.filter(pk=version.pk).update(**looks)
