"""Reports accounts whose addresses look alike."""

from collections import defaultdict
from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.addresses import folded_form
from accounts.models import User


class Command(BaseCommand):
    help = "List accounts whose addresses differ only in letters that look alike. Nothing is changed."

    def handle(self, *args: Any, **options: Any) -> None:
        groups = [group for group in _by_folded_form().values() if len(group) > 1]
        for group in groups:
            self.stdout.write(_("These accounts have addresses that look alike:"))
            for number, email in sorted(group.items()):
                self.stdout.write(
                    f"  {number}  {email}  {email.encode('ascii', 'backslashreplace').decode()}"
                )
        count = len(groups)
        self.stdout.write(
            ngettext("%(count)d group of accounts.", "%(count)d groups of accounts.", count)
            % {"count": count}
        )


def _by_folded_form() -> dict[str, dict[int, str]]:
    """Returns the addresses of accounts by their common form, and by the number of the account."""
    accounts: dict[str, dict[int, str]] = defaultdict(dict)
    for rows in (User.objects.values_list("pk", "email"), EmailAddress.objects.values_list("user", "email")):
        for number, email in rows.iterator():
            accounts[folded_form(email)].setdefault(number, email)
    return accounts
