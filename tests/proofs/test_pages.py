"""Tests what the pages of a finish and of a proof show, to whom, and what they never show."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from modules.models import Attempt, Enrolment, Module, Proof, Quiz
from modules.proofs.codes import read_code
from modules.quizzes import attempts, corrections, proof_acts
from modules.quizzes.corrections import Why
from tests.cast import PLANETS, READABLE, a_module, a_quiz, at, give, read_all, squeezed, take

pytestmark = pytest.mark.django_db

QUESTION = "### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n"
ALL_RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]
VALID, WITHDRAWN = "This proof is genuine.", "This proof was withdrawn on"


@pytest.fixture
def visitor() -> Client:
    browser = Client()
    browser.cookies["language"] = "en"
    return browser


@pytest.fixture
def proof(learner) -> Proof:
    module = a_module(PLANETS)
    read_all(learner, module, now=at(1))
    take(learner, module.quiz, ALL_RIGHT, now=at(10))
    return Proof.objects.select_related("enrolment").get()


def shown(browser: Client, url: str, status: int = 200) -> str:
    response = browser.get(url)
    assert response.status_code == status
    return squeezed(response.content.decode())


# --------------------------------------------------------------------------------------------- the finish


def test_last_reading_leads_to_finish_once(as_learner, learner):
    module = a_module(READABLE)
    as_learner.post("/modules/tata-surya/planet-dalam/reading/")
    last = "/modules/tata-surya/planet-luar/reading/"

    assert as_learner.post(last)["Location"] == f"/finished/{module.slug}/"
    assert as_learner.post(last)["Location"] == f"/finished/{module.slug}/"  # a second press
    as_learner.get(f"/finished/{module.slug}/")
    assert as_learner.post(last)["Location"] == module.get_absolute_url()


def test_submission_leads_to_finish(as_learner, learner):
    quiz = a_quiz(QUESTION)
    read_all(learner, quiz.module)
    as_learner.post(f"/quizzes/{quiz.module.slug}/")
    attempt = Attempt.objects.get()
    give(attempt, 1, "Jupiter", now=attempt.started_at)

    assert as_learner.post(f"/attempts/{attempt.pk}/submission/")["Location"] == "/finished/modul/"


def test_failed_submission_leads_to_result(as_learner, learner):
    quiz = a_quiz(QUESTION)
    read_all(learner, quiz.module)
    as_learner.post(f"/quizzes/{quiz.module.slug}/")
    attempt = Attempt.objects.get()

    assert (
        as_learner.post(f"/attempts/{attempt.pk}/submission/")["Location"]
        == f"/attempts/{attempt.pk}/result/"
    )


def test_finish_shows_name_date_grade_and_days(as_learner, proof):
    Enrolment.objects.update(begun_at=at(0) - timedelta(days=10))
    html = shown(as_learner, "/finished/tata-surya/")

    assert "Finished, Sari." in html
    assert "on Tuesday, 24 November 2026." in html
    assert "<dt>grade, passed from 70</dt><dd>100</dd>" in html
    assert "<dt>from start to finish</dt><dd>11 days</dd>" in html
    assert f'href="{proof.get_absolute_url()}"' in html


def test_finish_without_quiz_has_no_grade(as_learner, learner):
    read_all(learner, a_module(READABLE))
    html = shown(as_learner, "/finished/tata-surya/")

    assert "grade" not in html
    assert "Go over the quiz" not in html


def test_hidden_marks_are_on_no_page(as_learner, visitor, proof):
    Quiz.objects.update(review="right_after: correctness")

    assert "<dt>grade" not in shown(as_learner, "/finished/tata-surya/")
    for browser in (as_learner, visitor):
        html = shown(browser, proof.get_absolute_url())
        assert "<dt>Grade</dt>" not in html
        assert "The rules of this quiz keep the grade to themselves for now." in html


def test_finish_suggests_module_that_is_begun(as_learner, learner, proof):
    begun = a_module(READABLE.replace("# Tata surya", "# Sudah dimulai"))
    newer = a_module(READABLE.replace("# Tata surya", "# Lebih baru"))
    Module.objects.filter(pk=newer.pk).update(published_at=at(5))
    assert newer.title in shown(as_learner, "/finished/tata-surya/")
    as_learner.post(f"/modules/{begun.slug}/planet-dalam/reading/")
    html = shown(as_learner, "/finished/tata-surya/")

    assert "You have begun it: 1 of 2 sections are read." in html
    assert newer.title not in html
    assert html.count('class="card suggestion"') == 1


def test_finish_of_last_module_suggests_none(as_learner, proof):
    assert "suggestion" not in shown(as_learner, "/finished/tata-surya/")


def test_finish_stays_after_module_is_withdrawn(as_learner, instructor, proof):
    Module.objects.get().unpublish(by=instructor, now=at(60))

    assert "Finished, Sari." in shown(as_learner, "/finished/tata-surya/")
    assert "/finished/tata-surya/proof/" in shown(as_learner, "/modules/tata-surya/", status=410)


def test_unfinished_module_has_no_finish(signed_in, other_learner, proof):
    browser = signed_in(other_learner)

    for path in ("/finished/tata-surya/", "/finished/tata-surya/proof/"):
        assert browser.get(path)["Location"] == "/modules/tata-surya/"
    assert "/accounts/login/" in Client().get("/finished/tata-surya/")["Location"]


def test_pages_of_finished_module_lead_to_proof(as_learner, proof):
    attempt = Attempt.objects.get()

    assert 'href="/finished/tata-surya/"' in shown(as_learner, "/modules/tata-surya/")
    for page in ("/learning/", f"/attempts/{attempt.pk}/result/"):
        assert 'href="/finished/tata-surya/proof/"' in shown(as_learner, page)
    assert as_learner.get("/finished/tata-surya/proof/")["Location"] == proof.get_absolute_url()


# ---------------------------------------------------------------------------------------------- the proof


def test_visitor_sees_valid_proof(visitor, proof):
    html = shown(visitor, proof.get_absolute_url())

    assert VALID in html
    for words in (
        "Sari Wulandari",
        "Tata surya",
        "24 November 2026",
        "100 of 100 (passed from 70)",
        "revision 1",
    ):
        assert words in html
    assert 'class="seal"' in html


def test_proof_has_no_mail_address(visitor, proof):
    for name in (proof.name, ""):
        Proof.objects.update(name=name)
        assert "@" not in shown(visitor, proof.get_absolute_url())


def test_proof_without_name_takes_it_once(as_learner, visitor, learner):
    learner.name = ""
    learner.save()
    read_all(learner, a_module(READABLE))
    proof = Proof.objects.get()
    assert "a learner without a name" in shown(visitor, proof.get_absolute_url())
    naming = f"{proof.get_absolute_url()}name/"
    as_learner.post(naming)
    assert Proof.objects.get().name == ""
    learner.name = "Sari Wulandari"
    learner.save()
    as_learner.post(naming)
    learner.name = "Orang lain"
    learner.save()
    as_learner.post(naming)

    assert Proof.objects.get().name == "Sari Wulandari"


@pytest.mark.parametrize("rest", ["", "badge/"])
def test_proof_is_not_for_search_engines(visitor, proof, rest):
    response = visitor.get(proof.get_absolute_url() + rest)

    assert response["X-Robots-Tag"] == "noindex"
    assert rest or '<meta name="robots" content="noindex">' in response.content.decode()


def test_withdrawn_proof_says_so_first(visitor, as_learner, instructor, proof):
    proof_acts.withdraw(proof, by=instructor, reason="Bukan karyanya", now=at(60))
    html = shown(visitor, proof.get_absolute_url())

    assert html.index(WITHDRAWN) < html.index('<article class="proof"')
    assert VALID not in html
    assert not re.search("class=.seal|data-print|badge/", html)
    assert "Bukan karyanya" not in html
    assert "Bukan karyanya" in shown(as_learner, proof.get_absolute_url())


def test_taken_finish_shows_proof_as_withdrawn(visitor, as_learner, instructor, proof):
    corrections.delete(Attempt.objects.get(), Why(instructor, "Salinan", at(60)))

    assert f"{WITHDRAWN} 24 November 2026" in shown(visitor, proof.get_absolute_url())
    assert "Your finish was taken back" in shown(as_learner, proof.get_absolute_url())
    assert as_learner.get("/finished/tata-surya/")["Location"] == "/modules/tata-surya/"


def test_owner_keeps_proof_to_themselves(visitor, as_learner, signed_in, other_learner, proof):
    url = proof.get_absolute_url()
    as_learner.post(f"{url}visibility/", {"is": "hidden"})
    html = shown(visitor, url, status=403)

    assert "This proof is not public" in html
    assert 'name="code"' in html
    assert "Sari" not in html
    assert visitor.get(f"{url}badge/")["Location"] == url
    assert "Only you can see this proof." in shown(as_learner, url)
    assert signed_in(other_learner).post(f"{url}visibility/", {"is": "public"}).status_code == 404
    as_learner.post(f"{url}visibility/", {"is": "public"})
    assert VALID in shown(visitor, url)


@pytest.mark.parametrize("path", ["/bukti/2222-3333-4444/", "/bukti/nichts/", "/bukti/?code=nichts"])
def test_unknown_code_asks_for_it_again(visitor, proof, path):
    html = shown(visitor, path, status=404)

    assert "There is no proof with this code" in html
    assert 'name="code"' in html


def test_code_is_found_however_it_is_typed(visitor, proof):
    for typed in (proof.code.upper(), proof.code.replace("-", " "), f"http://testserver/bukti/{proof.code}/"):
        assert visitor.get("/bukti/", {"code": typed})["Location"] == proof.get_absolute_url()
    assert (
        visitor.get(f"/bukti/{proof.code.replace('-', '').upper()}/")["Location"] == proof.get_absolute_url()
    )
    assert [read_code(text) for text in ("", "0000-1111-0000", "7qk4", "7qk4-m2xd-9hfa-2")] == [""] * 4


def test_proof_takes_few_queries_for_any_attempts(visitor, learner, proof, django_assert_max_num_queries):
    take(learner, Quiz.objects.get(), ALL_RIGHT, now=at(30))
    with django_assert_max_num_queries(4):
        visitor.get(proof.get_absolute_url())


# ----------------------------------------------------------------------------------------- the instructor


@pytest.fixture
def admin(signed_in, instructor) -> Client:
    browser = signed_in(instructor)
    browser.cookies["language"] = "en"
    return browser


def admin_page(proof: Proof) -> str:
    return f"/admin/modules/module/{proof.enrolment.module_id}/proofs/{proof.enrolment_id}/"


def test_instructor_needs_a_reason(admin, visitor, proof):
    url = admin_page(proof)
    sent = {"proof": proof.pk, "action": "withdraw"}
    assert admin.post(url, sent | {"reason": " "}).status_code == 200
    assert VALID in shown(visitor, proof.get_absolute_url())
    assert admin.post(url, sent | {"reason": "Bukan karyanya"}).status_code == 302
    assert WITHDRAWN in shown(visitor, proof.get_absolute_url())
    html = shown(admin, url)
    assert "Bukan karyanya" in html
    assert "Budi Hartono" in html
    admin.post(url, sent | {"action": "issue-again", "reason": "Karyanya sendiri"})
    assert VALID in shown(visitor, proof.get_absolute_url())
    assert proof.acts.count() == 2


def test_second_instructor_is_told_of_the_first(admin, instructor, proof):
    proof_acts.withdraw(proof, by=instructor, reason="Bukan karyanya", now=at(60))
    response = admin.post(admin_page(proof), {"proof": proof.pk, "action": "withdraw", "reason": "Saya juga"})

    assert "Somebody has done this already." in response.content.decode()
    assert proof.acts.count() == 1


def test_results_lead_to_proofs(admin, proof):
    results = f"/admin/modules/module/{proof.enrolment.module_id}/results/"

    assert admin_page(proof) in shown(admin, results)


def test_only_instructors_withdraw(as_learner, proof):
    sent = {"proof": proof.pk, "action": "withdraw", "reason": "Saya mau"}

    assert as_learner.post(admin_page(proof), sent).status_code in (302, 403)
    assert proof.acts.count() == 0


def test_proof_of_other_module_is_not_in_page(admin, proof):
    other = a_module(READABLE.replace("# Tata surya", "# Lain"))

    assert admin.get(f"/admin/modules/module/{other.pk}/proofs/{proof.enrolment_id}/").status_code == 404
    assert (
        admin.post(admin_page(proof), {"proof": "999", "action": "withdraw", "reason": "x"}).status_code
        == 404
    )
    assert admin.post(admin_page(proof), {"proof": proof.pk, "action": "x", "reason": "x"}).status_code == 404


def test_late_attempt_finishes_without_a_page(learner, as_learner):
    quiz = a_quiz(QUESTION, front_matter="time_limit: 10\n")
    read_all(learner, quiz.module)
    give(attempts.start(learner, quiz, now=at(0)), 1, "Jupiter", now=at(1))
    attempts.close_late(Attempt.objects.all(), now=at(30))

    assert Proof.objects.get().finished_at == at(30)
    assert "Finished, Sari." in shown(as_learner, "/finished/modul/")
