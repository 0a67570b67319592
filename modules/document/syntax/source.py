"""Bytes and text: what a file says, and how it is written back byte for byte."""

import re

from modules.document.problems import N_, DocumentError, Problem

LIMIT = 2 * 1024 * 1024  # bytes
BOM = "\ufeff"
# What files begin with that are taken for documents and are none, and what they are called.
OTHER_FORMATS = {
    b"%PDF-": "PDF",
    b"{\\rtf": "RTF",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "Microsoft Office",  # as it kept its files until 2007
}
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
    if name := next((name for start, name in OTHER_FORMATS.items() if content.startswith(start)), ""):
        raise DocumentError((other_format(name),))
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = _line_after(content[: error.start].decode(encoding))
        raise _error(
            "not-text",
            N_("This is not text in UTF-8 or UTF-16. Save the file as UTF-8 and load it again."),
            line=line,
        ) from None
    if "\0" in text:
        line = _line_after(text[: text.index("\0")])
        raise _error(
            "not-text",
            N_(
                "There is a NUL character here, so this is no text. Save the file as UTF-8 and load it again."
            ),
            line=line,
        )
    return text, encoding


def other_format(name: str) -> Problem:
    """What is said of a file of another program, whose format is called so."""
    template = N_(
        "This file is not Markdown but {format}. Save its text as Markdown (.md), and load that file."
    )
    return Problem(0, "error", "other-format", template, {"format": name})


def encode(text: str, encoding: str) -> bytes:
    """The bytes of a text as its file had them."""
    return text.encode(encoding)


def split_lines(text: str) -> list[str]:
    """Lines with their ends, by the line ends of Markdown only: ``\\n``, ``\\r\\n`` and ``\\r``."""
    return LINE.findall(text)


def normalise(text: str) -> str:
    """The text as it is parsed: without a byte order mark, each line end ``\\n``. Line numbers stay."""
    return HALF.sub("\ufffd", re.sub(r"\r\n?", "\n", text.removeprefix(BOM)))


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


def _line_after(text: str) -> int:
    """The number, from 1, of the line that goes on after a text."""
    return len(split_lines(text + "."))


def _error(code: str, template: str, *, line: int = 0, **params: int) -> DocumentError:
    return DocumentError((Problem(line, "error", code, template, params),))
