"""Makes a backup every day, where the settings ask the worker for it."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from backups import keeping

gettext_noop("Back up")  # the name of the task in the admin


@task()
def back_up() -> None:
    """Makes a backup in the folder of the settings. A failure is told where other failed tasks are."""
    keeping.back_up(settings.BACKUP_DIR, keep=settings.BACKUP_KEEP, now=timezone.now())
