"""Escapes plain text, so that our Markdown shows it sign by sign."""

import re

# Signs that may begin markup inside a line, wherever they stand.
SIGNS = re.compile(
    r"[\\`\[\]$]"
    r"|\*(?!\s)|(?<!\s)\*"  # an asterisk between two blanks is a sign of multiplication
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore between two letters belongs to a name
    r"|~(?=~)|(?<=~)~"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)"
)
BRACES = re.compile(
    r"(?<!\S)\{(?=[^{}\n]*\}[ \t]*$)", re.MULTILINE
)  # at the end of a heading they are attributes
# Signs that begin a block at the start of a line.
STARTS = re.compile(
    r"^[ \t]*(?:(?P<sign>\#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|(?:-[ ]?){2,}\s*$|=+\s*$|:?-+:?\s*\||\||~~~)|(?P<number>\d{1,9})(?P<dot>[.)])(?=\s|$))",
    re.MULTILINE,
)


def escape(text: str) -> str:
    """Returns a text in which no sign is markup inside a line. :func:`escape_line_starts` adds the starts of lines."""
    return BRACES.sub(r"\\{", SIGNS.sub(r"\\\g<0>", text))


def escape_line_starts(text: str) -> str:
    """Returns a paragraph in which no line begins a heading, a quote, a list, a rule or a table."""
    return STARTS.sub(_escaped_start, "\n".join(line.strip(" \t") for line in text.split("\n")))


def _escaped_start(match: re.Match[str]) -> str:
    if match["sign"]:
        return "\\" + match["sign"]
    return f"{match['number']}\\{match['dot']}"
