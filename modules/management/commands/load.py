from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from modules import loading
from modules.document.problems import DocumentError
from modules.management.reporting import content_of, report


class Command(BaseCommand):
    help = "Load a module from a Markdown file, or from a .zip that holds one with its images."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--publish", action="store_true", help="let learners see it at once")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        now = timezone.now()
        try:
            upload = loading.open_file(content_of(path), path.rpartition("/")[2])
            plan = loading.plan_upload(upload)
            report(plan.document.problems, path, self.stderr)
            module = loading.apply_upload(plan, upload, by=None, now=now)
        except DocumentError as error:
            report(error.problems, path, self.stderr)
            raise CommandError(_("%(file)s: nothing was loaded.") % {"file": path}) from None
        except loading.Moved:
            raise CommandError(_("The module changed meanwhile. Nothing was loaded; try again.")) from None
        if options["publish"]:
            loading.publish(module, by=None, now=now)
        self.stdout.write(
            _("Loaded: %(title)s, %(sections)d sections, %(questions)d questions (%(slug)s).")
            % {
                "title": module.title,
                "sections": len(plan.document.sections),
                "questions": len(plan.document.quiz.questions) if plan.document.quiz else 0,
                "slug": module.slug,
            }
        )
