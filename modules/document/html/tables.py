"""Parses tables without losing cells: those that a row has too many stay in its last cell."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit, table
from markdown_it.token import Token

from modules.document.deadline import NEVER
from modules.document.html.inline_text import code_spans

MOST_MISSING_CELLS = 20_000  # cells that short rows omit in all tables; raised, small texts make large pages


def parse_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parses a table, unless short rows under a wide head would make it thousands of times larger than its text.

    The token that opens a table has ``meta["long_rows"]``: the line, from 0, of each row with more cells than the head,
    and whether only signs inside code make it so long.
    """
    state.env.get("deadline", NEVER).check()
    missing = state.env.get("missing_cells", 0)
    before = len(state.tokens)
    if missing > MOST_MISSING_CELLS or not table(state, start, end, silent):
        return False
    if silent:
        return True
    columns = _pipes(state, start)
    missing += sum(max(0, columns - _pipes(state, line)) for line in range(start + 2, state.line))
    state.env["missing_cells"] = missing
    if missing > MOST_MISSING_CELLS:
        del state.tokens[before:]
        state.line = start
        return False
    _keep_surplus(state, before)
    return True


def _pipes(state: StateBlock, line: int) -> int:
    return _row(state, line).strip("|").count("|")


def _row(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()


def _keep_surplus(state: StateBlock, first: int) -> None:
    """Puts the cells that the parser has left out of the table from token ``first`` on into the last cells."""
    opening, cells = state.tokens[first], list[Token]()
    opening.meta["long_rows"] = []
    count = 0
    for place in range(first, len(state.tokens)):
        token = state.tokens[place]
        if token.type == "tr_open":
            cells = []
        elif token.type == "inline":
            cells.append(token)
        elif token.type == "tr_close":
            count = count or len(cells)
            _keep_surplus_of_row(state, opening, cells, count)


def _keep_surplus_of_row(state: StateBlock, opening: Token, cells: list[Token], count: int) -> None:
    line = (cells[0].map or [0])[0]
    row = _row(state, line)
    written = cells_of(row)
    if len(written) <= count or not any(cell.strip() for cell in written[count:]):
        return
    outside_code = cells_of(_with_code_escaped(row))
    is_in_code = len(outside_code) == count
    shown = (
        outside_code
        if is_in_code
        else [*written[: count - 1], " | ".join(map(str.strip, written[count - 1 :]))]
    )
    for cell, words in zip(cells, shown, strict=True):
        cell.content = words.strip()
    opening.meta["long_rows"].append((line, is_in_code))


def cells_of(row: str) -> list[str]:
    """Returns the cells of a row as the parser cuts them."""
    cells = escapedSplit(row.strip())
    if cells and cells[0] == "":
        cells.pop(0)
    if cells and cells[-1] == "":
        cells.pop()
    return cells


def _with_code_escaped(row: str) -> str:
    """Returns a row whose signs inside code end no cell."""
    written, end = [], 0
    for start, stop in code_spans(row):
        written += [row[end:start], row[start:stop].replace("\\|", "|").replace("|", "\\|")]
        end = stop
    return "".join(written) + row[end:]
