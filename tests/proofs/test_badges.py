"""Tests badges with another program: openbadgeslib, which knows nothing of ours, verifies what the site serves."""

import base64
import hashlib
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.verifier import OB3VerificationError

from modules.models import Attempt, Proof, Quiz, SigningKey
from modules.proofs import keys
from modules.quizzes import corrections, proof_acts
from modules.quizzes.corrections import Why
from tests.cast import READABLE, a_module, a_quiz, at, read_all, take

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # each makes a key

DID = "did:web:testserver%3A8000"
QUESTION = "### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n"


@pytest.fixture
def proof(learner) -> Proof:
    quiz = a_quiz(QUESTION)
    read_all(learner, quiz.module, now=at(1))
    take(learner, quiz, ["Jupiter"], now=at(10))
    return Proof.objects.get()


def download(url: str) -> bytes:
    """Asks the site as a verifier does that has found an address in a badge."""
    path = url.partition("testserver:8000")[2]
    response = Client().get(path)
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.content


def badge_of(proof: Proof) -> str:
    return Client().get(f"{proof.get_absolute_url()}badge/").content.decode()


def payload_of(token: str) -> dict:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def verify(token: str):
    """Verifies signature, issuer and status, all from what the site publishes."""
    verifier = OB3Verifier.for_issuer_did(DID, download=download)
    return verifier.verify(token, check_status=True, download=download)


def test_other_program_verifies_badge(proof):
    credential = verify(badge_of(proof))

    assert credential.issuer.id == DID
    assert credential.recipient_id == f"http://testserver:8000/bukti/{proof.code}/"
    assert (credential.achievement.name, credential.issuance_date) == ("Modul", at(10))


def test_badge_states_module_revision_and_grade(proof):
    subject = payload_of(badge_of(proof))["credentialSubject"]

    assert subject["achievement"]["version"] == "1"
    assert subject["achievement"]["criteria"]["id"] == "http://testserver:8000/modules/modul/"
    assert subject["achievement"]["resultDescription"][0]["requiredValue"] == "70"
    assert [result["value"] for result in subject["result"]] == ["100"]


def test_badge_has_name_as_hash_and_no_mail_address(proof):
    token = badge_of(proof)
    (identity,) = payload_of(token)["credentialSubject"]["identifier"]
    hashed = hashlib.sha256(f"Sari Wulandari{identity['salt']}".encode()).hexdigest()

    assert identity["identityHash"] == f"sha256${hashed}"
    assert not {"Sari", "@example.com"} & set(json.dumps(payload_of(token)).replace('"', " ").split())
    assert "example.com" not in json.dumps(payload_of(token))


def test_every_changed_byte_fails(proof):
    token = badge_of(proof)
    verifier = OB3Verifier.for_issuer_did(DID, download=download)
    assert verifier.verify(token)
    for place in range(0, len(token), 97):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(OB3VerificationError):
            verifier.verify(token[:place] + other + token[place + 1 :])


def test_badge_of_other_site_fails(proof, settings):
    settings.SITE_URL = "https://belajar.example.org"
    foreign = badge_of(proof)
    settings.SITE_URL = ""

    with pytest.raises(OB3VerificationError):
        verify(foreign)


def test_withdrawn_badge_fails_until_issued_again(proof, instructor):
    token = badge_of(proof)
    proof_acts.withdraw(proof, by=instructor, reason="Bukan karyanya", now=timezone.now())
    with pytest.raises(OB3VerificationError, match="suspension"):
        verify(token)
    proof_acts.issue_again(proof, by=instructor, reason="Ternyata karyanya", now=timezone.now())

    assert verify(token)


def test_badge_fails_while_finish_is_taken_back(proof, instructor):
    token, attempt = badge_of(proof), Attempt.objects.get()
    corrections.delete(attempt, Why(instructor, "Salinan", at(60)))
    with pytest.raises(OB3VerificationError, match="suspension"):
        verify(token)
    attempt.refresh_from_db(from_queryset=Attempt.with_deleted)
    corrections.restore(attempt, Why(instructor, "Bukan salinan", at(70)))

    assert verify(token)


def test_withdrawn_proof_gives_no_badge(proof, instructor):
    proof_acts.withdraw(proof, by=instructor, reason="Bukan karyanya", now=timezone.now())
    response = Client().get(f"{proof.get_absolute_url()}badge/")

    assert (response.status_code, response["Location"]) == (302, proof.get_absolute_url())


def test_hidden_grade_is_not_in_badge(proof):
    assert "result" in payload_of(badge_of(proof))["credentialSubject"]
    Quiz.objects.update(review="right_after: correctness")

    assert "result" not in payload_of(badge_of(proof))["credentialSubject"]


def test_module_without_quiz_has_badge_without_grade(learner):
    read_all(learner, a_module(READABLE))
    token = badge_of(Proof.objects.get())

    assert verify(token)
    assert "resultDescription" not in payload_of(token)["credentialSubject"]["achievement"]


# -------------------------------------------------------------------------------------------------- keys


def test_new_key_keeps_earlier_badges_good(proof):
    before = badge_of(proof)
    call_command("badge_key", new=True)
    after = badge_of(proof)

    assert before.split(".")[0] != after.split(".")[0]
    assert verify(before)
    assert verify(after)


def test_revoked_key_makes_its_badges_bad(proof):
    before = badge_of(proof)
    call_command("badge_key", new=True, revoke=True)

    assert verify(badge_of(proof))
    with pytest.raises(OB3VerificationError):
        verify(before)
    with pytest.raises(CommandError):
        call_command("badge_key", revoke=True)


def test_restored_database_verifies_earlier_badges(proof):
    token = badge_of(proof)
    kept = SigningKey.objects.values().get()
    SigningKey.objects.all().delete()
    SigningKey.objects.create(**kept)

    assert verify(token)
    assert badge_of(proof) == token


def test_published_keys_are_public_only(db):
    document = keys.did_document("https://belajar.example.org", now=at(0))

    assert document["id"] == "did:web:belajar.example.org"
    assert set(document["verificationMethod"][0]["publicKeyJwk"]) == {"kty", "n", "e", "kid", "alg"}
