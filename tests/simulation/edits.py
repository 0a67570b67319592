"""What authors do to their documents. Each edit takes an author and gives the document that follows, or None.

None says that it cannot be done to this document. What remains the same thing keeps its uid: that is what the edits
decide, and what a load has to find out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from .authors import Author
from .documents import Block, Choice, Document, Question, Section
from .words import mended, with_typo

Part = TypeVar("Part", Section, Question)
Edit = Callable[[Author], Document | None]
MOST_SECTIONS, MOST_QUESTIONS = 45, 25


# ------------------------------------------------------------------------------------------------ any part


def _put(author: Author, old: Section | Question, new: Section | Question) -> Document:
    """The document with one part in the place of another."""
    document = author.document
    if isinstance(old, Section):
        changed = (new if section is old else section for section in document.sections)
        return replace(document, sections=tuple(changed))
    return replace(document, questions=tuple(new if one is old else one for one in document.questions))


def _elsewhere(author: Author, parts: Sequence[Part]) -> tuple[Part, ...] | None:
    if len(parts) < 2:
        return None
    left = list(parts)
    part = left.pop(author.random.randrange(len(left)))
    places = [place for place in range(len(parts)) if parts[place] is not part]
    left.insert(author.random.choice(places), part)
    return tuple(left)


def _any_section(author: Author) -> Section | None:
    return author.random.choice(author.document.sections) if author.document.sections else None


def _any_question(author: Author) -> Question | None:
    return author.random.choice(author.document.questions) if author.document.questions else None


def _with_sections(author: Author, sections: Sequence[Section]) -> Document:
    """The document with these sections; a quiz at its end stays there, another one stays where it is."""
    document = author.document
    at_the_end = document.quiz_place >= len(document.sections)
    place = len(sections) if at_the_end else min(document.quiz_place, len(sections))
    return replace(document, sections=tuple(sections), quiz_place=place)


# ------------------------------------------------------------------------------------------------ sections


def rename_a_word(author: Author) -> Document | None:
    section = _any_section(author)
    return section and _put(author, section, replace(section, heading=_other_word(author, section.heading)))


def _other_word(author: Author, heading: str) -> str:
    words = heading.split(" ")
    words[author.random.randrange(len(words))] = author.language.word()
    if author.chance(0.3):
        words.append(author.language.word())
    return " ".join(words)


def rename_wholly(author: Author) -> Document | None:
    section = _any_section(author)
    return section and _put(author, section, replace(section, heading=author.new_heading()))


def rename_all(author: Author) -> Document | None:
    """A new style of headings, throughout."""
    renamed = [replace(one, heading=author.language.heading()) for one in author.document.sections]
    return replace(author.document, sections=tuple(renamed))


def move(author: Author) -> Document | None:
    moved = _elsewhere(author, author.document.sections)
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
    section = _any_section(author)
    if section is None or len(author.document.sections) < 2:
        return None
    others = [one for one in author.document.sections if one is not section]
    others.insert(author.random.randint(0, len(others)), replace(section, heading=author.language.heading()))
    return replace(author.document, sections=tuple(others))


def split(author: Author) -> Document | None:
    """A new heading in the middle: the part under the old heading stays what it was."""
    long = [section for section in author.document.sections if len(section.lines) >= 6]
    if not long or len(author.document.sections) >= MOST_SECTIONS:
        return None
    section = author.random.choice(long)
    first, second = _halves(section.blocks, round(len(section.lines) * author.random.uniform(0.4, 0.6)))
    child = _half(author, section, second)
    sections = list(author.document.sections)
    place = sections.index(section)
    sections[place : place + 1] = [replace(section, blocks=first), child]
    return _with_sections(author, sections)


def _half(author: Author, section: Section, blocks: tuple[Block, ...]) -> Section:
    """What is split off. Where most of it was merged into the section once, it is that again."""
    half = Section(0, author.language.heading(), blocks, parent=section.uid)
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
    """Two neighbours become one, under the heading of the first; the second is no longer there."""
    sections = list(author.document.sections)
    if len(sections) < 2:
        return None
    place = author.random.randrange(len(sections) - 1)
    one, other = sections[place : place + 2]
    if not other.blocks:
        return None
    sections[place : place + 2] = [replace(one, blocks=one.blocks + other.blocks)]
    return _with_sections(author, sections)


def rewrite_a_third(author: Author) -> Document | None:
    section = _any_section(author)
    if section is None or not section.blocks:
        return None
    blocks = [replace(block, lines=tuple(_rewritten(author, block.lines))) for block in section.blocks]
    return _put(author, section, replace(section, blocks=tuple(blocks)))


def _rewritten(author: Author, lines: Sequence[str]) -> list[str]:
    return [author.language.sentence() if author.chance(1 / 3) else line for line in lines]


def rewrite_and_rename(author: Author) -> Document | None:
    section = _any_section(author)
    if section is None or len(section.lines) < 4:
        return None
    blocks = [replace(block, lines=tuple(_rewritten(author, block.lines))) for block in section.blocks]
    heading = _other_word(author, section.heading) if author.chance(0.5) else author.language.heading()
    return _put(author, section, replace(section, heading=heading, blocks=tuple(blocks)))


def fix_a_typo(author: Author) -> Document | None:
    section = _any_section(author)
    if section is None or not section.blocks:
        return None
    blocks = list(section.blocks)
    place = author.random.randrange(len(blocks))
    lines = list(blocks[place].lines)
    line = author.random.randrange(len(lines))
    lines[line] = with_typo(author.random, lines[line])
    blocks[place] = replace(blocks[place], lines=tuple(lines))
    return _put(author, section, replace(section, blocks=tuple(blocks)))


def typo_in_a_heading(author: Author) -> Document | None:
    section = _any_section(author)
    return section and _put(
        author, section, replace(section, heading=with_typo(author.random, section.heading))
    )


def add_a_paragraph(author: Author) -> Document | None:
    section = _any_section(author)
    if section is None or len(section.lines) > 60:
        return None
    blocks = list(section.blocks)
    blocks.insert(author.random.randint(0, len(blocks)), author.new_block())
    return _put(author, section, replace(section, blocks=tuple(blocks)))


def insert(author: Author) -> Document | None:
    sections = list(author.document.sections)
    if len(sections) >= MOST_SECTIONS:
        return None
    sections.insert(author.random.randint(0, len(sections)), author.new_section())
    return _with_sections(author, sections)


def delete(author: Author) -> Document | None:
    section = _any_section(author)
    if section is None or len(author.document.sections) < 2:
        return None
    return _with_sections(author, [one for one in author.document.sections if one is not section])


def bring_back(author: Author) -> Document | None:
    """A section that was deleted, as it was or with a few words changed."""
    gone = _gone(author, Section)
    if not gone or len(author.document.sections) >= MOST_SECTIONS:
        return None
    section = author.random.choice(gone)
    if author.chance(0.4):
        section = replace(section, blocks=author.slightly_other(section.blocks))
    if author.chance(0.2):
        section = replace(section, heading=_other_word(author, section.heading))
    sections = list(author.document.sections)
    sections.insert(author.random.randint(0, len(sections)), section)
    return _with_sections(author, sections)


def _gone(author: Author, kind: type[Part]) -> list[Part]:
    active = {part.uid for part in (*author.document.sections, *author.document.questions)}
    away = active | author.absorbed
    return [part for uid, part in author.seen.items() if uid not in away and isinstance(part, kind)]


def swap_titles(author: Author) -> Document | None:
    """The headings of two sections change places; the texts, and identities that are written down, stay."""
    if len(author.document.sections) < 2:
        return None
    one, other = author.random.sample(author.document.sections, 2)
    headings = {one.uid: other.heading, other.uid: one.heading}
    sections = [replace(s, heading=headings.get(s.uid, s.heading)) for s in author.document.sections]
    return replace(author.document, sections=tuple(sections))


def inherit_a_title(author: Author) -> Document | None:
    """A section goes, and another one takes its heading."""
    if len(author.document.sections) < 3:
        return None
    gone, heir = author.random.sample(author.document.sections, 2)
    left = [
        replace(s, heading=gone.heading) if s is heir else s
        for s in author.document.sections
        if s is not gone
    ]
    return _with_sections(author, left)


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


# ----------------------------------------------------------------------------------------------- questions


def reword_a_prompt(author: Author) -> Document | None:
    question = _any_question(author)
    if question is None:
        return None
    words = question.heading[:-1].split(" ")
    for _ in range(max(1, len(words) // 4)):
        words[author.random.randrange(len(words))] = author.language.word()
    return _put(author, question, replace(question, heading=" ".join(words) + "?"))


def rename_a_question(author: Author) -> Document | None:
    """Another prompt altogether, for the same choices."""
    question = _any_question(author)
    return question and _put(author, question, replace(question, heading=author.language.prompt()))


def typo_in_a_prompt(author: Author) -> Document | None:
    question = _any_question(author)
    return question and _put(
        author, question, replace(question, heading=with_typo(author.random, question.heading))
    )


def change_points(author: Author) -> Document | None:
    question = _any_question(author)
    return question and _put(author, question, replace(question, points=question.points % 5 + 1))


def explain(author: Author) -> Document | None:
    question = _any_question(author)
    return question and _put(author, question, replace(question, explanation=author.language.sentence()))


def insert_a_question(author: Author) -> Document | None:
    questions = list(author.document.questions)
    if not 0 < len(questions) < MOST_QUESTIONS:
        return None
    questions.insert(author.random.randint(0, len(questions)), author.new_question())
    return replace(author.document, questions=tuple(questions))


def delete_a_question(author: Author) -> Document | None:
    question = _any_question(author)
    if question is None or len(author.document.questions) < 2:
        return None
    left = tuple(one for one in author.document.questions if one is not question)
    return replace(author.document, questions=left)


def bring_a_question_back(author: Author) -> Document | None:
    gone = _gone(author, Question)
    if not gone or not 0 < len(author.document.questions) < MOST_QUESTIONS:
        return None
    question = author.random.choice(gone)
    if author.chance(0.3):
        question = replace(question, heading=with_typo(author.random, question.heading))
    questions = list(author.document.questions)
    questions.insert(author.random.randint(0, len(questions)), question)
    return replace(author.document, questions=tuple(questions))


def move_a_question(author: Author) -> Document | None:
    moved = _elsewhere(author, author.document.questions)
    return moved and replace(author.document, questions=moved)


def drop_the_quiz(author: Author) -> Document | None:
    return replace(author.document, questions=()) if author.document.questions else None


def return_the_quiz(author: Author) -> Document | None:
    """The questions of the last document that had any."""
    last = next((one.questions for one in reversed(author.history) if one.questions), ())
    return None if author.document.questions or not last else replace(author.document, questions=last)


# --------------------------------------------------------------------------------------------------- pools


def gather_into_a_pool(author: Author) -> Document | None:
    """Some questions that stand together get a heading above them."""
    questions = list(author.document.questions)
    if not author.habits.has_pools or len(questions) < 2:
        return None
    start = author.random.randrange(len(questions) - 1)
    pool = f"{author.language.heading()} {author.random.choice(('{.pool}', '{draw=1}', '{draw=2}'))}"
    for place in range(start, min(len(questions), start + author.random.randint(2, 5))):
        questions[place] = replace(questions[place], pool=pool)
    return replace(author.document, questions=tuple(questions))


def dissolve_a_pool(author: Author) -> Document | None:
    return _with_pool(author, lambda _pool: "")


def draw_otherwise(author: Author) -> Document | None:
    return _with_pool(
        author, lambda pool: f"{pool.partition(' {')[0]} {{draw={author.random.randint(1, 4)}}}"
    )


def _with_pool(author: Author, change: Callable[[str], str]) -> Document | None:
    pools = sorted({question.pool for question in author.document.questions if question.pool})
    if not pools:
        return None
    pool = author.random.choice(pools)
    to = change(pool)
    changed = (replace(one, pool=to) if one.pool == pool else one for one in author.document.questions)
    return replace(author.document, questions=tuple(changed))


# ------------------------------------------------------------------------------------------------- choices


def _with_choices(author: Author, question: Question, choices: Sequence[Choice]) -> Document | None:
    """The document with other choices for a question; None where they would be no proper choices."""
    texts = {choice.text.casefold() for choice in choices}
    if len(texts) < max(2, len(choices)) or not any(choice.is_right for choice in choices):
        return None
    return _put(author, question, replace(question, choices=tuple(choices)))


def _any_choices(author: Author) -> tuple[Question, list[Choice]] | tuple[None, list[Choice]]:
    with_choices = [question for question in author.document.questions if question.choices]
    question = author.random.choice(with_choices) if with_choices else None
    return (question, list(question.choices)) if question else (None, [])


def typo_in_a_choice(author: Author) -> Document | None:
    question, choices = _any_choices(author)
    if question is None:
        return None
    place = author.random.randrange(len(choices))
    choices[place] = replace(choices[place], text=with_typo(author.random, choices[place].text))
    return _with_choices(author, question, choices)


def reword_a_choice(author: Author) -> Document | None:
    """A choice of some length says the same in slightly other words."""
    question, choices = _any_choices(author)
    long = [place for place, choice in enumerate(choices) if choice.text.count(" ") >= 3]
    if question is None or not long:
        return None
    place = author.random.choice(long)
    words = mended(author.random, choices[place].text, author.language)
    choices[place] = replace(choices[place], text=words)
    return _with_choices(author, question, choices)


def replace_a_choice(author: Author) -> Document | None:
    """Another choice stands where one stood."""
    question, choices = _any_choices(author)
    if question is None:
        return None
    place = author.random.randrange(len(choices))
    choices[place] = author.new_choice(author.language.phrase(), is_right=choices[place].is_right)
    return _with_choices(author, question, choices)


def add_a_choice(author: Author) -> Document | None:
    question, choices = _any_choices(author)
    if question is None or len(choices) >= 8:
        return None
    new = author.new_choice(author.language.phrase(), is_right=author.chance(0.2))
    choices.insert(author.random.randint(0, len(choices)), new)
    return _with_choices(author, question, choices)


def remove_a_choice(author: Author) -> Document | None:
    question, choices = _any_choices(author)
    if question is None or len(choices) < 3:
        return None
    del choices[author.random.randrange(len(choices))]
    return _with_choices(author, question, choices)


def reorder_choices(author: Author) -> Document | None:
    question, choices = _any_choices(author)
    author.random.shuffle(choices)
    return question and _with_choices(author, question, choices)


def change_the_key(author: Author) -> Document | None:
    """Another choice is right; or other answers are accepted."""
    question = _any_question(author)
    if question is None or not question.choices:
        return question and _put(author, question, replace(question, answers=author.new_answers()))
    right = author.random.randrange(len(question.choices))
    several = author.chance(0.3)
    choices = [
        replace(choice, is_right=place == right or (several and choice.is_right))
        for place, choice in enumerate(question.choices)
    ]
    return _with_choices(author, question, choices)


# ------------------------------------------------------------------------------------------------ together


def go_back(author: Author) -> Document | None:
    """An earlier document, whole."""
    return author.random.choice(author.history) if author.history else None


WEIGHTS: dict[Edit, float] = {
    rename_a_word: 8,
    rename_wholly: 6,
    rename_all: 0.5,
    move: 6,
    reorder: 3,
    rename_and_move: 4,
    split: 5,
    merge: 4,
    rewrite_a_third: 6,
    rewrite_and_rename: 4,
    fix_a_typo: 6,
    typo_in_a_heading: 4,
    add_a_paragraph: 4,
    insert: 6,
    delete: 5,
    bring_back: 4,
    swap_titles: 0.7,
    inherit_a_title: 0.7,
    change_the_introduction: 1,
    move_the_quiz: 0.5,
    retitle: 0.5,
    change_the_settings: 0.7,
    drop_the_quiz: 0.3,
    return_the_quiz: 20,
    reword_a_prompt: 5,
    rename_a_question: 3,
    typo_in_a_prompt: 3,
    change_points: 2,
    explain: 2,
    insert_a_question: 4,
    delete_a_question: 3,
    bring_a_question_back: 3,
    move_a_question: 3,
    gather_into_a_pool: 2,
    dissolve_a_pool: 0.7,
    draw_otherwise: 1,
    typo_in_a_choice: 3,
    reword_a_choice: 3,
    replace_a_choice: 3,
    add_a_choice: 3,
    remove_a_choice: 2,
    reorder_choices: 2,
    change_the_key: 4,
    go_back: 1,
}


def edit(author: Author) -> str:
    """Let an author make one edit, and say which."""
    while True:
        chosen = author.random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        document = chosen(author)
        if document is not None and document != author.document:
            before, kind = author.document, chosen.__name__.replace("_", " ")
            author.keep(document)
            author.blame(kind, before)
            return kind
