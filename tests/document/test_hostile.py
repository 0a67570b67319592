"""Hostile texts neither hold the process, nor fill its memory, nor get past the sanitiser."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.document import one_page
from modules.document.html.maths import mathml
from modules.document.syntax import parser

pytestmark = pytest.mark.slow

LARGE = 100_000  # characters; work that grows with their square does not end in time


def quick(text: str) -> parser.Document:
    """Returns the document after a process of its own has parsed it in less than 30 seconds."""
    code = "import sys; from modules.document.syntax import parser; t = sys.stdin.read(); assert parser.parse_document(t).text == t"
    subprocess.run([sys.executable, "-c", code], input=text.encode(), check=True, timeout=30)
    return parser.parse_document(text)


@pytest.mark.parametrize(
    "text",
    [
        "# a" + " " * LARGE + "b",
        "## a " + "{a " * (LARGE // 3),
        "![" * 20_000,
        "![](a b " * (LARGE // 8),
        "![](data:image/png;base64,A" * (LARGE // 27),
        "http:" * (LARGE // 5),
        "mailto:" * (LARGE // 7),
        "xmpp:a@b/" * (LARGE // 9),
        "|a|\n|-|\n\n" * (LARGE // 9),
        "$x$ " * (LARGE // 4),
        "".join(f"[^{number}]" for number in range(5_000))
        + "\n\n"
        + "".join(f"[^{number}]: x\n\n" for number in range(5_000)),
        "# T\n\n## Kuis\n\n" + "### Q\n\n- [ ] a\n- [x] b\n\n> why\n\n" * 2_000,
        "# T\n\n## Kuis\n\n### P {draw=1}\n\n" + "kata\n\n" * (LARGE // 6) + "#### Q\n\n- [=] 1\n\n" * 2_000,
        "# T\n\n## A\n\n### G {.check}\n\n" + "#### Q\n\n- [ ] a\n- [x] b\n\n> why\n\n" * 2_000,
        "# T\n\n## A {points=1e999999999}\n\n## Kuis\n\n### Q {points=1e999999999}\n\n- [x] a\n- [ ] b\n",
        "---\ntitle: 0x" + "f" * 15_000 + "\n? 0x" + "f" * 3_000 + "\n: 1\n---\n# T\n",
        "<!--\n" * (LARGE // 5),
        "[^a]: b\n\n" + "[^" * LARGE,
        "[a](http://[x)\n\n<http://[::1>\n",
    ],
    ids=lambda text: text[:12],
)
def test_time_grows_in_proportion_to_the_text(text):
    quick(text)


@pytest.mark.parametrize(
    "opening", ["(", "[", r"\{", r"\langle", r"\bigl|", r"\lVert ", "⟨", r"\\(", "{(}(", r"\not("]
)
def test_formula_with_unclosed_brackets_is_refused(opening):
    assert mathml(opening * 40, block=False) is None


@pytest.mark.parametrize(
    "formula", ["f(x) = [0, 1)", r"\{(a, b) : a \in [0, 1)\}", "(" * 30 + "x" + ")" * 30]
)
def test_formula_with_brackets_is_rendered(formula):
    assert mathml(formula, block=False).startswith("<math")


@pytest.mark.parametrize(
    "formula", ["{" * 400, "x" * 1_600, r"\newcommand{\a}{\a\a}\a", r"\href{javascript:x}{y}"]
)
def test_formula_past_the_bounds_is_refused(formula):
    assert mathml(formula, block=True) is None


def test_link_used_thousands_of_times_stays_within_bounds():
    text = "# T\n\n## A\n\n" + "[a] " * 20_000 + "\n\n## B\n\nText.\n\n[a]: http://x/" + "y" * 7_900 + "\n"
    document = parser.parse_document(text, is_limited=False)

    assert [problem.code for problem in document.errors] == ["output"]
    assert sum(len(section.html) for section in document.sections) <= 20 * len(text) + 2_000_000


def test_table_with_too_many_empty_cells_stays_text():
    page = one_page.render("|a" * 300 + "\n" + "|-" * 300 + "\n" + "|b\n" * 200)

    assert "<table" not in page
    assert "|a|a" in page


def test_table_of_long_titles_stays_within_bounds():
    text = "|" + ("x" * 120 + "|") * 100 + "\n" + "|-" * 100 + "|\n" + ("|a" * 100 + "|\n") * 400

    document = parser.parse_document(text, answerable=False, is_limited=False)
    assert [problem.code for problem in document.errors] in ([], ["output"])
    assert len(one_page.show(document)) <= 20 * len(text) + 2_000_000


MARKED = st.lists(
    st.sampled_from(
        [
            "- [x] right", "- [ ] wrong", "- [ ] wrong\n  > SECRET", "- [x] right\n\n  > SECRET\n", "- [=] SECRET",
            "> SECRET", "> [!TIP]\n> SECRET", "- [=] a\n  > SECRET", "> - [x] SECRET", "1. [x] right", "* [X] right", "Text.", "```\n## code\n```", "#### Deep",
            "| a |\n| - |", "<!-- SECRET -->", "[a](#a)", "![a](b.png)", "<b>", "$x$", "",
        ]
    ),
    max_size=12,
).map("\n\n".join)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(MARKED)
def test_secrets_of_a_question_are_never_rendered(body):
    text = f"# T\n\n## A\n\nText.\n\n## Kuis\n\n### Q\n\n- [ ] first\n\n{body}\n"
    page = one_page.render(text)

    assert "SECRET" not in page
    assert "first" in page or "[=]" in body


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | MARKED)
def test_render_never_raises(text):
    assert isinstance(one_page.render(text), str)


def test_document_needs_no_django():
    code = (
        "import sys, pkgutil, importlib, modules.document as d\n"
        "[importlib.import_module(m.name) for m in pkgutil.walk_packages(d.__path__, 'modules.document.')]\n"
        "sys.exit(', '.join(n for n in sys.modules if n.partition('.')[0] == 'django') or 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
