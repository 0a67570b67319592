"""Unpacks a module from an untrusted zip with one Markdown file and images, and packs zips."""

import io
import posixpath
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from modules.document.problems import N_, DocumentError, Problem
from modules.document.syntax import source

SIGNATURES = (b"PK\3\4", b"PK\5\6")  # of an archive, and of an empty one; “PK” alone begins many a text
ENTRY = b"PK\1\2"  # begins each entry in the list of files of an archive
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other methods may allocate gigabytes for one byte
UNPACKED_LIMIT = 50 * 1024 * 1024  # bytes; raised, an upload takes more memory
MOST_FILES = 500  # in an archive; raised, an upload takes longer to check
MOST_IN_FOLDERS = 20_000  # files in an archive that holds many modules; raised, opening it takes longer
MARKDOWN = (".md", ".markdown")
PUBLIC = ".tanpa-kunci"  # ends the name, before the ending, of a text that goes out without its key
KEY = ".kunci.md"  # ends the name of a key file, which has the rest of its name from its text
# Markdown files that describe a folder and are no modules.
NO_MODULES = frozenset({"readme.md", "changelog.md", "license.md", "contributing.md"})
IMAGES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
BEGINNING = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the first day that a zip can name; the same files make the same zip on any day
# The file that identifies the archive of another program, and the name of its format.
OTHER_FORMATS = {
    "word/document.xml": "Word",
    "xl/workbook.xml": "Excel",
    "ppt/presentation.xml": "PowerPoint",
    "META-INF/manifest.xml": "OpenDocument",
    "META-INF/container.xml": "EPUB",
    "Index/Document.iwa": "Pages",
}
NESTED = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")


@dataclass(frozen=True, slots=True)
class Archive:
    """Holds the name and the bytes of the Markdown file, and the images by their path from its folder.

    ``key`` has the bytes of the key file beside it, if there is one.
    """

    name: str
    markdown: bytes
    images: dict[str, bytes] = field(default_factory=dict)
    key: bytes = b""


def key_name(name: str) -> str:
    """Returns the name of the key file of a document, or of its text without the key, with this name."""
    return f"{posixpath.splitext(whole_name(name))[0]}{KEY}"


def public_name(name: str) -> str:
    """Returns the name of the text without the key of a document with this name."""
    stem, ending = posixpath.splitext(name)
    return f"{stem}{PUBLIC}{ending}"


def whole_name(name: str) -> str:
    """Returns the name of the whole document that a text with or without its key belongs to."""
    stem, ending = posixpath.splitext(name)
    return f"{stem[: -len(PUBLIC)]}{ending}" if stem.lower().endswith(PUBLIC) else name


def texts_of(paths: Iterable[str]) -> list[str]:
    """Returns the Markdown files among paths, without the key files of others among them."""
    documents = [path for path in paths if path.lower().endswith(MARKDOWN)]
    keys = {key_name(path).lower() for path in documents}
    return [path for path in documents if path.lower() not in keys]


def unpack(content: bytes, *, limit: int = UNPACKED_LIMIT, folder: str = "") -> Archive:
    """Opens an archive in memory. Raises :class:`DocumentError` with everything that is unsafe about it.

    ``limit`` is the number of bytes that it may hold unpacked. The sizes in its headers are not trusted. Of an archive
    with many modules, only the files below ``folder`` are taken.
    """
    with _opened(content, most=MOST_IN_FOLDERS if folder else MOST_FILES) as (archive, all_entries):
        entries = {
            path: entry for path, entry in all_entries.items() if not folder or path.startswith(f"{folder}/")
        }
        _refuse_other_formats(entries)
        _refuse_unsafe(entries, limit)
        return _take(archive, entries, limit)


def folders_of_modules(content: bytes) -> tuple[str, ...]:
    """Returns the folders of an archive that has several Markdown files, each in a folder of its own at the top.

    Any other archive has none, also one that cannot be opened.
    """
    try:
        with _opened(content, most=MOST_IN_FOLDERS) as (_archive, entries):
            paths = texts_of(path for path in entries if not _is_clutter(path))
    except DocumentError:
        return ()
    folders = [path.partition("/")[0] for path in paths if "/" in path]
    is_each_alone = len(folders) == len(paths) == len(set(folders)) > 1
    return tuple(sorted(folders)) if is_each_alone else ()


def paths_of(content: bytes) -> frozenset[str]:
    """Returns the paths of the files of an archive, or none if it cannot be opened. Unpacks nothing."""
    if not content.startswith(SIGNATURES):
        return frozenset()
    try:
        with _opened(content) as (_archive, entries):
            return frozenset(entries)
    except DocumentError:
        return frozenset()


def unpack_all(content: bytes, *, limit: int = UNPACKED_LIMIT) -> dict[str, bytes]:
    """Returns all files of an archive of another program by their paths, within the same bounds as :func:`unpack`."""
    with _opened(content) as (archive, entries):
        _refuse_unsafe(entries, limit)
        bytes_left = limit
        files: dict[str, bytes] = {}
        for path, entry in entries.items():
            files[path] = _bounded(archive, entry, bytes_left, limit)
            bytes_left -= len(files[path])
        return files


