"""Shortens images that a text holds as data (``data:image/png;base64,…``), so that no reader meets their bytes."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

SCHEME = "data:"
KINDS = {
    "png": "png",
    "jpeg": "jpg",
    "jpg": "jpg",
    "webp": "webp",
    "gif": "gif",
}  # with the ends of their files
BROKEN = ";broken"  # ends the short address of an image whose data is not base64
LONGEST_ADDRESS = (
    8_000  # characters of a link; raised, the name of a host in another script takes longer to write
)
LONGEST_KIND = 40  # characters of a kind such as ``image/svg+xml`` that a warning repeats
HEAD = re.compile(r"data:([\w.+-]+/[\w.+-]+)?((?:;[\w.+=\"-]*)*),", re.IGNORECASE)
BASE64 = re.compile(r"[A-Za-z0-9+/_%\s-]+=*\s*\Z")
# Data in words or in a tag that is shown as text. A short one may be what its author wants to show.
SHOWN = re.compile(
    r"(data:[\w.+-]{1,40}/[\w.+-]{1,40}(?:;[\w.+=-]{1,40}){0,3},)[A-Za-z0-9+/=%_-]{60,}+", re.I
)


class DataAwareParser(MarkdownIt):
    """Takes images with an address of data, or of a file on the author's disk, as images, and shortens the former.

    The links and images of a page have the schemes that :mod:`modules.document.html.links` and the sanitiser allow.
    """

    def validateLink(self, url: str) -> bool:  # noqa: N802
        is_short = len(url) <= LONGEST_ADDRESS
        return url[:5].lower() in (SCHEME, "file:") or (is_short and super().validateLink(url))

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        if is_data(url):
            return short(url)
        return super().normalizeLink(url) if len(url) <= LONGEST_ADDRESS else url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return short(link) if is_data(link) else super().normalizeLinkText(link)


def is_data(source: object) -> bool:
    return str(source)[: len(SCHEME)].lower() == SCHEME


def short(uri: str) -> str:
    """Returns an address of data without its bytes: its kind, and a mark if its data cannot be read."""
    head = HEAD.match(uri)
    kind = (head[1] or "").lower() if head else ""
    is_readable = bool(head and ";base64" in head[2].lower() and BASE64.match(uri, head.end()))
    return f"{SCHEME}{kind[:LONGEST_KIND]}{'' if is_readable else BROKEN}"


def kind_of(short_uri: str) -> str:
    """Returns the kind of a shortened address, such as ``image/png``."""
    return short_uri[len(SCHEME) :].removesuffix(BROKEN)


def ending_of(kind: str) -> str:
    """Returns how the file of an image of this kind ends, or an empty text for a kind that is not shown."""
    family, _slash, name = kind.lower().partition("/")
    return KINDS.get(name, "") if family == "image" else ""


def without_data(words: str) -> str:
    """Returns words in which long data is replaced by an ellipsis."""
    return SHOWN.sub(r"\1…", words) if SCHEME in words.lower() else words
