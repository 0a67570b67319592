"""Tests how answers are saved: order, acknowledgement, expired sign-ins, and secrets before the end."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from modules.document.syntax.values import LONGEST_ANSWER
from modules.models import Attempt, Response
from modules.quizzes import attempts
from modules.quizzes.answers import IncomingAnswer
from tests.cast import a_quiz, at, give, keys, save, squeezed
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

SHORT_QUESTION = "### Jumlah planet?\n\n- [=] 8\n"
MULTIPLE_QUESTION = "### Planet luar?\n\n- [x] Saturnus\n- [x] Uranus\n- [ ] Venus\n"
JSON = {"accept": "application/json"}


@pytest.fixture
def attempt(learner):
    return attempts.start(learner, a_quiz(SHORT_QUESTION + "\n" + MULTIPLE_QUESTION), now=timezone.now())


def question_url(attempt: Attempt, number: int = 1) -> str:
    return f"/attempts/{attempt.pk}/questions/{number}/"


def stored(attempt: Attempt, number: int = 1) -> tuple[list[str], int]:
    response = Response.objects.get(attempt=attempt, slot=number)
    return response.answer, response.sequence


# ------------------------------------------------------------------------------------------- order of answers


def test_longest_answer_fits_the_field(attempt, signed_in, learner):
    longest_answer = "ë" * LONGEST_ANSWER
    save(attempt, IncomingAnswer([longest_answer + "ë"]), now=timezone.now())
    assert stored(attempt)[0] == [longest_answer]
    assert f'maxlength="{LONGEST_ANSWER}"' in signed_in(learner).get(question_url(attempt)).content.decode()


def test_answer_with_outdated_base_is_refused(attempt):
    save(attempt, IncomingAnswer(["8"], sequence=4, base=0), now=timezone.now())
    saved = save(attempt, IncomingAnswer(["9"], sequence=9, base=3), now=timezone.now())
    assert (saved.accepted, saved.response.sequence) == (False, 4)
    assert save(attempt, IncomingAnswer(["9"], sequence=9, base=4), now=timezone.now()).accepted


def test_resent_answer_is_acknowledged_and_stored_once(attempt):
    first = save(attempt, IncomingAnswer(["8"], sequence=1, base=0), now=at(0))
    resent = save(attempt, IncomingAnswer(["8"], sequence=1, base=0), now=at(1))
    assert (resent.accepted, resent.response.saved_at) == (True, first.response.saved_at)
    other = save(attempt, IncomingAnswer(["9"], sequence=1, base=0), now=at(2))
    assert (other.accepted, stored(attempt)) == (False, (["8"], 1))


def test_answer_without_flag_keeps_saved_flag(attempt):
    save(attempt, IncomingAnswer(["8"], is_flagged=True), now=timezone.now())
    save(attempt, IncomingAnswer(["9"]), now=timezone.now())
    assert Response.objects.get(attempt=attempt, slot=1).is_flagged


def test_json_reply_describes_stored_answer(attempt, signed_in, learner):
    browser = signed_in(learner)
    sent = {"answer": "8", "sequence": 3, "base": 0, "flag": "on"}
    reply = browser.post(question_url(attempt), sent, headers=JSON).json()
    assert (reply["accepted"], reply["sequence"], reply["is_answered"]) == (True, 3, True)
    assert reply["seconds_left"] is None
    assert Response.objects.get(attempt=attempt, slot=1).is_flagged
    refused = browser.post(
        question_url(attempt), {"answer": "7", "sequence": 5, "base": 1}, headers=JSON
    ).json()
    assert (refused["accepted"], refused["sequence"]) == (False, 3)
    assert (refused["answer"], refused["is_flagged"]) == (["8"], True)


def test_answer_to_closed_attempt_points_to_result(attempt, signed_in, learner):
    attempts.submit(attempt, now=timezone.now())
    reply = (
        signed_in(learner).post(question_url(attempt), {"answer": "8", "sequence": 1}, headers=JSON).json()
    )
    assert reply == {"closed": True, "kept": True, "url": f"/attempts/{attempt.pk}/result/"}


def test_stored_answer_is_acknowledged_after_submission(attempt, signed_in, learner):
    sent = {"answer": "8", "sequence": 1, "base": 0}
    browser = signed_in(learner)
    browser.post(question_url(attempt), sent, headers=JSON)
    attempts.submit(attempt, now=timezone.now())
    assert browser.post(question_url(attempt), sent, headers=JSON).json()["accepted"]


# ------------------------------------------------------------------------------------------ without JavaScript


def test_outdated_form_asks_before_replacing_answer(attempt, signed_in, learner):
    browser, response = signed_in(learner), Response.objects.get(attempt=attempt, slot=2)
    new, old = keys(response, "Saturnus"), keys(response, "Uranus")
    browser.post(question_url(attempt, 2), {"answer": new, "base": 0, "go": "next"})
    question_page = browser.post(question_url(attempt, 2), {"answer": old, "base": 0, "go": "previous"})
    assert (question_page.status_code, stored(attempt, 2)) == (409, (new, 1))
    html = squeezed(question_page.content.decode())
    assert '<ul dir="auto"><li>Uranus</li></ul>' in html
    assert f'<a class="button quiet" href="{question_url(attempt, 1)}">' in html

    sent = {
        "answer": old,
        "base": question_page.context["page"].base,
        "go": question_page.context["page"].refused.go,
    }
    assert browser.post(question_url(attempt, 2), sent).headers["Location"] == question_url(attempt, 1)
    assert stored(attempt, 2) == (old, 2)


def test_outdated_form_with_stored_answer_leads_on(attempt, signed_in, learner):
    browser = signed_in(learner)
    for _window in range(2):
        reply = browser.post(question_url(attempt), {"answer": "8", "base": 0, "go": "next"})
        assert reply.headers["Location"] == question_url(attempt, 2)
    assert stored(attempt) == (["8"], 1)


def test_outdated_form_asks_before_dropping_a_flag(attempt, signed_in, learner):
    browser = signed_in(learner)
    browser.post(question_url(attempt), {"answer": "8", "base": 0})
    page = browser.post(question_url(attempt), {"answer": "8", "flag": "on", "base": 0})
    assert (page.status_code, page.context["page"].refused.is_flagged) == (409, True)


@pytest.mark.parametrize("number", ["-5", "1" * 16, "satu", "٣x"])
def test_unreadable_number_is_no_newest_answer(attempt, signed_in, learner, number):
    give(attempt, 1, "8", sequence=7)
    sent = {"answer": "9", "sequence": number, "base": number}
    assert signed_in(learner).post(question_url(attempt), sent, headers=JSON).status_code == 400
    assert stored(attempt) == (["8"], 7)


def test_clear_button_removes_chosen_answer(attempt, signed_in, learner):
    browser, response = signed_in(learner), Response.objects.get(attempt=attempt, slot=2)
    browser.post(question_url(attempt, 2), {"answer": response.order[0], "base": 0})
    cleared = browser.post(question_url(attempt, 2), {"answer": response.order[0], "base": 1, "go": "clear"})
    assert (cleared.headers["Location"], stored(attempt, 2)) == (question_url(attempt, 2), ([], 2))


@pytest.mark.parametrize(("answer", "is_reported"), [("7", True), ("8", False)])
def test_late_answer_is_reported_when_it_differs(attempt, signed_in, learner, answer, is_reported):
    give(attempt, 1, "8", now=timezone.now())
    attempts.submit(attempt, now=timezone.now())
    browser = signed_in(learner)
    browser.cookies["language"] = "en"
    result_page = browser.post(
        question_url(attempt), {"answer": answer, "base": 1, "go": "next"}, follow=True
    )
    assert result_page.redirect_chain[-1][0] == f"/attempts/{attempt.pk}/result/"
    assert ("Your answer to question 1 arrived after" in result_page.content.decode()) == is_reported


# ----------------------------------------------------------------------------------------- invalid CSRF tokens


@pytest.fixture
def strict(learner) -> Client:
    """Returns a client that checks CSRF tokens, signed in as the learner. Its older tokens are invalid."""
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, learner)
    browser.cookies["language"] = "en"
    return browser


def test_answer_with_bad_token_is_returned_unsaved(attempt, strict):
    refused = strict.post(question_url(attempt), {"answer": "<8>", "flag": "on", "base": 0, "go": "next"})
    html = refused.content.decode()
    assert (refused.status_code, stored(attempt)) == (403, ([], 0))
    assert "Send it once more." in html
    assert 'value="&lt;8&gt;"' in html

    assert strict.get(question_url(attempt)).status_code == 200
    assert stored(attempt) == ([], 0)
    token = refused.context["csrf_token"]
    sent = {"answer": "8", "base": 0, "go": "next", "csrfmiddlewaretoken": str(token)}
    assert strict.post(question_url(attempt), sent).headers["Location"] == question_url(attempt, 2)
    assert stored(attempt) == (["8"], 1)


def test_bad_token_shows_no_question_of_others(attempt, strict, other_learner):
    sign_in(strict, other_learner)
    assert strict.post(question_url(attempt), {"answer": "8"}).status_code == 404
    assert Client(enforce_csrf_checks=True).post(question_url(attempt), {"answer": "8"}).status_code == 403
    assert stored(attempt) == ([], 0)


@pytest.mark.parametrize(
    ("referer", "links_back"), [("http://testserver/accounts/email/", True), ("http://evil.example/", False)]
)
def test_bad_token_on_other_form_links_back(strict, referer, links_back):
    refused = strict.post("/accounts/logout/", headers={"referer": referer})
    assert refused.status_code == 403
    assert (f'href="{referer}"' in refused.content.decode()) == links_back
    assert strict.session["_auth_user_id"]


# ------------------------------------------------------------------------------------------------ time limit


def test_overdue_attempt_can_only_be_submitted(learner, signed_in):
    quiz = a_quiz(SHORT_QUESTION, front_matter="time_limit: 10\nlate: grace\ngrace: 60\n")
    started = attempts.start(learner, quiz, now=timezone.now())
    give(started, 1, "8", now=started.started_at)
    late = timezone.now() - attempts.TOLERANCE
    Attempt.objects.update(deadline=late)
    browser = signed_in(learner)
    assert browser.get(question_url(started)).headers["Location"] == f"/attempts/{started.pk}/submission/"
    closed = browser.post(question_url(started), {"answer": "7", "sequence": 9}, headers=JSON).json()
    assert closed["url"] == f"/attempts/{started.pk}/submission/"
    browser.post(f"/attempts/{started.pk}/submission/")
    assert Attempt.objects.get().grade == 100


# --------------------------------------------------------------------------------------- expired sign-in


def test_json_reply_says_where_to_sign_in(attempt):
    reply = Client().post(question_url(attempt), {"answer": "8", "sequence": 1}, headers=JSON)
    assert reply.json() == {"signed_out": True, "url": f"/accounts/login/?next={question_url(attempt)}"}


def sign_in(browser: Client, learner) -> None:
    browser.force_login(learner, backend="allauth.account.auth_backends.AuthenticationBackend")


def test_answer_is_saved_after_sign_in(attempt, learner):
    browser = Client()
    sign_in_url = browser.post(question_url(attempt), {"answer": "8", "flag": "on", "go": "next"}).headers[
        "Location"
    ]
    assert urlsplit(sign_in_url).path == "/accounts/login/"
    sign_in(browser, learner)
    assert browser.get(question_url(attempt)).status_code == 302
    assert stored(attempt)[0] == ["8"]
    assert browser.get(question_url(attempt)).status_code == 200


def test_kept_answer_is_not_saved_for_another_user(attempt, other_learner):
    browser = Client()
    browser.post(question_url(attempt), {"answer": "8"})
    sign_in(browser, other_learner)
    assert browser.get(question_url(attempt)).status_code == 404
    assert stored(attempt) == ([], 0)


def test_kept_answer_never_replaces_newer_answer(attempt, learner):
    browser = Client()
    browser.post(question_url(attempt), {"answer": "7"})
    save(attempt, IncomingAnswer(["8"]), now=timezone.now())
    sign_in(browser, learner)
    browser.get(question_url(attempt))
    assert stored(attempt)[0] == ["8"]


def test_session_of_a_stranger_with_an_answer_ends_soon(attempt):
    Client().post(question_url(attempt), {"answer": "8"})
    ends = Session.objects.get().expire_date
    assert timedelta(minutes=59) < ends - timezone.now() <= timedelta(hours=1)


@pytest.mark.parametrize("page", ["login", "signup"])
def test_sign_in_with_a_kept_answer_lasts_as_long_as_any(attempt, learner, page):
    browser = Client()
    browser.post(question_url(attempt), {"answer": "8"})
    new = {"name": "Rina", "email": "rina@example.com", "password1": PASSWORD}
    known = {"login": learner.email, "password": PASSWORD}
    browser.post(f"/accounts/{page}/", known if page == "login" else new)
    assert browser.session["_auth_user_id"]
    assert browser.session.get_expiry_age() > timedelta(days=13).total_seconds()
    assert browser.session["answer_before_sign_in"]["answer"] == ["8"]


def test_kept_answer_has_limited_size(attempt):
    browser = Client()
    for sent_texts, kept_count, kept_length in (
        (["x" * 5_000], 1, LONGEST_ANSWER),
        (["x" * 5_000] * 500, 200, 20),
    ):
        browser.post(question_url(attempt), {"answer": sent_texts})
        kept_texts = browser.session["answer_before_sign_in"]["answer"]
        assert (len(kept_texts), max(map(len, kept_texts))) == (kept_count, kept_length)


# ------------------------------------------------------------------------------------ secrets before the end

SECRET = """\
### Planet terbesar?

