"""Makes a school for ``bench/classes.py`` and asks for its pages, in a process of its own for each database.

    python bench/classroom.py fill LEARNERS
    python bench/classroom.py ask ROUNDS

``ask`` prints the figures of each page, and how the database finds its rows, as JSON.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.roles import Role, give  # noqa: E402
from modules.authoring import apply, planning, uploads  # noqa: E402
from modules.models import Assignment, Attempt, Enrolment, Module, Reading, StudyClass  # noqa: E402

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECTIONS, MODULES, MEMBERS = 10, 10, 300
OTHERS = 4  # times as many learners study other modules
BATCH = 1_000
TEACHER = "guru@example.com"
FIRST = "Adi Ayu Bagus Bunga Citra Dewi Eka Fajar Galih Hana Indra Joko Kartika Made Nadia Putu Rangga Sari Tari Yusuf"
LAST = "Nugroho Lestari Pratama Maharani Wijaya Saputra Handayani Kusuma Gunawan Susilo Utami Aditya Anggraini Setiawan"


def fill(learners: str) -> None:
    """Makes one module with so many learners, nine others, and a class of 300 to which all ten are assigned."""
    call_command("migrate", verbosity=0)
    teacher = User.objects.create_user(TEACHER, "x", name="Guru")
    give(teacher, Role.INSTRUCTOR)
    dice = random.Random("tuntas")
    modules = [a_module(number, teacher) for number in range(MODULES)]
    people = add_people(int(learners) * (1 + OTHERS), dice)
    count = int(learners)
    study(modules[0], people[:count], dice)
    share = count * OTHERS // (MODULES - 1)
    for number, module in enumerate(modules[1:]):
        begin = count + number * share
        study(module, people[begin : begin + share] + people[:MEMBERS], dice)
    add_class(modules, people[:MEMBERS], teacher)
    connection.cursor().execute("ANALYZE")


def a_module(number: int, owner: User) -> Module:
    sections = [f"## Bagian {n}\n\nSatu kalimat." for n in range(SECTIONS)]
    text = "\n\n".join(
        [f"# Modul {number}", *sections, "## Kuis akhir", "### Ya?\n\n- [x] Ya\n- [ ] Tidak", ""]
    )
    module = apply.apply_plan(
        planning.plan_document(None, uploads.parse_with_images(text)), by=owner, now=NOW
    )
    module.publish(by=owner, now=NOW)
    return module


def add_people(count: int, dice: random.Random) -> list[User]:
    first, last = FIRST.split(), LAST.split()
    people = [
        User(email=f"orang{n}@example.com", name=f"{dice.choice(first)} {dice.choice(last)}", password="!")
        for n in range(count)
    ]
    return User.objects.bulk_create(people, BATCH)


def study(module: Module, people: list[User], dice: random.Random) -> None:
    """Lets people read some sections each. Most of those who have read all have taken the quiz, and some passed."""
    sections = list(module.sections.active())
    read = {person.pk: dice.randint(0, SECTIONS) for person in people}
    rows = [enrolment(person, module, read[person.pk], dice) for person in people]
    enrolments = Enrolment.objects.bulk_create(rows, BATCH)
    readings = (
        Reading(enrolment=row, section=section, revision_id=module.current_id, read_at=row.last_seen_at)
        for row in enrolments
        for section in sections[: read[row.learner_id]]
    )
    Reading.objects.bulk_create(readings, BATCH)
    Attempt.objects.bulk_create(
        (an_attempt(module, row) for row in enrolments if row.grade is not None), BATCH
    )


def enrolment(person: User, module: Module, read: int, dice: random.Random) -> Enrolment:
    seen = NOW - timedelta(minutes=dice.randint(0, 50_000))
    grade = dice.randint(0, 20) * 5.0 if read == SECTIONS and dice.random() < 0.8 else None
    passed = seen if grade is not None and grade >= 70 else None
    return Enrolment(
        learner=person, module=module, begun_at=seen, last_seen_at=seen, grade=grade, passed_at=passed, finished_at=passed
    )  # fmt: skip


def an_attempt(module: Module, row: Enrolment) -> Attempt:
    return Attempt(
        enrolment=row, quiz=module.quiz, number=1, pass_mark=70, started_at=row.last_seen_at,
        submitted_at=row.last_seen_at, outcome_recorded_at=row.last_seen_at, passed_at=row.passed_at,
        mark=Fraction(int(row.grade or 0), 100), max_mark=Fraction(1),
    )  # fmt: skip


def add_class(modules: list[Module], people: list[User], teacher: User) -> None:
    group = Group.objects.create(name="X-TKR 2")
    group.user_set.add(*people)
    study_class = StudyClass.objects.create(group=group)
    study_class.instructors.add(teacher)
    for number, module in enumerate(modules):
        due = NOW + timedelta(days=7 * (number - 4))
        Assignment.objects.create(study_class=study_class, module=module, due_at=due)


def pages() -> dict[str, str]:
    """Returns the address of each page that is measured, by what it shows."""
    module, study_class = Module.objects.get(title="Modul 0").pk, StudyClass.objects.get().pk
    results = f"/admin/modules/module/{module}/results/"
    grid = f"/admin/modules/studyclass/{study_class}/change/"
    return {
        "results, last seen": results,
        "results, page 100": f"{results}?page=100",
        "results, by name": f"{results}?sort=name",
        "results, by grade": f"{results}?sort=-grade",
        "results, a common name": f"{results}?q=sari",
        "results, two words": f"{results}?q=dewi+pra&sort=name",
        "results, nobody": f"{results}?q=zzzz",
        "results, not passed": f"{results}?state=failed",
        "results, one class": f"{results}?class={study_class}",
        "grid": grid,
        "grid, page 6": f"{grid}?page=6",
        "grid, by a module": f"{grid}?sort=-m{module}",
        "grid, last seen": f"{grid}?sort=-seen",
        "grid, a name": f"{grid}?q=sari",
        "grid, late": f"{grid}?state=late",
        "grid, not begun": f"{grid}?state=new&module={module}",
    }


def ask(rounds: str) -> None:
    browser = Client(headers={"host": "testserver"})
    browser.force_login(
        User.objects.get(email=TEACHER), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    found = {}
    with override_settings(ROOT_URLCONF="bare_list"):
        for name, address in pages().items():
            found[name] = figures(browser, address, int(rounds))
    print(json.dumps({"pages": found, "learners": Enrolment.objects.filter(module__title="Modul 0").count()}))


def figures(browser: Client, address: str, rounds: int) -> dict[str, Any]:
    for warm in (address, "/bare-list/"):
        assert browser.get(warm).status_code == 200, warm
    with CaptureQueriesContext(connection):
        browser.get(address)
        queries = [query["sql"] for query in connection.queries]  # the next request forgets them
    ours, bare = [], []
    for _round in range(rounds):
        ours.append(milliseconds(browser, address))
        bare.append(milliseconds(browser, "/bare-list/"))
    tracemalloc.start()
    browser.get(address)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {
        "queries": len(queries),
        "page": [statistics.median(ours), percentile(ours, 95)],
        "bare": [statistics.median(bare), percentile(bare, 95)],
        "megabytes": peak / 1e6,
        "scans": [scan for query in queries for scan in scans(query)],
    }


def milliseconds(browser: Client, address: str) -> float:
    began = time.perf_counter()
    browser.get(address)
    return 1000 * (time.perf_counter() - began)


def percentile(values: list[float], share: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


LARGE = ("accounts_user", "modules_enrolment", "modules_reading", "modules_attempt")


def scans(sql: str) -> list[str]:
    """Returns the large tables that the database reads whole for a query, by its own plan.

    PostgreSQL reads a table in one go where that is cheaper. So it is asked whether it could do without.
    """
    if not sql.lstrip().upper().startswith("SELECT"):
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            lines = [str(row[3]) for row in cursor.fetchall()]
            return [line for line in lines if is_scan(line, "SCAN")]
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        lines = [str(row[0]) for row in cursor.fetchall()]
        cursor.execute("SET enable_seqscan = on")
        return [line.strip() for line in lines if is_scan(line, "Seq Scan on")]


def is_scan(line: str, word: str) -> bool:
    return word in line and " USING " not in line and any(f"{table}" in line.split() for table in LARGE)


if __name__ == "__main__":
    {"fill": fill, "ask": ask}[sys.argv[1]](*sys.argv[2:])
