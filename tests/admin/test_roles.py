"""Walks all addresses of the site in all roles: nobody reaches what is not theirs.

:mod:`tests.admin.expected_roles` says who may reach an address. A new one that is not there fails the first test.
"""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseNotFound
from django.shortcuts import get_object_or_404
from django.test import Client
from django.urls import get_resolver, path

from modules.admin import permissions
from modules.models import Draft, ownership
from tests.admin.expected_roles import (
    EVERYBODY,
    NOBODY,
    OWNER,
    ROLES,
    STRANGER,
    expectation,
    patterns,
    undeclared,
)
from tests.admin.school import HIDDEN, School, a_school

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
# Tables that each request may write, whoever sends it: who asked, and how often.
OF_THE_REQUEST = ("django_session", "usersessions_usersession", "cache", "accounts_")
WRITES = re.compile(r'(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM) "(\w+)"')
SIGNED_OUT = '{"signed_out": true}'  # says to a script that nobody is signed in
# What only those may read who see the results of the module or the draft of its owner.
SECRETS = ("Sari Wulandari", "sari@example.com", HIDDEN)


@pytest.fixture
def school(settings, learner, other_learner, instructor, administrator) -> Iterator[School]:
    settings.MODULES = "owners"
    logging.disable(logging.WARNING)  # each refused request would be a line
    yield a_school(learner, other_learner, instructor, administrator)
    logging.disable(logging.NOTSET)


@dataclass(frozen=True)
class Visit:
    """What one role found at one address. ``wrote`` are the tables that the request changed."""

    role: str
    method: str
    pattern: str
    answer: HttpResponse
    text: str
    wrote: tuple[str, ...]

    @property
    def has_reached(self) -> bool:
        """Tells whether the request got a page or a file, or changed something. A bare redirect tells nothing."""
        has_page = self.text not in ("", SIGNED_OUT)
        return bool(self.wrote) or (200 <= self.answer.status_code < 300 and has_page)

    @property
    def is_let_in(self) -> bool:
        return self.answer.status_code < 400 and "/accounts/" not in self.answer.headers.get("Location", "")

    @property
    def is_a_hole(self) -> bool:
        return self.has_reached and self.role not in (expectation(self.pattern) or NOBODY)

    def __str__(self) -> str:
        return f"{self.role}: {self.method} {self.pattern}: {self.answer.status_code} {' '.join(self.wrote)}"


def content_of(answer: HttpResponse) -> str:
    """Returns a page or a file as text, and what is in an archive."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if content[:2] == b"PK":
        with ZipFile(BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace")


def visit(school: School, browser: Client, role: str, method: str, pattern: str) -> Visit:
    """Sends a request, and takes back what it changed."""
    address, data = school.address(pattern), school.forms.get(pattern, {})
    for value in data.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    tables: set[str] = set()

    def note(execute, sql, params, many, context):
        tables.update(WRITES.findall(sql))
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(note):
        answer = browser.post(address, data) if method == "POST" else browser.generic(method, address)
        text = content_of(answer)
        transaction.set_rollback(True)
    wrote = sorted(table for table in tables if not table.startswith(OF_THE_REQUEST))
    return Visit(role, method, pattern, answer, text, tuple(wrote))


def walk(
    school: School, signed_in: Callable, *, roles: Sequence[str] = ROLES, methods: Sequence[str] = METHODS
) -> list[Visit]:
    """Lets each role visit each address that is not for everybody: by all methods, or by two where it is let in."""
    visits = []
    for role in roles:
        user = school.people[role]
        browser = signed_in(user) if user else Client()
        for pattern in patterns():
            allowed = expectation(pattern) or NOBODY
            if allowed != EVERYBODY:
                by = ("GET", "POST") if role in allowed else methods
                visits += [visit(school, browser, role, method, pattern) for method in by]
    return visits


def test_every_address_says_who_may_reach_it():
    assert undeclared() == []


def test_new_address_without_expectation_is_found(monkeypatch):
    new = path("grades-of-everybody/", lambda request: HttpResponseNotFound())
    monkeypatch.setattr(get_resolver(), "url_patterns", [*get_resolver().url_patterns, new])
    assert undeclared() == ["grades-of-everybody/"]


def test_each_role_reaches_what_is_theirs_and_nothing_else(school, signed_in):
    visits = walk(school, signed_in)

    assert [str(each) for each in visits if each.is_a_hole] == []
    # Nothing of this counts if the pages do not open for those who may.
    let_in = {
        each.pattern
        for each in visits
        if each.is_let_in and each.role in (expectation(each.pattern) or NOBODY)
    }
    guarded = {pattern for pattern in patterns() if expectation(pattern) not in (EVERYBODY, NOBODY)}
    assert {
        pattern for pattern in guarded - let_in if pattern.startswith(("admin/modules/", "preview/"))
    } == set()
    wrote = {each.pattern for each in visits if each.wrote and each.method == "POST"}
    assert set(school.forms) - wrote == {
        "admin/markdown/preview/",
        "admin/markdown/part/",
    }  # which keep nothing
    told = {role: "".join(each.text for each in visits if each.role == role) for role in (OWNER, STRANGER)}
    assert [secret for secret in SECRETS if secret not in told[OWNER]] == []
    assert [secret for secret in SECRETS if secret in told[STRANGER]] == []


def test_archive_of_all_modules_has_only_own_ones(school, signed_in):
    texts = {}
    for role in (STRANGER, OWNER):
        browser = signed_in(school.people[role])
        texts[role] = visit(school, browser, role, "GET", "admin/modules/module/archive/").text
    assert ["Merkurius" in texts[role] for role in (STRANGER, OWNER)] == [False, True]


def everything(user):
    return ownership.ALL if user.has_perm(ownership.WRITES) else ownership.NONE


def any_draft(request, pk):
    return get_object_or_404(Draft.objects.select_related("author", "module__current"), pk=pk)


@pytest.mark.parametrize(
    ("place", "name", "hole", "found"),
    [
        (ownership, "changeable_by", everything, "admin/modules/module/<int:pk>/results/"),
        (ownership, "changeable_by", everything, "admin/modules/attempt/<int:pk>/corrections/"),
        (permissions, "draft_for", any_draft, "admin/modules/draft/<int:pk>/plan/"),
    ],
)
def test_planted_hole_is_found(school, signed_in, monkeypatch, place, name, hole, found):
    monkeypatch.setattr(place, name, hole)
    visits = walk(school, signed_in, roles=[STRANGER], methods=["GET", "POST"])
    assert found in {each.pattern for each in visits if each.is_a_hole}
