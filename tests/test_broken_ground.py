"""Tests that a broken database, disk or cache is said in one sentence, and that the site goes on once it is mended."""

import errno
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.test import Client
from django.utils import translation

from config import broken, database_file, ground
from modules.views import reading

ROOT = Path(__file__).resolve().parent.parent
SAID = {"id": "Situs belum bisa", "en": "The site cannot save or show anything right now"}


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def manage(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        cwd="/",
        env={
            "PATH": os.environ["PATH"],
            "SECRET_KEY": "x" * 60,
            "DATA_DIR": str(folder),
            "PORT": "1",
            "LANGUAGE": "en",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """Makes what matters here of an installation: the tables, and a file that shows that people used it."""
    folder = tmp_path_factory.mktemp("prepared")
    assert manage(folder, "migrate").returncode == 0
    (folder / "accounts.txt").touch()
    return folder


@pytest.fixture
def installation(prepared, tmp_path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "data"))


def sentence(folder: Path, *arguments: str) -> str:
    """Returns what a command says that cannot go on."""
    result = manage(folder, *arguments)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    return result.stderr


# ---------------------------------------------------------------------------------------------- at a start


@pytest.mark.slow
@pytest.mark.parametrize("command", ["run", "prepare"])
def test_emptied_database_is_not_taken_for_a_new_one(installation, command):
    (installation / "tuntas.sqlite3").write_bytes(b"")
    assert "has files of an earlier one" in sentence(installation, command)


@pytest.mark.slow
def test_worker_that_runs_once_says_that_the_database_is_broken(installation):
    (installation / "tuntas.sqlite3").write_bytes(b"damaged" * 1000)
    assert "The tasks cannot be read" in sentence(installation, "work", "--once")


@pytest.mark.django_db
def test_new_beginning_is_made_where_it_is_asked_for(monkeypatch, tmp_path, settings):
    (tmp_path / "accounts.txt").touch()
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(connection.introspection, "table_names", list)
    monkeypatch.setattr(ground, "_check_database", lambda: None)
    monkeypatch.setattr(ground, "_check_not_ahead", lambda: None)

    with pytest.raises(ground.Broken, match="prepare --anew"):
        ground.check_before_prepare(is_anew=False)
    ground.check_before_prepare(is_anew=True)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["run", "prepare", "account sari@example.com", "addresses"])
def test_damaged_database_is_said_by_every_command(installation, command):
    (installation / "tuntas.sqlite3").write_bytes(b"no database " * 5000)
    said = sentence(installation, *command.split())
    assert "tuntas.sqlite3 cannot be opened (file is not a database)" in said


@pytest.mark.slow
def test_page_damaged_in_the_middle_is_said_at_the_start(installation):
    with (installation / "tuntas.sqlite3").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_960)
    assert re.search("put a backup", sentence(installation, "run"), re.IGNORECASE)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["run", "account sari@example.com"])
def test_installation_without_preparation_is_told_what_to_run(tmp_path, command):
    assert "prepare" in sentence(tmp_path / "new", *command.split())


@pytest.mark.django_db
def test_database_of_a_later_release_is_said():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('modules', '9999_later', '2030-01-01 00:00:00+00:00')"
        )
    with pytest.raises(ground.Broken, match=r"later release, which has modules\.9999_later"):
        ground._check_not_ahead()


def test_folder_that_cannot_be_written_is_said(monkeypatch):
    def refuses(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuses)
    with pytest.raises(ground.Broken, match=r"cannot be written: Read-only file system\."):
        ground._check_folder()


# ---------------------------------------------------------------------------------------------- on the page


def failing(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def fails(*_arguments: object) -> None:
        raise fault

    monkeypatch.setattr(reading, "front_page", fails)
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fails)


@pytest.fixture
def visitor(monkeypatch) -> Client:
    """Returns a browser that asks for its session. Closing connections would end the transaction of the test."""
    monkeypatch.setattr(ground, "close_connections", lambda: None)
    browser = Client(raise_request_exception=False)
    browser.cookies["sessionid"] = "a" * 32
    return browser


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    "fault",
    [
        OperationalError("database or disk is full"),
        DatabaseError("database disk image is malformed"),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
    ids=["operation", "damage", "disk"],
)
def test_visitor_reads_a_sentence_in_their_language(visitor, monkeypatch, fault, language):
    failing(monkeypatch, fault)
    visitor.cookies["language"] = language

    response = visitor.get("/")

    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    page = response.content.decode()
    assert SAID[language] in page
    assert f'lang="{language}"' in page
    assert str(fault) not in page


@pytest.mark.django_db
def test_fault_of_the_code_is_another_page(visitor, monkeypatch):
    failing(monkeypatch, ValueError("secret words"))
    response = visitor.get("/")
    assert response.status_code == 500
    assert "secret" not in response.content.decode()


def test_missing_table_is_a_fault_of_the_ground():
    missing, other = ProgrammingError("no table"), ProgrammingError("syntax")
    missing.__cause__ = type("Cause", (Exception,), {"sqlstate": "42P01"})()
    assert broken.is_of_the_ground(missing)
    assert not broken.is_of_the_ground(other)


def test_missing_cache_is_a_fault_of_the_ground():
    away = type("ConnectionError", (Exception,), {"__module__": "redis.exceptions"})
    assert broken.is_of_the_ground(away("Connection refused"))


def test_other_file_in_its_place_is_noticed(tmp_path):
    file, backup = tmp_path / "base", tmp_path / "backup"
    file.write_text("before")
    backup.write_text("after")
    before = database_file.identity_of(file)

    backup.replace(file)
    assert database_file.identity_of(file) != before
    replaced = database_file.identity_of(file)
    file.write_text("")
    assert database_file.identity_of(file) != replaced


@pytest.mark.skipif(connection.vendor != "postgresql", reason="about a limit of PostgreSQL")
def test_statements_of_the_server_have_a_limit(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"options": "-c lock_timeout=9"})
    ground.bound_statements(7)
    assert connection.settings_dict["OPTIONS"] == {"options": "-c lock_timeout=9 -c statement_timeout=7000"}
