"""Says which badges were withdrawn, as a Bitstring Status List of the W3C, signed like the badges."""

from __future__ import annotations

import gzip
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.urls import reverse

from modules.models import Proof
from modules.proofs import keys

BITS = 131_072  # of a list; the standard asks for as many, so that nobody can tell which badge is looked up
VALID_FOR = timedelta(days=1)  # nobody can show an older list in the place of the one of today

# A proof may be issued again, and a revocation could not be undone.
PURPOSE = "suspension"


def entry_of(proof: Proof, site: str) -> dict[str, object]:
    """Returns the place of a badge in its list."""
    number, index = divmod(proof.pk, BITS)
    url = _address(site, number)
    return {
        "id": f"{url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(index),
        "statusListCredential": url,
    }


def status_list(number: int, site: str, *, now: datetime) -> str:
    """Returns the signed list with this number. The bits of withdrawn badges are set."""
    url, did = _address(site, number), keys.did_of(site)
    first = number * BITS
    withdrawn = Proof.objects.invalid().filter(pk__gte=first, pk__lt=first + BITS)
    indices = (pk - first for pk in withdrawn.order_by().values_list("pk", flat=True))
    credential: dict[str, object] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": _time(now),
        "validUntil": _time(now + VALID_FOR),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": _encoded(indices),
        },
        "iss": did,
        "jti": url,
        "nbf": int(now.timestamp()),
        "exp": int((now + VALID_FOR).timestamp()),
    }
    return keys.sign(credential, site, now=now)


def _address(site: str, number: int) -> str:
    return site + reverse("badge_status", args=[number])


def _encoded(indices: Iterable[int]) -> str:
    bits = bytearray(BITS // 8)
    for index in indices:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
