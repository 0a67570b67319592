
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('modules', '0023_decisions_of_drafts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('grade', 'another grade'), ('reopened', 'attempt opened again'), ('closed', 'attempt closed'), ('deleted', 'attempt deleted'), ('restored', 'attempt brought back'), ('read_again', 'section to read again'), ('new_part', 'section with a new part'), ('changed', 'section changed'), ('added', 'section added')], max_length=20, verbose_name='kind'),
        ),
    ]
