"""Keeps which readings lapsed because their section has text that the learner has not read."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('modules', "0029_access_and_site_pages"),
    ]

    operations = [
        migrations.AddField(
            model_name='reading',
            name='lacks_part',
            field=models.BooleanField(default=False, verbose_name='has not read a part'),
        ),
    ]
