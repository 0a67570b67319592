"""Converts LaTeX to MathML, within bounds that keep the converter from crashing or holding the process."""

import re
import unicodedata

from math_core import LatexError, LatexToMathML

LONGEST = 1_500  # characters of a formula; raised, one formula may hold the process for longer
MOST_BRACES = 200  # groups of a formula; raised, deep nesting may crash the converter
MOST_UNCLOSED = 6  # brackets; each one more doubles the time, since the converter parses the rest twice
STYLE = re.compile(r'\sstyle="([^"]*)"')  # the content security policy of our pages forbids inline style
NESTING = re.compile(r"\\left|[{\[^_]")
WORD = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
OPENING = re.compile(
    r"\\(?:\{|[bB]igg?l|(?:l|L|ul|ll)(?:paren|brac|Paren|Brac|angle|Angle|floor|ceil|vert|Vert|group|mous|corner|brbr))"
)
CLOSING = re.compile(
    r"\\(?:\}|[bB]igg?r|(?:r|R|ur|lr)(?:paren|brac|Paren|Brac|angle|Angle|floor|ceil|vert|Vert|group|mous|corner|brbr))"
)
BEGINNING = ("{", r"\left", r"\begin")
ENDING = ("}", r"\right", r"\end")
CONVERTER = LatexToMathML(max_expansions=0, fancy_error=False)


def mathml(latex: str, *, block: bool) -> str | None:
    """Returns MathML for a formula, or ``None`` if it is too large or the converter does not understand it."""
    if len(latex) > LONGEST or len(NESTING.findall(latex)) > MOST_BRACES or _unclosed(latex) > MOST_UNCLOSED:
        return None
    try:
        return STYLE.sub(_as_class, CONVERTER.convert_with_local_state(latex, displaystyle=block))
    except LatexError:
        return None


def _unclosed(latex: str) -> int:
    """Counts the brackets that no bracket of the same group closes."""
    groups, unclosed = [0], 0
    for word in WORD.findall(latex):
        if word in BEGINNING:
            groups.append(0)
        elif word in ENDING and len(groups) > 1:
            unclosed += groups.pop()
        elif word in ("&", r"\\"):
            unclosed, groups[-1] = unclosed + groups[-1], 0
        elif OPENING.match(word) or unicodedata.category(word[0]) in ("Ps", "Pi"):
            groups[-1] += 1
        elif CLOSING.match(word) or unicodedata.category(word[0]) in ("Pe", "Pf"):
            groups[-1] = max(0, groups[-1] - 1)
    return unclosed + sum(groups)


def _as_class(style: re.Match[str]) -> str:
    side = re.search(r"text-align: (left|right)", style[1])
    return f' class="align-{side[1]}"' if side else ""
