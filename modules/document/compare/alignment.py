"""Aligns the parts of two documents by their form: by what stays of a part whose every word is translated.

The form of a part is its signs (code, links, pictures, numbers), and how many lines and sentences of each kind it has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from modules.document.compare.likeness import NUMBER, body
from modules.document.compare.part import Part
from modules.document.compare.pieces import END, FENCE, signs
from modules.document.syntax.source import normalise

MARK = re.compile(r"\s*(?:([-*+]|\d{1,9}[.)])\s+(\[[ xX=]\])?|(>|#+|\|))?")
# Likeness of two forms, from 0 to 1, from which a part may be the translation of the other. Raised, parts that the
# translator divided otherwise are asked about; lowered, a part is paired with one of another form.
ALIKE = 0.5
# The best alignment has to be better by this than every other one that pairs a part with another, or with none. Raised,
# more parts are asked about; lowered, neighbours of nearly the same form are mixed up.
CERTAIN = 0.3
MOST_CELLS = 40_000  # of the table of an alignment: 200 by 200 parts; raised, translations of long documents take longer
# Sum of likenesses by which another alignment of as many parts may be better than their order. Raised, parts of a
# translation that were also moved are mixed up; lowered, parts that the translator divided otherwise are asked about.
IN_ORDER = 0.5
TELLING = 5  # signs, lines and sentences of a moved part; raised, it counts as new; lowered, short parts are mixed up

Form = Counter[str]
Table = Sequence[Sequence[float]]


def likeness_of_forms(first: Part, second: Part) -> float:
    """Returns how alike the forms of two parts are, from 0 to 1."""
    return _likeness(_form(first), _form(second))


def translated_pairs(old: Sequence[Part], new: Sequence[Part]) -> list[tuple[Part, Part]]:
    """Returns the parts of a document with those that translate them: all in their order, or those that are certain.

    If parts are missing on one side or were moved, pairs in order are certain that every alignment nearly as good as
    the best one has. Of the others, those are certain whose form no other part has.
    """
    if not old or not new or len(old) * len(new) > MOST_CELLS:
        return list(zip(old, new, strict=True)) if len(old) == len(new) else []
    before, after = [_form(part) for part in old], [_form(part) for part in new]
    table = [[_likeness(form, other) for other in after] for form in before]
    if len(old) == len(new) and _is_in_order(table) and not _have_signs_moved(old, new):
        places = [(place, place) for place in range(len(old))]
    else:
        places = _certain_places(table)
        places += _moved_places(before, after, places)
    return [(old[place], new[other]) for place, other in places]


def _is_in_order(table: Table) -> bool:
    return _best_sums(table)[-1][-1] - sum(row[place] for place, row in enumerate(table)) < IN_ORDER


def _have_signs_moved(old: Sequence[Part], new: Sequence[Part]) -> bool:
    """Checks whether the code, links, pictures and numbers of a part are those of a part in another place now."""
    before, after = (
        [_lasting_signs(part, body(normalise(part.source))) for part in side] for side in (old, new)
    )
    return any(
        signs_there and signs_there != signs_here and signs_there in after
        for signs_there, signs_here in zip(before, after, strict=True)
    )


def _moved_places(
    before: Sequence[Form], after: Sequence[Form], paired: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Returns the places of the parts out of order whose form exactly one other part has."""
    free_old = {*range(len(before))} - {place for place, _other in paired}
    free_new = {*range(len(after))} - {place for _other, place in paired}
    equal = [(place, other) for place in free_old for other in free_new if before[place] == after[other]]
    once_old, once_new = (Counter(pair[side] for pair in equal) for side in (0, 1))
    return sorted(
        (place, other)
        for place, other in equal
        if once_old[place] == once_new[other] == 1 and before[place].total() >= TELLING
    )


def _certain_places(table: Table) -> list[tuple[int, int]]:
    before = _best_sums(table)
    after = [row[::-1] for row in _best_sums([row[::-1] for row in table[::-1]])[::-1]]
    pairs = []
    for place, row in enumerate(table):
        above, below = before[place], after[place + 1]
        sums = [above[other] + likeness + below[other + 1] for other, likeness in enumerate(row)]
        without = max(map(sum, zip(above, below, strict=True)))
        best = max(range(len(row)), key=sums.__getitem__)
        next_best = max([without, *sums[:best], *sums[best + 1 :]])
        if row[best] >= ALIKE and sums[best] - next_best >= CERTAIN:
            pairs.append((place, best))
    return pairs


def _best_sums(table: Table) -> list[list[float]]:
    """Returns the highest sum of likenesses in order, by the number of old parts and of new ones from the beginning."""
    sums = [[0.0] * (len(table[0]) + 1)]
    for row in table:
        line = [0.0]
        for place, likeness in enumerate(row):
            line.append(max(line[place], sums[-1][place + 1], sums[-1][place] + likeness))
        sums.append(line)
    return sums


def _form(part: Part) -> Form:
    text = body(normalise(part.source))
    form: Form = Counter(_lasting_signs(part, text))
    for line in FENCE.sub("", text).splitlines():
        if line.strip():
            mark = MARK.match(line)
            kind = "".join(filter(None, mark.groups())) if mark else ""
            form[f"{kind} line"] += 1
            form[f"{kind} sentence"] += len(END.split(line.strip())) - 1
    return +form


def _lasting_signs(part: Part, text: str) -> set[str]:
    """Returns the signs of a part without the numbers of its heading, which change when a part before it is removed."""
    own = signs(replace(part, source=text))
    return {sign for sign in signs(part) if sign in own or not NUMBER.fullmatch(sign)}


def _likeness(first: Form, second: Form) -> float:
    if not first and not second:
        return 1.0
    return (first & second).total() / (first | second).total()
