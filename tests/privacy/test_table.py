"""Tests that the table of personal data names every column that tells of a person or that a person typed."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from accounts.models import User
from modules.models.fields import FractionField
from modules.privacy.table import OF_THE_SITE, TABLE

TYPED = (models.CharField, models.TextField, models.JSONField, models.FileField, models.GenericIPAddressField)
# Words of the program: nobody types them, and they tell of nobody.
OF_THE_PROGRAM = frozenset(
    [
        "account.EmailConfirmation.key",
        "auth.Permission.name",
        "auth.Permission.codename",
        "contenttypes.ContentType.app_label",
        "contenttypes.ContentType.model",
        "usersessions.UserSession.session_key",
        "sessions.Session.session_key",
        "tasks.StoredTask.function",
        "tasks.StoredTask.queue",
        "tasks.StoredTask.holder",
        "tasks.Worker.name",
        "modules.Module.slug",
        "modules.Module.language",
        "modules.Module.encoding",
        "modules.Module.rendered_with",
        "modules.Revision.encoding",
        "modules.FormerSlug.slug",
        "modules.Section.identity",
        "modules.FormerText.identity",
        "modules.CheckCount.fingerprint",
        "modules.StudyClass.join_code",
        "modules.Invitation.code",
        "modules.Draft.encoding",
        "modules.Draft.part",
        "modules.EffectCount.fingerprint",
        "modules.Quiz.identity",
        "modules.Question.identity",
        "modules.QuestionVersion.rendered_with",
        "modules.Proof.code",
        "modules.Proof.language",
        "modules.SigningKey.name",
        "modules.IndexedPage.made_with",
        "modules.IndexedStem.stem",
        "modules.SitePage.rendered_with",
        "modules.StoredFigures.scope",
        "modules.TableFile.language",
        "modules.Attempt.scoring",
        "modules.Attempt.late",
        "modules.Quiz.late",
        "modules.Quiz.counts",
        "modules.Quiz.scoring",
        "modules.Quiz.quiz_opens",
    ]
)


def columns() -> set[str]:
    """Returns the columns that lead to an account, and those that hold text and no choice from a list."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, TYPED) and not isinstance(field, FractionField) and not field.choices
            if is_text or (field.is_relation and field.related_model is User):
                found.add(f"{model._meta.label}.{field.name}")
    return found


def named() -> set[str]:
    return {f"{rows.model}.{column}" for rows in TABLE for column in rows.named}


def test_every_column_of_a_person_is_named():
    assert columns() - named() - OF_THE_PROGRAM == set()


def test_named_columns_exist():
    for rows in TABLE:
        model = apps.get_model(rows.model)
        assert rows.named <= {field.name for field in model._meta.get_fields()}, rows.model
    assert columns() >= OF_THE_PROGRAM


def test_new_column_would_be_noticed(monkeypatch):
    monkeypatch.setattr(User._meta.get_field("name"), "name", "nickname")
    assert "accounts.User.nickname" in columns() - named() - OF_THE_PROGRAM


@pytest.mark.parametrize(
    "rows", [rows for rows in TABLE if rows not in OF_THE_SITE], ids=lambda rows: rows.model
)
def test_page_about_privacy_names_every_table_of_people(rows):
    page = (Path(settings.BASE_DIR) / "docs" / "privacy.md").read_text("utf-8")
    assert f"`{rows.model.rpartition('.')[2]}`" in page
