"""Knows the names of call-outs in many tools, and which of our five alerts is the nearest to each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

# The first line of a quote: ``[!NAME]``, a sign that folds it in Obsidian, and a title.
LABEL = re.compile(
    r"\[!(?P<name>[^\W\d_][\w -]{0,40})(?:\|[^\]\n]{0,80})?\](?P<fold>[+-]?)(?P<title>(?:[ \t][^\n]*)?)(?:\n|\Z)"
)
OURS = ("note", "tip", "important", "warning", "caution")

# Each name: our alert, and the word in ``words.py`` that is its title where the author wrote none.
NEAREST = {
    **{name: (name, name) for name in OURS},
    **dict.fromkeys(
        ("info", "information", "primary", "secondary", "callout", "admonition", "sidenote"), ("note", "info")
    ),
    **dict.fromkeys(("abstract", "summary", "tldr", "overview"), ("note", "summary")),
    **dict.fromkeys(("todo", "task", "checklist"), ("important", "task")),
    **dict.fromkeys(("success", "check", "done"), ("tip", "success")),
    **dict.fromkeys(("question", "questions", "help", "faq"), ("note", "question")),
    **dict.fromkeys(("failure", "fail", "missing"), ("warning", "failure")),
    **dict.fromkeys(("danger", "error", "alert"), ("caution", "danger")),
    **dict.fromkeys(("example", "examples"), ("note", "example")),
    **dict.fromkeys(("quote", "cite", "testimonial"), ("note", "quote")),
    **dict.fromkeys(("challenge", "exercise", "activity", "discussion"), ("important", "exercise")),
    **dict.fromkeys(("objectives", "objective", "goals"), ("note", "objectives")),
    **dict.fromkeys(("keypoints", "key-points", "takeaways"), ("note", "key_points")),
    **dict.fromkeys(("prereq", "prerequisite", "prerequisites"), ("important", "prerequisites")),
    **dict.fromkeys(("seealso", "see-also"), ("note", "see_also")),
    "bug": ("caution", "bug"),
    "hint": ("tip", "hint"),
    "attention": ("warning", "warning"),
}
# Call-outs that stay closed until a reader opens them, and the word that is their title.
FOLDED = {
    **dict.fromkeys(("solution", "answer"), "solution"),
    **dict.fromkeys(("details", "spoiler", "dropdown", "toggle", "collapse"), "details"),
}
PREFIX = re.compile(r"(?:callout|alert|admonition|hint)-(?=\w)")


def plain_name(name: str) -> str:
    """Returns the name of a call-out without what its tool puts before it: ``callout-note`` is a note."""
    return PREFIX.sub("", name.strip().lower()).replace(" ", "-")


def is_known(name: str) -> bool:
    return plain_name(name) in NEAREST


def take_label(around: Token, inline: Token) -> list[Token]:
    """Makes a call-out of a quote whose first line names one. Returns the tokens of its title, if it has one."""
    match = LABEL.match(inline.content)
    if match is None or "alert" in around.meta:
        return []
    name, title = match["name"], match["title"].strip()
    is_named = is_known(name)
    mark(around, name)
    line = (inline.map or [0])[0]
    inline.content = inline.content[match.end() :]
    if inline.map and match[0].endswith("\n"):
        inline.map = [inline.map[0] + 1, inline.map[1]]
    title = title or ("" if is_named else name)
    return list(title_tokens(around, title, line)) if title else []


def mark(opening: Token, name: str) -> None:
    """Makes a call-out of an opening token. An unknown name counts as a note, and is remembered for a warning."""
    known = NEAREST.get(plain_name(name))
    opening.meta["alert"], opening.meta["label"] = known or ("note", "note")
    if known is None:
        opening.meta["unknown"] = name


def title_tokens(opening: Token, title: str, line: int) -> Iterator[Token]:
    """Yields the tokens of the title that an author gave to a call-out."""
    opening.meta["label"] = ""
    level = opening.level + 1
    yield Token("alert_title_open", "p", 1, level=level, block=True, map=[line, line + 1])
    yield Token(
        "inline", "", 0, level=level + 1, block=True, content=title, map=[line, line + 1], children=[]
    )
    yield Token("alert_title_close", "p", -1, level=level, block=True)


def with_headings_as_titles(tokens: Sequence[Token]) -> None:
    """Makes the title of each call-out of the heading with which it begins, as Quarto does."""
    for place, token in enumerate(tokens[:-3]):
        if "alert" in token.meta and token.meta.get("label") and tokens[place + 1].type == "heading_open":
            token.meta["label"] = ""
            for heading, kind in ((tokens[place + 1], "open"), (tokens[place + 3], "close")):
                heading.type, heading.tag = f"alert_title_{kind}", "p"
