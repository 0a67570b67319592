"""Reads blocks that other tools frame: ``::: note`` of pandoc, Quarto, Docusaurus and Carpentries, MyST, MkDocs.

A block that is a call-out here becomes one. Of any other block, the text stays without its frame, and the name is
noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from modules.document.html.attributes import parse_attributes
from modules.document.html.dialects import call_outs
from modules.document.html.dialects.latex import line_at

HIDDEN = "<!---->"  # the HTML comment that stands for the line of a frame

CODE_FENCE = re.compile(r"[ \t>]*(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>.*?)[ \t]*\Z")
COLON_FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+)?:{3,}[ \t]*(?P<words>.*?)[ \t:]*\Z")
BRACES = re.compile(r"\{(?P<inside>[^{}]*)\}[ \t]*(?P<title>.*)")
NAME = re.compile(
    r"(?P<name>[^\W\d_][\w-]*)(?:[ \t]*\[(?P<bracket>[^\n]*)\])?(?:[ \t]*\{(?P<inside>[^{}\n]*)\})?(?P<title>.*)"
)
MYST_FENCE = re.compile(
    r"(?P<fence>`{3,}|~{3,})[ \t]*\{(?P<name>[A-Za-z][\w:.-]*)\}[ \t]*(?P<title>[^`\n]*)\Z"
)
OPTION = re.compile(r":[\w-]+:(?P<value>.*)")
ADMONITION = re.compile(
    r"(?:!!!|\?\?\?\+?)[ \t]+(?P<name>[A-Za-z][\w-]*)(?:[ \t]+[\w -]+?)??(?:[ \t]+\"(?P<title>[^\"\n]*)\")?[ \t]*\Z"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """Describes a framed block: its name, its title, and the lines of its content from ``first`` to before ``last``.

    ``last`` is the line that closes the frame, and ``end`` the line after all of it.
    """

    name: str
    title: str
    first: int
    last: int
    end: int

    @property
    def folds(self) -> bool:
        return call_outs.plain_name(self.name) in call_outs.FOLDED


def _is_call_out(name: str) -> bool:
    return call_outs.is_known(name) or call_outs.plain_name(name) in call_outs.FOLDED


def parse_colons(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parses the line that opens or closes a frame of colons."""
    if state.is_code_block(start) or not line_at(state, start).startswith(":::"):
        return False
    closing = _pairs(state).get(start)
    if closing is None:
        return start in state.env["closed_frames"] and (silent or _hide(state, start, ""))
    if closing >= end:
        return False
    if silent:
        return True
    name, title = _opening(COLON_FENCE.match(line_at(state, start))["words"])  # type: ignore[index]
    frame = Frame(name, title, start + 1, closing, closing + 1)
    if _is_call_out(name):
        return _write(state, start, frame)
    state.env["closed_frames"].add(closing)
    return _hide(state, start, name)


def _pairs(state: StateBlock) -> dict[int, int]:
    """Returns the line that closes each frame of colons by the line that opens it; each text is read once."""
    if "frames" not in state.env:
        state.env["frames"] = dict(_paired(state.src.split("\n")))
        state.env["closed_frames"] = set()
    frames: dict[int, int] = state.env["frames"]
    return frames


