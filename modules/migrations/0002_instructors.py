"""The group of instructors: they write modules and see what learners did, and hold nothing on accounts."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUP = "Instructors"
WRITTEN = ("module", "section", "quiz", "question", "questionversion", "draft", "image")
SEEN = ("revision", "enrolment", "reading", "attempt", "response")


def make_group(apps, schema_editor):
    alias = schema_editor.connection.alias
    make_permissions(apps, alias)
    names = [f"{verb}_{model}" for model in WRITTEN for verb in ("add", "change", "delete", "view")]
    names += [f"view_{model}" for model in SEEN]
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    group, _made = Group.objects.using(alias).get_or_create(name=GROUP)
    group.permissions.set(
        Permission.objects.using(alias).filter(content_type__app_label="modules", codename__in=names)
    )


def make_permissions(apps, alias):
    """Permissions are made after the last migration; here they are needed before."""
    config = apps.get_app_config("modules")
    config.models_module = True
    create_permissions(config, verbosity=0, using=alias, apps=apps)
    config.models_module = None


class Migration(migrations.Migration):
    dependencies = [
        ("modules", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_group, migrations.RunPython.noop)]
