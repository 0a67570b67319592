"""A small library of modules, which the tests of the search load and publish."""

from pathlib import Path

from modules.models import Module
from tests.cast import a_module

FOLDER = Path(__file__).parent / "texts"


def load_library() -> dict[str, Module]:
    """Returns the modules of the library by their slugs."""
    return {file.stem: a_module(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.md"))}
