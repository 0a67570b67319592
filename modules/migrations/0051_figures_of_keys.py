from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('modules', '0050_recorded_checks'),
    ]

    operations = [
        migrations.AlterField(
            model_name='storedfigures',
            name='kind',
            field=models.CharField(choices=[('questions', 'how the questions work'), ('reading', 'how far learners read'), ('keys', 'questions whose key may be wrong')], max_length=20, verbose_name='kind'),
        ),
    ]
