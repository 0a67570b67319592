"""Packs what the index knows of one stem in one module into bytes, and reads it again.

A site of 10,000 sections has millions of words. A row for each of them would make the index many times as large as the
texts, and a row for each stem of a module does not.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

Packed = bytes | memoryview  # PostgreSQL returns the second

MOST = 2**16 - 1  # the largest page number or weight that is packed


def pack_weights(weights: Mapping[int, int]) -> bytes:
    """Packs the weights of a stem by the number of the page."""
    flat = [value for pair in weights.items() for value in pair]
    return struct.pack(f"<{len(flat)}H", *flat)


def weights(packed: Packed, base: int = 0) -> dict[int, int]:
    """Returns the weights of a stem by the number of the page, to which ``base`` is added."""
    flat = struct.unpack(f"<{len(packed) // 2}H", packed)
    if base:
        return dict(zip([base + number for number in flat[::2]], flat[1::2], strict=True))
    return dict(zip(flat[::2], flat[1::2], strict=True))


def pack_places(places: Mapping[int, Sequence[int]]) -> bytes:
    """Packs the places of a stem, in words from the beginning of the page, by the number of the page."""
    flat = [value for number, found in places.items() for value in (number, len(found), *found)]
    return struct.pack(f"<{len(flat)}I", *flat)


def places(packed: Packed) -> dict[int, tuple[int, ...]]:
    """Returns the places of a stem by the number of the page."""
    flat = struct.unpack(f"<{len(packed) // 4}I", packed)
    found, at = {}, 0
    while at < len(flat):
        number, count = flat[at : at + 2]
        found[number] = flat[at + 2 : at + 2 + count]
        at += 2 + count
    return found
