"""Tests the pages that lead a learner on: what is begun, what is next, and the list of modules."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from modules.models import Module
from modules.quizzes import attempts
from modules.quizzes.withdrawal import withdraw
from modules.reading import progress
from tests.cast import NOON, PLANETS, READABLE, a_module, read_all, squeezed, take

pytestmark = pytest.mark.django_db

RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]
DAY = timedelta(days=1)


def named(title: str, text: str = READABLE) -> Module:
    return a_module(text.replace("# Tata surya", f"# {title}", 1))


def learning(browser):
    return browser.get("/learning/").context["page"]


def words(browser, path: str = "/learning/") -> str:
    return squeezed(browser.get(path).content.decode())


def queries(browser, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        browser.get(path)
    return len(captured)


def test_next_section_is_the_heading_of_the_card(as_learner, learner):
    module = named("Tata surya")
    progress.record_reading(learner, module.sections.active()[0], now=NOON)
    study = learning(as_learner).studies.resume
    assert (study.next.title, study.next.number, study.steps_read) == ("Planet luar", 2, (True, False))
    page = words(as_learner)
    assert '<h2 id="continue" dir="auto">Planet luar</h2>' in page
    assert 'href="/modules/tata-surya/planet-luar/">Go on reading' in page


def test_running_attempt_takes_the_place_of_the_section(as_learner, learner):
    read, tried = named("Dibaca"), named("Dicoba", PLANETS)
    progress.begin(learner, tried, now=NOON)
    read_all(learner, tried)
    attempts.start(learner, tried.quiz, now=timezone.now())
    progress.record_reading(learner, read.sections.active()[0], now=timezone.now())
    page = learning(as_learner)
    assert page.studies.resume.module == tried
    assert [study.module for study in page.studies.others] == [read]
    assert "Quiz under way" in words(as_learner)


def test_last_visited_module_comes_first(as_learner, learner):
    for number in range(3):
        module = named(f"Modul {number}")
        progress.begin(learner, module, now=NOON)
        progress.record_reading(learner, module.sections.active()[0], now=NOON - number * DAY)
    page = learning(as_learner)
    titles = [study.module.title for study in (page.studies.resume, *page.studies.others)]
    assert titles == ["Modul 0", "Modul 1", "Modul 2"]


def test_quiz_that_was_not_tried_is_all_that_is_left(as_learner, learner):
    named_module, other = named("Tata surya", PLANETS), named("Lain")
    read_all(learner, named_module)
    progress.record_reading(learner, other.sections.active()[0], now=NOON + DAY)
    assert "Only the final quiz is left." in words(as_learner)
    take(learner, named_module.quiz, ["Mars", [], "Mars", "1"])
    assert "The quiz is not passed yet." in words(as_learner)


def test_finished_module_stands_on_the_shelf_with_its_grade(as_learner, learner):
    module = named("Tata surya", PLANETS)
    read_all(learner, module)
    take(learner, module.quiz, RIGHT)
    page = learning(as_learner)
    assert (page.studies.resume, page.studies.others) == (None, ())
    assert [study.module for study in page.studies.finished] == [module]
    text = words(as_learner)
    assert "All that you have begun is finished." in text
    assert "grade 100" in text
    assert 'class="seal"' in text


def test_six_rows_are_in_sight_and_the_others_in_a_fold(as_learner, learner):
    for number in range(9):
        progress.begin(learner, named(f"Modul {number}"), now=NOON)
    before, fold = words(as_learner).split("<summary>Show 2 more</summary>")
    assert (before.count('class="way"'), fold.count('class="way"')) == (6, 2)


def test_long_path_is_a_bar(as_learner, learner):
    sections = "".join(f"## Bagian {number}\n\nKata.\n\n" for number in range(15))
    progress.begin(learner, a_module(f"# Panjang\n\n{sections}"), now=NOON)
    page = words(as_learner)
    assert '<progress class="bar short" max="15" value="0" aria-label="0 of 15 sections read">' in page
    assert "path-line" not in page


def test_short_path_marks_the_next_step(as_learner, learner):
    module = named("Tata surya", PLANETS)
    progress.record_reading(learner, module.sections.active()[0], now=NOON)
    page = words(as_learner)
    assert 'aria-label="1 of 2 sections read"' in page
    assert [page.count(f'<circle class="{state}"') for state in ("done", "here", "todo")] == [1, 1, 0]
    assert page.count('<rect class="todo"') == 1


def test_withdrawn_module_stays_in_sight_without_a_way(as_learner, learner):
    module = named("Tata surya")
    progress.begin(learner, module, now=NOON)
    withdraw(module, by=None, now=NOON, keeps_learners=False, with_attempts=True)
    page = learning(as_learner)
    assert page.studies.resume is None
    assert "Withdrawn. What you did in it is kept." in words(as_learner)


def test_newcomer_gets_three_modules_to_begin_with(as_learner):
    for number in range(5):
        named(f"Modul {number}")
    page = learning(as_learner)
    assert (len(page.suggested), bool(page.studies)) == (3, False)
    assert "Welcome, Sari" in words(as_learner, "/")


def test_belajarku_costs_the_same_at_any_size(as_learner, learner):
    progress.begin(learner, named("Tata surya", PLANETS), now=NOON)
    one = queries(as_learner, "/learning/")
    for number in range(12):
        progress.begin(learner, named(f"Modul {number}", PLANETS), now=NOON)
    assert queries(as_learner, "/learning/") == one


@pytest.mark.parametrize(
    ("count", "heading"),
    [(1, "A module to begin with"), (2, "Two modules to begin with"), (3, "3 modules")],
)
def test_front_page_fits_the_number_of_modules(client, count, heading):
    client.cookies["language"] = "en"
    for number in range(count):
        named(f"Modul {number}", PLANETS)
    page = words(client, "/")
    assert f'<h2 id="modules">{heading}</h2>' in page
    assert ("Planet dalam" in page, 'class="tiles few"' in page) == (count < 3, count < 3)


def test_front_page_without_modules_says_so(client):
    assert "Modul pertama sedang ditulis." in words(client, "/")


def test_front_page_has_24_modules_a_page(client):
    client.cookies["language"] = "en"
    for number in range(26):
        named(f"Modul {number:02}")
    first, second = words(client, "/"), words(client, "/?page=2")
    assert (first.count('<li class="tile">'), second.count('<li class="tile">')) == (24, 2)
    assert "Show 2 more modules" in first
    assert client.get("/?page=odd").status_code == 200


def test_first_paragraph_stands_in_for_a_missing_summary(client):
    without = named("Tanpa ringkasan")
    a_module("---\nsummary: Ringkasannya.\n---\n# Dengan\n\nPembuka.\n\n## A\n\nKata.\n")
    page = words(client, "/")
    assert (without.summary, without.opening) == ("", "Delapan planet.")
    assert ("Delapan planet." in page, "Ringkasannya." in page, "Pembuka." in page) == (True, True, False)


def test_tile_says_nothing_of_a_module_that_is_not_begun(as_learner):
    named("Tata surya")
    assert "Not begun" not in words(as_learner, "/")
