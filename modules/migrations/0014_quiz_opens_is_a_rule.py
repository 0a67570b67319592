"""Makes it a rule of the document whether a quiz opens at once or after the sections.

A module that has it set gets it written into its document, as a revision of its own, so that open drafts notice it.
"""

from __future__ import annotations

from django.db import migrations, models
from django.utils import timezone

from modules.document.problems import DocumentError
from modules.document.syntax.rule_lines import with_rules
from modules.document.syntax.front_matter import parse_front_matter
from modules.document.syntax.source import normalise
from dataclasses import replace

AT_ONCE = "at_once"


def write_into_documents(apps, schema_editor):
    Module = apps.get_model("modules", "Module")
    Quiz = apps.get_model("modules", "Quiz")
    for module in Module.objects.filter(quiz_opens=AT_ONCE).select_related("current"):
        Quiz.objects.filter(module=module).update(quiz_opens=AT_ONCE)
        if module.current is None:
            continue
        text = module.current.text
        try:
            matter, _problems = parse_front_matter(normalise(text))
            edited = with_rules(text, replace(matter.rules, quiz_opens=AT_ONCE))
        except DocumentError:  # written in an unusual way: the quiz keeps its value, and the document stays
            continue
        write_revision(apps, module, text, edited)


def write_revision(apps, module, text, edited):
    """The front matter is at the beginning of the preamble, so that all other slices stay."""
    Revision = apps.get_model("modules", "Revision")
    rest = text[len(module.preamble) :]
    if not text.startswith(module.preamble) or not edited.endswith(rest):
        return
    last = module.current
    module.preamble = edited[: len(edited) - len(rest)]
    module.current = Revision.objects.create(
        module=module,
        number=Revision.objects.filter(module=module).count() + 1,
        text=edited,
        encoding=last.encoding,
        filename=last.filename,
        loaded_at=timezone.now(),
        changes={"settings": 1},
        images=last.images,
    )
    module.save(update_fields=["preamble", "current"])


class Migration(migrations.Migration):
    dependencies = [("modules", "0013_plain_names")]

    operations = [
        migrations.AddField(
            model_name="quiz",
            name="quiz_opens",
            field=models.CharField(default="after_sections", max_length=20, verbose_name="the final quiz opens"),
        ),
        migrations.AlterField(
            model_name="quiz",
            name="counts",
            field=models.CharField(default="highest", max_length=20, verbose_name="which grade counts"),
        ),
        migrations.AlterField(
            model_name="quiz",
            name="late",
            field=models.CharField(default="submit", max_length=20, verbose_name="when time is up"),
        ),
        migrations.AlterField(
            model_name="quiz",
            name="scoring",
            field=models.CharField(
                default="right_minus_wrong", max_length=20, verbose_name="scoring of multiple response"
            ),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="late",
            field=models.CharField(default="submit", max_length=20, verbose_name="when time is up"),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="scoring",
            field=models.CharField(
                default="right_minus_wrong", max_length=20, verbose_name="scoring of multiple response"
            ),
        ),
        migrations.RunPython(write_into_documents, migrations.RunPython.noop),
    ]
