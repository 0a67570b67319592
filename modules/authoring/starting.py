"""Gives a new author something to start from: a short, whole module, and the guide that teaches the format."""

from __future__ import annotations

import re
from functools import cache
from itertools import count
from pathlib import Path

from modules.authoring import policy
from modules.document.syntax.parser import parse_document
from modules.models import Module

FOLDER = Path(__file__).resolve().parent.parent / "examples" / "start"
GUIDES = {"id": "menulis-modul", "en": "writing-a-module"}  # slugs of the guides that ship
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


def example(language: str) -> str:
    """Returns a short module in a language, under a title that no module has: loading it changes none."""
    text = _text(_known(language))
    titled = (TITLE.sub(rf"# \1 {number}", text, count=1) if number > 1 else text for number in count(1))
    return next(text for text in titled if policy.module_for_document(parse_document(text)) is None)


def guide(language: str) -> Module | None:
    """Returns the published guide in a language, or else in another one, if the site still has one."""
    guides = {module.slug: module for module in Module.objects.published().filter(slug__in=GUIDES.values())}
    return guides.get(GUIDES[_known(language)]) or next(iter(guides.values()), None)


def _known(language: str) -> str:
    return "en" if language.startswith("en") else "id"


@cache
def _text(language: str) -> str:
    return (FOLDER / f"{language}.md").read_text(encoding="utf-8")
