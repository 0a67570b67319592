"""Brings e-mail addresses into one form, so that two addresses that look alike are one."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

LONGEST = 254  # signs; no mail server accepts a longer address
# Control signs, signs that only format, private and unassigned signs, and all kinds of space.
INVISIBLE = ("C", "Z")


def normalised(email: str) -> str:
    """Returns a new address in its one form. Raises ValidationError with a sentence if it has none.

    Existing accounts keep their addresses. They may have been stored in another form.
    """
    folded = folded_form(email)
    if len(folded) > LONGEST:
        raise ValidationError(
            _("This address has %(count)d characters. An e-mail address has at most %(most)d.")
            % {"count": len(folded), "most": LONGEST}
        )
    if any(unicodedata.category(sign)[0] in INVISIBLE for sign in folded):
        raise ValidationError(
            _("This address contains a sign that cannot be seen. Type the address instead of pasting it.")
        )
    validate_email(folded)
    return folded


def folded_form(email: str) -> str:
    """Returns the form in which addresses are compared: the same width, the same composition, small letters."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", email.strip()).lower())
