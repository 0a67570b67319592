"""Takes out of a text the images that it holds as data, so that each becomes a file and the text names its path."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from modules.document.html.data_uris import ending_of
from modules.document.html.tokens import image_sources
from modules.document.problems import N_, Problem
from modules.document.syntax import source
from modules.document.syntax.front_matter import parse_front_matter

FOLDER = "images"
MOST_IMAGES = 500  # that are taken out of one text; raised, a hostile text makes more files
MARK = re.compile(r"data:imag", re.IGNORECASE)
# The address of an image in brackets, or of a reference. Only in brackets may its data have several lines.
DATA = re.compile(
    r"(?:(?P<inline>\]\([ \t]*<?)|\]:[ \t]*\n?[ \t]*<?)"
    r"(?P<uri>data:(?P<kind>image/[\w.+-]{1,40})(?:;[\w.=+-]{1,80}){0,5};base64,"
    r"(?P<data>[A-Za-z0-9+/=_%-]++(?(inline)(?:\s++[A-Za-z0-9+/=]++)*+)))"
    r"(?(inline)(?=\s*>?\s*[)\"'])|(?=[>\s]|\Z))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DataImage:
    """Describes an image in a text: where its address begins and ends, its bytes, and the path that it gets."""

    start: int
    end: int
    path: str
    content: bytes


def may_have_data(content: bytes) -> bool:
    """Checks whether the bytes of a file can hold an image as data, in UTF-8 or in UTF-16."""
    return any("data:imag".encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def without_data(text: str) -> str:
    """Returns a text without the data of its images, for a check of its size."""
    return DATA.sub("", text) if MARK.search(text) else text


def take_out(text: str, is_image: Callable[[DataImage], bool]) -> tuple[str, tuple[DataImage, ...]]:
    """Returns a text that names the paths of its images, and these images.

    An image for which ``is_image`` returns false stays in the text as it is, and so does data in code.
    """
    taken = tuple(image for image in _find(text) if is_image(image))
    if not taken:
        return text, ()
    pieces, end = [], 0
    for image in taken:
        pieces += [text[end : image.start], image.path]
        end = image.end
    return "".join([*pieces, text[end:]]), taken


def told(count: int) -> Problem:
    """Returns the note that images were taken out of a text."""
    template = N_(
        "Pictures that the text held as data: {count}. Each is a file now, and the text names its path; a download has both."
    )
    return Problem(0, "warning", "data-images", template, {"count": count})


def _find(text: str) -> Iterator[DataImage]:
    """Yields the images that a text shows, in their order."""
    matches = list(DATA.finditer(text))[:MOST_IMAGES] if MARK.search(text) else []
    shown = _shown(text, matches)
    for number, match in enumerate(matches):
        content = _decoded(match["data"])
        ending = ending_of(match["kind"])
        if number in shown and ending and content:
            digest = hashlib.sha256(content).hexdigest()[:12]
            yield DataImage(match.start("uri"), match.end("uri"), f"{FOLDER}/{digest}.{ending}", content)


def _shown(text: str, matches: Sequence[re.Match[str]]) -> set[int]:
    """Returns the numbers of the matches that are addresses of images, and no examples in code.

    The text is parsed with a short word in the place of each address, so that its size is that of its words.
    """
    word = f"data-image-{secrets.token_hex(8)}-"
    pieces, end = [], 0
    for number, match in enumerate(matches):
        pieces += [text[end : match.start("uri")], f"{word}{number}"]
        end = match.end("uri")
    short = source.normalise("".join([*pieces, text[end:]]))
    if not matches or len(short) > source.LIMIT:
        return set()
    matter, _problems = parse_front_matter(short)
    body = "".join(short.split("\n", matter.lines)[matter.lines :])
    sources = image_sources(body)
    return {number for number in range(len(matches)) if f"{word}{number}" in sources}


def _decoded(data: str) -> bytes:
    """Returns the bytes of base64, or none if it is broken. Some programs leave out the signs at its end."""
    encoded = re.sub(r"\s+", "", unquote(data)).rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