@contextmanager
def _opened(
    content: bytes, *, most: int = MOST_FILES
) -> Iterator[tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]]:
    """Opens an archive with its files by their paths. Raises :class:`DocumentError` for one that is broken."""
    if content.count(ENTRY) > 2 * most:  # each folder is an entry as well; opening would list them all
        raise DocumentError((_too_many(),))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive, {_path(entry): entry for entry in archive.infolist() if not entry.is_dir()}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError) as error:
        raise DocumentError((_unreadable(),)) from error


def pack(files: Iterable[tuple[str, bytes]], to: IO[bytes]) -> None:
    """Writes paths and contents as a zip. The same files give the same bytes at any time.

    Raises :class:`DocumentError` for a path that leads out of the archive.
    """
    with zipfile.ZipFile(to, "w") as archive:
        for path, content in files:
            is_packed_already = path.lower().endswith(IMAGES)
            method = zipfile.ZIP_STORED if is_packed_already else zipfile.ZIP_DEFLATED
            archive.writestr(_entry(path), content, method)


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(safe(path), BEGINNING)
    entry.create_system = 3  # Unix, on every system, as the permissions below are those of Unix
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    return entry


def safe(path: str) -> str:
    """Returns the path, or raises :class:`DocumentError` if it leads out of its folder."""
    if problems := tuple(_unsafe(path.replace("\\", "/"), zipfile.ZipInfo())):
        raise DocumentError(problems)
    return path


def _path(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/")


def _refuse_other_formats(entries: dict[str, zipfile.ZipInfo]) -> None:
    """Raises :class:`DocumentError` for a document of another program, unless it has a Markdown file, too."""
    name = next((name for path, name in OTHER_FORMATS.items() if path in entries), "")
    if name and not any(path.lower().endswith(MARKDOWN) for path in entries):
        raise DocumentError((source.other_format(name),))


def _refuse_unsafe(entries: dict[str, zipfile.ZipInfo], limit: int) -> None:
    problems = [problem for path, entry in entries.items() for problem in _unsafe(path, entry)]
    if len(entries) > MOST_FILES:
        problems.append(_too_many())
    if sum(entry.file_size for entry in entries.values()) > limit:
        problems.append(_too_large(limit))
    if any(entry.compress_type not in METHODS for entry in entries.values()):
        problems.append(_unreadable())
    if problems:
        raise DocumentError(tuple(problems))


def _unsafe(path: str, entry: zipfile.ZipInfo) -> Iterator[Problem]:
    if path.startswith("/") or ".." in path.split("/") or path[1:2] == ":":
        template = N_("“{name}” leads out of the archive. Pack the folder of the module itself.")
        yield _problem("unsafe-path", template, name=path)
    elif stat.S_ISLNK(entry.external_attr >> 16):
        template = N_("“{name}” is a symbolic link. Put the file itself into the archive.")
        yield _problem("symbolic-link", template, name=path)
    elif path.lower().endswith(NESTED) and not _is_clutter(path):
        template = N_("“{name}” is an archive in the archive. Unpack it first.")
        yield _problem("nested-archive", template, name=path)


def _take(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], limit: int) -> Archive:
    paths = [path for path in entries if not _is_clutter(path)]
    documents = texts_of(paths)
    if len(documents) != 1:
        template = N_("The archive has to hold exactly one Markdown file; it holds {count}.")
        raise DocumentError((_problem("one-document", template, count=len(documents)),))
    folder, name = posixpath.split(documents[0])
    bytes_left = limit
    contents: dict[str, bytes] = {}
    keys = [path for path in paths if path.lower() == key_name(documents[0]).lower()][:1]
    for path in [*documents, *keys, *(path for path in paths if path.lower().endswith(IMAGES))]:
        contents[path] = _bounded(archive, entries[path], bytes_left, limit)
        bytes_left -= len(contents[path])
    markdown, key = contents.pop(documents[0]), contents.pop(keys[0]) if keys else b""
    images = {posixpath.relpath(path, folder or "."): content for path, content in contents.items()}
    return Archive(name, markdown, images, key)


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, bytes_left: int, limit: int) -> bytes:
    """Returns the unpacked content of an entry, up to the bytes that are left; its header may lie."""
    with archive.open(entry) as file:
        content = file.read(bytes_left + 1)
    if len(content) > bytes_left:
        raise DocumentError((_too_large(limit),))
    return content


def _is_clutter(path: str) -> bool:
    """Checks whether the operating system added this file to those of the author."""
    return path.startswith("__MACOSX/") or posixpath.basename(path).startswith(".")


def _unreadable() -> Problem:
    return _problem(
        "bad-archive",
        N_("The archive cannot be opened. Pack it again as a plain .zip without a password."),
    )


def _too_many() -> Problem:
    return _problem(
        "bad-archive",
        N_("The archive holds more than {most} files. Leave out what the module does not show."),
        most=MOST_FILES,
    )


def _too_large(limit: int) -> Problem:
    return _problem(
        "too-large",
        N_("Unpacked, the archive is larger than {limit} MB. Make the pictures smaller."),
        limit=limit // 1024**2,
    )


def _problem(code: str, template: str, **params: str | int) -> Problem:
    return Problem(0, "error", code, template, params)
