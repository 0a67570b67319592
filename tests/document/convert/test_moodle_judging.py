"""Tests that capitals and units come in from Moodle XML as they are judged there, and go out again."""

import pytest

from modules.document.convert.export_moodle_xml import export_moodle_xml
from modules.document.convert.foreign_file import read_foreign_file
from modules.document.syntax.parser import Document, parse_document

NUMBER = """\
<question type="numerical"><name><text>N</text></name><questiontext format="html"><text>Berapa?</text></questiontext>
<answer fraction="100"><text>5000</text><tolerance>10</tolerance></answer>{units}</question>"""
WORD = """\
<question type="shortanswer"><name><text>K</text></name><questiontext format="html"><text>Apa?</text></questiontext>
<usecase>{usecase}</usecase><answer fraction="100"><text>{answer}</text></answer></question>"""
METER = "<unit><multiplier>1</multiplier><unit_name>m</unit_name></unit>"
KILOMETER = "<unit><multiplier>0.001</multiplier><unit_name>km</unit_name></unit>"


def read(question: str) -> tuple[str, list[str]]:
    """Returns the question in our notation and the codes of what is lost."""
    file = read_foreign_file(f"<quiz>{question}</quiz>".encode(), "kuis.xml")
    text = file.draft.text
    assert parse_document(text).errors == ()
    lines = [line for line in text.splitlines() if line.startswith(("### ", "- [="))]
    return "\n".join(lines), [problem.code for problem in file.draft.losses]


@pytest.mark.parametrize(
    ("usecase", "answer", "heading"),
    [("1", "NaCl", "### Apa? {case}"), ("0", "NaCl", "### Apa?"), ("1", "12", "### Apa?")],
)
def test_capitals_count_as_they_do_there(usecase, answer, heading):
    text, losses = read(WORD.format(usecase=usecase, answer=answer))
    assert text == f"{heading}\n- [=] {answer}"
    assert losses == []


@pytest.mark.parametrize(
    ("units", "lines"),
    [
        (f"<units>{METER}</units>", ["### Berapa? {unit=optional}", "- [=] 5000 m ± 10"]),
        (
            f"<units>{METER}</units><unitgradingtype>1</unitgradingtype>",
            ["### Berapa? {unit=required}", "- [=] 5000 m ± 10"],
        ),
        (
            f"<units>{METER}{KILOMETER}</units><unitgradingtype>0</unitgradingtype>",
            ["### Berapa? {unit=required}", "- [=] 5000 ± 10", "- [=] 5000 m ± 10", "- [=] 5 km ± 0.01"],
        ),
        (
            f"<units>{METER.replace('>m<', '>Rp<')}</units><unitsleft>1</unitsleft>",
            ["### Berapa? {unit=optional}", "- [=] Rp 5000 ± 10"],
        ),
        (f"<units>{METER}</units><showunits>3</showunits>", ["### Berapa?", "- [=] 5000 ± 10"]),
    ],
)
def test_units_become_ours(units, lines):
    text, losses = read(NUMBER.format(units=units))
    assert text.splitlines() == lines
    assert losses == []


def test_unit_that_is_no_unit_is_lost_and_named():
    text, losses = read(NUMBER.format(units=f"<units>{METER.replace('>m<', '>10<')}</units>"))
    assert text == "### Berapa?\n- [=] 5000 ± 10"
    assert losses == ["lost-unit"]


@pytest.mark.parametrize(
    "question",
    [
        "### Apa? {case}\n\n- [=] NaCl\n- [=] KCl\n",
        "### Jauh? {unit=required}\n\n- [=] 5 km\n",
        "### Jauh? {unit=optional}\n\n- [=] 5 km ± 0.5\n",
        "### Harga? {unit=optional}\n\n- [=] Rp 1500\n",
    ],
)
def test_capitals_and_units_go_out_and_come_in_again(question):
    document = parse_document(f"# T\n\n## A\n\nIsi.\n\n## Kuis\n\n{question}")
    exported = export_moodle_xml(document, {})
    assert not [problem for problem in exported.problems if problem.code.endswith("judging")]
    again = parse_document(read_foreign_file(exported.content, "kuis.xml").draft.text)
    assert keys(again) == keys(document)


def keys(document: Document) -> list[tuple]:
    return [
        (
            answer.value,
            answer.tolerance or "0",
            answer.unit,
            answer.needs_unit,
            answer.unit_first,
            answer.case,
        )
        for question in document.quiz.questions
        for answer in question.answers
    ]
