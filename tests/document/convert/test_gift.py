"""GIFT is read as its documentation describes it: every kind of question, feedback, weights, formats and escapes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.document.convert.gift import is_gift, read_gift
from modules.document.convert.quiz_draft import quiz_draft
from modules.document.convert.writing import ForeignChoice, ForeignQuestion
from modules.document.syntax.parser import parse_document


def only(text, **options):
    quiz = read_gift(text, **options)
    (question,) = quiz.questions
    return question, [(problem.code, problem.line) for problem in quiz.problems]


def right(question):
    return [(choice.text, choice.is_right) for choice in question.choices]


def test_single_choice_with_name_and_feedback():
    text = "// tentang rantai\n::Soal 1:: Alat apa membersihkan rantai? {\n~Sabun # Basah.\n= Lap kering # Tepat. #### Baca lagi.\n}"
    question, losses = only(text)

    assert question == ForeignQuestion(
        "Alat apa membersihkan rantai?",
        choices=(ForeignChoice("Sabun", False, "Basah."), ForeignChoice("Lap kering", True, "Tepat.")),
        explanation="Baca lagi.",
    )
    assert losses == []


def test_choices_may_stand_in_one_line():
    question, losses = only("Ban lunak? {=Pompa~Lepas ~ Cat}")

    assert right(question) == [("Pompa", True), ("Lepas", False), ("Cat", False)]
    assert (question.kind, losses) == ("single", [])


def test_missing_word_leaves_a_gap():
    question, _losses = only("Rantai perlu {~air =minyak ~cat} supaya awet.")

    assert question.title == "Rantai perlu \\_\\_\\_\\_\\_ supaya awet."
    assert right(question) == [("air", False), ("minyak", True), ("cat", False)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Dua tambah dua adalah {=empat =4}.", r"Dua tambah dua adalah \_\_\_\_\_."),
        ("Berapa pi? {#3.14:0.01}.", "Berapa pi?"),
        ("{=Dua} tambah dua.", r"\_\_\_\_\_ tambah dua."),
        ("[markdown]Dua *kali* {=empat =4} lagi", r"Dua *kali* \_\_\_\_\_ lagi"),
    ],
)
def test_place_of_the_answers_is_a_gap(text, title):
    assert only(text)[0].title == title


@pytest.mark.parametrize("word", ["T", "TRUE", " true "])
def test_true_statement_becomes_two_choices(word):
    question, losses = only(f"Rem depan lebih kuat.{{{word}#Ingat lagi.#Tepat.}}")

    assert question.choices == (
        ForeignChoice("Benar", True, "Tepat."),
        ForeignChoice("Salah", False, "Ingat lagi."),
    )
    assert losses == []


def test_false_statement_in_english():
    question, _losses = only("A chain needs water.{F#It rusts.}", language="en")

    assert question.choices == (ForeignChoice("True", False, "It rusts."), ForeignChoice("False", True))


def test_short_answers_are_all_accepted():
    question, losses = only("Apa yang menghubungkan pedal dan roda? {=rantai =rantai sepeda}")

    assert (question.kind, question.answers, losses) == ("short", ("rantai", "rantai sepeda"), [])


def test_short_answer_with_partial_credit_is_named():
    question, losses = only("Siapa? {=Rina =%50%Rini}")

    assert (question.answers, losses) == (("Rina",), [("lost-weight", 1)])


@pytest.mark.parametrize(
    ("inside", "answers"),
    [
        ("#3.14:0.01", ("3.14 ± 0.01",)),
        ("#3,14", ("3.14",)),
        ("#1.5..2", ("1.75 ± 0.25",)),
        ("# 1822", ("1822",)),
        ("#=1822:0 =-5:2", ("1822", "-5 ± 2")),
        ("#=1e3:5", ("1e3 ± 5",)),
    ],
)
def test_numbers_and_ranges(inside, answers):
    question, losses = only(f"Berapa? {{{inside}}}")

    assert (question.kind, question.answers, losses) == ("numerical", answers, [])


def test_number_with_feedback_and_partial_credit_is_named():
    question, losses = only("Tahun berapa?{#=1822:0#Tepat =%50%1822:2#Hampir}")

    assert question.answers == ("1822",)
    assert losses == [("lost-answer-feedback", 1), ("lost-weight", 1)]


def test_weights_make_several_right_choices():
    question, losses = only("Pilih dua. {~%50%Rem ~%50%Kabel ~%-100%Bel}")

    assert (question.kind, losses) == ("multiple", [])
    assert right(question) == [("Rem", True), ("Kabel", True), ("Bel", False)]


@pytest.mark.parametrize("inside", ["~%70%a ~%30%b ~c", "=a ~%50%b ~c"])
def test_unequal_weights_are_named(inside):
    _question, losses = only(f"Pilih. {{{inside}}}")

    assert losses == [("lost-weight", 1)]


@pytest.mark.parametrize(
    "block", ["Tulis karangan. {}", "Pasangkan. {=a -> b =c -> d =e -> f}", "Hanya teks."]
)
def test_kind_that_a_quiz_lacks_is_named(block):
    quiz = read_gift(f"{block}\n\nBerapa? {{#1}}")

    assert len(quiz.questions) == 1
    assert [problem.code for problem in quiz.problems] == ["lost-kind"]


def test_escaped_signs_are_plain():
    question, _losses = only(r"Himpunan \{1, 2\} \~ a\=b\: baris\nkedua \# \\(x^2\\)? {=\=1 ~\#2 ~c\\d}")

    assert question.title == r"Himpunan {1, 2} ~ a=b: baris kedua # $x^2$?"
    assert [choice.text for choice in question.choices] == ["=1", "#2", r"c\\d"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("[html]<p>Apa <b>itu</b>?</p>", "Apa **itu**?"),
        ("[markdown]Apa *itu*?", "Apa *itu*?"),
        ("[plain]Apa *itu* <b>?", r"Apa \*itu\* \<b>?"),
        ("[moodle]Apa <i>itu</i>?", "Apa *itu*?"),
        ("Apa\nitu?", "Apa itu?"),
    ],
)
def test_format_of_a_text_is_read(text, title):
    question, _losses = only(f"{text} {{=a ~b}}")

    assert question.title == title


def test_answer_has_the_format_of_its_question_or_its_own():
    question, _losses = only("[markdown]Apa? {=*a* ~[html]<b>b</b>#[plain]*c*}")

    assert question.choices == (ForeignChoice("*a*", True), ForeignChoice("**b**", False, r"\*c\*"))


def test_categories_and_comments_are_no_questions():
    quiz = read_gift("$CATEGORY: $course$/top/Rem\n\n// {=a ~b}\n\n::Q:: Apa? {=a ~b}\n// akhir\n")

    assert [question.title for question in quiz.questions] == ["Apa?"]
    assert quiz.problems == ()


def test_blank_line_inside_braces_is_forgiven():
    quiz = read_gift("Apa? {\n=a\n\n~b\n}\n\nLagi? {T}")

    assert [question.title for question in quiz.questions] == ["Apa?", "Lagi?"]


def test_open_brace_costs_one_question_only():
    quiz = read_gift("Apa? {=a ~b\n\n::Dua:: Lagi? {=a ~b}")

    assert [question.title for question in quiz.questions] == ["Lagi?"]
    assert [(problem.code, problem.line) for problem in quiz.problems] == [("lost-broken", 1)]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("::S1:: Apa? {\n=a\n~b\n}", True),
        ("Apa? {T}\n\n$CATEGORY: x\n\nBerapa? {#2}", True),
        ("# Modul\n\nTeks {biasa} saja.\n\nf(x) = {x}", False),
        ("```css\na { color: red }\n```", False),
        ("", False),
    ],
)
def test_gift_is_recognised(text, answer):
    assert is_gift(text) is answer


def test_draft_is_read_by_the_parser():
    draft = quiz_draft(read_gift("Apa? {=a ~b}\n\nBerapa? {#1:0.5}\n\nSiapa? {=Rina}"), title="Sepeda")
    document = parse_document(draft.text)

    assert document.errors == ()
    assert (document.title, draft.count) == ("Sepeda", 3)
    assert [question.kind for question in document.quiz.questions] == ["single", "numerical", "short"]


PIECES = st.lists(
    st.sampled_from([*"{}=~#:\\%\n", "\n\n", "::", "->", "####", "[html]", "<b>", "//", "$CATEGORY:", "T", "%50%", "1..2", "a b"]),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | PIECES)
def test_reading_never_raises(text):
    is_gift(text)
    quiz = read_gift(text)
    document = parse_document(quiz_draft(quiz).text)

    if quiz.questions:
        assert document.quiz is not None
        assert len(document.quiz.questions) == len(quiz.questions)
