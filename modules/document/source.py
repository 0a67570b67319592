"""Bytes and text: what a file says, and how it is written back byte for byte."""

import re
from difflib import SequenceMatcher

from .problems import N_, DocumentError, Problem

LIMIT = 2 * 1024 * 1024  # bytes
MARK = "\ufeff"
HALF = re.compile("[\ud800-\udfff]")  # half of a UTF-16 pair, which no library below can encode
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def decode(content: bytes, *, limit: int = LIMIT) -> tuple[str, str]:
    """Return the text of a file and its encoding: ``utf-8``, ``utf-16-le`` or ``utf-16-be``.

    A byte order mark stays in the text, so that :func:`encode` gives the same bytes back. Raises
    :class:`DocumentError` for what is too large or is no text.
    """
    if len(content) > limit:
        raise _error(
            "too-large",
            N_(
                "The file is larger than {limit} kB. Split it into several modules, or put its pictures beside it."
            ),
            limit=limit // 1024,
        )
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _error(
            "not-text",
            N_("This is not text in UTF-8 or UTF-16. Save the file as UTF-8 and load it again."),
            line=line,
        ) from None
    if "\0" in text:
        line = len(split_lines(text[: text.index("\0") + 1]))
        raise _error(
            "not-text",
            N_(
                "There is a NUL character here, so this is no text. Save the file as UTF-8 and load it again."
            ),
            line=line,
        )
    return text, encoding


def encode(text: str, encoding: str) -> bytes:
    """The bytes of a text as its file had them."""
    return text.encode(encoding)


def split_lines(text: str) -> list[str]:
    """Lines with their ends, by the line ends of Markdown only: ``\\n``, ``\\r\\n`` and ``\\r``."""
    return LINE.findall(text)


def normalise(text: str) -> str:
    """The text as it is parsed: without a byte order mark, each line end ``\\n``. Line numbers stay."""
    return HALF.sub("\ufffd", re.sub(r"\r\n?", "\n", text.removeprefix(MARK)))


def keep_line_ends(old: str, new: str) -> str:
    """Give a text that came from a browser the line ends that it had.

    Each line that is unchanged gets its old end, any other the one that prevails in ``old``.
    """
    before = split_lines(old)
    after = re.sub(r"\r\n?", "\n", new).split("\n")
    bare = [line.rstrip("\r\n") for line in before]
    ends = [line[len(text) :] for line, text in zip(before, bare, strict=True)]
    prevailing = max(("\n", "\r\n", "\r"), key=ends.count)
    kept = [prevailing] * len(after)
    matcher = SequenceMatcher(None, bare, after, autojunk=False)
    for start, other, size in matcher.get_matching_blocks():
        kept[other : other + size] = [end or prevailing for end in ends[start : start + size]]
    kept[-1] = ""
    return "".join(line + end for line, end in zip(after, kept, strict=True))


def _encoding(content: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return encoding
    sample = content[:2000]
    if b"\0" in sample and len(content) % 2 == 0:
        if sample[1::2].count(0) > len(sample) // 4:
            return "utf-16-le"
        if sample[0::2].count(0) > len(sample) // 4:
            return "utf-16-be"
    return "utf-8"


def _error(code: str, template: str, *, line: int = 0, **params: int) -> DocumentError:
    return DocumentError((Problem(line, "error", code, template, params),))
