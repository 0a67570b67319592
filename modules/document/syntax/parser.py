"""A text becomes a document: title, sections, final quiz, and every problem by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from markdown_it.token import Token

from modules.document.html import sanitiser
from modules.document.html.plain_text import name_of, plain
from modules.document.html.site import Notes, Site
from modules.document.html.tokens import Attributes, parse
from modules.document.html.words import words
from modules.document.problems import N_, Problem
from modules.document.slugs import RESERVED, VALID, Names, slugify
from modules.document.syntax import advice, checks, identities, lookalikes, pools
from modules.document.syntax.front_matter import parse_front_matter
from modules.document.syntax.quiz import QuestionParser, is_tasks, plain_words, top_level
from modules.document.syntax.source import normalise, split_lines
from modules.document.syntax.values import Answer, Choice, Document, Heading, Pool, Question, Quiz, Section

__all__ = ["Answer", "Choice", "Document", "Heading", "Question", "Quiz", "Section", "parse_document"]

UNTITLED = "Tanpa judul"
LONGEST_TITLE = 500


def parse_document(
    text: str, *, name: str = "", title: str = "", images: Mapping[str, str] | None = None
) -> Document:
    """Read a text as a document; whatever is wrong with it is in its ``problems``. Never raises.

    ``name`` is the file's, for want of a title, and ``title`` what it is called for want of both. ``images`` gives the
    address of each image by its path in the document.
    """
    return _Parser(text, PurePosixPath(name).stem or title, {} if images is None else images).read()


class _Part:
    """A run of top-level tokens that begins with a heading, or the one before the first."""

    def __init__(self, tokens: list[Token], start: int, end: int) -> None:
        self.tokens, self.start, self.end = tokens, start, end  # lines from 0, the end excluded
        self.identity = ""

    @property
    def level(self) -> int:
        return int(self.tokens[0].tag[1])

    @property
    def title(self) -> str:
        return plain(self.tokens[1])

    @property
    def name(self) -> str:
        """What its identity is made of, unless its author wrote one."""
        return name_of(self.tokens[1])

    @property
    def attributes(self) -> Attributes:
        return self.tokens[0].meta["attributes"]

    @property
    def body(self) -> list[Token]:
        return self.tokens[3:]

    @property
    def is_quiz(self) -> bool:
        return lookalikes.is_called_quiz(self.tokens[0], self.tokens[1])


class _Parser:
    def __init__(self, text: str, title: str, images: Mapping[str, str]) -> None:
        self.text, self.title = text, title
        self.lines = split_lines(text)
        normal = normalise(text)
        self.matter, self.problems = parse_front_matter(normal)
        body = "".join(normal.split("\n", self.matter.lines)[self.matter.lines :])
        blanked = "\n" * self.matter.lines + body
        self.site = Site(
            budget=20 * len(text) + 2_000_000,
            words=words(self.matter.language),
            images=images,
            problems=self.problems,
        )
        if not body.strip():
            template = N_(
                "There is no text here. Write a heading and something under it; if the file was emptied by mistake, bring back its earlier version."
            )
            self.problems.append(Problem(0, "error", "no-text", template))
        self.tokens = self._without_footnotes(self._parsed(blanked))
        self.names = Names(RESERVED)
        self.depth = 1  # the level of the headings that begin a section
        self.title_start: int | None = None  # where the title's heading begins
        self.before: list[Token] = []  # what stands between the title and the first section

    def read(self) -> Document:
        title, parts = self._parts()
        quiz_part = self._quiz_part(parts)
        self._name(parts)
        sections = [part for part in parts if part is not quiz_part]
        self._name_headings(self.before, "", is_quiz=False)
        for part in parts:
            self._name_headings(part.body, part.identity, is_quiz=part is quiz_part)
        preamble_end = parts[0].start if parts else len(self.lines)
        introduction = self._introduction(None if any(part.tokens[1] is title for part in parts) else title)
        read_sections = tuple(self._section(part) for part in sections)
        quiz = self._quiz(quiz_part, parts.index(quiz_part)) if quiz_part else None
        for part in sections:
            if part.is_quiz:
                self._quiz(part, 0)  # one too many: what is wrong in it is told with the rest
        self._tell_of_lookalikes(sections, has_quiz=quiz is not None)
        return self._document(title, preamble_end, introduction, read_sections, quiz)

    def _document(
        self,
        title: Token | None,
        preamble_end: int,
        introduction: str,
        sections: tuple[Section, ...],
        quiz: Quiz | None,
    ) -> Document:
        matter = self.matter
        if self.site.budget < 0:
            self.problems.append(
                Problem(
                    0,
                    "error",
                    "output",
                    N_(
                        "Rendered, this document becomes far larger than its text. Take out repeated long links, footnotes or table columns."
                    ),
                )
            )
        self.problems += advice.of_document(sections, quiz, shuffle=matter.rules.shuffle)
        return Document(
            title=self._title(plain(title) if title else ""),
            slug=matter.slug or slugify(self._title(name_of(title) if title else "")) or "modul",
            slug_is_given=bool(matter.slug),
            language=matter.language,
            summary=matter.summary,
            rules=matter.rules,
            preamble=self._slice(0, preamble_end),
            introduction=introduction,
            sections=sections,
            quiz=quiz,
            problems=tuple(
                sorted(self.problems, key=lambda problem: (problem.line, problem.severity, problem.code))
            ),
        )

    def _title(self, heading: str) -> str:
        written = self.matter.title or heading or self.title
        return " ".join(written.split())[:LONGEST_TITLE] or UNTITLED

    # -------------------------------------------------------------------------------------- where parts begin

    def _parts(self) -> tuple[Token | None, list[_Part]]:
        """The title's words, and the document cut at the headings that begin a section."""
        starts = [
            index
            for index, token in enumerate(self.tokens)
            if token.type == "heading_open" and token.level == 0
        ]
        if len(starts) < 2:
            return self._one_part(starts)
        levels = [int(self.tokens[index].tag[1]) for index in starts]
        titled, self.depth = _shape(levels, self.matter.sections)
        self.title_start = starts[0] if titled else None
        cuts = _section_starts(self.tokens, starts[titled:], self.depth)
        if not cuts:
            self._tell_of_no_section(self.depth, min(levels[titled:]))
        lines = [_line(self.tokens[cut]) for cut in cuts]
        spans = zip(_spans(cuts, len(self.tokens)), _spans(lines, len(self.lines)), strict=True)
        parts = [_Part(self.tokens[cut:end], line, last) for (cut, end), (line, last) in spans]
        self.before = self.tokens[starts[0] + 3 if titled else 0 : cuts[0] if cuts else len(self.tokens)]
        if titled:
            self.before = self.tokens[: starts[0]] + self.before
        return (self.tokens[starts[0] + 1] if titled else None), parts

    def _tell_of_no_section(self, given: int, found: int) -> None:
        template = N_(
            "“sections: {given}” leaves this module without sections, since no heading is of that level. Write “sections: {found}”, or take the line out."
        )
        params = {"given": given, "found": found}
        self.problems.append(Problem(self.matter.sections_line, "warning", "no-sections", template, params))

    def _one_part(self, starts: list[int]) -> tuple[Token | None, list[_Part]]:
        """A document with one heading or none is one section."""
        if not self.text.strip():
            return None, []
        if starts:
            heading = self.tokens[starts[0] : starts[0] + 3]
            body = self.tokens[: starts[0]] + self.tokens[starts[0] + 3 :]
        else:
            heading = _heading_for(self._title(""), self.matter.lines)
            body = self.tokens
        return heading[1], [_Part([*heading, *body], self.matter.lines, len(self.lines))]

    def _quiz_part(self, parts: Sequence[_Part]) -> _Part | None:
        found = [part for part in parts if part.is_quiz]
        for part in found[1:]:
            self._problem(
                part,
                "error",
                "two-quizzes",
                N_(
                    "A module has one final quiz, and this is another one. Join them, or give this section another heading."
                ),
            )
        return found[0] if found else None

    def _tell_of_lookalikes(self, sections: Sequence[_Part], *, has_quiz: bool) -> None:
        if self.title_start is not None and not has_quiz:
            self.problems += lookalikes.of_title(self.tokens, self.title_start)
        self.problems += lookalikes.of_text(self.before, self.depth)
        for part in sections:
            if not part.is_quiz:
                self.problems += lookalikes.of_text(part.body, self.depth)
                self.problems += lookalikes.of_section(part.tokens)

    # ------------------------------------------------------------------------------------------------- names

    def _name(self, parts: Sequence[_Part]) -> None:
        """Give sections their identities, written ones first, so that a new section never takes another's."""
        for part in parts:
            wanted, problems = identities.written(part.attributes.id, _line(part.tokens[0]) + 1)
            self.problems += problems
            if wanted:
                part.identity = self._claim(part, wanted)
        for number, part in enumerate(parts, start=1):
            if not part.identity:
                part.identity = self._claim(part, slugify(part.name), number)
        for part in parts:
            self.site.anchors[part.identity] = (part.identity, "")
            self.site.call(part.name, (part.identity, ""))

    def _claim(self, part: _Part, wanted: str, number: int = 0) -> str:
        """A name for a section; where nothing is left of its heading, its number, which says nothing anyway."""
        line = _line(part.tokens[0]) + 1
        if not wanted:
            return self.names.claim(f"bagian-{number}", (part.title, line))
        claimed, problems = identities.claim(self.names, wanted, part.title, line)
        self.problems += problems
        return claimed

    def _name_headings(self, tokens: Sequence[Token], home: str, *, is_quiz: bool) -> None:
        for index, token in enumerate(tokens):
            if token.type != "heading_open":
                continue
            attributes: Attributes = token.meta["attributes"]
            title = name_of(tokens[index + 1])
            wanted = attributes.id if VALID.match(attributes.id) else slugify(title) or "judul"
            name = self.names.claim(wanted)
            token.meta["id"] = f"s-{name}"
            target = (home, "" if is_quiz else token.meta["id"])
            self.site.anchors.setdefault(name, target)
            self.site.call(title, target)

    # -------------------------------------------------------------------------------------------------- pages

    def _introduction(self, title: Token | None) -> str:
        titled = [] if self.title_start is None else [self.tokens[self.title_start]]
        for heading in [*titled, *self.before]:
            if heading.type == "heading_open" and checks.is_marked(heading):
                template = N_(
                    "A question that is not graded stands in a section. Move it under a section's heading."
                )
                self.problems.append(Problem(_line(heading) + 1, "warning", "check-outside", template))
        return self._blocks(self.before, "", level=1, heading=title)

    def _section(self, part: _Part) -> Section:
        words = len(plain_words(part.body).split())
        asked: list[Question] = []
        is_marked = checks.is_marked(part.tokens[0])
        if is_marked:
            self._tell_of_a_section_as_question(part)
        body = checks.with_checks(
            part.body,
            level=part.level if is_marked else None,
            write=lambda tokens: self._check(part, tokens, asked),
        )
        html = self._blocks(body, part.identity, level=part.level, heading=part.tokens[1])
        if not html.strip() and self.site.budget >= 0:
            self._problem(
                part,
                "warning",
                "empty-section",
                N_("This section has no content. Write something under its heading, or remove it."),
            )
        return Section(
            identity=part.identity,
            title=part.title or part.identity,
            source=self._slice(part.start, part.end),
            line=_line(part.tokens[0]) + 1,
            html=html,
            contents=tuple(_contents(part)),
            words=words,
            checks=tuple(asked),
        )

    def _tell_of_a_section_as_question(self, part: _Part) -> None:
        if choices := checks.loose_choices(part.body):
            template = N_(
                "The heading of a section cannot be a question. Write the question above these choices, in a heading one level below the section's own."
            )
            self.problems.append(Problem(_line(choices) + 1, "error", "loose-choices", template))

    def _check(self, part: _Part, tokens: Sequence[Token], asked: list[Question]) -> str:
        """Read a question in the text of a section into ``asked``; return its safe HTML."""
        heading = tokens[0]
        question = checks.named(self._question([*tokens], "", part.identity, Names()), heading)
        asked.append(question)
        level = min(6, max(2, int(heading.tag[1]) - part.level + 1))
        return checks.ask(question, part.identity, level, self.site.words)

    def _quiz(self, part: _Part, place: int) -> Quiz:
        cuts = pools.cuts(part.tokens, part.level)
        if not cuts:
            self._problem(
                part,
                "error",
                "no-questions",
                N_("This quiz has no questions. Write each as a heading one level below the quiz's own."),
            )
        lines = [_line(part.tokens[cut.start]) for cut in cuts]
        sources = [self._slice(line, last) for line, last in _spans(lines, part.end)]
        questions, found = self._asked(part, cuts, sources)
        before = part.tokens[3 : cuts[0].start] if cuts else part.body
        if cuts:
            self._tell_of_loose_choices(before)
        return Quiz(
            identity=part.identity,
            title=part.title or part.identity,
            source=self._slice(part.start, lines[0] if lines else part.end),
            line=_line(part.tokens[0]) + 1,
            place=place,
            html=self._blocks(before, part.identity, level=part.level, heading=part.tokens[1]),
            questions=tuple(questions),
            pools=tuple(found),
        )

    def _tell_of_loose_choices(self, before: Sequence[Token]) -> None:
        """What stands between the heading of a quiz and its first question is shown as it is, so with every key."""
        for group in top_level(before):
            if is_tasks(group):
                template = N_(
                    "These choices belong to no question. Write their question above them, in a heading one level below the quiz's own."
                )
                self.problems.append(Problem(_line(group[0]) + 1, "error", "loose-choices", template))

    def _asked(
        self, part: _Part, cuts: Sequence[pools.Cut], sources: Sequence[str]
    ) -> tuple[list[Question], list[Pool]]:
        """The questions and pools of a quiz. What stands under a pool's heading is part of each of its questions."""
        questions: list[Question] = []
        found: list[Pool] = []
        names = Names()
        for cut, source in zip(cuts, sources, strict=True):
            if cut.is_pool:
                self._mention(part.tokens[cut.start + 1], part.identity, Notes())
                pool, problems = pools.parse_pool(cut, part.tokens, source, len(questions))
                found.append(pool)
                self.problems += problems
                continue
            tokens = part.tokens[cut.start : cut.end]
            # without a budget, the words of a pool would still be read as often as it has questions
            if cut.pool and cut.pool.is_named and self.site.budget >= 0:
                tokens[3:3] = part.tokens[cut.pool.start + 3 : cut.pool.end]
            questions.append(self._question(tokens, source, part.identity, names))
        return questions, found

    def _question(self, tokens: list[Token], source: str, home: str, names: Names) -> Question:
        reader = QuestionParser(tokens, source, self.site, home, names)
        question = reader.read()
        self.problems += reader.problems
        return question

    def _blocks(self, tokens: Sequence[Token], home: str, *, level: int, heading: Token | None) -> str:
        if self.site.budget < 0:
            return ""
        notes = Notes()
        if heading:
            self._mention(heading, home, notes)
        html = sanitiser.blocks(tokens, self.site, home, notes, level=level)
        html += sanitiser.footnotes(notes, self.site, home, level=level)
        return html if self.site.spend(len(html)) else ""

    def _mention(self, heading: Token, home: str, notes: Notes) -> None:
        """Tell what is wrong with a heading that is shown as words alone, and note its footnotes."""
        sanitiser.inline(heading, self.site, home, notes)
        notes.marked.clear()

    # -------------------------------------------------------------------------------------------------- parts

    def _parsed(self, text: str) -> list[Token]:
        unused: list[tuple[str, int]] = []
        tokens = parse(text, unused)
        template = N_(
            "Nothing mentions the footnote “{label}”, so it is not shown. Write [^{label}] where it belongs, or remove it."
        )
        for label, line in unused:
            params = {"label": label[:60]}
            self.problems.append(Problem(line + 1, "warning", "unused-footnote", template, params))
        return tokens

    def _without_footnotes(self, tokens: list[Token]) -> list[Token]:
        """The tokens without the block of footnotes at their end, which goes to the pages that mention them."""
        start = next(
            (i for i, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens)
        )
        current: list[Token] = []
        for token in tokens[start:]:
            if token.type == "footnote_open":
                current = self.site.footnotes.setdefault(token.meta["id"], [])
            elif token.type not in ("footnote_close", "footnote_block_open", "footnote_block_close"):
                current.append(token)
        return tokens[:start]

    def _slice(self, start: int, end: int) -> str:
        return "".join(self.lines[start:end])

    def _problem(self, part: _Part, severity: str, code: str, template: str, **params: str) -> None:
        self.problems.append(Problem(_line(part.tokens[0]) + 1, severity, code, template, params))


