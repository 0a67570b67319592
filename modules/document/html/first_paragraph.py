"""Finds the first paragraph of rendered text."""

from __future__ import annotations

from html.parser import HTMLParser

LONGEST = 300  # characters; a longer paragraph is cut after a word
VOID = frozenset({"br", "hr", "img", "input", "wbr"})  # tags without an end
FORMULA = "math"
END = "</p>"


def first_paragraph(html: str) -> str:
    """Returns the words of the first paragraph that stands in no list, quote or table, or an empty text.

    A paragraph with a formula, or without words, does not count.
    """
    finder = _Finder()
    for piece in html.split(END):  # so that a long text is not read beyond the paragraph
        finder.feed(piece + END)
        if finder.found:
            break
    return finder.found


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = ""
        self.open_tags: list[str] = []
        self.words: list[str] = []
        self.has_formula = False

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self.words.append(" ")
            return
        if not self.open_tags:
            self.words, self.has_formula = [], False
        self.has_formula = self.has_formula or tag == FORMULA
        self.open_tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open_tags:
            del self.open_tags[len(self.open_tags) - 1 - self.open_tags[::-1].index(tag) :]
        if tag == "p" and not self.open_tags and not self.found and not self.has_formula:
            self.found = _short(" ".join("".join(self.words).split()))

    def handle_data(self, data: str) -> None:
        if self.open_tags[:1] == ["p"] and not self.found:
            self.words.append(data)


def _short(words: str) -> str:
    if len(words) <= LONGEST:
        return words
    return words[:LONGEST].rpartition(" ")[0].rstrip(" ,;:") + "…"
