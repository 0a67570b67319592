"""Fills a new database with modules and learners, and prints as JSON the queries of a section page.

``queries`` has their SQL by the number of sections and learners: ``{"1 section, 1 learner": [...], ...}``. ``cookie``
belongs to a learner who has read half of each module. ``section`` is the address of a page in the middle of the demo
module. ``sections`` has the addresses of all section pages of the modules that ship.
"""

import json
import os
from collections.abc import Iterable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from modules.authoring import apply, planning, uploads  # noqa: E402
from modules.models import Attempt, Enrolment, Module, Reading, Section  # noqa: E402
from modules.reading import progress  # noqa: E402

LEARNERS = 10_000
SECTIONS = (1, 200)
BATCH = 500
DEMO = "ai-engineer-dan-ml-engineer"


def main() -> None:
    sari = User.objects.get(email="learner@example.com")
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(sari, backend="allauth.account.auth_backends.AuthenticationBackend")
    grown = [a_module(count) for count in SECTIONS]
    for module in Module.objects.all():
        read_half(sari, module)
    queries = {size(module, 1): queries_of(browser, module) for module in grown}
    add_learners(LEARNERS - 1)
    queries |= {size(module, LEARNERS): queries_of(browser, module) for module in grown}
    demo = sections_of(Module.objects.filter(slug=DEMO))
    print(
        json.dumps(
            {
                "queries": queries,
                "cookie": browser.cookies.output(attrs=[], header="", sep=";").strip(),
                "section": demo[len(demo) // 2],
                "sections": sections_of(Module.objects.exclude(pk__in=[module.pk for module in grown])),
            }
        )
    )


def a_module(count: int) -> Module:
    """Makes a published module with ``count`` sections and a quiz of twenty questions."""
    sections = [f"## Bagian {n}\n\n" + "Satu kalimat yang cukup panjang. " * 40 for n in range(1, count + 1)]
    questions = [f"### Soal {n}?\n\n- [x] Ya\n- [ ] Tidak" for n in range(1, 21)]
    text = "\n\n".join([f"# Modul {count}", *sections, "## Kuis akhir", *questions, ""])
    module = apply.apply_plan(
        planning.plan_document(None, uploads.parse_with_images(text)), by=None, now=timezone.now()
    )
    module.publish(by=None, now=timezone.now())
    return module


def read_half(learner: User, module: Module) -> None:
    sections = list(module.sections.active().select_related("module"))
    progress.begin(learner, module, now=timezone.now())
    for section in sections[: len(sections) // 2]:
        progress.record_reading(learner, section, now=timezone.now())


def add_learners(count: int) -> None:
    """Adds ``count`` learners who have begun every module, read three sections of it and taken its quiz."""
    people = [User(email=f"crowd{n}@example.com", name=f"Orang {n}", password="!") for n in range(count)]
    people = User.objects.bulk_create(people, BATCH)
    for module in Module.objects.select_related("quiz"):
        attend(module, people)


def attend(module: Module, people: list[User]) -> None:
    now = timezone.now()
    enrolments = [
        Enrolment(learner=person, module=module, begun_at=now, last_seen_at=now) for person in people
    ]
    enrolments = Enrolment.objects.bulk_create(enrolments, BATCH)
    readings = [
        Reading(enrolment=enrolment, section=section, revision_id=module.current_id, read_at=now)
        for section in module.sections.active()[:3]
        for enrolment in enrolments
    ]
    Reading.objects.bulk_create(readings, BATCH)
    grade = {"pass_mark": 70, "mark": 9, "max_mark": 10}
    when = {"started_at": now, "submitted_at": now, "passed_at": now}
    attempts = [
        Attempt(enrolment=enrolment, quiz=module.quiz, number=1, **grade, **when) for enrolment in enrolments
    ]
    Attempt.objects.bulk_create(attempts, BATCH)


def queries_of(browser: Client, module: Module) -> list[str]:
    """Returns the SQL of the queries of the module's last section page, on its second request."""
    url = sections_of([module])[-1]
    browser.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(url).status_code == 200
    return [query["sql"] for query in asked.captured_queries]


def sections_of(modules: Iterable[Module]) -> list[str]:
    sections = Section.objects.active().filter(module__in=modules).order_by("module", "place")
    return [section.get_absolute_url() for section in sections.select_related("module")]


def size(module: Module, learners: int) -> str:
    count = module.sections.active().count()
    return f"{count} section{'s' * (count > 1)}, {learners:,} learner{'s' * (learners > 1)}"


if __name__ == "__main__":
    main()
