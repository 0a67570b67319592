"""A file that is no Markdown at all is refused with a sentence that names its format."""

import json

import pytest

from modules.authoring import uploads
from modules.document.problems import DocumentError

NOTEBOOK = json.dumps({"cells": [{"cell_type": "markdown", "source": ["# A"]}], "nbformat": 4})


def refused(text, filename):
    """Returns the format that the only problem of a file names, and whether it offers to make a draft."""
    with pytest.raises(DocumentError) as caught:
        uploads.open_upload(text.encode(), filename)
    (problem,) = caught.value.problems
    assert problem.code == "other-format"
    return problem.params["format"], "manage.py convert" in problem.text()


@pytest.mark.parametrize(
    ("text", "filename", "expected"),
    [
        ("soal,a,b,kunci\nApa?,x,y,A\n", "soal.csv", ("CSV", True)),
        ("soal;a;b;kunci\nApa?;x;y;A\n", "soal.md", ("CSV", True)),
        (NOTEBOOK, "nb.ipynb", ("Jupyter Notebook", False)),
        (NOTEBOOK, "nb.md", ("Jupyter Notebook", False)),
        ('{"soal": 1}', "a.json", ("JSON", False)),
        ('[{"soal": 1}]', "a.txt", ("JSON", False)),
        ("::a:: Apa? {=x ~y}\n", "soal.gift", ("GIFT", True)),
        ("soal:\n  - a\n", "quiz.YML", ("YAML", False)),
        ("<!DOCTYPE html>\n<p>a</p>\n", "a.md", ("HTML", False)),
        ("\ufeff\n<html lang='id'>", "a.markdown", ("HTML", False)),
        ("<p>a</p>", "a.htm", ("HTML", False)),
        ("% a\n\\documentclass{article}\n", "a.md", ("LaTeX", False)),
        ("<?xml version='1.0'?><a/>", "a.md", ("XML", True)),
        ("Judul\n=====\n", "a.rst", ("reStructuredText", False)),
        ("{\\rtf1 a}", "a.rtf", ("RTF", False)),
    ],
)
def test_other_format_is_named(text, filename, expected):
    assert refused(text, filename) == expected


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\nsoal,kunci\nApa?,x\n",
        "| Soal | Kunci |\n| --- | --- |\n| Apa? | A |\n",
        "[a](b)\n",
        "[1]\n",
        "{a}\n",
        "<details>\n</details>\n",
        "[" * 100_000,
        '{"a":' * 100_000,
        "```json\n{}\n```\n",
        "Catatan: satu\n",
    ],
    ids=lambda text: text[:12],
)
def test_markdown_is_taken(text):
    assert uploads.open_upload(text.encode(), "a.md").text == text
