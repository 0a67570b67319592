"""Finds the section that an archived section was merged into."""

from __future__ import annotations

from modules.document.compare import moved_text
from modules.document.compare.likeness import body
from modules.models import Section


def section_with_text_of(archived: Section) -> Section | None:
    """Returns the one active section that has every line of an archived section, or ``None``."""
    text = body(archived.source)
    if not text.strip():
        return None
    active = archived.module.sections.active().select_related("module")
    homes = [section for section in active if moved_text.gave_away(text, "", [section.source])]
    return homes[0] if len(homes) == 1 else None
