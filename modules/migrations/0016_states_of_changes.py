"""Renames two states in the numbers that revisions keep of what they changed."""

from django.db import migrations

RENAMED = {"back": "restored", "pictures": "images"}


def rename(apps, schema_editor):
    revisions = apps.get_model("modules", "Revision").objects.exclude(changes={}).only("pk", "changes")
    for revision in revisions.iterator():
        changes = {RENAMED.get(word, word): number for word, number in revision.changes.items()}
        if changes != revision.changes:
            revisions.filter(pk=revision.pk).update(changes=changes)


class Migration(migrations.Migration):
    dependencies = [("modules", "0015_remove_module_quiz_opens")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
