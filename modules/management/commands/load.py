import sys
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from accounts.models import User
from modules.forms.decisions import clean_reason
from modules.management.broken_files import reason_of
from modules.management.files import File, find
from modules.management.runs import Outcome, Run, Terms
from modules.models import ownership

COUNTED = {
    "loaded": ngettext_lazy("%(n)d loaded", "%(n)d loaded", "n"),
    "possible": ngettext_lazy("%(n)d can be loaded", "%(n)d can be loaded", "n"),
    "unchanged": ngettext_lazy("%(n)d unchanged", "%(n)d unchanged", "n"),
    "waits": ngettext_lazy("%(n)d not confirmed", "%(n)d not confirmed", "n"),
    "asks": ngettext_lazy("%(n)d asks", "%(n)d ask", "n"),
    "wrong": ngettext_lazy("%(n)d wrong", "%(n)d wrong", "n"),
}
OWNER_HELP = (
    "new modules belong to this instructor, and modules that this instructor may not change are left out; "
    "without it, new ones belong to the administrators"
)
AGREED = ("y", "yes", "ya")


class Command(BaseCommand):
    help = (
        "Load modules from Markdown files, from .zip archives that hold one with its pictures, and from directories. "
        "The exit status is 1 if anything was not loaded."
    )
    stealth_options = ("stdin",)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", metavar="PATH", nargs="+")
        parser.add_argument(
            "--check",
            action="store_true",
            help="say what would happen, and write nothing; the exit status is 1 if a load without --yes would not go through",
        )
        parser.add_argument(
            "--yes", action="store_true", help="make changes that learners notice without asking"
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="load a document although more than half of its module would go; --yes alone does not agree to that",
        )
        parser.add_argument(
            "--as-reading",
            action="store_true",
            help="show questions in other notations as they are, with their key: this is reading, not a quiz",
        )
        parser.add_argument(
            "--without-limits",
            action="store_true",
            help="load documents that a site had before there were limits of sections, questions, headings and size",
        )
        parser.add_argument(
            "--regrade",
            action="store_true",
            help="grade submitted attempts again where a key changes; needs --reason, and without it every grade stays",
        )
        parser.add_argument(
            "--reason",
            default="",
            help="why grades change; learners read it beside the old and the new grade",
        )
        parser.add_argument("--owner", default="", metavar="ADDRESS", help=OWNER_HELP)
        parser.add_argument("--publish", action="store_true", help="let learners see it at once")

    def handle(self, *args: Any, **options: Any) -> None:
        self.yes, self.stdin = options["yes"], options.get("stdin") or sys.stdin
        self.asks = self.stdin.isatty() and not options["check"]
        reason = _reason_of(options)
        files = _files_of(options["paths"])
        terms = Terms(
            check=options["check"],
            publish=options["publish"],
            replace=options["replace"],
            as_reading=options["as_reading"],
            without_limits=options["without_limits"],
            consent=self._consent,
            regrade=options["regrade"],
            reason=reason,
            owner=_owner_of(options["owner"]),
        )
        run = Run(files, terms, self.stdout, self.stderr)
        if len(files) == 1 and not files[0].is_in_directory:
            self._conclude(run.load(files[0]))
        else:
            self._sum_up([self._say(run.load(file)) for file in files])

    def _consent(self, title: str) -> bool:
        """Returns whether a person at a terminal, or ``--yes``, agrees to a change that learners notice."""
        if self.yes or not self.asks:
            return bool(self.yes)
        self.stdout.write(_("Load “%(title)s”? [y/N]") % {"title": title}, ending=" ")
        self.stdout.flush()
        return self.stdin.readline().strip().casefold() in AGREED

    def _conclude(self, outcome: Outcome) -> None:
        if not outcome.is_fine:
            raise CommandError(outcome.line)
        self.stdout.write(outcome.line)

    def _say(self, outcome: Outcome) -> Outcome:
        self.stdout.write(outcome.line)
        return outcome

    def _sum_up(self, outcomes: Sequence[Outcome]) -> None:
        words = [outcome.word for outcome in outcomes]
        numbers = [
            str(sentence % {"n": words.count(word)}) for word, sentence in COUNTED.items() if word in words
        ]
        files = ngettext("%(n)d file", "%(n)d files", len(words)) % {"n": len(words)}
        line = f"{files}: {', '.join(numbers)}."
        if not all(outcome.is_fine for outcome in outcomes):
            raise CommandError(line)
        self.stdout.write(line)


def _reason_of(options: dict[str, Any]) -> str:
    """Returns the reason for new grades. Stops if grades would change without one, or if none can change."""
    reason = clean_reason(options["reason"])
    if options["regrade"] and not reason:
        raise CommandError(_("Nothing is loaded: say with --reason why grades change. Learners read it."))
    if reason and not options["regrade"]:
        raise CommandError(
            _("Nothing is loaded: --reason says why --regrade changes grades. Give both, or none.")
        )
    return reason


def _owner_of(address: str) -> User | None:
    """Returns the instructor with an address. Stops if nobody has it, or if the person may not write modules."""
    if not address:
        return None
    person = User.objects.filter(email__iexact=address).first()
    if person is None or not person.has_perm(ownership.WRITES):
        sentence = _("Nothing is loaded: there is no instructor with the address %(address)s.")
        raise CommandError(sentence % {"address": address})
    return person


def _files_of(paths: Sequence[str]) -> list[File]:
    try:
        files = find(paths)
    except OSError as error:
        raise CommandError(f"{error.filename}: {reason_of(error)}") from None
    if not files:
        raise CommandError(_("There is no Markdown file to load in %(paths)s.") % {"paths": ", ".join(paths)})
    return files
