"""Who may do what in the admin, and what its pages show of learners."""

import csv
import io

import pytest
from django.contrib.auth.models import Group

from modules.models import Module, Override
from tests.cast import PLANETS, a_module, at, read_all, take

pytestmark = pytest.mark.django_db

WRITTEN = ("module", "section", "quiz", "question", "questionversion", "draft", "image")
SEEN = ("revision", "enrolment", "reading", "attempt", "response")


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def taken(learner):
    """A module that a learner has read, and failed its quiz."""
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Mars", ["Saturnus"], "Mars", "9"], now=at(1))
    group = Group.objects.create(name="Kelas B")
    group.user_set.add(learner)
    Override.objects.create(quiz=module.quiz, group=group, attempts_allowed=3)
    return module


def pages(module: Module) -> list[str]:
    """Every page of ours, each with something on it."""
    here = f"/admin/modules/module/{module.pk}/"
    rows = [("preamble", module), ("quiz", module.quiz)]
    rows += [("section", module.sections.first()), ("question", module.quiz.questions.first())]
    attempt = module.quiz.attempts.get()
    return [
        "/admin/",
        *(f"/admin/modules/{name}/" for name in ("module", "draft", "attempt", "revision")),
        "/admin/modules/module/load/",
        *(here + name for name in ("change/", "load/", "document/", "results/")),
        *(here + name for name in ("results/learners.csv", "results/answers.csv", "overrides/")),
        f"{here}overrides/{Override.objects.get().pk}/",
        *(f"/admin/auth/group/{name}" for name in ("", "add/", f"{Group.objects.last().pk}/change/")),
        *(f"/admin/modules/module/parts/{kind}/{row.pk}/" for kind, row in rows),
        f"/admin/modules/attempt/{attempt.pk}/change/",
        f"/admin/modules/revision/{module.current_id}/change/",
        f"/admin/modules/revision/{module.current_id}/document/",
    ]


def test_the_group_of_instructors_holds_this_and_no_more():
    names = {f"{verb}_{model}" for model in WRITTEN for verb in ("add", "change", "delete", "view")}
    held = Group.objects.get(name="Instructors").permissions.values_list(
        "content_type__app_label", "codename"
    )
    assert set(held) == {("modules", name) for name in names | {f"view_{model}" for model in SEEN}}


def test_instructors_reach_every_page_and_no_inline_style_or_script_is_on_it(browser, taken):
    for page in pages(taken):
        answer = browser.get(page)
        assert answer.status_code == 200, page
        if "html" in answer.headers["Content-Type"]:
            text = answer.content.decode()
            assert " style=" not in text, page
            assert "<style" not in text, page
            assert "<script>" not in text, page


def test_learners_and_strangers_reach_none(client, signed_in, learner, taken):
    for page in pages(taken):
        assert client.get(page).status_code == 302, page
        assert signed_in(learner).get(page).status_code in (302, 403), page


def test_instructors_change_nothing_that_learners_did(browser, taken):
    attempt = taken.quiz.attempts.get()
    for page in (f"/admin/modules/attempt/{attempt.pk}/delete/", "/admin/modules/attempt/add/",
                 f"/admin/modules/revision/{taken.current_id}/delete/", "/admin/modules/revision/add/"):  # fmt: skip
        assert browser.post(page, {"post": "yes"}).status_code == 403


def test_a_module_is_published_and_taken_back(browser, signed_in, learner):
    module = a_module(published=False)
    page, catalogue = f"/admin/modules/module/{module.pk}/publication/", signed_in(learner)
    browser.post(page, {"published": "yes"})
    assert catalogue.get(module.get_absolute_url()).status_code == 200
    browser.post(page, {"published": "no"})
    assert catalogue.get(module.get_absolute_url()).status_code == 404
    browser.get(page)
    assert catalogue.get(module.get_absolute_url()).status_code == 404


def test_page_of_a_module_has_no_plain_fields(browser):
    module = a_module()
    browser.post(f"/admin/modules/module/{module.pk}/change/", {"quiz_opens": "at_once", "title": "Lain"})
    module.refresh_from_db()
    assert (module.quiz.quiz_opens, module.title) == ("after_sections", "Tata surya")


def test_a_module_that_somebody_has_begun_is_not_deleted(browser, taken):
    browser.post(f"/admin/modules/module/{taken.pk}/delete/", {"post": "yes"})
    assert Module.objects.count() == 1


def test_a_module_that_nobody_has_begun_can_be_deleted(browser):
    module = a_module()
    browser.post(f"/admin/modules/module/{module.pk}/delete/", {"post": "yes"})
    assert Module.objects.count() == 0


def test_an_attempt_shows_answers_right_answers_and_marks(browser, taken):
    shown = browser.get(f"/admin/modules/attempt/{taken.quiz.attempts.get().pk}/change/")
    assert [slot.review.state for slot in shown.context["slots"]] == ["wrong", "partly", "right", "wrong"]
    assert [list(slot.review.right_answers) for slot in shown.context["slots"]][2:] == [["Mars"], ["8 ± 0"]]


def test_results_list_a_fixed_number_of_queries_whoever_learns(
    browser, taken, other_learner, django_assert_num_queries
):
    page = f"/admin/modules/module/{taken.pk}/results/"
    browser.get(page)
    with django_assert_num_queries(10):
        assert browser.get(page).context["learners"] == 1
    read_all(other_learner, taken)
    with django_assert_num_queries(10):
        assert browser.get(page).context["learners"] == 2


def test_who_may_enter_the_admin_is_in_no_figure(browser, taken, instructor):
    here = f"/admin/modules/module/{taken.pk}/"

    def figures() -> list:
        results, module = (browser.get(here + name).context for name in ("results/", "change/"))
        return [
            [results[name] for name in ("learners", "finished", "took_quiz")],
            [section.readers for section in results["sections"]],
            [module[name] for name in ("learner_count", "finished_count")],
            [section.readers for section in module["sections"]],
            [question.takers for question, _pool in module["questions"]],
            *(len(table(browser.get(f"{here}results/{name}.csv"))) for name in ("learners", "answers")),
        ]

    before = figures()
    read_all(instructor, taken)
    take(instructor, taken.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"], now=at(1))
    assert taken.enrolments.get(learner=instructor).finished_at
    assert figures() == before


def test_a_module_that_only_its_instructor_has_begun_says_that_it_cannot_be_deleted(browser, instructor):
    module = a_module()
    read_all(instructor, module)
    assert "/delete/" not in browser.get(f"/admin/modules/module/{module.pk}/change/").content.decode()


def table(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_files_are_no_formula_to_any_spreadsheet(browser, learner):
    learner.name = '=HYPERLINK("http://example.org")'
    learner.save()
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Mars", ["Saturnus"], "+1+1", "@SUM(1)"], now=at(1))
    for name in ("learners", "answers"):
        answer = browser.get(f"/admin/modules/module/{module.pk}/results/{name}.csv")
        assert answer.content.startswith(b"\xef\xbb\xbf")
        header, *rows = table(answer)
        assert len(header) == len(rows[0])
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_revision_is_downloaded_as_it_was_loaded(browser):
    first = a_module(PLANETS.replace("\n", "\r\n"))
    old = first.current_id
    a_module(PLANETS)
    answer = browser.get(f"/admin/modules/revision/{old}/document/")
    assert answer.content == PLANETS.replace("\n", "\r\n").encode()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tata-surya-1.md"'
