"""Names the markup of other tools that stays text: one warning for each kind, at its first line, with its count."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from modules.document.html.dialects.directives import unread_directive
from modules.document.problems import N_, Problem

CODE = "other-tool"
LONGEST_SIGN = 40  # characters of the first one that the warning repeats
MOST_NAMES = 5  # of directives that one warning lists

SENTENCES = {
    "hugo": N_(
        "“{sign}” is a shortcode of Hugo and is shown as text ({count} in all). Write in Markdown what it shows, or take it out."
    ),
    "liquid": N_(
        "“{sign}” is Liquid, as Jekyll and GitBook use it, and is shown as text ({count} in all). Write in Markdown what it shows, or put it between backticks."
    ),
    "kramdown": N_("“{sign}” is Kramdown's and is shown as text ({count} in all). Take it out."),
    "attributes": N_(
        "“{sign}” is pandoc's and is shown as text ({count} in all). Take it out: only headings have attributes here."
    ),
    "note": N_(
        "“{sign}” is an inline note of pandoc and is shown as text ({count} in all). Write [^1] there, and its text on a line [^1]: …"
    ),
    "raised": N_(
        "“{sign}” is pandoc's and is shown as text ({count} in all). Write <sup>…</sup> for raised signs."
    ),
    "citation": N_(
        "“{sign}” is a citation of pandoc and is shown as text ({count} in all). Write out the source, or make a footnote of it."
    ),
    "grid": N_(
        "This is a grid table of pandoc, and it is shown as text ({count} in all). Write a table with | between its cells."
    ),
    "role": N_(
        "“{sign}” is a role of MyST and is shown as text ({count} in all). Write in Markdown what it shows."
    ),
    "directive": N_(
        "Blocks with a frame that is not known here: {sign} ({count} in all). Their text is shown without the frame. Write > [!NOTE] for a call-out."
    ),
    "stray": N_(
        "“{sign}” opens or closes a block that has no other end, and is shown as text ({count} in all). Add the missing line of colons, or take this one out."
    ),
    "myst": N_(
        "Directives of MyST that are shown as code: {sign} ({count} in all). Write in Markdown what they show."
    ),
    "mdx": N_("“{sign}” is MDX and is shown as text ({count} in all). Take it out."),
    "contents": N_(
        "“{sign}” makes a table of contents in other tools and is shown as text ({count} in all). Take it out: every page has one here."
    ),
    "mkdocs": N_(
        "“{sign}” is MkDocs' and is shown as text ({count} in all). Write in Markdown what it shows."
    ),
    "hackmd": N_("“{sign}” is HackMD's and is shown as text ({count} in all). Take it out."),
    "identifier": N_(
        "“{sign}” is the name of a block in Obsidian and is shown as text ({count} in all). Take it out."
    ),
    "comment": N_(
        "This comment of Obsidian (%%) has no end, so learners see it ({count} in all). Close it with %%, before the next empty line."
    ),
    "embed": N_(
        "“{sign}” shows another note or file in Obsidian; here it is a link, or its words ({count} in all). Copy in what it shows."
    ),
    "call-out": N_(
        "Call-outs whose names are not known here: {sign} ({count} in all). Each is shown as a note. Write [!NOTE], [!TIP], [!IMPORTANT], [!WARNING] or [!CAUTION]."
    ),
}
NAMED = frozenset({"directive", "myst", "call-out"})  # their warnings list the names

# ``\0`` stands for code, and ``\1`` for a formula.
MARKS = re.compile(
    r"""
      (?P<hugo>\{\{[<%][^{}\n]{0,300}[>%]\}\})
    | (?P<liquid>\{%-?[^{}\n]{0,300}%\}|\{\{-?[ ]?[A-Za-z_][^{}\n]{0,200}\}\})
    | (?P<contents>^(?:\[\[?_?TOC_?\]?\]|\[toc\]|@\[toc\]|\$\{toc\}|\{:toc\})[ ]*$)
    | (?P<kramdown>\{::?[^{}\n]{1,200}\})
    | (?<=[\]\0])(?P<attributes>\{(?:[#.]|\w[\w-]{0,40}=)[^{}\n]{1,200}\})
    | (?P<role>\{[A-Za-z][\w:+.-]{1,40}\}(?=\0))
    | (?P<note>\^\[(?=[^\]\n]))
    | (?<=\w)(?P<raised>\^[\w-]{1,20}\^)(?!\w)
    | (?P<citation>\[-?@[A-Za-z][\w:.-]{1,60})
    | (?P<grid>\A\+(?:[-=:]{3,200}\+){1,50}[ ]*$)
    | (?P<mdx>^(?:import[ ][^\n]{1,200}[ ]from[ ]["'][^"'\n]{1,200}["']|import[ ]["'][^"'\n]{1,200}["']|export[ ](?:const|default|function)\b)|\{/\*)
    | (?P<mkdocs>^===[ ]"[^"\n]{1,100}"|^--8<--|:(?:material|fontawesome|octicons|simple)-[a-z0-9-]{1,60}:)
    | (?P<hackmd>\[(?:name|time|color)=[^\]\n]{1,60}\])
    | (?<=[ \n])(?P<identifier>\^[A-Za-z0-9][A-Za-z0-9-]{2,40})[ ]*$
    | (?<![\w%])(?P<comment>%%)(?![%])
    | (?P<stray>^:{3,20}[^\n]{0,60})
    """,
    re.VERBOSE | re.MULTILINE,
)
TRIGGERS = re.compile(r"[{^@+%]|\[(?:\[|_|TOC|toc|name|time|color)|import |export |===|--8<|:::|:\w+-")


@dataclass(slots=True)
class _Count:
    """Counts the marks of one kind. ``signs`` are the names of which a warning lists some, or the first mark."""

    line: int
    signs: dict[str, None] = field(default_factory=dict)
    count: int = 0


def of_tokens(tokens: Iterable[Token]) -> list[Problem]:
    """Returns one warning for each kind of markup that stays text, at its first line."""
    counts: dict[str, _Count] = {}
    for token in tokens:
        for kind, sign, line in _of_token(token):
            count = counts.setdefault(kind, _Count(line))
            count.count += 1
            if len(count.signs) <= (MOST_NAMES if kind in NAMED else 0):
                count.signs.setdefault(sign)
    return [_warning(kind, count) for kind, count in counts.items()]


def _of_token(token: Token) -> Iterator[tuple[str, str, int]]:
    """Yields the kind, the sign and the line of each mark of a block."""
    line = (token.map or [0])[0] + 1
    if token.type == "inline":
        yield from _of_inline(token, line)
    elif token.type == "fence" and (name := unread_directive(token)):
        yield "myst", name, line
    elif directive := token.meta.get("directive"):
        yield "directive", directive, line
    elif unknown := token.meta.get("unknown"):
        yield "call-out", unknown, line


def _of_inline(token: Token, first: int) -> Iterator[tuple[str, str, int]]:
    for child in token.children or []:
        if child.meta.get("embeds"):
            yield "embed", child.meta["double_brackets"], first + child.meta.get("line", 0)
    if not TRIGGERS.search(token.content):
        return
    text, starts, lines = _shown(token.children or [])
    for match in MARKS.finditer(text):
        kind = match.lastgroup or ""
        place = bisect_right(starts, match.start(kind)) - 1
        yield kind, match[kind], first + lines[place]


def _shown(children: Sequence[Token]) -> tuple[str, list[int], list[int]]:
    """Returns the text of inline tokens, and for each of them where it begins and on which line."""
    pieces, starts, lines, length = [], [], [0], 0
    for child in children:
        piece = SHOWN.get(child.type, child.content if child.type in ("text", "html_inline") else "")
        pieces.append(piece)
        starts.append(length)
        length += len(piece)
        lines.append(child.meta.get("line", lines[-1]))
    return "".join(pieces), starts, lines[1:]


SHOWN = {
    "code_inline": "\0",
    "math_inline": "\1",
    "math_inline_double": "\1",
    "softbreak": "\n",
    "hardbreak": "\n",
    "image": "]",
    "link_close": "]",
}


def _warning(kind: str, count: _Count) -> Problem:
    names = [sign[:LONGEST_SIGN] for sign in count.signs]
    sign = ", ".join(names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")
    return Problem(count.line, "warning", CODE, SENTENCES[kind], {"sign": sign, "count": count.count})
