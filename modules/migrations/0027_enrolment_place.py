
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('modules', "0026_proofs"),
    ]

    operations = [
        migrations.AddField(
            model_name='enrolment',
            name='place',
            field=models.CharField(blank=True, default='', max_length=500, verbose_name='place in the text'),
        ),
    ]
