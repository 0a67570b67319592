"""Shows the learners of a module by class, state and name, in each order, and never another number than is true."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from modules.models import Enrolment, Module, OwnDueDate
from tests.cast import NOON, a_module, at, read_all, take
from tests.classes.rooms import a_class, assign
from tests.conftest import person

pytestmark = pytest.mark.django_db

RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]
HALF = ["Mars", ["Saturnus", "Uranus"], "Mars", "9"]
WRONG = ["Mars", ["Bumi"], "x", "1"]


@pytest.fixture
def module(instructor):
    module = a_module()
    Module.objects.filter(pk=module.pk).update(owner=instructor)
    return module


@pytest.fixture
def learners(module):
    """Makes four learners: one has finished, one has failed, one has half of the marks, one has only begun."""
    people = [
        person(f"{name.lower()}@example.com", Role.LEARNER, name)
        for name in ("Citra", "Adi", "Bunga", "Dedi")
    ]
    for learner, answers in zip(people, [RIGHT, WRONG, HALF, None], strict=True):
        read_all(learner, module)
        if answers:
            take(learner, module.active_quiz, answers)
    for number, learner in enumerate(people):
        Enrolment.objects.filter(learner=learner).update(last_seen_at=NOON + timedelta(hours=number))
    return people


@pytest.fixture
def shown(signed_in, instructor, module):
    browser = signed_in(instructor)

    def shown(query: str = "") -> str:
        answer = browser.get(f"/admin/modules/module/{module.pk}/results/{query}")
        return " ".join(row.name for row in answer.context["results"].rows)

    return shown


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "Dedi Bunga Adi Citra"),
        ("?sort=seen", "Citra Adi Bunga Dedi"),
        ("?sort=name", "Adi Bunga Citra Dedi"),
        ("?sort=-name", "Dedi Citra Bunga Adi"),
        ("?sort=-grade", "Citra Bunga Adi Dedi"),
        ("?sort=grade", "Adi Bunga Citra Dedi"),
        ("?sort=done&state=done", "Citra"),
        ("?sort=wrong&state=wrong&class=wrong&page=wrong", "Dedi Bunga Adi Citra"),
        ("?q=adi", "Adi"),
        ("?q=bunga%40exa", "Bunga"),
        ("?q=nobody", ""),
        ("?state=failed&sort=name", "Adi Bunga"),
        ("?state=reading", "Dedi"),
        ("?state=done", "Citra"),
    ],
)
def test_learners_are_found_and_sorted(shown, learners, query, names):
    assert shown(query) == names


def test_class_is_shown_alone(shown, signed_in, instructor, learners, module):
    own = a_class(by=instructor, members=[*learners[:2], person("eka@example.com", Role.LEARNER, "Eka")])
    assign(own, module)
    a_class("X-TKR 1", by=instructor, members=learners[2:])
    assert shown(f"?class={own.pk}&sort=name") == "Adi Citra"
    answer = signed_in(instructor).get(f"/admin/modules/module/{module.pk}/results/?class={own.pk}")
    results = answer.context["results"]
    assert (results.learners, results.took_quiz, results.finished) == (2, 2, 1)
    assert answer.context["not_begun"] == 1
    assert [each.name for each in answer.context["choice"].classes] == ["X-TKR 2"]


def test_class_shows_who_has_not_begun_and_who_is_late(shown, signed_in, instructor, learners, module):
    eka, fitri = (person(f"{name}@example.com", Role.LEARNER, name) for name in ("Eka", "Fitri"))
    own = a_class(by=instructor, members=[*learners[:2], eka, fitri])
    duty = assign(own, module, due_at=timezone.now() - timedelta(days=1))
    OwnDueDate.objects.create(
        assignment=duty, learner=fitri, given_at=NOON, due_at=timezone.now() + timedelta(days=1)
    )
    url = f"/admin/modules/module/{module.pk}/results/?class={own.pk}"
    browser = signed_in(instructor)
    newcomers = {
        state: [each.name for each in browser.get(f"{url}&state={state}").context["results"].newcomers]
        for state in ("new", "late", "done")
    }
    assert newcomers == {"new": ["Eka", "Fitri"], "late": ["Eka"], "done": []}
    assert shown(f"?class={own.pk}&state=late") == "Adi"
    assert shown("?state=late") == "Adi"
    assert shown("?state=new") == "Dedi Bunga Adi Citra"  # only a class knows who has not begun


def test_who_has_not_begun_in_a_class_of_others_stays_unknown(
    signed_in, instructor, administrator, learners, module
):
    other = a_class(by=administrator, members=[person("eka@example.com", Role.LEARNER, "Eka")])
    assign(other, module)
    url = f"/admin/modules/module/{module.pk}/results/?class={other.pk}&state=new"
    answer = signed_in(instructor).get(url)
    assert "Eka" not in answer.content.decode()
    assert "new" not in dict(answer.context["states"])


def test_people_of_the_staff_are_not_counted(signed_in, instructor, learners, module):
    read_all(instructor, module)
    answer = signed_in(instructor).get(f"/admin/modules/module/{module.pk}/results/")
    results = answer.context["results"]
    assert (results.learners, results.took_quiz, results.finished) == (4, 3, 1)


def test_large_module_takes_as_many_queries_as_a_small_one(
    signed_in, instructor, learners, module, django_assert_num_queries
):
    browser, address = signed_in(instructor), f"/admin/modules/module/{module.pk}/results/"

    def rows() -> int:
        with django_assert_num_queries(14):
            return len(browser.get(address).context["results"].rows)

    browser.get(address)
    assert rows() == 4
    people = User.objects.bulk_create(User(email=f"s{number}@example.com") for number in range(150))
    Enrolment.objects.bulk_create(
        Enrolment(learner=learner, module=module, begun_at=NOON, last_seen_at=NOON) for learner in people
    )
    assert rows() == 100
    assert len(browser.get(f"{address}?page=2").context["results"].rows) == 54


def test_page_says_that_nobody_has_begun(signed_in, instructor, module):
    answer = signed_in(instructor).get(f"/admin/modules/module/{module.pk}/results/")
    assert "Belum ada yang memulai modul ini" in answer.content.decode()


def test_order_and_filter_stay_in_the_links(signed_in, instructor, learners, module, monkeypatch):
    monkeypatch.setattr("modules.insights.results.LEARNERS_ON_A_PAGE", 1)
    address = f"/admin/modules/module/{module.pk}/results/?state=failed&sort=name"
    page = signed_in(instructor).get(address).content.decode()
    assert "?state=failed&amp;sort=name&amp;page=2" in page
    assert "?state=failed&amp;sort=-name" in page
    assert 'aria-sort="ascending"' in page


def test_last_visit_is_kept(learner, module):
    read_all(learner, module)  # at noon
    enrolment = Enrolment.objects.get()
    assert enrolment.last_seen_at == NOON
    enrolment.see(at(-5))
    assert Enrolment.objects.get().last_seen_at == NOON
    take(learner, module.active_quiz, WRONG, now=at(9))
    assert Enrolment.objects.get().last_seen_at >= at(9)
