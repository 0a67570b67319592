"""Tests the answers to probes."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client, override_settings
from django.utils import translation

from config import ground


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def ready() -> tuple[int, str]:
    """Asks with a new process, so to say: a process keeps its last answer for two seconds."""
    response = Client().get("/health/ready/")
    return response.status_code, response.content.decode()


def test_health_asks_nobody(client, django_assert_num_queries):
    with override_settings(ALLOWED_HOSTS=["belajar.lan"], SECURE_SSL_REDIRECT=True):
        response = client.get("/health/", headers={"host": "10.1.2.3"})

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert not response.cookies


def test_probe_may_ask_for_the_head_only(client):
    assert client.head("/health/").status_code == 200
    assert client.post("/health/").status_code == 405


@pytest.mark.django_db
def test_sound_site_is_ready():
    call_command("createcachetable")
    assert ready() == (200, "ok\n")


@pytest.mark.django_db
def test_look_leaves_no_row():
    call_command("createcachetable")
    ready()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
@pytest.mark.parametrize("name", list(ground.CHECKS))
def test_each_fault_is_named(monkeypatch, name):
    def fails() -> str:
        raise DatabaseError("secret words")

    monkeypatch.setitem(ground.CHECKS, name, fails)
    code, said = ready()
    assert code == 503
    assert f"{name}: It cannot be used (DatabaseError).\n" in said
    assert "secret" not in said


@pytest.mark.django_db
def test_missing_migration_is_named():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    code, said = ready()
    assert code == 503
    assert "migrations: The database lacks 1 migrations; the first is sessions.0001_initial." in said


@pytest.mark.django_db
def test_cache_that_keeps_nothing_is_named(monkeypatch):
    monkeypatch.setattr(type(cache._connections["default"]), "get", lambda *_arguments, **_options: None)
    assert "cache: The cache does not keep what it is given." in ready()[1]


@pytest.mark.django_db
def test_missing_static_files_are_named(monkeypatch):
    storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": storage}}):
        assert "static files: Static files are missing." in ready()[1]
