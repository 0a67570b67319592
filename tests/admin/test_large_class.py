"""Tests what people see while a large class is graded again, and while the worker counts what that would change."""

import re

import pytest

from modules.authoring import effect_counts
from modules.models import Attempt, Draft, EffectCount, Question, RegradeJob
from modules.quizzes import corrections
from tests.admin.test_plan import create_draft_plan, plan_form_data, press
from tests.cast import at, run_tasks, take
from tests.large_class import (
    ANSWERS,
    LARGEST,
    OTHER_KEY,
    THIRD_KEY,
    a_plan,
    finish,
    load,
    make_four_large,
    step,
    taken_by,
    the_learners,
    the_module,
)

pytestmark = pytest.mark.django_db
CHOSEN = {f"regrade:{LARGEST}": "yes"}


@pytest.fixture(autouse=True)
def large_from_two(monkeypatch):
    make_four_large(monkeypatch)


@pytest.fixture
def module():
    return the_module()


@pytest.fixture
def learners(db):
    return the_learners()


@pytest.fixture
def taken(module, learners):
    return taken_by(learners, module)


@pytest.fixture
def browser(signed_in, instructor):
    browser = signed_in(instructor)
    browser.cookies["language"] = "en"
    return browser


@pytest.fixture
def counted_by_the_worker(monkeypatch):
    monkeypatch.setattr(effect_counts, "MOST_AT_ONCE", 2)


def bar(html: str) -> tuple[str, str] | None:
    """Returns the whole and the value of the first bar of progress."""
    found = re.search(r'<progress class="bar short"\s+max="(\d+)"\s+value="(\d+)"', html)
    return found and found.groups()


def shown(browser, address: str) -> str:
    return browser.get(address).content.decode()


# ------------------------------------------------------------------------------------------------ progress


def test_module_and_results_show_progress(browser, module, taken):
    pages = [f"/admin/modules/module/{module.pk}/change/", f"/admin/modules/module/{module.pk}/results/"]
    assert [bar(shown(browser, page)) for page in pages] == [None, None]
    load(OTHER_KEY, LARGEST)
    step(RegradeJob.objects.get())
    assert [bar(shown(browser, page)) for page in pages] == [("4", "1"), ("4", "1")]
    assert all("1 of 4 attempts are done" in shown(browser, page) for page in pages)
    assert all("No worker is running" in shown(browser, page) for page in pages)


def test_finished_job_tells_what_it_changed(browser, module, taken, at_noon):
    load(OTHER_KEY, LARGEST)
    finish(RegradeJob.objects.get())
    page = shown(browser, f"/admin/modules/module/{module.pk}/change/")
    assert bar(page) is None
    assert "4 attempts were graded again" in page
    assert "Grades that rose: 2; that fell: 2." in page


def test_load_tells_that_grading_goes_on(browser, module, instructor, taken):
    answer = press(browser, create_draft_plan(module, OTHER_KEY, instructor), **CHOSEN)
    page = browser.get(answer.url).content.decode()
    assert "4 attempts are being graded again in the background" in page


def test_learner_reads_that_the_grade_may_change(signed_in, learners, taken):
    load(OTHER_KEY, LARGEST)
    pages = [
        (signed_in(learner), f"/attempts/{attempt.pk}/result/")
        for learner, attempt in zip(learners, taken, strict=True)
    ]
    assert all("sedang dinilai ulang" in shown(*page) for page in pages)
    step(RegradeJob.objects.get())
    assert ["sedang dinilai ulang" in shown(*page) for page in pages] == [False, True, True, True]


def test_hidden_grade_is_not_said_to_change(signed_in, module, learners, taken):
    load(
        OTHER_KEY.replace("# Tata surya", "---\nreview:\n  right_after: [answer]\n---\n# Tata surya"), LARGEST
    )
    page = shown(signed_in(learners[2]), f"/attempts/{taken[2].pk}/result/")
    assert RegradeJob.objects.unfinished().exists()
    assert "Nilainya belum ditampilkan" in page
    assert "sedang dinilai ulang" not in page


