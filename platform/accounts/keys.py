"""Names accounts and origins by keyed hashes, so that no table and no cookie holds an address."""

from django.utils.crypto import salted_hmac

from accounts.addresses import folded_form


def account_key(email: str) -> str:
    return salted_hmac("accounts.limits.account", folded_form(email), algorithm="sha256").hexdigest()


def origin_key(origin: str) -> str:
    return salted_hmac("accounts.limits.origin", origin, algorithm="sha256").hexdigest()
