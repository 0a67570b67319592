"""Keeps tasks and workers as rows. Each change of a row is one statement, so that no lock outlives it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

# A worker that was not heard of for this long is dead. With a longer lease, a killed worker's task waits longer.
LEASE = timedelta(seconds=60)

# The pause after a failure doubles from the first to the longest.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=4)

# A task fails for good after so many attempts. With these pauses, that is about three days after the first.
MOST_ATTEMPTS = 30

# A task whose other side does not answer waits this long. Links in mails are valid as long.
PATIENCE = timedelta(days=3)

KILLED = gettext_noop("The worker ended each time while it ran this task.")


class TaskQuerySet(models.QuerySet["StoredTask"]):
    def unfinished(self) -> TaskQuerySet:
        return self.filter(done_at=None, failed_at=None)

    def running(self, now: datetime) -> TaskQuerySet:
        return self.unfinished().filter(due_at__gt=now).exclude(holder="")

    def waiting(self, now: datetime) -> TaskQuerySet:
        return self.unfinished().filter(Q(holder="") | Q(due_at__lte=now))

    def unanswered(self) -> TaskQuerySet:
        """Keeps the tasks whose last try met an other side that does not answer. Such a try does not count."""
        return self.unfinished().filter(attempts=0).exclude(problem="")

    def failed(self) -> TaskQuerySet:
        return self.exclude(failed_at=None)

    def done(self) -> TaskQuerySet:
        return self.exclude(done_at=None)

    def take(self, holder: str, *, now: datetime, resting: Collection[str] = ()) -> StoredTask | None:
        """Leases the most urgent task that is due, or returns None. Leaves out the queues that rest.

        Looking for one takes no lock. The update has the condition that nobody else has taken the task meanwhile.
        """
        due = self.unfinished().filter(due_at__lte=now).exclude(queue__in=resting)
        while task := due.order_by("-priority", "due_at", "pk").first():
            if task.attempts >= MOST_ATTEMPTS:
                self._same(task).update(failed_at=now, holder="", problem=KILLED)
            elif self._same(task).update(
                holder=holder, due_at=now + LEASE, started_at=now, attempts=F("attempts") + 1
            ):
                task.holder, task.attempts = holder, task.attempts + 1
                return task
        return None

    def _same(self, task: StoredTask) -> TaskQuerySet:
        return self.unfinished().filter(pk=task.pk, due_at=task.due_at)

    def renew(self, holder: str, *, now: datetime) -> None:
        """Extends the leases of a worker that is alive."""
        self.unfinished().filter(holder=holder).update(due_at=now + LEASE)


class StoredTask(models.Model):
    """One call of a task function.

    ``due_at`` is also the lease: a worker moves it ahead while it runs the task. If the worker is killed, the time
    comes, and the task is due again.
    """

    function = models.CharField(_("task"), max_length=200)
    arguments = models.JSONField(default=dict, editable=False)
    queue = models.CharField(max_length=32)
    priority = models.SmallIntegerField(default=0)
    key = models.CharField(max_length=300, null=True, editable=False)  # noqa: DJ001  no two empty keys are equal
    enqueued_at = models.DateTimeField(_("since"))
    due_at = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    holder = models.CharField(max_length=100, blank=True, default="")
    started_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed"), null=True, blank=True)
    problem = models.TextField(_("last problem"), blank=True, default="")

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task in the background")
        verbose_name_plural = _("background work")
        indexes = [
            models.Index(
                fields=["-priority", "due_at"],
                condition=Q(done_at=None, failed_at=None),
                name="unfinished_tasks_by_turn",
            ),
            models.Index(fields=["-enqueued_at"], name="tasks_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(done_at=None, failed_at=None),
                name="one_unfinished_task_per_key",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(failed_at=None), name="no_task_is_both_done_and_failed"
            ),
        ]

    def __str__(self) -> str:
        """Returns the name of the function as words: ``accounts.mail.send_mail`` is “Send mail”."""
        name = self.function.rpartition(".")[2].replace("_", " ")
        return gettext(name[:1].upper() + name[1:])

    def finish(self, *, now: datetime) -> bool:
        """Records that the task is done and forgets its arguments, which may hold a secret.

        Returns False if the lease was lost, because another worker has the task then.
        """
        return self._end(done_at=now, arguments={}, problem="")

    def repeat(self, *, due: datetime) -> bool:
        """Records that a recurring task ran, and when it runs again."""
        return self._end(due_at=due, attempts=0, problem="")

    def put_off(self, problem: str, *, now: datetime) -> bool:
        """Records a failed attempt. The next attempt comes after a pause that doubles each time."""
        if self.attempts >= MOST_ATTEMPTS:
            return self.give_up(problem, now=now)
        doubled = FIRST_PAUSE * 2 ** min(self.attempts - 1, 20)
        return self._end(due_at=now + min(doubled, LONGEST_PAUSE), problem=problem)

    def wait_for_other_side(self, problem: str, *, now: datetime) -> bool:
        """Puts the task behind the others of its queue. Such an attempt does not count, because it says nothing of the
        task.
        """
        if now - self.enqueued_at > PATIENCE:
            return self.give_up(problem, now=now)
        return self._end(due_at=now, problem=problem, attempts=self.attempts - 1)

    def give_up(self, problem: str, *, now: datetime) -> bool:
        """Records that the task failed. Only an administrator tries it again."""
        return self._end(failed_at=now, problem=problem)

    def release(self, *, now: datetime) -> bool:
        """Gives back a task that was interrupted."""
        return self._end(due_at=now)

    def _end(self, **columns: object) -> bool:
        mine = StoredTask.objects.unfinished().filter(pk=self.pk, holder=self.holder)
        if not mine.update(holder="", **columns):
            return False
        for column, value in columns.items():
            setattr(self, column, value)
        return True

    def retry(self, *, now: datetime) -> bool:
        """Lets a failed task be tried at once. Returns False if it has not failed, or if an equal task waits."""
        failed = StoredTask.objects.failed().filter(pk=self.pk)
        try:
            with transaction.atomic():
                return bool(failed.update(failed_at=None, attempts=0, enqueued_at=now, due_at=now))
        except IntegrityError:
            return False


class Worker(models.Model):
    """A process that runs tasks, and when it was last alive."""

    name = models.CharField(max_length=100, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def is_running(cls, now: datetime) -> bool:
        return cls.objects.filter(seen_at__gt=now - LEASE, stopped_at=None).exists()

    @classmethod
    def last_seen(cls) -> datetime | None:
        return cls.objects.aggregate(last=models.Max("seen_at"))["last"]
