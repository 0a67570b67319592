"""Sends malformed requests to every address of the site. None of them may end in an error of the server."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from config.requests import ReadableRequest
from modules.models import Draft
from modules.quizzes import attempts
from tests.cast import NOON, PLANETS, a_module, read_all, take

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NUL, SURROGATE, BROKEN = "%00", "%ED%A0%80", "%FF%FE"
HUGE = "9" * 30
WRONG_VALUES = (
    HUGE,
    "0",
    "-1",
    NUL,
    f"a{NUL}b",
    SURROGATE,
    BROKEN,
    "a" * 2000,
    "..%2f..%2fetc",
    "١٢٣",
    "1e999",
)
METHODS = ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW")
CHARSETS = ("utf-7", "utf-16", "hex", "rot13", "idna", "unknown", "", "utf-8;charset=utf-7", "a" * 300, "é")
BOUNDARIES = ("", "; boundary=", "; boundary=é", f"; boundary={'x' * 300}", "; boundary=a b", "; boundary=x")
WRONG_TEXTS = (
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    HUGE,
    "-" + HUGE,
    "1e999",
    "NaN",
    "\u202e",
    "%s%n{{}}",
    "x" * 9000,
)
COOKIES = ("\ud800", "é" * 50, "a" * 3000, '"', "=;=", "..", "null", HUGE)
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# The patterns that are regular expressions, each with an address that matches it.
WRITTEN_OUT = {
    "media": f"media/{'0' * 32}.png",
    "account_confirm_email": "accounts/confirm-email/key/",
    "account_reset_password_from_key": "accounts/password/reset/key/1-key/",
}


@dataclass(frozen=True)
class Route:
    """An address of the site, with the good values of its parameters."""

    pattern: str
    values: dict[str, str] = field(default_factory=dict)

    def path(self, **wrong: str) -> str:
        values = self.values | wrong
        return "/" + PARAMETER.sub(lambda parameter: values.get(parameter[1], "1"), self.pattern)

    @property
    def parameters(self) -> list[str]:
        return PARAMETER.findall(self.pattern)


def routes(values: dict[str, str]) -> list[Route]:
    patterns = dict.fromkeys(_patterns(get_resolver().url_patterns, ""))
    return [Route(pattern, values) for pattern in patterns]


def _patterns(entries: list[Any], prefix: str) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            known = WRITTEN_OUT.get(entry.name or "")
            yield known or (prefix + str(entry.pattern)).replace("(?P<url>.*)$", "nowhere/").lstrip("^")


@pytest.fixture
def values(learner, administrator) -> dict[str, str]:
    """Fills the site, so that the addresses lead to something. Returns the values of their parameters."""
    call_command("createcachetable", verbosity=0)
    module = a_module(PLANETS, by=administrator)
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter", ["Saturnus"], "Mars", "9"])
    attempt = attempts.start(learner, module.quiz, now=NOON)
    draft = Draft.objects.create(author=administrator, text=PLANETS, module=module)
    return {
        "slug": module.slug,
        "identity": "planet-dalam",
        "pk": str(attempt.pk),
        "object_id": str(module.pk),
        "draft": str(draft.pk),
        "number": "1",
        "kind": "section",
    }


@pytest.fixture
def people(signed_in, learner, administrator) -> list[Client]:
    browsers = [Client(), signed_in(learner), signed_in(administrator)]
    for browser in browsers:
        browser.raise_request_exception = False
    return browsers


Send = Callable[[], Any]


class Failures:
    """Sends requests, undoes what they do, and keeps those that ended in an error of the server."""

    def __init__(self) -> None:
        self.sent = 0
        self.failed: list[str] = []

    def send(self, name: str, send: Send) -> None:
        self.sent += 1
        with transaction.atomic():
            response = send()
            transaction.set_rollback(True)
        if response.status_code >= 500:
            error = getattr(response, "exc_info", None)
            self.failed.append(f"{name[:160]}: {error[1]!r}" if error else name[:160])


@pytest.fixture(autouse=True)
def requests_of_the_server(monkeypatch):
    """Reads requests as config.wsgi does. Logs nothing, since every refusal would be a page of text."""
    monkeypatch.setattr("django.test.client.WSGIRequest", ReadableRequest)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def failures() -> Failures:
    return Failures()


def test_wrong_values_in_addresses_fail_nowhere(values, people, failures):
    for route in routes(values):
        for parameter in route.parameters:
            for wrong in WRONG_VALUES:
                path = route.path(**{parameter: wrong})
                for browser in people:
                    failures.send(f"GET {path}", lambda: browser.get(path))  # noqa: B023  called at once

    assert failures.failed == []
    assert failures.sent > 732


def test_wrong_queries_fail_nowhere(values, people, failures):
    names = (
        "q",
        "p",
        "page",
        "o",
        "e",
        "all",
        "next",
        "with",
        "question",
        "answer",
        "done",
        "_popup",
        "email",
    )
    for route in routes(values):
        for wrong in (NUL, SURROGATE, BROKEN, HUGE, "%", "-1"):
            query = "&".join(f"{name}={wrong}" for name in names)
            path = f"{route.path()}?{query}"
            for browser in people:
                failures.send(f"GET {path}", lambda: browser.get(path))  # noqa: B023

    assert failures.failed == []


def test_wrong_methods_fail_nowhere(values, people, failures):
    for route in routes(values):
        for method in METHODS:
            for browser in people:
                failures.send(
                    f"{method} {route.path()}",
                    lambda: browser.generic(method, route.path(), b"a=1"),  # noqa: B023
                )

    assert failures.failed == []


def test_wrong_types_of_bodies_fail_nowhere(values, people, failures):
    types = [f"application/x-www-form-urlencoded; charset={charset}" for charset in CHARSETS]
    types += [f"multipart/form-data{boundary}" for boundary in BOUNDARIES]
    types += ["application/json", "application/json; charset=utf-7", "text/xml", "", "/", "é"]
    body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n+ADw-\xff\x00\xed\xa0\x80"
    for route in routes(values):
        for kind in types:
            for browser in people[1:]:
                failures.send(
                    f"POST {route.path()} as {kind}",
                    lambda: browser.generic("POST", route.path(), body, content_type=kind),  # noqa: B023
                )

    assert failures.failed == []


@pytest.mark.parametrize("path", ["/accounts/login/", "/language/", "/nowhere/"])
def test_unreadable_form_with_a_token_gets_the_page_of_400(path, monkeypatch):
    monkeypatch.setattr("django.test.client.WSGIRequest", WSGIRequest)  # as another server reads requests
    browser = Client(enforce_csrf_checks=True)
    browser.get("/accounts/login/")
    kind = "application/x-www-form-urlencoded; charset=utf-16"

    answer = browser.post(path, b"a=1", content_type=kind)

    assert answer.status_code == 400
    assert "400.html" in [template.name for template in answer.templates]


def test_wrong_texts_in_forms_fail_nowhere(values, people, failures):
    for route in routes(values):
        for browser in people:
            for names, wrong in wrong_fields(browser, route.path()):
                failures.send(
                    f"POST {route.path()} {names[0][:40]}={wrong[:20]!r}",
                    lambda: post_form(browser, route.path(), names, wrong),  # noqa: B023
                )

    assert failures.failed == []
    assert failures.sent > 732


def wrong_fields(browser: Client, path: str) -> Iterator[tuple[list[str], str]]:
    """Yields each field of a page's forms alone with the worst texts, and all of them with every wrong text."""
    page = browser.get(path)
    is_text = not page.streaming and page.headers.get("Content-Type", "").startswith("text/html")
    html = page.content.decode() if is_text else ""
    names = dict.fromkeys(re.findall(r'<(?:input|textarea|select|button)[^>]*\sname="([^"]+)"', html))
    names = {
        **names,
        **dict.fromkeys(("login", "sequence", "base", "answer", "next", "action", "text", "a\0b")),
    }
    names.pop("csrfmiddlewaretoken", None)
    yield from (([name], wrong) for name in names for wrong in WRONG_TEXTS[:2])
    yield from ((list(names), wrong) for wrong in WRONG_TEXTS)


