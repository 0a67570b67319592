"""Tells a store of statements what learners did: in order, once, and never with a name."""

import json
import time
from base64 import b64decode
from datetime import timedelta

import pytest
from django.utils import timezone

from modules.models import Attempt, RefusedStatement, StatementCursor
from modules.quizzes import attempts, corrections
from modules.quizzes.corrections import Why
from modules.statements import facts, sending
from tasks.outcomes import Postponed, Unreachable
from tests.cast import a_module, at, read_all, take
from tests.insights.test_quiz_items import RIGHT, WEAK, takers
from tests.statements.sink import sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(settings):
    with sink() as store:
        settings.XAPI_URL, settings.SITE_URL = store.url, "https://belajar.example.org"
        yield store


@pytest.fixture
def module():
    return a_module()


def tell(now=None):
    sending.tell_all(now=now or at(60), until=time.monotonic() + 60)


def told(store):
    """Returns the verbs and the last part of each activity, in the order of their arrival."""
    rows = [store.kept[identity] for batch in store.batches for identity in batch]
    return [(row["verb"]["id"].rpartition("/")[2], row["object"]["id"].split("/")[-2]) for row in rows]


def test_facts_of_a_learner_become_statements(store, module, learner):
    read_all(learner, module)
    take(learner, module.quiz, RIGHT, now=at(1))
    tell()

    assert told(store) == [
        ("initialized", "module"),
        ("initialized", "quiz"),
        *[("answered", "question")] * 4,
        ("completed", "quiz"),
        ("passed", "quiz"),
        ("completed", "module"),
    ]
    passed = next(row for row in store.kept.values() if row["verb"]["id"].endswith("passed"))
    assert passed["result"] == {"score": {"scaled": 1.0}, "completion": True, "success": True}
    assert passed["timestamp"] == "2026-11-24T12:01:00+00:00"
    assert passed["object"]["definition"]["name"] == {"und": "Kuis akhir"}


def test_failed_attempt_says_so(store, module, learner):
    read_all(learner, module)
    take(learner, module.quiz, WEAK, now=at(1))
    tell()

    assert told(store)[-1] == ("failed", "quiz")
    answers = [row["result"] for row in store.kept.values() if row["verb"]["id"].endswith("answered")]
    assert [(answer["success"], answer["response"]) for answer in answers][2:] == [
        (False, "Venus"),
        (False, "1"),
    ]


def test_no_person_is_named(store, module, learner):
    read_all(learner, module)
    take(learner, module.quiz, RIGHT, now=at(1))
    tell()

    text = json.dumps(store.kept)
    assert [word for word in (learner.email, learner.name, "mbox") if word in text] == []
    (account,) = {json.dumps(row["actor"]["account"]) for row in store.kept.values()}
    assert json.loads(account)["homePage"] == "https://belajar.example.org"
    assert len(json.loads(account)["name"]) == 32


def test_request_has_the_password_and_the_version(store, module, learner):
    read_all(learner, module)
    tell()

    assert store.paths == ["/xapi/statements"]
    assert b64decode(store.headers["Authorization"].removeprefix("Basic ")) == b"nama:kata sandi"
    assert store.headers["X-Experience-Api-Version"] == "1.0.3"


def test_nothing_is_sent_twice(store, module, learner):
    read_all(learner, module)
    take(learner, module.quiz, RIGHT, now=at(1))
    tell()
    batches = list(store.batches)
    tell()

    assert store.batches == batches


def test_facts_of_one_moment_are_not_lost_between_batches(store, module, monkeypatch):
    monkeypatch.setattr(facts, "AT_ONCE", 2)
    takers(module, *[RIGHT] * 5)
    tell()

    assert [len(batch) for batch in store.batches] == [2, 2, 1, 2, 2, 1, 12, 12, 6, 2, 2, 1]
    assert len(store.kept) == 5 * 9


@pytest.mark.parametrize(
    ("mode", "error"),
    [("busy", Unreachable), ("raving", Unreachable), ("refusing", Postponed), ("redirecting", Postponed)],
)
def test_store_that_does_not_take_them_gets_them_later(store, module, learner, mode, error):
    read_all(learner, module)
    store.mode = mode
    with pytest.raises(error):
        tell()
    assert store.kept == {}

    store.mode = "accept"
    tell()
    assert told(store) == [("initialized", "module")]


def test_bad_statement_is_set_aside_and_holds_back_no_other(store, module, learner):
    read_all(learner, module)
    take(learner, module.quiz, RIGHT, now=at(1))
    store.bad = "passed"
    tell()

    assert len(store.kept) == 8
    assert told(store)[-1] == ("completed", "module")
    refused = RefusedStatement.objects.get()
    assert refused.statement["verb"]["id"].endswith("passed")
    assert "A score is missing." in refused.said


