"""Takes the words that a learner reads out of stored HTML, with the headings to which a link can lead.

Questions in the text are left out with all that belongs to them. So are formulas, of which “…” is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

LONGEST_PIECE = (
    60  # words; a longer paragraph becomes several pieces, so that a passage is cut from few words
)
BLOCK_TAGS = (
    "p li tr pre div blockquote dt dd summary details section table thead tbody ul ol hr figure figcaption"
)
BLOCKS = frozenset(BLOCK_TAGS.split())
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
CELLS = frozenset({"td", "th"})
VOID = frozenset({"br", "hr", "img", "input", "wbr"})
LEFT_OUT = frozenset({"form", "math"})
LEFT_OUT_CLASSES = frozenset(
    {"footnote-ref", "footnote-back", "alert-title", "check", "mark-link", "code-head"}
)
NOTE = "s-fn-"  # begins the anchor of a footnote
SPACED = " \N{MIDDLE DOT} "  # between the cells of a row


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading, paragraph, item, row or block of code. ``anchor`` is the heading above it, or is empty.

    ``continues``: the piece is the rest of the paragraph whose beginning is the piece before it.
    """

    anchor: str
    text: str
    is_heading: bool = False
    continues: bool = False


def pieces(html: str) -> list[Piece]:
    """Returns the pieces of stored HTML in their order."""
    parser = _Pieces()
    parser.feed(html)
    parser.close()
    parser.end_piece()
    return parser.found


class _Pieces(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Piece] = []
        self._words: list[str] = []
        self._anchor = ""
        self._is_heading = False
        self._left_out: list[str] = []  # the open tags since the one that is left out

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._left_out:
            if tag not in VOID:
                self._left_out.append(tag)
            return
        named = dict(attrs)
        if tag in LEFT_OUT or LEFT_OUT_CLASSES & set((named.get("class") or "").split()):
            if tag == "math":
                self._words.append("…")
            elif tag == "form":
                self.end_piece()
            self._left_out = [tag]
            return
        self._open(tag, named.get("id") or "")

    def _open(self, tag: str, identity: str) -> None:
        if tag in BLOCKS | HEADINGS:
            self.end_piece()
            self._is_heading = tag in HEADINGS
        elif tag in CELLS and "".join(self._words).strip():
            self._words.append(SPACED)
        elif tag == "br":
            self._words.append(" ")
        if identity and (self._is_heading or (tag == "li" and identity.startswith(NOTE))):
            self._anchor = identity

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._left_out:
            while self._left_out and self._left_out.pop() != tag:
                pass
        elif tag in BLOCKS | HEADINGS:
            self.end_piece()

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self._words.append(data)

    def end_piece(self) -> None:
        """Ends the piece that is read, if it has any text."""
        text = " ".join("".join(self._words).split())
        self.found += _cut(self._anchor, text, self._is_heading)
        self._words, self._is_heading = [], False


def _cut(anchor: str, text: str, is_heading: bool) -> Iterator[Piece]:
    words = text.split(" ") if text else []
    for start in range(0, len(words), LONGEST_PIECE):
        end = start + LONGEST_PIECE
        piece = [*(["…"] if start else []), *words[start:end], *(["…"] if end < len(words) else [])]
        yield Piece(anchor, " ".join(piece), is_heading, continues=start > 0)
