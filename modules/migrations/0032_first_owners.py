"""Gives each module an owner: who loaded its first revision, or else the administrators.

An installation that has modules keeps sharing them among its instructors until the setting MODULES says otherwise.
PostgreSQL makes no index in a transaction that has filled the column, so this is a migration of its own.
"""

from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.utils import timezone


def name_owners(apps, schema_editor):
    alias = schema_editor.connection.alias
    modules = apps.get_model("modules", "Module").objects.using(alias)
    if not modules.exists():
        return
    revisions = apps.get_model("modules", "Revision").objects.using(alias)
    first = revisions.filter(module=OuterRef("pk")).order_by("number")[:1]
    people = apps.get_model("accounts", "User").objects.using(alias)
    modules.update(owner=Subquery(first.values("loaded_by")))
    modules.exclude(owner__in=people.filter(is_staff=True)).update(owner=None)
    apps.get_model("modules", "SharedModules").objects.using(alias).create(since=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ("modules", "0031_owners"),
        ("accounts", "0001_initial"),
    ]

    operations = [migrations.RunPython(name_owners, migrations.RunPython.noop)]
