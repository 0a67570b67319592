"""Collects the images that a file of another program brings, each at a path of its own."""

from __future__ import annotations

import base64
import binascii
import hashlib
import posixpath
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from modules.document.syntax.archive import IMAGES

FOLDER = "images"
MOST_IMAGES = 300  # of a file
MOST_BYTES = 50 * 1024 * 1024  # of all images; raised, a file takes more memory
DATA = re.compile(r"data:image/(png|jpeg|jpg|gif|webp);base64,", re.IGNORECASE)
UNSAFE = re.compile(r"[^\w.-]+")
LONGEST_NAME = 80  # characters


@dataclass(slots=True)
class ForeignImages:
    """Holds images by their paths. An image that comes twice is kept once."""

    files: dict[str, bytes] = field(default_factory=dict)
    size: int = 0

    def add(self, name: str, content: bytes) -> str | None:
        """Keeps an image and returns its path, or ``None`` if it is no image or one too many."""
        path = f"{FOLDER}/{safe_name(name)}"
        if not path.lower().endswith(IMAGES) or not content:
            return None
        if self.files.get(path, content) != content:
            stem, ending = posixpath.splitext(path)
            path = f"{stem}-{hashlib.sha256(content).hexdigest()[:8]}{ending}"
        if path not in self.files:
            if len(self.files) == MOST_IMAGES or self.size + len(content) > MOST_BYTES:
                return None
            self.files[path] = content
            self.size += len(content)
        return path

    def add_base64(self, name: str, encoded: str) -> str | None:
        try:
            return self.add(name, base64.b64decode(encoded, validate=False))
        except (binascii.Error, ValueError):
            return None

    def of_address(self, source: str) -> str | None:
        """Returns where an image is that has a web address, or whose address is its content."""
        if match := DATA.match(source):
            digest = hashlib.sha256(source.encode(errors="replace")).hexdigest()[:12]
            return self.add_base64(f"{digest}.{match[1].lower()}", unquote(source[match.end() :]))
        return source if source.lower().startswith(("http://", "https://")) else None


def safe_name(name: str) -> str:
    """Returns the last part of a path with letters, digits, full stops and hyphens alone."""
    stem, ending = posixpath.splitext(posixpath.basename(unquote(name).replace("\\", "/")))
    return f"{UNSAFE.sub('-', stem).strip('-.')[:LONGEST_NAME] or 'image'}{UNSAFE.sub('', ending)[:10]}"
