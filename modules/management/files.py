"""Finds the files and directories that documents are loaded from, and the images of those documents."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from modules.authoring import image_files, uploads
from modules.document.convert.other_formats import refuse_other_format
from modules.document.problems import N_, DocumentError, Problem
from modules.document.syntax import archive, parser, source

LARGEST_ARCHIVE = (
    500 * 1024 * 1024
)  # bytes of an archive with many modules; raised, loading it takes more memory


@dataclass(frozen=True, slots=True)
class File:
    """Describes a file to load. Its images are taken from within ``root``; ``name`` is what its revision calls it.

    A module in an archive with several has the ``content`` of the archive and its ``folder`` there.
    """

    path: Path
    root: Path
    name: str
    is_in_directory: bool = False
    content: bytes | None = field(default=None, repr=False, compare=False)
    folder: str = ""

    def __str__(self) -> str:
        path = self.path / self.folder if self.folder else self.path
        return os.fsencode(path).decode("utf-8", "replace")

    @property
    def has_a_name(self) -> bool:
        """Checks whether the name is text, which can be written down."""
        return not source.HALF.search(self.name)


@dataclass(frozen=True, slots=True)
class Opened:
    """Holds what a file says: a ``document`` that was parsed without its images, and where those are.

    ``wanted`` has the paths of the images that the document shows; ``packed`` has the images of an archive.
    """

    name: str
    encoding: str
    document: parser.Document
    wanted: frozenset[str]
    packed: Mapping[str, bytes] | None

    def upload(self, names: Mapping[str, str]) -> uploads.Upload:
        """Returns the upload that is planned and loaded, with the stored ``names`` of images by their paths."""
        return uploads.Upload(self.name, self.document.text, self.encoding, names)


def find(paths: Iterable[str]) -> list[File]:
    """Returns the files of these paths, each once: files that are named, and those of directories in sorted order."""
    files: dict[tuple[Path, str], File] = {}
    for path in map(Path, paths):
        for file in _of_directory(path) if path.is_dir() else _of_archive(path) or [single(path)]:
            files.setdefault((file.path.resolve(), file.folder), file)
    return list(files.values())


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


def open_file(file: File) -> Opened:
    """Reads a file as text. Raises :class:`OSError`, and :class:`DocumentError` for what is no Markdown."""
    content = _content_of(file.path) if file.content is None else file.content
    name, packed = file.name, None
    if content.startswith(archive.SIGNATURES):
        unpacked = archive.unpack(content, folder=file.folder)
        content, name, packed = unpacked.markdown, unpacked.name[: uploads.LONGEST_NAME], unpacked.images
    text, encoding = source.decode(content)
    refuse_other_format(text, name)
    wanted = _Wanted()
    document = parser.parse_document(text, name=name, images=wanted)
    return Opened(name, encoding, document, frozenset(wanted.paths), packed)


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
    images = _images_in_folder(file, opened.wanted) if opened.packed is None else opened.packed
    return uploads.clean_images(images)


def _images_in_folder(file: File, wanted: Iterable[str]) -> dict[str, bytes]:
    """Returns the images at these paths from the folder of a document, within its root, without links."""
    root = file.root.resolve()
    folder = root / file.path.parent.relative_to(file.root)
    images = {}
    for path in sorted(wanted):
        target = Path(os.path.normpath(folder / path))
        if _is_image(path) and target.is_relative_to(root) and _is_plain_file(target):
            with target.open("rb") as image:
                images[path] = image.read(image_files.LARGEST_FILE + 1)
    return images


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
