"""Tests that long rows of combining marks cost no more than other text."""

import unicodedata

import pytest

from modules.document.marks import MOST_MARKS, normal_form
from modules.document.slugs import linkable, slugify

ROW = "\u0345" * 50_000 + "\u0334" * 50_000


@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFD", "NFKD"])
def test_usual_text_has_its_usual_form(form):
    text = "Cafe\u0301 ﬁsika Việt " * 50
    assert normal_form(form, text) == unicodedata.normalize(form, text)


def test_long_row_is_cut():
    assert len(normal_form("NFD", f"a{ROW}b")) == 2 + MOST_MARKS


def test_name_of_a_heading_reads_no_long_row():
    assert (slugify(f"air {ROW}"), linkable(f"air {ROW}")[:3]) == ("air", "air")
