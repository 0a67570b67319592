"""Shows the overview of a module: findings for many learners, counts alone for few, and how old the figures are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from modules.insights import question_figures, reading_figures
from modules.models import Enrolment, Module, StoredFigures
from tests.cast import READABLE, a_module, run_tasks, squeezed
from tests.classes.rooms import a_class, assign
from tests.insights.overview_cast import RIGHT, WRONG, quiz_takers, sixteen_learners

pytestmark = pytest.mark.django_db

RIVAL = ["Mars", ["Saturnus", "Uranus"], "Mars", "8"]


@pytest.fixture
def module(instructor):
    module = a_module()
    Module.objects.filter(pk=module.pk).update(owner=instructor)
    return module


@pytest.fixture
def browser(signed_in, instructor):
    browser = signed_in(instructor)
    browser.cookies["language"] = "en"
    return browser


@pytest.fixture
def page(browser, module):
    def page(query: str = "", name: str = "overview") -> str:
        answer = browser.get(f"/admin/modules/module/{module.pk}/{name}/{query}")
        assert answer.status_code == 200
        return squeezed(answer.content.decode())

    return page


def test_many_learners_show_where_people_stop(page, module):
    sixteen_learners(module)
    Enrolment.objects.update(last_seen_at="2026-01-01T00:00Z")
    html = page()
    assert "Most stop reading at “Planet dalam”: 6 of 15 have read no further" in html
    assert html.count('<svg class="hbar reading"') == 4
    assert "2 attempts not passed (0, 0)" in html
    assert "12 learners need help" in html


def test_few_learners_show_counts_and_no_finding(page, module):
    quiz_takers(module, RIGHT, WRONG)
    html = page()
    assert "2 learners have begun. That is too few to say where people stop" in html
    assert "2 learners have taken the quiz. That is too few to judge questions." in html
    assert "With fewer than 15 grades, the picture is mostly chance." in html
    assert "Most stop" not in html
    assert "%" not in html.split("<main")[1].split("</main>")[0]


def test_doubtful_key_leads_to_the_question_and_its_text(page, module):
    quiz_takers(module, *[RIVAL] * 12, *[WRONG] * 8)
    question = module.active_quiz.questions.active()[0]
    html = page()
    assert "The key may be wrong." in html
    assert f'href="/admin/modules/module/questions/{question.pk}/"' in html
    assert f'href="/admin/modules/module/parts/question/{question.pk}/"' in html


def test_section_leads_to_its_questions_alone(page, module):
    quiz_takers(module, RIGHT)
    assert f'href="/admin/modules/module/{module.pk}/questions/?section=planet-luar"' in page()
    html = page("?section=planet-luar", "questions")
    assert "Only the questions that link to “Planet luar”." in html
    assert "Planet terbesar?" in html
    assert "Jumlah planet?" not in html


def test_wrong_days_get_a_sentence_and_count_everybody(page, module):
    quiz_takers(module, RIGHT, WRONG)
    html = page("?since=2026-13-01")
    assert "Write the day with year, month and day, such as 2026-11-24." in html
    assert "so all days are counted below" in html
    assert "The last day comes before the first one." in page("?since=2026-02-01&until=2026-01-01")
    assert "2 of 2" not in page("?since=2030-01-01")


def test_choice_stays_in_the_links_to_other_pages(page, module, instructor):
    study_class = a_class(by=instructor, members=quiz_takers(module, RIGHT))
    assign(study_class, module)
    html = page(f"?class={study_class.pk}&since=2026-01-01")
    query = f"?class={study_class.pk}&amp;since=2026-01-01"
    for name in ("results", "questions"):
        assert f'href="/admin/modules/module/{module.pk}/{name}/{query}"' in html
    assert f'/results/{query}&amp;state=done"' in html


def test_list_counts_the_same_learners(browser, module, instructor):
    quiz_takers(module, RIGHT, WRONG)
    address = f"/admin/modules/module/{module.pk}/results/"
    assert browser.get(f"{address}?since=2020-01-01").context["results"].learners == 2
    assert browser.get(f"{address}?until=2020-01-01").context["results"].learners == 0


def test_large_module_waits_and_then_says_its_time(page, module, monkeypatch):
    quiz_takers(module, RIGHT, WRONG)
    for source in (question_figures, reading_figures):
        monkeypatch.setattr(source, "MOST_AT_ONCE", 0)
    assert page().count('data-look-again="3"') == 2
    assert 'data-look-again="3"' in page("", "questions")
    run_tasks()
    html = page()
    assert "data-look-again" not in html
    assert html.count("As of ") == 2
    assert "being counted again" not in html
    quiz_takers(module, RIGHT, prefix="u")
    assert page().count("so this is being counted again") == 2
    assert StoredFigures.objects.count() == 2


def test_queries_stay_the_same_for_more_learners(browser, module):
    address = f"/admin/modules/module/{module.pk}/overview/"

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        return len(captured)

    quiz_takers(module, RIGHT, WRONG)
    browser.get(address)
    before = queries()
    quiz_takers(module, *[RIGHT] * 8, *[WRONG] * 8, prefix="u")
    assert queries() == before


def test_module_without_a_quiz_has_its_path_alone(browser, instructor, learner):
    module = a_module(READABLE)
    Module.objects.filter(pk=module.pk).update(owner=instructor)
    assert "Nobody has begun this module yet" in squeezed(
        browser.get(f"/admin/modules/module/{module.pk}/overview/").content.decode()
    )
    sixteen = [learner]
    for each in sixteen:
        module.enrolments.create(learner=each, begun_at="2026-11-24T12:00Z", last_seen_at="2026-11-24T12:00Z")
    html = squeezed(browser.get(f"/admin/modules/module/{module.pk}/overview/").content.decode())
    assert "Took the final quiz" not in html
    assert "1 learner has begun." in html
