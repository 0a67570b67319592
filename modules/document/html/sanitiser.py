"""The one sanitiser: what a page may hold, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

import nh3
from markdown_it.token import Token

from modules.document.html.links import SECTION
from modules.document.html.markup import Page
from modules.document.html.site import Notes, Site

TAGS = {
    *(
        "p",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "code",
        "span",
        "div",
    ),
    *(
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
        "img",
        "em",
        "strong",
        "s",
        "del",
        "label",
        "input",
        "section",
    ),
    *("kbd", "sub", "sup", "mark", "abbr", "details", "summary"),
}
ATTRIBUTES = {
    "*": {"id", "class"},
    "a": {"href", "title", "aria-label"},
    "img": {"src", "alt", "loading", "decoding"},
    "td": {"data-label"},
    "th": {"scope"},
    "ol": {"start"},
    "input": {"type", "disabled", "checked"},
    "div": {"role", "aria-label", "tabindex"},
    "pre": {"tabindex"},
    "details": {"open"},
    "abbr": {"title"},
}


def clean(page: str, site: Site) -> str:
    """Take out of a page everything that is not on the short list, then put in its formulas and its questions."""
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
    return safe


def blocks(tokens: Sequence[Token], site: Site, home: str, notes: Notes, *, level: int = 1) -> str:
    """Safe HTML of the blocks of a section whose own heading has this level; headings inside begin at ``h2``."""
    return clean(Page(site, home, notes, shift=level - 1).blocks(tokens), site)


def inline(token: Token, site: Site, home: str, notes: Notes) -> str:
    """Safe HTML of a heading's or a choice's words."""
    return clean(Page(site, home, notes).inline(token), site)


def footnotes(notes: Notes, site: Site, home: str, *, level: int = 1) -> str:
    """Safe HTML of the footnotes that were mentioned until now; empty where there are none."""
    return clean(Page(site, home, notes, shift=level - 1).footnotes(), site) if notes.order else ""
