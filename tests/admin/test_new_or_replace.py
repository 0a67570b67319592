"""Tests that a document with the address of a module is loaded only after its author says what it is."""

import pytest

from modules.models import Draft, Module
from tests.admin.test_loading import choose_replacement, press, upload
from tests.admin.test_plan import plan_form_data
from tests.admin.test_plan import press as press_plan
from tests.cast import READABLE, a_module, read_all

pytestmark = pytest.mark.django_db

OTHER = "# Tata surya\n\n## Komet\n\nBola es.\n\n## Asteroid\n\nBatu.\n"


@pytest.fixture
def browser(signed_in, instructor):
    browser = signed_in(instructor)
    browser.cookies["language"] = "en"
    return browser


@pytest.fixture
def module(instructor, learner):
    """Returns a module that one learner has begun."""
    module = a_module(READABLE, by=instructor)
    read_all(learner, module)
    return module


def question_of(draft: Draft) -> str:
    return f"/admin/modules/draft/{draft.pk}/module/"


def test_upload_asks_first_with_numbers(browser, module):
    upload(browser, OTHER)
    draft = Draft.objects.get()
    assert draft.module is None
    shown = browser.get(f"/admin/modules/draft/{draft.pk}/plan/", follow=True)
    assert shown.redirect_chain == [(question_of(draft), 302)]
    page = " ".join(shown.content.decode().split())
    assert "1 learner has begun it." in page
    assert "Revision 1 was loaded by Budi Hartono" in page
    assert "slug: tata-surya-2" in page


def test_new_module_gets_a_free_slug_and_keeps_the_old_one(browser, module):
    upload(browser, OTHER.replace("\n", "\r\n"))
    draft = Draft.objects.get()
    answer = browser.post(question_of(draft), {"module": module.pk, "action": "new"})
    assert answer.headers["Location"] == f"/admin/modules/draft/{draft.pk}/change/"
    draft.refresh_from_db()
    assert draft.text == ("---\nslug: tata-surya-2\n---\n" + OTHER).replace("\n", "\r\n")

    press(browser, answer.headers["Location"], "load")
    assert {one.slug: one.title for one in Module.objects.all()} == {
        "tata-surya": "Tata surya",
        "tata-surya-2": "Tata surya",
    }
    assert Module.objects.get(slug="tata-surya").text() == READABLE


def test_former_address_of_a_module_is_not_free(browser, module):
    module.former_slugs.create(slug="tata-surya-2")
    upload(browser, OTHER)
    assert browser.get(question_of(Draft.objects.get())).context["slug"] == "tata-surya-3"


def test_replacement_is_remembered(browser, module):
    upload(browser, READABLE + "\nLagi.\n")
    plan = choose_replacement(browser)
    draft = Draft.objects.get()
    assert (draft.module, draft.base_revision) == (module, module.current)
    assert browser.get(plan).status_code == 200
    assert browser.get(question_of(draft)).headers["Location"] == plan


def test_plan_is_asked_again_if_the_address_went_to_another_module(browser, module):
    upload(browser, OTHER)
    draft = Draft.objects.get()
    assert browser.post(question_of(draft), {"module": module.pk + 1, "action": "replace"}).status_code == 200
    assert Draft.objects.get().module is None


def test_text_that_gets_the_address_in_the_editor_is_asked_too(browser, module):
    upload(browser, "# Komet\n\n## Ekor\n\nGas.\n")
    draft = Draft.objects.get()
    page = f"/admin/modules/draft/{draft.pk}/change/"
    press(browser, page, "check", OTHER)
    answer = press(browser, page, "load")
    assert browser.get(answer.headers["Location"]).headers["Location"] == question_of(draft)
    assert Module.objects.count() == 1


def test_plan_that_takes_out_most_wants_a_tick(browser, module):
    upload(browser, OTHER)
    plan = choose_replacement(browser)
    shown = browser.get(plan)
    assert shown.context["page"].goes == (2, 2)
    assert "Of the 2 sections and questions of this module, 2 go." in " ".join(shown.content.decode().split())

    refused = browser.post(plan, plan_form_data(shown.context) | {"replaces": ""})
    assert refused.context["page"].trouble == [
        "Nothing is loaded yet: most of the module would go. Tick that you mean it, then apply it."
    ]
    assert module.text() == READABLE
    press_plan(browser, plan)
    assert Module.objects.get().text() == OTHER


def test_plan_that_keeps_half_needs_no_tick(browser, module):
    upload(browser, READABLE.partition("## Planet luar")[0])
    assert browser.get(choose_replacement(browser)).context["page"].goes is None
