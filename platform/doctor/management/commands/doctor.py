from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from doctor import database, surroundings
from doctor.finding import Finding, State, wrong

# In the order of the lines. What follows the database needs it.
CHECKS: dict[str, Callable[[], Finding]] = {
    gettext_noop("settings"): surroundings.misspelt,
    gettext_noop("site"): surroundings.site,
    gettext_noop("secret"): surroundings.secret,
    gettext_noop("mail"): surroundings.mail,
    gettext_noop("backup"): surroundings.backup,
    gettext_noop("database"): database.database,
}
OF_DATABASE: dict[str, Callable[[], Finding]] = {
    gettext_noop("health"): database.health,
    gettext_noop("clock"): database.clock,
    gettext_noop("cache"): surroundings.cache,
    gettext_noop("files"): surroundings.files,
    gettext_noop("worker"): surroundings.worker,
}


class Command(BaseCommand):
    help = "Examine the installation: one line for each check, what is wrong, and how to mend it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        findings = [self._examine(name, check) for name, check in CHECKS.items()]
        if findings[-1].state != State.WRONG:
            findings += [self._examine(name, check) for name, check in OF_DATABASE.items()]
        faults = sum(finding.state == State.WRONG for finding in findings)
        if faults:
            raise CommandError(_("%(n)d of %(all)d checks failed.") % {"n": faults, "all": len(findings)})

    def _examine(self, name: str, check: Callable[[], Finding]) -> Finding:
        try:
            finding = check()
        except Exception as error:  # whatever a check meets, the others are worth knowing
            finding = wrong(_("The check itself failed: %(error)s.") % {"error": repr(error)}, "")
        self.stdout.write(f"{finding.state:<6} {_(name):<12} {finding.what}")
        if finding.mend:
            self.stdout.write(f"{'':<19} → {finding.mend}")
        return finding
