"""Parses Markdown into tokens: CommonMark with GitHub's additions, maths, and attributes on headings."""

import re
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from modules.document.deadline import NEVER, Deadline
from modules.document.html.addresses import link_addresses
from modules.document.html.attributes import Attributes, parse_attributes
from modules.document.html.blanks import parse_blank
from modules.document.html.data_uris import DataAwareParser
from modules.document.html.dialects import call_outs, directives, latex, obsidian
from modules.document.html.directions import mark_directions
from modules.document.html.dollars import parse_formula
from modules.document.html.fences import parse_fence
from modules.document.html.footnotes import Strays, keep_first, parse_mention
from modules.document.html.inline_text import InlineText
from modules.document.html.marked_blocks import parse_mark
from modules.document.html.spaced_images import spaced_image
from modules.document.html.tables import parse_table

TASK = re.compile(r"\[([ xX=])\](?:[ \t]+|$)")


class TooManyHeadings(Exception):
    """Reports the heading, on ``line`` from 0, at which parsing stopped."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def parse(
    text: str,
    strays: Strays | None = None,
    *,
    deadline: Deadline = NEVER,
    most_headings: int | None = None,
) -> list[Token]:
    """Returns the tokens of a whole normalised text. Headings carry ``meta["attributes"]``, tasks ``meta["task"]``.

    ``strays`` receives the footnotes that no token has. Raises :class:`TooManyHeadings` at the first heading after
    ``most_headings``, and what ``deadline`` raises.
    """
    env = {
        "strays": Strays() if strays is None else strays,
        "deadline": deadline,
        "most_headings": most_headings,
    }
    return PARSER.parse(text, env)


def image_sources(text: str) -> set[str]:
    """Returns the addresses of the images in a normalised text, and those that it defines for references."""
    env: dict[str, Any] = {"strays": Strays()}
    waiting = PARSER.parse(text, env)
    sources = {str(reference["href"]) for reference in env.get("references", {}).values()}
    while waiting:
        token = waiting.pop()
        waiting += token.children or []
        if token.type == "image":
            sources.add(str(token.attrGet("src")))
    return sources


def _build() -> MarkdownIt:
    parser = DataAwareParser()
    parser.block, parser.inline = _Block(), _Inline()
    parser.configure("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin, inline=False).use(link_addresses)
    parser.use(dollarmath_plugin, allow_labels=False, double_inline=False)
    parser.inline.ruler.at("math_inline", parse_formula)
    parser.inline.ruler.after("image", "spaced_image", spaced_image)
    parser.inline.ruler.at("footnote_ref", parse_mention)
    parser.inline.ruler.before("emphasis", "blank", parse_blank)
    parser.block.ruler.at("table", parse_table, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.at("fence", parse_fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.block.ruler.before("table", "mark", parse_mark)
    _add_dialects(parser)
    parser.core.ruler.before("inline", "notation", _take_notation)
    parser.core.ruler.before("inline", "latex", latex.find_evidence)
    parser.core.ruler.at("inline", _parse_inline)
    parser.core.ruler.before("footnote_tail", "first_footnotes", keep_first)
    parser.core.ruler.push("directions", mark_directions)
    return parser


def _add_dialects(parser: MarkdownIt) -> None:
    """Adds what is read of other tools. Each rule of inline text stands behind code, which binds first."""
    inline, block = parser.inline.ruler, parser.block.ruler
    inline.before("escape", "latex_brackets", latex.parse_brackets)
    inline.before("backticks", "dollar_code", latex.parse_dollar_code)
    inline.before("link", "double_brackets", obsidian.parse_link)
    inline.after("emphasis", "percent_comment", obsidian.parse_comment)
    inline.after("emphasis", "marked", obsidian.parse_marked)
    ends_paragraph: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    block.before("fence", "myst", directives.parse_myst, ends_paragraph)
    block.before("blockquote", "colons", directives.parse_colons, ends_paragraph)
    block.before("blockquote", "admonition", directives.parse_admonition, ends_paragraph)
    block.before("blockquote", "percent_comment", obsidian.parse_comment_block, ends_paragraph)
    block.before("blockquote", "latex_block", latex.parse_formula_block, ends_paragraph)


class _Block(ParserBlock):
    """Parses blocks, and stops at a deadline or after too many headings."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, outTokens: list[Token]) -> list[Token] | None:  # noqa: N803
        if not src:
            return None
        state = _Blocks(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return state.tokens


class _Blocks(StateBlock):
    """Tracks the blocks of a text while they are parsed, and counts its headings."""

    headings = 0

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        self.env.get("deadline", NEVER).check()
        if ttype == "heading_open":
            self.headings += 1
            if self.headings > (self.env.get("most_headings") or self.headings):
                raise TooManyHeadings(self.line - 1)
        return super().push(ttype, tag, nesting)


class _Inline(ParserInline):
    """Parses inline text with its lines counted, since code, formulas and titles of links may span several."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = InlineText(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            state.deadline.check()
            rule(state)
        return state.tokens

    def skipToken(self, state: StateInline) -> None:  # noqa: N802
        if isinstance(state, InlineText):
            state.deadline.check()
        super().skipToken(state)


def _parse_inline(state: StateCore) -> None:
    """Parses inline text block by block, so that its rules know the line of the block."""
    for token in state.tokens:
        if token.type == "inline":
            state.env["line"] = (token.map or [0])[0]
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _take_notation(state: StateCore) -> None:
    """Moves our own notation (attributes of headings, tasks, alerts) from text into tokens before inline parsing."""
    tokens: list[Token] = []
    for index, token in enumerate(state.tokens):
        if token.type == "inline":
            opening = state.tokens[index - 1]
            if opening.type == "heading_open":
                _take_attributes(opening, token)
            elif opening.type == "paragraph_open" and index >= 2:
                tokens[-1:] = [*_take_label_of_paragraph(state.tokens, index), opening]
        tokens.append(token)
    call_outs.with_headings_as_titles(tokens)
    state.tokens = tokens


def _take_label_of_paragraph(tokens: list[Token], index: int) -> list[Token]:
    """Moves the label of a task or an alert from the text at ``index`` into the token around its paragraph.

    Returns the tokens of the title that the alert has.
    """
    around, opening, inline, closing = tokens[index - 2 : index + 2]
    if around.type == "list_item_open":
        _take_label(TASK, "task", around, inline)
    elif around.type == "blockquote_open":
        title = call_outs.take_label(around, inline)
        opening.hidden = closing.hidden = not inline.content
        return title
    return []


def _take_attributes(opening: Token, inline: Token) -> None:
    opening.meta["attributes"] = Attributes()
    content = inline.content.rstrip()
    start = content.rfind("{")
    if start < 0 or not content.endswith("}") or not (start == 0 or content[start - 1].isspace()):
        return
    attributes = parse_attributes(content[start + 1 : -1].strip())
    if attributes:
        opening.meta["attributes"] = attributes
        inline.content = content[:start].rstrip()


def _take_label(pattern: re.Pattern[str], name: str, around: Token, inline: Token) -> None:
    if match := pattern.match(inline.content):
        around.meta[name] = match[1].lower()
        inline.content = inline.content[match.end() :]
        if inline.map and match[0].endswith("\n"):
            inline.map = [inline.map[0] + 1, inline.map[1]]


PARSER = _build()
