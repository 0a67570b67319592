"""Makes downloads: a module's document byte for byte, with its images at the paths by which it shows them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.db import transaction

from modules.document.answer_key.separate import separate
from modules.document.slugs import module_slug
from modules.document.syntax import archive, source
from modules.document.syntax.front_matter import parse_front_matter
from modules.models import Module, ModuleQuerySet

PLAIN_NAME = re.compile(r"""[^.\\/:*?"<>|\x00-\x1f][^\\/:*?"<>|\x00-\x1f]{0,59}""")


@dataclass(frozen=True, slots=True)
class Copy:
    """Holds the text and the images of a module at one moment.

    ``images`` maps paths in the document to names in the storage. ``missing`` has the paths of images that the storage
    has lost. ``slug_when_new`` is the slug that a new module gets from the document. ``key`` is the key file of a copy
    whose text leaves out the key.
    """

    slug: str
    slug_when_new: str
    filename: str
    content: bytes
    images: Mapping[str, str]
    missing: tuple[str, ...] = ()
    encoding: str = "utf-8"
    key: bytes = b""


def without_key(copy: Copy) -> Copy:
    """Returns a copy whose text leaves out the key, which is empty where the module has none.

    Raises :class:`DocumentError` for a text that cannot be separated.
    """
    separated = separate(copy.content.decode(copy.encoding))
    public, key = (source.encode(text, copy.encoding) for text in (separated.public, separated.key))
    return replace(copy, content=public, key=key)


@transaction.atomic
def copy_of(module: Module) -> Copy:
    """Returns a module's document and images. The module is locked meanwhile, so that no load mixes in."""
    module = Module.objects.select_for_update(no_key=True).get(pk=module.pk)
    images = {image.path: image.file.name or "" for image in module.images.all()}
    missing = tuple(path for path, name in images.items() if not default_storage.exists(name))
    text = module.text()
    return Copy(
        slug=module.slug,
        slug_when_new=_slug_when_new(module, text),
        filename=_filename(module),
        content=source.encode(text, module.encoding),
        images={path: name for path, name in images.items() if path not in missing},
        missing=missing,
        encoding=module.encoding,
    )


def copies(modules: ModuleQuerySet) -> Iterator[Copy]:
    """Yields the modules in the order of their slugs."""
    for module in sorted(modules.only("slug"), key=lambda module: module.slug):
        yield copy_of(module)


def files_of(copy: Copy) -> Iterator[tuple[str, bytes]]:
    """Yields the paths and contents of a module's files, in the order of their paths, each read when it is needed.

    The document is put deep enough into folders that no path of an image leads out of them.
    """
    deepest = max((_steps_up(path) for path in copy.images), default=0)
    folder = "/".join([copy.slug] * deepest)
    names = {posixpath.normpath(posixpath.join(folder, path)): copy.images[path] for path in copy.images}
    texts = {copy.filename: copy.content}
    if copy.key:
        texts[archive.key_name(copy.filename)] = copy.key
    contents = {posixpath.join(folder, name): content for name, content in texts.items()}
    for path in sorted([*names, *contents]):
        yield path, contents[path] if path in contents else _stored(names[path])


def folder_of(copy: Copy) -> Iterator[tuple[str, bytes]]:
    """Returns the files of a module in a folder that has its slug as a name."""
    return ((f"{copy.slug}/{path}", content) for path, content in files_of(copy))


def folders_of(modules: Iterable[Copy]) -> Iterator[tuple[str, bytes]]:
    for copy in modules:
        yield from folder_of(copy)


def _steps_up(path: str) -> int:
    return posixpath.normpath(path).split("/").count("..")


def _stored(name: str) -> bytes:
    with default_storage.open(name) as file:
        return bytes(file.read())


def _slug_when_new(module: Module, text: str) -> str:
    matter, _problems = parse_front_matter(source.normalise(text))
    return matter.slug or module_slug(module.title)


def _filename(module: Module) -> str:
    """Returns a name with which the document, loaded again, gets the same title and is not left out."""
    stem = PurePosixPath(module.current.filename if module.current else "").stem
    is_title = " ".join(stem.split()) == module.title and PLAIN_NAME.fullmatch(module.title)
    name = module.title if is_title else module.slug
    return f"{name}.markdown" if f"{name}.md".lower() in archive.NO_MODULES else f"{name}.md"
