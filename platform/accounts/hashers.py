"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id with OWASP's parameters: 19 MiB and 2 passes, where Django's default takes 100 MiB and tenfold the time."""

    memory_cost = 19456
    time_cost = 2
    parallelism = 1
