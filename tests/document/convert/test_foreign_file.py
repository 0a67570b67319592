"""A file of another program is recognised by its content, and a file of ours never is."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.document.convert.export_gift import export_gift
from modules.document.convert.export_moodle_xml import export_moodle_xml
from modules.document.convert.export_qti import export_qti
from modules.document.convert.foreign_file import read_foreign_file
from modules.document.syntax import archive
from modules.document.syntax.parser import parse_document
from tests.document.convert.round_trip import EVERY_KIND, parsed
from tests.document.convert.test_tables import workbook
from tests.document.convert.word import docx, paragraph

QUIZ = parsed(EVERY_KIND)
FILES = [
    ("GIFT", "kuis rem.gift.txt", export_gift(QUIZ).content),
    ("Moodle XML", "kuis_rem.xml", export_moodle_xml(QUIZ, {}).content),
    ("QTI 1.2", "kuis rem.zip", export_qti(QUIZ, {}).content),
    ("CSV", "kuis rem.csv", b"Soal;Kunci\nBerapa?;4\n"),
    ("Excel", "kuis rem.xlsx", workbook(["Soal", "Kunci"], ["Berapa?", 4])),
    ("Word", "kuis rem.docx", docx(paragraph("Rem", style="Heading1"), paragraph("Teks."))),
]


@pytest.mark.parametrize(("kind", "name", "content"), FILES, ids=[kind for kind, _name, _content in FILES])
def test_file_becomes_a_draft_without_errors(kind, name, content):
    file = read_foreign_file(content, name)

    assert file is not None
    assert file.kind == kind
    assert not [problem for problem in file.draft.losses if problem.severity == "error"]
    document = parse_document(file.draft.text)
    assert document.errors == ()
    assert document.quiz is not None or kind == "Word"


def test_questions_in_a_word_document_become_a_quiz():
    lines = ["1. Apa yang membersihkan rantai?", "A. Sabun", "B. Lap kering", "Jawaban: B"]
    file = read_foreign_file(
        docx(paragraph("Rantai", style="Heading1"), *map(paragraph, lines)), "rantai.docx"
    )
    quiz = parse_document(file.draft.text).quiz

    assert [[choice.text for choice in question.choices if choice.right] for question in quiz.questions] == [
        ["Lap kering"]
    ]
    assert (
        str(file.draft.losses[0])
        == "Questions that were recognised in the document: 1. Compare them with it."
    )


def test_name_of_the_file_is_the_title():
    file = read_foreign_file(b"Soal;Kunci\nBerapa?;4\n", "kuis_rem.csv")

    assert parse_document(file.draft.text).title == "kuis rem"


@pytest.mark.parametrize("path", sorted(Path("modules/examples").glob("*.md")), ids=lambda path: path.stem)
@pytest.mark.parametrize("name", ["", "modul.md", "modul.txt"])
def test_module_is_no_file_of_another_program(path, name):
    assert read_foreign_file(path.read_bytes(), name) is None


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"PK\3\4", b"%PDF-1.7", b"<html><p>a</p></html>", b"<?xml version='1.0'?><a/>"]
)
def test_other_files_are_left_to_others(content):
    assert read_foreign_file(content) is None


def test_archive_of_a_module_is_no_file_of_another_program():
    content = io.BytesIO()
    archive.pack(
        [
            ("a.md", b"# A\n"),
            ("word/document.xml", b"<a/>"),
            ("xl/workbook.xml", b"<a/>"),
            ("imsmanifest.xml", b"<a/>"),
        ],
        content,
    )

    assert read_foreign_file(content.getvalue(), "a.zip") is None


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from(["", "a.csv", "a.gift", "a.xml", "a.docx"]),
    st.sampled_from([content for _kind, _name, content in FILES]),
)
def test_reading_never_raises(noise, name, content):
    read_foreign_file(noise, name)
    read_foreign_file(content[: len(noise) * 20] + noise + content[len(noise) * 20 :], name)
