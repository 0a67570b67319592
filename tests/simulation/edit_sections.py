"""Edits the sections, the title and the settings of a document.

Each edit takes an author and returns the next document, or None if the document does not allow the edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .authors import Author
from .documents import Block, Document, Section
from .edit_parts import any_section, move_one, removed_parts, replace_part
from .words import with_typo

MOST_SECTIONS = 45  # of a document; more makes the simulation slower


def rename_a_word(author: Author) -> Document | None:
    section = any_section(author)
    return section and replace_part(
        author, section, replace(section, heading=_other_word(author, section.heading))
    )


def _other_word(author: Author, heading: str) -> str:
    words = heading.split(" ")
    words[author.random.randrange(len(words))] = author.language.word()
    if author.chance(0.3):
        words.append(author.language.word())
    return " ".join(words)


def rename_wholly(author: Author) -> Document | None:
    section = any_section(author)
    return section and replace_part(author, section, replace(section, heading=author.new_heading()))


def rename_all(author: Author) -> Document | None:
    """Gives every section another heading."""
    renamed = [replace(section, heading=author.language.heading()) for section in author.document.sections]
    return replace(author.document, sections=tuple(renamed))


def move(author: Author) -> Document | None:
    moved = move_one(author, author.document.sections)
    return moved and replace(author.document, sections=moved)


def reorder(author: Author) -> Document | None:
    sections = list(author.document.sections)
    if len(sections) < 3:
        return None
    places = sorted(author.random.sample(range(len(sections)), min(len(sections), 4)))
    chosen = [sections[place] for place in places]
    author.random.shuffle(chosen)
    for place, section in zip(places, chosen, strict=True):
        sections[place] = section
    return replace(author.document, sections=tuple(sections))


def rename_and_move(author: Author) -> Document | None:
    section = any_section(author)
    if section is None or len(author.document.sections) < 2:
        return None
    others = [other for other in author.document.sections if other is not section]
    others.insert(author.random.randint(0, len(others)), replace(section, heading=author.language.heading()))
    return replace(author.document, sections=tuple(others))


def split(author: Author) -> Document | None:
    """Splits a section by a new heading in its middle. The first half stays the same section."""
    long = [section for section in author.document.sections if len(section.lines) >= 6]
    if not long or len(author.document.sections) >= MOST_SECTIONS:
        return None
    section = author.random.choice(long)
    first, second = _halves(section.blocks, round(len(section.lines) * author.random.uniform(0.4, 0.6)))
    child = split_half(author, section, second, author.language.heading())
    sections = list(author.document.sections)
    place = sections.index(section)
    sections[place : place + 1] = [replace(section, blocks=first), child]
    return with_sections(author, sections)


def split_half(author: Author, section: Section, blocks: tuple[Block, ...], heading: str) -> Section:
    """Returns the second half of a split. If most of it was merged into the section before, it is that part again."""
    half = Section(0, heading, blocks, parent=section.uid)
    lines = set(half.lines)
    shares = {
        uid: len(lines & set(author.seen[uid].lines)) / len(lines)
        for uid in author.absorbed
        if isinstance(author.seen[uid], Section)
    }
    likest = max(shares, key=lambda uid: shares[uid], default=0)
    uid = likest if shares.get(likest, 0) > 1 / 2 else next(author.uids)
    return replace(half, uid=uid)


def _halves(blocks: Sequence[Block], lines: int) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    first: list[Block] = []
    second: list[Block] = []
    for block in blocks:
        here, rest = block.lines[:lines], block.lines[lines:]
        lines -= len(here)
        first += [replace(block, lines=here)] if here else []
        second += [replace(block, lines=rest)] if rest else []
    return tuple(first), tuple(second)


def merge(author: Author) -> Document | None:
    """Merges two neighbours under the heading of the first. The second section is gone."""
    sections = list(author.document.sections)
    if len(sections) < 2:
        return None
    place = author.random.randrange(len(sections) - 1)
    first, second = sections[place : place + 2]
    if not second.blocks:
        return None
    sections[place : place + 2] = [replace(first, blocks=first.blocks + second.blocks)]
    return with_sections(author, sections)


def rewrite_a_third(author: Author) -> Document | None:
    section = any_section(author)
    if section is None or not section.blocks:
        return None
    blocks = [replace(block, lines=tuple(_rewritten(author, block.lines))) for block in section.blocks]
    return replace_part(author, section, replace(section, blocks=tuple(blocks)))


def _rewritten(author: Author, lines: Sequence[str]) -> list[str]:
    return [author.language.sentence() if author.chance(1 / 3) else line for line in lines]


def rewrite_and_rename(author: Author) -> Document | None:
    section = any_section(author)
    if section is None or len(section.lines) < 4:
        return None
    blocks = [replace(block, lines=tuple(_rewritten(author, block.lines))) for block in section.blocks]
    heading = _other_word(author, section.heading) if author.chance(0.5) else author.language.heading()
    return replace_part(author, section, replace(section, heading=heading, blocks=tuple(blocks)))


def fix_a_typo(author: Author) -> Document | None:
    section = any_section(author)
    if section is None or not section.blocks:
        return None
    blocks = list(section.blocks)
    place = author.random.randrange(len(blocks))
    lines = list(blocks[place].lines)
    line = author.random.randrange(len(lines))
    lines[line] = with_typo(author.random, lines[line])
    blocks[place] = replace(blocks[place], lines=tuple(lines))
    return replace_part(author, section, replace(section, blocks=tuple(blocks)))


def typo_in_a_heading(author: Author) -> Document | None:
    section = any_section(author)
    return section and replace_part(
        author, section, replace(section, heading=with_typo(author.random, section.heading))
    )


def add_a_paragraph(author: Author) -> Document | None:
    section = any_section(author)
    if section is None or len(section.lines) > 60:
        return None
    blocks = list(section.blocks)
    blocks.insert(author.random.randint(0, len(blocks)), author.new_block())
    return replace_part(author, section, replace(section, blocks=tuple(blocks)))


def insert(author: Author) -> Document | None:
    sections = list(author.document.sections)
    if len(sections) >= MOST_SECTIONS:
        return None
    sections.insert(author.random.randint(0, len(sections)), author.new_section())
    return with_sections(author, sections)


def delete(author: Author) -> Document | None:
    section = any_section(author)
    if section is None or len(author.document.sections) < 2:
        return None
    return with_sections(author, [other for other in author.document.sections if other is not section])


def bring_back(author: Author) -> Document | None:
    """Brings back a deleted section, unchanged or with a few words changed."""
    removed = removed_parts(author, Section)
    if not removed or len(author.document.sections) >= MOST_SECTIONS:
        return None
    section = author.random.choice(removed)
    if author.chance(0.4):
        section = replace(section, blocks=author.slightly_reworded(section.blocks))
    if author.chance(0.2):
        section = replace(section, heading=_other_word(author, section.heading))
    sections = list(author.document.sections)
    sections.insert(author.random.randint(0, len(sections)), section)
    return with_sections(author, sections)


def swap_titles(author: Author) -> Document | None:
    """Exchanges the headings of two sections. The texts and written identities stay."""
    if len(author.document.sections) < 2:
        return None
    first, second = author.random.sample(author.document.sections, 2)
    headings = {first.uid: second.heading, second.uid: first.heading}
    sections = [
        replace(section, heading=headings.get(section.uid, section.heading))
        for section in author.document.sections
    ]
    return replace(author.document, sections=tuple(sections))


def inherit_a_title(author: Author) -> Document | None:
    """Removes a section and gives its heading to another one."""
    if len(author.document.sections) < 3:
        return None
    removed, heir = author.random.sample(author.document.sections, 2)
    remaining = [
        replace(section, heading=removed.heading) if section is heir else section
        for section in author.document.sections
        if section is not removed
    ]
    return with_sections(author, remaining)


def change_the_introduction(author: Author) -> Document | None:
    return replace(author.document, introduction=(author.language.sentence(),))


def move_the_quiz(author: Author) -> Document | None:
    if not author.document.questions:
        return None
    return replace(author.document, quiz_place=author.random.randint(0, len(author.document.sections)))


def retitle(author: Author) -> Document | None:
    number = author.document.title.rpartition(" ")[2]
    title = f"{author.language.heading()} {number}"
    settings = tuple(
        f"title: {title}" if line.startswith("title:") else line for line in author.document.settings
    )
    return replace(author.document, title=title, settings=settings)


def change_the_settings(author: Author) -> Document | None:
    others = [line for line in author.document.settings if not line.startswith("pass_mark:")]
    return replace(author.document, settings=(*others, f"pass_mark: {author.random.randrange(30, 90, 10)}"))


def with_sections(author: Author, sections: Sequence[Section]) -> Document:
    """Returns the document with these sections. A quiz at the end stays there; any other quiz keeps its place."""
    document = author.document
    at_the_end = document.quiz_place >= len(document.sections)
    place = len(sections) if at_the_end else min(document.quiz_place, len(sections))
    return replace(document, sections=tuple(sections), quiz_place=place)
