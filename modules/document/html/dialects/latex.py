r"""Reads formulas in LaTeX's own brackets: ``\(x\)``, ``\[x\]`` and ``\begin{align}``, as chat assistants write them.

A bracket with a backslash is also how Markdown writes a bracket that is text. So the content decides: a formula has
signs of LaTeX. A letter alone, such as ``\(m\)``, is a formula only in a text that has a sure one elsewhere.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

from modules.document.html.dollars import closing
from modules.document.html.inline_text import InlineText

LONGEST = 1_600  # characters between two brackets; raised, text with many brackets takes longer
MOST_LINES = 60  # of a formula on lines of its own; raised, text with many open brackets takes longer
SURE, LIKELY, UNLIKELY = 2, 1, 0

CLOSING = {"\\(": "\\)", "\\[": "\\]"}
ENVIRONMENT = re.compile(
    r"\\begin\{(?P<name>(?:align|alignat|aligned|array|[bBpvV]?matrix|[dr]?cases|displaymath|eqnarray|equation|gather|gathered|math|multline|split)\*?)\}"
)
# Environments that only say where the formula stands, and those that the converter knows by another name.
FRAMES = frozenset({"displaymath", "equation", "math"})
COLUMNS = frozenset({"alignat", "eqnarray", "gather", "multline", "split"})
COUNT = re.compile(r"\s*\{\d+\}")  # the argument of “alignat”

WORDS_INSIDE = re.compile(r"\\(?:text\w*|math\w+|operatorname|begin|end|mbox)\*?\s*\{[^{}]*\}")
COMMAND = re.compile(r"(?<![A-Za-z]:)\\[A-Za-z]{2,}")
LONG_WORD = re.compile(r"[^\W\d_]{3,}")
OPERATION = re.compile(
    r"[\w)\]}'][ ]?(?:[=<>+*×÷·≤≥≠≈±−]|[|])[ ]?[\w({[\\−-]|[\w)\]}'][\^_][\w{\\+−-]|[√∑∫∞πΔθλ]"
)
PLAIN = re.compile(r"[\w ,.;'()/:+−-]{1,24}")
MARKS = frozenset("xXхХ×✓✔√✗✘vV*= ")  # signs of a choice, as in the near misses of a quiz
COMES_FROM_WORD = re.compile(r"\w")


def find_evidence(state: StateCore) -> None:
    """Notes whether a text has a formula in these brackets that can be nothing else."""
    state.env["has_latex"] = any(
        (token.type == "math_block" and token.markup != "$$") or _has_sure_formula(token.content)
        for token in state.tokens
        if token.type in ("inline", "math_block")
    )


def _has_sure_formula(text: str) -> bool:
    position = text.find("\\(")
    while position >= 0:
        inside = position + 2
        end = closing(text, "\\)", inside, inside + LONGEST)
        following = text.find("\\(", inside)
        is_alone = not 0 <= following < end
        if end > inside and is_alone and _strength(text[inside:end]) == SURE:
            return True
        position = following
    return False


def parse_brackets(state: StateInline, silent: bool) -> bool:
    """Parses a formula inside a sentence. A code span binds first, so that no formula holds a part of one."""
    text, start = state.src, state.pos
    opening = text[start : start + 2]
    if opening not in CLOSING:
        return False
    inside = start + 2
    end = closing(text, CLOSING[opening], inside, min(state.posMax, inside + LONGEST))
    if end <= inside or text.find(opening, inside, end) >= 0 or not _is_formula(state, opening, inside, end):
        return False
    if isinstance(state, InlineText) and state.has_code(inside, end):
        return False
    if not silent:
        kind = "math_inline" if opening == "\\(" else "math_inline_double"
        token = state.push(kind, "math", 0)
        token.content, token.markup = text[inside:end], opening
    state.pos = end + 2
    return True


def _is_formula(state: StateInline, opening: str, inside: int, end: int) -> bool:
    content, before = state.src[inside:end], state.src[inside - 3 : inside - 2] if inside > 2 else "\n"
    strength = _strength(content)
    if opening == "\\[" or strength == SURE:
        return strength == SURE
    is_mark = before == "\n" and set(content) <= MARKS
    continues_word = bool(COMES_FROM_WORD.match(before))
    return strength == LIKELY and not is_mark and not continues_word and bool(state.env.get("has_latex"))


def _strength(content: str) -> int:
    """Tells how sure it is that the content of brackets is a formula."""
    if not content.strip():
        return UNLIKELY
    if COMMAND.search(content):
        return SURE
    if LONG_WORD.search(content):
        return UNLIKELY
    if OPERATION.search(WORDS_INSIDE.sub("", content)):
        return SURE
    return LIKELY if PLAIN.fullmatch(content.strip()) else UNLIKELY


def parse_dollar_code(state: StateInline, silent: bool) -> bool:
    """Parses a formula in GitHub's other notation: dollars around a code span."""
    text, start = state.src, state.pos
    if not text.startswith("$`", start) or text.startswith("$``", start):
        return False
    inside = start + 2
    end = text.find("`", inside, min(state.posMax, inside + LONGEST))
    if end <= inside or not text.startswith("`$", end):
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content, token.markup = text[inside:end], "$`"
    state.pos = end + 2
    return True


