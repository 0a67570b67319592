"""Places stored HTML on a page, marks it as safe, and names the version of everything that can change it."""

from __future__ import annotations

import hashlib
import html
import re
from importlib.metadata import version
from pathlib import Path

from modules.document.html.links import SECTION

# Every folder or file whose code takes part in making HTML. A change in any other one keeps the stored HTML.
SOURCES = ("syntax", "html", "slugs.py")
LIBRARIES = ("markdown-it-py", "mdit-py-plugins", "nh3", "pygments", "math-core", "anyascii")
ANCHOR = re.compile(r"""</?a\b(?:"[^"]*"|[^">])*>""")


class SafeHTML(str):
    """Holds HTML that came through the sanitiser; Django's templates print it as it is."""

    __slots__ = ()

    def __html__(self) -> SafeHTML:
        return self


def place(stored: str, base: str) -> SafeHTML:
    """Returns stored HTML whose links and forms lead to the addresses under ``base`` (``/modules/slug/``)."""
    address = html.escape(base)
    placed = stored.replace(f'href="{SECTION}', f'href="{address}').replace(
        f'action="{SECTION}', f'action="{address}'
    )
    return SafeHTML(placed)


def without_links(stored: str) -> str:
    """Returns stored HTML with each link replaced by its words, for places where a press has another effect."""
    return ANCHOR.sub("", stored)


def version_of(root: Path) -> str:
    """Returns a fingerprint of the code under ``root`` that makes HTML, and of the libraries that it uses.

    ``root`` is the folder of ``modules.document`` or a copy of it.
    """
    digest = hashlib.sha256()
    for source in SOURCES:
        path = root / source
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    for name in LIBRARIES:
        digest.update(version(name).encode())
    return digest.hexdigest()[:32]


VERSION = version_of(Path(__file__).parent.parent)
