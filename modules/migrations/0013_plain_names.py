"""Gives columns and constraints the words that the code uses: slot, active, image, base revision, former slug."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('modules', '0012_versions_know_their_renderer'),
    ]

    operations = [
        migrations.RenameModel(old_name='FormerAddress', new_name='FormerSlug'),
        migrations.AlterModelOptions(
            name='response',
            options={'ordering': ['attempt', 'slot'], 'verbose_name': 'response', 'verbose_name_plural': 'responses'},
        ),
        migrations.RemoveConstraint(
            model_name='question',
            name='one_standing_question_per_place',
        ),
        migrations.RemoveConstraint(
            model_name='question',
            name='one_standing_question_per_identity',
        ),
        migrations.RemoveConstraint(
            model_name='response',
            name='one_response_per_attempt_and_slot',
        ),
        migrations.RemoveConstraint(
            model_name='section',
            name='one_standing_section_per_place',
        ),
        migrations.RemoveConstraint(
            model_name='section',
            name='one_standing_section_per_identity',
        ),
        migrations.RenameField(
            model_name='attempt',
            old_name='settled_at',
            new_name='outcome_recorded_at',
        ),
        migrations.RenameField(
            model_name='correction',
            old_name='place',
            new_name='slot',
        ),
        migrations.RenameField(
            model_name='draft',
            old_name='planned_for',
            new_name='base_revision',
        ),
        migrations.RenameField(
            model_name='response',
            old_name='place',
            new_name='slot',
        ),
        migrations.RenameField(
            model_name='revision',
            old_name='pictures',
            new_name='images',
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at__isnull', True)), fields=('quiz', 'identity'), name='one_active_question_per_identity'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at__isnull', True)), fields=('quiz', 'place'), name='one_active_question_per_place'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.UniqueConstraint(fields=('attempt', 'slot'), name='one_response_per_attempt_and_slot'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at__isnull', True)), fields=('module', 'identity'), name='one_active_section_per_identity'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at__isnull', True)), fields=('module', 'place'), name='one_active_section_per_place'),
        ),
        migrations.AlterField(
            model_name='formerslug',
            name='module',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='modules.module', verbose_name='module'),
        ),
    ]
