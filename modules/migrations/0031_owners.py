"""Gives each module an owner: who loaded its first revision, or else the administrators.

An installation that has modules keeps sharing them among its instructors until the setting MODULES says otherwise.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
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
        ("modules", "0030_readings_that_lack_a_part"),
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SharedModules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(verbose_name="since")),
            ],
            options={
                "verbose_name": "shared modules",
                "verbose_name_plural": "shared modules",
            },
        ),
        migrations.AddField(
            model_name="module",
            name="helpers",
            field=models.ManyToManyField(blank=True, related_name="helped_modules", to=settings.AUTH_USER_MODEL, verbose_name="helpers"),
        ),
        migrations.AddField(
            model_name="module",
            name="owner",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="owner"),
        ),
        migrations.RunPython(name_owners, migrations.RunPython.noop),
    ]
