"""Keeps with each enrolment when its learner was last seen, and the grade that counts, and fills both in."""

from fractions import Fraction
from itertools import groupby

from django.db import migrations, models
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

AT_ONCE = 2_000


def fill_last_seen(apps, schema_editor):
    enrolments, readings, attempts = (
        apps.get_model("modules", name) for name in ("Enrolment", "Reading", "Attempt")
    )
    of_enrolment = {"enrolment": OuterRef("pk")}

    def latest(model, column, **further):
        rows = model._base_manager.filter(**of_enrolment, **further).order_by().values("enrolment")
        return Coalesce(Subquery(rows.annotate(at=Max(column)).values("at")), F("begun_at"))

    enrolments.objects.update(
        last_seen_at=Greatest(
            F("begun_at"),
            latest(readings, "read_at"),
            latest(attempts, "started_at", deleted_at=None),
            latest(attempts, "submitted_at", deleted_at=None),
        )
    )


def fill_grades(apps, schema_editor):
    """Computes the final grades as ``modules.quizzes.final_grade`` did when this migration was written."""
    enrolments, attempts = (apps.get_model("modules", name) for name in ("Enrolment", "Attempt"))
    submitted = attempts._base_manager.filter(Q(submitted_at__isnull=False), deleted_at=None)
    rows = submitted.order_by("enrolment_id", "number").values_list("enrolment_id", "quiz__counts", "mark", "max_mark")
    changed = []
    for enrolment, of_learner in groupby(rows.iterator(chunk_size=AT_ONCE), key=lambda row: row[0]):
        of_one = list(of_learner)
        grades = [Fraction(100) * mark / most if most else Fraction(0) for *_keys, mark, most in of_one]
        changed.append(enrolments(pk=enrolment, grade=float(counting(grades, of_one[0][1]))))
        if len(changed) >= AT_ONCE:
            enrolments.objects.bulk_update(changed, ["grade"], batch_size=500)
            changed = []
    enrolments.objects.bulk_update(changed, ["grade"], batch_size=500)


def counting(grades, counts):
    if counts == "average":
        return sum(grades, start=Fraction(0)) / len(grades)
    return {"highest": max(grades), "first": grades[0], "last": grades[-1]}[counts]


class Migration(migrations.Migration):
    dependencies = [("modules", "0035_slips")]

    operations = [
        migrations.AddField("enrolment", "grade", models.FloatField(blank=True, null=True, verbose_name="grade")),
        migrations.AddField(
            "enrolment", "last_seen_at", models.DateTimeField(null=True, verbose_name="last seen")
        ),
        migrations.RunPython(fill_last_seen, migrations.RunPython.noop),
        migrations.RunPython(fill_grades, migrations.RunPython.noop),
    ]
