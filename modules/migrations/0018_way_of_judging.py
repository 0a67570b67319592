"""Notes for each response in which way it was judged. All responses until now were judged in the first way."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("modules", "0017_plain_labels")]

    operations = [
        migrations.AddField(
            model_name="response",
            name="judging",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="way of judging"),
        ),
        migrations.AlterField(
            model_name="response",
            name="judging",
            field=models.PositiveSmallIntegerField(default=2, verbose_name="way of judging"),
        ),
    ]
