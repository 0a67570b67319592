"""Bytes and text: what a file says, and how it is written back byte for byte."""

import re

from modules.document.compare.lines import matches
from modules.document.syntax.source import split_lines


def keep_line_ends(old: str, new: str) -> str:
    """Give a text that came from a browser the line ends that it had.

    Each line that is unchanged gets its old end, any other the one that prevails in ``old``.
    """
    before = split_lines(old)
    after = re.sub(r"\r\n?", "\n", new).split("\n")
    bare = [line.rstrip("\r\n") for line in before]
    ends = [line[len(text) :] for line, text in zip(before, bare, strict=True)]
    prevailing = max(("\n", "\r\n", "\r"), key=ends.count)
    kept = [prevailing] * len(after)
    for place, new_place in matches(bare, after):
        kept[new_place] = ends[place] or prevailing
    kept[-1] = ""
    for place in range(1, len(after)):
        if kept[place - 1] == "\r" and kept[place] == "\n" and not after[place]:
            kept[place] = "\r"  # else the two would be one line end
    return "".join(line + end for line, end in zip(after, kept, strict=True))
