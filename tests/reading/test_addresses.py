"""A module that gets another address is still found under the one that people have."""

import pytest
from django.test import Client

from modules.authoring import apply, planning, publishing, uploads
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


def test_old_address_redirects_to_the_new_one(client: Client):
    at_address("bintang", at_address("planet"))
    assert client.get("/modules/planet/").headers["Location"] == "/modules/bintang/"
    assert client.get("/modules/bintang/").status_code == 200


def test_reading_sent_to_old_address_is_recorded(client: Client, learner):
    module = at_address("planet")
    client.force_login(learner)
    at_address("bintang", module)

    answer = client.post("/modules/planet/planet-dalam/reading/", follow=True)

    assert answer.status_code == 200
    assert Reading.objects.get().section.identity == "planet-dalam"


def test_practice_answer_follows_to_the_new_address(client: Client, learner):
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
def test_old_preview_address_is_hidden_from_learners(client: Client, learner, tail):
    at_address("bintang", at_address("planet"))
    client.force_login(learner)
    assert client.get(f"/preview/modules/planet/{tail}", follow=True).status_code == 404


def test_address_with_null_byte_is_not_found(client: Client, learner):
    at_address("planet")
    client.force_login(learner)
    for tail in ("%00/", "planet%00dalam/", "planet-dalam/checks/%00/"):
        assert client.get(f"/modules/planet/{tail}").status_code == 404


def test_address_belongs_to_the_module_that_uses_it_now(client: Client):
    at_address("bintang", at_address("planet"))
    other = a_module(f"---\nslug: planet\n---\n{READABLE}")
    assert client.get("/modules/planet/").context["module"] == other


def test_module_may_return_to_its_old_address(client: Client):
    module = at_address("planet", at_address("bintang", at_address("planet")))
    assert client.get("/modules/planet/").context["module"] == module
    assert client.get("/modules/bintang/").headers["Location"] == "/modules/planet/"


def test_old_address_of_unpublished_module_is_not_found(client: Client):
    publishing.unpublish(at_address("bintang", at_address("planet")))
    assert client.get("/modules/planet/").status_code == 404
    assert client.get("/modules/nowhere/").status_code == 404
