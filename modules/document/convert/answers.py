"""Reads the lines after the choices: the answer, and the explanation that goes with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from modules.document.convert.choices import Choice, begins_question, choices_of
from modules.document.convert.lines import Lines, heading_words

DECORATION = r"[>\s#*_~✅✔☑🔑👉➡→•·|([-]*"
ANSWER = re.compile(
    rf"{DECORATION}(?:kunci(?:[ \t]+jawaban)?|jawaban(?:nya)?(?:[ \t]+(?:yang[ \t]+)?(?:benar|tepat))?|jawab|jwb|jawaban[ \t]+soal"
    r"|answers?(?:[ \t]+key)?|(?:the[ \t]+)?(?:correct|right)[ \t]+(?:answers?|option|choice)s?|correct|ans|key|solution|solusi)"
    r"(?:[ \t]+(?:adalah|is))?[ \t*_]*[:=：][ \t*_]*(?P<rest>.*)$",
    re.IGNORECASE,
)
REASON = re.compile(
    rf"{DECORATION}(?:pembahasan|penjelasan|alasan|explanation|rationale|reason|why|feedback|umpan balik)[ \t*_]*[:：][ \t*_]*(?P<rest>.*)$",
    re.IGNORECASE,
)
# An answer without a colon: *Jawaban benar B*, *Jawabannya adalah C*.
UNMARKED = re.compile(
    rf"{DECORATION}(?:kunci(?:[ \t]+jawaban)?|jawaban(?:nya)?(?:[ \t]+(?:yang[ \t]+)?(?:benar|tepat))?|jawab|jwb"
    r"|(?:the[ \t]+)?(?:(?:correct|right)[ \t]+)?answer)(?:[ \t]+(?:adalah|is))?[ \t*_]+"
    r"(?P<rest>[(\[]?[A-Ha-h](?:[ \t]*[,;&/][ \t]*[A-Ha-h]|[ \t]+(?:dan|and)[ \t]+[A-Ha-h])*[)\]]?)[.*_)\]\s]*$",
    re.IGNORECASE,
)
# An answer that only an arrow or a sign marks, right below the choices: *→ B*.
ARROW = re.compile(
    r"[>\s*_(\[]*(?:→|➡\ufe0f?|=>|->|👉|✅|✔\ufe0f?|🔑)[ \t*_]*(?P<rest>[A-Ha-h](?:[.)][ \t].*)?)[.*_)\]\s]*$"
)
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
TAGS = re.compile(r"</?[A-Za-z][^<>]*>")
JOIN = r"(?:[ \t]*[,;&/+][ \t]*(?:dan[ \t]+|and[ \t]+)?|[ \t]+(?:dan|and)[ \t]+)"
LETTERS = re.compile(
    rf"[\s*_`>\"“]*(?P<letters>[(\[]?[A-Za-z][)\]]?(?:{JOIN}[(\[]?[A-Za-z][)\]]?)*)(?![\w'’])[*_`\"”]*(?P<stop>[.):–—-]?)[*_]*[ \t]*(?P<rest>.*)$"
)
SINGLE = re.compile(r"(?<![^\W_])[A-Za-z](?![^\W_])")
KEY = re.compile(r"[\W_]*\d{1,3}[ \t]*\\?[.):=–-][ \t]*\(?[A-Za-z](?!\w)")
SIGNS = "*_`.\"“”'() \t"


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


def answer_of(words: str) -> str | None:
    """Returns the answer that a line names, or ``None`` for any other line."""
    match = ANSWER.match(words) or UNMARKED.match(words)
    if match is None:
        return None
    rest = match["rest"].strip()
    is_in_brackets = "(" in words[: match.start("rest")] or "[" in words[: match.start("rest")]
    return rest.rstrip(" \t*_.").removesuffix(")").removesuffix("]") if is_in_brackets else rest


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
    match = LETTERS.match(answer)
    if not match:
        return set(), ""
    letters = [letter.upper() for letter in SINGLE.findall(match["letters"])]
    places = {ord(letter) - ord("A") for letter in letters}
    if not places or max(places) >= len(choices):
        return set(), ""
    rest = re.sub(r"^[–—:-]+[ \t]+", "", match["rest"].strip())
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

    def read(self) -> Tail:
        place = self.start
        while place < len(self.lines) and self._take(place):
            if not self.lines.is_blank(place):
                self.tail.end = place + 1
            place += 1
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
        if not self.tail.has_answer and answer:
            return self._answer(place, answer)
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
