"""Finds lines that look like an answer or a key and that learners would read, since no conversion takes them out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from modules.document.convert.answer_words import ARROW, TAGS, answer_of
from modules.document.convert.answers import answer_below
from modules.document.convert.blocks import Context
from modules.document.convert.choices import choices_of
from modules.document.convert.keys import HEAD, Key, is_head
from modules.document.convert.lines import NO_CODE, Lines, heading_words
from modules.document.convert.readings import Reading
from modules.document.convert.shape import Shape
from modules.document.convert.signs_on_choices import signs_on_choices
from modules.document.convert.stems import asks, number_of
from modules.document.convert.ticks import LONGEST_SIGN, RIGHT
from modules.document.convert.traces import find_traces
from modules.document.convert.unread_keys import find_unread_keys
from modules.document.problems import N_, Problem
from modules.document.syntax.lookalikes import names_key

LONGEST = 60  # characters of a line that a warning repeats
LONGEST_LINE = 2_000  # characters; a longer line is no answer, and would take time
MOST_NAMED = 10  # places that have a warning of their own; the rest is counted
# The patterns see one blank in the place of blanks and signs of stress, so that long rows of them take no time.
STRESS = re.compile(r"[ \t*_~]+")
LETTERS = r"[(\[]?[A-Ha-h][)\]]?(?: ?[,;&/] ?[A-Ha-h]| (?:dan|and) [A-Ha-h])*"
ANSWER = (
    r"(?:kunci jawaban|jawaban(?:nya)?(?: (?:yang )?(?:benar|tepat))?|jawab|jwb"
    r"|(?:(?:correct|right) )?answers?(?: key)?|(?:correct|right) (?:option|choice))"
)
# These words also mean other things, such as a chord in music. So they count in a quiz only.
KEY = r"(?:kunci|key|ans|correct|solusi|solution)"


def _told(label: str) -> re.Pattern[str]:
    """Returns a pattern for a label with letters: in brackets, at the end of a line, or before a choice."""
    names = rf"(?<![^\W_]){label} ?(?:(?:adalah|ialah|yaitu|is)\b)? ?"
    return re.compile(
        rf"[(\[] ?{names}[:=：]? ?{LETTERS}[ .]?[)\]]"
        rf"|{names}[:=：] ?{LETTERS}[.)\]]? ?$"
        rf"|^[>\s#•·|(\[✅✔🔑👉→➡-]*{names}(?:[:=：] ?[(\[]?[A-Ha-h][.)] |{LETTERS}[.)\]]? ?$)",
        re.IGNORECASE,
    )


ANYWHERE, IN_QUIZ = _told(ANSWER), _told(KEY)
SENTENCE = re.compile(
    r"(?i:jawabannya(?: (?:adalah|ialah|yaitu))?|(?:jawaban|kunci)(?:nya)?(?: yang)?(?: benar| tepat)? (?:adalah|ialah|yaitu)"
    r"|(?:correct|right) (?:answer|option|choice) is) [(\[]?[A-H][)\]]?(?= ?(?:$|[.,;)]))"
)
GENERAL = re.compile(rf"[>\s#*_~✅✔🔑👉→|(\[-]*(?!kunci jawaban){KEY}\b", re.IGNORECASE)
GAP = re.compile(r"[\W_]*$")
BOLD_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}\\?[.)])[ \t]+(?:\*\*[^*]+\*\*|__[^_]+__)[ \t]*$")
ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}\\?[.)])[ \t]+\S")
BOLD_HTML = re.compile(r"<li\b[^<>]*>\s*<(b|strong|u|mark)>[^<]*</\1>\s*</li>", re.IGNORECASE)
OURS = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ xX]\][ \t]")
SIGNS = "✅✔✓☑🟢❌✗✘✖🔴:(←<*_=~"
MOST_BELOW = 12  # lines below the name of a key that a warning repeats
MOST_ABOVE = 12  # lines above a bold item that are searched for its question
NUMBERED = re.compile(r"[ \t]*\d{1,3}\\?[.)][ \t]+\S")


@dataclass(frozen=True, slots=True)
class Leak:
    """Describes a place, by its line from 1, and the words that learners would read there.

    ``is_sign`` tells whether a sign on a choice of ours gives it away.
    """

    line: int
    words: str
    is_sign: bool = False


def find_leaks(
    lines: Lines,
    taken: Sequence[bool | int],
    keys: Sequence[Key],
    readings: Sequence[Reading],
    shape_of: Callable[[Lines], Shape],
    used: Sequence[Key] = (),
) -> tuple[Leak, ...]:
    """Returns the places that look like an answer or a key. ``taken`` marks the lines that are converted or taken out.

    ``keys`` are those that belong to no question, ``used`` those that do. The shape is asked for only where something
    looks like one.
    """
    finder = _Finder(lines, taken, keys)
    finder.remains = {place for key in used if (place := rest_of_key(lines, taken, key)) is not None}
    candidates = set(finder.candidates())
    traces = find_traces(lines, readings, taken, finder.hidden)
    traces |= find_unread_keys(lines, taken, finder.hidden)
    if not candidates and not traces:
        return ()
    shape = shape_of(lines)
    hidden, signs = signs_on_choices(lines, shape.read)
    told = finder.confirmed(candidates - hidden, shape) | _without_neighbours(traces - hidden, finder)
    return tuple(
        Leak(place + 1, _short(lines, place, taken), place in signs) for place in sorted(told | signs)
    )


def _without_neighbours(traces: set[int], finder: _Finder) -> set[int]:
    """Returns the traces without the lines of a key whose first line is named, and without those below another."""
    of_heads = {place for key in finder.heads.values() for place in range(key.start, key.end)}
    return {place for place in traces if place not in of_heads and place - 1 not in traces}


def problems_of(leaks: Sequence[Leak], code: str, *, stays: bool) -> Iterator[Problem]:
    """Yields a warning for each place, and one for all others. ``stays`` tells whether the questions are converted."""
    for leak in leaks[:MOST_NAMED]:
        template = SIGN if leak.is_sign else STAYS if stays else SHOWN
        yield Problem(leak.line, "warning", code, template, {"words": leak.words})
    if rest := leaks[MOST_NAMED:]:
        yield Problem(rest[0].line, "warning", code, MORE, {"count": len(rest)})


SIGN = N_(
    "A sign or bold words tell learners that this choice is right: “{words}”. Write the choice like the others; [x] says enough."
)
SHOWN = N_(
    "Learners would read “{words}” here, which looks like an answer or a key. Take it out. A right choice has [x], and a quote (>) below the choices explains it after the attempt."
)
STAYS = N_(
    "This line looks like an answer or a key. It stays in the text, where learners read it: “{words}”. Take it out, or write its question as a heading with choices."
)
MORE = N_("From here on, {count} more places look like an answer or a key. Take them out as well.")


def _short(lines: Lines, place: int, taken: Sequence[bool | int]) -> str:
    """Returns the beginning of a line, and of those below it if the line only says that a key follows."""
    end = place + 1 + MOST_BELOW * names_key(heading_words(lines.all[place]))
    places = (line for line in range(place, min(end, len(lines))) if line == place or not taken[line])
    shown = " ".join(TAGS.sub(" ", heading_words(lines.all[line])) for line in places)
    words = " ".join(shown.split()).strip("|> ")
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()}…"


class _Finder:
    """Looks through the lines of a text, first at each alone and then at where it stands."""

    def __init__(self, lines: Lines, taken: Sequence[bool | int], keys: Sequence[Key]) -> None:
        self.lines, self.taken = lines, taken
        self.hidden = set(_comments(lines))
        self.heads = {key.start: key for key in keys if key.start not in self.hidden}
        self.remains = set[int]()
        self.of_keys = {place for key in keys for place in range(key.start + 1, key.end)}

    def candidates(self) -> Iterator[int]:
        context = Context(self.lines)
        for place in range(self.lines.matter.lines, len(self.lines)):
            if (
                place in self.heads
                or place in self.remains
                or (self._is_read(place) and self._looks_told(place, context))
            ):
                yield place

    def confirmed(self, candidates: set[int], shape: Shape) -> set[int]:
        """Returns the candidates that are answers where they stand."""
        context = Context(self.lines)
        places = set[int]()
        for place in sorted(candidates):
            self.lines.deadline.check()
            is_final = shape.is_in_quiz(place)
            if self._is_told(place, is_final, is_final or context.is_in_quiz(place)):
                places.add(place)
        return places

    def _is_read(self, place: int) -> bool:
        """Checks whether learners read a line that nothing takes out."""
        is_shown = self.lines.shown[place] and place not in self.hidden and not self.taken[place]
        return is_shown and place not in self.of_keys and len(self.lines.all[place]) <= LONGEST_LINE

    def _words(self, place: int) -> str:
        line = NO_CODE.sub(" ", heading_words(self.lines.all[place]))
        return STRESS.sub(" ", TAGS.sub(" ", line).replace("`", "")).strip()

    def _looks_told(self, place: int, context: Context) -> bool:
        words = self._words(place)
        return bool(
            ANYWHERE.search(words)
            or IN_QUIZ.search(words)
            or SENTENCE.search(words)
            or answer_of(words)
            or ARROW.match(words)
            or names_key(words)
            or answer_below(self.lines, place) is not None
            or BOLD_HTML.search(self.lines.all[place])
            or self._has_sign(place)
            or (BOLD_ITEM.match(self.lines.all[place]) and context.is_in_quiz(place))
        )

    def _has_sign(self, place: int) -> bool:
        """Checks whether a choice of ours may have a sign in its words. A comparison with the others follows."""
        line = self.lines.all[place]
        return bool(OURS.match(line)) and any(sign in line for sign in SIGNS)

    def _is_told(self, place: int, is_final: bool, is_in_quiz: bool) -> bool:
        words = self._words(place)
        if place in self.heads:
            return self._is_key(place, is_in_quiz)
        if place in self.remains:
            return True
        if ANYWHERE.search(words) or SENTENCE.search(words):
            return True
        if (names_key(words) and self._has_text_below(place)) or answer_below(self.lines, place) is not None:
            return True
        if not is_in_quiz:
            return False
        if IN_QUIZ.search(words) or ARROW.match(words) or self._is_bold_choice(place):
            return True
        if is_final and choices_of(self.lines.all[place], place) and RIGHT.search(words[-LONGEST_SIGN:]):
            return True
        answer = answer_of(words)
        is_open = answer is not None and not GAP.match(answer) and not GENERAL.match(words)
        return is_open and self._answers_question(place)

    def _is_bold_choice(self, place: int) -> bool:
        """Checks whether an item is bold among others below a line that asks, as authors mark a right choice."""
        if BOLD_HTML.search(self.lines.all[place]):
            return True
        if not BOLD_ITEM.match(self.lines.all[place]):
            return False
        has_others = bool(ITEM.match("".join(self.lines.all[place + 1 : place + 2])))
        for above in range(place - 1, max(-1, place - MOST_ABOVE), -1):
            line = self.lines.all[above]
            if self.taken[above] or self.lines.levels[above] or BOLD_ITEM.match(line):
                return False
            if asks(heading_words(line)):
                return has_others
            has_others = has_others or bool(ITEM.match(line))
        return False

    def _is_key(self, place: int, is_in_quiz: bool) -> bool:
        """Checks whether a list of letters is a key, and no list of other things below a word such as *keys*."""
        letters = self.heads[place].letters.values()
        words = self._words(place)
        is_named = is_in_quiz or "|" in words or bool(ANYWHERE_HEAD.match(words))
        return is_named and all(letter in "ABCDEFGH" for letter in letters)

    def _has_text_below(self, place: int) -> bool:
        """Checks whether something that learners read follows a line that is called a key."""
        head = HEAD.match(self._words(place))
        if head is None or not is_head(self.lines, place, head["rest"]):
            return False
        below = place + 1
        while below < len(self.lines) and (
            self.taken[below] or self.lines.is_blank(below) or place in self.of_keys
        ):
            below += 1
        return below < len(self.lines) and not self.lines.levels[below]

    def _answers_question(self, place: int) -> bool:
        """Checks whether a question stands above an answer in words: a heading, or a line that asks or has a number."""
        above = place - 1
        while above >= 0 and self.lines.is_blank(above):
            above -= 1
        if above < 0:
            return False
        start = above
        while start > 0 and not self.lines.is_blank(start - 1) and not self.lines.levels[start]:
            start -= 1
        asked = (heading_words(self.lines.all[line]) for line in {start, above})
        return bool(self.lines.levels[start]) or any(asks(words) or number_of(words) for words in asked)


def rest_of_key(lines: Lines, taken: Sequence[bool | int], key: Key) -> int | None:
    """Returns the line of a list that goes on with the answers of a key without a heading, such as “II. Isian”."""
    if lines.levels[key.start]:
        return None  # the heading stays above what remains, and says what it is
    places = (
        place for place in range(key.end, min(len(lines), key.end + MOST_BELOW)) if not lines.is_blank(place)
    )
    first = next(places, None)
    if first is None or not _may_remain(lines, taken, first):
        return None
    second = first if NUMBERED.match(lines.all[first]) else next(places, None)
    is_list = second is not None and _may_remain(lines, taken, second) and NUMBERED.match(lines.all[second])
    is_asking = second is not None and asks(heading_words(lines.all[second]))
    return first if is_list and not is_asking else None


def _may_remain(lines: Lines, taken: Sequence[bool | int], place: int) -> bool:
    line = lines.all[place]
    is_text = lines.shown[place] and not taken[place] and not lines.levels[place] and not lines.is_rule(place)
    return is_text and len(line) <= LONGEST and not asks(line)


ANYWHERE_HEAD = re.compile(
    r"[\W_]*(?:(?:kunci|daftar)[ \t]+jawaban|jawaban|answer[ \t]+keys?|answers|correct answers)\b",
    re.IGNORECASE,
)


def _comments(lines: Lines) -> Iterator[int]:
    """Yields the lines of comments of Obsidian between two lines with ``%%``."""
    is_open = False
    for place, line in enumerate(lines.all):
        is_end = is_open and "%%" in line
        is_start = not is_open and line.startswith("%%") and line.count("%%") == 1
        if is_open or is_start:
            yield place
        is_open = is_start or (is_open and not is_end)
