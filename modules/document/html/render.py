"""The one renderer: Markdown in, HTML that is safe out. Nothing else declares safe what an author wrote."""

from __future__ import annotations

import hashlib
import html
import re
from importlib.metadata import version
from pathlib import Path

from modules.document.html.markup import SECTION

LIBRARIES = ("markdown-it-py", "mdit-py-plugins", "nh3", "pygments", "math-core")
ANCHOR = re.compile(r"""</?a\b(?:"[^"]*"|[^">])*>""")


class SafeHTML(str):
    """HTML that came through the sanitiser; Django's templates print it as it is."""

    __slots__ = ()

    def __html__(self) -> SafeHTML:
        return self


def place(stored: str, base: str) -> SafeHTML:
    """Stored HTML on a page: links and forms lead to the addresses under ``base`` (``/modules/slug/``)."""
    address = html.escape(base)
    placed = stored.replace(f'href="{SECTION}', f'href="{address}').replace(
        f'action="{SECTION}', f'action="{address}'
    )
    return SafeHTML(placed)


def without_links(stored: str) -> str:
    """Stored HTML whose links are their words alone: where pressing on them does something else."""
    return ANCHOR.sub("", stored)


def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    for name in LIBRARIES:
        digest.update(version(name).encode())
    return digest.hexdigest()[:32]


VERSION = _version()
