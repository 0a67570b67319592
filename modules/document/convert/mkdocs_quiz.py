"""Reads the questions of mkdocs-quiz: ``<quiz>`` with boxes or gaps, and ``<?quiz?>`` with names before colons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import dedent

from modules.document.convert.choices import Choice, runs
from modules.document.convert.converted import loss
from modules.document.convert.lines import Lines
from modules.document.convert.readings import Part, Reading, foreign_choices, no_answer
from modules.document.convert.stems import unbolded, without_number
from modules.document.convert.writing import ForeignChoice, ForeignQuestion
from modules.document.problems import N_

NOTATION = "mkdocs-quiz"
ENDS = {"<quiz>": "</quiz>", "<?quiz?>": "<?/quiz?>", "quiz-start": "quiz-end"}
FIELD = re.compile(r"[ \t]*(?:quiz-)?(?P<name>question|answer-correct|answer|content):[ \t]?(?P<words>.*)$")
GAP = re.compile(r"\[\[(?P<answer>[^\[\]]{1,200})\]\]")


def read(lines: Lines) -> Part:
    """Returns the questions between such tags, and a loss for each that our notation cannot ask."""
    readings, losses = [], []
    template = N_(
        "This question has several gaps, or no answer that can be read. Write it anew, or take it out."
    )
    for start, end in _spans(lines):
        reading = _reading(lines, start, end)
        if reading:
            readings.append(reading)
        else:
            losses.append(loss(start + 1, template))
    return Part(tuple(readings), tuple(losses))


def _spans(lines: Lines) -> Iterator[tuple[int, int]]:
    """Yields the first line of each question, and the line after its end."""
    start, closing = -1, ""
    for place, line in enumerate(lines.all):
        word = line.strip().lower()
        if closing and word == closing:
            yield start, place + 1
            closing = ""
        elif word in ENDS and lines.shown[place]:
            start, closing = place, ENDS[word]


def _reading(lines: Lines, start: int, end: int) -> Reading | None:
    inside = dedent("\n".join(lines.all[start + 1 : end - 1])).strip("\n")
    is_named = lines.all[start].strip().lower() != "<quiz>"
    question = _named(inside.split("\n")) if is_named else _boxed(inside)
    if question is None:
        return None
    has_answer = bool(question.answers) or any(choice.is_right for choice in question.choices)
    losses = () if has_answer else (no_answer(start + 1),)
    return Reading(NOTATION, start, end, question, losses, shows_key=has_answer)


def _boxed(inside: str) -> ForeignQuestion | None:
    inner = Lines(f"\n{inside}")  # a blank line first, so that nothing is front matter
    run = next((run for run in runs(inner) if run.is_boxed), None)
    if run is None:
        return _gap(inside)
    title, text = _prompt("\n".join(inner.all[: run.start]))
    return _question(title, text, run.choices, inner.all[run.end :])


def _question(title: str, text: str, choices: list[Choice], after: Sequence[str]) -> ForeignQuestion:
    right = {place for place, choice in enumerate(choices) if choice.is_right}
    rest = "\n".join(after).strip("\n").rstrip().removeprefix("---").strip("\n")
    return ForeignQuestion(
        title,
        text,
        kind="multiple" if len(right) > 1 else "single",
        choices=foreign_choices(choices, right),
        explanation=rest,
    )


def _gap(inside: str) -> ForeignQuestion | None:
    """Returns a question with one gap, whose answers may be several."""
    prompt, _rule, rest = inside.partition("\n---")
    gaps = list(GAP.finditer(prompt))
    if len(gaps) != 1:
        return None
    title, text = _prompt(GAP.sub("____", prompt))
    answers = tuple(answer.strip() for answer in gaps[0]["answer"].split("|") if answer.strip())
    return ForeignQuestion(
        title, text, kind="short", answers=answers, explanation=rest.lstrip("-").strip("\n")
    )


def _named(lines: Sequence[str]) -> ForeignQuestion | None:
    """Returns a question whose parts have names."""
    fields: list[tuple[str, str]] = []
    for line in lines:
        if (match := FIELD.match(line)) and not (fields and fields[-1][0] == "content"):
            fields.append((match["name"], match["words"].strip()))
        elif fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]}\n{line}".strip("\n"))
    title = next((words for name, words in fields if name == "question"), "")
    choices = [ForeignChoice(words, name == "answer-correct") for name, words in fields if "answer" in name]
    content = "\n".join(words for name, words in fields if name == "content")
    if not title or len(choices) < 2:
        return None
    kind = "multiple" if sum(choice.is_right for choice in choices) > 1 else "single"
    return ForeignQuestion(title, kind=kind, choices=tuple(choices), explanation=content.strip("\n"))


def _prompt(text: str) -> tuple[str, str]:
    first, _blank, rest = text.strip("\n").partition("\n\n")
    if first.lstrip().startswith(("```", "~~~", "|", "!", ">", "$$")):
        return "", text.strip("\n")
    return unbolded(without_number(" ".join(first.split()).lstrip("# "))), rest.strip("\n").rstrip()
