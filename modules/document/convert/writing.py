"""Writes a question in the notation of a module, so that the parser reads exactly that question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from modules.document.slugs import VALID
from modules.document.syntax.quiz import MOST_POINTS, POINTS

FENCE = re.compile(r"[ \t>]*(?P<fence>`{3,}(?!.*`)|~{3,})")
HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+(?P<words>.*))?$")
UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
# A mark of ours inside a prompt or a choice would be read as another choice.
MARK = re.compile(r"(?P<before>[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+)(?=\[[ xX=]\](?:[ \t]|$))")
# HTML that would hide everything up to its end, which may be missing.
HIDING_TAGS = ("script", "pre", "style", "textarea")
HIDING = re.compile(rf"[ \t]*<(?:{'|'.join(HIDING_TAGS)}|\?|!(?!--))", re.IGNORECASE)
SIGNS = re.compile(r"([\\`*_\[\]<>$~|{}])")  # signs of Markdown anywhere in a line
FIRST_SIGNS = re.compile(r"^(\s*)(?:([-+#=])|(\d{1,9})([.)]))", re.MULTILINE)
BULLETS = "-*+"


@dataclass(frozen=True, slots=True)
class ForeignChoice:
    """Describes a choice of a question in another notation. Its texts are Markdown."""

    text: str
    is_right: bool = False
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class ForeignPool:
    """Describes a pool of which an attempt asks ``draw`` questions, or all. ``number`` tells apart equal titles."""

    title: str
    draw: int | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class ForeignQuestion:
    """Describes a question that was read from another notation. Its texts are Markdown; see :func:`escape`.

    ``title`` becomes the heading and ``text`` stands below it. ``kind`` is ``single``, ``multiple``, ``short`` or
    ``numerical``. ``choices`` serve the first two kinds, ``answers`` the others; an answer may be ``8 ± 1``.
    ``feedback`` is a remark for everyone. It is written above the ``explanation``. ``identity`` may be empty.
    Questions of one ``pool`` follow each other. ``case``: capitals count. ``unit`` is ``required``, ``optional`` or
    empty.
    """

    title: str
    text: str = ""
    kind: str = "single"
    choices: tuple[ForeignChoice, ...] = ()
    answers: tuple[str, ...] = ()
    feedback: str = ""
    explanation: str = ""
    points: Fraction = Fraction(1)
    identity: str = ""
    pool: ForeignPool | None = None
    case: bool = False
    unit: str = ""


def write_question(question: ForeignQuestion, *, level: int) -> str:
    """Returns a question with a heading of a level from 1 to 6. The text ends with a line end."""
    text = contained(question.text)
    reason = "\n\n".join(part for part in (question.feedback.strip(), question.explanation.strip()) if part)
    blocks = [_heading(question, level), text, "\n".join(_answers(question, _bullet(text))), _quote(reason)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def write_pool(pool: ForeignPool, *, level: int) -> str:
    """Returns the heading of a pool, with a level from 1 to 6."""
    attribute = f"draw={pool.draw}" if pool.draw else ".pool"
    return f"{'#' * level} {escape(' '.join(pool.title.split()))} {{{attribute}}}\n"


def escape(text: str) -> str:
    """Returns plain text as Markdown that shows the same signs."""
    return FIRST_SIGNS.sub(_escape_first, SIGNS.sub(r"\\\1", text))


def points_of(points: Fraction) -> str:
    """Returns points as the attribute of a heading holds them, or an empty text if it cannot."""
    if not 0 < points <= MOST_POINTS:
        return ""
    decimal = f"{float(points):.4f}".rstrip("0").rstrip(".")
    written = decimal if Fraction(decimal) == points else str(points)
    return written if POINTS.fullmatch(written) and Fraction(written) > 0 else ""


def contained(text: str) -> str:
    """Returns Markdown that begins no heading and no choice, and hides nothing that follows it."""
    if text.rfind("<!--") > text.rfind("-->"):
        text = text.replace("<!--", "\\<!--")
    return "\n".join(_contained_lines(text.strip("\n").split("\n"))).strip("\n")


def closed(text: str) -> str:
    """Returns a text with an end for code, comments and tags that would hide everything after it."""
    fence = ""
    for line in text.split("\n"):
        if fence:
            fence = "" if is_fence_end(line, fence) else fence
        elif match := FENCE.match(line):
            fence = match["fence"]
    ends = [fence] if fence else []
    if text.rfind("<!--") > text.rfind("-->"):
        ends.append("-->")
    lower = text.lower()
    ends += [f"</{tag}>" for tag in HIDING_TAGS if lower.rfind(f"<{tag}") > lower.rfind(f"</{tag}")]
    return "\n".join([text.rstrip("\n"), *ends])


def _escape_first(match: re.Match[str]) -> str:
    blank, sign, number, stop = match.groups()
    return f"{blank}\\{sign}" if sign else f"{blank}{number}\\{stop}"


def _heading(question: ForeignQuestion, level: int) -> str:
    title = " ".join(question.title.split())
    attributes = [f"#{question.identity}"] if VALID.match(question.identity) else []
    if question.points != 1 and (points := points_of(question.points)):
        attributes.append(f"points={points}")
    if question.kind == "multiple" and sum(choice.is_right for choice in question.choices) < 2:
        attributes.append("multiple")
    attributes += ["case"] if question.case else []
    attributes += [f"unit={question.unit}"] if question.unit else []
    if attributes:
        return f"{'#' * level} {title} {{{' '.join(attributes)}}}"
    if title.endswith("}"):  # else the last braces of the title would be attributes
        before, brace, after = title.rpartition("{")
        title = f"{before}\\{brace}{after}" if brace else title
    if title.endswith("#"):  # else Markdown leaves out the last number signs
        title = f"{title.rstrip('#')}\\{'#' * (len(title) - len(title.rstrip('#')))}"
    return f"{'#' * level} {title}".rstrip()


def _contained_lines(lines: Sequence[str]) -> Iterator[str]:
    fence, last = "", ""
    closing = max((number for number, line in enumerate(lines) if line.rstrip().endswith("$$")), default=-1)
    for number, line in enumerate(lines):
        if fence:
            fence = "" if _ends(line, fence) else fence
            yield line
        elif match := FENCE.match(line):
            fence = match["fence"]
            yield line
        elif line.lstrip().startswith("$$"):
            is_short = len(line.strip()) < 4 or "$$" not in line.strip()[3:]
            fence = "$$" if is_short and closing > number else ""
            if fence and last.strip():  # a formula does not begin in the middle of a paragraph
                yield ""
            yield line.replace("$$", "\\$\\$", 1) if is_short and not fence else line
        else:
            yield from _contained_line(line, last)
        last = line
    if fence:
        yield fence


def _ends(line: str, fence: str) -> bool:
    return line.rstrip().endswith("$$") if fence == "$$" else is_fence_end(line, fence)


def is_fence_end(line: str, fence: str) -> bool:
    """Checks whether a line closes the code that began with a fence."""
    signs = line.strip(" \t>")
    return len(signs) >= len(fence) and not signs.strip(fence[0])


def _contained_line(line: str, last: str) -> Iterator[str]:
    if match := HEADING.match(line):
        words = (match["words"] or "").strip().rstrip("#").strip().replace("**", "")
        yield from ("", f"**{words}**", "") if words else ("",)
    elif UNDERLINE.match(line) and last.strip():
        yield from ("", line.replace("=", "\\=", 1))
    elif match := MARK.match(line):
        yield f"{match['before']}\\{line[match.end() :]}"
    elif HIDING.match(line):
        yield line.replace("<", "\\<", 1)
    else:
        yield line


def _bullet(text: str) -> str:
    """Returns a bullet that the last list in the prompt does not use, so that the choices are a list of their own."""
    bullets = [line.lstrip()[:1] for line in text.split("\n") if line.lstrip()[1:2] in (" ", "\t", "")]
    used = [bullet for bullet in bullets if bullet and bullet in BULLETS]
    return next((bullet for bullet in BULLETS if bullet not in used), "") or BULLETS.replace(used[-1], "")[0]


def _answers(question: ForeignQuestion, bullet: str) -> Iterator[str]:
    for answer in question.answers:
        yield f"{bullet} [=] {' '.join(answer.split())}"
    for choice in question.choices if not question.answers else ():
        lines = contained(choice.text.strip()).split("\n")
        yield f"{bullet} [{'x' if choice.is_right else ' '}] {lines[0]}".rstrip()
        yield from (f"  {line}".rstrip() for line in lines[1:])
        if choice.feedback.strip():
            yield from (f"  {line}" for line in _quote(choice.feedback.strip()).split("\n"))


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""
