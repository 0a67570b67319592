"""Reads a Word document as a draft in Markdown, with its pictures. Never raises."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import mammoth
from mammoth.documents import Image

from modules.document.convert.converted import Converted, loss
from modules.document.convert.foreign_images import ForeignImages
from modules.document.convert.from_html import indented, markdown_of_tree
from modules.document.convert.html_tree import RAW, Node, parse_html
from modules.document.convert.losses import Losses
from modules.document.convert.word_choices import one_below_the_other
from modules.document.convert.word_marks import is_coloured
from modules.document.convert.word_paragraphs import BODY, written_out
from modules.document.convert.xml_input import parse_xml, refused
from modules.document.problems import N_, DocumentError, Problem
from modules.document.syntax import archive

LIMIT = 50 * 1024 * 1024  # bytes of the file unpacked; raised, reading takes more memory
STYLES = """
p[style-name='Title'] => h1.document-title:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote:fresh
p[style-name='Intense Quote'] => blockquote:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
p[style-name='TOC Heading'] => !
p[style-name='toc 1'] => !
p[style-name='toc 2'] => !
p[style-name='toc 3'] => !
r[style-name='Verbatim Char'] => code
r[style-name='HTML Code'] => code
comment-reference => !
"""
ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
}
NOTE = re.compile(r"#?(footnote|endnote)-(\d{1,6})\Z")
# Parts of the document that Markdown does not have, by the element that each begins with.
LOST = {
    "oMath": N_("Formulas: {count}. Write them between dollars, such as $x^2$."),
    "chart": N_("Charts: {count}. Insert each as a picture."),
    "relIds": N_("Diagrams of SmartArt: {count}. Insert each as a picture."),
    "commentReference": N_("Comments: {count}. They are left out."),
    "del": N_("Deletions that nobody has accepted yet: {count}. They are left out."),
    "ins": N_("Insertions that nobody has accepted yet: {count}. They are kept."),
    "headerReference": N_("Headers of pages: {count}. They are left out."),
    "footerReference": N_("Footers of pages: {count}. They are left out."),
    "OLEObject": N_("Objects of other programs: {count}. They are left out."),
}
PICTURES = N_("Pictures that a browser cannot show: {count}. Save them as PNG and insert them again.")
LINKS = N_("Links inside the document: {count}. Their words are kept.")
TICKED = N_(
    "Choices that colour, a marker or underlining sets apart: {count}. Each counts as a right answer. Check that it is one."
)
COLOURS = N_("Coloured or marked words: {count}. A key that only a colour shows is lost.")


@dataclass(frozen=True, slots=True)
class WordDocument:
    """Holds a draft, and the images that it shows by their paths."""

    draft: Converted
    images: Mapping[str, bytes] = field(default_factory=dict)


def is_docx(content: bytes) -> bool:
    """Checks whether a file is a Word document: a zip that has its main part, and no module of ours."""
    paths = archive.paths_of(content)
    return BODY in paths and not any(path.lower().endswith(archive.MARKDOWN) for path in paths)


def read_docx(content: bytes) -> WordDocument:
    """Returns a document as a draft. A file that cannot be read gives an empty draft and one error."""
    try:
        parts = _parts(content)
        content, ticked = written_out(content, parts)
        return _Reader(parts[BODY], ticked).read(content)
    except DocumentError as error:
        return WordDocument(Converted("", error.problems))
    except Exception:  # the library raises whatever a broken part of a file leads to
        broken = refused(
            "bad-docx", N_("This Word document cannot be read. Open it in Word and save it again as .docx.")
        )
        return WordDocument(Converted("", broken.problems))


def _parts(content: bytes) -> dict[str, Element]:
    """Returns the parts of a document that are XML. Raises :class:`DocumentError` for one that is not safe to read."""
    parts: dict[str, Element] = {}
    for path, part in archive.unpack_all(content, limit=LIMIT).items():
        is_named = path.lower().endswith((".xml", ".rels"))
        if is_named or b"<" in part[:64].replace(b"\0", b""):
            try:
                parts[path] = parse_xml(part)
            except DocumentError as error:
                if is_named or error.problems[0].code != "bad-xml":
                    raise
    return parts


class _Reader:
    def __init__(self, body: Element, ticked: Collection[Element]) -> None:
        self.body, self.ticked = body, ticked
        self.losses, self.images = Losses(), ForeignImages()
        self.left_out = 0  # pictures

    def read(self, content: bytes) -> WordDocument:
        keep = mammoth.images.img_element(self._image)
        result = mammoth.convert_to_html(
            io.BytesIO(content), style_map=STYLES, convert_image=keep, external_file_access=False
        )
        root = parse_html(result.value)
        root.children = one_below_the_other(root.children)
        _lower_headings(root)
        notes = self._take_notes(root)
        text = "\n\n".join([self._markdown(root), *notes]).strip()
        if not text:
            raise refused("no-text", N_("This Word document has no text."))
        return WordDocument(Converted(f"{text}\n", tuple(self._problems())), self.images.files)

    def _image(self, image: Image) -> dict[str, str]:
        ending = ENDINGS.get(image.content_type or "", "")
        path = None
        if ending:
            with image.open() as file:
                path = self.images.add(f"gambar-{len(self.images.files) + 1}.{ending}", file.read())
        self.left_out += path is None
        return {"src": path or ""}

    def _markdown(self, root: Node) -> str:
        return markdown_of_tree(root, image=lambda path: path or None, losses=self.losses)

    def _take_notes(self, root: Node) -> list[str]:
        """Turns marks of notes into ``[^1]``, takes the list of notes out of the tree, and returns the notes."""
        notes: list[str] = []
        for node in list(root.walk()):
            node.children = [
                _with_marks(child) if isinstance(child, Node) else child for child in node.children
            ]
        for child in list(root.elements()):
            if child.tag == "ol" and any(
                NOTE.match(item.attributes.get("id", "")) for item in child.elements()
            ):
                root.children.remove(child)
                notes += self._notes(child)
        return notes

    def _notes(self, node: Node) -> Iterator[str]:
        for item in node.elements():
            if match := NOTE.match(item.attributes.get("id", "")):
                text = self._markdown(Node("", {}, item.children)) or "…"
                yield f"[^{_label(match)}]: {indented(text, 4)}"

    def _problems(self) -> Iterator[Problem]:
        counts: dict[str, int] = {}
        for element in self.body.iter():
            counts[str(element.tag)] = counts.get(str(element.tag), 0) + 1
        for tag, template in LOST.items():
            if count := counts.get(tag, 0):
                yield loss(0, template, count=count)
        if self.left_out:
            yield loss(0, PICTURES, count=self.left_out)
        if count := self.losses.counts.get("link", 0):
            yield loss(0, LINKS, count=count)
        if self.ticked:
            yield loss(0, TICKED, count=len(self.ticked))
        read = {run for choice in self.ticked for run in choice.iter("rPr")}
        coloured = (run for run in self.body.iter("rPr") if run not in read and is_coloured(run))
        if count := sum(1 for _run in coloured):
            yield loss(0, COLOURS, count=count)


def _lower_headings(root: Node) -> None:
    """Puts all headings one level below the title, if the document has one in the style of titles."""
    headings = [node for node in root.walk() if re.fullmatch(r"h[1-6]", node.tag)]
    titles = [node for node in headings if node.attributes.get("class", "") == "document-title"]
    for node in headings if titles else ():
        if node is not titles[0]:
            node.tag = f"h{min(6, int(node.tag[1]) + 1)}"


def _with_marks(node: Node) -> Node:
    """Returns a mark of a note as Markdown, nothing in place of the way back, and any other element as it is."""
    links = [node] if node.tag == "a" else list(node.elements()) if node.tag == "sup" else []
    for link in links:
        href = link.attributes.get("href", "")
        if match := NOTE.match(href):
            return Node(RAW, {}, [f"[^{_label(match)}]"])
        if href.startswith(("#footnote-ref-", "#endnote-ref-")):
            return Node(RAW)
        if href.startswith("#"):  # a bookmark, which has no name here
            link.attributes["href"] = "bookmark"
    return node


def _label(match: re.Match[str]) -> str:
    return match[2] if match[1] == "footnote" else f"e{match[2]}"
