"""Finds the people whom an instructor may know, and gives no address away that the instructor does not see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from modules.classes.acquaintance import MOST_MATCHES, find_people, known_people, shown_addresses
from modules.models import Override
from tests.cast import NOON, PLANETS, a_module
from tests.classes.rooms import a_class, assign
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def owners(settings):
    settings.MODULES = "owners"


@pytest.fixture
def module(instructor):
    return a_module("---\nattempts: 2\n---\n" + PLANETS, by=instructor)


@pytest.fixture
def colleague(db):
    return person("joko@example.com", Role.INSTRUCTOR, "Joko Susilo")


def overrides_url(module) -> str:
    return f"/admin/modules/module/{module.pk}/overrides/"


def names(instructor, module, query: str) -> set[str]:
    return {str(match.person) for match in find_people(instructor, module, query).people}


def test_known_are_learners_and_members_of_classes(instructor, colleague, module, learner, other_learner):
    stranger = person("tono@example.com", Role.LEARNER, "Tono")
    member = person("wayan@example.com", Role.LEARNER, "Wayan")
    module.enrolments.create(learner=learner, begun_at=NOON, last_seen_at=NOON)
    a_class(by=instructor, members=[member])
    assign(a_class("Kelas Joko", by=colleague, members=[other_learner]), module)
    a_class("Kelas lain", by=colleague, members=[stranger])
    assert set(known_people(instructor, module)) == {learner, member, other_learner}


def test_search_finds_names_and_addresses(instructor, module, learner, other_learner):
    for each in (learner, other_learner):
        module.enrolments.create(learner=each, begun_at=NOON, last_seen_at=NOON)
    assert names(instructor, module, "WULAN sari") == {"Sari Wulandari"}
    assert names(instructor, module, "dewi@exa") == {"Dewi Lestari"}
    assert names(instructor, module, "") == {"Sari Wulandari", "Dewi Lestari"}
    assert names(instructor, module, "100%") == set()


def test_address_of_a_member_of_others_is_never_compared_or_shown(
    signed_in, instructor, colleague, module, learner
):
    assign(a_class("Kelas Joko", by=colleague, members=[learner]), module)
    assert names(instructor, module, "sari@example.com") == set()
    (match,) = find_people(instructor, module, "sari").people
    assert match.beside == "Kelas Joko"
    browser = signed_in(instructor)
    address = overrides_url(module)
    pages = [browser.get(f"{address}?q=sari"), browser.get(f"{address}?learner={learner.pk}")]
    browser.post(address, {"learner": learner.pk, "attempts_allowed": "3"})
    pages += [browser.get(address), browser.get(f"{address}{Override.objects.get().pk}/")]
    for page in pages:
        assert "Sari Wulandari" in page.content.decode()
        assert learner.email not in page.content.decode()
    assert shown_addresses(instructor, module, [learner.pk]) == {}


def test_member_of_others_without_a_name_stays_unknown(instructor, colleague, module, learner):
    learner.name = ""
    learner.save()
    assign(a_class("Kelas Joko", by=colleague, members=[learner]), module)
    assert not known_people(instructor, module).exists()


@pytest.mark.parametrize("has_account", [True, False])
def test_unknown_person_and_nobody_get_the_same_answer(signed_in, instructor, module, learner, has_account):
    key = learner.pk if has_account else 10**9
    browser = signed_in(instructor)
    searched = browser.get(f"{overrides_url(module)}?q=sari@example.com").content.decode()
    assert "Tidak ada yang cocok" in searched
    refused = browser.post(overrides_url(module), {"learner": key, "attempts_allowed": "3"})
    assert "Pilihlah peserta dari daftar" in refused.content.decode()
    assert not Override.objects.exists()


def test_long_list_of_matches_is_cut_and_says_so(signed_in, instructor, module):
    members = [person(f"s{n}@example.com", Role.LEARNER, f"Siswa {n}") for n in range(MOST_MATCHES + 1)]
    a_class(by=instructor, members=members)
    found = find_people(instructor, module, "siswa")
    assert (len(found.people), found.has_more) == (MOST_MATCHES, True)
    assert "daripada 20" in signed_in(instructor).get(f"{overrides_url(module)}?q=siswa").content.decode()


def test_search_takes_as_many_queries_for_many(instructor, module, learner, other_learner):
    numbers = []
    for each in (learner, other_learner):
        module.enrolments.create(learner=each, begun_at=NOON, last_seen_at=NOON)
        with CaptureQueriesContext(connection) as queries:
            find_people(instructor, module, "a")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_chosen_learner_fills_the_form(signed_in, instructor, module, learner):
    module.enrolments.create(learner=learner, begun_at=NOON, last_seen_at=NOON)
    browser = signed_in(instructor)
    answer = browser.get(f"{overrides_url(module)}?learner={learner.pk}")
    assert answer.context["form"]["learner"].value() == learner.pk
    assert "group" not in answer.context["form"].fields
    override = Override.objects.create(quiz=module.quiz, learner=learner, attempts_allowed=3)
    led_on = browser.get(f"{overrides_url(module)}?learner={learner.pk}")
    assert led_on.headers["Location"] == f"{overrides_url(module)}{override.pk}/"
