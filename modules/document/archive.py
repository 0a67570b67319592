"""A module with its pictures: one Markdown file and images in a zip, opened without trusting it."""

import io
import posixpath
import stat
import zipfile
from dataclasses import dataclass, field

from .problems import N_, DocumentError, Problem

SIGNATURE = b"PK"
UNPACKED_LIMIT = 50 * 1024 * 1024  # bytes
MOST_FILES = 500
MARKDOWN = (".md", ".markdown")
IMAGES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
NESTED = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive holds: the Markdown file's name and bytes, and images by their path from its folder."""

    name: str
    markdown: bytes
    images: dict[str, bytes] = field(default_factory=dict)


def unpack(content: bytes, *, limit: int = UNPACKED_LIMIT) -> Archive:
    """Open an archive in memory. Raises :class:`DocumentError` with everything that is unsafe about it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _refuse_unsafe(entries, limit)
            return _take(archive, entries, limit)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _error(
            "bad-archive",
            N_("The archive cannot be opened. Pack it again as a plain .zip without a password."),
        ) from error


def _refuse_unsafe(entries: list[zipfile.ZipInfo], limit: int) -> None:
    problems = [problem for entry in entries for problem in _unsafe(entry)]
    if len(entries) > MOST_FILES:
        problems.append(
            _problem(
                "bad-archive",
                N_("The archive holds more than {most} files. Leave out what the module does not show."),
                most=MOST_FILES,
            )
        )
    if sum(entry.file_size for entry in entries) > limit:
        problems.append(_too_large(limit))
    if problems:
        raise DocumentError(tuple(problems))


def _unsafe(entry: zipfile.ZipInfo) -> list[Problem]:
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or (len(name) > 1 and name[1] == ":"):
        return [
            _problem(
                "unsafe-path",
                N_("“{name}” leads out of the archive. Pack the folder of the module itself."),
                name=name,
            )
        ]
    if stat.S_ISLNK(entry.external_attr >> 16):
        return [
            _problem(
                "symbolic-link",
                N_("“{name}” is a symbolic link. Put the file itself into the archive."),
                name=name,
            )
        ]
    if name.lower().endswith(NESTED):
        return [
            _problem(
                "nested-archive", N_("“{name}” is an archive in the archive. Unpack it first."), name=name
            )
        ]
    return []


def _take(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limit: int) -> Archive:
    entries = [entry for entry in entries if not _is_clutter(entry.filename)]
    documents = [entry for entry in entries if entry.filename.lower().endswith(MARKDOWN)]
    if len(documents) != 1:
        raise _error(
            "one-document",
            N_("The archive has to hold exactly one Markdown file; it holds {count}."),
            count=len(documents),
        )
    folder = posixpath.dirname(documents[0].filename)
    left = limit
    contents: dict[str, bytes] = {}
    for entry in [documents[0], *(one for one in entries if one.filename.lower().endswith(IMAGES))]:
        contents[entry.filename] = _bounded(archive, entry, left)
        left -= len(contents[entry.filename])
    markdown = contents.pop(documents[0].filename)
    images = {posixpath.relpath(name, folder or "."): content for name, content in contents.items()}
    return Archive(posixpath.basename(documents[0].filename), markdown, images)


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """What an entry really unpacks to; its header is not believed."""
    with archive.open(entry) as file:
        content = file.read(left + 1)
    if len(content) > left:
        raise DocumentError((_too_large(UNPACKED_LIMIT),))
    return content


def _is_clutter(name: str) -> bool:
    return name.startswith("__MACOSX/") or posixpath.basename(name).startswith(".")


def _too_large(limit: int) -> Problem:
    return _problem(
        "too-large",
        N_("Unpacked, the archive is larger than {limit} MB. Make the pictures smaller."),
        limit=limit // 1024**2,
    )


def _problem(code: str, template: str, **params: str | int) -> Problem:
    return Problem(0, "error", code, template, params)


def _error(code: str, template: str, **params: str | int) -> DocumentError:
    return DocumentError((_problem(code, template, **params),))
