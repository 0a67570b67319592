"""Markup of other tools is read where that is safe, hides what is private, opens no hole, and is named once."""

import re

import pytest

from modules.document import one_page
from modules.document.html import tokens
from modules.document.problems import Problem, gathered
from modules.document.syntax.parser import parse_document


def section_of(text):
    """Returns the HTML of a section with this text, beside a section “Awan”."""
    return parse_document(f"# T\n\n## A\n\n{text}\n\n## Awan\n\nTeks.\n").sections[0].html


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://example.org",
        "vbscript:x",
        'Awan" onclick="x',
    ],
)
def test_link_in_double_brackets_never_leads_outside(target):
    html = section_of(f"[[{target}]] [[{target}|x]] [x][[{target}]] ![[{target}]]")

    assert re.findall(r"<[^>]*(?:href|src|onclick)=[^>]*>", html) == []


def test_link_in_double_brackets_in_an_explanation_is_named():
    text = "# T\n\n## Awan\n\nTeks.\n\n## Kuis akhir\n\n### Apa [[celah]]?\n\n- [x] a\n- [ ] b\n\n> Satu.\n> Lihat [[#Awan]].\n"
    named = [problem for problem in parse_document(text).problems if problem.code == "double-brackets"]

    assert [(problem.line, problem.params["link"]) for problem in named] == [(15, "[Awan](#awan)")]


def test_image_in_double_brackets_is_only_one_of_the_document():
    assert "<img" not in section_of("![[javascript:x.png]] ![[https://example.org/x.png]] ![[../../x.png]]")


@pytest.mark.parametrize(
    "text",
    [
        "%%RAHASIA%%", "a %%RAHASIA%% b", "%% RAHASIA\nRAHASIA %%", "%%\n\nRAHASIA\n\n%%", "a\n%%\nRAHASIA\n%%\nb", "> %%\n> RAHASIA\n> %%",
        "- a %%RAHASIA%%\n- %%\n  RAHASIA\n  %%", "| a |\n| - |\n| %%RAHASIA%% |", "%%RAHASIA%% %%RAHASIA%%", "**a %%RAHASIA%%**", "[a %%RAHASIA%%](#awan)",
    ],
)  # fmt: skip
def test_comment_is_never_shown(text):
    page = one_page.render(f"# T\n\n## A\n\n{text}\n\n## B %%RAHASIA%%\n\nb\n")

    assert "RAHASIA" not in page
    assert "%%" not in page


@pytest.mark.parametrize(
    "text", ["%%time\n\nTAMPAK\n\n%% a %%", "100%% a 50%% TAMPAK", "%%\n\nTAMPAK", "`%%`TAMPAK`%%`"]
)
def test_text_that_is_no_comment_is_shown(text):
    assert "TAMPAK" in section_of(text)


@pytest.mark.parametrize(
    "text",
    [r"`\(a^2\)`", r"\[x\]", r"\[sic\]", r"\(lihat atas\)", r"berkas\(i\)", r"\[a\_b\]\(c\)", r"- \(x\) a", r"- \[ \] a", r"\\(a^2\\)", r"\(1905\)", r"\[key=value\]"],
)  # fmt: skip
def test_brackets_with_backslashes_stay_text(text):
    assert "<math" not in section_of(text)


@pytest.mark.parametrize(
    "text",
    [r"\(a^2\)", r"\(\frac{1}{2}\)", r"\(F = ma\)", r"a \[x_1 + x_2\] b", "\\[\nx\n\\]", "a:\n\\[\nE = mc^2\n\\]\nb", "```math\nx\n```", "\\begin{align*}\nx &= 1\n\\end{align*}", "> \\[\n> x\n> \\]", "$`x`$"],
)  # fmt: skip
def test_formula_in_other_brackets_is_read(text):
    assert section_of(text).count("<math") == 1


def test_private_note_between_choices_leaves_the_question_whole():
    text = "# T\n\n## Kuis\n\n### Apa?\n\n- [x] a\n\n%% rahasia %%\n\n- [ ] b\n\n%%\nrahasia\n%%\n\n> sebab\n"
    document = parse_document(text)
    (question,) = document.quiz.questions

    assert (len(question.choices), document.problems) == (2, ())
    assert "rahasia" not in question.html + question.explanation


def test_call_out_after_choices_is_the_explanation():
    text = "# T\n\n## Kuis\n\n### Apa?\n\n- [x] a\n- [ ] b\n\n::: tip\nSEBAB\n:::\n"

    assert "SEBAB" in parse_document(text).quiz.questions[0].explanation
    assert "SEBAB" not in one_page.render(text)


def test_each_kind_is_named_once_with_its_count():
    text = "# T\n\n## A\n\n" + "{% include x %}\n\n<div>\n\n</div>\n\n![a](b.png){width=50%}\n\n" * 100
    told = [(problem.code, problem.text()) for problem in parse_document(text).problems]

    assert [code for code, _text in told] == ["other-tool", "html", "missing-image", "other-tool"]
    assert "(100 in all)" in told[0][1]
    assert told[1][1].endswith("Likewise on line 9, 15, 17, 23, 25, and 194 more.")


def test_problem_within_a_part_counts_from_its_first_line():
    problems = [
        Problem(line, "warning", "dead-link", "{href}.", {"href": href})
        for line, href in ((3, "a"), (12, "b"), (14, "a"))
    ]
    (problem,) = gathered(problems)

    assert problem.text() == "a. Likewise on line 12 (“b”), 14."
    inside = problem.within(range(11, 20))
    assert inside is not None
    assert (inside.line, inside.text()) == (2, "b. Likewise on line 4.")
    assert problem.within(range(20, 30)) is None


def test_lines_of_other_tools_keep_the_lines_of_the_text():
    text = "# T\n\n%%\nx\n%% a\n\n::: b\n\nc\n\n:::\n\n## D\n"

    assert [token.map for token in tokens.parse(text) if token.type == "heading_open"] == [[0, 1], [12, 13]]
