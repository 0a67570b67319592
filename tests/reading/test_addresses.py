"""A module that gets another address is still found under the one that people have."""

import pytest
from django.test import Client

from modules.authoring import apply, planning, uploads
from modules.models import Module, Reading
from tests.cast import NOON, READABLE, a_module

pytestmark = pytest.mark.django_db


def at_address(slug: str, module: Module | None = None) -> Module:
    """The module, loaded with this address in its front matter."""
    text = f"---\nslug: {slug}\n---\n{READABLE}"
    if module is None:
        return a_module(text)
    plan = planning.plan_document(Module.objects.get(pk=module.pk), uploads.parse_with_images(text))
    return apply.apply_plan(plan, by=None, now=NOON)


def test_an_old_address_leads_to_the_new_one(client: Client):
    at_address("bintang", at_address("planet"))
    assert client.get("/modules/planet/").headers["Location"] == "/modules/bintang/"
    assert client.get("/modules/bintang/").status_code == 200


def test_what_is_sent_to_an_old_address_is_not_lost(client: Client, learner):
    module = at_address("planet")
    client.force_login(learner)
    at_address("bintang", module)

    answer = client.post("/modules/planet/planet-dalam/reading/", follow=True)

    assert answer.status_code == 200
    assert Reading.objects.get().section.identity == "planet-dalam"


def test_an_answer_to_a_question_in_a_text_goes_along_to_the_new_address(client: Client, learner):
    asked = "# Planet\n\n## Dalam\n\nTeks.\n\n### Berapa? {#berapa .check}\n\n- [=] 4\n"
    a_module(f"---\nslug: planet\n---\n{asked}")
    client.force_login(learner)
    for front, text in (("bintang", asked), ("bintang", asked.replace("## Dalam", "## Luar"))):
        new = uploads.parse_with_images(f"---\nslug: {front}\n---\n{text}")
        apply.apply_plan(planning.plan_document(Module.objects.get(), new), by=None, now=NOON)
        shown = client.get("/modules/planet/dalam/checks/berapa/", {"answer": "4", "check": ""}, follow=True)
        assert shown.context["review"].state == "right"
    assert shown.redirect_chain[-1][0].startswith("/modules/bintang/luar/checks/")


@pytest.mark.parametrize("tail", ["", "planet-dalam/", "planet-dalam/checks/x/"])
def test_an_old_address_of_a_preview_tells_a_learner_nothing(client: Client, learner, tail):
    at_address("bintang", at_address("planet"))
    client.force_login(learner)
    assert client.get(f"/preview/modules/planet/{tail}", follow=True).status_code == 404


def test_an_address_with_what_no_address_has_is_nowhere(client: Client, learner):
    at_address("planet")
    client.force_login(learner)
    for tail in ("%00/", "planet%00dalam/", "planet-dalam/checks/%00/"):
        assert client.get(f"/modules/planet/{tail}").status_code == 404


def test_an_address_that_another_module_took_is_its(client: Client):
    at_address("bintang", at_address("planet"))
    other = a_module(f"---\nslug: planet\n---\n{READABLE}")
    assert client.get("/modules/planet/").context["module"] == other


def test_a_module_that_goes_back_to_its_old_address_leads_nowhere_else(client: Client):
    module = at_address("planet", at_address("bintang", at_address("planet")))
    assert client.get("/modules/planet/").context["module"] == module
    assert client.get("/modules/bintang/").headers["Location"] == "/modules/planet/"


def test_a_module_that_is_not_published_is_not_betrayed_by_its_old_address(client: Client):
    at_address("bintang", at_address("planet")).unpublish()
    assert client.get("/modules/planet/").status_code == 404
    assert client.get("/modules/nowhere/").status_code == 404