def _shape(levels: Sequence[int], given: int | None) -> tuple[bool, int]:
    """Whether the first heading is the title, and the level of the headings that begin a section."""
    first, rest = levels[0], levels[1:]
    if given is not None:
        return first < given, given
    if all(first < level for level in rest):
        return True, min(rest)
    return False, min(levels)


def _section_starts(tokens: Sequence[Token], starts: Sequence[int], depth: int) -> list[int]:
    """Which headings begin a section. A quiz above the level of sections keeps all that is deeper than itself."""
    found: list[int] = []
    deepest = depth
    for start in starts:
        level = int(tokens[start].tag[1])
        if level <= deepest:
            found.append(start)
            deepest = level if lookalikes.is_called_quiz(tokens[start], tokens[start + 1]) else depth
    return found


def _spans(starts: Sequence[int], end: int) -> list[tuple[int, int]]:
    """From each start to the next one, and from the last to the end."""
    return list(zip(starts, [*starts[1:], end], strict=True)) if starts else []


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _heading_for(title: str, line: int) -> list[Token]:
    """A heading for a document that has none."""
    opening = Token("heading_open", "h1", 1, map=[line, line], meta={"attributes": Attributes()})
    words = Token(
        "inline", "", 0, map=[line, line], content=title, children=[Token("text", "", 0, content=title)]
    )
    return [opening, words, Token("heading_close", "h1", -1)]


def _contents(part: _Part) -> list[Heading]:
    return [
        Heading(int(token.tag[1]), token.meta["id"], plain(part.body[index + 1]))
        for index, token in enumerate(part.body)
        if token.type == "heading_open" and token.level == 0 and "is_check" not in token.meta
    ]
