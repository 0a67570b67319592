"""Replaces formulas by single signs, so that a comparison treats each as one word, and puts them back as MathML."""

from __future__ import annotations

import html
import re

from markdown_it.token import Token

from modules.document.html.maths import mathml
from modules.document.html.render import SafeHTML

MATHS = frozenset({"math_inline", "math_inline_double", "math_block"})


class Formulas:
    """Holds the sign of each formula, from a range of Unicode that no text uses."""

    FIRST, LAST = 0x100000, 0x10FFFD
    SIGN = re.compile(f"[{chr(FIRST)}-{chr(LAST)}]")

    def __init__(self) -> None:
        self.signs: dict[tuple[str, bool], str] = {}

    def take(self, token: Token) -> None:
        """Replaces the content of a formula token, or of such children of an inline token, by its sign."""
        for part in (token, *(token.children or ())):
            if part.type in MATHS:
                formula = part.content.strip(), part.type != "math_inline"
                part.content = self.signs.setdefault(
                    formula, chr(min(self.FIRST + len(self.signs), self.LAST))
                )


def with_formulas(words: str, formulas: Formulas) -> SafeHTML:
    """Returns words as HTML, with each sign replaced by its formula."""
    formula_of = {sign: formula for formula, sign in formulas.signs.items()}

    def shown(sign: re.Match[str]) -> str:
        latex, block = formula_of.get(sign[0], ("", False))
        return mathml(latex, block=block) or f"<code>{html.escape(latex)}</code>"

    return SafeHTML(Formulas.SIGN.sub(shown, html.escape(words)))
