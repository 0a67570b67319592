"""Parses a text into a document: title, sections, final quiz, and every problem by its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from markdown_it.token import Token

from modules.document.deadline import NEVER, Deadline
from modules.document.html import image_links, sanitiser
from modules.document.html.dialects import unread
from modules.document.html.dialects.obsidian import keep_gaps
from modules.document.html.footnotes import Strays, split
from modules.document.html.plain_text import name_of, plain
from modules.document.html.site import Notes, Site
from modules.document.html.tokens import Attributes, TooManyHeadings, parse
from modules.document.html.words import words
from modules.document.problems import N_, Problem, gathered
from modules.document.slugs import RESERVED, VALID, Names, latin_slug, module_slug, slugify
from modules.document.syntax import (
    advice,
    checks,
    identities,
    limits,
    lookalikes,
    misplaced_matter,
    near_misses,
    open_blocks,
    placeholders,
    pools,
    separate_key,
    vanishing,
)
from modules.document.syntax.front_matter import KEYS, parse_front_matter
from modules.document.syntax.quiz import QuestionParser, is_tasks, plain_words, top_level
from modules.document.syntax.sections import Outline, Part, cut_document, line_of, spans
from modules.document.syntax.source import normalise, split_lines
from modules.document.syntax.values import Answer, Choice, Document, Heading, Pool, Question, Quiz, Section

__all__ = ["Answer", "Choice", "Document", "Heading", "Question", "Quiz", "Section", "parse_document"]

UNTITLED = "Tanpa judul"
LONGEST_TITLE = 500  # characters; a longer title is cut, since its column holds no more
NO_TEXT = N_(
    "There is no text here. Write a heading and something under it; if the file was emptied by mistake, bring back its earlier version."
)


def parse_document(
    text: str,
    *,
    name: str = "",
    title: str = "",
    images: Mapping[str, str] | None = None,
    answerable: bool = True,
    transliterates: bool = True,
    is_limited: bool = True,
    deadline: Deadline = NEVER,
) -> Document:
    """Returns a text as a document; ``problems`` has everything that is wrong with it. Raises nothing but what
    ``deadline`` raises.

    ``name`` is the name of the file, which serves as a title where the text has none. ``title`` serves where both are
    missing. ``images`` has the address of each image by its path in the document. Without ``answerable``, the fields of
    questions in the text are disabled. Without ``transliterates``, sections and headings are named as by version 0.2.0.
    Without ``is_limited``, the document may be larger than a new one.
    """
    known = {} if images is None else images
    parser = _Parser(text, known, answerable=answerable, is_limited=is_limited, deadline=deadline)
    parser.title = PurePosixPath(name).stem or title
    parser.slugify = slugify if transliterates else latin_slug
    return parser.parse()


class _Parser:
    """Parses one text. ``title`` is used where the text has none, ``slugify`` names its parts."""

    title = ""
    slugify = staticmethod(slugify)

    def __init__(
        self, text: str, images: Mapping[str, str], *, answerable: bool, is_limited: bool, deadline: Deadline
    ) -> None:
        self.text, self.answerable, self.is_limited = text, answerable, is_limited
        self.lines = split_lines(text)
        normal = normalise(text)
        self.matter, self.problems = parse_front_matter(normal)
        body = "".join(normal.split("\n", self.matter.lines)[self.matter.lines :])
        self.site = Site(
            budget=20 * len(text) + 2_000_000,
            words=words(self.matter.language),
            deadline=deadline,
            largest_page=limits.LARGEST_PAGE if is_limited else None,
            images=images,
            problems=self.problems,
        )
        if not body.strip():
            self.problems.append(Problem(0, "error", "no-text", NO_TEXT))
        self.is_refused = False
        blanked = "\n" * self.matter.lines + body  # so that each token keeps its line
        self.tokens, self.site.footnotes = split(self._parse_tokens(blanked))
        self.names = Names(RESERVED)
        self.outline = Outline()

    def parse(self) -> Document:
        if self.text.strip() and not self.is_refused:
            self.outline = self._cut()
        self.problems += self.outline.problems
        parts = self.outline.parts
        quiz_part = self._quiz_part()
        self._name_everything(quiz_part)
        title = self.outline.title
        introduction = self._introduction(None if any(part.tokens[1] is title for part in parts) else title)
        section_parts = [part for part in parts if part is not quiz_part]
        sections = tuple(self._section(part) for part in section_parts)
        quiz = self._quiz(quiz_part, parts.index(quiz_part)) if quiz_part else None
        for part in section_parts:
            if part.is_quiz:
                # A second quiz is an error, and the author learns of its other mistakes too.
                self._quiz(part, 0)
        self._limit_checks(sections)
        self._warn_of_lookalikes(section_parts, has_quiz=quiz is not None)
        self.problems += [*near_misses.of_headings(self.tokens), *placeholders.of_tokens(self.tokens)]
        if not any(problem.code == "front-matter" for problem in self.problems):
            self.problems += misplaced_matter.of_text(self.tokens, self.lines, KEYS)
        return self._document(introduction, sections, quiz)

    # ------------------------------------------------------------------------------------------------ tokens

    def _parse_tokens(self, text: str) -> list[Token]:
        strays = Strays()
        most = limits.MOST_HEADINGS_OF_DOCUMENT if self.is_limited else None
        try:
            tokens = parse(text, strays, deadline=self.site.deadline, most_headings=most)
        except TooManyHeadings as error:
            self.problems.append(limits.too_many_headings(error.line + 1))
            self.is_refused = True
            return []
        self.problems += [*vanishing.of_tokens(tokens, strays), *unread.of_tokens(tokens)]
        self.problems += map(self._forgiven, open_blocks.of_blocks(tokens, self.lines))
        return tokens

    def _cut(self) -> Outline:
        """Returns the outline of the document, or an empty one if it has too many sections."""
        outline = cut_document(self.tokens, self.matter, len(self.lines), title=self._title(""))
        quiz = next((part for part in outline.parts if part.is_quiz), None)
        lines = [part.line for part in outline.parts if part is not quiz]
        problems = self._limited(limits.of_sections(lines))
        return Outline(problems=problems) if problems else outline

    def _limited(self, problems: Iterable[Problem]) -> list[Problem]:
        """Returns problems with limits, which a stored document has not."""
        return list(problems) if self.is_limited else []

    def _forgiven(self, problem: Problem) -> Problem:
        """Returns a problem, as a warning if the document was stored before there was an error."""
        return problem if self.is_limited else replace(problem, severity="warning")

    def _limit_checks(self, sections: Sequence[Section]) -> None:
        lines = [question.line for section in sections for question in section.checks]
        self.problems += self._limited(limits.of_questions(lines))

    def _title(self, heading: str) -> str:
        written = self.matter.title or heading or self.title
        return " ".join(written.split())[:LONGEST_TITLE] or UNTITLED

    # ------------------------------------------------------------------------------------------------- names

    def _quiz_part(self) -> Part | None:
        quiz_parts = [part for part in self.outline.parts if part.is_quiz]
        template = N_(
            "A module has one final quiz, and this is another one. Join them, or give this section another heading."
        )
        for part in quiz_parts[1:]:
            self._problem(part, "error", "two-quizzes", template)
        return quiz_parts[0] if quiz_parts else None

    def _name_everything(self, quiz_part: Part | None) -> None:
        self._name_parts()
        self._name_headings(self.outline.before, "", is_quiz=False)
        for part in self.outline.parts:
            self._name_headings(part.body, part.identity, is_quiz=part is quiz_part)

    def _name_parts(self) -> None:
        """Gives parts their identities, the written ones first, so that a new section never takes another's."""
        parts = self.outline.parts
        for part in parts:
            wanted, problems = identities.written(part.attributes.id, part.line)
            self.problems += problems
            if wanted:
                part.identity = self._claim(part, wanted)
        for number, part in enumerate(parts, start=1):
            if not part.identity:
                part.identity = self._claim(part, self.slugify(part.name), number)
        for number, part in enumerate(parts, start=1):
            self.site.anchors[part.identity] = (part.identity, "")
            self.site.call(part.name, (part.identity, ""))
            if not latin_slug(part.name):  # links of documents that were written for version 0.2.0
                self.site.aliases.setdefault(f"bagian-{number}", (part.identity, ""))

    def _claim(self, part: Part, wanted: str, number: int = 0) -> str:
        """Returns an identity for a part, made of its number where its heading has no letter that an address takes."""
        if not wanted:
            return self.names.claim(f"bagian-{number}", (part.title, part.line))
        claimed, problems = identities.claim(self.names, wanted, part.title, part.line)
        self.problems += problems
        return claimed

    def _name_headings(self, tokens: Sequence[Token], home: str, *, is_quiz: bool) -> None:
        for index, token in enumerate(tokens):
            if token.type != "heading_open":
                continue
            attributes: Attributes = token.meta["attributes"]
            title = name_of(tokens[index + 1])
            wanted = attributes.id if VALID.match(attributes.id) else self.slugify(title) or "judul"
            name = self.names.claim(wanted)
            token.meta["id"] = f"s-{name}"
            target = (home, "" if is_quiz else token.meta["id"])
            self.site.anchors.setdefault(name, target)
            self.site.call(title, target)

    # ---------------------------------------------------------------------------- introduction and sections

    def _introduction(self, title: Token | None) -> str:
        start = self.outline.title_start
        titled = [] if start is None else [self.tokens[start]]
        for heading in [*titled, *self.outline.before]:
            if heading.type == "heading_open" and checks.is_marked(heading):
                template = N_(
                    "A question that is not graded stands in a section. Move it under a section's heading."
                )
                self.problems.append(Problem(line_of(heading), "warning", "check-outside", template))
        return self._blocks(self.outline.before, "", level=1, heading=title)

    def _section(self, part: Part) -> Section:
        word_count = len(plain_words(part.body).split())
        questions: list[Question] = []
        is_marked = checks.is_marked(part.tokens[0])
        if is_marked:
            self._refuse_section_as_question(part)
        body = checks.with_checks(
            part.body,
            level=part.level if is_marked else None,
            write=lambda tokens: self._check(part, tokens, questions),
        )
        html = self._blocks(body, part.identity, level=part.level, heading=part.tokens[1])
        contents = part.contents()
        self.problems += self._limited(limits.of_headings(len(contents), part.line))
        if not html.strip() and self.site.budget >= 0 and not self.site.oversize:
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
            line=part.line,
            html=html,
            contents=contents,
            words=word_count,
            checks=tuple(questions),
        )

    def _refuse_section_as_question(self, part: Part) -> None:
        if choices := checks.loose_choices(part.body):
            template = N_(
                "The heading of a section cannot be a question. Write the question above these choices, in a heading one level below the section's own."
            )
            self.problems.append(Problem(line_of(choices), "error", "loose-choices", template))

    def _check(self, part: Part, tokens: Sequence[Token], questions: list[Question]) -> str:
        """Adds a question in the text of a section to ``questions``; returns its safe HTML."""
        heading = tokens[0]
        question = checks.named(self._question([*tokens], "", part.identity, Names()), heading)
        questions.append(question)
        level = min(6, max(2, int(heading.tag[1]) - part.level + 1))
        return checks.ask(question, part.identity, level, self.site.words, answerable=self.answerable)

    # ------------------------------------------------------------------------------------------- final quiz

    def _quiz(self, part: Part, place: int) -> Quiz:
        cuts, before = self._cut_quiz(part)
        lines = [line_of(part.tokens[cut.start]) - 1 for cut in cuts]
        sources = [self._slice(line, last) for line, last in spans(lines, part.end)]
        questions, quiz_pools = self._questions(part, cuts, sources)
        titles = [(question.line, question.title) for question in questions]
        self.problems += [*near_misses.of_numbers(titles), *near_misses.of_points(titles)]
        return Quiz(
            identity=part.identity,
            title=part.title or part.identity,
            source=self._slice(part.start, lines[0] if lines else part.end),
            line=part.line,
            place=place,
            html=self._blocks(before, part.identity, level=part.level, heading=part.tokens[1]),
            questions=tuple(questions),
            pools=tuple(quiz_pools),
        )

    def _cut_quiz(self, part: Part) -> tuple[list[pools.Cut], list[Token]]:
        """Returns the pools and questions of a quiz, and its text before them; nothing if there are too many."""
        cuts = pools.cuts(part.tokens, part.level)
        before = part.tokens[3 : cuts[0].start] if cuts else part.body
        if not self._refuse_loose_questions(before, part.level) and not cuts:
            self._problem(
                part,
                "error",
                "no-questions",
                N_("This quiz has no questions. Write each as a heading one level below the quiz's own."),
            )
        lines = [line_of(part.tokens[cut.start]) for cut in cuts if not cut.is_pool]
        if problems := self._limited(limits.of_questions(lines)):
            self.problems += problems
            return [], []
        return cuts, before

    def _refuse_loose_questions(self, before: Sequence[Token], level: int) -> bool:
        """Refuses questions that are no headings, and choices without any question: they would be shown with their key.

        Returns whether there are some. ``before`` are the blocks between the heading of a quiz and its first question.
        """
        groups = top_level(before)
        near = near_misses.of_quiz_text(groups, level + 1)
        self.problems += near
        loose = [group for group in groups if is_tasks(group)]
        template = N_(
            "These choices belong to no question. Write their question above them, in a heading one level below the quiz's own."
        )
        for group in loose if not near else ():
            self.problems.append(Problem(line_of(group[0]), "error", "loose-choices", template))
        return bool(near or loose)

    def _questions(
        self, part: Part, cuts: Sequence[pools.Cut], sources: Sequence[str]
    ) -> tuple[list[Question], list[Pool]]:
        """Returns the questions and pools of a quiz. Text under a pool's heading goes into each of its questions."""
        questions: list[Question] = []
        quiz_pools: list[Pool] = []
        names = Names()
        for cut, source in zip(cuts, sources, strict=True):
            if cut.is_pool:
                self._mention(part.tokens[cut.start + 1], part.identity, Notes())
                pool, problems = pools.parse_pool(cut, part.tokens, source, len(questions))
                quiz_pools.append(pool)
                self.problems += problems
                continue
            tokens = part.tokens[cut.start : cut.end]
            # Without a budget, the words of a pool would still be parsed as often as it has questions.
            if cut.pool and cut.pool.is_named and self.site.budget >= 0:
                tokens[3:3] = part.tokens[cut.pool.start + 3 : cut.pool.end]
            questions.append(self._question(tokens, source, part.identity, names))
        return questions, quiz_pools

    def _question(self, tokens: list[Token], source: str, home: str, names: Names) -> Question:
        self.site.deadline.check()
        self.site.oversize = 0
        self.problems += keep_gaps(tokens)
        parser = QuestionParser(tokens, source, self.site, home, names)
        question = parser.parse()
        self.problems += parser.problems
        size, choices = max(self.site.oversize, question.size), (*question.choices, *question.answers)
        self.problems += self._limited(limits.of_page(size, question.line))
        self.problems += self._limited(limits.of_choices(len(choices), question.line))
        return question

    # -------------------------------------------------------------------------------------------------- HTML

    def _blocks(self, tokens: Sequence[Token], home: str, *, level: int, heading: Token | None) -> str:
        if self.site.budget < 0:
            return ""
        self.site.oversize = 0
        notes = Notes()
        if heading:
            self._mention(heading, home, notes)
        html = sanitiser.blocks(tokens, self.site, home, notes, level=level)
        html += sanitiser.footnotes(notes, self.site, home, level=level)
        first = heading or next(iter(tokens), None)
        size = max(self.site.oversize, len(html))
        self.problems += self._limited(limits.of_page(size, line_of(first) if first else 0))
        return html if self.site.spend(len(html)) else ""

    def _mention(self, heading: Token, home: str, notes: Notes) -> None:
        """Collects the problems of a heading that is shown as words alone, and its footnotes."""
        sanitiser.inline(heading, self.site, home, notes)
        notes.marked.clear()

    # ---------------------------------------------------------------------------------------------- document

    def _warn_of_lookalikes(self, sections: Sequence[Part], *, has_quiz: bool) -> None:
        outline = self.outline
        if outline.title_start is not None and not has_quiz:
            self.problems += lookalikes.of_title(self.tokens, outline.title_start)
        self.problems += lookalikes.of_text(outline.before, outline.depth)
        for part in sections:
            if not part.is_quiz:
                self.problems += lookalikes.of_text(part.body, outline.depth)
                self.problems += lookalikes.of_section(part.tokens)

    def _document(self, introduction: str, sections: tuple[Section, ...], quiz: Quiz | None) -> Document:
        matter, title, parts = self.matter, self.outline.title, self.outline.parts
        if self.site.budget < 0:
            template = N_(
                "Rendered, this document becomes far larger than its text. Take out repeated long links, footnotes or table columns."
            )
            self.problems.append(Problem(0, "error", "output", template))
        if quiz and matter.quiz:
            template = N_(
                "The front matter says that this module has no quiz, and here it has one. Take out the line “quiz: none”."
            )
            self.problems.append(Problem(quiz.line, "warning", "quiz-none", template))
        self.problems += image_links.renamed(self.site)
        self.problems += advice.of_document(sections, quiz, matter.rules)
        of_text = [check for section in sections for check in section.checks]
        asked = [*(quiz.questions if quiz else ()), *of_text]
        return Document(
            title=self._title(plain(title) if title else ""),
            slug=matter.slug or module_slug(self._title(name_of(title) if title else "")),
            slug_is_given=bool(matter.slug),
            language=matter.language,
            summary=matter.summary,
            rules=matter.rules,
            preamble=self._slice(0, parts[0].start if parts else len(self.lines)),
            introduction=introduction,
            sections=sections,
            quiz=quiz,
            lacks=tuple(self._lacks(quiz)),
            shown_images=frozenset(self.site.shown),
            missing_images=tuple(self.site.missing),
            problems=tuple(gathered(separate_key.problems_of(matter, self.problems, asked))),
            lacks_key=bool(matter.answer_key),
            access=matter.access,
            checks=matter.checks,
        )

    def _lacks(self, quiz: Quiz | None) -> Iterator[str]:
        if not any(token.type == "heading_open" and token.level == 0 for token in self.tokens):
            yield "headings"
        if quiz is None and not self.matter.quiz:
            yield "quiz"

    def _slice(self, start: int, end: int) -> str:
        return "".join(self.lines[start:end])

    def _problem(self, part: Part, severity: str, code: str, template: str) -> None:
        self.problems.append(Problem(part.line, severity, code, template))
