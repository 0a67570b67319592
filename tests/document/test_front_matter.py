"""Front matter as people type it: texts stay what was typed, numbers are decimal, and each problem names its line."""

import pytest

from modules.document.syntax import parser


def read(matter: str, **named: str) -> parser.Document:
    return parser.parse_document(f"---\n{matter}\n---\n\n## Satu\n\nIsi.\n\n## Dua\n\nIsi.\n", **named)


@pytest.mark.parametrize("typed", ["1.10", "007", "12:30", "yes", "0x10", "1_000", "2027-03-01", "1e3"])
def test_a_title_is_what_was_typed(typed):
    document = read(f"title: {typed}")
    assert (document.title, document.problems) == (typed, ())


def test_no_is_a_language():
    assert read("language: no").language == "no"


def test_numbers_are_decimal():
    rules = read("pass_mark: 070\ntime_limit: +90").rules
    assert (rules.pass_mark, rules.time_limit) == (70, 90)


@pytest.mark.parametrize("typed", ["1:30", "0x10", "1_000", "1.5", "dua"])
def test_what_is_no_whole_number_is_refused(typed):
    (problem,) = read(f"title: A\ntime_limit: {typed}").errors
    assert (problem.line, problem.code) == (3, "front-matter-value")


def test_a_problem_names_the_line_of_its_own_key():
    (problem,) = read("summary: |\n  attempts: 3\nattempts: 0").errors
    assert problem.line == 4


@pytest.mark.parametrize(
    "moment", ["9999-12-31 23:59 Z", "0001-01-01", "9999-12-31 23:59 -12:00", "1970-12-31"]
)
@pytest.mark.parametrize("key", ["opens", "closes"])
def test_a_moment_that_no_clock_can_tell_is_refused(key, moment):
    (problem,) = read(f"{key}: {moment}").errors
    assert (problem.line, problem.code) == (2, "front-matter-value")


def test_untitled_document_is_named_after_its_file():
    assert read("summary: x", name="Merawat sepeda.md", title="Sepeda").title == "Merawat sepeda"
    assert read("summary: x", title="Versi 1.2").title == "Versi 1.2"
    assert read("summary: x").title == parser.UNTITLED
