"""Tests that rows and sessions which are read by written queries are those that the ORM reads."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db.models import Value
from django.utils import timezone

from accounts.models import User
from accounts.written_rows import row_where
from modules.models import Module, Section
from tests.cast import a_module

pytestmark = pytest.mark.django_db


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("model", [User, Module, Section])
def test_written_row_is_the_row_of_the_orm(model, learner):
    a_module()
    stored = model.objects.all().order_by("-pk")[0]

    row = row_where(model, "id = %s", [stored.pk])

    assert columns(row) == columns(stored)
    assert (row._state.adding, row._state.db, row.get_deferred_fields()) == (False, "default", set())


def test_row_that_is_not_there_is_none(learner):
    assert row_where(User, "id = %s", [learner.pk + 1]) is None


def test_account_is_found_by_its_key(learner):
    assert columns(User.objects.get(pk=learner.pk)) == columns(learner)
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=learner.pk + 1)


@pytest.mark.parametrize("key", [None, "", "x", "1", True, -1, 2**63, 10**30, Value(1)])
def test_other_values_find_what_the_orm_finds(key, learner):
    def outcome(people):
        try:
            return people.get(pk=key)
        except (User.DoesNotExist, ValueError) as refused:
            return type(refused)

    assert outcome(User.objects) == outcome(User.objects.all())


@pytest.mark.parametrize("key", ["ZZZZZZZZZZZZZ", "1y2p0ij32e8e8", "0"])
def test_link_for_a_new_password_with_an_impossible_key_is_refused(client, key, db):
    assert client.get(f"/accounts/password/reset/key/{key}-abc-def/").status_code == 200


def test_relation_finds_no_account_outside_of_it(learner):
    group = Group.objects.create(name="Kelas 7")
    with pytest.raises(User.DoesNotExist):
        group.user_set.get(pk=learner.pk)


def test_expired_session_signs_nobody_in(as_learner):
    assert as_learner.get("/learning/").status_code == 200

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert as_learner.get("/learning/").status_code == 302


def test_unknown_session_signs_nobody_in(as_learner):
    Session.objects.all().delete()
    assert as_learner.get("/learning/").status_code == 302


def test_session_with_a_nul_signs_nobody_in(client):
    answer = client.get("/learning/", headers={"Cookie": f'{settings.SESSION_COOKIE_NAME}="abc\\000defghi"'})
    assert answer.status_code == 302
