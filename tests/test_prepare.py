"""Tests that `prepare` sets up a new installation and loses nothing of an existing one."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role, open_account, role_of
from modules.models import Module, SharedModules

pytestmark = pytest.mark.django_db


def prepare(**options: bool) -> str:
    out = StringIO()
    call_command("prepare", stdout=out, stderr=out, **options)
    return out.getvalue()


def test_new_installation_gets_modules_and_accounts():
    printed = prepare(examples=True)

    assert Module.objects.published().count() == 3
    assert {role_of(module.owner) for module in Module.objects.all() if module.owner} == {Role.INSTRUCTOR}
    assert sorted(role_of(user) for user in User.objects.all()) == sorted(Role)
    file = settings.DATA_DIR / "accounts.txt"
    assert file.stat().st_mode & 0o777 == 0o600
    for line in file.read_text().splitlines():
        email, password = line.split()[-2:]
        assert User.objects.get(email=email).check_password(password)
        assert password in printed


def test_server_begins_without_modules_and_accounts_of_others():
    assert "--role administrator" in prepare()
    assert not Module.objects.exists()
    assert not User.objects.exists()

    open_account("guru@example.org", name="Guru", role=Role.INSTRUCTOR)
    assert "--role administrator" in prepare()
    open_account("kepala@example.org", name="Kepala", role=Role.ADMINISTRATOR)
    assert prepare() == ""


def test_existing_installation_is_left_unchanged():
    prepare(examples=True)
    Module.objects.all()[0].delete()
    User.objects.filter(is_superuser=False).delete()

    assert prepare() == ""

    assert Module.objects.count() == 2
    assert User.objects.count() == 1


def test_upgraded_installation_reads_that_modules_are_shared(settings):
    prepare(examples=True)
    SharedModules.objects.create(since=timezone.now())
    assert prepare() == ""
    settings.MODULES = ""
    assert "MODULES=owners" in prepare()
