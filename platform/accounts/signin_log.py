"""Writes refused sign-ins in a form that a program such as fail2ban reads. docs/settings.md has its expression."""

import logging
from typing import Literal

log = logging.getLogger("tuntas.signin")


def tell(outcome: Literal["failed", "locked"], address: str) -> None:
    """Writes one line: the password was wrong, or the account takes no more passwords for a while.

    The address of the network is all that a program needs to close the door. The line names no account.
    """
    log.warning("sign-in %s address=%s", outcome, address)
