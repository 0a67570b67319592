"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id with OWASP's parameters: 19 MiB where Django's default takes 100, and a tenth of its time."""

    memory_cost = 19456
    time_cost = 2
    parallelism = 1
