"""The work of parsing and showing a text grows like the text, for every shape that hostile texts have."""

import os
import sys
from collections.abc import Callable

import pytest

from modules.document import one_page
from modules.document.syntax.parser import parse_document
from tests.document.shapes import SHAPES, write

SMALL, TIMES = 2_500, 3  # longer than a formula or an address may be
# Times the growth of the text. Work that grows with the square of a text grows 3 times as fast as the text here.
MOST_GROWTH = 1.35
# A run of `make test` takes every fourth shape; `make test-all` takes all.
SAMPLE = 1 if os.environ.get("TEST_ALL") else 4
UNAVOIDABLE = 4_000  # calls for a document of any size; shapes that need fewer say nothing about growth


def calls_of(work: Callable[[], object]) -> int:
    """Counts the functions that are called, of Python and of C."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def calls_for(text: str) -> int:
    return calls_of(lambda: one_page.show(parse_document(text, answerable=False)))


# The budget for HTML bounds these: a long footnote is shown in each section that mentions it.
BOUNDED = {"fn-big"}


@pytest.mark.slow
@pytest.mark.parametrize("shape", [name for name in SHAPES if name not in BOUNDED][::SAMPLE])
def test_work_grows_like_the_text(shape):
    small, large = write(shape, SMALL), write(shape, SMALL * TIMES)
    calls_for(small)  # the first time fills caches
    least = max(UNAVOIDABLE, calls_for(small))

    assert calls_for(large) <= MOST_GROWTH * least * max(1, len(large) / len(small)), shape


def test_work_that_grows_with_the_square_is_noticed():
    def look_back(text: str) -> None:
        for place in range(len(text)):
            [ord(sign) for sign in text[:place]]

    assert calls_of(lambda: look_back("a" * 100 * TIMES)) > MOST_GROWTH * TIMES * calls_of(
        lambda: look_back("a" * 100)
    )


def test_shapes_have_the_size_that_is_asked():
    for name in SHAPES:
        assert 0.3 * 20_000 <= len(write(name, 20_000)) <= 1.7 * 20_000, name
