"""Finds the address of each link and image of a document, and warns about the ones that have none."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote

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
    _warn_of_dead_link(f"#{unquote(href[1:])}" if href.startswith("#") else href, site, line)
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


def is_outside(source: str) -> bool:
    """Checks whether an image is stored on another site."""
    return source.lower().startswith(("http://", "https://"))


def image_address(source: str, site: Site) -> str | None:
    """Returns the address of an image of the document, or ``None`` where the document has no such image."""
    return site.images.get(posixpath.normpath(unquote(source)))


def warn_of_image(source: str, alt: str, site: Site, line: int) -> None:
    """Warns about an image on ``line`` that says nothing to people who cannot see it."""
    if not alt.strip():
        template = N_(
            "The image “{source}” has no alternative text. Write between the brackets what it shows: ![…]({source})"
        )
        site.warn(line, "no-alt", template, source=source[:LONGEST_PARAM])


def warn_of_outside_image(source: str, site: Site, line: int) -> None:
    """Warns about an image on ``line`` that another site would have to deliver."""
    template = N_(
        "The image “{source}” lies on another site and is shown as a link. Put it into the archive to show it."
    )
    site.warn(line, "outside-image", template, source=source[:LONGEST_PARAM])


def warn_of_missing_image(source: str, site: Site, line: int) -> None:
    """Warns about an image on ``line`` that the document does not have."""
    template = N_(
        "The image “{source}” is missing. Put it into the archive beside the document, or take it out of the text."
    )
    site.warn(line, "missing-image", template, source=source[:LONGEST_PARAM])
