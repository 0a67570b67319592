"""Holds the batik cloths of covers, and which one a module has."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

# Each cloth is (width, height, turn, drawing), in pixels before scaling and in degrees. A drawing repeats without a
# seam and inherits its colour.
CLOTHS = {
    "kawung": (
        60,
        60,
        0,
        '<g id="{id}q"><ellipse cx="15" cy="15" rx="13" ry="6.6" transform="rotate(45 15 15)"/>'
        '<ellipse cx="45" cy="15" rx="13" ry="6.6" transform="rotate(-45 45 15)"/></g>'
        '<use href="#{id}q" transform="rotate(180 30 30)"/>'
        '<circle cx="30" cy="30" r="2.4"/><circle r="2.4"/><circle cx="60" r="2.4"/>'
        '<circle cy="60" r="2.4"/><circle cx="60" cy="60" r="2.4"/>',
    ),
    "parang": (
        48,
        34,
        -45,
        '<path d="M0 3h48v2H0zM0 29h48v2H0z"/>'
        '<path d="M4 27c-3-9 1-16 9-18 6-1 9 3 7 7-1 3-5 3-6 1-4 2-6 6-5 10z'
        'M28 27c-3-9 1-16 9-18 6-1 9 3 7 7-1 3-5 3-6 1-4 2-6 6-5 10z"/>'
        '<circle cx="22" cy="24" r="1.9"/><circle cx="46" cy="24" r="1.9"/>',
    ),
    "truntum": (
        56,
        56,
        0,
        '<g id="{id}q"><g id="{id}h"><path d="M28 25c-3-5-2.5-9 0-13 2.5 4 3 8 0 13z"/>'
        '<path d="M30.1 25.9c1.4-5.7 4.6-8.1 9.2-9.2-1.1 4.6-3.5 7.8-9.2 9.2z"/></g>'
        '<use href="#{id}h" transform="rotate(90 28 28)"/></g>'
        '<use href="#{id}q" transform="rotate(180 28 28)"/>'
        '<circle r="6"/><circle cx="56" r="6"/><circle cy="56" r="6"/><circle cx="56" cy="56" r="6"/>'
        '<circle cx="28" cy="1.5" r="1.5"/><circle cx="28" cy="54.5" r="1.5"/>'
        '<circle cx="1.5" cy="28" r="1.5"/><circle cx="54.5" cy="28" r="1.5"/>',
    ),
    "ceplok": (
        64,
        64,
        0,
        '<path d="M32 5l27 27-27 27L5 32zM32 9L9 32l23 23 23-23z" fill-rule="evenodd"/>'
        '<g id="{id}q"><path d="M32 29c-7-4-8-10 0-17 8 7 7 13 0 17z"/></g>'
        '<use href="#{id}q" transform="rotate(90 32 32)"/><use href="#{id}q" transform="rotate(180 32 32)"/>'
        '<use href="#{id}q" transform="rotate(270 32 32)"/>'
        '<path d="M0 0h12L0 12zM64 0v12L52 0zM0 64V52l12 12zM64 64H52l12-12z"/>',
    ),
}

# Hues in degrees, different enough to be distinguished: soga brown, indigo, leaf, noni red, turmeric, sea, plum.
HUES = (60, 275, 155, 25, 90, 215, 330)
# Degrees between the hue of the drawing and the hue of its ground.
TURNS = (0, 45, -50)


@dataclass(frozen=True, slots=True)
class Cloth:
    """The cloth of a slug: the name of its drawing, and the hues of drawing and ground in degrees.

    ``fingerprint`` is hexadecimal and belongs to the slug.
    """

    name: str
    ground_hue: int
    drawing_hue: int
    fingerprint: str


def cloth_of(slug: str) -> Cloth:
    """Returns the cloth of a slug, which is always the same."""
    digest = hashlib.sha256(slug.encode()).digest()
    hue = HUES[digest[1] % len(HUES)]
    return Cloth(
        sorted(CLOTHS)[digest[0] % len(CLOTHS)],
        hue,
        hue + TURNS[digest[2] % len(TURNS)],
        digest.hex()[:6],
    )
