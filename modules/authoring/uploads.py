"""Opens uploaded files, and parses texts with the images that their module has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath

from django.core.files.storage import default_storage

from modules.authoring import image_files
from modules.authoring.plan import Decisions, Plan
from modules.authoring.planning import plan_document
from modules.authoring.policy import module_for_document
from modules.document.convert.foreign_file import read_foreign_file
from modules.document.convert.other_formats import refuse_other_format
from modules.document.convert.recognise import with_warnings
from modules.document.deadline import NEVER, Deadline
from modules.document.problems import N_, DocumentError, Problem
from modules.document.syntax import archive, limits, parser, source
from modules.models import (
    LONGEST_PATH,
    Draft,
    Module,
    Revision,
)

LONGEST_NAME = 255  # characters of a file name


@dataclass(frozen=True, slots=True)
class Upload:
    """Holds a file as text. ``images`` maps the paths of an archive to names in the storage.

    A file of another program has the name of its format as ``converted_from``, and ``losses`` name what it lost.
    """

    filename: str
    text: str
    encoding: str
    images: Mapping[str, str] = field(default_factory=dict)
    converted_from: str = ""
    losses: tuple[Problem, ...] = ()


def open_upload(content: bytes, filename: str) -> Upload:
    """Reads an uploaded ``.md`` or ``.zip`` as text and images.

    Raises :class:`DocumentError` with every problem of the archive, its images and the encoding, and for a text that
    is no Markdown.
    """
    if not content.startswith(archive.SIGNATURES):
        text, encoding = source.decode(content)
        refuse_other_format(text, filename)
        return Upload(filename[:LONGEST_NAME], text, encoding)
    unpacked = archive.unpack(content)
    text, encoding = source.decode(unpacked.markdown)
    return Upload(unpacked.name[:LONGEST_NAME], text, encoding, _keep_images_of_archive(unpacked.images))


def convert_upload(content: bytes, filename: str, *, language: str) -> Upload | None:
    """Reads a file of another program as a draft, or returns ``None`` for a file that is none.

    Raises :class:`DocumentError` with one sentence for a file that cannot be read.
    """
    file = read_foreign_file(content, filename, language=language)
    if file is None:
        return None
    if errors := tuple(problem for problem in file.draft.losses if problem.severity == "error"):
        raise DocumentError(errors)
    source.decode(file.draft.text.encode())  # refuses a text that is larger than a document may be
    images, losses = _keep_readable_images(file.images)
    name = f"{PurePosixPath(filename).stem[: LONGEST_NAME - 3]}.md"
    return Upload(name, file.draft.text, "utf-8", images, file.kind, (*file.draft.losses, *losses))


def _keep_readable_images(images: Mapping[str, bytes]) -> tuple[dict[str, str], list[Problem]]:
    """Keeps the images of a file of another program, and names those that are none."""
    kept: dict[str, str] = {}
    losses: list[Problem] = []
    for path, content in images.items():
        try:
            kept[path] = image_files.store(content)
        except image_files.ImageError as error:
            params: dict[str, str | int] = {"path": path, "reason": str(error)}
            losses.append(Problem(0, "warning", "bad-image", "{path}: {reason}", params))
    return kept, losses


def _keep_images_of_archive(images: Mapping[str, bytes]) -> dict[str, str]:
    return {path: image_files.keep(image) for path, image in clean_images(images).items()}


def clean_images(images: Mapping[str, bytes]) -> dict[str, image_files.CleanImage]:
    """Returns images by their paths, decoded and written anew. No image is kept yet.

    Raises :class:`DocumentError` that names each file that is no image, or whose path is too long.
    """
    clean, problems = {}, []
    for path, content in images.items():
        if len(path) > LONGEST_PATH:
            template = N_("“{path}…” is longer than {most} characters. Give its folders shorter names.")
            params: dict[str, str | int] = {"path": path[:60], "most": LONGEST_PATH}
            problems.append(Problem(0, "error", "long-path", template, params))
            continue
        try:
            clean[path] = image_files.clean(content)
        except image_files.ImageError as error:
            params = {"path": path, "reason": str(error)}
            problems.append(Problem(0, "error", "bad-image", "{path}: {reason}", params))
    if problems:
        raise DocumentError(tuple(problems))
    return clean


def parse_with_images(
    text: str,
    *,
    name: str = "",
    module: Module | None = None,
    draft: Draft | None = None,
    answerable: bool = True,
    deadline: Deadline = NEVER,
) -> parser.Document:
    """Parses a text with the images of its module and its draft. Raises only what ``deadline`` raises.

    Without a title in the text, its file's ``name`` is the title, or else the name of its module's file.
    """
    images: dict[str, str] = {}
    title = ""
    if module is not None and module.pk:
        images |= image_files.image_urls(module.images.all())
        title = module.title
        current = module.revisions.filter(pk=module.current_id or 0)  # without its text
        name = name or current.values_list("filename", flat=True).first() or ""
    if draft is not None:
        images |= image_files.image_urls(draft.images.all())
    parse = partial(
        parser.parse_document,
        text,
        name=name,
        title=title,
        images=images,
        answerable=answerable,
        deadline=deadline,
    )
    document = parse()
    return parse(is_limited=False) if _goes_beyond_as_before(document, module) else document


def _goes_beyond_as_before(document: parser.Document, module: Module | None) -> bool:
    """Checks whether a document has problems with limits alone because it was stored before there were limits."""
    if module is None or not limits.broken(document.errors):
        return False
    return module.text() == document.text or module.revisions.filter(text=document.text).exists()


def plan_upload(upload: Upload, module: Module | None = None, decisions: Decisions | None = None) -> Plan:
    """Plans a file for a module, or for the one that has its slug, or for a new one. Writes nothing."""
    document = parser.parse_document(upload.text, name=upload.filename)
    module = module_for_document(document, module)
    known = image_files.image_urls(module.images.all()) if module else {}
    brought = {path: default_storage.url(name) for path, name in upload.images.items()}
    is_limited = not _goes_beyond_as_before(document, module)
    if known or brought or not is_limited:
        document = parser.parse_document(
            upload.text, name=upload.filename, images=known | brought, is_limited=is_limited
        )
    return plan_document(module, with_warnings(document), decisions)


def former_images(revision: Revision) -> dict[str, str]:
    """Returns the images of a revision that its module no longer has at their paths, as :class:`Upload` has them."""
    active = dict(revision.module.images.values_list("path", "file"))
    return {path: name for path, name in revision.images.items() if active.get(path) != name}
