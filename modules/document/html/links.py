"""Finds the address of each link of a document, and warns about the ones that have none."""

from __future__ import annotations

import re
from urllib.parse import unquote

from modules.document.html.data_uris import BROKEN, is_data
from modules.document.html.site import Site
from modules.document.problems import N_

SCHEME = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
SECTION = "section:"  # begins the address of a section in stored HTML, until the HTML is placed on a page
LONGEST_PARAM = 80  # characters of an address that a warning repeats


def link_address(href: str, site: Site, home: str, line: int) -> str | None:
    """Returns the address that a link leads to, or ``None`` and a warning where it leads nowhere.

    ``home`` is the identity of the section that has the link, on ``line``.
    """
    target = site.target(unquote(href[1:])) if href.startswith("#") else None
    if target is not None:
        return _address_of(target, home)
    if SCHEME.match(href):
        return href
    shown = f"#{unquote(href[1:])}" if href.startswith("#") else href
    _warn_of_dead_link(shown.removesuffix(BROKEN) if is_data(shown) else shown, site, line)
    return None


def title_address(target: str, written: str, site: Site, home: str, line: int) -> str | None:
    """Returns the address of a link in double brackets, which names a section, a heading, or both.

    It never leads outside. Of a link that leads nowhere, the warning has what was ``written``.
    """
    note, _hash, heading = target.partition("#")
    names = [heading.rpartition("#")[2].strip(), note.rpartition("/")[2].removesuffix(".md").strip()]
    found = next((place for name in names if name and (place := site.target(name))), None)
    if found is None:
        if not written.startswith("!"):
            _warn_of_dead_link(written, site, line)
        return None
    return _address_of(found, home)


def _warn_of_dead_link(href: str, site: Site, line: int) -> None:
    template = N_(
        "The link “{href}” leads nowhere in this document. Link to a heading (#its-name) or to a full address (https://…)."
    )
    site.warn(line, "dead-link", template, href=href[:LONGEST_PARAM])


def _address_of(target: tuple[str, str], home: str) -> str:
    section, heading = target
    if heading and section == home:
        return f"#{heading}"
    page = f"{SECTION}{section}/" if section else SECTION
    return f"{page}#{heading}" if heading else page
