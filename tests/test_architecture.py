"""ARCHITECTURE.md names files and functions that exist, and the code keeps the sizes that it promises."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
STEPS = re.findall(r"`([\w./-]+\.(?:py|js)):([\w.]+)`", TEXT)
SOURCES = sorted(
    path
    for root in ("modules", "platform")
    for path in (ROOT / root).rglob("*.py")
    if "migrations" not in path.parts
)
LONGEST_FILE, LONGEST_FUNCTION = 450, 40  # lines


@pytest.mark.parametrize(("file", "name"), STEPS)
def test_step_of_a_walk_exists(file: str, name: str):
    source = (ROOT / file).read_text(encoding="utf-8")
    assert all(re.search(rf"\b(?:def|class|function) {part}\b", source) for part in name.split("."))


@pytest.mark.parametrize("walk", re.findall(r"\*\*(An? .*?|A .*?)\*\*\n\n(.*?)\n\n", TEXT, re.S))
def test_walk_has_at_most_twelve_steps(walk: tuple[str, str]):
    assert 4 <= len(walk[1].splitlines()) <= 12


def test_named_files_exist():
    named = set(
        re.findall(r"`((?:modules|platform|templates|static|bench|tests|locale)/[\w./-]+\.\w+)", TEXT)
    )
    assert [file for file in sorted(named) if not (ROOT / file).exists()] == []


def test_layout_is_explained_on_the_first_page():
    assert TEXT.split("```")[1].strip().count("\n") < 40


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short(path: Path):
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= LONGEST_FILE
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION] == []
