"""Keeps what learners are told, and what corrections took back from them."""

import django.db.models.deletion
import modules.models.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('modules', '0019_remarks_of_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Revocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('passed_at', models.DateTimeField(blank=True, null=True, verbose_name='quiz passed')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('given_back_at', models.DateTimeField(blank=True, null=True, verbose_name='given back')),
                ('correction', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='revocation', to='modules.correction', verbose_name='correction')),
            ],
            options={
                'verbose_name': 'revocation',
                'verbose_name_plural': 'revocations',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('grade', 'another grade'), ('reopened', 'attempt opened again'), ('closed', 'attempt closed'), ('deleted', 'attempt deleted'), ('restored', 'attempt brought back'), ('read_again', 'section to read again'), ('changed', 'section changed'), ('added', 'section added')], max_length=20, verbose_name='kind')),
                ('before', modules.models.fields.FractionField(blank=True, null=True, verbose_name='grade before')),
                ('after', modules.models.fields.FractionField(blank=True, null=True, verbose_name='grade after')),
                ('slots', models.JSONField(blank=True, default=list, verbose_name='changed marks')),
                ('finish', models.CharField(blank=True, choices=[('taken', 'taken back'), ('given', 'given back')], max_length=10, verbose_name='finish')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='seen')),
                ('attempt', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='modules.attempt', verbose_name='attempt')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='modules.enrolment', verbose_name='enrolment')),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='modules.section', verbose_name='section')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ['-made_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('seen_at__isnull', True)), fields=['enrolment'], name='unseen_notices_by_enrolment')],
                'constraints': [models.CheckConstraint(condition=models.Q(('attempt__isnull', True), ('section__isnull', True), _connector='XOR'), name='a_notice_is_of_an_attempt_or_a_section'), models.UniqueConstraint(condition=models.Q(('kind', 'grade'), ('seen_at__isnull', True)), fields=('attempt',), name='one_unseen_grade_notice_per_attempt'), models.UniqueConstraint(condition=models.Q(('section__isnull', False), ('seen_at__isnull', True)), fields=('enrolment', 'section'), name='one_unseen_notice_per_learner_and_section')],
            },
        ),
    ]
