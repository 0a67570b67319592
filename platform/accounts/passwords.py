"""Refuses passwords that many people choose."""

from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator

from accounts.models import User

WORDS = Path(__file__).parent / "common-passwords.txt"
ENDINGS = "0123456789!@#$%&*?._-"  # signs that people add to a word, so that it has some


class CommonPasswords(CommonPasswordValidator):
    """Knows the 20,000 common passwords of Django, and Indonesian words with or without digits at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.words = frozenset(WORDS.read_text(encoding="utf-8").split())

    def validate(self, password: str, user: User | None = None) -> None:
        word = password.lower().strip().rstrip(ENDINGS)
        # Django's own check says the sentence. Every word of ours is as common as the first of its list.
        super().validate("password" if word in self.words else password, user)
