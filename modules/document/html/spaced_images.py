"""Parses images whose paths have blanks, as in ``![](foto kelas.jpg)``, which CommonMark leaves as text."""

from __future__ import annotations

import re

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from modules.document.html.images import ENDINGS, OTHER_ENDINGS

ENDS = "|".join(re.escape(ending[1:]) for ending in (*ENDINGS, *OTHER_ENDINGS))
# The path may hold brackets in pairs, as copies have them: “foto (1).jpg”. A size or a title may follow.
SPACED = re.compile(
    r"!\[(?P<alt>[^\[\]\n]{0,500})\]\([ \t]*"
    rf"(?P<path>(?:[^()<>\n\"]|\([^()\n]{{0,100}}\)){{1,500}}?\.(?:{ENDS}))"
    r"(?:[ \t]+\"[^\"\n]{0,500}\"|[ \t]+=\d{0,5}x\d{0,5})?[ \t]*\)",
    re.IGNORECASE,
)


def spaced_image(state: StateInline, silent: bool) -> bool:
    """Parses such an image where the rule of CommonMark has found none."""
    match = SPACED.match(state.src, state.pos) if state.src.startswith("![", state.pos) else None
    if match is None or match.end() > state.posMax:
        return False
    if not silent:
        children: list[Token] = []
        state.md.inline.parse(match["alt"], state.md, state.env, children)
        token = state.push("image", "img", 0)
        token.attrs = {"src": state.md.normalizeLink(match["path"].strip()), "alt": ""}
        token.children, token.content = children, match["alt"]
    state.pos = match.end()
    return True
