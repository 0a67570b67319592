"""Makes each group without power a class. Its members and overrides stay where they are, with the group.

Every instructor could change every group. So everybody who is an instructor now becomes one of these classes.
"""

from django.conf import settings
from django.db import migrations

INSTRUCTORS = "Instructors"


def make_classes(apps, schema_editor):
    alias = schema_editor.connection.alias
    StudyClass = apps.get_model("modules", "StudyClass")
    groups = apps.get_model("auth", "Group").objects.using(alias)
    made = StudyClass.objects.using(alias).bulk_create(
        StudyClass(group=group)
        for group in groups.filter(permissions=None, study_class=None).exclude(name=INSTRUCTORS)
    )
    app, name = settings.AUTH_USER_MODEL.split(".")
    people = apps.get_model(app, name).objects.using(alias)
    instructors = list(people.filter(is_staff=True, is_superuser=False).values_list("pk", flat=True))
    link = StudyClass.instructors.through
    link.objects.using(alias).bulk_create(
        [link(studyclass_id=study_class.pk, user_id=pk) for study_class in made for pk in instructors],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("modules", "0033_classes"),
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_classes, migrations.RunPython.noop)]
