"""Maths: LaTeX to MathML, within bounds that keep the converter from crashing the process."""

import re

from math_core import LatexError, LatexToMathML

LONGEST = 1_500  # characters
MOST_BRACES = 200
STYLE = re.compile(r'\sstyle="([^"]*)"')  # the policy of our pages drops inline style
CONVERTER = LatexToMathML(max_expansions=0, fancy_error=False)


def mathml(latex: str, *, block: bool) -> str | None:
    """MathML for a formula, or ``None`` where it is too large or not understood."""
    if (
        len(latex) > LONGEST
        or latex.count("{") + latex.count("[") + latex.count("\\left") + latex.count("^") + latex.count("_")
        > MOST_BRACES
    ):
        return None
    try:
        return STYLE.sub(_as_class, CONVERTER.convert_with_local_state(latex, displaystyle=block))
    except LatexError:
        return None


def _as_class(style: re.Match[str]) -> str:
    side = re.search(r"text-align: (left|right)", style[1])
    return f' class="align-{side[1]}"' if side else ""
