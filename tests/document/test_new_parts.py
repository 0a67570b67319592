"""Tests where the editor puts a new section and a new question."""

import pytest

from modules.document.new_parts import NewPart, new_question, new_section
from modules.document.syntax.parser import parse_document
from modules.document.syntax.source import split_lines

LESSON = """\
# Rem

## Rem cakram

Teks.

```sh
## bukan bagian
```

## Rem karet

Teks.

## Kuis akhir

### Satu?

- [x] Ya
- [ ] Tidak

### Dua?

- [x] Ya
- [ ] Tidak
"""
POOLED = """\
# Rem

## Kuis akhir

### Umum {draw=1}

#### Satu?

- [=] ya

### Dua?

- [=] ya

## Penutup

Teks.
"""


def put(text: str, part: NewPart) -> str:
    lines = split_lines(text)
    return "".join([*lines[: part.line - 1], part.text, *lines[part.line - 1 :]])


def sections(text: str) -> list[str]:
    return [section.title for section in parse_document(text).sections]


def questions(text: str) -> list[str]:
    quiz = parse_document(text).quiz
    return [question.title for question in quiz.questions] if quiz else []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (1, ["Judul bagian", "Rem cakram", "Rem karet"]),
        (8, ["Rem cakram", "Judul bagian", "Rem karet"]),
        (13, ["Rem cakram", "Rem karet", "Judul bagian"]),
        (20, ["Rem cakram", "Rem karet", "Judul bagian"]),
        (999, ["Rem cakram", "Rem karet", "Judul bagian"]),
    ],
    ids=["introduction", "code", "last", "quiz", "beyond"],
)
def test_new_section_follows_section_of_caret(line, expected):
    text = put(LESSON, new_section(parse_document(LESSON), line, "id"))
    assert (sections(text), questions(text)) == (expected, ["Satu?", "Dua?"])


NEW = "Tulis pertanyaannya di sini"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (1, ["Satu?", "Dua?", NEW]),
        (15, [NEW, "Satu?", "Dua?"]),
        (19, ["Satu?", NEW, "Dua?"]),
        (26, ["Satu?", "Dua?", NEW]),
    ],
    ids=["outside", "heading", "first", "last"],
)
def test_new_question_follows_question_of_caret(line, expected):
    text = put(LESSON, new_question(parse_document(LESSON), line, "id"))
    assert questions(text) == expected
    assert parse_document(text).errors == ()


def test_new_question_in_pool_has_its_level():
    text = put(POOLED, new_question(parse_document(POOLED), 9, "id"))
    (pool,) = parse_document(text).quiz.pools
    assert (questions(text), pool.size) == (["Satu?", NEW, "Dua?"], 2)
    at_end = put(POOLED, new_question(parse_document(POOLED), 1, "id"))
    assert (questions(at_end), sections(at_end)) == (["Satu?", "Dua?", NEW], ["Penutup"])


@pytest.mark.parametrize(
    "text", ["", "Hanya teks.", "# Judul\n\nPengantar.\n", "# Satu\n\nA\n\n# Dua\n\nB\n", "Satu\n----\n\nA\n"]
)
def test_text_without_quiz_gets_sections_and_quiz(text):
    before = len(parse_document(text).sections) if text else 0
    with_section = put(text and text + "\n", new_section(parse_document(text), 1, "id"))
    whole = put(with_section + "\n", new_question(parse_document(with_section), 1, "id"))
    document = parse_document(whole)
    assert document.errors == ()
    assert (questions(whole), "Judul bagian" in sections(whole)) == ([NEW], True)
    assert len(document.sections) >= before


def test_new_question_explains_section_that_no_question_explains():
    text = LESSON.replace("- [ ] Tidak\n", "- [ ] Tidak\n\n> Baca [Rem cakram](#rem-cakram).\n")
    part = new_question(parse_document(text), 1, "id")
    lines = part.text.splitlines()
    assert lines[-1] == "> Jelaskan mengapa jawaban itu benar. Baca lagi [Rem karet](#rem-karet)."
    assert lines[-3] == "- [x] Jawaban yang benar"  # the third question has it in the third place


def test_new_parts_speak_language_of_document():
    english = parse_document("---\nlanguage: en\n---\n\n# Brakes\n")
    assert new_section(english, 1, "id").title == "Title of the section"
    assert "## Final quiz" in new_question(english, 1, "id").text
    assert new_section(parse_document("# Rem\n"), 1, "en").title == "Title of the section"
