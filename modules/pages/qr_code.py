"""Draws addresses as QR codes."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe

BORDER = 4  # modules; cameras need them around the code


def code_image(address: str) -> SafeString:
    """Draws an address as a QR code. The drawing holds nothing but numbers, so it is safe in a page."""
    code = segno.make(address, micro=False, error="m")
    drawing = code.svg_inline(border=BORDER, omitsize=True, svgclass="qr", lineclass="qr-ink")
    return mark_safe(drawing)  # noqa: S308
