"""Tokens to HTML, before it is made safe: what our pages need beyond plain Markdown."""

from __future__ import annotations

import contextlib
import html
import posixpath
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from modules.document.html.maths import mathml
from modules.document.html.tokens import PARSER
from modules.document.problems import N_, Problem
from modules.document.slugs import is_told_by_slug, linkable, slugify

ALLOWED = frozenset({"br", "kbd", "sub", "sup", "mark", "abbr", "details", "summary"})
TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[\s/][^<>]*)?)>", re.DOTALL)
TITLE = re.compile(r"\btitle\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
SCHEME = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
SECTION = "section:"  # how stored HTML names another section, until it is placed on a page
LONGEST_LABEL = 120
LONGEST_CODE = 50_000  # characters that are highlighted


@dataclass(slots=True)
class Site:
    """What links, images and footnotes of one document mean, and how much may still be written."""

    budget: int
    words: Mapping[str, str]
    labels: dict[tuple[str, str], int] = field(default_factory=dict)
    anchors: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # name -> (section identity, heading id or "")
    aliases: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # the same by what else a heading may be called in a link
    images: Mapping[str, str] = field(default_factory=dict)
    footnotes: dict[int, list[Token]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    seen: set[tuple[int, str, str]] = field(default_factory=set)
    slots: dict[str, str] = field(
        default_factory=dict
    )  # what stands in for each formula and each question in a text until the page is clean
    secret: str = field(default_factory=lambda: secrets.token_hex(12))

    def call(self, heading: str, target: tuple[str, str]) -> None:
        """Let links lead to a heading by its words; where several have the same, to the first that is called so."""
        for name in (linkable(heading), slugify(heading)):
            if name:
                self.aliases.setdefault(name, target)

    def target(self, name: str) -> tuple[str, str] | None:
        """What a link ``#name`` leads to; an identity that is exactly so goes before words that are written alike."""
        names = [name, linkable(name)]
        if is_told_by_slug(name):
            names.append(slugify(name))
        found = (places[one] for one in names for places in (self.anchors, self.aliases) if one in places)
        return next(found, None)

    def warn(self, line: int, code: str, template: str, **params: str) -> None:
        """Note a warning, once for each place however often that place is rendered."""
        key = (line, code, "".join(params.values()))
        if key not in self.seen:
            self.seen.add(key)
            self.problems.append(Problem(line, "warning", code, template, params))

    def spend(self, size: int) -> bool:
        """Take from what may be written; false when nothing is left."""
        self.budget -= size
        return self.budget >= 0


@dataclass(slots=True)
class Notes:
    """The footnotes that are mentioned in one text, in their order; ``prefix`` begins their ids on its page."""

    prefix: str = "s-"
    order: list[int] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    marked: set[int] = field(default_factory=set)  # numbers with a mark on the page, to which they lead back

    def mention(self, note: int) -> int:
        """The number that a footnote has in this text."""
        if note not in self.numbers:
            self.order.append(note)
            self.numbers[note] = len(self.order)
        return self.numbers[note]


class Page(RendererHTML):
    """Writes one text: ``home`` is the identity of its section, ``notes`` take the footnotes that it mentions."""

    def __init__(self, site: Site, home: str, notes: Notes, *, shift: int = 0) -> None:
        self.site, self.home, self.notes, self.shift = site, home, notes, shift
        self.line = 0
        self.columns: list[str] = []
        self.column = 0
        self.heading = ""
        self.dropped: list[bool] = []
        self.rules = {name: getattr(self, name) for name in RULES}

    def blocks(self, tokens: Sequence[Token]) -> str:
        """The HTML of block tokens, without the footnotes that they mention."""
        return self.render(tokens, PARSER.options, {})

    def inline(self, token: Token) -> str:
        """The HTML of one inline token, such as a heading's."""
        self.line = (token.map or [0])[0] + 1
        return self._lines(token, PARSER.options, {})

    def footnotes(self) -> str:
        """The HTML of all footnotes that have been mentioned."""
        written: list[str] = []
        while len(written) < len(self.notes.order):  # a footnote may mention another
            tokens = self.site.footnotes.get(self.notes.order[len(written)], [])
            body = self.render(tokens, PARSER.options, {})
            if not self.site.spend(len(body)):
                break
            number = len(written) + 1
            written.append(f'<li id="{self.notes.prefix}fn-{number}">{body}{self._way_back(number)}</li>')
        return f'<section class="footnotes"><ol>{"".join(written)}</ol></section>\n' if written else ""

    def _way_back(self, number: int) -> str:
        if number not in self.notes.marked:
            return ""
        said = self.site.words["back"].format(number=number)
        address = f"#{self.notes.prefix}fnref-{number}"
        return f'<p class="footnote-back"><a href="{address}" aria-label="{said}">↩</a></p>'

    def render(self, tokens: Sequence[Token], options: Any, env: Any) -> str:
        written = []
        for index, token in enumerate(tokens):
            if token.map:
                self.line = token.map[0] + 1
            if token.type == "inline":
                written.append(self._lines(token, options, env))
            elif token.type in self.rules:
                written.append(self.rules[token.type](tokens, index, options, env))
            else:
                written.append(self.renderToken(tokens, index, options, env))
        return "".join(written)

    def _lines(self, token: Token, options: Any, env: Any) -> str:
        """One inline token, its children one by one, so that a problem names the line where it stands."""
        first, written = self.line, []
        for child in token.children or []:
            self.line = first + child.meta.get("line", self.line - first)
            written.append(self.renderInline([child], options, env))
        return "".join(written)

    # ------------------------------------------------------------------------------------ headings, lists

    def heading_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        level = min(6, max(2, int(token.tag[1]) - self.shift))
        token.meta["shown"] = level
        self.heading = plain(tokens[index + 1])[:LONGEST_LABEL]
        identity = token.meta.get("id", "")
        return f'<h{level} id="{html.escape(identity)}">' if identity else f"<h{level}>"

    def heading_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f"</h{tokens[index - 2].meta.get('shown', 2)}>\n"

    def list_item_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        task = tokens[index].meta.get("task")
        if task is None:
            return "<li>"
        if task == "=":
            return "<li>[=] "
        return '<li class="task">'

    def paragraph_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        opening = "" if tokens[index].hidden else "<p>"
        task = (
            tokens[index - 1].meta.get("task")
            if index and tokens[index - 1].type == "list_item_open"
            else None
        )
        if task in (" ", "x"):
            return f'{opening}<label><input type="checkbox" disabled{" checked" if task == "x" else ""}> '
        return opening

    def paragraph_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        before = tokens[index - 3] if index >= 3 else None
        ticked = (
            before is not None and before.type == "list_item_open" and before.meta.get("task") in (" ", "x")
        )
        return ("</label>" if ticked else "") + ("" if tokens[index].hidden else "</p>\n")

    def blockquote_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        if kind := tokens[index].meta.get("alert"):
            return (
                f'<blockquote class="alert alert-{kind}"><p class="alert-title">{self.site.words[kind]}</p>\n'
            )
        return "<blockquote>\n"

    # --------------------------------------------------------------------------------------------- tables

    def table_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        self.columns = []
        wide = _columns(tokens, index) >= 2
        label = html.escape(self._label(self.heading))
        opening = '<table class="compare">' if wide else "<table>"
        return f'<div class="table" role="region" aria-label="{label}" tabindex="0">{opening}\n'

    def table_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def _label(self, heading: str) -> str:
        """A name for a table that no other table of the section has: its heading, and a number from the second on."""
        name = heading or self.site.words["table"]
        number = self.site.labels[self.home, name] = self.site.labels.get((self.home, name), 0) + 1
        return name if number == 1 else f"{name} ({number})"

    def tr_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        self.column = 0
        return "<tr>"

    def th_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        self.columns.append(plain(tokens[index + 1])[:LONGEST_LABEL])
        return f'<th scope="col"{_alignment(tokens[index])}>'

    def td_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        label = self.columns[self.column] if self.column < len(self.columns) else ""
        if not self.site.spend(len(label)):
            label = ""
        self.column += 1
        return f'<td data-label="{html.escape(label)}"{_alignment(tokens[index])}>'

    # ------------------------------------------------------------------------------------------ code, maths

    def fence(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        return _code(token.content, token.info.split()[0] if token.info.strip() else "")

    def code_block(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return _code(tokens[index].content, "")

    def math_inline(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return self._maths(tokens[index].content, block=False)

    def math_inline_double(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return self._maths(tokens[index].content, block=True)

    def math_block(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f'<div class="maths" tabindex="0">{self._maths(tokens[index].content, block=True)}</div>\n'

    def _maths(self, latex: str, *, block: bool) -> str:
        written = mathml(latex.strip(), block=block)
        if written is None or not self.site.spend(len(written)):
            self.site.warn(
                self.line,
                "maths",
                N_("This formula is not understood and is shown as it was typed: {latex}"),
                latex=latex.strip()[:60],
            )
            return f"<code>{html.escape(latex)}</code>"
        return self._later(written)

    def check(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return self._later(tokens[index].content) if self.site.spend(len(tokens[index].content)) else ""

    def _later(self, written: str) -> str:
        """Keep what is safe already, and what the sanitiser would not pass, until the page is clean."""
        slot = f"slot{self.site.secret}n{len(self.site.slots)}n"
        self.site.slots[slot] = written
        return slot

    # --------------------------------------------------------------------------------------- links, images

    def link_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        address = self._address(str(tokens[index].attrGet("href") or ""))
        self.dropped.append(address is None)
        if address is None or not self.site.spend(len(address)):
            self.dropped[-1] = True
            return "<span>"
        title = str(tokens[index].attrGet("title") or "")
        shown = f' title="{html.escape(title)}"' if title and self.site.spend(len(title)) else ""
        return f'<a href="{html.escape(address)}"{shown}>'

    def link_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return "</span>" if self.dropped and self.dropped.pop() else "</a>"

    def _address(self, href: str) -> str | None:
        if href.startswith("#"):
            return self._anchor(unquote(href[1:]))
        if SCHEME.match(href):
            return href
        self.site.warn(
            self.line,
            "dead-link",
            N_(
                "The link “{href}” leads nowhere in this document. Link to a heading (#its-name) or to a full address (https://…)."
            ),
            href=href[:80],
        )
        return None

    def _anchor(self, name: str) -> str | None:
        found = self.site.target(name)
        if found is None:
            self.site.warn(
                self.line,
                "dead-link",
                N_(
                    "The link “{href}” leads nowhere in this document. Link to a heading (#its-name) or to a full address (https://…)."
                ),
                href=f"#{name}"[:80],
            )
            return None
        section, heading = found
        if heading and section == self.home:
            return f"#{heading}"
        page = f"{SECTION}{section}/" if section else SECTION
        return f"{page}#{heading}" if heading else page

    def image(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        alt, source = plain(token), str(token.attrGet("src") or "")
        if not alt.strip():
            self.site.warn(
                self.line,
                "no-alt",
                N_(
                    "The image “{source}” has no alternative text. Write between the brackets what it shows: ![…]({source})"
                ),
                source=source[:80],
            )
        if not self.site.spend(len(source) + len(alt)):
            return ""
        if source.lower().startswith(("http://", "https://")):
            self.site.warn(
                self.line,
                "outside-image",
                N_(
                    "The image “{source}” lies on another site and is shown as a link. Put it into the archive to show it."
                ),
                source=source[:80],
            )
            return f'<a href="{html.escape(source)}">{html.escape(alt or source)}</a>'
        address = self.site.images.get(posixpath.normpath(unquote(source)))
        if address is None:
            self.site.warn(
                self.line,
                "missing-image",
                N_(
                    "The image “{source}” is missing. Put it into the archive beside the document, or take it out of the text."
                ),
                source=source[:80],
            )
            return f'<span class="missing-image">{html.escape(alt or source)}</span>'
        return f'<img src="{html.escape(address)}" alt="{html.escape(alt)}" loading="lazy" decoding="async">'

    # --------------------------------------------------------------------------------------------- raw HTML

    def html_inline(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return self._harmless(tokens[index].content)

    def html_block(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return self._harmless(tokens[index].content)

    def _harmless(self, content: str) -> str:
        """The few allowed tags as they are, comments gone, every other tag as the text it is."""
        written, end = [], 0
        for found in TAG.finditer(content):
            written.append(html.escape(content[end : found.start()], quote=False))
            written.append(self._tag(found, self.line + content.count("\n", 0, found.start())))
            end = found.end()
        rest = content[end:]
        return "".join(written) + ("" if rest.startswith("<!--") else html.escape(rest, quote=False))

    def _tag(self, found: re.Match[str], line: int) -> str:
        if found[0].startswith("<!--"):
            if not found[0].endswith("-->"):
                self._warn_of_open_comment(line)
            return ""
        name = found[2].lower()
        if name not in ALLOWED:
            self.site.warn(
                line,
                "html",
                N_("The HTML tag {tag} is shown as text. Write it in Markdown, or put it between backticks."),
                tag=found[0][:40],
            )
            return html.escape(found[0], quote=False)
        if found[1]:
            return f"</{name}>"
        is_open = name == "details" and re.search(r"\bopen\b", QUOTED.sub("", found[3].lower()))
        title = TITLE.search(found[3]) if name == "abbr" else None
        said = f' title="{html.escape(html.unescape(title[1] or title[2] or ""))}"' if title else ""
        return f"<{name}{' open' if is_open else ''}{said}>"

    def _warn_of_open_comment(self, line: int) -> None:
        self.site.warn(
            line,
            "open-comment",
            N_("This comment has no end and hides everything after it. Close it with -->."),
        )

    # -------------------------------------------------------------------------------------------- footnotes

    def footnote_ref(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        number, prefix = self.notes.mention(tokens[index].meta["id"]), self.notes.prefix
        back = "" if number in self.notes.marked else f' id="{prefix}fnref-{number}"'
        self.notes.marked.add(number)
        return f'<sup class="footnote-ref"><a href="#{prefix}fn-{number}"{back}>[{number}]</a></sup>'

    def footnote_anchor(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return ""


def plain(token: Token) -> str:
    """The words of an inline token, without any markup; a tag that does not work is the text it is."""
    return _words(token, tag=shown_tags)


def name_of(token: Token) -> str:
    """The words of a heading of which its address is made: no tag is among them, whether it works or not."""
    return _words(token, tag=lambda _content: "")


def _words(token: Token, *, tag: Callable[[str], str]) -> str:
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline", "math_inline", "math_inline_double"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "html_inline":
            parts.append(tag(child.content))
        elif child.type == "image":
            parts.append(_words(child, tag=tag))
    return "".join(parts).strip()


def shown_tags(content: str) -> str:
    """HTML as text: its tags that are shown as the text they are, without those that work and without comments."""
    return TAG.sub(_shown_tag, content)


def _shown_tag(found: re.Match[str]) -> str:
    is_hidden = found[0].startswith("<!--") or found[2].lower() in ALLOWED
    return "" if is_hidden else found[0]


def _columns(tokens: Sequence[Token], index: int) -> int:
    count = 0
    while tokens[index].type != "tr_close":
        count += tokens[index].type == "th_open"
        index += 1
    return count


def _alignment(token: Token) -> str:
    style = str(token.attrGet("style") or "")
    for side in ("center", "right"):
        if side in style:
            return f' class="align-{side}"'
    return ""


def _code(content: str, language: str) -> str:
    """A block of code, coloured by classes where its language is known, that can be scrolled by keyboard."""
    body = html.escape(content, quote=False)
    if language and len(content) <= LONGEST_CODE:
        with contextlib.suppress(ClassNotFound):
            body = highlight(content, get_lexer_by_name(language, stripnl=False), HtmlFormatter(nowrap=True))
    return f'<pre class="code" tabindex="0"><code>{body}</code></pre>\n'


WRITING = ("blocks", "inline", "footnotes", "render")
RULES = (
    *(name for name in vars(Page) if not name.startswith("_") and name not in WRITING),
    *("text", "code_inline", "hardbreak", "softbreak"),
)
