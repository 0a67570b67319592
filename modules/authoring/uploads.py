"""Opens uploaded files, and parses texts with the images that their module has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath

from modules.authoring import data_images, image_files
from modules.authoring.plan import Decisions, Plan
from modules.authoring.planning import plan_document
from modules.authoring.policy import module_for_document
from modules.document.answer_key.join import join, join_files
from modules.document.answer_key.mark import is_marked
from modules.document.answer_key.separate import separate
from modules.document.convert.foreign_file import read_foreign_file
from modules.document.convert.foreign_quiz import ForeignQuiz
from modules.document.convert.other_formats import refuse_other_format
from modules.document.convert.recognise import with_warnings
from modules.document.deadline import NEVER, Deadline
from modules.document.problems import N_, DocumentError, Problem
from modules.document.syntax import archive, limits, parser, source
from modules.models import (
    LONGEST_PATH,
    Draft,
    Module,
    ModuleQuerySet,
    Revision,
)

LONGEST_NAME = 255  # characters of a file name
LONGEST_SHOWN = 80  # characters of a path that a warning repeats
MOST_SHOWN = 10  # paths that a warning names


STORED_KEY = Problem(
    0,
    "warning",
    "stored-key",
    N_("This text comes without its key. The key that the module has was put in again."),
)


@dataclass(frozen=True, slots=True)
class Upload:
    """Holds a file as text. ``images`` maps the paths of an archive to names in the storage.

    A file of another program has the name of its format as ``converted_from``, and ``losses`` name what it lost.
    ``quiz`` is a file that is a quiz alone. ``notes`` tell the author how the text differs from the file.
    """

    filename: str
    text: str
    encoding: str
    images: Mapping[str, str] = field(default_factory=dict)
    converted_from: str = ""
    losses: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    quiz: ForeignQuiz | None = None


def open_upload(content: bytes, filename: str, key: bytes = b"") -> Upload:
    """Reads an uploaded ``.md`` or ``.zip`` as text and images, and joins it with its ``key`` file.

    Raises :class:`DocumentError` with every problem of the archive, its images, the encoding and the key file, and for
    a text that is no Markdown.
    """
    name, images, is_packed = filename, {}, content.startswith(archive.SIGNATURES)
    if is_packed:
        unpacked = archive.unpack(content)
        name, content, images = unpacked.name, unpacked.markdown, _keep_images_of_archive(unpacked.images)
        key = key or unpacked.key
    taken, encoding = data_images.take_from_file(content)
    if not is_packed:
        refuse_other_format(taken.text, filename)
    text = join_files(taken.text, key)
    name = archive.whole_name(name)[:LONGEST_NAME]
    return Upload(name, text, encoding, images | taken.keep(), notes=taken.notes)


def upload_of(taken: data_images.Taken) -> Upload:
    """Returns a typed text as an upload, with the images that it held as data."""
    return Upload("", taken.text, "utf-8", taken.keep(), notes=taken.notes)


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
    stem = PurePosixPath(filename).stem[: LONGEST_NAME - 3]
    name = f"{stem}.md" if stem else ""  # a pasted text has no name
    all_losses = (*file.draft.losses, *losses)
    return Upload(name, file.draft.text, "utf-8", images, file.kind, all_losses, quiz=file.quiz)


def address_of(text: str, filename: str) -> str:
    """Returns the slug that a text asks for, or would get by its title."""
    return parser.parse_document(text, name=filename, is_limited=False).slug


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
    images: dict[str, image_files.ImageAddress] = {}
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
    """Checks whether a document was stored before some of its errors were ones."""
    if module is None or not limits.allowed_before(document.errors):
        return False
    return module.text() == document.text or module.revisions.filter(text=document.text).exists()


def with_stored_key(
    text: str, module: Module | None, *, filename: str = "", among: ModuleQuerySet | None = None
) -> str:
    """Returns a text that comes without its key with the key that its module has; any other text as it is.

    The module is the given one, or else the one ``among`` some that has the slug of the text.
    Raises :class:`DocumentError` with the question for which the module has no key.
    """
    if not is_marked(text):
        return text
    document = parser.parse_document(text, name=filename, is_limited=False)
    module = module_for_document(document, module, among=among)
    key = separate(module.text()).key if module and document.lacks_key else ""
    return join(text, key) if key else text


def plan_upload(
    upload: Upload,
    module: Module | None = None,
    decisions: Decisions | None = None,
    *,
    is_limited: bool = True,
) -> Plan:
    """Plans a file for a module, or for the one that has its slug, or for a new one. Writes nothing.

    Without ``is_limited``, the document may be larger than a new one. Only an administrator decides that.
    """
    text = with_stored_key(upload.text, module, filename=upload.filename)
    document = parser.parse_document(text, name=upload.filename, is_limited=is_limited)
    module = module_for_document(document, module)
    known = image_files.image_urls(module.images.all()) if module else {}
    brought = image_files.urls_of(upload.images)
    is_limited = is_limited and not _goes_beyond_as_before(document, module)
    if known or brought or not is_limited:
        document = parser.parse_document(
            text, name=upload.filename, images=known | brought, is_limited=is_limited
        )
    document = with_unused_images(with_warnings(document), upload.images)
    if text != upload.text:
        document = replace(document, problems=(STORED_KEY, *document.problems))
    return plan_document(module, document, decisions)


def with_unused_images(document: parser.Document, brought: Iterable[str]) -> parser.Document:
    """Returns a document with a warning about the images that were brought for it and that it does not show."""
    unused = sorted(set(brought) - document.shown_images)
    if not unused:
        return document
    names = ", ".join(f"“{path[:LONGEST_SHOWN]}”" for path in unused[:MOST_SHOWN])
    template = N_(
        "Pictures that came with the document and that its text does not show: {count} ({names}). Name them in the text, or leave them out."
    )
    params: dict[str, str | int] = {
        "count": len(unused),
        "names": f"{names}, …" if len(unused) > MOST_SHOWN else names,
    }
    problem = Problem(0, "warning", "unused-images", template, params)
    return replace(document, problems=(problem, *document.problems))


def former_images(revision: Revision) -> dict[str, str]:
    """Returns the images of a revision that its module no longer has at their paths, as :class:`Upload` has them."""
    active = dict(revision.module.images.values_list("path", "file"))
    return {path: name for path, name in revision.images.items() if active.get(path) != name}
