"""Tests how typed answers are judged, by a table of accepted and typed answers (``judging.tsv``)."""

from fractions import Fraction
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from modules.authoring.apply import apply_plan
from modules.authoring.columns import question_columns
from modules.authoring.plan import Decisions, Plan
from modules.authoring.planning import plan_document
from modules.authoring.policy import touches_learners
from modules.authoring.states import PartState
from modules.document.syntax.parser import parse_document
from modules.models import JUDGING, Attempt, Module, QuestionVersion
from modules.quizzes import attempts, corrections, scoring, typed_answers
from modules.quizzes.answers import IncomingAnswer, save_answer
from modules.quizzes.corrections import Why
from modules.quizzes.values_in_words import accepted_answer
from tests.cast import a_quiz, take

QUIZ = "# T\n\n## A\n\nIsi.\n\n## Kuis akhir\n\n### Apa?{attributes}\n\n- [=] {accepted}\n"
PIECES = st.sampled_from(
    [*"0123456789.,-+ /:%°²³xeE'\"()^=<>×±·–—½", "km", "Rp", "m/s", "juta", "rb", "kg", "10", "a", "Jakarta", "٣", "ك", "م", "٪", "min"]
)  # fmt: skip
TABLE = Path(__file__).with_name("judging.tsv")


def rows() -> list[list[str]]:
    lines = TABLE.read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("# key")]


def version_of(key: str) -> QuestionVersion:
    accepted, _brace, attributes = key.partition(" {")
    heading = f"### Apa? {{{attributes}" if attributes else "### Apa?"
    document = parse_document(f"# T\n\n## A\n\nIsi.\n\n## Kuis akhir\n\n{heading}\n\n- [=] {accepted}\n")
    assert document.errors == ()
    assert document.quiz
    return QuestionVersion(**question_columns(document.quiz.questions[0]))


@pytest.mark.parametrize(("key", "typed", "right", "why"), rows())
def test_answer_is_judged_as_by_a_fair_teacher(key, typed, right, why):
    judged = scoring.share(version_of(key), [typed] if typed.strip() else [])
    assert judged == (right == "yes"), why


@settings(max_examples=300, deadline=None)
@given(
    st.lists(PIECES, min_size=1, max_size=7).map("".join),
    st.sampled_from(["", " {unit=required}", " {case}"]),
)
def test_accepted_answer_without_a_tolerance_can_be_typed_and_is_shown_so(key, attributes):
    document = parse_document(QUIZ.format(attributes=attributes, accepted=key.strip()))
    assume(not document.errors and document.quiz and document.quiz.questions[0].answers)
    version = QuestionVersion(**question_columns(document.quiz.questions[0]))
    [answer] = version.answers
    assume(answer["tolerance"] is None)
    for typed in (answer["text"], accepted_answer(answer)):
        assert scoring.share(version, [typed]) == 1, typed


def test_table_has_enough_rows_of_both_kinds():
    verdicts = [right for _key, _typed, right, _why in rows()]
    assert len(verdicts) >= 150
    assert min(verdicts.count("yes"), verdicts.count("no")) >= 50


@pytest.mark.parametrize(
    ("key", "typed", "was_right"),
    [
        ("5 km", "5 km", True),
        ("5 km", "5", False),
        ("3×10^8", "3×10^8", True),
        ("1,5 juta", "1500000", False),
        ("200 ± 5 %", "200 ± 5 %", True),
        ("0,8 ± 0,01", "0.81", True),
        ("-3", "−3", True),
        ("-3", "–3", False),
        ("25.000", "25", True),
        ("10³", "103", True),
    ],
)
def test_first_way_reads_a_key_as_it_did_then(key, typed, was_right):
    """Keys that have units today were words, and marks that were earned with these words stay in a regrade."""
    assert scoring.share(version_of(key), [typed], judging=scoring.FIRST) == was_right


