"""Converters never raise, end in time on hostile texts, and never lose a question of our own notation."""

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modules.document import one_page
from modules.document.convert.document import convert
from modules.document.convert.fences import unwrap
from modules.document.convert.recognise import recognise
from modules.document.syntax.parser import parse_document
from tests.document.convert.test_golden import GOLDEN

LARGE = 100_000  # characters; work that grows with their square does not end in time
SHAPES = [
    "# a" + " " * LARGE + "b",
    "## a " + "{a " * (LARGE // 3),
    "A. " * (LARGE // 3),
    "A. x\n" * (LARGE // 5),
    "A. x\nB. y\n" * (LARGE // 10),
    "1. Apa?\n   A. x\n   B. y\n\n   Jawaban: A\n\n" * (LARGE // 40),
    "Apa?\n- [ ] x\n- [x] y\n\n" * (LARGE // 24),
    "# a\n" * (LARGE // 4),
    "## Kuis\n\n### Apa?\n\n- ( ) x\n- (x) y\n\n" * (LARGE // 40),
    "Kunci\n\n1. A\n" * (LARGE // 12),
    "Kunci: " + "1. A " * (LARGE // 5),
    "|" * LARGE,
    "| 1 | A |\n" * (LARGE // 10),
    "Jawaban: " + "A, " * (LARGE // 3),
    "1. Apa?\nA. x\nB. y\nJawaban: " + "A dan " * (LARGE // 6),
    "<details>\n" * (LARGE // 10),
    "1. Apa?\nA. x\nB. y\n" + "<details>\n\n" * (LARGE // 11),
    "<quiz>\n" * (LARGE // 7),
    "<quiz>\nApa [[x]]?\n</quiz>\n" * (LARGE // 26),
    "[[x]]\n" * (LARGE // 6) + "[(x)] a\n",
    "Apa?\n[( )] a\n[(x)] b\n***\n" * (LARGE // 24),
    "# --question--\n" * (LARGE // 15),
    "## --text--\na\n## --distractors--\n" + "b\n---\n" * (LARGE // 6) + "## --answer--\nc\n",
    "```\n" * (LARGE // 4),
    "<!--\n" * (LARGE // 5),
    "A. **" + "* " * (LARGE // 2) + "\nB. x ✅\n",
    "Apa?\nA. " + "(benar" * (LARGE // 6) + "\nB. x ✅\n",
    "**" * (LARGE // 2) + "\n- [x] a\n- [ ] b\n",
    "soal " * (LARGE // 5) + "?\n- [x] a\n- [ ] b\n",
    "- " * (LARGE // 2) + "\n[x] a\n",
    "#" + "a\n#" * (LARGE // 3),
    ("Apa?\n- a" + " " * 5_000 + "b\n- c ✅\n") * (LARGE // 5_000),
    "Apa?\n" + "- [x] a\n\n```\nkode\n\nkode\n```\n\n" * (LARGE // 34),
    "Apa?\n- [ ] b\n- [x] a\n\n```\n" + "\n\nkode" * (LARGE // 6),
    "- a ✅\n" * (LARGE // 6),
    "Apa?\n\n" + "- a\n  - [x] b\n" * (LARGE // 14),
]
PIECES = [
    "Apa?", "**Apa?**", "1. Apa?", "2. Mana?", "**Soal 1.** Apa?", "## Kuis", "### Apa?", "# Air", "Kata.",
    "A. es", "B. uap", "   A. es", "   B. uap ✅", "(A) es", "(B) **uap**", "- A) es", "- B) uap", "a) ~~es~~",
    "- [ ] es", "- [x] uap", "- ( ) es", "- (x) uap", "– [x] uap", "☑ uap", "- [=] es", "-[x] es", "\\[x\\] es",
    "Jawaban: B", "Kunci: 1. B", "ANSWER: A", "### Kunci Jawaban", "1. B", "| No | Jawaban |", "| --- | --- |", "| 1 | B |",
    "1. rantai", "2. rem", "Kunci Jawaban", "<details>", "<summary>Jawaban</summary>", "</details>", "> sebab", "Pembahasan: sebab", "<quiz>", "</quiz>",
    "[[es]]", "[(x)] es", "[[ ]] es", "[[?]] petunjuk", "***", "---", "# --question--", "## --text--", "## --answers--",
    "## --distractors--", "## --answer--", "## --video-solution--", "```", "```markdown", "<!--", "-->", "", "", "",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("\n".join)


@pytest.mark.slow
@pytest.mark.parametrize("text", SHAPES, ids=lambda text: text[:16].replace("\n", " "))
def test_time_of_converting_grows_with_the_text(text):
    code = "import sys; from modules.document.convert.document import convert; convert(sys.stdin.read())"
    subprocess.run([sys.executable, "-c", code], input=text.encode(), check=True, timeout=30)


@settings(max_examples=200, deadline=None)
@given(TEXTS | st.text(max_size=200))
def test_converting_never_raises(text):
    converted = convert(text)

    assert all(problem.text() for problem in recognise(text).problems + converted.losses)
    assert converted.count == 0 or converted.text != text


@settings(max_examples=300, deadline=None, derandomize=True)
@example("Apa?\n[(x)] es\n```")
@given(TEXTS)
def test_converted_questions_are_read_by_the_parser(text):
    before, converted = parse_document(text).quiz, convert(text)
    document = parse_document(converted.text)
    questions = document.quiz.questions if document.quiz else ()

    assert len(questions) >= converted.count or "two-quizzes" in {problem.code for problem in document.errors}
    assert before is None or document.quiz is not None or unwrap(text)


def test_script_in_any_notation_stays_text():
    attack = "<img src=x onerror=alert(1)><script>alert(1)</script>[a](javascript:alert(1))"
    for path in GOLDEN.glob("*.md"):
        text = path.read_text(encoding="utf-8").replace("air", attack).replace("Uap", attack)
        page = one_page.render(convert(text).text)

        assert not any(sign in page for sign in ("<script", "<img", 'javascript:alert(1)"', 'onerror="'))


def test_key_of_words_without_questions_above_is_left_alone():
    text = "# M\n\nTeks.\n\n### Kunci Jawaban\n\n1. Rantai\n2. Rem\n"

    assert convert(text).text == text
