"""Tests permissions in the admin and the figures about learners on its pages."""

import csv
import io

import pytest
from django.contrib.auth.models import Group

from modules.models import Module, Override, StudyClass
from tests.cast import PLANETS, a_module, at, read_all, take
from tests.classes.rooms import a_class, assign

pytestmark = pytest.mark.django_db

WRITABLE_MODELS = ("module", "section", "quiz", "question", "questionversion", "draft", "image")
READ_ONLY_MODELS = ("revision", "enrolment", "reading", "attempt", "response")


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def taken_module(learner, instructor):
    """Returns a module that a learner has read and whose quiz the learner has failed."""
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Mars", ["Saturnus"], "Mars", "9"], now=at(1))
    study_class = a_class(by=instructor, members=[learner])
    assign(study_class, module)
    Override.objects.create(quiz=module.quiz, group=study_class.group, attempts_allowed=3)
    return module


def pages(module: Module) -> list[str]:
    """Returns the addresses of all our admin pages, each with some content."""
    module_url = f"/admin/modules/module/{module.pk}/"
    rows = [("preamble", module), ("quiz", module.quiz)]
    rows += [("section", module.sections.first()), ("question", module.quiz.questions.first())]
    attempt = module.quiz.attempts.get()
    return [
        "/admin/",
        *(f"/admin/modules/{name}/" for name in ("module", "draft", "attempt", "revision")),
        "/admin/modules/module/load/",
        *(module_url + name for name in ("change/", "load/", "document/", "results/")),
        *(module_url + name for name in ("results/learners.csv", "results/answers.csv", "overrides/")),
        f"{module_url}overrides/{Override.objects.get().pk}/",
        *(f"/admin/modules/studyclass/{name}" for name in ("", "add/")),
        *(
            f"/admin/modules/studyclass/{StudyClass.objects.get().pk}/{name}/"
            for name in ("change", "people", "modules", "link", "settings")
        ),
        *(f"/admin/modules/module/parts/{kind}/{row.pk}/" for kind, row in rows),
        f"/admin/modules/attempt/{attempt.pk}/change/",
        f"/admin/modules/revision/{module.current_id}/change/",
        f"/admin/modules/revision/{module.current_id}/document/",
    ]


def test_instructors_have_exactly_these_permissions():
    names = {f"{verb}_{model}" for model in WRITABLE_MODELS for verb in ("add", "change", "delete", "view")}
    permissions = Group.objects.get(name="Instructors").permissions.values_list(
        "content_type__app_label", "codename"
    )
    assert set(permissions) == {
        ("modules", name) for name in names | {f"view_{model}" for model in READ_ONLY_MODELS}
    }


def test_instructors_reach_every_page_without_inline_code(browser, taken_module):
    for page in pages(taken_module):
        answer = browser.get(page)
        assert answer.status_code == 200, page
        if "html" in answer.headers["Content-Type"]:
            text = answer.content.decode()
            assert " style=" not in text, page
            assert "<style" not in text, page
            assert "<script>" not in text, page


def test_learners_and_visitors_reach_no_page(client, signed_in, learner, taken_module):
    for page in pages(taken_module):
        assert client.get(page).status_code == 302, page
        assert signed_in(learner).get(page).status_code in (302, 403), page


def test_instructors_cannot_delete_attempts_or_revisions(browser, taken_module):
    attempt = taken_module.quiz.attempts.get()
    for page in (f"/admin/modules/attempt/{attempt.pk}/delete/", "/admin/modules/attempt/add/",
                 f"/admin/modules/revision/{taken_module.current_id}/delete/", "/admin/modules/revision/add/"):  # fmt: skip
        assert browser.post(page, {"post": "yes"}).status_code == 403


def test_module_is_published_and_unpublished(browser, signed_in, learner):
    module = a_module(published=False)
    page, catalogue = f"/admin/modules/module/{module.pk}/publication/", signed_in(learner)
    browser.post(page, {"published": "yes"})
    assert catalogue.get(module.get_absolute_url()).status_code == 200
    assert browser.post(page, {"published": "no"}).url == page.replace("publication", "withdrawal")
    assert catalogue.get(module.get_absolute_url()).status_code == 200
    browser.post(page.replace("publication", "withdrawal"))
    assert catalogue.get(module.get_absolute_url()).status_code == 404
    browser.get(page)
    assert catalogue.get(module.get_absolute_url()).status_code == 404


def test_page_of_a_module_has_no_plain_fields(browser):
    module = a_module()
    browser.post(f"/admin/modules/module/{module.pk}/change/", {"quiz_opens": "at_once", "title": "Lain"})
    module.refresh_from_db()
    assert (module.quiz.quiz_opens, module.title) == ("after_sections", "Tata surya")


def test_begun_module_cannot_be_deleted(browser, taken_module):
    browser.post(f"/admin/modules/module/{taken_module.pk}/delete/", {"post": "yes"})
    assert Module.objects.count() == 1


def test_module_without_learners_can_be_deleted(browser):
    module = a_module()
    browser.post(f"/admin/modules/module/{module.pk}/delete/", {"post": "yes"})
    assert Module.objects.count() == 0


def test_attempt_page_shows_states_and_right_answers(browser, taken_module):
    shown = browser.get(f"/admin/modules/attempt/{taken_module.quiz.attempts.get().pk}/change/")
    assert [slot.review.state for slot in shown.context["slots"]] == ["wrong", "partly", "right", "wrong"]
    assert [list(slot.review.right_answers) for slot in shown.context["slots"]][2:] == [["Mars"], ["8 ± 0"]]


def test_staff_are_left_out_of_all_figures(browser, taken_module, instructor):
    module_url = f"/admin/modules/module/{taken_module.pk}/"

    def figures() -> list:
        results, module, overview = (
            browser.get(module_url + name).context for name in ("results/", "change/", "overview/")
        )
        return [
            [getattr(results["results"], name) for name in ("learners", "finished", "took_quiz")],
            [step.read for step in overview["overview"].path.steps],
            overview["overview"].heads,
            [module[name] for name in ("learner_count", "finished_count")],
            [section.readers for section in module["sections"]],
            [question.takers for question, _pool in module["questions"]],
            *(
                len(csv_rows(browser.get(f"{module_url}results/{name}.csv")))
                for name in ("learners", "answers")
            ),
        ]

    before = figures()
    read_all(instructor, taken_module)
    take(instructor, taken_module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"], now=at(1))
    assert taken_module.enrolments.get(learner=instructor).finished_at
    assert figures() == before


def test_module_begun_by_instructor_offers_no_deletion(browser, instructor):
    module = a_module()
    read_all(instructor, module)
    assert "/delete/" not in browser.get(f"/admin/modules/module/{module.pk}/change/").content.decode()


def csv_rows(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_exported_cells_contain_no_formulas(browser, learner):
    learner.name = '=HYPERLINK("http://example.org")'
    learner.save()
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Mars", ["Saturnus"], "+1+1", "@SUM(1)"], now=at(1))
    for name in ("learners", "answers"):
        answer = browser.get(f"/admin/modules/module/{module.pk}/results/{name}.csv")
        assert answer.content.startswith(b"\xef\xbb\xbf")
        header, *rows = csv_rows(answer)
        assert len(header) == len(rows[0])
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_revision_is_downloaded_as_loaded(browser):
    first = a_module(PLANETS.replace("\n", "\r\n"))
    first_revision_id = first.current_id
    a_module(PLANETS)
    answer = browser.get(f"/admin/modules/revision/{first_revision_id}/document/")
    assert answer.content == PLANETS.replace("\n", "\r\n").encode()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tata-surya-1.md"'
