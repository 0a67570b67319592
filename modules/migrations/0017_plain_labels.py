"""Gives two columns plain labels. No row changes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('modules', '0016_states_of_changes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='attempt',
            name='outcome_recorded_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='outcome recorded'),
        ),
        migrations.AlterField(
            model_name='revision',
            name='images',
            field=models.JSONField(blank=True, default=dict, verbose_name='images'),
        ),
    ]
