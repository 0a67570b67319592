"""The work of each converter grows like the text, for every shape that hostile texts have, and ends at a deadline."""

from contextlib import suppress

import pytest

from modules.document.answer_key.separate import separate
from modules.document.convert import recognise
from modules.document.convert.document import convert
from modules.document.convert.from_html import markdown_of_html
from modules.document.convert.gift import is_gift, read_gift
from modules.document.convert.quiz_draft import quiz_draft
from modules.document.convert.tables import read_csv
from modules.document.deadline import Deadline, TooSlow
from modules.document.problems import DocumentError
from modules.document.syntax.parser import parse_document
from tests.document.shapes import SHAPES, write
from tests.document.test_work import MOST_GROWTH, SAMPLE, SMALL, TIMES, UNAVOIDABLE, calls_of


def separate_or_refuse(text):
    with suppress(DocumentError):
        separate(text)


CONVERTERS = {
    "notations": convert,
    "gift": lambda text: is_gift(text) or quiz_draft(read_gift(text)),
    "html": markdown_of_html,
    "csv": lambda text: read_csv(text.encode("utf-8", "replace")),
    "two files": separate_or_refuse,
}
STEPS = {"two files": 8}  # it parses and renders a text five times, so fewer shapes have to do in a usual run


@pytest.mark.slow
@pytest.mark.parametrize("converter", CONVERTERS)
def test_work_of_a_converter_grows_like_the_text(converter):
    work = CONVERTERS[converter]
    for shape in list(SHAPES)[:: SAMPLE * (STEPS.get(converter, 1) if SAMPLE > 1 else 1)]:
        small, large = write(shape, SMALL), write(shape, SMALL * TIMES)
        work(small)  # the first time fills caches
        recognise._recognise.cache_clear()
        least = max(UNAVOIDABLE, calls_of(lambda text=small: work(text)))
        growth = calls_of(lambda text=large: work(text)) / least
        assert growth <= MOST_GROWTH * max(1, len(large) / len(small)), shape


class Late(Deadline):
    """Ends after a number of looks, whatever the time."""

    def __init__(self, looks):
        super().__init__(0, clock=lambda: 0)
        self.looks = looks

    def check(self):
        self.looks -= 1
        if self.looks < 0:
            raise TooSlow


@pytest.mark.parametrize("shape", ["questions-same", "newlines", "tasks", "headings"])
def test_search_looks_at_the_clock_often(shape):
    text = write(shape, 20_000)

    with pytest.raises(TooSlow):
        recognise.recognise(text, Late(text.count("\n") // 10))
    with pytest.raises(TooSlow):
        convert(text, deadline=Late(text.count("\n") // 10))


def test_text_that_takes_too_long_gets_a_warning_and_is_asked_about(monkeypatch):
    monkeypatch.setattr(recognise, "Deadline", lambda _seconds: Late(0))
    document = recognise.with_warnings(
        parse_document("# T\n\n1. Apa?\n\nA. a\nB. b\n\nJawaban: A (lambat)\n")
    )

    assert [problem.code for problem in document.warnings] == ["not-searched"]