def _paired(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yields the opening and the closing line of each frame, without those inside code."""
    opened: list[int] = []
    for number, line in _outside_code(lines):
        match = COLON_FENCE.match(line) if ":::" in line else None
        if match is None or _is_leaf(line):
            continue
        if match["words"]:
            opened += [number] if _opening(match["words"])[0] else []
        elif opened:
            yield opened.pop(), number


def _outside_code(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yields the lines outside fences of code. The content of a call-out of MyST is no code."""
    code, frames = "", list[str]()
    for number, line in enumerate(lines):
        fence = CODE_FENCE.match(line)
        if fence is None:
            if not code:
                yield number, line
        elif code:
            code = "" if fence["fence"].startswith(code) and not fence["info"] else code
        elif frames and not fence["info"] and fence["fence"].startswith(frames[-1]):
            frames.pop()
        elif (myst := MYST_FENCE.match(line.lstrip(" \t>"))) and _is_call_out(myst["name"]):
            frames.append(fence["fence"])
        else:
            code = fence["fence"]


def _is_leaf(line: str) -> bool:
    """Checks for a directive on one line, such as ``:::image source="a.png":::``, which nothing closes.

    Carpentries write colons behind the name, too, but after a blank.
    """
    words = line.strip().lstrip(":")
    inside = words.rstrip(":")
    return words.endswith(":::") and inside != "" and not inside[-1].isspace()


def _opening(words: str) -> tuple[str, str]:
    """Returns the name and the title of a frame, or an empty name for words that open none."""
    if braces := BRACES.fullmatch(words):
        return _of_braces(braces["inside"].strip(), braces["title"].strip())
    match = NAME.fullmatch(words)
    if match is None or (match["title"] and not match["title"].startswith((" ", "\t"))):
        return "", ""
    values = parse_attributes(match["inside"] or "")
    title = match["bracket"] or (values.values.get("title", "") if values else "") or match["title"]
    return match["name"], title.strip()


def _of_braces(inside: str, title: str) -> tuple[str, str]:
    """Returns the name and the title of braces: a name of MyST, or attributes of pandoc."""
    attributes = parse_attributes(inside)
    if attributes is None:
        return inside.lower() if re.fullmatch(r"[\w:.-]+", inside) else "", title
    classes = re.findall(r"\.([\w-]+)", inside)
    name = next((word for word in classes if _is_call_out(word)), next(iter(classes), "div"))
    return name, attributes.values.get("title", title)


def parse_myst(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parses a fence of MyST whose name is that of a call-out. Its content is Markdown, not code."""
    if state.is_code_block(start):
        return False
    match = MYST_FENCE.match(line_at(state, start))
    if match is None or not _is_call_out(match["name"]):
        return False
    last = _end_of_fence(state, start + 1, end, match["fence"])
    if last >= end:
        return False
    if silent:
        return True
    first, kind = _after_options(state, start + 1, last)
    name = kind if match["name"] == "admonition" and call_outs.is_known(kind) else match["name"]
    return _write(state, start, Frame(name, match["title"].strip(), first, last, last + 1))


def _end_of_fence(state: StateBlock, line: int, end: int, fence: str) -> int:
    """Returns the line that closes a fence, or the end of the text around it."""
    while line < end:
        words = line_at(state, line).rstrip()
        if words.startswith(fence) and not words.strip(fence[0]) and not state.is_code_block(line):
            return line
        line += 1
    return end


def _after_options(state: StateBlock, line: int, last: int) -> tuple[int, str]:
    """Returns the first line of the text behind options such as ``:class: tip``, and the class that they give."""
    kind = ""
    while line < last and (option := OPTION.match(line_at(state, line))):
        kind = kind or option["value"].strip()
        line += 1
    return line, kind


def parse_admonition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parses a call-out of MkDocs: ``!!! note "Title"``, with its text indented by four blanks."""
    if state.is_code_block(start) or not line_at(state, start).startswith(("!!!", "???")):
        return False
    match = ADMONITION.match(line_at(state, start))
    last = _end_of_indented(state, start + 1, end)
    if match is None or last == start + 1:
        return False
    if silent:
        return True
    name = match["name"] if call_outs.is_known(match["name"]) else "note"
    title = match["title"] or ("" if name == match["name"] else match["name"])
    state.blkIndent += 4
    _write(state, start, Frame(name, title, start + 1, last, last))
    state.blkIndent -= 4
    return True


def _end_of_indented(state: StateBlock, line: int, end: int) -> int:
    """Returns the line after the last one that is indented by four blanks."""
    last = line
    while line < end and (state.isEmpty(line) or state.sCount[line] - state.blkIndent >= 4):
        last = last if state.isEmpty(line) else line + 1
        line += 1
    return last


def _hide(state: StateBlock, line: int, name: str) -> bool:
    """Adds a token that shows nothing in the place of the line of a frame."""
    token = state.push("html_block", "", 0)
    token.content, token.map, token.meta = HIDDEN, [line, line + 1], {"directive": name} if name else {}
    state.line = line + 1
    return True


def _write(state: StateBlock, start: int, frame: Frame) -> bool:
    """Adds a call-out with everything that stands in it."""
    tag = "details" if frame.folds else "blockquote"
    opening = state.push(f"{tag}_open", tag, 1)
    opening.map = [start, frame.end]
    if frame.folds:
        opening.meta["label"] = call_outs.FOLDED[call_outs.plain_name(frame.name)]
        opening.meta["title"] = frame.title
    else:
        call_outs.mark(opening, frame.name)
        state.tokens += call_outs.title_tokens(opening, frame.title, start) if frame.title else ()
    around, lines = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", frame.last
    state.md.block.tokenize(state, frame.first, frame.last)
    state.parentType, state.lineMax = around, lines
    state.push(f"{tag}_close", tag, -1)
    state.line = frame.end
    return True


def code_language(info: str) -> str:
    """Returns the language of a block of code, also in braces of other tools: ``{.python}``, ``{r, echo=FALSE}``."""
    words = info.split()
    if not words:
        return ""
    if words[0] in CODE_DIRECTIVES:
        return words[1] if len(words) > 1 else ""
    return re.sub(r"\A\{\.?|[,}].*", "", words[0])


CODE_DIRECTIVES = frozenset({"{code-block}", "{code-cell}", "{code}", "{sourcecode}", "{literalinclude}"})


def unread_directive(token: Token) -> str:
    """Returns the name of a directive that stays code, or an empty text."""
    match = re.match(r"\{([A-Za-z][\w:-]*)\}", token.info.strip())
    return match[1] if match and f"{{{match[1]}}}" not in CODE_DIRECTIVES and match[1] in MYST else ""


# Directives of MyST whose content is no code.
MYST = frozenset(
    [
        "bibliography",
        "card",
        "contents",
        "csv-table",
        "embed",
        "epigraph",
        "eval-rst",
        "figure",
        "figure-md",
        "glossary",
        "glue",
        "grid",
        "grid-item",
        "iframe",
        "image",
        "include",
        "index",
        "list-table",
        "margin",
        "mermaid",
        "only",
        "parsed-literal",
        "prf:theorem",
        "proof",
        "raw",
        "sidebar",
        "tab-item",
        "tab-set",
        "table",
        "tableofcontents",
        "toctree",
        "topic",
        "versionadded",
        "versionchanged",
        "video",
        "youtube",
    ]
)
