"""Tests settings, the command line, response headers, health and the database of an installation."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from config import settings as table
from config.env import SettingError, Settings
from server import options

ROOT = Path(__file__).resolve().parent.parent


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs manage.py in a process of its own, with no other environment variables than these."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_source_root_does_not_hide_standard_library():
    assert not (ROOT / "platform" / "__init__.py").exists()
    program = "import sys; sys.path.insert(1, 'platform'); import platform; print(platform.python_version())"
    printed = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert printed.strip() == ".".join(map(str, sys.version_info[:3]))


def test_command_line_starts(tmp_path):
    result = manage("check", SECRET_KEY="x" * 60, DATA_DIR=str(tmp_path))
    assert result.returncode == 0, result.stderr


def test_missing_secret_is_explained_in_one_sentence(tmp_path):
    result = manage("check", DATA_DIR=str(tmp_path))

    assert result.returncode == 1
    assert result.stderr == (
        "There is no SECRET_KEY: set it in the environment, "
        f"or let `python -m config.secret` write one to {tmp_path / 'secret_key'}.\n"
    )


def test_secret_is_written_once_for_its_owner(tmp_path):
    def write_secret() -> str:
        environment = {**os.environ, "DATA_DIR": str(tmp_path), "SECRET_KEY": ""}
        subprocess.run([sys.executable, "-m", "config.secret"], env=environment, check=True)
        return (tmp_path / "secret_key").read_text()

    first = write_secret()

    assert len(first) > 50
    assert write_secret() == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "perhaps", "DEBUG cannot be read"),
        ("PROXIES", "one", "PROXIES cannot be read"),
        ("LANGUAGE", "fr", "LANGUAGE is 'fr'; it has to be one of: id, en."),
        ("TIME_ZONE", "Jakarta", "TIME_ZONE is 'Jakarta', which is no time zone, such as Asia/Jakarta."),
        ("SITE_URL", "belajar.example.org", "SITE_URL is 'belajar.example.org', which is no address"),
        ("DATABASE_URL", "nowhere://at/all", "DATABASE_URL is not a database address"),
        ("EMAIL_URL", "mail.example.org", "EMAIL_URL is not a mail address"),
    ],
)
def test_wrong_value_is_explained_in_one_sentence(tmp_path, name, value, sentence):
    result = manage("check", SECRET_KEY="x" * 60, DATA_DIR=str(tmp_path), **{name: value})

    assert result.returncode == 1
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


def test_secret_may_begin_with_dollar_sign(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "$HOME-is-not-expanded")
    assert Settings().secret("SECRET_KEY", tmp_path / "none") == "$HOME-is-not-expanded"


def test_former_secrets_are_the_later_lines_of_the_file(monkeypatch, tmp_path):
    file = tmp_path / "secret_key"
    file.write_text("new\nold\n\noldest\n")
    assert Settings().secret("NO_SECRET", file) == "new"
    assert Settings().former_secrets("NO_SECRETS", file) == ["old", "oldest"]
    monkeypatch.setenv("NO_SECRETS", "a,b")
    assert Settings().former_secrets("NO_SECRETS", tmp_path / "none") == ["a", "b"]


def test_mail_address_decodes_percent_signs(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://tuntas%40example.org:p%40ss@mail.example.org")

    mail = Settings().mail("EMAIL_URL")

    assert mail["EMAIL_HOST_USER"] == "tuntas@example.org"
    assert mail["EMAIL_HOST_PASSWORD"] == "p@ss"
    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"]) == ("mail.example.org", 587)
    assert (mail["EMAIL_USE_TLS"], mail["EMAIL_USE_SSL"]) == (True, False)


def test_mail_address_without_host_is_refused(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp://")
    with pytest.raises(SettingError, match="EMAIL_URL"):
        Settings().mail("EMAIL_URL")


def test_documentation_lists_exactly_the_settings():
    options.read_options()
    documented = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)
    assert sorted(documented) == sorted({*table.env.names, *options.env.names})


def test_policy_allows_no_inline_code():
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert policy["default-src"] == ["'none'"]
    assert {source for sources in policy.values() for source in sources} == {"'none'", "'self'"}


def test_pages_carry_protective_headers(client, db):
    headers = client.get("/accounts/login/").headers

    assert set(headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect", "manifest")),
        "form-action 'self'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"].startswith("camera=()")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about the settings of SQLite")
def test_sqlite_is_durable_and_waits_for_locks(db):
    with connection.cursor() as cursor:
        pragmas = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
