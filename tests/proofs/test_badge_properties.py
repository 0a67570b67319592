"""Tests that a badge has the properties of Open Badges 3.0, each of its type, and no others.

The tables below state the rules of the standard's JSON schema for the classes that a badge uses. The licence of the
schema keeps us from having a copy of it here.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest

from modules.models import Proof
from modules.proofs import badge

from .test_badges import badge_of, payload_of, proof

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # each makes a key

__all__ = ["proof"]  # a fixture

Check = Callable[[object], bool]


def text(pattern: str = r".+") -> Check:
    return lambda value: isinstance(value, str) and bool(re.fullmatch(pattern, value, re.S))


def kinds(*names: str) -> Check:
    """Accepts a list of texts that has all these names."""
    return lambda value: isinstance(value, list) and set(names) <= set(value) and all(map(text(), value))


URI = text(r"[a-z]+:\S+")
MOMENT = text(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
PERCENT = text(r"\d{1,3}(\.\d+)?")
CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json")


def context(value: object) -> bool:
    return (
        isinstance(value, list)
        and value[0] == "https://www.w3.org/ns/credentials/v2"
        and bool(CONTEXT.fullmatch(value[1]))
    )


@dataclass(frozen=True)
class Class:
    """A class of the standard: its required properties, and the optional ones that a badge has."""

    required: Mapping[str, "Check | Class | list[Class]"]
    optional: Mapping[str, "Check | Class | list[Class]"] = field(default_factory=dict)


CRITERIA = Class({}, {"id": URI, "narrative": text()})
RESULT = Class({"type": kinds("Result")}, {"resultDescription": URI, "value": PERCENT})
RESULT_DESCRIPTION = Class(
    {"id": URI, "type": kinds("ResultDescription"), "name": text(), "resultType": text("Percent")},
    {"requiredValue": PERCENT, "valueMin": PERCENT, "valueMax": PERCENT},
)
ACHIEVEMENT = Class(
    {
        "id": URI,
        "type": kinds("Achievement"),
        "criteria": CRITERIA,
        "description": text(),
        "name": text(),
    },
    {
        "achievementType": text("Course"),
        "version": text(),
        "inLanguage": text(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"),
        "resultDescription": [RESULT_DESCRIPTION],
    },
)
IDENTITY = Class(
    {
        "type": text("IdentityObject"),
        "hashed": lambda value: value is True,
        "identityHash": text(r"sha256\$[0-9a-f]{64}"),
        "identityType": text("name"),
    },
    {"salt": text()},
)
SUBJECT = Class(
    {"type": kinds("AchievementSubject"), "achievement": ACHIEVEMENT},
    {"id": URI, "identifier": [IDENTITY], "result": [RESULT]},
)
ISSUER = Class({"id": URI, "type": kinds("Profile")}, {"name": text(), "url": URI})
STATUS = Class(
    {"id": URI, "type": text("BitstringStatusListEntry")},
    {
        "statusPurpose": text("suspension"),
        "statusListIndex": text(r"\d+"),
        "statusListCredential": URI,
    },
)
CREDENTIAL = Class(
    {
        "@context": context,
        "id": URI,
        "type": kinds("VerifiableCredential", "OpenBadgeCredential"),
        "credentialSubject": SUBJECT,
        "issuer": ISSUER,
        "validFrom": MOMENT,
    },
    {
        "name": text(),
        "awardedDate": MOMENT,
        "credentialStatus": STATUS,
        "credentialSchema": [Class({"id": URI, "type": text("1EdTechJsonSchemaValidator2019")})],
    },
)
CLAIMS = {"iss", "jti", "sub", "nbf"}  # of the JSON Web Token around the credential


def faults(value: object, expected: Check | Class | list[Class], path: str = "") -> Iterator[str]:
    """Yields each property that is absent, has another type or is not named by the standard."""
    if isinstance(expected, list):
        if not isinstance(value, list):
            yield path
            return
        for number, each in enumerate(value):
            yield from faults(each, expected[0], f"{path}[{number}]")
    elif isinstance(expected, Class):
        if not isinstance(value, dict):
            yield path
            return
        named = {**expected.required, **expected.optional}
        yield from (f"{path}.{name}" for name in expected.required if name not in value)
        yield from (f"{path}.{name}" for name in value if name not in named)
        for name in named.keys() & value.keys():
            yield from faults(value[name], named[name], f"{path}.{name}")
    elif not expected(value):
        yield path


def credential_in(token: str) -> dict[str, object]:
    return {name: value for name, value in payload_of(token).items() if name not in CLAIMS}


def test_badge_has_properties_of_the_standard(proof: Proof):
    assert list(faults(credential_in(badge_of(proof)), CREDENTIAL)) == []


@pytest.mark.parametrize(("language", "is_stated"), [("id", True), ("zh-Hant-TW", True), ("en-us", False)])
def test_badge_states_only_languages_of_the_standard(proof: Proof, language: str, is_stated: bool):
    proof.language = language
    credential = badge.credential_of(proof, "https://belajar.example.org", shows_grade=True)
    subject = credential["credentialSubject"]

    assert isinstance(subject, dict)
    assert ("inLanguage" in subject["achievement"]) is is_stated
    assert list(faults(credential, CREDENTIAL)) == []


def test_changed_property_is_noticed(proof: Proof):
    credential = credential_in(badge_of(proof))
    subject = credential["credentialSubject"]
    assert isinstance(subject, dict)
    del subject["achievement"]["criteria"]
    subject["grade"] = "100"
    subject["result"][0]["value"] = 100

    assert sorted(faults(credential, CREDENTIAL)) == [
        ".credentialSubject.achievement.criteria",
        ".credentialSubject.grade",
        ".credentialSubject.result[0].value",
    ]
