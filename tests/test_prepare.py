"""Preparing an installation: everything for a new one, and nothing lost in one that is there."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import User
from accounts.roles import Role, role_of
from modules.models import Module

pytestmark = pytest.mark.django_db


def prepare() -> str:
    out = StringIO()
    call_command("prepare", stdout=out, stderr=out)
    return out.getvalue()


def test_new_installation_gets_modules_and_accounts():
    told = prepare()

    assert Module.objects.published().count() == 2
    assert sorted(role_of(user) for user in User.objects.all()) == sorted(Role)
    kept = settings.DATA_DIR / "accounts.txt"
    assert kept.stat().st_mode & 0o777 == 0o600
    for line in kept.read_text().splitlines():
        email, password = line.split()[-2:]
        assert User.objects.get(email=email).check_password(password)
        assert password in told


def test_existing_installation_is_left_unchanged():
    prepare()
    Module.objects.all()[0].delete()
    User.objects.filter(is_superuser=False).delete()

    assert prepare() == ""

    assert Module.objects.count() == 1
    assert User.objects.count() == 1
