"""Reads the lines after the choices: the answer, and the explanation that goes with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from modules.document.convert.answer_words import ANNOUNCED, ARROW, OPTION, REASON, TAGS, answer_of
from modules.document.convert.choices import Choice, begins_question, choices_of
from modules.document.convert.keys import NAMED
from modules.document.convert.lines import Lines, heading_words

# A line that only names the answer, and a line that only gives it: *- Kunci* and below it *B*.
NAME = re.compile(
    r"[ \t]*(?:[-*+•▸▶][ \t]+)?[*_]{0,2}(?:(?:kunci|lihat)(?:[ \t]+jawaban)?|jawaban(?:[ \t]+benar)?|answer|solution)[*_:]{0,3}[ \t]*",
    re.IGNORECASE,
)
LONE = re.compile(
    r"[ \t>]*(?:[-*+•][ \t]+)?[*_]{0,2}\(?(?P<letter>[A-Ha-h])(?:[.)]?[*_]{0,2}[ \t]*|[.)][*_]{0,2}[ \t][^\n]{1,200})"
)
SUMMARY = re.compile(r"kunci|jawab|answer|solution|solusi|pembahasan|explanation", re.IGNORECASE)
WHOLE_SUMMARY = re.compile(r"<summary\b[^<>]*>.*?(?:</summary>|$)", re.IGNORECASE)
JOIN = r"(?:[ \t]*[,;&/+][ \t]*(?:dan[ \t]+|and[ \t]+)?|[ \t]+(?:dan|and)[ \t]+)"
LETTERS = re.compile(
    rf"[\s*_`>\"“]*(?P<letters>[(\[]?[A-Za-z][)\]]?(?:{JOIN}[(\[]?[A-Za-z][)\]]?)*)(?![\w'’])[*_`\"”]*(?P<stop>[.):–—-]?)[*_]*[ \t]*(?P<rest>.*)$"
)
SINGLE = re.compile(r"(?<![^\W_])[A-Za-z](?![^\W_])")
KEY = re.compile(
    rf"[\W_]*(?:{NAMED}\d{{1,3}}[ \t]*\\?[.):=–-][ \t]*\(?[A-Za-z](?!\w)|\d{{1,3}}[A-H][ \t,;]+\d{{1,3}}[A-H]\b)"
)
SIGNS = "*_`.\"“”'() \t"
SEVERAL = re.compile(r"[A-Z](?:[\s,;.]+[A-Z])*[\s.]*")  # the rest of a key: B A
TOGETHER = re.compile(r"[\s*_(\[]*(?P<letters>[A-H]{2,8})[\s*_.)\]]*$")  # AC


@dataclass(slots=True)
class Tail:
    """Describes the lines after the choices up to ``end``, which is excluded.

    ``answer`` has the words of the answer, and ``place`` its line or -1. ``reason`` explains it.
    """

    end: int
    answer: str = ""
    place: int = -1
    reason: list[str] = field(default_factory=list)

    @property
    def has_answer(self) -> bool:
        return self.place >= 0


def read_tail(lines: Lines, start: int) -> Tail:
    """Returns the answer and the explanation that follow the choices on the lines before ``start``."""
    return _TailReader(lines, start).read()


def answer_below(lines: Lines, place: int) -> int | None:
    """Returns the line of one letter below an item or a line that only says “Kunci”, as Notion folds answers."""
    match = NAME.fullmatch(lines.all[place]) if len(lines.all[place]) < 40 else None
    below = lines.skip_blank(place + 1) if match else len(lines)
    letter = LONE.fullmatch(lines.all[below]) if below < len(lines) and lines.shown[below] else None
    if not letter:
        return None
    following = lines.skip_blank(below + 1)
    found = choices_of(lines.all[following], following) if following < len(lines) else []
    is_choice = bool(found) and found[0].letter == chr(ord(letter["letter"].upper()) + 1)
    return None if is_choice else below


def right_places(answer: str, choices: Sequence[Choice]) -> tuple[set[int], str]:
    """Returns the positions of the choices that an answer names, by letter or by words, and the words left over."""
    wanted = bare(answer)
    same = {place for place, choice in enumerate(choices) if wanted and bare(choice.text) == wanted}
    if same:
        return same, ""
    if (together := TOGETHER.match(answer)) and ord(max(together["letters"])) - ord("A") < len(choices):
        return {ord(letter) - ord("A") for letter in together["letters"]}, ""
    match = LETTERS.match(answer)
    if not match:
        return set(), ""
    letters = [letter.upper() for letter in SINGLE.findall(match["letters"])]
    places = {ord(letter) - ord("A") for letter in letters}
    if not places or max(places) >= len(choices):
        return set(), ""
    rest = re.sub(r"^[–—:-]+[ \t]+", "", match["rest"].strip())
    rest = rest.replace("**", "", 1) if rest.count("**") % 2 else rest
    is_repeated = any(bare(rest) == bare(choices[place].text) for place in places)
    return places, "" if is_repeated else rest


def bare(words: str) -> str:
    """Returns words in lower case, without signs around them."""
    return " ".join(words.strip(SIGNS).casefold().split())


class _TailReader:
    """Reads the lines after the choices one by one. ``is_folded`` is true inside ``<details>``."""

    def __init__(self, lines: Lines, start: int) -> None:
        self.lines, self.start = lines, start
        self.tail = Tail(start)
        self.is_folded = self.is_explaining = self.is_new_paragraph = False
        self.announced_end = 0  # the line after an answer that stands below its label

    def read(self) -> Tail:
        place = self.start
        while place < len(self.lines) and self._take(place):
            following = max(place + 1, self.announced_end)
            if not self.lines.is_blank(place):
                self.tail.end = following
            place = following
        if self.is_folded and not self.tail.has_answer:
            return Tail(self.start)  # the fold is something else, and has no end that was seen
        return self.tail

    def _take(self, place: int) -> bool:
        """Takes a line, or returns false where the question has ended before it."""
        line = self.lines.all[place]
        words = TAGS.sub(" ", heading_words(line)).strip()
        if not line.strip():
            self.is_new_paragraph = True
            return self._explain("")
        if not self.lines.shown[place]:
            return (
                (self.is_folded or not self.is_new_paragraph) and self.tail.has_answer and self._explain(line)
            )
        if "<" in line and self._is_fold(line, words):
            return self._fold(place, line)
        self.is_folded = self.is_folded or "<details" in line.lower()
        taken = self._take_words(place, line, words)
        self.is_new_paragraph = taken and self.is_folded and "</details" in line.lower()
        self.is_folded = self.is_folded and not self.is_new_paragraph
        return taken

    def _is_fold(self, line: str, words: str) -> bool:
        return not words or ("<summary" in line.lower() and answer_of(words) is None)

    def _fold(self, place: int, line: str) -> bool:
        """Takes a line with the tags of a fold, and what stands beside them."""
        lower = line.lower()
        if "<details" in lower:
            self.is_folded = True
        if "<summary" in lower and not SUMMARY.search(line):
            return self.tail.has_answer
        beside = TAGS.sub(" ", WHOLE_SUMMARY.sub(" ", line)).strip()
        if beside and not self.tail.has_answer and LETTERS.match(beside):
            self._answer(place, beside)
        elif beside:
            self._explain(beside)
        if "</details" in lower:
            was_folded, self.is_folded, self.is_new_paragraph = self.is_folded, False, True
            return was_folded
        return self.is_folded or self.tail.has_answer

    def _take_words(self, place: int, line: str, words: str) -> bool:
        answer = answer_of(words) or ""
        if KEY.match(answer):
            return False  # the key of all questions
        if not answer and not self.tail.has_answer and (below := answer_below(self.lines, place)):
            return self._answer(below, self.lines.all[below].strip())
        if not answer and place == self.lines.skip_blank(self.start) and (match := ARROW.match(words)):
            answer = match["rest"]
        if not self.tail.has_answer and (answer or (ANNOUNCED.match(words) and self._announce(place))):
            return not answer or self._answer(place, answer)
        if match := REASON.match(words):
            self.is_explaining = True
            return self._explain(match["rest"])
        if place == self.tail.place:
            return True  # the line below the word “Kunci”
        if self.lines.levels[place] and not self.is_folded:
            return False
        if self.is_folded and not self.tail.has_answer and LETTERS.match(words):
            return self._answer(place, words)
        is_quote = line.lstrip().startswith(">")
        goes_on = self.is_folded or is_quote or not self.is_new_paragraph
        if not goes_on or (not self.is_folded and self._begins_another(place)):
            return False
        is_explained = self.tail.has_answer or self.is_explaining or is_quote
        return is_explained and self._explain(_unquoted(TAGS.sub("", line) if self.is_folded else line))

    def _announce(self, place: int) -> bool:
        """Takes the answer below a line that says only that one follows, or returns false if none does."""
        following = self.lines.skip_blank(place + 1)
        while following < len(self.lines) and OPTION.match(self.lines.all[following]):
            following = self.lines.skip_blank(following + 1)
        if following == len(self.lines) or not self.lines.shown[following]:
            return False
        words = _unquoted(TAGS.sub(" ", self.lines.all[following]))
        match = LETTERS.match(words)
        if not match or SEVERAL.fullmatch(match["rest"]):
            return False
        self.announced_end = following + 1
        if self.lines.all[place].startswith(":::"):
            end = self.lines.skip_blank(following + 1)
            is_closed = end < len(self.lines) and self.lines.all[end].startswith(":::")
            self.announced_end = end + 1 if is_closed else following + 1
        return self._answer(following, words)

    def _begins_another(self, place: int) -> bool:
        found = choices_of(self.lines.all[place], place)
        return begins_question(self.lines, place) or bool(
            found and (found[0].letter or found[0].sign is not None)
        )

    def _answer(self, place: int, words: str) -> bool:
        self.tail.answer, self.tail.place = words.strip(), place
        return True

    def _explain(self, line: str) -> bool:
        if line or self.tail.reason:
            self.tail.reason.append(line)
        return True


def _unquoted(line: str) -> str:
    return line.lstrip()[1:].removeprefix(" ") if line.lstrip().startswith(">") else line.strip()
