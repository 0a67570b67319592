"""Finds the files and directories that documents are loaded from, and the images of those documents."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from modules.authoring import data_images, image_files, uploads
from modules.document.answer_key.join import join_files
from modules.document.convert.other_formats import refuse_other_format
from modules.document.html import image_links
from modules.document.html.images import ImageIndex
from modules.document.problems import N_, DocumentError, Problem
from modules.document.syntax import archive, parser, source

LARGEST_ARCHIVE = (
    500 * 1024 * 1024
)  # bytes of an archive with many modules; raised, loading it takes more memory
MOST_FILES_SEEN = (
    5_000  # among which an image is looked for by its name; raised, loading a large folder takes longer
)


@dataclass(frozen=True, slots=True)
class File:
    """Describes a file to load. Its images are taken from within ``root``; ``name`` is what its revision calls it.

    A module in an archive with several has the ``content`` of the archive and its ``folder`` there. ``key`` is the path
    of its key file, if there is one beside it or among the files that are loaded with it.
    """

    path: Path
    root: Path
    name: str
    is_in_directory: bool = False
    content: bytes | None = field(default=None, repr=False, compare=False)
    folder: str = ""
    key: Path | None = None

    def __str__(self) -> str:
        path = self.path / self.folder if self.folder else self.path
        return os.fsencode(path).decode("utf-8", "replace")

    @property
    def has_a_name(self) -> bool:
        """Checks whether the name is text, which can be written down."""
        return _is_text(self.name)


@dataclass(frozen=True, slots=True)
class Opened:
    """Holds what a file says: a ``document`` that was parsed without its images, and where those are.

    ``wanted`` has the paths of the images that the document shows; ``packed`` has the images of an archive. ``taken``
    has the images that the file holds as data.
    """

    name: str
    encoding: str
    document: parser.Document
    wanted: frozenset[str]
    packed: Mapping[str, bytes] | None
    taken: data_images.Taken

    def upload(self, names: Mapping[str, str]) -> uploads.Upload:
        """Returns the upload that is planned and loaded, with the stored ``names`` of images by their paths."""
        return uploads.Upload(self.name, self.document.text, self.encoding, names)


def find(paths: Iterable[str]) -> list[File]:
    """Returns the files of these paths, each once: files that are named, and those of directories in sorted order.

    A key file is no file of its own where its text is among them, or beside it.
    """
    files: dict[tuple[Path, str], File] = {}
    for path in map(Path, paths):
        for file in _of_directory(path) if path.is_dir() else _of_archive(path) or [single(path)]:
            files.setdefault((file.path.resolve(), file.folder), file)
    return _paired(list(files.values()))


def _paired(files: Sequence[File]) -> list[File]:
    """Returns the texts among files, each with its key file, and the key files that belong to none."""
    keys = [file.path for file in files if file.path.name.lower().endswith(archive.KEY)]
    texts = [
        replace(file, key=_key_of(file, keys)) if file.content is None else file
        for file in files
        if file.path not in keys
    ]
    taken = {file.key for file in texts}
    return [*texts, *(file for file in files if file.path in keys and file.path not in taken)]


def _key_of(file: File, keys: Sequence[Path]) -> Path | None:
    """Returns the key file of a document: the one that is loaded with it, or else the one beside it."""
    beside = file.path.with_name(archive.key_name(file.path.name))
    named = [key for key in keys if key.name == beside.name]
    if len(named) == 1 or beside in named:
        return beside if beside in named else named[0]
    return beside if _is_plain_file(beside.parent.resolve() / beside.name) else None


def single(path: Path) -> File:
    """Returns a file that is named itself. Its images are in its own folder."""
    return File(path, path.parent, path.name[-uploads.LONGEST_NAME :])


def _of_archive(path: Path) -> list[File]:
    """Returns the modules of an archive that has several, as ``dump --all`` writes it."""
    if path.suffix.lower() != ".zip" or not path.is_file() or path.stat().st_size > LARGEST_ARCHIVE:
        return []
    content = path.read_bytes()
    folders = archive.folders_of_modules(content)
    names = (folder[-uploads.LONGEST_NAME :] for folder in folders)
    return [
        File(path, path.parent, name, is_in_directory=True, content=content, folder=folder)
        for name, folder in zip(names, folders, strict=True)
    ]


def _of_directory(root: Path) -> Iterator[File]:
    """Yields the documents below a directory, without hidden files, links, and files that describe a directory."""
    for folder, folders, names in os.walk(root, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if _is_document(name) and path.is_file() and not path.is_symlink():
                relative = path.relative_to(root).as_posix()
                yield File(path, root, relative[-uploads.LONGEST_NAME :], is_in_directory=True)


def _is_document(name: str) -> bool:
    is_markdown = name.lower().endswith(archive.MARKDOWN) and not name.startswith(".")
    return is_markdown and name.lower() not in archive.NO_MODULES


def _refuse(error: OSError) -> None:
    raise error


def open_file(file: File, *, is_limited: bool = True) -> Opened:
    """Reads a file as text. Raises :class:`OSError`, and :class:`DocumentError` for what is no Markdown.

    Without ``is_limited``, the document may be larger than a new one.
    """
    limit = source.LIMIT if is_limited else archive.UNPACKED_LIMIT
    content = _content_of(file.path) if file.content is None else file.content
    name, packed, key = archive.whole_name(file.name), None, b""
    if content.startswith(archive.SIGNATURES):
        unpacked = archive.unpack(content, folder=file.folder)
        content, name, packed = (
            unpacked.markdown,
            archive.whole_name(unpacked.name)[: uploads.LONGEST_NAME],
            unpacked.images,
        )
        key = unpacked.key
    taken, encoding = data_images.take_from_file(content, limit=limit)
    refuse_other_format(taken.text, name)
    text = join_files(taken.text, _content_of(file.key) if file.key else key, limit=limit)
    wanted = _Wanted()
    document = parser.parse_document(text, name=name, images=wanted, is_limited=is_limited)
    return Opened(name, encoding, document, frozenset(wanted.paths), packed, replace(taken, text=text))


def _content_of(path: Path) -> bytes:
    """Returns the bytes of a file. A pipe is refused, since it may never end, and so is a file that is too large."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        template = N_("This is no file but a pipe or a device. Save what it gives as a file, and load that.")
        raise DocumentError((Problem(0, "error", "no-file", template),))
    if status.st_size > archive.UNPACKED_LIMIT:
        template = N_("The file is larger than 50 MB. Make its pictures smaller.")
        raise DocumentError((Problem(0, "error", "too-large", template),))
    return path.read_bytes()


