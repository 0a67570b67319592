"""Does one step of an upgrade on the database of the environment: ``python -m tests.upgrade.steps STEP [FILE]``.

``load`` brings an empty database to the migrations of a fixture and puts its rows in. ``dump`` prints all rows as JSON.
``look`` prints what the product says of the rows, and the status of every page that it opens.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.models import User  # noqa: E402
from modules.models import Attempt, Draft, Module  # noqa: E402

from . import rows  # noqa: E402
from .make import said  # noqa: E402


def load(file: Path) -> None:
    content = rows.content_of(file)
    targets = [(app, name) for app, name in content["migrations"]]
    MigrationExecutor(connection).migrate(targets)
    rows.load(MigrationExecutor(connection).loader.project_state(targets).apps, content["tables"])


def look() -> dict[str, Any]:
    # What is said comes first: a page closes attempts whose time is up.
    return {"said": said(), "pages": {**_pages_of_staff(), **_pages_of_learners()}}


def _pages_of_staff() -> dict[str, int]:
    """Returns the status of the pages of results, attempts, drafts and plans, as their instructor sees them."""
    pages = [reverse("admin:modules_module_results", args=[module.pk]) for module in Module.objects.all()]
    pages += [reverse("admin:modules_attempt_change", args=[one.pk]) for one in Attempt.with_deleted.all()]
    pages += [reverse("admin:modules_draft_change", args=[draft.pk]) for draft in Draft.objects.all()]
    plans = Draft.objects.filter(module__isnull=False)
    pages += [reverse("admin:modules_draft_plan", args=[draft.pk]) for draft in plans]
    return _statuses(User.objects.get(email="budi@example.com"), pages)


def _pages_of_learners() -> dict[str, int]:
    """Returns the status of the pages of modules, sections and results, as each of their learners sees them."""
    statuses: dict[str, int] = {}
    for learner in User.objects.filter(is_staff=False, is_active=True):
        pages = ["/"]
        for enrolment in learner.enrolments.filter(module__published_at__isnull=False):
            pages.append(enrolment.module.get_absolute_url())
            pages += [section.get_absolute_url() for section in enrolment.module.sections.active()]
            if enrolment.module.active_quiz:
                pages.append(enrolment.module.active_quiz.get_absolute_url())
            pages += [attempt.get_absolute_url() for attempt in enrolment.attempts.all()]
        statuses |= _statuses(learner, pages)
    return statuses


def _statuses(user: User, pages: Iterable[str]) -> dict[str, int]:
    """Returns the status of each page; a redirect is followed, since its target is a page as well."""
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {f"{user.email} {page}": browser.get(page, follow=True).status_code for page in pages}


def main() -> None:
    match sys.argv[1]:
        case "load":
            load(Path(sys.argv[2]))
        case "dump":
            print(json.dumps(rows.dump(apps)))
        case "look":
            print(json.dumps(look()))


if __name__ == "__main__":
    main()
