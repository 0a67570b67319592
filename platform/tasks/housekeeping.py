"""Removes rows that nobody needs any more."""

from datetime import timedelta

from django.core.management import call_command
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from tasks.models import StoredTask, Worker

gettext_noop("Clear sessions")
gettext_noop("Prune tasks")

DONE_FOR = timedelta(days=7)  # Administrators look this far back.
FAILED_FOR = timedelta(days=30)  # Administrators have this long to try a failed task again.


@task()
def clear_sessions() -> None:
    call_command("clearsessions")


@task()
def prune_tasks() -> None:
    """Deletes old finished tasks and old workers. The newest worker stays, because pages say when it was alive."""
    now = timezone.now()
    old = Q(done_at__lt=now - DONE_FOR) | Q(failed_at__lt=now - FAILED_FOR)
    StoredTask.objects.filter(old).delete()
    for worker in Worker.objects.order_by("-seen_at")[1:]:
        if worker.seen_at < now - DONE_FOR:
            worker.delete()
