"""Recognises a text that is no Markdown at all, by the ending of its file or by what it says."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

from modules.document.convert.tables import is_table
from modules.document.problems import DocumentError
from modules.document.syntax import source

ENDINGS = {
    ".adoc": "AsciiDoc",
    ".css": "CSS",
    ".csv": "CSV",
    ".gift": "GIFT",
    ".htm": "HTML",
    ".html": "HTML",
    ".ipynb": "Jupyter Notebook",
    ".js": "JavaScript",
    ".json": "JSON",
    ".jsonl": "JSON",
    ".opml": "OPML",
    ".org": "Org mode",
    ".py": "Python",
    ".rst": "reStructuredText",
    ".srt": "SubRip",
    ".svg": "SVG",
    ".tex": "LaTeX",
    ".toml": "TOML",
    ".tsv": "TSV",
    ".vtt": "WebVTT",
    ".xhtml": "HTML",
    ".xml": "XML",
    ".yaml": "YAML",
    ".yml": "YAML",
}
# The beginning of a text that nobody writes in Markdown.
BEGINNINGS = (
    (re.compile(r"<!doctype\s+html\b|<html[\s>]", re.IGNORECASE), "HTML"),
    (re.compile(r"<svg[\s>]", re.IGNORECASE), "SVG"),
    (re.compile(r"<\?xml\s"), "XML"),
    (re.compile(r"(?:%[^\n]*\n|\s)*\\documentclass\b"), "LaTeX"),
)
HEAD = 4_000  # characters in which the beginning is looked for


def refuse_other_format(text: str, filename: str = "") -> None:
    """Raises :class:`DocumentError` for a text that is in another format than Markdown."""
    suffix = PurePosixPath(filename.replace("\\", "/")).suffix.lower()
    if name := ENDINGS.get(suffix) or _by_content(text):
        raise DocumentError((source.other_format(name),))


def _by_content(text: str) -> str:
    """Returns the name of the format that a text has for sure, or an empty text."""
    beginning = text.removeprefix(source.BOM).lstrip()[:HEAD]
    if name := next((name for pattern, name in BEGINNINGS if pattern.match(beginning)), ""):
        return name
    if beginning[:1] in ("{", "["):
        return _json(text)
    is_markdown = "|" in beginning or "\n#" in f"\n{text}"  # a table of Markdown, or a heading
    return "CSV" if not is_markdown and is_table(text) else ""


def _json(text: str) -> str:
    try:
        value = json.loads(text.removeprefix(source.BOM))
    except (ValueError, RecursionError):
        return ""
    if isinstance(value, dict):
        return "Jupyter Notebook" if isinstance(value.get("cells"), list) else "JSON"
    return "JSON" if isinstance(value, list) and any(isinstance(item, dict) for item in value) else ""
