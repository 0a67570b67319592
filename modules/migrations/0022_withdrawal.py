"""Keeps when a module was withdrawn and who may go on. Modules that are not published stay closed to everybody."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('modules', '0021_regrade_jobs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='withdrawn'),
        ),
        migrations.AddField(
            model_name='module',
            name='keeps_learners',
            field=models.BooleanField(default=False, verbose_name='open to those who have begun it'),
        ),
        migrations.AddField(
            model_name='module',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='withdrawn'),
        ),
        migrations.AddField(
            model_name='module',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='withdrawn by'),
        ),
        migrations.AddConstraint(
            model_name='module',
            constraint=models.CheckConstraint(condition=models.Q(('published_at__isnull', True), models.Q(('keeps_learners', False), ('withdrawn_at__isnull', True)), _connector='OR'), name='a_published_module_is_not_withdrawn'),
        ),
    ]
