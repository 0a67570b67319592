"""Parses the HTML of other programs into a small tree, in time that grows with its length. Never raises."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

DEEPEST = 60  # elements inside each other; deeper tags are left out, and their text is kept
RAW = "="  # the tag of an element whose text is Markdown already; no text has such a tag
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
UNSEEN = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "template",
        "noscript",
        "iframe",
        "object",
        "svg",
        "select",
        "textarea",
    ]
)
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
# The elements that a start tag closes without an end tag, and the elements beyond which it closes nothing.
CLOSES = {
    "li": ({"li"}, {"ul", "ol"}),
    "tr": ({"td", "th", "tr"}, {"table"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
}
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*+)")
ATTRIBUTE = re.compile(
    r"""[\s/]*+([^\s=<>"'/]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s<>"']++)))?+""", re.ASCII
)


@dataclass(slots=True)
class Node:
    """Holds an element: its tag in lower case, its attributes, and its elements and texts in their order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def elements(self) -> Iterator[Node]:
        return (child for child in self.children if isinstance(child, Node))

    def walk(self) -> Iterator[Node]:
        """Yields the element and all elements inside it."""
        yield self
        for child in self.elements():
            yield from child.walk()

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


def parse_html(text: str) -> Node:
    """Returns the root of a tree, whose tag is empty."""
    return _Builder(text).build()


class _Builder:
    def __init__(self, text: str) -> None:
        self.source = text
        self.root = Node("")
        self.open = [self.root]

    def build(self) -> Node:
        position, end = 0, len(self.source)
        while position < end:
            start = self.source.find("<", position)
            if start < 0:
                start = end
            if start > position:
                self._add_text(self.source[position:start])
            position = self._markup(start) if start < end else end
        return self.root

    def _markup(self, start: int) -> int:
        """Takes the markup that begins at a position, and returns the position after it."""
        if self.source.startswith("<!--", start):
            end = self.source.find("-->", start + 4)
            return len(self.source) if end < 0 else end + 3
        if self.source.startswith(("<!", "<?"), start):
            end = self.source.find(">", start)
            return len(self.source) if end < 0 else end + 1
        tag = TAG.match(self.source, start)
        if tag is None:
            self._add_text("<")
            return start + 1
        attributes, position = self._attributes(tag.end())
        name = tag[2].lower()
        if tag[1]:
            self._close(name)
        elif name in UNSEEN and not self.source.startswith("/>", position - 2):
            return self._after(name, position)
        else:
            self._open(name, attributes)
        return position

    def _attributes(self, position: int) -> tuple[dict[str, str], int]:
        attributes: dict[str, str] = {}
        while match := ATTRIBUTE.match(self.source, position):
            value = next((group for group in match.groups()[1:] if group is not None), "")
            attributes.setdefault(match[1].lower(), html.unescape(value))
            position = match.end()
        while position < len(self.source) and self.source[position] not in "<>":
            position += 1
        return attributes, position + (self.source[position : position + 1] == ">")

    def _after(self, name: str, position: int) -> int:
        """Returns the position after the end tag of an element that is never shown."""
        end = re.compile(rf"</{re.escape(name)}\b[^<>]*>?", re.IGNORECASE).search(self.source, position)
        return end.end() if end else len(self.source)

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if name in BLOCKS and self.open[-1].tag == "p":
            self.open.pop()
        closed, limits = CLOSES.get(name, (set(), set()))
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag in limits or not closed:
                break
            if self.open[depth].tag in closed:
                del self.open[depth:]
        node = Node(name, attributes)
        if name in VOID:
            self.open[-1].children.append(node)
        elif len(self.open) <= DEEPEST:
            self.open[-1].children.append(node)
            self.open.append(node)

    def _close(self, name: str) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == name:
                del self.open[depth:]
                return

    def _add_text(self, text: str) -> None:
        self.open[-1].children.append(html.unescape(text))
