"""Renders tokens as HTML for other programs: plain tags, formulas as LaTeX, no classes of our pages but two."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from modules.document.html import image_links, links
from modules.document.html.data_uris import is_data
from modules.document.html.markup import Page
from modules.document.html.plain_text import plain
from modules.document.html.site import Notes, Site

Image = Callable[[str], str | None]


class PortablePage(Page):
    """Renders texts of one question. ``image`` returns the address of an image in the other program, or ``None``.

    ``losses`` collects the kinds of things that the other program shows in another way.
    """

    def __init__(self, site: Site, notes: Notes, image: Image, losses: set[str]) -> None:
        super().__init__(site, "", notes)
        self.image_of, self.losses = image, losses

    def heading_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        tokens[index].meta["shown"] = int(tokens[index].tag[1])
        return f"<{tokens[index].tag}>"

    def blockquote_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        if kind := tokens[index].meta.get("alert"):
            title = self.site.words[kind]
            return f'<blockquote class="alert alert-{kind}"><p class="alert-title"><strong>{title}</strong></p>\n'
        return "<blockquote>\n"

    def table_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return "<table>\n"

    def table_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return "</table>\n"

    def th_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return f'<th scope="col"{_style(tokens[index])}>'

    def td_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return f"<td{_style(tokens[index])}>"

    def fence(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        name = tokens[index].info.split()[0] if tokens[index].info.strip() else ""
        language = f' class="language-{html.escape(name)}"' if name else ""
        return f"<pre><code{language}>{html.escape(tokens[index].content, quote=False)}</code></pre>\n"

    def code_block(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return f"<pre><code>{html.escape(tokens[index].content, quote=False)}</code></pre>\n"

    def math_block(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return f"<p>{self._maths(tokens[index].content, block=True)}</p>\n"

    def _maths(self, latex: str, *, block: bool) -> str:
        self.losses.add("maths")
        opening, closing = (r"\[", r"\]") if block else (r"\(", r"\)")
        return html.escape(f"{opening}{latex.strip()}{closing}", quote=False)

    def link_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        href = str(tokens[index].attrGet("href") or "")
        is_inside = href.startswith("#")
        is_dropped = not (is_inside or links.SCHEME.match(href)) or not self.site.spend(len(href))
        self.dropped.append(is_dropped)
        if is_inside:
            self.losses.add("section-link")
        if is_dropped:
            return "<span>"
        title = str(tokens[index].attrGet("title") or "")
        shown = f' title="{html.escape(title)}"' if title else ""
        return f'<a href="{html.escape(href)}"{shown}>'

    def image(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        alt, source = plain(tokens[index]), str(tokens[index].attrGet("src") or "")
        address = source if image_links.is_outside(source) else self.image_of(source)
        if address is None or not self.site.spend(len(address) + len(alt)):
            self.losses.add("image")
            return html.escape(f"[{alt or (self.site.words['image'] if is_data(source) else source)}]")
        return f'<img src="{html.escape(address)}" alt="{html.escape(alt)}">'

    def footnote_ref(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        self.losses.add("footnote")
        return f"<sup>[{self.notes.mention(tokens[index].meta['id'])}]</sup>"

    def footnotes(self) -> str:
        """Returns the footnotes that the text mentions as a list below it."""
        written: list[str] = []
        while len(written) < len(self.notes.order):  # a footnote may mention another
            body = self.blocks(self.site.footnotes.get(self.notes.order[len(written)], []))
            if not self.site.spend(len(body)):
                break
            written.append(f"<li>{body}</li>")
        return f"<ol>{''.join(written)}</ol>\n" if written else ""


def _style(token: Token) -> str:
    style = str(token.attrGet("style") or "")
    return f' style="{html.escape(style)}"' if style else ""
