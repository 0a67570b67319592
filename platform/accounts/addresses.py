"""Brings e-mail addresses into one form, so that two addresses that look alike are one."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

LONGEST = 254  # signs; no mail server accepts a longer address
MOST_COMPARED = 4 * LONGEST
# Control signs, signs that only format, private and unassigned signs, and all kinds of space.
INVISIBLE = ("C", "Z")


def normalised(email: str) -> str:
    """Returns a new address in its one form. Raises ValidationError with a sentence if it has none.

    Existing accounts keep their addresses. They may have been stored in another form.
    """
    _refuse_long(email)
    folded = folded_form(email)
    _refuse_long(folded)
    if any(unicodedata.category(sign)[0] in INVISIBLE for sign in folded):
        raise ValidationError(
            _("This address contains a sign that cannot be seen. Type the address instead of pasting it.")
        )
    validate_email(folded)
    return folded


def _refuse_long(email: str) -> None:
    if len(email) > LONGEST:
        raise ValidationError(
            _("This address has %(count)d characters. An e-mail address has at most %(most)d.")
            % {"count": len(email), "most": LONGEST}
        )


def folded_form(email: str) -> str:
    """Returns the form in which addresses are compared: the same width, the same composition, small letters.

    A text that no address can be stays as it is: to bring a long row of accents into order takes the square of its
    length.
    """
    if len(email) > MOST_COMPARED:
        return email
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", email.strip()).lower())
