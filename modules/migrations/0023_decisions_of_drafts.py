
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('modules', '0022_withdrawal'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='decisions',
            field=models.JSONField(blank=True, default=dict, verbose_name='decisions'),
        ),
        migrations.AddField(
            model_name='draft',
            name='reason',
            field=models.TextField(blank=True, verbose_name='reason for new grades'),
        ),
    ]
