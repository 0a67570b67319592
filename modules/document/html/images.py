"""Finds the image that a path in a text means: by its exact path, else by the only file that can be meant."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from urllib.parse import unquote

ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif")
# Endings of images that no page shows, since a browser cannot, or since they may hold a script.
OTHER_ENDINGS = (".svg", ".bmp", ".tif", ".tiff", ".heic", ".avif", ".ico", ".eps", ".emf", ".wmf", ".pdf")
DISK = re.compile(r"(?:file:)?/*(?:[A-Za-z]:)?/+", re.IGNORECASE)
MADE = re.compile(r"images/[0-9a-f]{12}\.\w+")  # paths that are made of a picture, which nobody has typed
ALIKE = 20  # files of one name that are compared; with more, hostile documents take longer
NAMED = 3  # images that a warning names


class ImageIndex:
    """Finds images among ``paths`` by names in another case, in another folder, or in another form of Unicode."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = sorted(paths, key=lambda path: (bool(MADE.fullmatch(path)), path))
        self.folded = {path: _folded(path).split("/") for path in self.paths}
        self.by_name: dict[str, list[str]] = {}
        for path, parts in self.folded.items():
            self.by_name.setdefault(parts[-1], []).append(path)

    def candidates(self, path: str) -> list[str]:
        """Returns the images that a path may mean: those that have the most of its folders, from the last one on."""
        wanted = [part for part in _folded(bare_path(path)).split("/") if part != ".."]
        alike = self.by_name.get(wanted[-1], []) if wanted else []
        if len(alike) > ALIKE:
            return [found for found in alike if self.folded[found] == wanted] or alike
        ranks = {found: self._rank(found, wanted) for found in alike}
        return [found for found in alike if ranks[found] == max(ranks.values())]

    def _rank(self, path: str, wanted: list[str]) -> tuple[int, bool]:
        pairs = zip(reversed(self.folded[path]), reversed(wanted), strict=False)
        shared = 0
        for one, other in pairs:
            if one != other:
                break
            shared += 1
        return shared, self.folded[path] == wanted

    def nearest(self, path: str) -> list[str]:
        """Returns a few images whose names are like that of a path, or the first ones."""
        name = _folded(posixpath.basename(bare_path(path)))
        close = get_close_matches(name, self.by_name, NAMED) if len(self.by_name) <= 100 * ALIKE else []
        return [found for alike in close for found in self.by_name[alike]][:NAMED] or self.paths[:NAMED]


def exact_path(source: str) -> str:
    """Returns the path that an address in a text names, in its shortest form."""
    return posixpath.normpath(unquote(source))


@lru_cache(maxsize=1_000)
def bare_path(path: str) -> str:
    """Returns a path as an archive could have it: without a disk, a leading slash, a query, or strokes of Windows."""
    forward = path.replace("\\", "/").split("?")[0].split("#")[0]
    return posixpath.normpath(DISK.sub("", forward, count=1) if DISK.match(forward) else forward)


def find_image(source: str, images: Mapping[str, str], index: ImageIndex) -> list[str]:
    """Returns the path of the image that an address means, several that it may mean, or none."""
    path = exact_path(source)
    if images.get(path) is not None:
        return [path]
    candidates = index.candidates(path)
    is_one = len({images[candidate] for candidate in candidates}) == 1
    return candidates[:1] if is_one else candidates


def storable_path(source: str) -> str:
    """Returns the path at which a file for an address is kept, or an empty text if no file can be kept for it."""
    path = bare_path(exact_path(source))
    is_plain = path.isprintable() and not set(path) & set(':*"<>|')
    return path if path.lower().endswith(ENDINGS) and is_plain and not path.startswith("/") else ""


def _folded(path: str) -> str:
    """Returns a path without capitals, with each accent in one form, and with signs such as ``%20`` as they read."""
    return unicodedata.normalize("NFC", unquote(path)).casefold()
