"""Reads what Obsidian and other note-taking tools add: comments, links and pictures in double brackets, marked text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from modules.document.html.dialects.latex import line_at
from modules.document.html.inline_text import InlineText
from modules.document.problems import N_, Problem
from modules.document.slugs import slugify

HIDDEN = "<!---->"  # the HTML comment that stands for a comment; nothing is shown of it anywhere
LONGEST_MARKED = 1_000  # characters of marked text; raised, text with many signs takes longer
COMMENTS = re.compile(r"(?:%%(?:(?!%%).)*%%[ \t]*)+")
END_OF_COMMENT = re.compile(r"%%(?=\s|[.,;:)]|\Z)")  # no magic line of a notebook, such as %%time

LINK = re.compile(
    r"(?P<embeds>!?)\[\[(?P<target>[^\[\]|\n]{1,300}?)\\?(?:\|(?P<label>[^\[\]\n]{0,300}))?\]\](?![\[(])"
)
# What double brackets mean in other notations: a footnote, choices and gaps of LiaScript, a table of contents, shell.
NO_TARGET = re.compile(r"\s|\^|\W\Z|[xX]\Z|\d+\Z|_?TOC_?\Z|toc\Z")
IMAGE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp|avif|heic|tiff?)\Z", re.IGNORECASE)
LINK_SIGNS = re.compile(r"!\[\[|#|\|")  # no gap has them
SIZE = re.compile(r"\s*\d+(?:x\d+)?\s*\Z")


def parse_comment_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parses a comment on lines of its own. What stands behind its end goes on as text."""
    first = line_at(state, start)
    if not first.startswith("%%") or state.is_code_block(start):
        return False
    if "%%" in first[2:]:
        return not silent and _comment_lines(state, start, start, first)
    place = _end_of_comment(state, state.eMarks[start])
    last = bisect_left(state.eMarks, place) if place >= 0 else end
    if last >= end:
        return False
    return silent or _comment_lines(state, start, last, "", after=place + 2)


def _comment_lines(state: StateBlock, start: int, last: int, line: str, *, after: int = 0) -> bool:
    """Adds the comment of these lines. A comment within one ``line`` has to fill it."""
    if line and not COMMENTS.fullmatch(line):
        return False
    state.line = last + 1
    if after and state.src[after : state.eMarks[last]].strip():
        rest = state.src[after : state.eMarks[last]]
        state.bMarks[last], state.tShift[last] = after, len(rest) - len(rest.lstrip())
        state.sCount[last] = state.blkIndent
        state.line = last
    token = state.push("html_block", "", 0)
    token.content, token.map = HIDDEN, [start, last + 1]
    return True


def _end_of_comment(state: StateBlock, position: int) -> int:
    """Returns the position of the next end of a comment, or -1. All ends are found once for each text."""
    if "ends_of_comments" not in state.env:
        state.env["ends_of_comments"] = list(_ends_of_comments(state.src))
    ends: list[int] = state.env["ends_of_comments"]
    place = bisect_left(ends, position)
    return ends[place] if place < len(ends) else -1


def _ends_of_comments(text: str) -> Iterator[int]:
    """Yields the signs that may end a comment. A line with two of them has a comment of its own."""
    position = text.find("%%")
    while position >= 0:
        line_end = text.find("\n", position)
        line_end = len(text) if line_end < 0 else line_end
        if text.count("%%", position, line_end) % 2 and END_OF_COMMENT.match(text, position):
            yield position
        position = text.find("%%", line_end)


def parse_comment(state: StateInline, silent: bool) -> bool:
    """Parses a comment inside a sentence. Behind a letter or a digit, the signs are text: ``100%%``."""
    text, start = state.src, state.pos
    if not text.startswith("%%", start) or (start and (text[start - 1].isalnum() or text[start - 1] == "%")):
        return False
    end = text.find("%%", start + 2, state.posMax)
    if end < 0:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = HIDDEN
    state.pos = end + 2
    return True


