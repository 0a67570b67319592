"""Saving an answer: which of two counts, what is acknowledged, what outlives a sign-in, and what is told too early."""

from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from modules.document.syntax.values import LONGEST_ANSWER
from modules.models import Attempt, Response
from modules.quizzes import answers, attempts
from modules.quizzes.answers import Given
from tests.cast import a_quiz, at, give, keys

pytestmark = pytest.mark.django_db

TYPED = "### Jumlah planet?\n\n- [=] 8\n"
BOXES = "### Planet luar?\n\n- [x] Saturnus\n- [x] Uranus\n- [ ] Venus\n"
JSON = {"accept": "application/json"}


@pytest.fixture
def attempt(learner):
    return attempts.start(learner, a_quiz(TYPED + "\n" + BOXES), now=timezone.now())


def page(attempt: Attempt, number: int = 1) -> str:
    return f"/attempts/{attempt.pk}/questions/{number}/"


def stored(attempt: Attempt, number: int = 1) -> tuple[list[str], int]:
    response = Response.objects.get(attempt=attempt, slot=number)
    return response.answer, response.sequence


# ------------------------------------------------------------------------------------------- which answer counts


def test_as_much_may_be_typed_as_is_kept(attempt, signed_in, learner):
    longest = "ë" * LONGEST_ANSWER
    answers.save_answer(attempt, 1, Given([longest + "ë"]), now=timezone.now())
    assert stored(attempt)[0] == [longest]
    assert f'maxlength="{LONGEST_ANSWER}"' in signed_in(learner).get(page(attempt)).content.decode()


def test_an_answer_that_follows_an_older_one_than_is_stored_is_left_out(attempt):
    answers.save_answer(attempt, 1, Given(["8"], sequence=4, base=0), now=timezone.now())
    saved = answers.save_answer(attempt, 1, Given(["9"], sequence=9, base=3), now=timezone.now())
    assert (saved.accepted, saved.response.sequence) == (False, 4)
    assert answers.save_answer(attempt, 1, Given(["9"], sequence=9, base=4), now=timezone.now()).accepted


def test_the_same_answer_sent_again_is_acknowledged_and_stored_once(attempt):
    first = answers.save_answer(attempt, 1, Given(["8"], sequence=1, base=0), now=at(0))
    again = answers.save_answer(attempt, 1, Given(["8"], sequence=1, base=0), now=at(1))
    assert (again.accepted, again.response.saved_at) == (True, first.response.saved_at)
    other = answers.save_answer(attempt, 1, Given(["9"], sequence=1, base=0), now=at(2))
    assert (other.accepted, stored(attempt)) == (False, (["8"], 1))


def test_a_flag_is_saved_with_the_answer_and_kept_by_a_script_that_knows_of_none(attempt):
    answers.save_answer(attempt, 1, Given(["8"], is_flagged=True), now=timezone.now())
    answers.save_answer(attempt, 1, Given(["9"]), now=timezone.now())
    assert Response.objects.get(attempt=attempt, slot=1).is_flagged


def test_a_page_is_told_what_is_stored(attempt, signed_in, learner):
    browser = signed_in(learner)
    sent = {"answer": "8", "sequence": 3, "base": 0, "flag": "on"}
    reply = browser.post(page(attempt), sent, headers=JSON).json()
    assert (reply["accepted"], reply["sequence"], reply["is_answered"]) == (True, 3, True)
    assert reply["seconds_left"] is None
    assert Response.objects.get(attempt=attempt, slot=1).is_flagged
    refused = browser.post(page(attempt), {"answer": "7", "sequence": 5, "base": 1}, headers=JSON).json()
    assert (refused["accepted"], refused["sequence"]) == (False, 3)
    assert (refused["answer"], refused["is_flagged"]) == (["8"], True)


def test_a_page_whose_attempt_is_closed_is_led_to_the_result(attempt, signed_in, learner):
    attempts.submit(attempt, now=timezone.now())
    reply = signed_in(learner).post(page(attempt), {"answer": "8", "sequence": 1}, headers=JSON).json()
    assert reply == {"closed": True, "url": f"/attempts/{attempt.pk}/result/"}


def test_what_was_stored_in_time_is_acknowledged_once_more_when_the_attempt_is_closed(
    attempt, signed_in, learner
):
    sent = {"answer": "8", "sequence": 1, "base": 0}
    browser = signed_in(learner)
    browser.post(page(attempt), sent, headers=JSON)
    attempts.submit(attempt, now=timezone.now())
    assert browser.post(page(attempt), sent, headers=JSON).json()["accepted"]


# ------------------------------------------------------------------------------------------ without JavaScript


