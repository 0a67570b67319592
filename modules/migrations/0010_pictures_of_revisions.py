from django.db import migrations, models


def keep_pictures(apps, schema_editor):
    """What each module shows today is what its current revision had; of earlier ones nobody knows."""
    modules, revisions, images = (
        apps.get_model("modules", name).objects for name in ("Module", "Revision", "Image")
    )
    for module in modules.filter(current__isnull=False):
        pictures = dict(images.filter(module=module).values_list("path", "file"))
        revisions.filter(pk=module.current_id).update(pictures=pictures)


class Migration(migrations.Migration):

    dependencies = [
        ("modules", "0009_kinds_of_corrections"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="part",
            field=models.CharField(blank=True, max_length=40, verbose_name="part of the module"),
        ),
        migrations.AddField(
            model_name="revision",
            name="pictures",
            field=models.JSONField(blank=True, default=dict, verbose_name="pictures"),
        ),
        migrations.RunPython(keep_pictures, migrations.RunPython.noop),
    ]
