"""A quiz as teachers lay it out in Word becomes our quiz: its numbers, letters, columns and marks are read."""

import pytest

from modules.document.convert.document import convert
from modules.document.convert.docx import read_docx
from modules.document.syntax.parser import parse_document
from tests.document.convert.word import docx, paragraph, picture, run, table

FIRST, SECOND = "Apa yang membersihkan rantai?", "Kapan oli diberikan?"
CHOICES = {FIRST: ["Sabun", "Lap", "Bensin", "Pasir"], SECOND: ["Dini", "Tadi", "Nanti", "Usai"]}
READ = [(FIRST, CHOICES[FIRST], ["Lap"]), (SECOND, CHOICES[SECOND], ["Nanti"])]
KEY = [paragraph("Kunci Jawaban", style="Heading1"), table(["No", "Kunci"], ["1", "B"], ["2", "C"])]
TITLE = [paragraph("Rantai", style="Title"), paragraph("Soal Latihan", style="Heading1")]
TAB, BREAK = "<w:r><w:tab/></w:r>", "<w:r><w:br/></w:r>"
COLOUR, MARKER = '<w:color w:val="FF0000"/>', '<w:highlight w:val="yellow"/>'
UNDERLINE = '<w:u w:val="single"/>'


def automatic(question, choices, _number):
    return [paragraph(question, number=3), *(paragraph(choice, number=3, level=1) for choice in choices)]


def letters_of_their_own(question, choices, number):
    return [paragraph(question, number=3), *(paragraph(choice, number=3 + number) for choice in choices)]


def with_picture(question, choices, _number):
    return [
        paragraph(question, number=3),
        paragraph(picture("img1", "Rantai")),
        *(paragraph(choice, number=3, level=1) for choice in choices),
    ]


def breaks(question, choices, _number):
    letters = (
        piece
        for letter, choice in zip("ABCD", choices, strict=True)
        for piece in (BREAK, f"{letter}. {choice}")
    )
    return [paragraph(question, *letters, number=3)]


def tabs(question, choices, number):
    a, b, c, d = choices
    return [
        paragraph(f"{number}. {question}"),
        paragraph(TAB, f"a. {a}", TAB, TAB, f"c. {c}"),
        paragraph(TAB, f"b. {b}", TAB, f"d. {d}"),
    ]


def rows_of_two(question, choices, number):
    a, b, c, d = choices
    return [
        paragraph(f"{number}. {question}"),
        paragraph(f"A. {a}", TAB, f"B. {b}"),
        paragraph(f"C. {c}", TAB, f"D. {d}"),
    ]


def cells(question, choices, number):
    a, b, c, d = choices
    return [paragraph(f"{number}. {question}"), table([f"A. {a}", f"C. {c}"], [f"B. {b}", f"D. {d}"])]


def cells_with_letters_apart(question, choices, _number):
    a, b, c, d = choices
    return [paragraph(question, number=3), table(["A.", a, "C.", c], ["B.", b, "D.", d])]


def cells_with_automatic_letters(question, choices, _number):
    made = [paragraph(choice, number=3, level=1) for choice in choices]
    return [paragraph(question, number=3), table([made[0] + made[1], made[2] + made[3]])]


def one_line(question, choices, number):
    letters = " ".join(f"{letter}. {choice}" for letter, choice in zip("ABCD", choices, strict=True))
    return [paragraph(f"{number}. {question} {letters}")]


def converted(blocks):
    word = read_docx(docx(*TITLE, *blocks, media=[("a.png", b"\x89PNG")]))
    return word, convert(word.draft.text)


def read(made):
    quiz = parse_document(made.text).quiz
    assert quiz is not None
    return [
        (
            question.title,
            [choice.text for choice in question.choices],
            [c.text for c in question.choices if c.right],
        )
        for question in quiz.questions
    ]


@pytest.mark.parametrize(
    "layout",
    [
        automatic,
        letters_of_their_own,
        with_picture,
        breaks,
        tabs,
        rows_of_two,
        cells,
        cells_with_letters_apart,
        cells_with_automatic_letters,
        one_line,
    ],
)
def test_layout_of_word_with_a_key_becomes_a_quiz(layout):
    questions = [
        layout(question, choices, number)
        for number, (question, choices) in enumerate(CHOICES.items(), start=1)
    ]
    _word, made = converted([*questions[0], *questions[1], *KEY])

    assert read(made) == READ
    assert made.losses == ()


@pytest.mark.parametrize("look", [COLOUR, MARKER, UNDERLINE, "<w:b/>"])
def test_right_choice_that_is_set_apart_is_the_key(look):
    blocks = []
    for question, choices, right in READ:
        blocks.append(paragraph(question, number=3))
        blocks += [
            paragraph(run(choice, look if choice in right else ""), number=3, level=1) for choice in choices
        ]
    word, made = converted(blocks)

    assert read(made) == READ
    named = [str(problem) for problem in word.draft.losses]
    sentence = "Choices that colour, a marker or underlining sets apart: 2. Each counts as a right answer. Check that it is one."
    assert named == ([] if look == "<w:b/>" else [sentence])


def test_colours_that_contradict_each_other_are_no_key():
    looks = [COLOUR, UNDERLINE, "", ""]
    choices = zip(CHOICES[FIRST], looks, strict=True)
    blocks = [paragraph(run(choice, look), number=3, level=1) for choice, look in choices]
    word, made = converted([paragraph(FIRST, number=3), *blocks])

    assert "✅" not in word.draft.text
    assert [str(problem) for problem in word.draft.losses] == [
        "Coloured or marked words: 1. A key that only a colour shows is lost."
    ]
    assert read(made) == [(FIRST, CHOICES[FIRST], [])]


def test_grey_words_of_a_web_page_are_no_key():
    looks = ["", '<w:color w:val="333333"/>', "", ""]
    choices = zip(CHOICES[FIRST], looks, strict=True)
    blocks = [paragraph(run(choice, look), number=3, level=1) for choice, look in choices]
    _word, made = converted([paragraph(FIRST, number=3), *blocks])

    assert read(made) == [(FIRST, CHOICES[FIRST], [])]


def test_lists_that_ask_nothing_stay_lists():
    text = read_docx(
        docx(
            paragraph("Alat", style="Heading1"),
            paragraph("Untuk rantai", number=3),
            paragraph("Lap", number=3, level=1),
            paragraph("Sikat", number=3, level=1),
            paragraph("Untuk ban", number=3),
        )
    ).draft.text

    assert text == "# Alat\n\n1. Untuk rantai\n   1. Lap\n   2. Sikat\n2. Untuk ban\n"


def test_list_around_a_picture_keeps_its_numbers():
    text = read_docx(
        docx(
            paragraph("Lepas rantai.", number=3),
            paragraph(picture("img1", "Rantai")),
            paragraph("Lap rantai.", number=3),
            media=[("a.png", b"\x89PNG")],
        )
    ).draft.text

    assert text == "1\\. Lepas rantai.\n\n![Rantai](images/gambar-1.png)\n\n2\\. Lap rantai.\n"
