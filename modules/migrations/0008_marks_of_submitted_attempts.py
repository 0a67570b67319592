from django.db import migrations


def take_marks_away(apps, _editor):
    """Attempts that nobody submitted could get a mark when a question was graded again."""
    attempts = apps.get_model("modules", "Attempt").objects.filter(submitted_at__isnull=True)
    apps.get_model("modules", "Response").objects.filter(attempt__in=attempts.values("pk")).update(mark=None)
    attempts.update(mark=None, max_mark=None, passed_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('modules', '0007_pools_and_checks'),
    ]

    operations = [
        migrations.RunPython(take_marks_away, migrations.RunPython.noop),
    ]
