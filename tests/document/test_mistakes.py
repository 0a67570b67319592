"""Each mistake is named by its line: what an author does wrong, and what is said."""

import pytest

from modules.document import reader

QUIZ = "# T\n\n## A\n\nText.\n\n## Kuis\n\n"
RIGHT = "- [ ] a\n- [x] b\n\n> Why: [A](#a).\n"
MISTAKES = {
    "no right answer": (QUIZ + "### Q\n\n- [ ] a\n- [ ] b\n", ("no-right-answer", 9)),
    "fewer than two choices": (QUIZ + "### Q\n\n- [x] a\n", ("few-choices", 9)),
    "the same choice twice": (QUIZ + "### Q\n\n- [x] a\n- [ ] a\n", ("same-choice", 12)),
    "marks that mix": (QUIZ + "### Q\n\n- [x] a\n- [=] b\n", ("mixed-marks", 9)),
    "no prompt": (QUIZ + "###\n\n" + RIGHT, ("no-prompt", 9)),
    "two quizzes": (QUIZ + "### Q\n\n" + RIGHT + "\n## Quiz\n\n### P\n\n" + RIGHT, ("two-quizzes", 16)),
    "front matter that is not YAML": ("---\ntitle: [a\n---\n# T\n", ("front-matter", 3)),
    "a pass mark above 100": ("---\npass_mark: 101\n---\n# T\n", ("front-matter-value", 2)),
    "an unknown key": ("---\ncolour: red\n---\n# T\n", ("unknown-key", 2)),
    "an image that is missing": ("# T\n\n![a](b.png)\n", ("missing-image", 3)),
    "a section without content": ("# T\n\n## A\n\n## B\n\nText.\n", ("empty-section", 3)),
    "a repeated heading": ("# T\n\n## A\n\nx\n\n## A\n\ny\n", ("repeated-heading", 7)),
    "one right choice of several": (QUIZ + "### Q {multiple}\n\n" + RIGHT, ("one-right", 9)),
    "a section that no question asks about": (QUIZ + "### Q\n\n- [ ] a\n- [x] b\n", ("unasked", 3)),
    "no explanation": (QUIZ + "### Q\n\n- [ ] a\n- [x] b\n", ("no-explanation", 9)),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_by_its_line(name):
    text, expected = MISTAKES[name]
    document = reader.read(text)

    assert expected in {(problem.code, problem.line) for problem in document.problems}
    assert all(problem.text() for problem in document.problems)
    assert document.text == text


def test_a_quiz_without_mistakes_has_no_problems():
    assert reader.read(QUIZ + "### Q\n\n" + RIGHT).problems == ()
