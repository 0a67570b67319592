"""Changes the levels of headings: of one part, which is then split off or taken in, or of the whole document.

Each edit takes an author and returns the next document, or None if the document does not allow the edit.
"""

from __future__ import annotations

from dataclasses import replace

from .authors import Author
from .documents import Block, Document, Section
from .edit_sections import MOST_SECTIONS, split_half, with_sections


def raise_a_heading(author: Author) -> Document | None:
    """Makes a subheading the heading of a section. What stood before it stays the same section."""
    places = [
        (section, place)
        for section in author.document.sections
        for place, block in enumerate(section.blocks)
        if place and block.kind == "heading" and section.blocks[place + 1 :]
    ]
    if not places or len(author.document.sections) >= MOST_SECTIONS:
        return None
    section, place = author.random.choice(places)
    raised = split_half(author, section, section.blocks[place + 1 :], section.blocks[place].lines[0])
    sections = list(author.document.sections)
    index = sections.index(section)
    sections[index : index + 1] = [replace(section, blocks=section.blocks[:place]), raised]
    return with_sections(author, sections)


def lower_a_heading(author: Author) -> Document | None:
    """Makes the heading of a section a subheading of the section before it, which takes in its text."""
    sections = list(author.document.sections)
    if len(sections) < 2:
        return None
    place = author.random.randrange(len(sections) - 1)
    first, second = sections[place : place + 2]
    if not second.blocks:
        return None
    sections[place : place + 2] = [_with_subsection(first, second)]
    return with_sections(author, sections)


def _with_subsection(first: Section, second: Section) -> Section:
    return replace(first, blocks=(*first.blocks, Block("heading", (second.heading,)), *second.blocks))


def change_all_levels(author: Author) -> Document | None:
    """Writes every heading under the title one level deeper, or one less."""
    if author.document.level == 1:
        return None
    return replace(author.document, level=5 - author.document.level)
