"""Refuses passwords that many people choose, and those that are made of a person's own name or address."""

import re
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator, UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User

WORDS = Path(__file__).parent / "common-passwords.txt"
ENDINGS = "0123456789!@#$%&*?._-"  # signs that people add to a word, so that it has some
SHORTEST_WORD = 2  # letters; with one, a password of random letters could be made of initials


class NotOwnName(UserAttributeSimilarityValidator):
    """Refuses what is like the name or the address, and what is nothing but words of them, digits and signs."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("name", "email"))

    def validate(self, password: str, user: User | None = None) -> None:
        super().validate(password, user)
        if user is not None and is_made_of(_own_words(user), password):
            raise ValidationError(
                _("This password is your name or your address with digits or signs. Choose another one."),
                code="password_is_own_name",
            )


def is_made_of(words: set[str], password: str) -> bool:
    """Tells whether the letters of a password are nothing but these words."""
    letters = "".join(filter(str.isalpha, password.casefold()))
    rest = letters
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return bool(letters) and not rest


def _own_words(user: User) -> set[str]:
    text = f"{user.name} {user.email}".casefold()
    return {word for word in re.split(r"[\W\d_]+", text) if len(word) >= SHORTEST_WORD}


class CommonPasswords(CommonPasswordValidator):
    """Knows the 20,000 common passwords of Django, and Indonesian words with or without digits at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.words = frozenset(WORDS.read_text(encoding="utf-8").split())

    def validate(self, password: str, user: User | None = None) -> None:
        word = password.lower().strip().rstrip(ENDINGS)
        # Django's own check says the sentence. Every word of ours is as common as the first of its list.
        super().validate("password" if word in self.words else password, user)
