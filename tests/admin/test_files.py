"""Shows results as files: small ones at once, large ones by the worker, each only for whoever may have it."""

import errno
import os
import stat
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import INSTRUCTORS
from modules.insights import exports, table_files, table_forms
from modules.models import KEPT_FOR, Module, TableFile, folder_of_tables
from modules.pages import table_offers
from tasks.models import StoredTask, Worker
from tests.cast import a_module, at, read_all, run_tasks, take
from tests.classes.rooms import a_class, assign
from tests.insights.sheets import rows_of_ods, rows_of_xlsx

pytestmark = pytest.mark.django_db

RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]


@pytest.fixture
def module(learner, other_learner):
    module = a_module()
    for person in (learner, other_learner):
        read_all(person, module)
        take(person, module.quiz, RIGHT, now=at(1))
    return module


@pytest.fixture
def study_class(instructor, learner, module):
    study_class = a_class(by=instructor, members=[learner])
    assign(study_class, module)
    return study_class


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def everything_is_large(monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(table_offers, "MOST_AT_ONCE", 1)


def page_of(row: Module | object, rest: str = "files/") -> str:
    model = "module" if isinstance(row, Module) else "studyclass"
    return f"/admin/modules/{model}/{row.pk}/{rest}"


def ask(browser, row, table: str = "questions", form: str = "csv", query: str = "") -> str:
    """Asks for a large table, and returns the address of its page."""
    answer = browser.post(page_of(row) + query, {"table": table, "form": form})
    assert answer.status_code == 302
    return answer.headers["Location"]


def content_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("table", ["questions", "learners", "answers"])
def test_small_table_is_answered_at_once(browser, module, table):
    answers = {
        form: browser.post(page_of(module), {"table": table, "form": form}) for form in TableFile.Form.values
    }

    of_xlsx, of_ods = rows_of_xlsx(answers["xlsx"].content), rows_of_ods(answers["ods"].content)
    assert len(of_xlsx) == (9 if table == "answers" else 3)
    assert of_ods == of_xlsx
    assert answers["csv"].content.decode("utf-8-sig").count("\r\n") == len(of_xlsx)
    assert answers["ods"].headers["Content-Disposition"] == f'attachment; filename="tata-surya-{table}.ods"'
    assert TableFile.objects.count() == StoredTask.objects.count() == 0


def test_links_give_small_tables(browser, module, study_class, learner):
    assert f"{page_of(module)}" in browser.get(page_of(module, "results/")).content.decode()
    assert page_of(study_class, "grades.ods") in browser.get(page_of(study_class, "change/")).content.decode()

    rows = rows_of_ods(browser.get(page_of(study_class, "grades.ods")).content)
    assert [row[2] for row in rows[1:]] == [learner.email]
    in_class = browser.get(page_of(module, f"results/learners.xlsx?class={study_class.pk}"))
    assert [row[2] for row in rows_of_xlsx(in_class.content)[1:]] == [learner.email]


def test_link_to_a_large_table_leads_to_its_page(browser, everything_is_large, study_class):
    answer = browser.get(page_of(study_class, "grades.csv"), follow=True)

    assert answer.redirect_chain == [(page_of(study_class), 302)]
    assert "besar" in answer.content.decode()
    assert TableFile.objects.count() == 0


@pytest.mark.parametrize("form", TableFile.Form.values)
def test_worker_makes_what_a_request_would_have_made(
    browser, module, study_class, monkeypatch, settings, tmp_path, form
):
    at_once = browser.post(page_of(study_class), {"table": "class", "form": form})
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(table_offers, "MOST_AT_ONCE", 1)

    page = ask(browser, study_class, "class", form)
    waiting = browser.get(page).content.decode()
    assert "data-look-again" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert browser.get(f"{page}download/").status_code == 404
    run_tasks()

    ready = browser.get(page).content.decode()
    assert f"{page}download/" in ready
    assert "data-look-again" not in ready
    answer = browser.get(f"{page}download/")
    assert answer.headers["Content-Disposition"] == at_once.headers["Content-Disposition"]
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    read = {"csv": bytes, "xlsx": rows_of_xlsx, "ods": rows_of_ods}[form]
    assert read(content_of(answer)) == read(at_once.content)
    file = TableFile.objects.get()
    assert (file.done, file.total) == (1, 1)
    assert stat.S_IMODE(folder_of_tables().stat().st_mode) == 0o700
    assert [path.name for path in folder_of_tables().iterdir()] == [file.name]


def test_same_table_is_made_once(browser, everything_is_large, module):
    assert ask(browser, module) == ask(browser, module) != ask(browser, module, form="xlsx")
    assert StoredTask.objects.unfinished().count() == 2


def test_progress_is_stored_while_the_rows_are_written(browser, everything_is_large, module, monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    monkeypatch.setattr(table_files, "SECONDS_BETWEEN_SIGNS", 0)
    page, seen = ask(browser, module), []
    write = table_forms.write

    def look(table, form, file, folder):
        rows = table.rows
        table = exports.Table(
            table.header, (seen.append(TableFile.objects.get().done) or row for row in rows)
        )
        write(table, form, file, folder=folder)

    monkeypatch.setattr(table_forms, "write", look)
    run_tasks()
    assert seen == [0, 1]
    assert f"{page}download/" in browser.get(page).content.decode()


def test_killed_worker_leaves_the_file_to_the_next_one(browser, everything_is_large, module, monkeypatch):
    page = ask(browser, module, form="xlsx")
    write = table_forms.write

    def die(table, form, file, folder):
        file.write(b"half of it")
        (folder_of_tables() / "left-by-a-kill").write_bytes(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(table_forms, "write", die)
    with pytest.raises(KeyboardInterrupt):
        run_tasks()
    assert browser.get(f"{page}download/").status_code == 404

    monkeypatch.setattr(table_forms, "write", write)
    run_tasks()
    assert len(rows_of_xlsx(content_of(browser.get(f"{page}download/")))) == 3
    old = (timezone.now() - timedelta(hours=2)).timestamp()
    os.utime(folder_of_tables() / "left-by-a-kill", (old, old))
    table_files.remove_table_files.call()
    assert [path.name for path in folder_of_tables().iterdir()] == [TableFile.objects.get().name]


def test_page_says_that_a_file_could_not_be_made_yet(browser, everything_is_large, module, monkeypatch):
    browser.cookies["language"] = "en"
    page = ask(browser, module, form="ods")
    Worker.objects.create(name="w", seen_at=timezone.now(), started_at=timezone.now())
    assert "could not be made yet" not in browser.get(page).content.decode()

    def fail(table, form, file, folder):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(table_forms, "write", fail)
        run_tasks()
    assert list(folder_of_tables().iterdir()) == []
    assert "could not be made yet" in browser.get(page).content.decode()

    StoredTask.objects.update(due_at=timezone.now())
    run_tasks()
    assert "could not be made yet" not in browser.get(page).content.decode()
    assert len(rows_of_ods(content_of(browser.get(f"{page}download/")))) == 3


def test_two_workers_leave_one_file(browser, everything_is_large, module, monkeypatch):
    ask(browser, module)
    pk = TableFile.objects.get().pk
    write = table_forms.write

    def slow(table, form, file, folder):
        monkeypatch.setattr(table_forms, "write", write)
        table_files.make_table_file.call(pk)  # another worker, which is faster
        write(table, form, file, folder=folder)

    monkeypatch.setattr(table_forms, "write", slow)
    table_files.make_table_file.call(pk)
    assert [path.name for path in folder_of_tables().iterdir()] == [TableFile.objects.get().name]


def test_file_is_removed_when_its_time_has_passed(browser, everything_is_large, module):
    page = ask(browser, module)
    run_tasks()
    TableFile.objects.update(asked_at=timezone.now() - KEPT_FOR)
    assert browser.get(page).status_code == browser.get(f"{page}download/").status_code == 404
    [path] = folder_of_tables().iterdir()
    old = (timezone.now() - KEPT_FOR).timestamp()
    os.utime(path, (old, old))

    table_files.remove_table_files.call()

    assert (TableFile.objects.count(), list(folder_of_tables().iterdir())) == (0, [])


def test_file_is_only_for_the_person_who_asked(
    browser, signed_in, everything_is_large, module, administrator
):
    page = ask(browser, module)
    run_tasks()
    other = signed_in(administrator)
    assert other.get(page_of(module)).status_code == 200
    assert other.get(page).status_code == other.get(f"{page}download/").status_code == 404
    assert page not in other.get(page_of(module)).content.decode()
    assert page in browser.get(page_of(module)).content.decode()


def test_lost_right_takes_the_file_away(browser, everything_is_large, module, study_class, instructor):
    pages = [
        ask(browser, study_class, "class"),
        ask(browser, module, query=f"?class={study_class.pk}"),
        ask(browser, module),
    ]
    run_tasks()

    def codes() -> list[int]:
        return [browser.get(f"{page}download/").status_code for page in pages]

    assert codes() == [200, 200, 200]
    study_class.instructors.remove(instructor)
    assert codes() == [404, 404, 200]
    instructor.groups.remove(*instructor.groups.filter(name=INSTRUCTORS))
    assert set(codes()) <= {302, 403, 404}


def test_instructor_of_the_class_gets_only_its_grid(signed_in, settings, module, study_class, administrator):
    settings.MODULES = "owners"
    Module.objects.update(owner=administrator)
    instructor = study_class.instructors.get()
    browser = signed_in(instructor)
    assert browser.get(page_of(study_class, "grades.csv")).status_code == 200
    assert page_of(module) not in browser.get(page_of(study_class)).content.decode()
    assert browser.get(f"{page_of(module)}?class={study_class.pk}").status_code == 404
    assert browser.get(page_of(module, f"results/questions.csv?class={study_class.pk}")).status_code == 404


def test_class_of_others_cannot_be_chosen(browser, signed_in, module, other_learner):
    of_others = a_class("Kelas lain", members=[other_learner])
    assign(of_others, module)
    assert "Kelas lain" not in browser.get(page_of(module)).content.decode()
    for address in ("files/", "results/learners.csv"):
        assert browser.get(page_of(module, f"{address}?class={of_others.pk}")).status_code == 404
    assert (
        browser.post(
            f"{page_of(module)}?class={of_others.pk}", {"table": "learners", "form": "csv"}
        ).status_code
        == 404
    )


def test_ods_has_a_limit_and_the_page_offers_others(browser, module, monkeypatch):
    monkeypatch.setattr(table_offers, "MOST_IN_ODS", 1)

    page = browser.get(page_of(module)).content.decode()
    answer = browser.post(page_of(module), {"table": "questions", "form": "ods"}, follow=True)

    assert 'value="ods"' not in page
    assert 'value="xlsx"' in page
    assert "terlalu besar untuk ODS" in answer.content.decode()
    assert browser.post(page_of(module), {"table": "questions", "form": "pdf"}).status_code == 404


def test_large_answers_to_a_question_keep_to_it(browser, everything_is_large, module):
    question = module.quiz.questions.get(identity="planet-keempat")
    answer = browser.get(f"/admin/modules/module/questions/{question.pk}/answers.csv")
    assert answer.headers["Location"] == f"{page_of(module)}?question={question.pk}"

    page = ask(browser, module, "answers", query=f"?question={question.pk}")
    assert TableFile.objects.get().total == 2
    run_tasks()

    rows = content_of(browser.get(f"{page}download/")).decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert all('"Planet keempat?"' in row for row in rows[1:])


def test_file_has_the_language_and_zone_of_its_reader(browser, everything_is_large, module, instructor):
    instructor.time_zone = "Asia/Jayapura"
    instructor.save()
    browser.cookies["language"] = "en"
    page = ask(browser, module)
    run_tasks()
    header, *_rows = content_of(browser.get(f"{page}download/")).decode("utf-8-sig").splitlines()
    assert '"submitted (WIT)"' in header.split(",")
