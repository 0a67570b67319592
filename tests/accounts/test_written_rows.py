"""Tests that rows and sessions which are read by written queries are those that the ORM reads."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
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