def test_a_form_that_is_older_than_what_is_stored_replaces_nothing_unasked(attempt, signed_in, learner):
    browser, boxes = signed_in(learner), Response.objects.get(attempt=attempt, slot=2)
    new, old = keys(boxes, "Saturnus"), keys(boxes, "Uranus")
    browser.post(page(attempt, 2), {"answer": new, "sequence": 0, "go": "next"})
    asked = browser.post(page(attempt, 2), {"answer": old, "sequence": 0, "go": "previous"})
    assert (asked.status_code, stored(attempt, 2)) == (409, (new, 1))
    shown = asked.content.decode()
    assert "<ul><li>Uranus</li></ul>" in shown
    assert f'<a class="button quiet" href="{page(attempt, 1)}">' in shown

    sent = {"answer": old, "sequence": asked.context["sequence"], "go": asked.context["sent"]["go"]}
    assert browser.post(page(attempt, 2), sent).headers["Location"] == page(attempt, 1)
    assert stored(attempt, 2) == (old, 2)


def test_an_old_form_with_the_answer_that_is_stored_leads_on(attempt, signed_in, learner):
    browser = signed_in(learner)
    for _window in range(2):
        answer = browser.post(page(attempt), {"answer": "8", "sequence": 0, "go": "next"})
        assert answer.headers["Location"] == page(attempt, 2)
    assert stored(attempt) == (["8"], 1)


def test_a_choice_is_cleared_by_a_button(attempt, signed_in, learner):
    browser, boxes = signed_in(learner), Response.objects.get(attempt=attempt, slot=2)
    browser.post(page(attempt, 2), {"answer": boxes.order[0], "sequence": 0})
    cleared = browser.post(page(attempt, 2), {"answer": boxes.order[0], "sequence": 1, "go": "clear"})
    assert (cleared.headers["Location"], stored(attempt, 2)) == (page(attempt, 2), ([], 2))


@pytest.mark.parametrize(("answer", "is_told"), [("7", True), ("8", False)])
def test_whoever_answers_too_late_is_told_so(attempt, signed_in, learner, answer, is_told):
    give(attempt, 1, "8", now=timezone.now())
    attempts.submit(attempt, now=timezone.now())
    browser = signed_in(learner)
    browser.cookies["language"] = "en"
    result = browser.post(page(attempt), {"answer": answer, "sequence": 1, "go": "next"}, follow=True)
    assert result.redirect_chain[-1][0] == f"/attempts/{attempt.pk}/result/"
    assert ("Your answer to question 1 did not arrive" in result.content.decode()) == is_told


# ------------------------------------------------------------------------- a form whose token is no longer good


@pytest.fixture
def strict(learner) -> Client:
    """A browser in which the learner has signed in again since the page was loaded."""
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, learner)
    browser.cookies["language"] = "en"
    return browser


def test_an_answer_without_a_good_token_is_given_back_and_not_stored(attempt, strict):
    again = strict.post(page(attempt), {"answer": "<8>", "flag": "on", "sequence": 0, "go": "next"})
    shown = again.content.decode()
    assert (again.status_code, stored(attempt)) == (403, ([], 0))
    assert "Send it once more." in shown
    assert 'value="&lt;8&gt;"' in shown

    assert strict.get(page(attempt)).status_code == 200
    assert stored(attempt) == ([], 0)
    token = again.context["csrf_token"]
    sent = {"answer": "8", "sequence": 0, "go": "next", "csrfmiddlewaretoken": str(token)}
    assert strict.post(page(attempt), sent).headers["Location"] == page(attempt, 2)
    assert stored(attempt) == (["8"], 1)


def test_nobody_gets_the_question_of_another_by_a_form_without_a_token(attempt, strict, other_learner):
    sign_in(strict, other_learner)
    assert strict.post(page(attempt), {"answer": "8"}).status_code == 404
    assert Client(enforce_csrf_checks=True).post(page(attempt), {"answer": "8"}).status_code == 403
    assert stored(attempt) == ([], 0)


@pytest.mark.parametrize(
    ("referer", "back"), [("http://testserver/accounts/email/", True), ("http://evil.example/", False)]
)
def test_any_other_form_without_a_good_token_leads_back_to_its_page(strict, referer, back):
    refused = strict.post("/accounts/logout/", headers={"referer": referer})
    assert refused.status_code == 403
    assert (f'href="{referer}"' in refused.content.decode()) == back
    assert strict.session["_auth_user_id"]


# -------------------------------------------------------------------------------------- when time is up


def test_an_overdue_attempt_shows_no_question_and_can_be_submitted(learner, signed_in):
    quiz = a_quiz(TYPED, front_matter="time_limit: 10\nlate: grace\ngrace: 60\n")
    attempt = attempts.start(learner, quiz, now=timezone.now())
    give(attempt, 1, "8", now=attempt.started_at)
    late = timezone.now() - attempts.TOLERANCE
    Attempt.objects.update(deadline=late)
    browser = signed_in(learner)
    assert browser.get(page(attempt)).headers["Location"] == f"/attempts/{attempt.pk}/submission/"
    closed = browser.post(page(attempt), {"answer": "7", "sequence": 9}, headers=JSON).json()
    assert closed["url"] == f"/attempts/{attempt.pk}/submission/"
    browser.post(f"/attempts/{attempt.pk}/submission/")
    assert Attempt.objects.get().grade == 100


