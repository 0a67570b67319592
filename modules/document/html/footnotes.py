"""Parses mentions of footnotes, and notes those that lead nowhere, and definitions that no page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_ref

from modules.document.html.inline_text import InlineText

LONGEST_LABEL = 200  # characters of the label of a footnote; raised, each bracket without an end takes longer
MENTION = re.compile(rf"\[\^([^\] \n]{{1,{LONGEST_LABEL}}})\]")

Labels = list[tuple[str, int]]  # each with its line, from 0


@dataclass(slots=True)
class Strays:
    """Collects footnotes that are not shown: ``unused`` ones, ``repeated`` definitions, and ``undefined`` mentions.

    ``links`` are repeated definitions of links that lead elsewhere than the first one.
    """

    unused: Labels = field(default_factory=list)
    repeated: Labels = field(default_factory=list)
    undefined: Labels = field(default_factory=list)
    links: Labels = field(default_factory=list)


def parse_mention(state: StateInline, silent: bool) -> bool:
    """Parses the mention of a footnote, without a look at all text after it."""
    match = MENTION.match(state.src, state.pos)
    if not match:
        return False
    if footnote_ref(state, silent):
        return True
    if not silent and isinstance(state, InlineText):
        state.env["strays"].undefined.append((match[1], state.env["line"] + state.line))
    return False


def keep_first(state: StateCore) -> None:
    """Takes repeated definitions out of the tokens, since the first one counts, and notes what is not shown."""
    strays: Strays = state.env["strays"]
    numbers = state.env.get("footnotes", {}).get("refs", {})
    kept, seen, depth = [], set[str](), 0
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            label = token.meta["label"]
            line = (token.map or [0])[0]
            if depth or label in seen:
                depth += 1
                strays.repeated.append((label, line))
            elif numbers[f":{label}"] < 0:
                strays.unused.append((label, line))
            seen.add(label)
        if not depth:
            kept.append(token)
        elif token.type == "footnote_reference_close":
            depth -= 1
    state.tokens = kept
    for link in state.env.get("duplicate_refs", []):
        if link["href"] != state.env["references"][link["label"]]["href"]:
            strays.links.append((link["label"].lower(), link["map"][0]))


def split(tokens: list[Token]) -> tuple[list[Token], dict[int, list[Token]]]:
    """Returns tokens without the footnotes at their end, and these, which go to the pages that mention them."""
    start = next((i for i, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
    footnotes: dict[int, list[Token]] = {}
    footnote: list[Token] = []
    for token in tokens[start:]:
        if token.type == "footnote_open":
            footnote = footnotes.setdefault(token.meta["id"], [])
        elif token.type not in ("footnote_close", "footnote_block_open", "footnote_block_close"):
            footnote.append(token)
    return tokens[:start], footnotes
