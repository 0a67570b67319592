"""Keeps pictures for a draft or a module: inserted ones, ones that a text held as data, and ones that were missing."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from modules.authoring import data_images, image_files
from modules.document.html.images import storable_path
from modules.document.problems import Problem
from modules.document.syntax.values import Document
from modules.forms.editor import problem_in_words
from modules.models import LONGEST_PATH, Draft, Image, Module

MOST_IMAGES = 500  # images in one draft or module
FIELD = "picture:"  # begins the name of the field of a missing picture; its path follows


class Refused(Exception):
    """Reports a picture that is not kept. Its text says why."""

    status = 400


class TooLarge(Refused):
    status = 413


def read(sent: UploadedFile, owner: Draft | Module) -> str:
    """Keeps the content of a picture, and returns its name in the storage. Raises :class:`Refused`."""
    if (sent.size or 0) > image_files.LARGEST_FILE:
        raise TooLarge(_("The picture is larger than 10 MB. Make it smaller and try again."))
    if owner.images.count() >= MOST_IMAGES:
        raise Refused(_("There are too many pictures already."))
    try:
        return image_files.store(sent.read())
    except image_files.ImageError as error:
        raise Refused(str(error)) from error


def insert(owner: Draft | Module, name: str) -> str:
    """Gives a stored picture to a draft or a module, at a path that is made of its content. Returns the path."""
    digest, _dot, extension = name.rpartition(".")
    path = f"images/{digest[:12]}.{extension}"
    give(owner, {path: name})
    return path


def give(owner: Draft | Module, names: dict[str, str]) -> None:
    """Gives stored pictures to a draft or a module by their paths. A path that has a picture keeps it."""
    holder = {"draft": owner} if isinstance(owner, Draft) else {"module": owner}
    for path, name in names.items():
        Image.objects.get_or_create(**holder, path=path, defaults={"file": name})


def keep_taken(taken: data_images.Taken, owner: Draft | Module) -> None:
    """Gives the pictures that a typed text held as data to a draft or a module, before that text is saved."""
    give(owner, taken.keep())


def tell(request: HttpRequest, notes: Iterable[Problem]) -> None:
    """Tells the author how a text that was kept differs from the one that was sent."""
    for note in notes:
        messages.info(request, problem_in_words(note))


def wanted(document: Document) -> list[tuple[str, str]]:
    """Returns the paths at which the missing pictures of a document can be kept, with the names of their fields."""
    paths = dict.fromkeys(map(storable_path, document.missing_images))
    return [(path, f"{FIELD}{path}") for path in paths if path and len(path) <= LONGEST_PATH]


def keep_wanted(request: HttpRequest, draft: Draft, document: Document) -> None:
    """Keeps the pictures that were chosen for missing ones, and says what became of each."""
    chosen = [(path, sent) for path, field in wanted(document) if (sent := request.FILES.get(field))]
    for path, sent in chosen:
        try:
            name = read(sent, draft)
        except Refused as reason:
            messages.error(request, f"{path}: {reason}")
            continue
        Image.objects.update_or_create(draft=draft, path=path, defaults={"file": name})
        messages.success(request, _("The picture “%(path)s” is stored.") % {"path": path})
    if not chosen:
        messages.error(request, _("Choose a picture first."))
