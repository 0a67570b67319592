"""Shows all questions of a quiz in one table: judged from 15 attempts on, and as counts before."""

import pytest

from modules.models import Module
from modules.quizzes.check_counts import keep_first_try
from tests.cast import NOON, PLANETS, READABLE, a_module, squeezed
from tests.classes.rooms import a_class, assign
from tests.insights.test_quiz_items import RIGHT, RIVAL, WEAK, takers

pytestmark = pytest.mark.django_db


@pytest.fixture
def module(instructor):
    module = a_module()
    Module.objects.filter(pk=module.pk).update(owner=instructor)
    return module


@pytest.fixture
def page(signed_in, instructor, module):
    browser = signed_in(instructor)
    browser.cookies["language"] = "en"

    def page(query: str = "") -> str:
        answer = browser.get(f"/admin/modules/module/{module.pk}/questions/{query}")
        assert answer.status_code == 200
        return squeezed(answer.content.decode())

    return page


def test_large_class_sees_shares_and_the_doubtful_key(page, module):
    takers(module, *[WEAK] * 8, *[RIVAL] * 12)

    html = page()
    assert (
        "Of the 12 attempts that did best on the other questions, 12 chose “Mars” and 0 the key (20 attempts)."
        in html
    )
    assert "22 to 61 %, n = 20" in html
    assert html.count('<svg class="interval"') == 4
    assert html.index("Planet terbesar?") < html.index("Planet keempat?")
    assert "Only the first submitted attempt of each one counts." in html


def test_small_class_sees_counts_and_why(page, module):
    takers(module, WEAK, *[RIVAL] * 2)

    html = page()
    assert "Too early to judge questions: 3 learners so far" in html
    assert "From 15 first attempts on" in html
    assert "1 of 3 right" in html
    assert "interval" not in html
    assert "Tells apart" not in html


def test_tables_are_taken_as_files(signed_in, instructor, page, module):
    takers(module, *[WEAK] * 8, *[RIVAL] * 12)

    for name in ("figures", "typed"):
        for form in ("csv", "xlsx", "ods"):
            address = f"/admin/modules/module/{module.pk}/results/{name}.{form}"
            assert f'href="{address}"' in page()
            assert "attachment" in signed_in(instructor).get(address)["Content-Disposition"]


def test_class_of_another_instructor_is_not_taken(page, module, administrator):
    learner, *_others = takers(module, RIGHT)
    study_class = a_class(by=administrator, members=[learner])
    assign(study_class, module)

    assert "results/figures.csv" not in page(f"?class={study_class.pk}")


def test_class_is_chosen_by_address(page, module):
    learner, *_others = takers(module, RIGHT, WEAK, WEAK)
    study_class = a_class(members=[learner])
    assign(study_class, module)

    assert "1 of 1 right" in page(f"?class={study_class.pk}")
    assert "of 3 right" in page("?class=wrong")


def test_row_leads_to_the_question_and_its_section(page, module):
    question = module.active_quiz.questions.get(place=module.active_quiz.questions.active()[0].place)

    html = page()
    assert f'href="/admin/modules/module/questions/{question.pk}/"' in html
    assert f'href="/preview/modules/{module.slug}/planet-luar/"' in html


def test_module_and_results_lead_to_the_table(signed_in, instructor, module):
    takers(module, RIGHT)
    address = f'href="/admin/modules/module/{module.pk}/questions/"'
    browser = signed_in(instructor)

    for start in (
        f"/admin/modules/module/{module.pk}/change/",
        f"/admin/modules/module/{module.pk}/results/",
    ):
        assert address in browser.get(start).content.decode()


def test_checks_in_the_text_are_shown_as_counts(page, module):
    text = PLANETS.replace("Merkurius, Venus, Bumi, Mars.\n", "Empat.\n\n### Berapa? {.check}\n\n- [=] 4\n")
    a_module(text)
    section = module.sections.get(identity="planet-dalam")
    learner, *_others = takers(module, RIGHT)
    keep_first_try(learner, section, section.checks[0], ["4"], now=NOON)

    html = page()
    assert f'href="/preview/modules/{module.slug}/planet-dalam/#s-berapa"' in html
    assert 'data-label="Tried">1<' in html
    assert 'data-label="Right at once">1<' in html


def test_module_with_checks_and_no_quiz_has_their_table(page, module):
    a_module(
        READABLE.replace("Merkurius, Venus, Bumi, Mars.\n", "Empat.\n\n### Berapa? {.check}\n\n- [=] 4\n")
    )

    assert "Checks in the text" in page()


def test_module_without_a_quiz_has_no_table(signed_in, administrator):
    module = a_module(READABLE)
    browser = signed_in(administrator)

    assert browser.get(f"/admin/modules/module/{module.pk}/questions/").status_code == 404
    assert "/questions/" not in browser.get(f"/admin/modules/module/{module.pk}/results/").content.decode()
