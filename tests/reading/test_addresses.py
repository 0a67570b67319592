"""Tests that a module with a new slug is still found under its old address."""

import pytest
from django.test import Client

from modules.authoring import apply, planning, uploads
from modules.models import Module, Reading
from tests.cast import NOON, READABLE, a_module

pytestmark = pytest.mark.django_db


def with_slug(slug: str, module: Module | None = None) -> Module:
    """Loads the module with this slug in its front matter."""
    text = f"---\nslug: {slug}\n---\n{READABLE}"
    if module is None:
        return a_module(text)
    plan = planning.plan_document(Module.objects.get(pk=module.pk), uploads.parse_with_images(text))
    return apply.apply_plan(plan, by=None, now=NOON)


def test_old_address_redirects_to_the_new_one(client: Client):
    with_slug("bintang", with_slug("planet"))
    assert client.get("/modules/planet/").headers["Location"] == "/modules/bintang/"
    assert client.get("/modules/bintang/").status_code == 200


def test_reading_sent_to_old_address_is_recorded(client: Client, learner):
    module = with_slug("planet")
    client.force_login(learner)
    with_slug("bintang", module)

    answer = client.post("/modules/planet/planet-dalam/reading/", follow=True)

    assert answer.status_code == 200
    assert Reading.objects.get().section.identity == "planet-dalam"


def test_practice_answer_follows_to_the_new_address(client: Client, learner):
    document = "# Planet\n\n## Dalam\n\nTeks.\n\n### Berapa? {#berapa .check}\n\n- [=] 4\n"
    a_module(f"---\nslug: planet\n---\n{document}")
    client.force_login(learner)
    for slug, text in (("bintang", document), ("bintang", document.replace("## Dalam", "## Luar"))):
        parsed = uploads.parse_with_images(f"---\nslug: {slug}\n---\n{text}")
        apply.apply_plan(planning.plan_document(Module.objects.get(), parsed), by=None, now=NOON)
        shown = client.get("/modules/planet/dalam/checks/berapa/", {"answer": "4", "check": ""}, follow=True)
        assert shown.context["page"].review.state == "right"
    assert shown.redirect_chain[-1][0].startswith("/modules/bintang/luar/checks/")


@pytest.mark.parametrize("tail", ["", "planet-dalam/", "planet-dalam/checks/x/"])
def test_old_preview_address_is_hidden_from_learners(client: Client, learner, tail):
    with_slug("bintang", with_slug("planet"))
    client.force_login(learner)
    assert client.get(f"/preview/modules/planet/{tail}", follow=True).status_code == 404


def test_address_with_null_byte_is_not_found(client: Client, learner):
    with_slug("planet")
    client.force_login(learner)
    for tail in ("%00/", "planet%00dalam/", "planet-dalam/checks/%00/"):
        assert client.get(f"/modules/planet/{tail}").status_code == 404
    assert client.get("/modules/planet/?page=a%00").status_code == 404


def test_address_belongs_to_the_module_that_uses_it_now(client: Client):
    with_slug("bintang", with_slug("planet"))
    other = a_module(f"---\nslug: planet\n---\n{READABLE}")
    assert client.get("/modules/planet/").context["module"] == other


def test_module_may_return_to_its_old_address(client: Client):
    module = with_slug("planet", with_slug("bintang", with_slug("planet")))
    assert client.get("/modules/planet/").context["module"] == module
    assert client.get("/modules/bintang/").headers["Location"] == "/modules/planet/"


def test_old_address_of_unpublished_module_is_not_found(client: Client):
    with_slug("bintang", with_slug("planet")).unpublish(by=None, now=NOON)
    assert client.get("/modules/planet/").status_code == 404
    assert client.get("/modules/nowhere/").status_code == 404
