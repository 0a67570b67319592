"""Restores the line ends of a text that a browser has changed."""

import re

from modules.document.compare.lines import matches
from modules.document.syntax.source import split_lines


def keep_line_ends(old: str, new: str) -> str:
    """Returns ``new``, which came from a browser, with the line ends of ``old``.

    Each unchanged line gets its old end. Any other line gets the most frequent end of ``old``.
    """
    before = split_lines(old)
    after = re.sub(r"\r\n?", "\n", new).split("\n")
    bare = [line.rstrip("\r\n") for line in before]
    ends = [line[len(text) :] for line, text in zip(before, bare, strict=True)]
    prevailing = max(("\n", "\r\n", "\r"), key=ends.count)
    kept = [prevailing] * len(after)
    for index, new_index in matches(bare, after):
        kept[new_index] = ends[index] or prevailing
    kept[-1] = ""
    for index in range(1, len(after)):
        if kept[index - 1] == "\r" and kept[index] == "\n" and not after[index]:
            kept[index] = "\r"  # else the two would be one line end
    return "".join(line + end for line, end in zip(after, kept, strict=True))