def post_form(browser: Client, path: str, names: list[str], wrong: str) -> Any:
    """Posts fields with a wrong text. A surrogate is sent as its three bytes, as a broken program does."""
    fields = [*((name, wrong) for name in names), ("confirmed", "on")]
    body = b"&".join(quoted(name) + b"=" + quoted(text) for name, text in fields)
    return browser.generic("POST", path, body, content_type="application/x-www-form-urlencoded")


def quoted(text: str) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in text.encode("utf-8", "surrogatepass"))


def test_many_fields_and_cookies_fail_nowhere(people, failures, settings):
    many = b"&".join(b"a%d=1" % number for number in range(2000))
    for browser in people:
        failures.send(
            "POST many fields",
            lambda: browser.generic(  # noqa: B023
                "POST", "/accounts/login/", many, content_type="application/x-www-form-urlencoded"
            ),
        )
    names = (
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        "browser",
    )
    for name in (*names, "messages"):
        for value in COOKIES:
            header = f"{name}={value}".encode("utf-8", "surrogatepass").decode("latin-1")
            failures.send(
                f"cookie {name}={value[:20]!r}",
                lambda: Client(raise_request_exception=False).post(
                    "/accounts/login/",
                    {"login": "a@example.com", "password": "x"},
                    HTTP_COOKIE=header,  # noqa: B023
                ),
            )

    assert failures.failed == []


def test_head_answers_wherever_a_page_does(values, people):
    differing = []
    for route in routes(values):
        for browser in people:
            get = browser.get(route.path())
            if get.status_code == 200:
                head = browser.head(route.path())
                if (head.status_code, head.getvalue()) != (200, b""):
                    differing.append(f"{route.path()} {head.status_code}")

    assert differing == []


@pytest.mark.parametrize("body", ["a=" + "%" * 200_000, "a=" + "%20" * 800_000, "a=" + "b" * 8_000_000])
def test_form_that_takes_long_to_read_is_refused_at_once(client, body):
    response = client.post("/accounts/login/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in (400, 413)