def parse_formula_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""Parses a formula on lines of its own: ``\[`` to ``\]``, or an environment such as ``align``."""
    if state.is_code_block(start):
        return False
    first = line_at(state, start)
    environment = ENVIRONMENT.match(first)
    if not first.startswith("\\[") and not environment:
        return False
    closes = f"\\end{{{environment['name']}}}" if environment else "\\]"
    last = _last_line(state, start, end, closes)
    if last is None or _is_in_code(state, start):
        return False
    content = state.getLines(start, last + 1, state.blkIndent, False).strip()
    formula = _in_environment(content, environment["name"]) if environment else _in_brackets(content)
    if formula is None:
        return False
    if not silent:
        token = state.push("math_block", "math", 0)
        token.block, token.content, token.markup, token.map = True, formula, first[:2], [start, last + 1]
        state.line = last + 1
    return True


def _last_line(state: StateBlock, start: int, end: int, closes: str) -> int | None:
    """Returns the line that ends with the closing bracket, before an empty line and within reach."""
    for line in range(start, min(end, start + MOST_LINES)):
        if state.isEmpty(line) or (line > start and state.sCount[line] < state.blkIndent):
            return None
        words = line_at(state, line)
        if line > start and words.startswith("\\["):
            return None
        if words.rstrip(" \t.,;").endswith(closes):
            return line
    return None


def _is_in_code(state: StateBlock, line: int) -> bool:
    """Checks whether a code span of the paragraph above is still open, since code binds first."""
    above = max(state.line, line - MOST_LINES)
    return line > above and state.getLines(above, line, 0, False).count("`") % 2 == 1


def _in_brackets(content: str) -> str | None:
    """Returns the formula between brackets, or nothing where they hold other words."""
    inside, _closing, after = content.removeprefix("\\[").rpartition("\\]")
    is_alone = inside[:1] == "\n"
    if not inside.strip() or not (is_alone or _strength(inside) == SURE):
        return None
    return inside.strip() + after.strip()


def _in_environment(content: str, name: str) -> str:
    """Returns a formula in an environment that the converter knows."""
    kind = name.rstrip("*")
    if kind not in FRAMES and kind not in COLUMNS:
        return content
    inside, _end, after = content.removeprefix(f"\\begin{{{name}}}").rpartition(f"\\end{{{name}}}")
    inside = COUNT.sub("", inside, count=1) if kind == "alignat" else inside
    if kind in COLUMNS:
        inside = f"\\begin{{aligned}}{inside}\\end{{aligned}}"
    return inside.strip() + after.strip()


def line_at(state: StateBlock, line: int) -> str:
    """Returns a line of a block without its indentation."""
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
