"""A table with columns for question, choices and key becomes questions, from a CSV file or a spreadsheet."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from modules.document.convert.spreadsheets import read_spreadsheet
from modules.document.convert.tables import is_table, read_csv
from modules.document.convert.writing import ForeignChoice, ForeignQuestion

HEAD = "Soal;A;B;C;Kunci;Pembahasan;Poin"


def codes(quiz):
    return [(problem.code, problem.line) for problem in quiz.problems]


def right(question):
    return [choice.text for choice in question.choices if choice.is_right]


def workbook(*rows, title="Soal"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_columns_become_a_question():
    quiz = read_csv(f"{HEAD}\nAlat apa?;Sabun;Lap kering;;B;Lihat rem.;2\n".encode())

    assert quiz.questions == (
        ForeignQuestion(
            "Alat apa?",
            choices=(ForeignChoice("Sabun"), ForeignChoice("Lap kering", True)),
            explanation="Lihat rem.",
            points=2,
        ),
    )
    assert codes(quiz) == []


@pytest.mark.parametrize(
    ("key", "choices"),
    [
        ("B", ["Lap"]),
        ("b.", ["Lap"]),
        ("2", ["Lap"]),
        ("Lap", ["Lap"]),
        ("A, C", ["Sabun", "Oli"]),
        ("AC", ["Sabun", "Oli"]),
        ("a dan c", ["Sabun", "Oli"]),
        ("Sabun; Oli", ["Sabun", "Oli"]),
        ("Z", []),
        ("Sepeda", []),
    ],
)
def test_key_names_letters_numbers_or_texts(key, choices):
    quiz = read_csv(
        f'question,choice 1,choice 2,choice 3,correct answer\nApa?,Sabun,Lap,Oli,"{key}"\n'.encode()
    )

    assert right(quiz.questions[0]) == choices
    assert codes(quiz) == ([] if choices else [("lost-key", 2)])


@pytest.mark.parametrize(
    "rows",
    [
        [
            [
                "Question - max 120 characters",
                "Answer 1 - max 75 characters",
                "Answer 2 - max 75 characters",
                "Time limit (sec)",
                "Correct answer(s) - choose at least one",
            ],
            ["Alat apa?", "Sabun", "Lap", 30, 2],
        ],
        [
            ["Question Text", "Question Type", "Option 1", "Option 2", "Correct Answer", "Time in seconds"],
            ["Alat apa?", "Multiple Choice", "Sabun", "Lap", 2, 30],
        ],
        [["Question", "Option A", "Option B", "Correct Option"], ["Alat apa?", "Sabun", "Lap", "B"]],
    ],
    ids=["Kahoot", "Quizizz", "others"],
)
def test_templates_of_quiz_games_are_read(rows):
    quiz = read_spreadsheet(workbook(["Quiz template"], [], *rows))

    assert quiz.questions == (
        ForeignQuestion("Alat apa?", choices=(ForeignChoice("Sabun"), ForeignChoice("Lap", True))),
    )


def test_choices_in_one_cell():
    quiz = read_csv(b'Pertanyaan,Pilihan,Jawaban\nApa?,"A. Sabun\nB. Lap\nC. Oli",B\nLagi?,satu; dua,dua\n')

    assert [right(question) for question in quiz.questions] == [["Lap"], ["dua"]]


def test_question_without_choices_is_typed():
    quiz = read_csv("Soal\tKunci\nBerapa?\t219,9 ± 0.2\nSiapa?\tRina | Rini\n".encode())

    assert [(question.kind, question.answers) for question in quiz.questions] == [
        ("numerical", ("219.9 ± 0.2",)),
        ("short", ("Rina", "Rini")),
    ]


def test_markup_in_cells_is_plain():
    quiz = read_csv(b"Soal,A,B,Kunci\n# *Apa* <b>?,[x] $a$,- b,A\n")
    (question,) = quiz.questions

    assert question.title == "\\# \\*Apa\\* \\<b>?"
    assert [choice.text for choice in question.choices] == ["\\[x\\] \\$a\\$", "\\- b"]


def test_rows_without_key_or_question_are_named():
    quiz = read_csv(b"Soal,A,B,Kunci\n,a,b,A\n\nApa?,a,b,\n")

    assert len(quiz.questions) == 1
    assert codes(quiz) == [("lost-rows", 2), ("lost-no-key", 4)]


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"Soal\nApa?\n", "Soal,Kunci".encode("utf-16-be")[:-1]]
)
def test_table_without_columns_is_refused(content):
    quiz = read_csv(content)

    assert quiz.questions == ()
    assert [problem.severity for problem in quiz.problems] == (["error"] if b"Soal,K" not in content else [])


def test_table_is_recognised():
    assert is_table(f"Judul\n{HEAD}\nx")
    assert not is_table("# Modul\n\nTeks, dan teks.")


def test_spreadsheet_keeps_numbers_and_texts():
    quiz = read_spreadsheet(
        workbook(
            ["Kuis sepeda"],
            HEAD.split(";"),
            ["Berapa?", 1, 2.5, "tiga", "C", None, 2],
            ["Lagi?", None, None, None, 0.85],
        )
    )

    assert [choice.text for choice in quiz.questions[0].choices] == ["1", "2.5", "tiga"]
    assert (quiz.questions[0].points, quiz.questions[1].answers) == (2, ("0.85",))
    assert quiz.problems == ()


def test_further_sheet_with_questions_is_named():
    book = Workbook()
    book.active.append(["catatan"])
    for name in ("Satu", "Dua"):
        sheet = book.create_sheet(name)
        sheet.append(["Soal", "Kunci"])
        sheet.append([f"{name}?", "ya"])
    content = io.BytesIO()
    book.save(content)
    quiz = read_spreadsheet(content.getvalue())

    assert [question.title for question in quiz.questions] == ["Satu?"]
    assert codes(quiz) == [("lost-sheets", 0)]


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from(["Soal", "Kunci", "A", "B", ",", ";", "\n", '"', "1", "AB", "±"]), max_size=60
    ).map("".join)
)
def test_reading_never_raises(text):
    read_csv(text.encode(errors="replace"))
    is_table(text)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=300))
def test_spreadsheet_never_raises(content):
    assert [problem.severity for problem in read_spreadsheet(content).problems] == ["error"]
    assert [problem.severity for problem in read_spreadsheet(b"PK\3\4" + content).problems] == ["error"]


def test_columns_with_remarks_are_found():
    head = "Question #,Question Text,Answer 1,Answer 2 (Optional),Time (sec),Correct Answer(s) (Only include Answer #)"
    quiz = read_csv(f"{head}\n1,Apa yang berputar?,Sadel,Rantai,20,2\n".encode())

    (question,) = quiz.questions
    assert (question.title, quiz.problems) == ("Apa yang berputar?", ())
    assert right(question) == ["Rantai"]


def test_true_or_false_without_choices_has_two():
    quiz = read_csv(b"Type,Question,CorrectAnswer,Choice1,Choice2\nTF,Rantai berputar?,True,,\n")

    assert [(choice.text, choice.is_right) for choice in quiz.questions[0].choices] == [
        ("True", True),
        ("False", False),
    ]
