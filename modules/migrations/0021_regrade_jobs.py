"""Keeps the jobs that grade large classes again, and what the worker counts for a plan."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('modules', '0020_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EffectCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64, verbose_name='fingerprint')),
                ('decisions', models.JSONField(default=dict, verbose_name='decisions')),
                ('done', models.PositiveBigIntegerField(default=0, verbose_name='answers that are counted')),
                ('total', models.PositiveBigIntegerField(default=0, verbose_name='answers')),
                ('effects', models.JSONField(blank=True, null=True, verbose_name='effects')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('counted_at', models.DateTimeField(blank=True, null=True, verbose_name='counted')),
                ('draft', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='effect_count', to='modules.draft', verbose_name='draft')),
            ],
            options={
                'verbose_name': 'count of effects',
                'verbose_name_plural': 'counts of effects',
            },
        ),
        migrations.CreateModel(
            name='RegradeJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('keys', models.JSONField(default=dict, verbose_name='keys')),
                ('judged_anew', models.JSONField(blank=True, default=list, verbose_name='judged as today')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('until', models.PositiveBigIntegerField(default=0, verbose_name='last attempt')),
                ('cursor', models.PositiveBigIntegerField(default=0, verbose_name='last attempt that is graded again')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='attempts that are graded again')),
                ('up', models.PositiveIntegerField(default=0, verbose_name='grades that rose')),
                ('down', models.PositiveIntegerField(default=0, verbose_name='grades that fell')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('module', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='regrade_jobs', to='modules.module', verbose_name='module')),
                ('revision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='modules.revision', verbose_name='revision')),
            ],
            options={
                'verbose_name': 'regrade of many attempts',
                'verbose_name_plural': 'regrades of many attempts',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='regrade',
            name='job',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='regrades', to='modules.regradejob', verbose_name='job'),
        ),
        migrations.AddIndex(
            model_name='regradejob',
            index=models.Index(condition=models.Q(('finished_at__isnull', True)), fields=['module'], name='unfinished_regrades_by_module'),
        ),
    ]
