"""Writes the tag of an image: with its size, so that no page jumps, and as a link to itself where it is wide."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass

TALLEST = 640  # pixels that an image takes on a page; a taller one is shown smaller
TALLEST_IN_LINE = 64  # pixels up to which an image among words stays in their line
WIDE_ENOUGH_TO_OPEN = 400  # pixels from which on a phone shows an image smaller than it is
# The text has at most 43rem beside the path, and the whole width without it.
SIZES = "(min-width: 62rem) 43rem, 100vw"


@dataclass(frozen=True, slots=True)
class ImageSize:
    """Holds the width and the height of an image in pixels, and the width of its smaller copy (0: it has none)."""

    width: int
    height: int
    copy_width: int = 0


class ImageAddress(str):
    """Holds the address of an image of which more is known. A plain text is an address of which nothing is known."""

    def size(self) -> ImageSize | None:
        """Returns the size of the image, or ``None`` if it cannot be measured."""
        return None

    def copy(self) -> str:
        """Returns the address of the smaller copy."""
        return ""


def image_tag(
    address: str, alt: str, words: Mapping[str, str], *, is_among_words: bool, may_open: bool
) -> str:
    """Returns the tag of an image. A wide one is a link to itself where it ``may_open``."""
    size = address.size() if isinstance(address, ImageAddress) else None
    attributes = f'src="{html.escape(address)}" alt="{html.escape(alt)}"'
    if size is None:
        return f'<img {attributes} loading="lazy" decoding="async">'
    attributes += _size(size) + _copies(address, size)
    is_in_line = is_among_words and size.height <= TALLEST_IN_LINE
    kind = ' class="inline"' if is_in_line else ""
    tag = f'<img {attributes}{kind} loading="lazy" decoding="async">'
    if not may_open or size.width < WIDE_ENOUGH_TO_OPEN:
        return tag
    label = words["enlarge"].format(alt=alt) if alt.strip() else words["enlarge_unnamed"]
    return f'<a class="enlarge" href="{html.escape(address)}" aria-label="{html.escape(label)}">{tag}</a>'


def _size(size: ImageSize) -> str:
    """Returns the width and the height that an image takes, in its own proportion."""
    height = min(size.height, TALLEST)
    width = max(1, round(size.width * height / size.height))
    return f' width="{width}" height="{height}"'


def _copies(address: str, size: ImageSize) -> str:
    if not size.copy_width or not isinstance(address, ImageAddress):
        return ""
    copies = f"{address.copy()} {size.copy_width}w, {address} {size.width}w"
    return f' srcset="{html.escape(copies)}" sizes="{SIZES}"'
