"""Creates authors. Each begins a document of a different shape and has different habits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from random import Random

from .documents import Block, Choice, Document, Question, Section
from .words import REPEATED, Language, reworded

ABSORBED_SHARE = (
    1 / 2
)  # share of its lines that a removed section must have in another one to count as merged into it


SWEEP = "sweep choices"  # the name of the edit that changes only the form of choices


@dataclass(frozen=True)
class Habits:
    """Describes how an author writes. Each float is a share from 0 to 1."""

    sections: int
    questions: int
    identities: float  # of the sections and questions with a written identity
    repeats: float  # of the headings taken from a few repeated ones
    short_sections: float  # of the sections with one sentence or none
    near_copies: float  # of the sections that copy another one with a few words changed
    boilerplate: float  # of the sections that end with the same sentences
    underlines: float  # of the headings that are underlined
    similar_prompts: float  # of the questions worded like another one
    short_answers: float  # of the questions without choices
    has_pools: bool


@dataclass
class Author:
    """Holds an author's document. ``seen`` has the last state of every part, ``history`` all earlier documents."""

    random: Random
    language: Language
    habits: Habits
    document: Document
    uids: count[int] = field(default_factory=lambda: count(1))
    seen: dict[int, Section | Question] = field(default_factory=dict)
    absorbed: set[int] = field(default_factory=set)  # uids of the sections merged into another one
    history: list[Document] = field(default_factory=list)
    causes: dict[int, str] = field(
        default_factory=dict
    )  # by part, the edit that changed it since the last load

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def keep(self, document: Document) -> None:
        """Makes this the current document and updates what is known of its parts."""
        before, self.document = self.document, document
        self.language.is_foreign = document.is_translated
        self._note_what_is_absorbed(before)
        self.seen |= {part.uid: part for part in (*document.sections, *document.questions)}
        self.absorbed -= {section.uid for section in document.sections}

    def _note_what_is_absorbed(self, before: Document) -> None:
        """Notes each removed section whose text is now mostly in another section."""
        active = {section.uid: set(section.lines) for section in self.document.sections}
        for section in before.sections:
            lines = set(section.lines)
            if section.uid not in active and lines:
                shares = [len(lines & others) / len(lines) for others in active.values()]
                self.absorbed |= {section.uid} if max(shares, default=0) >= ABSORBED_SHARE else set()

    def kin(self, before: Document) -> dict[int, set[int]]:
        """Maps each section to the merged sections that it may also be: those with more lines in it than its own."""
        own = {section.uid: set(section.lines) for section in before.sections}
        merged = {uid: set(self.seen[uid].lines) for uid in self.absorbed}
        kin: dict[int, set[int]] = {}
        for section in self.document.sections:
            lines = set(section.lines)
            least = len(lines & own.get(section.uid, set())) or len(lines) / 6
            kin[section.uid] = {uid for uid, others in merged.items() if len(lines & others) >= least}
        return kin

    def blame(self, kind: str, before: Document) -> None:
        """Notes which parts an edit has changed. An edit of a heading replaces an earlier cause."""
        old_parts = {part.uid: part for part in (*before.sections, *before.questions)}
        for part in (*self.document.sections, *self.document.questions):
            old = old_parts.get(part.uid)
            if old is None or old.heading != part.heading:
                self.causes[part.uid] = kind
            elif old != part:
                self.causes.setdefault(part.uid, kind)
        self._blame_for_choices(kind, before)

    def _blame_for_choices(self, kind: str, before: Document) -> None:
        """Notes which choices an edit has changed. An edit of the words replaces a sweep, which changes the form."""
        old_texts = {choice.uid: choice.text for question in before.questions for choice in question.choices}
        for question in self.document.questions:
            for choice in question.choices:
                if old_texts.get(choice.uid, choice.text) != choice.text and kind != SWEEP:
                    self.causes[choice.uid] = kind
                elif old_texts.get(choice.uid, choice.text) != choice.text:
                    self.causes.setdefault(choice.uid, kind)

    # ---------------------------------------------------------------------------------------------- new parts

    def new_section(self) -> Section:
        uid = next(self.uids)
        heading = self.new_heading()
        if self.chance(self.habits.near_copies) and (
            others := [s for s in self.document.sections if s.blocks]
        ):
            blocks = self.slightly_reworded(self.random.choice(others).blocks)
        else:
            blocks = self.new_blocks()
        if self.chance(self.habits.boilerplate):
            blocks = (*blocks, Block("paragraph", self.document.introduction[-1:]))
        return Section(
            uid,
            heading,
            blocks,
            identity=f"bagian-{uid}" if self.chance(self.habits.identities) else "",
            is_underlined=self.document.level == 2 and self.chance(self.habits.underlines),
        )

    def new_heading(self) -> str:
        repeated = self.chance(self.habits.repeats)
        return self.random.choice(REPEATED) if repeated else self.language.heading()

    def new_blocks(self) -> tuple[Block, ...]:
        if self.chance(self.habits.short_sections):
            return self.random.choice(((), (Block("paragraph", (self.language.sentence(),)),)))
        return tuple(self.new_block() for _ in range(self.random.choice((1, 1, 2, 2, 3, 3, 4, 5, 7))))

    def new_block(self) -> Block:
        kinds = ("paragraph", "list", "table", "code", "heading")
        kind = self.random.choices(kinds, (12, 3, 1, 1, 1))[0]
        if kind == "heading":
            return Block(kind, (self.language.heading(),))
        if kind == "code":
            return Block(kind, tuple(self.language.code() for _ in range(self.random.randint(1, 4))))
        if kind == "paragraph":
            return Block(kind, self.language.sentences(2, 6))
        return Block(
            kind, tuple(" ".join(self.language.words(3, 8)) for _ in range(self.random.randint(2, 5)))
        )

    def slightly_reworded(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Returns the blocks of a section with about every eighth line reworded."""
        return tuple(
            replace(
                block,
                lines=tuple(
                    reworded(self.random, line, self.language) if self.chance(1 / 8) else line
                    for line in block.lines
                ),
            )
            for block in blocks
        )

    def new_question(self) -> Question:
        uid = next(self.uids)
        has_short_answer = self.chance(self.habits.short_answers)
        return Question(
            uid,
            self.new_prompt(),
            choices=() if has_short_answer else self.new_choices(),
            answers=self.new_answers() if has_short_answer else (),
            points=self.random.choice((1, 1, 1, 2, 3)),
            body=self.language.sentence() if self.chance(0.2) else "",
            explanation=self.language.sentence() if self.chance(0.4) else "",
            identity=f"soal-{uid}" if self.chance(self.habits.identities) else "",
        )

    def new_prompt(self) -> str:
        others = self.document.questions
        if others and self.chance(self.habits.similar_prompts):
            words = self.random.choice(others).heading[:-1].split(" ")
            words[-1] = self.language.word()
            return " ".join(words) + "?"
        return self.language.prompt()

    def new_choices(self) -> tuple[Choice, ...]:
        if self.chance(0.1):
            texts = {"Benar", "Salah"}
        elif self.chance(0.1):
            texts = {f"{number}.0" for number in self.random.sample(range(1, 10), 4)}
        else:
            texts = {self.language.phrase() for _ in range(self.random.randint(2, 6))}
            texts |= {self.language.sentence()} if len(texts) < 2 else set()
        ordered = sorted(texts)
        self.random.shuffle(ordered)
        rights = set(self.random.sample(range(len(ordered)), self.random.choice((1, 1, 1, 2))))
        rights = rights if len(ordered) > 2 else {0}
        return tuple(self.new_choice(text, is_right=place in rights) for place, text in enumerate(ordered))

    def new_choice(self, text: str, *, is_right: bool) -> Choice:
        feedback = self.language.sentence() if self.chance(0.3) else ""
        return Choice(next(self.uids), text, is_right, feedback)

    def new_answers(self) -> tuple[str, ...]:
        if self.chance(0.5):
            return (f"{self.random.randint(1, 900)} ± {self.random.randint(0, 5)}",)
        return tuple(sorted({" ".join(self.language.words(1, 2)) for _ in range(self.random.randint(1, 2))}))


def create_author(random: Random, number: int, habits: Habits | None = None) -> Author:
    """Creates an author with a first document, with random habits if none are given.

    The number makes the title unique.
    """
    habits, language = habits or _habits(random), Language(random)
    introduction = tuple(" ".join(language.sentences(1, 3)) for _ in range(random.randint(1, 2)))
    level = 1 if random.random() < 0.1 else 2
    title = f"{language.heading()} {number}"
    document = Document(
        title=title,
        introduction=introduction,
        sections=(),
        settings=_settings(random, title, level),
        level=level,
        line_end="\r\n" if random.random() < 0.15 else "\n",
        begins_with_bom=random.random() < 0.1,
        quiz_heading=random.choice(("Kuis akhir", "Kuis", "Uji diri {.quiz}")),
        quiz_words=language.sentence() if random.random() < 0.5 else "",
    )
    author = Author(random, language, habits, document)
    _write_first_parts(author)
    return author


def _write_first_parts(author: Author) -> None:
    for _ in range(author.habits.sections):
        author.keep(replace(author.document, sections=(*author.document.sections, author.new_section())))
    for _ in range(author.habits.questions):
        author.keep(replace(author.document, questions=(*author.document.questions, author.new_question())))
    at_the_end = author.chance(0.8)
    place = author.habits.sections if at_the_end else author.random.randint(0, author.habits.sections)
    author.keep(replace(author.document, quiz_place=place))


def _habits(random: Random) -> Habits:
    def rare_share(share: float, much: float) -> float:
        return much if random.random() < share else 0.0

    return Habits(
        sections=random.choice((1, 2, 3, 5, 8, 8, 12, 12, 16, 20, 30, 40)),
        questions=random.choice((0, 1, 3, 5, 5, 8, 8, 10, 15, 20)),
        identities=rare_share(0.25, 0.7),
        repeats=rare_share(0.3, 0.35),
        short_sections=rare_share(0.4, 0.25),
        near_copies=rare_share(0.2, 0.25),
        boilerplate=rare_share(0.3, 0.7),
        underlines=rare_share(0.15, 0.6),
        similar_prompts=rare_share(0.4, 0.4),
        short_answers=random.choice((0.0, 0.2, 0.4)),
        has_pools=random.random() < 0.3,
    )


def _settings(random: Random, title: str, level: int) -> tuple[str, ...]:
    lines = [f"title: {title}", f"sections: {level}"] if level == 1 else []
    lines += ["pass_mark: 50"] if random.random() < 0.5 else []
    lines += ["shuffle: true"] if random.random() < 0.3 else []
    lines += ["language: id"] if lines and random.random() < 0.5 else []
    lines += ["penulis: Bu Ratna"] if lines and random.random() < 0.3 else []
    return tuple(lines)
