from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("modules", "0010_pictures_of_revisions"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="part_title",
            field=models.CharField(blank=True, max_length=1000, verbose_name="title of the part"),
        ),
    ]