def parse_link(state: StateInline, silent: bool) -> bool:
    """Parses ``[[Target#Heading|label]]`` as a link, and ``![[image.png|300]]`` as an image."""
    if state.src[state.pos] not in "[!":
        return False
    match = LINK.match(state.src, state.pos, state.posMax)
    if match is None or NO_TARGET.match(match["target"]) or _is_reference(state, match["target"]):
        return False
    if isinstance(state, InlineText) and state.has_code(match.start(), match.end()):
        return False
    if state.linkLevel and not match["embeds"]:
        return False
    if not silent:
        _push(state, match)
    state.pos = match.end()
    return True


def _is_reference(state: StateInline, target: str) -> bool:
    """Checks whether the inner brackets are a link that the text defines elsewhere."""
    return normalizeReference(target) in state.env.get("references", {})


def _push(state: StateInline, match: re.Match[str]) -> None:
    target, label = match["target"].strip(), _label(match["label"] or "")
    if match["embeds"] and IMAGE.search(target):
        image = state.push("image", "img", 0)
        image.attrs = {"src": quote(target.replace("\\", "/")), "alt": ""}
        image.content, image.children = label, [Token("text", "", 0, content=label)] if label else []
        return
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": f"#{target}"}
    opening.meta |= {"double_brackets": match[0], "embeds": bool(match["embeds"])}
    state.push("text", "", 0).content = label or " › ".join(filter(None, target.split("#")))
    state.push("link_close", "a", -1).meta["double_brackets"] = ""


def _label(words: str) -> str:
    """Returns the words behind the target, without the size of an image."""
    return "|".join(part for part in words.split("|") if not SIZE.match(part)).strip()


def parse_marked(state: StateInline, silent: bool) -> bool:
    """Parses ``==marked text==``. No blank may be just inside, and no letter or digit just outside."""
    text, start = state.src, state.pos
    if not text.startswith("==", start) or text[start + 2 : start + 3].strip() in ("", "="):
        return False
    end = text.find("==", start + 2, min(state.posMax, start + LONGEST_MARKED))
    around = text[max(0, start - 1) : start] + text[end + 2 : end + 3]
    if end < 0 or text[end - 1].isspace() or any(sign.isalnum() or sign == "=" for sign in around):
        return False
    if not silent:
        inside, state.posMax = state.posMax, end
        state.pos = start + 2
        state.push("mark_open", "mark", 1)
        state.md.inline.tokenize(state)
        state.push("mark_close", "mark", -1)
        state.posMax = inside
    state.pos = end + 2
    return True


def keep_gaps(tokens: Sequence[Token]) -> list[Problem]:
    """Turns links in double brackets back into text, since they are reserved for gaps in a question.

    Returns a warning for each one that was meant as a link: in an explanation, or with the signs of a link.
    """
    problems: list[Problem] = []
    quotes = 0
    for token in tokens:
        quotes += token.nesting * (token.tag == "blockquote")
        if token.type == "inline" and "[[" in token.content:
            links = [child for child in token.children or [] if child.meta.get("double_brackets")]
            first = token.map[0] + 1 if token.map else 0
            problems += [_no_link(link, first) for link in links if quotes or _is_link(link)]
            token.children = list(_with_gaps(token.children or []))
    return problems


def _is_link(link: Token) -> bool:
    return bool(LINK_SIGNS.search(link.meta["double_brackets"]))


def _no_link(link: Token, first: int) -> Problem:
    words = LINK.match(link.meta["double_brackets"])
    target = words["target"].strip() if words else ""
    heading = target.rpartition("#")[2] or target
    shown = (_label(words["label"] or "") if words else "") or heading
    template = N_(
        "“{sign}” is shown with its brackets: in a question, double brackets are text. Write the link as {link}."
    )
    params: dict[str, str | int] = {
        "sign": link.meta["double_brackets"],
        "link": f"[{shown}](#{slugify(heading)})",
    }
    return Problem(first + link.meta["line"], "warning", "double-brackets", template, params)


def _with_gaps(children: Sequence[Token]) -> Iterator[Token]:
    is_inside = False
    for child in children:
        written = child.meta.get("double_brackets")
        if written is None:
            if not is_inside:
                yield child
            continue
        is_inside = child.nesting == 1
        if is_inside:
            yield Token("text", "", 0, content=written, level=child.level, meta={"line": child.meta["line"]})
