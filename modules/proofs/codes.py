"""Makes the codes of proofs, and reads them as people type them."""

from __future__ import annotations

import re
import secrets

from accounts.roles import ALPHABET

# 12 signs of 31 are 59 bits. With a million proofs, somebody who tries a thousand codes a second finds one in ten
# years. So guesses need no limit.
SIGNS = 12
GROUP = 4


def new_code() -> str:
    """Makes a code that nobody can guess, in groups that are easy to read and to type."""
    return _grouped("".join(secrets.choice(ALPHABET) for _sign in range(SIGNS)))


def read_code(typed: str) -> str:
    """Returns the code in what somebody typed or pasted, or an empty text if there is none.

    Capitals, blanks and missing hyphens do not matter. The whole address of a proof is read too.
    """
    last = typed.strip().rstrip("/").rpartition("/")[2]
    signs = re.sub(r"[\s\-\u2010-\u2014]", "", last).lower()
    is_code = len(signs) == SIGNS and set(signs) <= set(ALPHABET)
    return _grouped(signs) if is_code else ""


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))
