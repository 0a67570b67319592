"""Tests the page of background work: for administrators only, and without what a mail says."""

import pytest
from django.core import mail
from django.utils import timezone

from tasks.models import StoredTask, Worker
from tests.cast import run_tasks
from tests.tasks.functions import fail, give_up

pytestmark = pytest.mark.django_db

PAGE = "/admin/tasks/storedtask/"


@pytest.fixture
def as_administrator(signed_in, administrator):
    browser = signed_in(administrator)
    browser.cookies["language"] = "en"
    return browser


@pytest.fixture
def failed() -> StoredTask:
    row = StoredTask.objects.get(pk=give_up.enqueue().id)
    run_tasks()
    return row


def text_of(browser, address: str) -> str:
    return " ".join(browser.get(address).content.decode().split())


def test_page_is_for_administrators_only(signed_in, instructor, learner, client, failed):
    for browser in (client, signed_in(learner), signed_in(instructor)):
        for address in (PAGE, f"{PAGE}{failed.pk}/change/"):
            assert browser.get(address).status_code in (302, 403)
        for address in (f"{PAGE}{failed.pk}/attempt/", f"{PAGE}{failed.pk}/removal/"):
            assert browser.post(address).status_code in (302, 403)
    failed.refresh_from_db()
    assert failed.failed_at is not None
    assert PAGE not in text_of(signed_in(instructor), "/admin/")


def test_page_lists_each_state(as_administrator, failed):
    now = timezone.now()
    fail.enqueue()
    for column, task in (("done_at", "done"), ("", "running")):
        row = StoredTask.objects.get(pk=fail.enqueue().id)
        row.done_at = now if column else None
        row.holder = "" if column else "a"
        row.due_at = now + timezone.timedelta(minutes=1)
        row.save()
        assert text_of(as_administrator, f"{PAGE}?state={task}").count("field-name") == 1

    assert text_of(as_administrator, f"{PAGE}?state=failed").count("field-name") == 1
    assert "never" in text_of(as_administrator, f"{PAGE}{failed.pk}/change/")


def test_page_says_whether_a_worker_runs(as_administrator):
    assert "No worker has run yet" in text_of(as_administrator, PAGE)
    assert "No worker runs" in text_of(as_administrator, "/admin/")

    now = timezone.now()
    worker = Worker.objects.create(name="a", started_at=now, seen_at=now)
    assert "A worker runs." in text_of(as_administrator, PAGE)
    assert "No worker runs" not in text_of(as_administrator, "/admin/")

    worker.stopped_at = now
    worker.save()
    assert "A worker was last alive on" in text_of(as_administrator, PAGE)


def test_page_never_shows_a_mail(as_administrator, settings):
    settings.EMAIL_BACKEND = "tasks.mail.QueuedBackend"
    mail.send_mail("Halo", "https://example.com/secret-link", None, ["sari@example.com"])
    row = StoredTask.objects.get()
    assert "secret-link" in str(row.arguments)

    for failed_at in (None, timezone.now()):
        StoredTask.objects.update(failed_at=failed_at)
        for address in (PAGE, f"{PAGE}{row.pk}/change/"):
            shown = text_of(as_administrator, address)
            assert "Send mail" in shown
            assert "secret-link" not in shown


def test_failed_task_is_tried_again(as_administrator, failed):
    response = as_administrator.post(f"{PAGE}{failed.pk}/attempt/", follow=True)

    assert "The task is tried again." in response.content.decode()
    failed.refresh_from_db()
    assert (failed.failed_at, failed.attempts) == (None, 0)


def test_failed_task_is_discarded(as_administrator, failed):
    as_administrator.post(f"{PAGE}{failed.pk}/removal/")
    assert not StoredTask.objects.filter(pk=failed.pk).exists()
    assert as_administrator.post(f"{PAGE}{failed.pk}/removal/").status_code == 302
    assert as_administrator.get(f"{PAGE}{failed.pk}/change/").status_code == 302


def test_waiting_task_is_neither_retried_nor_discarded(as_administrator):
    row = StoredTask.objects.get(pk=fail.enqueue().id)
    for way in ("attempt", "removal"):
        as_administrator.post(f"{PAGE}{row.pk}/{way}/")
    assert StoredTask.objects.unfinished().filter(pk=row.pk, attempts=0).exists()
    assert "Try again" not in text_of(as_administrator, f"{PAGE}{row.pk}/change/")


def test_page_costs_the_same_for_many_tasks(as_administrator, django_assert_max_num_queries):
    for _task in range(60):
        fail.enqueue()
    with django_assert_max_num_queries(14):
        as_administrator.get(PAGE)


@pytest.mark.parametrize(
    "lookup", ["arguments__icontains", "arguments__args__0__body__regex", "problem__contains"]
)
def test_address_of_the_list_filters_by_no_column(as_administrator, failed, lookup):
    response = as_administrator.get(f"{PAGE}?{lookup}=a")
    assert (response.status_code, response.headers.get("Location")) != (200, None)
