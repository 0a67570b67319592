"""Finds the lines, or other tokens, that two texts have in common, fast for texts of any size."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

# Rounds in which the lines between two matches are compared again. Raised: texts of repeated lines take longer.
# Lowered: fewer of their lines are recognised. Test: test_matching.py, test_equal_lines_are_found_through_eight_levels.
DEEPEST = 8

Gap = tuple[int, int, int, int]  # from and to in the old lines, from and to in the new ones


def matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """Yields the places, old and new, of the lines that stayed.

    The lines that both texts begin or end with stayed. Between them, the lines that each text has once are matched in
    their common order. The lines between those are compared in the same way again. The time grows with the lines and
    their logarithm, where that of ``difflib`` may grow with their square.
    """
    gaps = [(0, len(old), 0, len(new))]
    for _ in range(DEEPEST):
        next_gaps: list[Gap] = []
        for gap in gaps:
            start, end, other, other_end = _trimmed(old, new, gap)
            yield from zip(range(gap[0], start), range(gap[2], other), strict=True)
            yield from zip(range(end, gap[1]), range(other_end, gap[3]), strict=True)
            anchors = _anchors(old, new, (start, end, other, other_end))
            next_gaps += _between(anchors, (start, end, other, other_end)) if anchors else []
            yield from anchors
        gaps = next_gaps


def _trimmed(old: Sequence[Hashable], new: Sequence[Hashable], gap: Gap) -> Gap:
    """Returns a gap without the lines that both sides begin and end with."""
    start, end, other, other_end = gap
    while start < end and other < other_end and old[start] == new[other]:
        start, other = start + 1, other + 1
    while start < end and other < other_end and old[end - 1] == new[other_end - 1]:
        end, other_end = end - 1, other_end - 1
    return start, end, other, other_end


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable], gap: Gap) -> list[tuple[int, int]]:
    """Returns the longest run of lines in common order that each side of a gap has exactly once."""
    start, end, other, other_end = gap
    once_old, once_new = Counter(old[start:end]), Counter(new[other:other_end])
    places = {new[place]: place for place in range(other, other_end) if once_new[new[place]] == 1}
    pairs = [(i, places[old[i]]) for i in range(start, end) if once_old[old[i]] == 1 and old[i] in places]
    return [pairs[place] for place in longest_rise([place for _, place in pairs])]


def longest_rise(numbers: Sequence[int]) -> list[int]:
    """Returns the places of the longest rising run of numbers, or of one of them where several are longest."""
    ends: list[int] = []  # the smallest number with which a run of each length can end
    lengths = []
    for number in numbers:
        length = bisect_left(ends, number)
        ends[length : length + 1] = [number]
        lengths.append(length)
    places: list[int] = []
    for place in reversed(range(len(numbers))):
        is_next = lengths[place] == len(ends) - 1 - len(places)
        if is_next and (not places or numbers[place] < numbers[places[-1]]):
            places.append(place)
    return places[::-1]


def _between(anchors: Sequence[tuple[int, int]], gap: Gap) -> list[Gap]:
    """Returns the gaps between anchors in which both sides have lines."""
    start, end, other, other_end = gap
    gaps = []
    for place, new_place in [*anchors, (end, other_end)]:
        if start < place and other < new_place:
            gaps.append((start, place, other, new_place))
        start, other = place + 1, new_place + 1
    return gaps
