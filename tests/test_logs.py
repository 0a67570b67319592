"""Tests the lines of the log: what they say, and what they keep to themselves."""

import json
import logging
import re
from pathlib import Path

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client, override_settings

from config import ground, request_log
from config.env import Settings
from tests.conftest import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
LINE = logging.Formatter("{asctime} {levelname} {name}: {message}", style="{")


@pytest.fixture
def lines(monkeypatch):
    """Collects the records of the loggers that do not hand theirs on."""
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    names = ("tuntas.requests", "tuntas.signin", "tuntas.mail", "django")
    for name in names:
        logging.getLogger(name).addHandler(handler)
    yield records
    for name in names:
        logging.getLogger(name).removeHandler(handler)


def failing_page(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def fails(*_arguments: object, **_options: object) -> None:
        raise fault

    monkeypatch.setattr(ground, "close_connections", lambda: None)
    monkeypatch.setattr("modules.views.reading.access.module_for", fails)


def test_failed_request_is_one_line_without_personal_data(learner, signed_in, lines, monkeypatch):
    failing_page(monkeypatch, ValueError(f"a value of {learner.email}"))
    browser = signed_in(learner)
    browser.raise_request_exception = False

    response = browser.get("/modules/tata-surya/?name=Sari", headers={"x-request-id": "0123456789abcdef"})

    assert response.status_code == 500
    (record,) = lines
    assert record.levelname == "ERROR"
    message = record.getMessage()
    assert re.match(
        rf"request=0123456789abcdef method=GET route=module status=500 ms=\d+ account={learner.pk} fault=ValueError at=",
        message,
    )
    assert "\n" not in message
    assert learner.email not in message
    assert "Sari" not in message
    assert "tata-surya" not in message


def test_slow_request_is_one_line(client, db, lines):
    with override_settings(SLOW_MS=0):
        client.get("/accounts/login/")
    assert [record.fields["route"] for record in lines] == ["account_login"]


def test_request_that_went_well_is_no_line(client, db, lines):
    client.get("/accounts/login/")
    client.get("/nowhere/")
    assert lines == []


@pytest.mark.parametrize("body", [b"a=1&" * 20_100, b"a=" + b"x" * 8 * 2**20], ids=["fields", "length"])
def test_refused_request_is_no_line(client, db, lines, body):
    kind = "application/x-www-form-urlencoded"
    assert client.post("/accounts/login/", body, content_type=kind).status_code == 400
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert Client(enforce_csrf_checks=True).post("/accounts/login/").status_code == 403
    assert lines == []


def test_number_that_a_client_made_up_is_replaced(rf):
    request = rf.get("/", headers={"x-request-id": "x\nforged line"})
    assert re.fullmatch("[0-9a-f]{16}", request_log.request_id_of(request))


def test_json_line_has_the_fields():
    record = logging.LogRecord("tuntas.requests", logging.WARNING, "", 0, "words", None, None)
    record.fields = {"request": "ab", "ms": 12}
    line = json.loads(request_log.JsonFormatter().format(record))
    assert line["level"] == "WARNING"
    assert (line["logger"], line["message"], line["request"], line["ms"]) == (
        "tuntas.requests",
        "words",
        "ab",
        12,
    )


# ------------------------------------------------------------------------------------------------ sign-in


def banned(line: str) -> list[str]:
    """Returns the addresses that fail2ban finds in a line by the documented expressions."""
    documented = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
    (both,) = re.findall(r"^failregex = (.*\n +.*)$", documented, re.MULTILINE)
    expressions = [each.strip().replace("<HOST>", r"(?P<host>[\d.:a-f]+)") for each in both.splitlines()]
    return [match["host"] for each in expressions if (match := re.search(each, line))]


def sign_in(password: str, email: str, address: str) -> Client:
    browser = Client(REMOTE_ADDR=address)
    browser.post("/accounts/login/", {"login": email, "password": password})
    return browser


def test_wrong_password_is_a_line_that_fail2ban_reads(learner, lines):
    sign_in("wrong", learner.email, "192.0.2.7")

    (record,) = lines
    assert banned(LINE.format(record)) == ["192.0.2.7"]
    assert banned(request_log.JsonFormatter().format(record)) == ["192.0.2.7"]
    assert learner.email not in record.getMessage()


def test_locked_sign_in_is_a_line_that_fail2ban_reads(learner, lines):
    for _try in range(8):
        sign_in("wrong", learner.email, "192.0.2.7")

    outcomes = [record.getMessage().split()[1] for record in lines]
    assert outcomes[0] == "failed"
    assert outcomes[-1] == "locked"
    assert all(banned(LINE.format(record)) for record in lines)


def test_right_password_is_no_line(learner, lines):
    assert SESSION_KEY in sign_in(PASSWORD, learner.email, "192.0.2.7").session
    assert lines == []


# --------------------------------------------------------------------------------------------------- mail


def test_reset_link_is_not_in_the_log_of_a_server(client, learner, lines, capsys, monkeypatch):
    monkeypatch.delenv("EMAIL_URL", raising=False)
    with override_settings(**Settings().mail("EMAIL_URL")):
        mail.get_connection().send_messages([mail.EmailMessage("S", "secret-link", to=[learner.email])])

    (record,) = lines
    assert record.getMessage() == "1 mails were not sent, because EMAIL_URL is not set."
    assert "secret-link" not in "".join(capsys.readouterr())


def test_developer_sees_mails_on_the_console(monkeypatch):
    monkeypatch.delenv("EMAIL_URL", raising=False)
    backend = Settings().mail("EMAIL_URL", is_debug=True)["EMAIL_BACKEND"]
    assert backend == "django.core.mail.backends.console.EmailBackend"
