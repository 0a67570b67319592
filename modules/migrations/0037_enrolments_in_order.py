"""Adds the indexes by which results are sorted, after the rows have their values.

PostgreSQL does not change a table in the transaction that has filled it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("modules", "0036_last_seen_and_grades")]

    operations = [
        migrations.AlterField("enrolment", "last_seen_at", models.DateTimeField(verbose_name="last seen")),
        migrations.AddIndex(
            "enrolment", models.Index(fields=["module", "last_seen_at"], name="enrolments_by_last_seen")
        ),
        migrations.AddIndex("enrolment", models.Index(fields=["module", "grade"], name="enrolments_by_grade")),
    ]
