"""Checks the demo: a class in the middle of three modules, made by the product's own functions."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from modules.authoring import planning, uploads
from modules.insights.cohorts import Cohort
from modules.insights.item_rules import Finding
from modules.insights.overview import overview_of
from modules.insights.results import classes_with
from modules.management.demo import charts, filling
from modules.models import Attempt, Correction, Draft, Module, Override, Regrade, Response, Section

pytestmark = pytest.mark.slow


def demo(*options: str) -> str:
    """Runs the command, and returns what it said."""
    out = StringIO()
    call_command("demo", *options, stdout=out, stderr=out)
    return out.getvalue()


@dataclass(frozen=True)
class Filled:
    """The database that the demo has filled: what the command said, and the grades by module."""

    said: str
    grades: dict[str, list[float]]


def grades() -> dict[str, list[float]]:
    attempts = Attempt.with_deleted.submitted().select_related("quiz__module").order_by("pk")
    by_module: dict[str, list[float]] = {}
    for attempt in attempts:
        by_module.setdefault(attempt.quiz.module.slug, []).append(float(attempt.grade or 0))
    return by_module


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker) -> Iterator[Filled]:
    """Fills the database once for all tests of this file, since that takes some seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        said = demo()
        yield Filled(said, grades())
        transaction.set_rollback(True)


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.mark.django_db
def test_class_is_in_every_situation(filled: Filled):
    assert Group.objects.get(name=filling.CLASS_NAME).user_set.filter(is_staff=False).count() == 30
    assert set(filled.grades) == {charts.SLUG, *filling.SHIPPED}
    for module in Module.objects.all():
        attempts = Attempt.with_deleted.filter(
            quiz__module=module, enrolment__learner__groups__name=filling.CLASS_NAME
        )
        enrolments = module.enrolments.filter(learner__groups__name=filling.CLASS_NAME)
        assert enrolments.count() == 26
        assert enrolments.filter(finished_at__isnull=False).count() == 8
        assert Counter(
            "open" if attempt.is_open else "passed" if attempt.is_passed else "failed" for attempt in attempts
        ) == {"open": 3, "passed": 8, "failed": 7}
        assert Response.objects.filter(attempt__in=attempts, is_flagged=True).exists()
        for attempt in attempts.open():
            answered = attempt.responses.exclude(answer=[]).count()
            assert 0 < answered < attempt.responses.count()


@pytest.mark.django_db
def test_overview_has_something_to_say(filled: Filled):
    module = Module.objects.select_related("quiz").get(slug=filling.SHIPPED[0])
    overview = overview_of(Cohort(module), list(classes_with(module)), now=timezone.now())
    assert overview.path.worst is not None
    assert overview.help.by_reason["twice"] == 3
    misleading, *_others = overview.questions.noticed
    assert misleading.question.identity == filling.MISLEADING
    assert misleading.verdicts[0].finding == Finding.KEY
    assert [each.study_class.name for each in overview.classes] == [
        filling.CLASS_NAME,
        filling.SECOND_CLASS_NAME,
    ]


@pytest.mark.django_db
def test_english_module_has_a_history(filled: Filled):
    module = Module.objects.get(slug=charts.SLUG)
    assert module.text() == charts.second_version()
    assert module.revisions.count() == 2
    assert Section.objects.get(module=module, archived_at__isnull=False).readings.exists()
    assert {(row.mark_before, row.response.mark) for row in Regrade.objects.select_related("response")} == {
        (0, 2)
    }
    assert set(Correction.objects.values_list("kind", flat=True)) == {"mark", "deleted"}
    assert Override.objects.filter(group__name=filling.CLASS_NAME).count() == 1
    assert Override.objects.filter(learner__email="ayu.lestari@demo.example").count() == 1


@pytest.mark.django_db
def test_draft_has_a_plan_that_changes_something(filled: Filled):
    draft = Draft.objects.select_related("module").get()
    plan = planning.plan_document(draft.module, uploads.parse_with_images(draft.text, module=draft.module))
    states = {state for change in plan.changes for state in change.states}
    assert {"new", "renamed", "changed"} <= states
    assert {setting.name for setting in plan.settings} == {"pass_mark", "time_limit"}
    assert not plan.document.errors


@pytest.mark.django_db
def test_times_lie_in_the_last_weeks(filled: Filled):
    now = timezone.now()
    times = [
        moment
        for attempt in Attempt.objects.all()
        for moment in (attempt.started_at, attempt.submitted_at)
        if moment
    ]
    assert now - timedelta(days=filling.FIRST_VERSION) < min(times)
    assert max(times) <= now
    assert len({moment.date() for moment in times}) >= 7


@pytest.mark.django_db
def test_pages_of_results_and_of_the_plan_open(filled: Filled, signed_in: Callable[[User], Client]):
    draft = Draft.objects.get()
    browser = signed_in(draft.author)
    for module in Module.objects.all():
        page = browser.get(reverse("admin:modules_module_results", args=[module.pk]))
        assert page.status_code == 200
        assert b"@demo.example" in page.content
    plan = browser.get(reverse("admin:modules_draft_plan", args=[draft.pk]))
    assert plan.status_code == 200
    assert "What a drawing shows" in plan.content.decode()


@pytest.mark.django_db
def test_printed_passwords_sign_in(filled: Filled):
    kept = settings.DATA_DIR / "demo-accounts.txt"
    assert kept.stat().st_mode & 0o777 == 0o600
    rows = [line.split()[-2:] for line in kept.read_text(encoding="utf-8").splitlines()]
    assert {email for email, _password in rows} == set(
        User.objects.filter(email__endswith=filling.DOMAIN).values_list("email", flat=True)
    )
    email, password = rows[-1]
    assert password in filled.said
    assert User.objects.get(email=email).check_password(password)


@pytest.mark.django_db
def test_second_run_changes_nothing(filled: Filled):
    kept = settings.DATA_DIR / "demo-accounts.txt"
    before = counts(), kept.read_bytes()
    assert "nothing was changed" in demo()
    assert (counts(), kept.read_bytes()) == before
