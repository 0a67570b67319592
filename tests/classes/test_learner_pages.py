"""Shows what learners see of their classes: for which class a module is, until when, and what is late."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import NOON, PLANETS, a_module, read_all, take
from tests.classes.rooms import a_class, assign

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(at_noon, signed_in, learner):
    browser = signed_in(learner)
    browser.cookies["language"] = "id"
    return browser


def pages(browser, module) -> list[str]:
    return [browser.get(url).content.decode() for url in ("/", "/learning/", module.get_absolute_url())]


def test_module_says_for_which_class_and_until_when(browser, learner):
    module = a_module()
    assign(a_class(members=[learner]), module, due_at=NOON + timedelta(days=18), note="Bawa kalkulator")
    front, learning, page = pages(browser, module)
    words = "untuk X-TKR 2, sampai 12 Des 2026, 19.00 WIB"
    assert words in front
    assert words in page
    assert "Bawa kalkulator" in page
    assert "X-TKR 2" in learning
    assert "Bawa kalkulator" in learning
    assert "terlambat" not in front + learning + page


def test_late_module_says_so_until_it_is_finished(browser, learner):
    module = a_module()
    assign(a_class(members=[learner]), module, due_at=NOON - timedelta(days=2))
    assert all("terlambat sejak 22 Nov 2026, 19.00 WIB" in page for page in pages(browser, module))
    read_all(learner, module)
    assert all("terlambat sejak 22 Nov 2026, 19.00 WIB" in page for page in pages(browser, module))
    take(learner, module.active_quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"])
    assert not any("terlambat" in page for page in pages(browser, module))


def test_what_is_due_first_comes_first(browser, learner):
    titles = ["Satu", "Dua", "Tiga"]
    modules = [a_module(PLANETS.replace("# Tata surya", f"# {title}")) for title in titles]
    study_class = a_class(members=[learner])
    for module, days in zip(modules, (5, -3, None), strict=True):
        assign(study_class, module, due_at=None if days is None else NOON + timedelta(days=days))
    page = browser.get("/learning/").context["page"]
    assert [(duty.module.title, duty.state) for duty in page.duties] == [
        ("Dua", "late"),
        ("Satu", "later"),
        ("Tiga", "open"),
    ]
    assert page.first_duty.module.title == "Dua"


def test_classes_of_others_and_archived_ones_say_nothing(browser, learner, other_learner):
    module = a_module()
    assign(a_class("Lain", members=[other_learner]), module)
    assign(a_class("Lama", members=[learner], archived_at=NOON), module)
    assign(a_class("Draf", members=[learner]), a_module(PLANETS.replace("surya", "raya"), published=False))
    assert not any(name in page for page in pages(browser, module) for name in ("Lain", "Lama", "Draf"))


def test_pages_take_no_more_queries_for_many_classes(browser, learner, django_assert_max_num_queries):
    module = a_module()
    assign(a_class(members=[learner]), module, due_at=NOON)
    counts = {}
    for url in ("/", "/learning/", module.get_absolute_url()):
        browser.get(url)
        with CaptureQueriesContext(connection) as counted:
            browser.get(url)
        counts[url] = len(counted)
    for number in range(8):
        study_class = a_class(f"Kelas {number}", members=[learner])
        assign(study_class, module)
        assign(study_class, a_module(PLANETS.replace("# Tata surya", f"# Modul {number}")))
    for url, count in counts.items():
        with django_assert_max_num_queries(count):
            browser.get(url)
