"""Writes XML for other programs."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

# Signs that XML 1.0 cannot hold.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """Adds an element with a text to another one, and returns it."""
    clean = {name.rstrip("_"): FORBIDDEN.sub("\ufffd", value) for name, value in attributes.items()}
    element = SubElement(parent, tag, clean)
    if text:
        element.text = FORBIDDEN.sub("\ufffd", text)
    return element


def to_bytes(root: Element) -> bytes:
    """Returns a file in UTF-8, whose lines show the structure."""
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"
