"""The parser and the renderer keep their promises for every text, however strange or hostile."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.document import one_page
from modules.document.compare import passages
from modules.document.syntax import parser

GOLDEN = Path(__file__).parent / "golden"
PIECES = st.sampled_from(
    ["# A", "## B {#b}", "### C", "## Kuis", "- [x] a", "- [ ] b", "- [=] 1", "> q", "---", "```", "|a|b|\n|-|-|",
     "\n", "\r\n", "\r", "\f", "\u2028", "\ufeff", "\0", "\ud800", "[^1]", "[^1]: n", "<b>", "<!--", "$x$", "é",
     "%%", "%% a %%", "[[A]]", "![[a.png|3]]", "==a==", "::: note", ":::", "::: x", "```{note}", "!!! note", "    a", r"\(x^2\)", r"\[", r"\]",
     r"\begin{align}", "> [!INFO]- t", "> ", "- "]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8) | st.just("\n\n"), max_size=30).map("".join))
def test_slices_of_any_text_join_to_the_text(text):
    assert parser.parse_document(text).text == text


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>/\"'= ab!-&;:[]()#`$*_\nscriptonstyle", max_size=80))
def test_no_text_becomes_script_or_style(text):
    page = one_page.render(text).lower()

    assert "<script" not in page
    assert " style=" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        "*" * 50_000,
        "> " * 5_000,
        "a](" * 20_000,
        "<!--" * 20_000,
        ":" * 100_000,
        "&" * 50_000,
        "![" * 400 + "a" + "](b)" * 400,
        "- " * 3_000 + "a",
        "[a]: http://x/" + "y" * 100_000 + "\n\n" + "[a] " * 2_000,
        ("|a" * 200 + "\n" + "|-" * 200 + "\n" + "|\n" * 300 + "\n") * 20,
        "---\n" + "[" * 15_000 + "\n---\n",
    ],
    ids=lambda text: text[:12],
)
@pytest.mark.usefixtures("stopped_if_it_hangs")
def test_hostile_text_is_rendered_within_bounds(text):
    document = parser.parse_document(text)

    assert document.text == text
    assert sum(len(section.html) for section in document.sections) <= 20 * len(text) + 2_000_000


def test_half_a_pair_of_utf_16_is_replaced():
    document = parser.parse_document("# A\n\n\ud800")

    assert document.text == "# A\n\n\ud800"
    assert document.sections[0].html == "<p>\ufffd</p>\n"


def test_formulas_carry_no_inline_style():
    page = one_page.render("$$\n\\begin{align}a&=b\\end{align}\n$$\n\n$\\color{red}x$\n")

    assert "<math>" in page
    assert " style=" not in page


def test_page_hides_keys_feedback_and_explanations():
    text = dedent("""\
        # T

        ## A

        Text.

        ## Kuis akhir

        ### Question one?

        - [ ] Shown wrong
          > HIDDEN-FEEDBACK
        - [x] Shown right

        > HIDDEN-EXPLANATION

        ### Question two?

        - [=] HIDDEN-KEY
        """)
    question, typed = parser.parse_document(text).quiz.questions
    page = one_page.render(text)

    assert "HIDDEN-FEEDBACK" in question.choices[0].feedback
    assert "HIDDEN-EXPLANATION" in question.explanation
    assert typed.answers[0].text == "HIDDEN-KEY"
    assert "Shown right" in page
    assert "HIDDEN" not in page
    assert "checked" not in page


def test_alert_after_choices_is_hidden():
    asked = dedent("""\
        ### Planet terbesar? CLASS

        > [!NOTE]
        > Shown before.

        - [ ] Mars
          > [!CAUTION]
          > HIDDEN-FEEDBACK
        - [x] Jupiter

        > [!TIP]
        > HIDDEN-EXPLANATION

        """)
    check, graded = asked.replace("CLASS", "{.check}"), asked.replace("CLASS", "")
    text = f"# T\n\n## A\n\n{check}## Kuis akhir\n\n{graded}"
    document = parser.parse_document(text)

    for question in (document.sections[0].checks[0], document.quiz.questions[0]):
        assert "HIDDEN-FEEDBACK" in question.choices[0].feedback
        assert "HIDDEN-EXPLANATION" in question.explanation
    changes = " ".join(passages.passages(document.sections[0].source))
    for page in (one_page.render(text), changes):
        assert "Shown before." in page
        assert "HIDDEN" not in page


def test_footnotes_on_a_page_have_unique_addresses():
    text = (GOLDEN / "constructs" / "footnotes-of-questions.md").read_text(encoding="utf-8")
    document = parser.parse_document(text)
    hidden = [
        part
        for question in document.quiz.questions
        for part in (question.explanation, *(choice.feedback for choice in question.choices))
    ]
    page = one_page.render(text) + "".join(hidden)
    names = re.findall(r' id="([^"]*)"', page)

    assert sorted(set(names)) == sorted(names)
    assert {name for name in re.findall(r'href="#([^"]*)"', page) if "fn" in name} <= set(names)


def test_footnotes_of_feedback_are_hidden_with_it():
    question = parser.parse_document(
        "# T\n\n## Kuis\n\n### Q[^h]\n\n- [x] a\n  > Ya.[^f]\n- [ ] b\n\n> Sebab.[^e]\n\n"
        "[^h]: SHOWN\n[^f]: HIDDEN-FEEDBACK\n[^e]: HIDDEN-EXPLANATION\n"
    ).quiz.questions[0]

    assert "SHOWN" in question.html
    assert "HIDDEN-FEEDBACK" in question.choices[0].feedback
    assert "HIDDEN-EXPLANATION" in question.explanation
    assert "HIDDEN" not in question.title_html + question.html + question.choices[0].html


@pytest.mark.parametrize(
    "value", ["!!int", "!!float", "!!bool x", "!!timestamp x", "!!binary é", "!!set x", "!!pairs x"]
)
def test_wrong_tag_in_front_matter_is_an_error(value):
    document = parser.parse_document(f"---\nwait: {value}\n---\n# A\n\nTeks.\n")

    assert [problem.code for problem in document.errors] in (["front-matter"], ["front-matter-value"])


def test_question_in_a_preview_cannot_be_answered():
    text = "# T\n\n## A\n\n### Apa? {.check}\n\n- [x] a\n- [ ] b\n\n### Berapa? {.check}\n\n- [=] 4\n\n## B\n\nb\n"
    page = one_page.render(text)
    fields = re.findall(r"<(?:input|button)[^>]*>", page)

    assert [field.count(" disabled") for field in fields] == [1] * 5
    assert ("<form" in page, " name=" in page) == (False, False)
    assert '<form class="check"' in parser.parse_document(text).sections[0].html
