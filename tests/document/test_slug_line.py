"""Tests that a slug is written into a front matter with the smallest edit."""

import pytest

from modules.document.problems import DocumentError
from modules.document.syntax.parser import parse_document
from modules.document.syntax.slug_line import with_slug

BODY = "# Tata surya\n\n## Planet\n\nDelapan.  \n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "---\nslug: surya-2\n---\n"),
        ("---\npass_mark: 60\n---\n", "---\npass_mark: 60\nslug: surya-2\n---\n"),
        ("---\nslug: surya # lama\nlanguage: id\n---\n", "---\nslug: surya-2 # lama\nlanguage: id\n---\n"),
        ('---\n"slug":  surya\n---\n\n', '---\n"slug":  surya-2\n---\n\n'),
        ("\n---\ntitle: Surya\n---\n", "\n---\ntitle: Surya\nslug: surya-2\n---\n"),
        ("\ufeff", "\ufeff---\nslug: surya-2\n---\n"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_slug_line_is_the_only_change(before, after, end):
    text = with_slug((before + BODY).replace("\n", end), "surya-2")
    assert text == (after + BODY).replace("\n", end)
    assert parse_document(text).slug == "surya-2"


@pytest.mark.parametrize("head", ["---\n{slug: surya}\n---\n"])
def test_unusual_front_matter_is_refused(head):
    with pytest.raises(DocumentError):
        with_slug(head + BODY, "surya-2")
