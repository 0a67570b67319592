import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from modules.document import source
from modules.models import Module


class Command(BaseCommand):
    help = "Write a module's document to standard output, byte for byte."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        module = Module.objects.filter(slug=options["slug"]).first()
        if module is None:
            raise CommandError(_("There is no module “%(slug)s”.") % {"slug": options["slug"]})
        sys.stdout.buffer.write(source.encode(module.text(), module.encoding))
        sys.stdout.buffer.flush()