def images_of(file: File, opened: Opened) -> dict[str, image_files.CleanImage]:
    """Returns the images of a document by the paths by which it shows them. No image is kept yet.

    Raises :class:`DocumentError` that names each file that is no image.
    """
    wanted = opened.wanted - opened.taken.images.keys()
    images = _images_in_folder(file, wanted) if opened.packed is None else opened.packed
    return uploads.clean_images(images) | dict(opened.taken.images)


def _images_in_folder(file: File, wanted: Iterable[str]) -> dict[str, bytes]:
    """Returns the images at these paths from the folder of a document, within its root, without links.

    Where no file has a path, the only file that can be meant by it is taken, at its own path.
    """
    root = file.root.resolve()
    folder = root / file.path.parent.relative_to(file.root)
    found = {path for path in wanted if _is_image(path) and _target(folder, path, root)}
    if missing := set(wanted) - found:
        index = ImageIndex(_image_paths(root, folder))
        meant = [index.candidates(path) for path in missing if not image_links.is_outside(path)]
        found |= {paths[0] for paths in meant if len(paths) == 1 and _target(folder, paths[0], root)}
    images = {}
    for path in sorted(found):
        with (folder / path).open("rb") as image:
            images[path] = image.read(image_files.LARGEST_FILE + 1)
    return images


def _target(folder: Path, path: str, root: Path) -> bool:
    """Checks whether a path leads to a file within a root."""
    target = Path(os.path.normpath(folder / path))
    return target.is_relative_to(root) and _is_plain_file(target)


def _image_paths(root: Path, folder: Path) -> list[str]:
    """Returns the images below a root by their paths from a folder, or none if there are too many files to look at."""
    paths, seen = [], 0
    for place, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        seen += len(names) + len(folders)
        if seen > MOST_FILES_SEEN:
            return []
        images = [name for name in names if name.lower().endswith(archive.IMAGES) and _is_text(name)]
        paths += [Path(os.path.relpath(Path(place, name), folder)).as_posix() for name in images]
    return paths


def _is_text(name: str) -> bool:
    return not source.HALF.search(name)


def _is_image(path: str) -> bool:
    """Checks whether a path is that of an image in the folder of a document, as it could be in an archive."""
    return path.lower().endswith(archive.IMAGES) and not path.startswith("/") and not {"\\", "\0"} & set(path)


def _is_plain_file(path: Path) -> bool:
    try:
        return path.is_file() and path.resolve() == path
    except OSError:  # a name that is too long
        return False


class _Wanted(Mapping[str, str]):
    """Has no image, and notes the paths that are asked for."""

    def __init__(self) -> None:
        self.paths: set[str] = set()

    def __getitem__(self, path: str) -> str:
        self.paths.add(path)
        raise KeyError(path)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