@pytest.mark.django_db
class TestEarlierJudging:
    """Marks that were given in the earlier way stay until an instructor agrees to another one."""

    @pytest.fixture
    def judged_before(self, learner):
        quiz = a_quiz("### Hari apa?\n\n- [=] Jum'at\n")
        attempt = take(learner, quiz, ["Jum’at"])
        response = attempt.responses.get()
        response.judging, response.mark = scoring.FIRST, 0
        response.save()
        attempt.mark, attempt.passed_at = Fraction(0), None
        attempt.save()
        return response

    def test_regrade_keeps_the_way_of_judging(self, judged_before, instructor):
        question, why = judged_before.version.question, Why(instructor, "Kunci.", timezone.now())
        assert corrections.judged_before(question) == 1
        assert corrections.regrade(question, why) == 0
        judged_before.refresh_from_db()
        assert (judged_before.judging, judged_before.mark) == (scoring.FIRST, 0)

    def test_key_that_gets_a_unit_takes_no_mark_away(self, learner, instructor):
        attempt = take(learner, a_quiz("### Jarak?\n\n- [=] lima km\n"), ["5 km"])
        response, module = attempt.responses.get(), attempt.quiz.module
        response.version.answers = [{"text": "5 km", "value": None, "tolerance": None}]  # as 0.1 read it
        response.version.save()
        response.judging, response.mark = scoring.FIRST, 1
        response.save()
        attempt.mark = Fraction(1)
        attempt.save()
        text = module.current.text.replace("- [=] lima km", "- [=] 5 km\n- [=] 5,0 km")
        plan = plan_document(module, parse_document(text))
        [change] = [change for change in plan.changes if change.effect]
        assert change.effect.changed == 0

        regraded = Decisions(regrade=frozenset({change.identity}))
        apply_plan(plan_document(module, parse_document(text), regraded), by=instructor, now=timezone.now())
        response.refresh_from_db()
        assert (response.judging, response.mark) == (scoring.FIRST, 1)

    def test_plan_says_that_a_key_counts_anew(self, learner):
        attempt = take(learner, a_quiz("### Jarak?\n\n- [=] 5 km\n"), ["5"])
        version, module = attempt.responses.get().version, attempt.quiz.module
        assert not [change for change in _plan_of_its_text(module).changes if change.states]
        version.answers = [{"text": "5 km", "value": None, "tolerance": None}]  # as 0.1 read it
        version.save()
        [change] = [change for change in _plan_of_its_text(module).changes if change.states]
        assert change.states == (PartState.PARSED_ANEW,)
        assert change.counted_as == ("key",)
        assert change.effect.attempts == 1
        plan = _plan_of_its_text(module)
        assert touches_learners(plan)
        assert not plan.changes_nothing
        apply_plan(plan, by=None, now=timezone.now())
        assert _plan_of_its_text(Module.objects.get(pk=module.pk)).changes_nothing

    @pytest.mark.parametrize(("typed", "judging", "mark"), [(None, scoring.FIRST, 0), ("Jum‘at", JUDGING, 1)])
    def test_answer_that_stays_while_reopened_keeps_its_way(
        self, judged_before, instructor, typed, judging, mark
    ):
        response = judged_before
        corrections.reopen(response.attempt, Why(instructor, "Lagi.", timezone.now()))
        if typed:
            of_learner = Attempt.objects.filter(pk=response.attempt_id)
            assert save_answer(of_learner, 1, IncomingAnswer([typed]), now=timezone.now()).accepted
        attempts.submit(Attempt.objects.get(pk=response.attempt_id), now=timezone.now())
        response.refresh_from_db()
        assert (response.judging, response.mark) == (judging, mark)

    def test_instructor_may_judge_as_today(self, judged_before, instructor):
        question, why = judged_before.version.question, Why(instructor, "Adil.", timezone.now())
        trials = corrections.regrade_trials(question, judged_anew=True)
        shown = corrections.sign_of(question, trials)
        assert corrections.regrade(question, why, shown=shown, judged_anew=True) == 1
        judged_before.refresh_from_db()
        assert (judged_before.judging, judged_before.mark) == (JUDGING, 1)
        assert corrections.judged_before(question) == 0

    def test_plan_offers_both_ways(self, judged_before, instructor):
        module = judged_before.attempt.quiz.module
        text = module.current.text.replace("- [=] Jum'at", "- [=] Jum'at\n- [=] Jumat")
        plan = plan_document(module, parse_document(text))
        [change] = [change for change in plan.changes if change.effect]
        assert (change.effect.changed, change.effect_anew.changed) == (0, 1)

        anew = Decisions(regrade=frozenset({change.identity}), judged_anew=frozenset({change.identity}))
        apply_plan(plan_document(module, parse_document(text), anew), by=instructor, now=timezone.now())
        judged_before.refresh_from_db()
        assert (judged_before.judging, judged_before.mark) == (JUDGING, 1)

    def test_page_of_the_question_shows_what_changes(self, judged_before, signed_in, instructor):
        browser = signed_in(instructor)
        address = reverse("admin:modules_module_grades", args=[judged_before.version.question_id])
        assert browser.get(address).context["trials"] == []
        page = browser.get(address + "?judged=anew")
        sent = {"action": "regrade", "reason": "Adil.", "shown": page.context["sign"]}
        browser.post(address + "?judged=anew", sent)
        judged_before.refresh_from_db()
        assert judged_before.mark == 1


