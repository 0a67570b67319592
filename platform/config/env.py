"""Reads the environment with types, and reports a wrong value in one plain sentence."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import available_timezones

import dj_database_url
from environs import Env, EnvError

from config import env_file


class SettingError(Exception):
    """Says in one sentence which setting is missing or wrong, and how to correct it."""


class Settings:
    """Reads settings by name, and keeps every name in ``names`` for the test of the documentation.

    ``in_file`` has the names that the file of settings has, misspelt ones too.
    """

    def __init__(self) -> None:
        try:
            self.in_file = env_file.load()
        except env_file.UnreadableFile as error:
            raise SettingError(str(error)) from error
        self._env = Env()
        self.names = ["ENV_FILE"]

    def text(self, name: str, default: str = "") -> str:
        return self._read(self._env.str, name, default)

    def flag(self, name: str, default: bool) -> bool:
        return self._read(self._env.bool, name, default)

    def number(self, name: str, default: int) -> int:
        """Returns a whole number; an empty value, as a Makefile may pass it on, means the default."""
        return self._read(self._env.int, name, default) if os.environ.get(name) != "" else default

    def list(self, name: str, default: list[str]) -> list[str]:
        return [item.strip() for item in self._read(self._env.list, name, default) if item.strip()]

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise SettingError(f"{name} is {value!r}; it has to be one of: {', '.join(choices)}.")
        return value

    def zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if value not in available_timezones():
            raise SettingError(f"{name} is {value!r}, which is no time zone, such as {default}.")
        return value

    def address(self, name: str) -> str:
        value = self.text(name)
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise SettingError(
                f"{name} is {value!r}, which is no address, such as https://belajar.example.org."
            )
        return value.rstrip("/")

    def contact(self, name: str) -> str:
        """Returns the link to the people who run the site: ``mailto:`` for an e-mail address, or a web address."""
        value = self.text(name).strip()
        if "@" in value and "/" not in value and " " not in value:
            return f"mailto:{value.removeprefix('mailto:')}"
        try:
            return self.address(name)
        except SettingError as error:
            raise SettingError(
                f"{name} is {value!r}; it has to be an e-mail address, or a web address that begins with https://."
            ) from error

    def folder(self, name: str, default: Path) -> Path:
        return Path(self.text(name, str(default)) or default).expanduser().resolve()

    def secret(self, name: str, file: Path) -> str:
        """Returns the secret from the environment, else from a file.

        Raises SettingError if both are missing, because a default value would not be secret.
        """
        value = self.text(name) or next(iter(_lines(file)), "")
        if not value:
            raise SettingError(
                f"There is no {name}: set it in the environment, or let `python -m config.secret` write one to {file}."
            )
        return value

    def former_secrets(self, name: str, file: Path) -> Sequence[str]:
        """Returns the secrets that still count, but sign nothing: those of a setting, and the later lines of a file."""
        return [*self.list(name, []), *_lines(file)[1:]]

    def database(self, name: str, default: str) -> dict[str, Any]:
        url = self.text(name, default) or default
        try:
            return dict(dj_database_url.parse(url))
        except (ValueError, KeyError) as error:
            raise SettingError(
                f"{name} is not a database address, such as postgres://name:word@host/tuntas."
            ) from error

    def mail(self, name: str, *, is_debug: bool = False) -> dict[str, Any]:
        """Returns Django's mail settings from ``smtp://``, ``smtp+tls://`` or ``smtps://name:word@host:port``.

        Without an address, mails are written to the console of a developer, and nowhere else.
        """
        url = self.text(name)
        if not url:
            console = "django.core.mail.backends.console.EmailBackend"
            return {"EMAIL_BACKEND": console if is_debug else "config.mail.NoMailBackend"}
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtp+tls", "smtps") or not parts.hostname:
            raise SettingError(f"{name} is not a mail address, such as smtp+tls://name:word@host:587.")
        ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or ports[parts.scheme],
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_TIMEOUT": 10,
        }

    def _read(self, reader: Callable[..., Any], name: str, default: object) -> Any:
        self.names.append(name)
        try:
            return reader(name, default)
        except EnvError as error:
            raise SettingError(f"{name} cannot be read: {error}") from error


def _lines(file: Path) -> list[str]:
    """Returns the lines of a file that are not empty. A file that is not there has none."""
    return file.read_text(encoding="utf-8").split() if file.is_file() else []
