"""Tests that CHANGELOG.md has the form of Keep a Changelog and names the version of the project."""

import re
import tomllib
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
VERSION = re.compile(r"## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})")


def test_versions_are_dated_and_the_newest_comes_first():
    headings = [line for line in TEXT.splitlines() if line.startswith("## ") and line != "## [Unreleased]"]
    versions = [match.groups() for heading in headings if (match := VERSION.fullmatch(heading))]
    assert len(versions) == len(headings)
    order = [(date.fromisoformat(day), tuple(map(int, version.split(".")))) for version, day in versions]
    assert order == sorted(order, reverse=True)


def test_changes_are_grouped_by_kind():
    groups = re.findall(r"^### (.*)", TEXT, re.MULTILINE)
    assert set(groups) <= set(KINDS)
    for version in TEXT.split("\n## ")[1:]:
        kinds = re.findall(r"^### (.*)", version, re.MULTILINE)
        assert kinds == [kind for kind in KINDS if kind in kinds]


def test_version_of_the_project_is_listed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"## [{project['version']}]" in TEXT
