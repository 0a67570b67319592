"""Adds the owner and the helpers of a module. The next migration says who owns the modules that are there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("modules", "0030_readings_that_lack_a_part"),
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
    ]
