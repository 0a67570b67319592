"""Decodes the bytes of a file, and encodes its text back to the same bytes."""

import re

from modules.document.problems import N_, DocumentError, Problem

LIMIT = 2 * 1024 * 1024  # bytes of a file; raised, loading takes more time and memory
TOO_LARGE = "large-document"  # the code of the problem of a text beyond the limit
BOM = "\ufeff"
# The first bytes of files that people take for documents, and the name of their format.
OTHER_FORMATS = {
    b"%PDF-": "PDF",
    b"{\\rtf": "RTF",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "Microsoft Office",  # as it kept its files until 2007
}
# Formats from which a draft can be made, and the endings of their files.
CONVERTIBLE = {
    "Word": ".docx",
    "Excel": ".xlsx",
    "CSV": ".csv",
    "TSV": ".tsv",
    "GIFT": ".gift",
    "XML": ".xml",
}
HALF = re.compile("[\ud800-\udfff]")  # half of a UTF-16 pair, which no library below can encode
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def decode(content: bytes, *, limit: int = LIMIT) -> tuple[str, str]:
    """Returns the text of a file and its encoding: ``utf-8``, ``utf-16-le`` or ``utf-16-be``.

    A BOM stays in the text, so that :func:`encode` returns the same bytes. Raises :class:`DocumentError` if the file
    is too large or is not text.
    """
    check_size(content, limit=limit)
    if name := next((name for start, name in OTHER_FORMATS.items() if content.startswith(start)), ""):
        raise DocumentError((other_format(name),))
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        template = N_("This is not text in UTF-8 or UTF-16. Save the file as UTF-8 and load it again.")
        line = _line_after(content[: error.start].decode(encoding))
        raise _error("not-text", template, line=line) from None
    if "\0" in text:
        template = N_(
            "There is a NUL character here, so this is no text. Save the file as UTF-8 and load it again."
        )
        raise _error("not-text", template, line=_line_after(text[: text.index("\0")]))
    return text, encoding


def check_size(content: bytes, *, limit: int = LIMIT) -> None:
    """Raises :class:`DocumentError` if a document has more bytes than the limit."""
    if len(content) > limit:
        template = N_(
            "The file is larger than {limit} kB. Split it into several modules, or put its pictures beside it."
        )
        raise _error(TOO_LARGE, template, limit=limit // 1024)


def other_format(name: str) -> Problem:
    """Returns the problem of a file of another program, whose format has this name."""
    template = N_(
        "This file is not Markdown but {format}. Copy its text and paste it on the load page, or save it as a Word document (.docx) and load that."
    )
    params: dict[str, str | int] = {"format": name}
    if ending := CONVERTIBLE.get(name):
        template = N_(
            "This file is not Markdown but {format}. With the ending {ending}, the load page of the admin and “manage.py convert” make a draft of it."
        )
        params["ending"] = ending
    return Problem(0, "error", "other-format", template, params)


def encode(text: str, encoding: str) -> bytes:
    """Returns the bytes of a text as its file had them."""
    return text.encode(encoding)


def split_lines(text: str) -> list[str]:
    """Returns lines with their ends; only the line ends of Markdown count: ``\\n``, ``\\r\\n`` and ``\\r``."""
    return LINE.findall(text)


def normalise(text: str) -> str:
    """Returns the text as it is parsed: without a BOM, each line end ``\\n``. Line numbers stay."""
    return HALF.sub("\ufffd", re.sub(r"\r\n?", "\n", text.removeprefix(BOM)))


def _encoding(content: bytes) -> str:
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(bom):
            return encoding
    sample = content[:2000]
    if b"\0" in sample and len(content) % 2 == 0:
        if sample[1::2].count(0) > len(sample) // 4:
            return "utf-16-le"
        if sample[0::2].count(0) > len(sample) // 4:
            return "utf-16-be"
    return "utf-8"


def _line_after(text: str) -> int:
    """Returns the number, from 1, of the line on which a text ends."""
    return len(split_lines(text + "."))


def _error(code: str, template: str, *, line: int = 0, **params: int) -> DocumentError:
    return DocumentError((Problem(line, "error", code, template, params),))
