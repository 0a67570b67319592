"""Puts choices of a Word document below each other that stand in cells, behind tabs or behind their question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from modules.document.convert.html_tree import Node
from modules.document.convert.stems import NUMBER, asks

LABEL = re.compile(r"\s*\(?([A-Ha-h])[.)](?=\s|$)")
LABEL_ALONE = re.compile(r"\s*\(?([A-Ha-h])[.)]\s*$")
LABEL_INSIDE = re.compile(r"(?<=\s)\(?[A-Ha-h][.)](?=\s)")
FEWEST_ON_LINE = 3  # choices behind a question on its own line; fewer may be words such as “vitamin A.”
# Children of a paragraph or cells of a table that are looked at; raised, hostile texts take more time.
MOST_CHILDREN = 200
WIDE = 3  # blanks before a choice that stands in a column of its own
LONGEST = 5_000  # characters of a text that is cut; raised, hostile texts take more time
Content = list[Node | str]


def one_below_the_other(children: Sequence[Node | str]) -> Content:
    """Returns the blocks of a document with all choices in paragraphs of their own, in the order of their letters."""
    laid: Content = []
    waiting: list[Content] = []  # choices of lines that hold several, until the last of them is met
    for child in children:
        pieces = _pieces(child) if isinstance(child, Node) and child.tag == "p" else None
        choices = [piece for piece in pieces or [] if _letter(piece)]
        if waiting and choices and len(choices) == len(pieces or []) and _goes_on(waiting, choices):
            waiting += choices
            continue
        laid += _in_order(waiting)
        waiting = []
        if pieces and len(choices) > 1:
            laid += [Node("p", {}, piece) for piece in pieces[: len(pieces) - len(choices)]]
            waiting = choices
        elif isinstance(child, Node) and child.tag == "table" and (cells := _choices_of_table(child)):
            laid += _in_order(cells)
        else:
            laid.append(child)
    return [*laid, *_in_order(waiting)]


def _goes_on(before: Sequence[Content], choices: Sequence[Content]) -> bool:
    """Checks whether a line has further choices of the question that the lines before have choices of."""
    letters = [_letter(piece) for piece in [*before, *choices]]
    return len(set(letters)) == len(letters)


def _in_order(choices: Sequence[Content]) -> list[Node | str]:
    """Returns choices as paragraphs. They are sorted if they have all letters from A on."""
    letters = [_letter(choice) for choice in choices]
    is_whole = sorted(letters) == [chr(ord("A") + place) for place in range(len(letters))]
    return [Node("p", {}, choice) for choice in (sorted(choices, key=_letter) if is_whole else choices)]


def _letter(piece: Content) -> str:
    match = LABEL.match("".join(map(_text, piece)))
    return match[1].upper() if match else ""


def _text(child: Node | str) -> str:
    return child if isinstance(child, str) else child.text()


def _pieces(paragraph: Node) -> list[Content] | None:
    """Returns the parts of a paragraph, of which all but the first are choices; or nothing if it has no such parts."""
    if len(paragraph.children) > MOST_CHILDREN:
        return None
    pieces: list[Content] = [[]]
    for child in paragraph.children:
        if isinstance(child, str):
            first, *others = _parts(child)
            pieces[-1].append(first)
            pieces += [[other] for other in others]
        elif child.tag == "br":
            pieces.append([])
        else:
            pieces[-1].append(child)
    pieces = [piece for piece in pieces if "".join(map(_text, piece)).strip() or _holds_element(piece)]
    letters = [_letter(piece) for piece in pieces]
    choices = letters if letters and letters[0] else letters[1:]
    is_rising = bool(choices) and all(choices) and choices == sorted(set(choices))
    return pieces if is_rising else None


def _holds_element(piece: Content) -> bool:
    return any(isinstance(child, Node) for child in piece)


def _parts(text: str) -> list[str]:
    """Cuts a text before choices behind tabs, or behind a question on the same line."""
    labels = [*LABEL_INSIDE.finditer(text)] if len(text) <= LONGEST else []
    cuts = [label.start() for label in labels if _is_wide(text, label.start())]
    cuts = cuts or places_on_line(text)
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def _is_wide(text: str, place: int) -> bool:
    """Checks whether a tab or several blanks stand before a place."""
    before = text[max(0, place - 20) : place]
    gap = before[len(before.rstrip()) :]
    return "\t" in gap or len(gap) >= WIDE


def places_on_line(text: str) -> list[int]:
    """Returns the places of choices that follow a question on its line: A, B, C in the same style."""
    labels = [*LABEL_INSIDE.finditer(text)] if len(text) <= LONGEST else []
    style = next((label[0] for label in labels if label[0].strip("().") in "Aa"), "")
    cuts: list[int] = []
    for label in labels:
        if style and label[0] == style.replace(style.strip("()."), chr(ord(style.strip("().")) + len(cuts))):
            cuts.append(label.start())
    is_asked = bool(cuts) and _is_question(text[: cuts[0]])
    return cuts if is_asked and len(cuts) >= FEWEST_ON_LINE else []


def _is_question(words: str) -> bool:
    return bool(NUMBER.match(words)) or asks(words)


def _choices_of_table(table: Node) -> list[Content] | None:
    """Returns the choices in the cells of a table, or nothing if it holds anything else."""
    choices: list[Content] = []
    label: Content | None = None  # a letter whose words stand in the next cell
    for place, piece in enumerate(_paragraphs_of_cells(table)):
        words = "".join(map(_text, piece))
        if place > MOST_CHILDREN or (label is None and not LABEL.match(words)):
            return None
        if label is not None:
            choices.append([*label, " ", *piece])
            label = None
        elif LABEL_ALONE.match(words):
            label = [words.strip()]
        else:
            choices.append(piece)
    letters = sorted(_letter(choice) for choice in choices)
    is_whole = letters == [chr(ord("A") + place) for place in range(len(letters))]
    return choices if label is None and is_whole and len(choices) > 1 else None


def _paragraphs_of_cells(table: Node) -> Iterator[Content]:
    """Yields the content of each paragraph in the cells, without empty ones."""
    for cell in (node for node in table.walk() if node.tag in ("td", "th")):
        blocks = [child for child in cell.elements() if child.tag == "p"]
        for children in [block.children for block in blocks] if blocks else [cell.children]:
            piece = list(children)
            if "".join(map(_text, piece)).strip() or any(_is_picture(child) for child in piece):
                yield piece


def _is_picture(child: Node | str) -> bool:
    return isinstance(child, Node) and any(node.tag == "img" for node in child.walk())
