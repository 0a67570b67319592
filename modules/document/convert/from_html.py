"""Writes the HTML of other programs as our Markdown. Never raises."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from modules.document.convert import html_tree, tables_of_html
from modules.document.convert.escapes import escape, escape_line_starts
from modules.document.convert.html_tree import BLOCKS, Node, parse_html
from modules.document.convert.losses import Losses

# Formulas of at most as many characters as a page shows as a formula.
MATHS = re.compile(r"\\\((.{1,1500}?)\\\)|\\\[(.{1,1500}?)\\\]|\$\$(.{1,1500}?)\$\$", re.DOTALL)
SAFE = re.compile(r"(?:https?|mailto|tel):|#", re.IGNORECASE)
BACKTICKS = re.compile(r"`+")
BLANKS = re.compile(r"[ \t\n\r\f]+")
MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~", "strike": "~~"}
KEPT = frozenset({"kbd", "sub", "sup", "mark", "abbr"})  # tags that our Markdown knows as they are
MOST_NESTED = (
    8  # lists and quotes inside each other; raised, the signs before each line make small texts large
)
BREAK = "\0"  # stands for a line break until it is known whether the text has one line only
ALERT = re.compile(r"\balert-(note|tip|important|warning|caution)\b")
LANGUAGE = re.compile(r"\blanguage-([\w+#.-]+)")
LANGUAGES = 30  # characters of the name of a language


def no_image(source: str) -> str | None:
    """Returns the address of an image that lies on another site, and nothing for all others."""
    return source if source.lower().startswith(("http://", "https://")) else None


def markdown_of_html(
    text: str,
    *,
    image: Callable[[str], str | None] = no_image,
    highest_heading: int = 1,
    losses: Losses | None = None,
    line: int = 0,
) -> str:
    """Returns HTML as Markdown. ``losses`` counts what is left out, at a ``line`` of the file.

    ``image`` returns the path of an image by its address, or ``None`` to leave it out. Headings are never higher than
    ``highest_heading``, so that a heading in a question stays inside it.
    """
    root = parse_html(text)
    return markdown_of_tree(root, image=image, highest_heading=highest_heading, losses=losses, line=line)


def markdown_of_tree(
    root: Node,
    *,
    image: Callable[[str], str | None] = no_image,
    highest_heading: int = 1,
    losses: Losses | None = None,
    line: int = 0,
) -> str:
    """Returns a tree of HTML as Markdown, like :func:`markdown_of_html`."""
    writer = _Writer(image, highest_heading, losses or Losses(), line)
    return "\n\n".join(writer.blocks(root.children))


class _Writer:
    def __init__(
        self, image: Callable[[str], str | None], highest_heading: int, losses: Losses, at_line: int
    ) -> None:
        self.image, self.highest_heading, self.losses, self.at_line = image, highest_heading, losses, at_line
        self.nested = 0

    # ------------------------------------------------------------------------------------------------ blocks

    def blocks(self, children: Sequence[Node | str]) -> list[str]:
        """Returns the blocks of an element, each as Markdown."""
        written: list[str] = []
        line: list[Node | str] = []
        last = ""
        last = ""
        for child in children:
            if not isinstance(child, Node) or child.tag not in BLOCKS:
                line.append(child)
                continue
            paragraph = self._paragraph(line)
            is_same_list = child.tag in ("ul", "ol") and child.tag == last and not paragraph
            written += paragraph
            line = []
            written += self._block(child, other_bullet=is_same_list)
            last = child.tag
        return [block for block in [*written, *self._paragraph(line)] if block.strip()]

    def _paragraph(self, children: Sequence[Node | str]) -> list[str]:
        text = self.inline(children).strip(f" \n{BREAK}")
        return [escape_line_starts(text.replace(BREAK, "\\\n"))] if text else []

    def _block(self, node: Node, *, other_bullet: bool) -> list[str]:
        match node.tag:
            case "p":
                return (
                    self._paragraph(node.children) if not _holds_blocks(node) else self.blocks(node.children)
                )
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                return self._heading(node)
            case "ul" | "ol" | "blockquote" if self.nested < MOST_NESTED:
                return self._nest(node, other_bullet=other_bullet)
            case "pre":
                return [_fence(node)]
            case "hr":
                return ["---"]
            case "table":
                return tables_of_html.table(node, self.cell, self.blocks)
            case "details":
                return self._details(node)
            case _:
                return self.blocks(node.children)

    def _nest(self, node: Node, *, other_bullet: bool) -> list[str]:
        self.nested += 1
        text = self._quote(node) if node.tag == "blockquote" else self._list(node, other_bullet=other_bullet)
        self.nested -= 1
        return [text]

    def _heading(self, node: Node) -> list[str]:
        text = re.sub(r"(?<=\s)(#+)$", r"\\\1", self.line(node.children))  # else they would end the heading
        level = min(6, max(int(node.tag[1]), self.highest_heading))
        return [f"{'#' * level} {text}"] if text else []

    def _list(self, node: Node, *, other_bullet: bool) -> str:
        items = [child for child in node.elements() if _shows_something(child)]
        is_loose = any(inner.tag == "p" for item in items for inner in item.elements())
        start = node.attributes.get("start", "1")
        number = int(start) if start.isdecimal() and len(start) < 9 else 1
        written = []
        for item in items:
            sign = (
                ("*" if other_bullet else "-")
                if node.tag == "ul"
                else f"{number}{')' if other_bullet else '.'}"
            )
            number += 1
            blocks = self.blocks(item.children) if item.tag == "li" else self.blocks([item])
            text = ("\n\n" if is_loose else "\n").join(blocks)
            written.append(f"{sign} {indented(text, len(sign) + 1)}")
        return ("\n\n" if is_loose else "\n").join(written)

    def _quote(self, node: Node) -> str:
        alert = ALERT.search(node.attributes.get("class", ""))
        if not alert:
            return quoted("\n\n".join(self.blocks(node.children)))
        children = [
            child
            for child in node.children
            if isinstance(child, str) or "alert-title" not in child.attributes.get("class", "")
        ]
        return quoted("\n".join([f"[!{alert[1].upper()}]", "\n\n".join(self.blocks(children))]))

    def _details(self, node: Node) -> list[str]:
        summary = next((child for child in node.elements() if child.tag == "summary"), Node("summary"))
        rest = [child for child in node.children if child is not summary]
        head = f"<details>\n<summary>{self.line(summary.children)}</summary>"
        return [head, *self.blocks(rest), "</details>"]

    def cell(self, node: Node) -> str:
        """Returns the content of a cell in one line."""
        if not _holds_blocks(node):
            return self.line(node.children)
        return "<br>".join(
            block.replace("\\\n", "<br>").replace("\n", " ") for block in self.blocks(node.children)
        )

    # ------------------------------------------------------------------------------------------------ inline

    def line(self, children: Sequence[Node | str]) -> str:
        """Returns inline content in one line, such as that of a heading."""
        text = self.inline(children).strip(f" \n{BREAK}")
        return text.replace(BREAK, "<br>").replace("\n", " ")

    def inline(self, children: Sequence[Node | str]) -> str:
        written = ""
        for child in _merged(children):
            piece = _words(child) if isinstance(child, str) else self._inline_element(child)
            if written.endswith((" ", "\n", BREAK)):
                piece = piece.lstrip(" \n")
            written += piece
        return written

    def _inline_element(self, node: Node) -> str:
        if node.tag in MARKS:
            return self._marked(node, MARKS[node.tag])
        match node.tag:
            case "br":
                return BREAK
            case html_tree.RAW:
                return node.text()
            case "code" | "tt" | "samp":
                return _code(node.text())
            case "a":
                return self._link(node)
            case "img":
                return self._image(node)
            case "math":
                return _formula(node)
        inner = self.inline(node.children)
        if node.tag in KEPT and inner.strip():
            title = node.attributes.get("title", "").replace('"', "").replace("<", "").replace(">", "")
            shown = f' title="{title}"' if node.tag == "abbr" and title else ""
            return f"<{node.tag}{shown}>{inner}</{node.tag}>"
        return inner

    def _marked(self, node: Node, sign: str) -> str:
        """Returns words between signs, with the blanks at the ends outside of them."""
        inner = self.inline(node.children)
        words = inner.strip(f" \n{BREAK}")
        if not words or BREAK in words:
            return inner
        start = inner.index(words)
        return f"{inner[:start]}{sign}{words}{sign}{inner[start + len(words) :]}"

    def _link(self, node: Node) -> str:
        inner, href = self.inline(node.children), node.attributes.get("href", "").strip()
        if not inner.strip():
            return inner
        if not SAFE.match(href) or BREAK in inner:
            if href:
                self.losses.add("link", self.at_line)
            return inner
        if node.text().strip() in (href, href.removeprefix("mailto:")) and SAFE.match(href)[0] != "#":  # type: ignore[index]
            return f"<{href.removeprefix('mailto:')}>" if not re.search(r"[\s<>]", href) else inner
        return f"[{inner}]({address(href)}{_title(node)})"

    def _image(self, node: Node) -> str:
        attributes = node.attributes
        if latex := attributes.get("data-equation-content", "").strip():
            return f"${latex}$"
        alt = BLANKS.sub(" ", attributes.get("alt", "")).strip()
        path = self.image(attributes.get("src", "").strip())
        if path is None:
            self.losses.add("image", self.at_line)
            return escape(alt)
        return f"![{escape(alt)}]({address(path)})"


def _holds_blocks(node: Node) -> bool:
    return any(child.tag in BLOCKS or _holds_blocks(child) for child in node.elements())


def _shows_something(node: Node) -> bool:
    return bool(node.text().strip()) or any(child.tag in ("img", "hr") for child in node.walk())


def _merged(children: Sequence[Node | str]) -> list[Node | str]:
    """Returns children with equal marks that follow each other joined, as ``<b>a</b><b>b</b>`` of word processors."""
    merged: list[Node | str] = []
    for child in children:
        last = merged[-1] if merged else None
        if isinstance(child, str) and isinstance(last, str):
            merged[-1] = last + child
        elif (
            isinstance(child, Node)
            and isinstance(last, Node)
            and child.tag in MARKS
            and child.tag == last.tag
        ):
            merged[-1] = Node(child.tag, {}, [*last.children, *child.children])
        else:
            merged.append(child)
    return merged


def _words(text: str) -> str:
    """Returns a text escaped, with its formulas between the dollars of our Markdown."""
    written, end = [], 0
    for match in MATHS.finditer(text):
        latex = (match[1] or match[2] or match[3]).strip()
        if latex:
            sign = "$" if match[1] else "$$"
            written += [_escaped(text[end : match.start()]), f"{sign}{latex}{sign}"]
            end = match.end()
    return "".join([*written, _escaped(text[end:])])


def _escaped(text: str) -> str:
    return escape(BLANKS.sub(" ", text.replace("\0", "")))


def _code(text: str) -> str:
    text = BLANKS.sub(" ", text)
    if not text.strip():
        return text
    fence = "`" * (1 + max((len(run) for run in BACKTICKS.findall(text)), default=0))
    is_padded = text[0] in "` " or text[-1] in "` "
    return f"{fence} {text} {fence}" if is_padded else f"{fence}{text}{fence}"


def _fence(node: Node) -> str:
    classes = " ".join(child.attributes.get("class", "") for child in node.walk())
    language = LANGUAGE.search(classes)
    text = _preformatted(node).removesuffix("\n")
    if node.children and isinstance(node.children[0], str):
        text = text.removeprefix("\n")  # HTML leaves out a line end right after the start of the element
    fence = "`" * max(3, 1 + max((len(run) for run in BACKTICKS.findall(text)), default=0))
    return f"{fence}{language[1][:LANGUAGES] if language else ''}\n{text}\n{fence}"


def _preformatted(node: Node) -> str:
    """Returns the text of an element, in which ``<br>`` ends a line."""
    parts = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(child.replace("\0", ""))
        else:
            parts.append("\n" if child.tag == "br" else _preformatted(child))
    return "".join(parts)


def _formula(node: Node) -> str:
    """Returns the LaTeX that a formula in MathML names as its source, or its signs."""
    for child in node.walk():
        if child.tag == "annotation" and "tex" in child.attributes.get("encoding", ""):
            return f"${child.text().strip()}$"
    return escape(BLANKS.sub(" ", node.text()).strip())


def _title(node: Node) -> str:
    title = (
        BLANKS.sub(" ", node.attributes.get("title", "")).strip().replace("\\", "\\\\").replace('"', '\\"')
    )
    return f' "{title}"' if title else ""


def address(href: str) -> str:
    """Returns an address as it stands between the round brackets of a link."""
    href = re.sub(r"[\x00-\x1f]", "", href).replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
    return f"<{href}>" if re.search(r"[\s()]", href) else href


def indented(text: str, width: int) -> str:
    """Returns a text with all lines but the first one moved to the right."""
    return text.replace("\n", "\n" + " " * width).replace("\n" + " " * width + "\n", "\n\n")


def quoted(text: str) -> str:
    """Returns a text as a quote."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
