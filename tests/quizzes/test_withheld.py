"""Tests that no response of the server holds an explanation, feedback or key that the rules of a quiz withhold.

Each of them holds a word that stands nowhere else. A learner then follows every link, and each response is searched.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import escape, unescape
from itertools import count
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from modules.models import (
    Attempt,
    Draft,
    Module,
    Question,
    QuestionVersion,
    Quiz,
    Response,
    Revision,
    Section,
)
from modules.quizzes import attempts, corrections
from tests.cast import a_module, give, keys, read_all, take

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).resolve().parents[2] / "modules" / "examples"
TEXT = """\
# Tata surya

## Bacaan

Delapan planet.

### Planet merah? {.check}

- [ ] Bumi
  > ZZ-UMPANPERIKSA
- [x] Mars

> ZZ-JELASPERIKSA

### Planet biru? {.check}

- [=] ZZ-KUNCIPERIKSA

## Planet luar {#luar}

Empat planet.

## Kuis akhir

### Planet terbesar?

- [x] Jupiter
  > ZZ-UMPAN1BENAR[^benar]
- [ ] Venus
  > ZZ-UMPAN1SALAH

> ZZ-JELAS1, baca [ZZ-TAUT1](#luar).

### Planet terkecil?

- [ ] Bumi
  > ZZ-UMPAN2DIPILIH
- [ ] Saturnus
  > ZZ-UMPAN2SALAH
- [x] Merkurius
  > ZZ-UMPAN2BENAR

> ZZ-JELAS2[^jelas], baca [ZZ-TAUT2](#luar). ![ZZ-GAMBAR2](ZZ-BERKAS2.png)
>
> <!-- ZZ-KOMENTAR2 -->

### Planet luar? {multiple}

- [x] Uranus
  > ZZ-UMPAN3DIPILIH
- [x] Neptunus
  > ZZ-UMPAN3BENAR
- [ ] Ceres
  > ZZ-UMPAN3SALAH

> ZZ-JELAS3

### Planet bercincin?

- [=] ZZ-KUNCI4

> ZZ-JELAS4

### Berapa bulan?

- [=] 47.114711

> ZZ-JELAS5, baca [ZZ-TAUT5](#luar).

[^benar]: ZZ-KAKI1
[^jelas]: ZZ-KAKI2
"""
SECRET = re.compile(r"ZZ-[A-Z]{4}\w*|47\.114711")  # a random key may begin like one
FAILED = ["Jupiter", "Bumi", "Uranus", "Pluto", ""]
PASSED = ["Jupiter", "Bumi", ["Uranus", "Neptunus"], "ZZ-KUNCI4", "47.114711"]
CHOSEN = {"ZZ-UMPAN1BENAR", "ZZ-KAKI1", "ZZ-UMPAN2DIPILIH", "ZZ-UMPAN3DIPILIH"}
RIGHT = {"ZZ-JELAS1", "ZZ-TAUT1"}
MISSED = {
    "ZZ-JELAS2",
    "ZZ-KAKI2",
    "ZZ-TAUT2",
    "ZZ-GAMBAR2",
    "ZZ-JELAS3",
    "ZZ-JELAS4",
    "ZZ-JELAS5",
    "ZZ-TAUT5",
}
KEY = {
    "ZZ-UMPAN1SALAH",
    "ZZ-UMPAN2SALAH",
    "ZZ-UMPAN2BENAR",
    "ZZ-UMPAN3BENAR",
    "ZZ-UMPAN3SALAH",
    "ZZ-KUNCI4",
    "47.114711",
}
# What a learner who gives the answers in PASSED knows, or has earned.
LEARNED = {"ZZ-UMPAN3BENAR", "ZZ-JELAS3", "ZZ-KUNCI4", "ZZ-JELAS4", "47.114711", "ZZ-JELAS5", "ZZ-TAUT5"}
NO_EXPLANATION = "review:\n  right_after: [answer, correctness, marks, feedback]\n"
ALL_EXPLANATIONS = "review:\n  right_after: [answer, correctness, marks, feedback, explanation]\n"


@pytest.fixture
def browser(signed_in, learner):
    client = signed_in(learner)
    client.cookies["language"] = "en"
    return client


def a_quiz_with(rules: str) -> Quiz:
    module = a_module(f"---\npass_mark: 60\nquiz_opens: at_once\n{rules}---\n{TEXT}")
    return Quiz.objects.select_related("module").get(module=module)


def addresses(quiz: Quiz) -> list[str]:
    """Returns where a learner may begin: pages with links, and addresses that a learner can only type."""
    attempt_pages = ("", "submission/", "result/", "practice/", *(f"questions/{n}/" for n in range(1, 6)))
    return [
        "/",
        "/learning/",
        *(f"/attempts/{attempt.pk}/{page}" for attempt in quiz.attempts.all() for page in attempt_pages),
        *(f"/attempts/{attempt.pk}/practice/{n}/" for attempt in quiz.attempts.all() for n in range(1, 6)),
    ]


def words_on_all_pages(browser, quiz: Quiz) -> set[str]:
    """Returns the secret words in all responses that a learner can reach. Pages of the account hold no documents."""
    waiting, seen, words = addresses(quiz), set(), set()
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith(("/static/", "/accounts/")):
            continue
        seen.add(address)
        response = browser.get(address, follow=True)
        page = response.content.decode()
        words |= set(SECRET.findall(f"{page} {response.headers} {response.redirect_chain}"))
        waiting += [unescape(link) for link in re.findall(r'(?:href|action|src)="(/[^"#]*)', page)]
    assert len(seen) >= 12
    return words


@pytest.mark.parametrize(
    ("rules", "made", "shown"),
    [
        ("review: never\nattempts: 2\n", [FAILED], CHOSEN | RIGHT),
        ("review: never\nattempts: 1\n", [FAILED], CHOSEN | RIGHT),
        ("review: never\n", [FAILED], CHOSEN | RIGHT),
        ("attempts: 2\n", [FAILED], CHOSEN | RIGHT),
        ("", [FAILED], CHOSEN | RIGHT),
        ("wait: 60\n", [FAILED], CHOSEN | RIGHT),
        ("attempts: 2\n", [FAILED, FAILED], CHOSEN | RIGHT | MISSED | KEY),
        ("attempts: 2\n", [PASSED], CHOSEN | RIGHT | MISSED | KEY),
        ("review: never\n", [PASSED], CHOSEN | RIGHT | LEARNED),
        ("review: submitted\n", [FAILED], CHOSEN | RIGHT | MISSED | KEY),
        (NO_EXPLANATION, [FAILED], CHOSEN),
        (ALL_EXPLANATIONS, [FAILED], CHOSEN | RIGHT | MISSED),
    ],
)
def test_pages_hold_only_the_words_that_the_rules_show(browser, learner, rules, made, shown):
    quiz = a_quiz_with(rules)
    for answers in made:
        take(learner, quiz, answers, now=timezone.now())
    assert words_on_all_pages(browser, quiz) == shown


@pytest.mark.parametrize("review", ["passed", "submitted", "never"])
def test_open_attempt_hides_all_words(browser, learner, review):
    quiz = a_quiz_with(f"review: {review}\n")
    assert words_on_all_pages(browser, quiz) == set()
    take(learner, quiz, FAILED, now=timezone.now() - timedelta(hours=1))
    attempts.start(learner, quiz, now=timezone.now())
    assert words_on_all_pages(browser, quiz) == set()


@pytest.mark.parametrize(
    ("review", "shown"), [("passed", CHOSEN | RIGHT | MISSED | KEY), ("never", CHOSEN | RIGHT)]
)
def test_closing_shows_words_with_right_answers(browser, learner, review, shown):
    quiz = a_quiz_with(f"review: {review}\nattempts: 2\n")
    take(learner, quiz, FAILED, now=timezone.now() - timedelta(hours=1))
    Quiz.objects.update(closes_at=timezone.now())
    assert words_on_all_pages(browser, quiz) == shown


def test_answers_sent_by_script_return_no_words(browser, learner):
    quiz = a_quiz_with("")
    attempt = attempts.start(learner, quiz, now=timezone.now())
    sequence = count(1)

    def sent(slot: int, **form) -> str:
        form |= {"sequence": next(sequence)}
        address = f"/attempts/{attempt.pk}/questions/{slot}/"
        as_script = browser.post(address, form, headers={"Accept": "application/json"})
        return as_script.content.decode() + browser.post(address, form, follow=True).content.decode()

    bodies = [sent(slot, answer="Pluto") for slot in range(1, 6)]
    for response in attempt.responses.select_related("version").filter(slot__lt=4):
        bodies += [sent(response.slot, answer=choice["key"]) for choice in response.version.choices]
    assert [SECRET.findall(body) for body in bodies if SECRET.search(body)] == []


# ---------------------------------------------------------------------------------------------- practice


@pytest.mark.parametrize("review", ["passed", "never"])
def test_practice_shows_an_explanation_only_of_a_right_answer(browser, learner, review):
    attempt = take(learner, a_quiz_with(f"review: {review}\n"), FAILED, now=timezone.now())
    responses = {response.slot: response for response in attempt.responses.select_related("version")}

    def words(slot: int, *answer: str) -> set[str]:
        answer = keys(responses[slot], *answer) if responses[slot].version.has_choices else answer
        page = browser.get(f"/attempts/{attempt.pk}/practice/{slot}/", {"answer": answer}).content.decode()
        return set(SECRET.findall(page))

    assert words(2, "Saturnus") == {"ZZ-UMPAN2SALAH"}
    assert words(3, "Neptunus", "Ceres") == {"ZZ-UMPAN3BENAR", "ZZ-UMPAN3SALAH"}
    assert words(4, "Saturn") == words(5, "12") == set()
    assert words(2, "Merkurius") == {"ZZ-UMPAN2BENAR", "ZZ-JELAS2", "ZZ-KAKI2", "ZZ-TAUT2", "ZZ-GAMBAR2"}
    assert words(5, "47.114711") == {"47.114711", "ZZ-JELAS5", "ZZ-TAUT5"}


# ------------------------------------------------------------------------------------------- corrections


def test_full_marks_for_everybody_show_no_explanation(browser, learner, instructor):
    quiz = a_quiz_with("review: never\n")
    attempt = take(learner, quiz, FAILED, now=timezone.now())
    why = corrections.Why(instructor, "soal keliru", timezone.now())
    for question in quiz.questions.all():
        corrections.give_full_marks(question, why)
    page = browser.get(f"/attempts/{attempt.pk}/result/")
    assert {review.state for review in page.context["page"].reviews} == {"granted"}
    assert not (MISSED | KEY) & set(SECRET.findall(page.content.decode()))


@pytest.mark.parametrize(
    ("rules", "counts"),
    [("", (None, None, None)), ("review: never\n", (None, None, None)), ("review: submitted\n", (1, 0, 2))],
)
def test_tally_counts_right_choices_only_with_right_answers(browser, learner, rules, counts):
    attempt = take(learner, a_quiz_with(rules), FAILED, now=timezone.now())
    page = browser.get(f"/attempts/{attempt.pk}/result/")
    tally = page.context["page"].reviews[2].tally
    assert (tally.right, tally.wrong, tally.of) == counts
    assert ("You chose 1 right and 0 wrong, of 2" in page.content.decode()) == (counts[0] == 1)


def test_hidden_explanation_leaves_the_titles_of_its_sections(browser, learner):
    attempt = take(learner, a_quiz_with("review: never\n"), FAILED, now=timezone.now())
    reviews = browser.get(f"/attempts/{attempt.pk}/result/").context["page"].reviews
    titles = [[stop.title for stop in review.links] for review in reviews]
    assert titles == [[], ["Planet luar"], [], [], ["Planet luar"]]
    page = " ".join(browser.get(f"/attempts/{attempt.pk}/result/").content.decode().split())
    assert page.count('Explained in <a href="/modules/tata-surya/luar/"') == 2


# -------------------------------------------------------------------------------------- modules that ship


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.md")), ids=lambda file: file.stem)
def test_shipped_module_gives_nothing_away_after_failed_attempts(browser, learner, file):
    """Chooses each wrong choice of each question once, in several attempts."""
    quiz = a_module(file.read_text(encoding="utf-8")).quiz
    read_all(learner, quiz.module)
    for number in range(3):
        attempt = take_wrong(learner, quiz, number)
        reviews = browser.get(f"/attempts/{attempt.pk}/result/").context["page"].reviews
        assert not [review.title_html for review in reviews if review.explanation or review.right_answers]
        assert not [option for review in reviews for option in review.options if option.is_right]
        assert all(review.links for review in reviews)
        told = " ".join(words_of(option.feedback) for review in reviews for option in review.options)
        assert not [answer for answer in right_answers(attempt) if f" {answer} " in f" {told} "]


def take_wrong(learner, quiz: Quiz, number: int) -> Attempt:
    """Submits an attempt with one wrong choice for each question with choices, and no typed answer."""
    attempt = attempts.start(learner, quiz, now=timezone.now())
    for response in attempt.responses.select_related("version"):
        wrong = [choice["text"] for choice in response.version.choices if not choice["right"]]
        give(attempt, response.slot, *wrong[number % len(wrong) :][:1] if wrong else "", now=timezone.now())
    return attempts.submit(attempt, now=timezone.now())


def right_answers(attempt: Attempt) -> list[str]:
    versions = [response.version for response in attempt.responses.select_related("version")]
    chosen = [choice["text"] for version in versions for choice in version.choices if choice["right"]]
    typed = [answer["text"] for version in versions for answer in version.answers]
    return [words_of(escape(answer)) for answer in chosen + typed]


def words_of(html: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", html).casefold()))


# -------------------------------------------------------------------------------------- other people


# Their first keys differ where other tests have used the same sequences.
KEYED = (Attempt, Draft, Module, Question, QuestionVersion, Quiz, Response, Revision, Section)


def all_addresses() -> list[str]:
    """Returns every address of the site, with slugs, identities and the keys of rows in the place of its names."""
    names = {
        "slug": "tata-surya",
        "identity": "bacaan",
        "name": "planet-merah",
        "kind": "questions",
        "content_type_id": "1",
    }
    keys = {str(model._base_manager.values_list("pk", flat=True).first() or 1) for model in KEYED}
    filled = []
    for pattern in _patterns(get_resolver()):
        parts = re.split(r"<(?:\w+:)?(\w+)>", pattern)
        filled += [
            "/" + "".join(names.get(part, key) if odd % 2 else part for odd, part in enumerate(parts))
            for key in sorted(keys)
        ]
    filled = list(dict.fromkeys(filled))
    return [address for address in filled if not re.search(r"[\^$?()]|logout", address)]


def _patterns(resolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern)


@pytest.mark.parametrize("who", ["anonymous", "another learner", "staff without a role", "instructor"])
def test_other_people_get_no_words_from_any_address(
    client, signed_in, learner, other_learner, instructor, who
):
    quiz = a_quiz_with("review: submitted\n")
    take(learner, quiz, FAILED, now=timezone.now())
    Draft.objects.create(author=instructor, module=quiz.module, text=TEXT, filename="tata-surya.md")
    if who == "staff without a role":
        other_learner.is_staff = True
        other_learner.save()
    people = {"instructor": signed_in(instructor), "anonymous": client}
    browser = people.get(who) or signed_in(other_learner)
    browser.raise_request_exception = False
    told = {}
    for address in all_addresses():
        response = browser.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if words := set(SECRET.findall(f"{body.decode(errors='replace')} {response.headers}")):
            told[address] = words
        assert response.status_code < 500, address
    assert bool(told) == (who == "instructor")
