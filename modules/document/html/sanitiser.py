"""Removes everything from a page that is not on a short list of tags and attributes. No other code sanitises."""

from __future__ import annotations

import re
from collections.abc import Sequence

import nh3
from markdown_it.token import Token

from modules.document.html.links import SECTION
from modules.document.html.markup import Page
from modules.document.html.site import Notes, Site

BLOCK_TAGS = (
    "p br hr h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code span div table thead tbody tr th td section"
)
INLINE_TAGS = "a img em strong s del label input kbd sub sup mark abbr details summary"
TAGS = {*BLOCK_TAGS.split(), *INLINE_TAGS.split()}
ATTRIBUTES = {
    "*": {"id", "class", "dir"},
    "a": {"href", "title", "aria-label"},
    "img": {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding"},
    "td": {"data-label"},
    "th": {"scope"},
    "ol": {"start"},
    "input": {"type", "disabled", "checked"},
    "div": {"role", "aria-label", "tabindex"},
    "span": {"role", "aria-label", "tabindex"},
    "pre": {"role", "aria-label", "tabindex"},
    "details": {"open"},
    "abbr": {"title"},
}


def clean(page: str, site: Site) -> str:
    """Returns a page without anything that is not on the lists, then with its formulas and questions in their slots.

    A page that is too large becomes an empty text.
    """
    site.deadline.check()
    if site.is_too_large(page):
        site.slots.clear()
        return ""
    safe = nh3.clean(
        page,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel", SECTION.rstrip(":")},
        link_rel="noopener noreferrer",
        strip_comments=True,
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": "disabled"}},
    )
    if site.slots:
        safe = re.sub(rf"slot{site.secret}n\d+n", lambda slot: site.slots[slot[0]], safe)
    site.slots.clear()
    return "" if site.is_too_large(safe) else safe


def blocks(
    tokens: Sequence[Token], site: Site, home: str, notes: Notes, *, level: int = 1, may_open: bool = True
) -> str:
    """Returns safe HTML of the blocks of a section whose heading has this level. Headings inside begin at ``h2``.

    Wide images are links to themselves, if they ``may_open``.
    """
    return clean(Page(site, home, notes, shift=level - 1, may_open=may_open).blocks(tokens), site)


def inline(token: Token, site: Site, home: str, notes: Notes) -> str:
    """Returns safe HTML of the words of a heading or a choice."""
    return clean(Page(site, home, notes, may_open=False).inline(token), site)


def footnotes(notes: Notes, site: Site, home: str, *, level: int = 1) -> str:
    """Returns safe HTML of the footnotes that have been mentioned, or an empty text."""
    return clean(Page(site, home, notes, shift=level - 1).footnotes(), site) if notes.order else ""
