"""Stored HTML is rendered again after a change of the code that makes it, and after no other change."""

import shutil
from pathlib import Path

import pytest

from modules import document
from modules.document.html import render

PACKAGE = Path(document.__file__).parent


@pytest.fixture
def copy(tmp_path):
    """A copy of the package ``modules.document`` that a test may edit."""
    return Path(shutil.copytree(PACKAGE, tmp_path / "document"))


def edit(path):
    """Appends a comment to a file of Python code."""
    with path.open("a", encoding="utf-8") as file:
        file.write("# edited\n")


def test_copy_has_the_version_of_the_original(copy):
    assert render.version_of(copy) == render.VERSION


@pytest.mark.parametrize("path", sorted(path.name for path in (PACKAGE / "compare").glob("*.py")))
def test_edit_in_compare_keeps_the_version(copy, path):
    edit(copy / "compare" / path)

    assert render.version_of(copy) == render.VERSION


@pytest.mark.parametrize("path", ["html/markup.py", "html/words.py", "syntax/parser.py", "syntax/checks.py"])
def test_edit_in_html_or_syntax_changes_the_version(copy, path):
    edit(copy / path)

    assert render.version_of(copy) != render.VERSION


def test_edit_of_slugs_changes_the_version(copy):
    edit(copy / "slugs.py")

    assert render.version_of(copy) != render.VERSION


def test_edit_in_a_folder_of_syntax_changes_the_version(copy):
    folder = copy / "syntax" / "deeper"
    folder.mkdir()
    edit(folder / "new.py")

    assert render.version_of(copy) != render.VERSION


def test_another_release_of_a_library_changes_the_version(copy, monkeypatch):
    monkeypatch.setattr(render, "version", lambda name: "0.0" if name == "nh3" else "1.0")
    before = render.version_of(copy)
    monkeypatch.setattr(render, "version", lambda name: "1.0")

    assert render.version_of(copy) != before