- [ ] Mars
  > RAHASIAUMPAN satu.
- [x] Jupiter
  > RAHASIAUMPAN dua.

> RAHASIAJELAS: lihat [Bacaan](#bacaan).

### Planet luar?

- [x] Saturnus
  > RAHASIAUMPAN tiga.
- [x] Uranus
- [ ] Venus

> RAHASIAJELAS lagi.

### Planet merah?

- [=] RAHASIAKUNCI

> RAHASIAJELAS akhir.
"""


def test_open_attempt_reveals_no_right_answers(learner, signed_in):
    quiz = a_quiz(SECRET, front_matter="review: submitted\n")
    browser, bodies = signed_in(learner), []
    slug = quiz.module.slug

    def collect(answer) -> None:
        bodies.append(answer.content.decode() + str(answer.headers))

    collect(browser.post(f"/quizzes/{slug}/", follow=True))
    started = Attempt.objects.get()
    for number in (1, 2, 3):
        response = Response.objects.select_related("version").get(attempt=started, slot=number)
        choices = keys(response, "Saturnus") if number == 2 else ["Jupiter"]
        collect(browser.get(question_url(started, number)))
        collect(browser.post(question_url(started, number), {"answer": choices, "sequence": 1}, headers=JSON))
        collect(browser.post(question_url(started, number), {"answer": choices, "go": "next"}, follow=True))
    for path in (
        "/", "/learning/", f"/modules/{slug}/", f"/modules/{slug}/bacaan/", f"/quizzes/{slug}/",
        f"/attempts/{started.pk}/", f"/attempts/{started.pk}/submission/", f"/attempts/{started.pk}/result/",
    ):  # fmt: skip
        collect(browser.get(path, follow=True))
    assert len(bodies) == 18
    assert not [text for text in bodies if "RAHASIA" in text or '"right"' in text]

    result_page = browser.post(f"/attempts/{started.pk}/submission/", follow=True).content.decode()
    assert all(word in result_page for word in ("RAHASIAUMPAN", "RAHASIAJELAS", "RAHASIAKUNCI"))


def test_attempt_of_ten_questions_costs_few_queries(learner, signed_in):
    questions = "\n".join(MULTIPLE_QUESTION.replace("luar", f"ke-{n}") for n in range(10))
    slug = a_quiz(questions).module.slug
    browser = signed_in(learner)
    with CaptureQueriesContext(connection) as queries:
        browser.get(f"/quizzes/{slug}/")
        browser.post(f"/quizzes/{slug}/", follow=True)
        started = Attempt.objects.get()
        for number in range(1, 11):
            browser.get(question_url(started, number))
            browser.post(
                question_url(started, number), {"answer": "x", "sequence": 1, "base": 0}, headers=JSON
            )
        browser.get(f"/attempts/{started.pk}/submission/")
        browser.post(f"/attempts/{started.pk}/submission/", follow=True)
    assert not Attempt.objects.get().is_open
    # Savepoints are left out because the transaction around each test adds them.
    assert sum("SAVEPOINT" not in query["sql"] for query in queries.captured_queries) <= 159
