"""Keeps with each draft its address, whether it is a conversion, and what its file lost."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("modules", "0018_way_of_judging")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="address",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="address"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="draft",
            name="is_conversion",
            field=models.BooleanField(default=False, verbose_name="turned into a quiz"),
        ),
        migrations.AddField(
            model_name="draft",
            name="remarks",
            field=models.JSONField(blank=True, default=list, verbose_name="remarks"),
        ),
    ]
