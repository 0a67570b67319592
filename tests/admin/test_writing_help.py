"""Tests what the editor shows of how things are written: each pattern is read as its title says."""

import pytest

from modules.document.syntax.parser import parse_document
from modules.forms.writing_help import LINES, TITLES, patterns
from modules.models import Draft
from tests.cast import a_module

HEAD = {
    "id": "---\nlanguage: id\n---\n\n# Cabai\n\n## Menyiram\n\nTeks.\n\n## Kuis akhir\n\n",
    "en": "---\nlanguage: en\n---\n\n# Chillies\n\n## Watering\n\nText.\n\n## Final quiz\n\n",
}
KINDS = {
    "one": "single",
    "several": "multiple",
    "words": "short",
    "number": "numerical",
    "unit": "numerical",
}


@pytest.mark.parametrize("language", ["id", "en"])
def test_questions_are_of_the_kind_that_their_title_says(language):
    lines = LINES[language]
    questions = [f"{lines[name]}\n\n{lines['explanation']}\n" for name in KINDS]
    document = parse_document(HEAD[language] + "\n".join(questions))
    assert document.problems == ()
    assert [question.kind for question in document.quiz.questions] == list(KINDS.values())
    assert {answer.unit for question in document.quiz.questions[3:] for answer in question.answers} == {
        "°C",
        "gelas" if language == "id" else "glasses",
    }


@pytest.mark.parametrize("language", ["id", "en"])
def test_section_letters_and_picture_are_read(language):
    lines = LINES[language]
    document = parse_document(f"# T\n\n{lines['section']}\n\n{lines['letters']}\n\n{lines['picture']}\n")
    (section,) = document.sections
    assert [tag in section.html for tag in ("<strong>", "<em>", "<a ")] == [True, True, True]
    assert [problem.code for problem in document.problems if problem.code != "no-quiz"] == ["missing-image"]


@pytest.mark.django_db
def test_editor_shows_patterns_and_guide_on_all_its_pages(signed_in, instructor):
    guide = a_module("---\nslug: menulis-modul\n---\n\n# Panduan\n\nTeks.\n")
    browser = signed_in(instructor)
    browser.post("/admin/modules/module/load/example/")
    section = guide.sections.get()
    for address in (
        "/admin/modules/module/load/",
        f"/admin/modules/draft/{Draft.objects.get().pk}/change/",
        f"/admin/modules/module/parts/section/{section.pk}/",
    ):
        page = browser.get(address, follow=True).content.decode()
        assert "- [=] 0,5 gelas" in page, address
        assert page.count('href="/modules/menulis-modul/"') >= 1, address


def test_each_title_has_lines():
    assert {pattern.lines for pattern in patterns("id")} == set(LINES["id"].values())
    assert [len(lines) for lines in LINES.values()] == [len(TITLES)] * 2
