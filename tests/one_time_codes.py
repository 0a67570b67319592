"""Makes the codes that an authenticator app shows."""

import base64
import hashlib
import hmac
import time

PERIOD = 30  # seconds


def code_of(key: str, *, later: int = 0) -> str:
    """Returns the code of a key now, or some periods later. A code is good only once."""
    secret = base64.b32decode(key.replace(" ", ""))
    counter = int(time.time()) // PERIOD + later
    digest = hmac.new(secret, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
