"""Parses XML of other programs within bounds: no entities, no references to other files, no endless depth."""

from __future__ import annotations

import io
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from modules.document.problems import N_, DocumentError, Problem

LIMIT = 20 * 1024 * 1024  # bytes of a file, images in it included; raised, reading takes more memory
DEEPEST = 60  # elements inside each other
MOST_ELEMENTS = 200_000  # of a file; raised, reading takes longer


def parse_xml(content: bytes) -> Element:
    """Returns the root of a file, with names of elements without their namespaces.

    Raises :class:`DocumentError` with one sentence for a file that is no XML, or is not safe to read.
    """
    if len(content) > LIMIT:
        template = N_("The file is larger than {limit} MB. Split it, or leave out pictures.")
        raise refused("too-large", template, limit=LIMIT // 1024**2)
    try:
        return _bounded(content)
    except DefusedXmlException:
        template = N_(
            "This XML defines entities or refers to other files, which is not safe. Export it again without."
        )
        raise refused("unsafe-xml", template) from None
    except ParseError as error:
        template = N_("This is not XML from line {line} on. Export the file again.")
        raise refused("bad-xml", template, line=error.position[0]) from None
    except (ValueError, LookupError, UnicodeError, RecursionError):
        raise refused("bad-xml", N_("This XML cannot be read. Export the file again as UTF-8.")) from None


def _bounded(content: bytes) -> Element:
    depth = count = 0
    root: Element | None = None
    for event, element in ElementTree.iterparse(
        io.BytesIO(content), events=("start", "end"), forbid_dtd=True
    ):
        depth += 1 if event == "start" else -1
        count += event == "start"
        root = element if root is None else root
        if depth > DEEPEST or count > MOST_ELEMENTS:
            template = N_("This XML has too many elements. Split the file into several.")
            raise refused("large-xml", template)
        if event == "start" and isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    if root is None:
        raise ValueError
    return root


def refused(code: str, template: str, **params: str | int) -> DocumentError:
    return DocumentError((Problem(0, "error", code, template, params),))


def text_of(element: Element | None, path: str = "") -> str:
    """Returns the text of an element, or of the first one at a path below it, without blanks at its ends."""
    target = element.find(path) if element is not None and path else element
    return (target.text or "").strip() if target is not None else ""
