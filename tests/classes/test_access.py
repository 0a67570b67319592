"""Shows that a module for classes is open to their members, to staff, and to whoever has begun it."""

import pytest

from modules.models import Assignment, Module, Proof
from modules.reading import access, progress
from tests.cast import NOON, PLANETS, a_module, read_all, take
from tests.classes.rooms import a_class, assign

pytestmark = pytest.mark.django_db

FOR_CLASSES = "---\naccess: classes\n---\n" + PLANETS


@pytest.fixture
def module() -> Module:
    return a_module(FOR_CLASSES)


def statuses(browser, module: Module) -> set[int]:
    """Returns the answers of all pages of a module."""
    pages = ["", "planet-dalam/", "sections/print/", "cover.png"]
    answers = {browser.get(f"{module.get_absolute_url()}{page}").status_code for page in pages}
    return answers | {browser.get(f"/quizzes/{module.slug}/").status_code}


def found(browser, module: Module) -> tuple[bool, bool]:
    """Tells whether the catalogue and the search show the module."""
    return (
        module.title in browser.get("/").content.decode(),
        "planet-dalam" in browser.get("/search/?q=merkurius").content.decode(),
    )


def test_member_reads_and_finds_the_module(as_learner, learner, module):
    assign(a_class(members=[learner]), module)
    assert statuses(as_learner, module) == {200}
    assert found(as_learner, module) == (True, True)


def test_no_shared_cache_keeps_the_picture_of_a_module_for_classes(as_learner, learner, module):
    assign(a_class(members=[learner]), module)
    answer = as_learner.get(f"{module.get_absolute_url()}cover.png")
    assert answer.headers["Cache-Control"].startswith("private")


def test_member_of_another_class_finds_nothing(as_learner, learner, other_learner, module):
    a_class(members=[learner])
    assign(a_class("X-TKR 3", members=[other_learner]), module)
    assert statuses(as_learner, module) == {404}
    assert found(as_learner, module) == (False, False)
    assert as_learner.post(f"{module.get_absolute_url()}enrolment/").status_code == 404


def test_visitor_is_not_told_of_the_module(client, module):
    assert client.get(module.get_absolute_url()).status_code == 404
    assert client.get(f"{module.get_absolute_url()}planet-dalam/").status_code == 302
    assert client.get(f"{module.get_absolute_url()}tidak-ada/").status_code == 302
    assert found(client, module) == (False, False)


def test_staff_read_the_module(signed_in, instructor, module):
    assert statuses(signed_in(instructor), module) == {200}


def test_whoever_has_begun_may_go_on(as_learner, learner, module):
    assignment = assign(a_class(members=[learner]), module)
    progress.begin(learner, module, now=NOON)
    assignment.delete()
    assert statuses(as_learner, module) == {200}


def test_section_page_and_module_page_agree(learner, other_learner, instructor, module):
    assign(a_class(members=[learner]), module)
    for person in (learner, other_learner, instructor):
        may_read = access.offered_modules(person).filter(pk=module.pk).exists()
        assert (access.section_at(person, module.slug, "planet-dalam") is not None) == may_read


def test_unpublished_module_stays_closed_to_its_class(as_learner, learner, module):
    assign(a_class(members=[learner]), module)
    module.unpublish(by=None, now=NOON)
    assert statuses(as_learner, module) == {404}
    assert Assignment.objects.count() == 1


def test_proof_leads_nobody_to_a_closed_door(client, as_learner, learner, module):
    assign(a_class(members=[learner]), module)
    read_all(learner, module)
    take(learner, module.active_quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"])
    url = Proof.objects.get().get_absolute_url()
    link = f'href="{module.get_absolute_url()}"'
    assert link in as_learner.get(url).content.decode()
    assert link not in client.get(url).content.decode()
