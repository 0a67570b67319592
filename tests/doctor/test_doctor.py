"""Tests that each fault of an installation gets its sentence, and that a sound one gets none."""

import io
import os
import socket
import time
from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone, translation

from backups.snapshot import Unsound
from doctor import database, surroundings
from doctor.finding import State
from tasks.models import StoredTask, Worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.DATA_DIR = settings.MEDIA_ROOT = tmp_path
    settings.BACKUP_DIR = tmp_path / "backups"
    with translation.override("en"):
        yield


def run(*words):
    """Runs the command, and returns its lines and whether it failed."""
    out = io.StringIO()
    try:
        call_command("doctor", *words, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


@pytest.mark.parametrize("name", ["ALOWED_HOSTS", "DATABSE_URL", "EMAILURL", "BACKUP_NIGHTY", "WORKER"])
def test_misspelt_setting_is_named_with_the_right_one(name):
    finding = surroundings.misspelt([name, "PATH", "HOME", "PORT", "WORKERS"])
    assert finding.state == State.WRONG
    assert f"{name} (" in finding.what


def test_names_of_other_programs_are_no_slips():
    assert surroundings.misspelt(["PATH", "HOME", "LANG", "TERM", "PYTHONPATH"]).state == State.FINE


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        ({"ALLOWED_HOSTS": ["localhost"]}, State.NOTE, "only names of this machine"),
        ({"ALLOWED_HOSTS": ["*"]}, State.WRONG, "lets every name in"),
        ({"HTTPS": False}, State.NOTE, "HTTPS is off"),
        ({"HTTPS": True, "PROXIES": 0}, State.WRONG, "PROXIES is 0"),
        ({"HTTPS": True, "PROXIES": 1}, State.FINE, "belajar.example.org"),
    ],
)
def test_way_to_the_site_is_examined(settings, changes, state, words):
    settings.ALLOWED_HOSTS = ["belajar.example.org"]
    for name, value in changes.items():
        setattr(settings, name, value)
    finding = surroundings.site()
    assert (finding.state, words in finding.what) == (state, True)


def test_secret_is_long_and_for_its_owner_only(settings, tmp_path):
    file = tmp_path / "secret_key"
    file.write_text("x" * 60)
    file.chmod(0o644)
    assert "may read" in surroundings.secret().what
    file.chmod(0o600)
    assert surroundings.secret().state == State.FINE
    settings.SECRET_KEY = "short"
    assert "fewer than 50" in surroundings.secret().what


@pytest.mark.parametrize("error", [OSError("refused"), SMTPException("535 bad password")])
def test_mail_server_that_lets_nobody_in_is_told(settings, monkeypatch, error):
    assert surroundings.mail().state == State.NOTE
    settings.EMAIL_URL, settings.SITE_URL = "smtp://mail.example.org", "https://belajar.example.org"

    class Server:
        def open(self):
            raise error

    monkeypatch.setattr(surroundings, "get_connection", lambda backend: Server())
    assert str(error) in surroundings.mail().what
    Server.open, Server.close = lambda self: None, lambda self: None
    assert surroundings.mail().state == State.FINE


def test_backup_is_there_and_not_old(settings):
    assert "no backup" in surroundings.backup().what
    settings.BACKUP_DIR.mkdir()
    file = settings.BACKUP_DIR / "tuntas-20261130-210500.tar.gz"
    file.write_bytes(b"")
    assert surroundings.backup().state == State.FINE
    then = time.time() - 5 * 24 * 3600
    os.utime(file, (then, then))
    assert "5 days old" in surroundings.backup().what


def test_worker_is_alive_and_its_tasks_succeed():
    now = timezone.now()
    assert "last seen: never" in surroundings.worker().what
    Worker.objects.create(name="w", started_at=now, seen_at=now)
    assert surroundings.worker().state == State.FINE
    StoredTask.objects.create(function="x", queue="default", due_at=now, enqueued_at=now, failed_at=now)
    assert "1 tasks have failed" in surroundings.worker().what
    Worker.objects.update(seen_at=now - timedelta(days=1))
    assert surroundings.worker().state == State.WRONG


def test_full_disk_is_told(monkeypatch):
    monkeypatch.setitem(surroundings.ground.CHECKS, "static files", lambda: "")
    assert surroundings.files().state == State.FINE
    monkeypatch.setattr(surroundings, "LEAST_FREE", 10**18)
    assert "left" in surroundings.files().what


def test_broken_cache_is_told(monkeypatch):
    monkeypatch.setitem(surroundings.ground.CHECKS, "cache", lambda: "It cannot be used.")
    assert surroundings.cache().state == State.WRONG


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('FATAL: password authentication failed for user "a"', "refuses the name or the password"),
        ("fe_sendauth: no password supplied", "asks for a password"),
        ('FATAL: database "tuntas" does not exist', "no such database"),
        ("failed to resolve host 'nowhere'", "Nobody knows the name"),
        ("connection refused", "No database server listens"),
        ("connection timeout expired", "does not answer"),
        ("something new", "something new"),
    ],
)
def test_database_that_refuses_is_told_apart(monkeypatch, said, words):
    def refuse():
        raise OperationalError(said)

    monkeypatch.setattr(database, "_connect", refuse)
    assert words in database.database().what


def test_missing_migrations_are_told(monkeypatch):
    monkeypatch.setattr(database, "_connect", lambda: None)
    monkeypatch.setattr(database.ground, "check_before_prepare", lambda is_anew: None)
    assert database.database().state == State.FINE
    monkeypatch.setitem(database.ground.CHECKS, "migrations", lambda: "The database lacks 2 migrations.")
    assert "lacks 2" in database.database().what


def test_damaged_file_is_told(monkeypatch):
    assert database.health().state == State.FINE

    def damaged():
        raise Unsound("The database is damaged: page 3.")

    monkeypatch.setattr(database.snapshot, "check", damaged)
    assert "manage.py restore" in database.health().mend


def test_clocks_that_differ_are_told(monkeypatch):
    assert database.clock().state == State.FINE
    later = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr(database.timezone, "now", lambda: later)
    differs = connection.vendor == "postgresql"  # SQLite is on this machine
    assert (database.clock().state == State.WRONG) == differs


def test_command_has_a_line_for_each_check_and_fails_for_one(monkeypatch):
    monkeypatch.setattr(database, "_connect", lambda: None)
    monkeypatch.setattr(database.ground, "check_before_prepare", lambda is_anew: None)
    shown, failure = run()
    assert failure.endswith("of 11 checks failed.")  # no worker runs in the tests
    assert [line[7:15].strip() for line in shown.splitlines() if "→" not in line][:3] == [
        "settings",
        "site",
        "secret",
    ]


def test_check_that_fails_itself_does_not_end_the_others(monkeypatch):
    def broken():
        raise RuntimeError("planted")

    monkeypatch.setitem(call_module().CHECKS, "mail", broken)
    monkeypatch.setattr(database, "_connect", lambda: None)
    monkeypatch.setattr(database.ground, "check_before_prepare", lambda is_anew: None)
    shown, _failure = run()
    assert "RuntimeError('planted')" in shown
    assert "worker" in shown


def call_module():
    from doctor.management.commands import doctor

    return doctor


def test_port_without_a_server_is_refused():
    """What the driver says of it is in the table of refusals."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(OSError, match="refused") as caught:
        socket.create_connection(("127.0.0.1", port), timeout=2)
    assert "No database server listens" in database._refusal(str(caught.value).lower())
