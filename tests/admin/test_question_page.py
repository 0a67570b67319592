"""Opens one question: who chose what, what was typed, and the way to its key."""

from html import unescape

import pytest

from modules.models import Draft, Module, QuestionVersion
from tests.cast import a_module, squeezed
from tests.classes.rooms import a_class, assign
from tests.insights.test_opened_item import question, typed
from tests.insights.test_quiz_items import RIGHT, RIVAL, WEAK, takers

pytestmark = pytest.mark.django_db


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
    def page(number: int, query: str = "") -> str:
        answer = browser.get(f"/admin/modules/module/questions/{question(module, number).pk}/{query}")
        assert answer.status_code == 200
        return squeezed(unescape(answer.content.decode()))

    return page


def test_large_class_sees_a_picture_and_its_table(page, module):
    takers(module, *[WEAK] * 8, *[RIVAL] * 12)

    html = page(1)
    assert "20 learners. Only the first submitted attempt of each one counts." in html
    assert "12 chose “Mars” and 0 the key (20 attempts)." in html
    assert "A chosen instead: 0 %, –, 100 %, –; B key: 100 %, –, 0 %, –." in html
    assert '<polyline class="key"' in html
    assert '<table class="quarters">' in html
    assert "Mend the key" in html
    assert "Edit the question" not in html


def test_small_class_sees_counts_and_no_verdict(page, module):
    takers(module, WEAK, *[RIVAL] * 2)

    html = page(1)
    assert "Cannot tell yet: 3 learners so far" in html
    assert "1 of 3" in html
    assert "<polyline" not in html
    assert "The key may be wrong" not in html


def test_class_stays_chosen_on_the_way_back(page, module):
    learner, *_others = takers(module, RIGHT, WEAK)
    study_class = a_class(members=[learner])
    assign(study_class, module)

    html = page(1, f"?class={study_class.pk}")
    assert "1 learner. Only the first" in html
    assert f'href="/admin/modules/module/{module.pk}/questions/?class={study_class.pk}"' in html


def test_question_leads_to_its_sections_and_editors(page, module):
    section = module.sections.get(identity="planet-luar")

    html = page(1)
    assert f'href="/preview/modules/{module.slug}/planet-luar/"' in html
    assert f'href="/admin/modules/module/parts/section/{section.pk}/"' in html
    assert f'href="/admin/modules/module/parts/question/{question(module, 1).pk}/"' in html


def test_refused_answer_leads_to_a_proposed_key(browser, page, module):
    takers(module, *map(typed, ["Planet merah", "planet merah", "Mars"]))
    address = f"/admin/modules/module/parts/question/{question(module, 3).pk}/?accept=Planet%20merah"

    assert f'href="{address}"' in page(3)
    editor = squeezed(unescape(browser.get(address).content.decode()))
    assert "- [=] Mars - [=] Planet merah" in editor
    assert "not saved yet" in editor
    assert QuestionVersion.objects.count() == 4
    assert not Draft.objects.exists()


def test_saved_proposal_goes_on_to_the_plan(browser, module):
    takers(module, *map(typed, ["Planet merah", "Mars"]))
    row = question(module, 3)
    sent = {
        "source": row.source.replace("- [=] Mars\n", "- [=] Mars\n- [=] Planet merah\n"),
        "base_revision": module.current_id,
    }

    answer = browser.post(f"/admin/modules/module/parts/question/{row.pk}/?accept=Planet%20merah", sent)
    draft = Draft.objects.get()
    assert answer["Location"] == f"/admin/modules/draft/{draft.pk}/plan/"


def test_removed_question_leads_to_its_grades(browser, module):
    row = question(module, 1)
    type(row).objects.filter(pk=row.pk).update(archived_at="2026-11-24T12:00Z")

    answer = browser.get(f"/admin/modules/module/questions/{row.pk}/")
    assert answer["Location"] == f"/admin/modules/module/questions/{row.pk}/grades/"
