"""Titles show LaTeX as signs that a person reads, and leave everything else as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.document.html.latex_words import readable


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (r"Nilai \sin 30^\circ adalah?", "Nilai sin 30° adalah?"),
        (r"Hitung \frac{\sqrt{3}}{2} dan x^{2}", "Hitung √3/2 dan x²"),
        (r"\log_{10} 100", "log₁₀ 100"),
        (r"C:\Users\in", r"C:\Users\in"),
        ("x^2 + 1", "x^2 + 1"),
    ],
)
def test_title_is_readable(title, shown):
    assert readable(title) == shown


@given(st.text(st.sampled_from(list(r"\frac{}sqt^_ 1")), max_size=300))
def test_any_title_is_read(title):
    assert len(readable(title)) <= 3 * len(title)
