"""Says a proof as a credential of Open Badges 3.0, signed as a JSON Web Token."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from fractions import Fraction
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from modules.models import Proof
from modules.proofs import keys, status_list

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
LANGUAGE = re.compile(
    r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"
)  # of the schema; authors may use others
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"

Json = dict[str, object]


def badge(proof: Proof, site: str, *, shows_grade: bool, now: datetime) -> str:
    """Returns the signed credential of a proof.

    ``site`` is the address of the installation. Without ``shows_grade``, the grade is left out, because its learner
    may not know it yet.
    """
    credential = credential_of(proof, site, shows_grade=shows_grade)
    claims = {
        "iss": keys.did_of(site),
        "jti": credential["id"],
        "sub": site + proof.get_absolute_url(),
        "nbf": int(proof.finished_at.timestamp()),
    }
    return keys.sign(credential | claims, site, now=now)


def credential_of(proof: Proof, site: str, *, shows_grade: bool) -> Json:
    """Returns the credential before it is signed. It has no mail address, and the name only as a hash.

    Its words are in the language of the module, whoever downloads it.
    """
    with translation.override(_language(proof)):
        return _credential(proof, site, site + proof.get_absolute_url(), shows_grade=shows_grade)


def _language(proof: Proof) -> str:
    return proof.language if proof.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _credential(proof: Proof, site: str, address: str, *, shows_grade: bool) -> Json:
    return {
        "@context": list(CONTEXTS),
        "id": f"{address}badge/",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": proof.title,
        "issuer": {
            "id": keys.did_of(site),
            "type": ["Profile"],
            "name": urlsplit(site).netloc,
            "url": f"{site}/",
        },
        "validFrom": _time(proof.finished_at),
        "awardedDate": _time(proof.finished_at),
        "credentialSubject": _subject(proof, site, address, shows_grade=shows_grade),
        "credentialStatus": status_list.entry_of(proof, site),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }


def _subject(proof: Proof, site: str, address: str, *, shows_grade: bool) -> Json:
    subject: Json = {"id": address, "type": ["AchievementSubject"], "achievement": _achievement(proof, site)}
    if proof.name:
        subject["identifier"] = [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": f"sha256${hashlib.sha256((proof.name + proof.code).encode()).hexdigest()}",
                "identityType": "name",
                "salt": proof.code,
            }
        ]
    if shows_grade and proof.grade is not None:
        subject["result"] = [
            {"type": ["Result"], "resultDescription": _grade_id(proof, site), "value": _percent(proof.grade)}
        ]
    return subject


def _achievement(proof: Proof, site: str) -> Json:
    module = proof.enrolment.module
    page = site + module.get_absolute_url()
    achievement: Json = {
        "id": f"{page}#revision-{proof.revision.number}",
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": proof.title,
        "description": _description(proof),
        "criteria": {"id": page, "narrative": _criteria(proof)},
        "version": str(proof.revision.number),
    }
    if LANGUAGE.fullmatch(proof.language):
        achievement["inLanguage"] = proof.language
    if proof.pass_mark is not None:
        achievement["resultDescription"] = [
            {
                "id": _grade_id(proof, site),
                "type": ["ResultDescription"],
                "name": _("Grade"),
                "resultType": "Percent",
                "requiredValue": str(proof.pass_mark),
                "valueMin": "0",
                "valueMax": "100",
            }
        ]
    return achievement


def _grade_id(proof: Proof, site: str) -> str:
    return f"{site}{reverse('proof', args=[proof.code])}#grade"


def _description(proof: Proof) -> str:
    return _("Finished the module “%(title)s”, revision %(revision)s.") % {
        "title": proof.title,
        "revision": proof.revision.number,
    }


def _criteria(proof: Proof) -> str:
    if proof.pass_mark is None:
        return _("Read all sections of the module.")
    return _("Read all sections of the module, and pass its final quiz with a grade of %(mark)s or more.") % {
        "mark": proof.pass_mark
    }


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _percent(grade: Fraction) -> str:
    """Returns a grade with at most two decimals, which are cut, as its pages show it."""
    whole = int(grade * 100)
    return f"{whole // 100}.{whole % 100:02}".rstrip("0").rstrip(".")
