"""Keeps the keys with which the site signs badges, and publishes their public halves."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.db import transaction

from modules.models import SigningKey

ALGORITHM = "RS256"  # every verifier of Open Badges 3.0 has to know it
BITS = 2048


def did_of(site: str) -> str:
    """Returns the decentralized identifier of a site: ``did:web:belajar.example.org``."""
    return f"did:web:{urlsplit(site).netloc.replace(':', '%3A')}"


def did_document(site: str, *, now: datetime) -> dict[str, object]:
    """Returns the document at ``/.well-known/did.json``: the keys that the site vouches for, the newest first."""
    did = did_of(site)
    _signing_key(now)
    keys = list(SigningKey.objects.published())
    methods = [
        {
            "id": f"{did}#{key.name}",
            "type": "JsonWebKey2020",
            "controller": did,
            "publicKeyJwk": _public_jwk(_loaded(key).public_key()) | {"kid": key.name, "alg": ALGORITHM},
        }
        for key in keys
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [f"{did}#{key.name}" for key in keys],
    }


def sign(claims: Mapping[str, object], site: str, *, now: datetime) -> str:
    """Returns claims as a compact JSON Web Token, signed with the newest key."""
    key = _signing_key(now)
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": f"{did_of(site)}#{key.name}"}
    signed = f"{_base64url(_json(header))}.{_base64url(_json(claims))}"
    signature = _loaded(key).sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{_base64url(signature)}"


@transaction.atomic
def rotate(*, now: datetime, revoke: bool = False) -> SigningKey:
    """Makes a new key, and lets the earlier ones sign no more. With ``revoke``, what they signed counts no more."""
    SigningKey.objects.filter(retired_at__isnull=True).update(retired_at=now)
    if revoke:
        SigningKey.objects.published().update(revoked_at=now)
    return _new_key(now)


def _signing_key(now: datetime) -> SigningKey:
    """Returns the key that signs. The first badge makes the first one.

    Two requests at once may make two keys. Both are published, so both are good.
    """
    return SigningKey.objects.published().filter(retired_at__isnull=True).first() or _new_key(now)


def _new_key(now: datetime) -> SigningKey:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=BITS)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SigningKey.objects.create(
        name=_thumbprint(key.public_key()), private_key=text.decode(), made_at=now
    )


def _loaded(key: SigningKey) -> rsa.RSAPrivateKey:
    loaded = serialization.load_pem_private_key(key.private_key.encode(), password=None)
    if not isinstance(loaded, rsa.RSAPrivateKey):
        raise TypeError("Only RSA keys sign badges.")
    return loaded


def _public_jwk(key: rsa.RSAPublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}


def _thumbprint(key: rsa.RSAPublicKey) -> str:
    """Returns the fingerprint of a key as RFC 7638 defines it."""
    members = json.dumps(_public_jwk(key), sort_keys=True, separators=(",", ":"))
    return _base64url(hashlib.sha256(members.encode()).digest())


def _number(number: int) -> str:
    return _base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