def test_correction_of_a_large_class_is_a_job(browser, taken, instructor):
    question = Question.objects.get(identity=LARGEST)
    page = f"/admin/modules/module/questions/{question.pk}/grades/"
    browser.post(page, {"action": "full-marks", "reason": "Soal keliru"})
    html = shown(browser, page)
    assert bar(html) == ("4", "0")
    assert "4 attempts are being graded again in the background" in html
    assert RegradeJob.objects.get().reason == "Soal keliru"


# ------------------------------------------------------------------------------------------------ promises


def test_attempts_since_do_not_refuse_a_large_load(browser, module, instructor, taken, learner):
    page = create_draft_plan(module, OTHER_KEY, instructor)
    form = plan_form_data(browser.post(page, CHOSEN | {"action": "count"}).context)
    take(learner, module.quiz, ANSWERS[0])
    assert browser.post(page, form | CHOSEN | {"action": "load"}).status_code == 302
    assert RegradeJob.objects.get().total == 5


def test_correction_since_refuses_a_large_load(browser, module, instructor, taken):
    page = create_draft_plan(module, OTHER_KEY, instructor)
    form = plan_form_data(browser.post(page, CHOSEN | {"action": "count"}).context)
    corrections.delete(taken[0], corrections.Why(instructor, "Salah orang", at(5)))
    refused = browser.post(page, form | CHOSEN | {"action": "load"})
    assert refused.status_code == 200
    assert refused.context["page"].trouble


# ------------------------------------------------------------------------------------------------ counting


@pytest.mark.usefixtures("counted_by_the_worker")
def test_plan_waits_until_the_worker_has_counted(browser, module, instructor, taken):
    page = create_draft_plan(module, OTHER_KEY, instructor)
    waiting = shown(browser, page)
    assert (bar(waiting), 'http-equiv="refresh"' in waiting) == (("4", "0"), True)
    run_tasks()
    plan = browser.get(page).context["page"].plan
    assert plan.changes == a_plan(OTHER_KEY).changes


@pytest.mark.usefixtures("counted_by_the_worker")
def test_counted_plan_keeps_its_decisions(browser, module, instructor, taken):
    page = create_draft_plan(module, OTHER_KEY, instructor)
    assert browser.post(page, CHOSEN | {"action": "count"}).url == page
    run_tasks()
    counted = browser.get(page).context
    wanted = a_plan(OTHER_KEY, LARGEST)
    assert (counted["page"].plan.effect, counted["page"].plan.finishes) == (wanted.effect, wanted.finishes)
    assert counted["page"].counted_at
    loaded = browser.post(page, plan_form_data(counted) | CHOSEN)
    assert loaded.status_code == 302
    assert RegradeJob.objects.get().questions == [Question.objects.get(identity=LARGEST).pk]


@pytest.mark.usefixtures("counted_by_the_worker")
def test_stale_count_is_not_used(browser, module, instructor, taken):
    page = create_draft_plan(module, OTHER_KEY, instructor)
    browser.get(page)
    run_tasks()
    corrections.delete(taken[0], corrections.Why(instructor, "Salah orang", at(5)))
    assert bar(shown(browser, page)) == ("3", "0")
    run_tasks()
    assert bar(shown(browser, page)) is None
    Draft.objects.update(text=THIRD_KEY)
    assert bar(shown(browser, page)) == ("6", "0")


@pytest.mark.usefixtures("counted_by_the_worker")
def test_draft_that_changes_meanwhile_is_not_counted(browser, module, instructor, taken):
    page = create_draft_plan(module, OTHER_KEY, instructor)
    browser.get(page)
    Draft.objects.update(text=THIRD_KEY)
    run_tasks()
    assert EffectCount.objects.get().effects is None
    browser.get(page)
    run_tasks()
    assert EffectCount.objects.get().effects is not None


@pytest.mark.usefixtures("counted_by_the_worker")
def test_edit_of_a_large_key_leads_to_its_plan(browser, module, taken):
    question = Question.objects.select_related("current").get(identity=LARGEST)
    source = question.current.source
    edited = source.replace("[ ] Mars", "[x] Mars").replace("[x] Jupiter", "[ ] Jupiter")
    page = f"/admin/modules/module/parts/question/{question.pk}/"
    answer = browser.post(page, {"source": edited, "base_revision": module.current_id})
    assert answer.url == f"/admin/modules/draft/{Draft.objects.get().pk}/plan/"
    assert Attempt.objects.count() == 4