def test_refused_statement_is_sent_again_when_an_administrator_asks(
    store, module, learner, administrator, signed_in
):
    read_all(learner, module)
    store.bad = "initialized"
    tell()
    store.bad = ""
    tell()
    assert store.kept == {}
    browser, (refused,) = signed_in(administrator), RefusedStatement.objects.all()
    assert 'href="/admin/modules/refusedstatement/"' in browser.get("/admin/").content.decode()

    chosen = {"action": "send_again", "_selected_action": [refused.pk]}
    browser.post("/admin/modules/refusedstatement/", chosen)
    tell()
    assert list(store.kept) == [refused.identity]
    assert not RefusedStatement.objects.exists()


def test_statement_that_is_refused_again_waits_for_another_request(store, module, learner):
    read_all(learner, module)
    store.bad = "initialized"
    tell()
    RefusedStatement.objects.update(is_sent_again=True, said="")
    tell()

    refused = RefusedStatement.objects.get()
    assert (refused.is_sent_again, "A score is missing." in refused.said) == (False, True)


def test_store_that_takes_few_at_once_gets_each_alone(store, module, learner):
    read_all(learner, module)
    take(learner, module.quiz, RIGHT, now=at(1))
    store.mode = "small"
    tell()
    assert [len(batch) for batch in store.batches] == [1] * 9


def test_store_that_is_away_is_unreachable(settings, module, learner):
    settings.XAPI_URL = "http://127.0.0.1:9/xapi"
    read_all(learner, module)

    with pytest.raises(Unreachable):
        tell()
    assert StatementCursor.objects.get().at == facts.FIRST


def test_cut_acknowledgement_repeats_the_same_ids(store, module, learner):
    read_all(learner, module)
    store.mode = "cutting"
    with pytest.raises(Unreachable):
        tell()
    kept = set(store.kept)

    store.mode = "accept"
    tell()
    assert set(store.kept) == kept
    assert len(store.batches) == 2


def test_known_statement_with_another_result_stops_nothing(store, module, learner):
    read_all(learner, module)
    take(learner, module.quiz, WEAK, now=at(1))
    tell()
    StatementCursor.objects.filter(kind="submitted").update(at=facts.FIRST, key=0)
    Attempt.objects.update(mark=1)

    tell()
    assert StatementCursor.objects.get(kind="submitted").at > facts.FIRST


def test_fresh_fact_waits(store, module, learner):
    read_all(learner, module, now=at(0))
    tell(now=at(4))
    assert store.batches == []
    tell(now=at(6))
    assert told(store) == [("initialized", "module")]


def test_attempt_that_was_opened_again_is_told_again(store, module, learner, instructor):
    read_all(learner, module)
    attempt = take(learner, module.quiz, WEAK, now=at(1))
    tell()
    before = len(store.kept)
    corrections.reopen(attempt, Why(instructor, "Listrik padam.", at(70)), minutes=None)
    attempts.submit(Attempt.objects.get(), now=at(80))
    tell(now=at(120))

    assert len(store.kept) == before + 6


def test_staff_and_deleted_attempts_are_not_told(store, module, instructor, learner):
    read_all(instructor, module)
    take(instructor, module.quiz, RIGHT, now=at(1))
    read_all(learner, module)
    take(learner, module.quiz, RIGHT, now=at(1))
    Attempt.objects.filter(enrolment__learner=learner).update(deleted_at=timezone.now())
    tell()

    assert told(store) == [("initialized", "module"), ("completed", "module")]


def test_without_a_store_nothing_is_read(settings, django_assert_num_queries):
    settings.XAPI_URL = ""
    with django_assert_num_queries(0):
        sending.send_statements.call()


def test_long_backlog_leaves_others_their_turn(store, module, monkeypatch):
    monkeypatch.setattr(facts, "AT_ONCE", 1)
    takers(module, *[RIGHT] * 3)
    sending.tell_all(now=at(60), until=time.monotonic() - 1)

    assert len(store.batches) == 1


def test_queries_do_not_grow_with_the_attempts(store, module, django_assert_num_queries):
    for prefix, answers in (("a", [WEAK]), ("b", [RIGHT] * 6)):
        takers(module, *answers, prefix=prefix)
        cursor = facts.cursor_of(facts.Kind.SUBMITTED)
        with django_assert_num_queries(4):
            facts.next_facts(cursor, facts.Wording("https://x"), now=at(60) + timedelta(days=1))
