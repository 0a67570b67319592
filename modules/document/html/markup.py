"""Turns tokens into HTML with the additions that our pages need; the sanitiser makes the result safe."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from modules.document.html import image_links, links, table_markup
from modules.document.html.code import code_block
from modules.document.html.data_uris import is_data, without_data
from modules.document.html.dialects.directives import code_language
from modules.document.html.directions import attribute
from modules.document.html.image_markup import image_tag
from modules.document.html.maths import mathml
from modules.document.html.plain_text import ALLOWED, TAG, plain
from modules.document.html.site import Notes, Site
from modules.document.html.tokens import PARSER
from modules.document.problems import N_

TITLE = re.compile(r"\btitle\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
COMPONENT = re.compile(r"[A-Z][A-Za-z0-9]*[a-z]")  # the name of a component in JSX
MATHS = ("math", "{math}")  # what stands behind the fence of a formula on GitHub and in MyST
MOST_OPEN_TAGS = 50  # inside each other; raised, the sanitiser takes longer for each one
LONGEST_LABEL = 120  # characters of a heading that name a table or a column; longer ones are cut
LONGEST_IN_LINE = 24  # signs of a formula in a line that fit a phone; a longer one scrolls by itself
UNSEEN = re.compile(
    r"\\[A-Za-z]+|[{}^_\s]"
)  # commands, which mostly draw one sign or none, and marks of LaTeX


class Page(RendererHTML):
    """Renders one text: ``home`` is the identity of its section, ``notes`` collect the footnotes that it mentions.

    Each public method below ``render`` is a rule that is named for the type of token it renders. ``shift`` is taken
    from the level of each heading. ``may_open``: a wide image is a link to itself.
    """

    def __init__(self, site: Site, home: str, notes: Notes, *, shift: int = 0, may_open: bool = True) -> None:
        self.site, self.home, self.notes, self.shift = site, home, notes, shift
        self.may_open = may_open
        self.line = 0
        self.columns: list[str] = []
        self.column = 0
        self.shape = ""
        self.is_row_head = self.hangs = self.has_words = self.is_heading = False
        self.heading = ""
        self.dropped: list[bool] = []
        self.open_tags = 0
        self.rules = {name: getattr(self, name) for name in RULES}

    def blocks(self, tokens: Sequence[Token]) -> str:
        """Returns the HTML of block tokens, without the footnotes that they mention."""
        return self.render(tokens, PARSER.options, {})

    def inline(self, token: Token) -> str:
        """Returns the HTML of one inline token, such as the one of a heading."""
        self.line = (token.map or [0])[0] + 1
        return self._lines(token, PARSER.options, {})

    def footnotes(self) -> str:
        """Returns the HTML of all footnotes that have been mentioned."""
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
        label = self.site.words["back"].format(number=number)
        address = f"#{self.notes.prefix}fnref-{number}"
        return f'<p class="footnote-back"><a href="{address}" aria-label="{label}">↩</a></p>'

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        written = []
        for index, token in enumerate(tokens):
            self.site.deadline.check()
            if token.map:
                self.line = token.map[0] + 1
            if token.type == "inline":
                written.append(self._lines(token, options, env))
            elif token.type in self.rules:
                written.append(self.rules[token.type](tokens, index, options, env))
            else:
                written.append(self.renderToken(tokens, index, options, env))
        return "".join(written)

    def _lines(self, token: Token, options: OptionsDict, env: EnvType) -> str:
        """Renders the children of an inline token one by one, so that a problem names its own line."""
        self.has_words = any(child.type in WORDS and child.content.strip() for child in token.children or [])
        if not self.hangs:
            return self._line_of(token.children or [], options, env)
        self.hangs = False
        lines = table_markup.lines_of(token)
        return "".join(
            f'<span class="{kind}">{self._line_of(line, options, env)}</span>' for kind, line in lines
        )

    def _line_of(self, children: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        first, written = self.line, []
        for child in children:
            self.site.deadline.check()
            self.line = first + child.meta.get("line", self.line - first)
            written.append(self.renderInline([child], options, env))
        return "".join(written)

    # ------------------------------------------------------------------------------------ headings, lists

    def heading_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[index]
        level = min(6, max(2, int(token.tag[1]) - self.shift))
        token.meta["shown"] = level
        self.heading, self.is_heading = plain(tokens[index + 1])[:LONGEST_LABEL], True
        identity = token.meta.get("id", "")
        name = f' id="{html.escape(identity)}"' if identity else ""
        return f"<h{level}{name}{attribute(token)}>"

    def heading_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        opening, self.is_heading = tokens[index - 2].meta, False
        return f"{self._link_to(str(opening.get('id', '')))}</h{opening.get('shown', 2)}>\n"

    def _link_to(self, identity: str) -> str:
        """Returns a link to the heading that is being closed, so that it can be copied."""
        label = self.site.words["link_to"].format(title=self.heading)
        if not identity or not self.heading or not self.site.spend(len(identity) + len(label)):
            return ""
        return f'<a class="mark-link" href="#{html.escape(identity)}" aria-label="{html.escape(label)}">#</a>'

    def list_item_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        task = tokens[index].meta.get("task")
        if task is None:
            return "<li>"
        if task == "=":
            return "<li>[=] "
        return '<li class="task">'

    def paragraph_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        opening = "" if tokens[index].hidden else f"<p{attribute(tokens[index])}>"
        task = (
            tokens[index - 1].meta.get("task")
            if index and tokens[index - 1].type == "list_item_open"
            else None
        )
        if task in (" ", "x"):
            return f'{opening}<label><input type="checkbox" disabled{" checked" if task == "x" else ""}> '
        return opening

    def paragraph_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        before = tokens[index - 3] if index >= 3 else None
        is_task = (
            before is not None and before.type == "list_item_open" and before.meta.get("task") in (" ", "x")
        )
        return ("</label>" if is_task else "") + ("" if tokens[index].hidden else "</p>\n")

    def blockquote_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        kind, label = tokens[index].meta.get("alert"), tokens[index].meta.get("label")
        direction = attribute(tokens[index])
        if not kind:
            return f"<blockquote{direction}>\n"
        title = f'<p class="alert-title">{self.site.words[label]}</p>\n' if label else ""
        return f'<blockquote class="alert alert-{kind}"{direction}>{title}'

    def alert_title_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return '<p class="alert-title">'

    def alert_title_close(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "</p>\n"

    def details_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        meta = tokens[index].meta
        return (
            f"<details>\n<summary>{html.escape(meta['title'] or self.site.words[meta['label']])}</summary>\n"
        )

    def details_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return "</details>\n"

    # --------------------------------------------------------------------------------------------- tables

    def table_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        self.columns = []
        self.shape = table_markup.shape_of(tokens, index)
        label = html.escape(self._label(self.heading))
        if self._is_broad:
            opening, kind = f'<div class="breakout"><div class="table {self.shape}"', ""
        else:
            opening, kind = '<div class="table"', f' class="{self.shape}"' if self.shape else ""
        return f'{opening} role="region" aria-label="{label}" tabindex="0"><table{kind}{attribute(tokens[index])}>\n'

    @property
    def _is_broad(self) -> bool:
        return self.shape.startswith("broad")

    def table_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div></div>\n" if self._is_broad else "</table></div>\n"

    def _label(self, heading: str) -> str:
        """Returns a name that no other table of the section has: its heading, and a number from the second on."""
        name = heading or self.site.words["table"]
        number = self.site.labels[self.home, name] = self.site.labels.get((self.home, name), 0) + 1
        return name if number == 1 else f"{name} ({number})"

    def tr_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        self.column = 0
        return "<tr>"

    def th_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        self.columns.append(plain(tokens[index + 1])[:LONGEST_LABEL])
        return f'<th scope="col"{table_markup.alignment(tokens[index])}>'

    def td_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        kind = table_markup.alignment(tokens[index])
        self.hangs = table_markup.begins_with_bullet(tokens[index + 1])
        self.column += 1
        if self._is_broad:
            self.is_row_head = self.column == 1 and bool(tokens[index + 1].content.strip())
            return f'<th scope="row"{kind}>' if self.is_row_head else f"<td{kind}>"
        label = self.columns[self.column - 1] if self.column <= len(self.columns) else ""
        if not self.site.spend(len(label)):
            label = ""
        return f'<td data-label="{html.escape(label)}"{kind}>'

    def td_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        is_row_head, self.is_row_head = self.is_row_head, False
        return "</th>\n" if is_row_head else "</td>\n"

    # ------------------------------------------------------------------------------------------ code, maths

    def fence(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[index]
        if token.info.strip() in MATHS:
            return self.math_block(tokens, index, options, env)
        return code_block(token.content, code_language(token.info), self.site)

    def code_block(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return code_block(tokens[index].content, "", self.site)

    def math_inline(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        formula = self._maths(tokens[index].content, block=False)
        if len(UNSEEN.sub("", tokens[index].content)) <= LONGEST_IN_LINE:
            return formula
        return f'<span class="maths long"{self._scrolls}>{formula}</span>'

    def math_inline_double(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        formula = self._maths(tokens[index].content, block=True)
        return f'<span class="maths"{self._scrolls}>{formula}</span>'

    def math_block(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        formula = self._maths(tokens[index].content, block=True)
        return f'<div class="maths"{self._scrolls}>{formula}</div>\n'

    @property
    def _scrolls(self) -> str:
        """Returns the attributes of a formula that may scroll sideways: the keyboard reaches it, and it has a name."""
        return f' role="group" aria-label="{self.site.words["formula"]}" tabindex="0"'

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

    def check(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return self._later(tokens[index].content) if self.site.spend(len(tokens[index].content)) else ""

    def _later(self, written: str) -> str:
        """Keeps safe HTML that the sanitiser would not pass until the page is clean; returns the word in its place."""
        slot = f"slot{self.site.secret}n{len(self.site.slots)}n"
        self.site.slots[slot] = written
        return slot

    # --------------------------------------------------------------------------------------- links, images

    def link_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        address = self._link_address(tokens[index])
        is_dropped = address is None or not self.site.spend(len(address))
        self.dropped.append(is_dropped)
        if is_dropped or address is None:
            return "<span>"
        title = str(tokens[index].attrGet("title") or "")
        shown = f' title="{html.escape(title)}"' if title and self.site.spend(len(title)) else ""
        return f'<a href="{html.escape(address)}"{shown}>'

    def _link_address(self, token: Token) -> str | None:
        href, written = str(token.attrGet("href") or ""), token.meta.get("double_brackets", "")
        if written:
            return links.title_address(href[1:], written, self.site, self.home, self.line)
        return links.link_address(href, self.site, self.home, self.line)

    def link_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return "</span>" if self.dropped and self.dropped.pop() else "</a>"

    def image(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        alt, source = plain(tokens[index]), str(tokens[index].attrGet("src") or "")
        if not self.site.spend(len(source) + len(alt)):
            return ""
        if is_data(source):
            image_links.warn_of_data(source, self.site, self.line)
            return self._missing_image(alt or self.site.words["image"])
        image_links.warn_of_missing_alt(source, alt, self.site, self.line)
        if image_links.is_outside(source):
            image_links.warn_of_outside(source, self.site, self.line)
            return f'<a href="{html.escape(source)}">{html.escape(alt or source)}</a>'
        address = image_links.address_of(source, self.site, self.line)
        if address is None:
            return self._missing_image(alt or source)
        may_open = self.may_open and not (
            self.is_heading or self.dropped
        )  # a link that the author wrote leads where it says
        if may_open and not self.site.spend(len(source) + len(alt)):
            return ""
        return image_tag(address, alt, self.site.words, is_among_words=self.has_words, may_open=may_open)

    def _missing_image(self, words: str) -> str:
        return f'<span class="missing-image">{html.escape(words)}</span>'

    def text(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return html.escape(without_data(tokens[index].content))

    # --------------------------------------------------------------------------------------------- raw HTML

    def html_inline(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return self._harmless(tokens[index].content)

    def html_block(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return self._harmless(tokens[index].content)

    def _harmless(self, content: str) -> str:
        """Returns HTML with the few allowed tags as they are, without comments, and with every other tag as text."""
        written, end, line = [], 0, self.line
        for match in TAG.finditer(content):
            self.site.deadline.check()
            before = content[end : match.start()]
            line += before.count("\n")
            written += [html.escape(before, quote=False), self._tag(match, line)]
            line += match[0].count("\n")
            end = match.end()
        rest = content[end:]
        return "".join(written) + ("" if rest.startswith("<!--") else html.escape(rest, quote=False))

    def _tag(self, match: re.Match[str], line: int) -> str:
        if match[0].startswith("<!--"):
            if not match[0].endswith("-->"):
                self._warn_of_open_comment(line)
            return ""
        name = match[2].lower()
        if name not in ALLOWED:
            self._warn_of_tag(match[2], line)
            return html.escape(without_data(match[0]), quote=False)
        if match[1]:
            self.open_tags = max(0, self.open_tags - 1)
            return f"</{name}>"
        if name != "br":
            self.open_tags += 1
        if self.open_tags > MOST_OPEN_TAGS:
            return self._too_deep(match[0], name, line)
        is_open = name == "details" and re.search(r"\bopen\b", QUOTED.sub("", match[3].lower()))
        title = TITLE.search(match[3]) if name == "abbr" else None
        shown = f' title="{html.escape(html.unescape(title[1] or title[2] or ""))}"' if title else ""
        return f"<{name}{' open' if is_open else ''}{shown}>"

    def _warn_of_tag(self, name: str, line: int) -> None:
        template = N_(
            "The HTML tag {tag} is shown as text. Write it in Markdown, or put it between backticks."
        )
        if COMPONENT.match(name):
            template = N_("The component {tag} of MDX is shown as text. Write in Markdown what it shows.")
        self.site.warn(line, "html", template, tag=f"<{name[:40]}>")

    def _too_deep(self, tag: str, name: str, line: int) -> str:
        self.open_tags -= 1
        template = N_(
            "Too many HTML tags are open here, so {tag} is shown as text. Close each tag where it ends, as in {end}."
        )
        self.site.warn(line, "open-tags", template, tag=tag[:40], end=f"<{name}>…</{name}>")
        return html.escape(tag, quote=False)

    def _warn_of_open_comment(self, line: int) -> None:
        self.site.warn(
            line,
            "open-comment",
            N_("This comment has no end and hides everything after it. Close it with -->."),
        )

    # -------------------------------------------------------------------------------------------- footnotes

    def footnote_ref(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        number, prefix = self.notes.mention(tokens[index].meta["id"]), self.notes.prefix
        back = "" if number in self.notes.marked else f' id="{prefix}fnref-{number}"'
        self.notes.marked.add(number)
        return f'<sup class="footnote-ref"><a href="#{prefix}fn-{number}"{back}>[{number}]</a></sup>'

    def footnote_anchor(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return ""


# Parts of a line that stand beside an image.
WORDS = frozenset({"text", "code_inline", "math_inline", "footnote_ref"})
# Methods that start the rendering; every other public method of a page is a rule for a type of token.
WRITING = ("blocks", "inline", "footnotes", "render")
RULES = (
    *(name for name in vars(Page) if not name.startswith("_") and name not in WRITING),
    *("code_inline", "hardbreak", "softbreak"),
)