def _plan_of_its_text(module: Module) -> Plan:
    return plan_document(module, parse_document(module.current.text))


@pytest.mark.parametrize(
    ("key", "typed", "expected"),
    [
        ("12", "dua belas", "no-number"),
        ("12", "12 km", "more-than-number"),
        ("12", "12 (dua belas)", "more-than-number"),
        ("12", "50%", "more-than-number"),
        ("12", "1 lusin", ""),
        ("12", "12 12", "no-number"),
        ("12", "12,0", ""),
        ("12 km", "12 m", ""),
        ("12 km", "dua belas km", "no-number"),
        ("12 km {unit=required}", "12", "no-unit"),
        ("Jakarta", "12", ""),
    ],
)
def test_lack_says_what_an_answer_lacks_and_not_what_is_right(key, typed, expected):
    assert typed_answers.lack(version_of(key), [typed]) == expected


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("Retrieval", "Retreival", "Only one letter differs."),
        ("Jakarta", "Jakata", "Only one letter differs."),
        ("nitrat", "kalium", ""),
        ("anak-anak", "anak anak", "Only spaces or hyphens differ."),
        ("café", "cafe", "Only accents differ."),
        ("NaCl {case}", "nacl", "Only capital letters or signs differ."),
        ("-3", "3", "Only the sign differs."),
        ("5 km", "5 m", "The number is right; the unit differs."),
        ("5 km {unit=required}", "5", "The unit is missing."),
        ("5", "6", ""),
        ("x" * 5, "y" * 5, ""),
    ],
)
def test_difference_is_said_if_it_is_small(key, typed, sentence):
    with translation.override("en"):
        assert typed_answers.difference(typed, version_of(key).answers) == sentence


@pytest.mark.django_db
def test_learner_is_told_before_submitting_that_an_answer_is_no_number(as_learner, learner):
    quiz = a_quiz("### Suhu?\n\n- [=] -3\n")
    attempt = attempts.start(learner, quiz, now=timezone.now())
    address = reverse("attempt_question", args=[attempt.pk, 1])
    page = as_learner.get(address).content.decode()
    assert 'inputmode="text"' in page

    reply = as_learner.post(
        address, {"answer": "tiga", "sequence": 1, "base": 0}, headers={"accept": "application/json"}
    )
    assert reply.json()["lack"].startswith("This is not a number yet.")
    assert attempt.responses.get().answer == ["tiga"]
    for shown in (address, reverse("submission", args=[attempt.pk])):
        page = as_learner.get(shown).content.decode()
        assert "This is not a number yet." in page
    assert "Submit now" not in page
    assert "Look at the note below before you submit." in page


@pytest.mark.django_db
@pytest.mark.parametrize(("other", "keyboard"), [("-3", "text"), ("3", "decimal")])
def test_keyboard_does_not_tell_which_answer_is_negative(as_learner, learner, other, keyboard):
    quiz = a_quiz(f"### Suhu?\n\n- [=] 5\n\n### Lagi?\n\n- [=] {other}\n")
    attempt = attempts.start(learner, quiz, now=timezone.now())
    for slot in (1, 2):
        page = as_learner.get(reverse("attempt_question", args=[attempt.pk, slot])).content.decode()
        assert f'inputmode="{keyboard}"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(("review", "is_said"), [("submitted", True), ("never", False)])
def test_result_says_a_small_difference_only_with_the_right_answer(as_learner, learner, review, is_said):
    quiz = a_quiz("### Apa?\n\n- [=] Retrieval\n", front_matter=f"review: {review}\n")
    attempt = take(learner, quiz, ["Retreival"])
    page = as_learner.get(reverse("result", args=[attempt.pk])).content.decode()
    assert ("Only one letter differs." in page) == is_said


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("-.5", "−0,5"), (".0", "0"), ("Rp25500", "Rp 25500"), ("abad 19", "abad 19"), ("5 km", "5 km"),
        ("1,5 juta", "1,5 juta"), ("07.30", "07.30"), ("3×10^8 m/s", "3×10^8 m/s"),
    ],
)  # fmt: skip
def test_key_is_shown_as_people_write_it(key, words):
    with translation.override("id"):
        assert accepted_answer(version_of(key).answers[0]) == words


@pytest.mark.parametrize(("language", "words"), [("id", "−0,8 ± 0,01 km"), ("en", "−0.8 ± 0.01 km")])
def test_key_is_shown_in_the_number_format_of_the_reader(language, words):
    with translation.override(language):
        assert accepted_answer(version_of("-0.80 km ± 0.01").answers[0]) == words