# --------------------------------------------------------------------------------- when the sign-in expired


def test_a_page_that_saves_by_itself_is_told_where_to_sign_in(attempt):
    reply = Client().post(page(attempt), {"answer": "8", "sequence": 1}, headers=JSON)
    assert reply.json() == {"signed_out": True, "url": f"/accounts/login/?next={page(attempt)}"}


def sign_in(browser: Client, learner) -> None:
    browser.force_login(learner, backend="allauth.account.auth_backends.AuthenticationBackend")


def test_an_answer_outlives_the_sign_in(attempt, learner):
    browser = Client()
    to = browser.post(page(attempt), {"answer": "8", "flag": "on", "go": "next"}).headers["Location"]
    assert urlsplit(to).path == "/accounts/login/"
    sign_in(browser, learner)
    assert browser.get(page(attempt)).status_code == 302
    assert stored(attempt)[0] == ["8"]
    assert browser.get(page(attempt)).status_code == 200


def test_somebody_else_who_signs_in_then_does_not_answer(attempt, other_learner):
    browser = Client()
    browser.post(page(attempt), {"answer": "8"})
    sign_in(browser, other_learner)
    assert browser.get(page(attempt)).status_code == 404
    assert stored(attempt) == ([], 0)


def test_a_later_answer_is_not_replaced_by_one_from_before_the_sign_in(attempt, learner):
    browser = Client()
    browser.post(page(attempt), {"answer": "7"})
    answers.save_answer(attempt, 1, Given(["8"]), now=timezone.now())
    sign_in(browser, learner)
    browser.get(page(attempt))
    assert stored(attempt)[0] == ["8"]


def test_what_is_kept_over_a_sign_in_is_bounded(attempt):
    browser = Client()
    for given, number, longest in ((["x" * 5_000], 1, LONGEST_ANSWER), (["x" * 5_000] * 500, 200, 20)):
        browser.post(page(attempt), {"answer": given})
        kept = browser.session["answer_before_sign_in"]["answer"]
        assert (len(kept), max(map(len, kept))) == (number, longest)


# ------------------------------------------------------------------------------------ what is told too early

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


def test_no_response_of_the_server_gives_anything_away_before_the_attempt_ends(learner, signed_in):
    quiz = a_quiz(SECRET, front_matter="review: submitted\n")
    browser, said = signed_in(learner), []
    slug = quiz.module.slug

    def look(answer) -> None:
        said.append(answer.content.decode() + str(answer.headers))

    look(browser.post(f"/quizzes/{slug}/", follow=True))
    attempt = Attempt.objects.get()
    for number in (1, 2, 3):
        response = Response.objects.select_related("version").get(attempt=attempt, slot=number)
        given = keys(response, "Saturnus") if number == 2 else ["Jupiter"]
        look(browser.get(page(attempt, number)))
        look(browser.post(page(attempt, number), {"answer": given, "sequence": 1}, headers=JSON))
        look(browser.post(page(attempt, number), {"answer": given, "go": "next"}, follow=True))
    for path in (
        "/", "/learning/", f"/modules/{slug}/", f"/modules/{slug}/bacaan/", f"/quizzes/{slug}/",
        f"/attempts/{attempt.pk}/", f"/attempts/{attempt.pk}/submission/", f"/attempts/{attempt.pk}/result/",
    ):  # fmt: skip
        look(browser.get(path, follow=True))
    assert len(said) == 18
    assert not [text for text in said if "RAHASIA" in text or '"right"' in text]

    ended = browser.post(f"/attempts/{attempt.pk}/submission/", follow=True).content.decode()
    assert all(word in ended for word in ("RAHASIAUMPAN", "RAHASIAJELAS", "RAHASIAKUNCI"))


def test_a_whole_attempt_of_ten_questions_costs_few_queries(learner, signed_in):
    questions = "\n".join(BOXES.replace("luar", f"ke-{n}") for n in range(10))
    slug = a_quiz(questions).module.slug
    browser = signed_in(learner)
    with CaptureQueriesContext(connection) as asked:
        browser.get(f"/quizzes/{slug}/")
        browser.post(f"/quizzes/{slug}/", follow=True)
        attempt = Attempt.objects.get()
        for number in range(1, 11):
            browser.get(page(attempt, number))
            browser.post(page(attempt, number), {"answer": "x", "sequence": 1, "base": 0}, headers=JSON)
        browser.get(f"/attempts/{attempt.pk}/submission/")
        browser.post(f"/attempts/{attempt.pk}/submission/", follow=True)
    assert not Attempt.objects.get().is_open
    # The savepoints are those of the transaction around a test.
    assert sum("SAVEPOINT" not in query["sql"] for query in asked.captured_queries) <= 150
