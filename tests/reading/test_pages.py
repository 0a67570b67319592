"""Tests the pages of learners: access, content and cost."""

import re
from fractions import Fraction
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from modules.models import Attempt, Draft, Enrolment, Module, Override, Reading, with_outline_for
from modules.quizzes import attempts, values_in_words
from modules.reading import outlines
from tests.cast import NOON, PLANETS, READABLE, a_module, a_quiz, give, keys, read_all, squeezed, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_learner(client, learner):
    client.force_login(learner)
    return client


def section_url(module, identity="planet-dalam"):
    return reverse("section", args=[module.slug, identity])


# ------------------------------------------------------------------------------------------ access


@pytest.mark.parametrize("name", ["module", "section", "quiz"])
def test_unpublished_module_is_not_found(as_learner, name):
    module = a_module(PLANETS, published=False)
    extra = ["planet-dalam"] if name == "section" else []
    assert as_learner.get(reverse(name, args=[module.slug, *extra])).status_code == 404


@pytest.mark.parametrize("name", ["section", "quiz"])
def test_reading_needs_a_sign_in_and_returns(client, name):
    module = a_module(PLANETS)
    url = reverse(name, args=[module.slug, *(["planet-dalam"] if name == "section" else [])])
    answer = client.get(url)
    assert answer.status_code == 302
    assert answer.url.endswith(f"?next={url}")


@pytest.mark.parametrize("name", ["attempt", "attempt_question", "submission", "result"])
def test_attempt_of_another_learner_is_not_found(as_learner, other_learner, name):
    attempt = take(other_learner, a_quiz("### A?\n\n- [x] a\n- [ ] b\n"), ["a"])
    extra = [1] if name == "attempt_question" else []
    assert as_learner.get(reverse(name, args=[attempt.pk, *extra])).status_code == 404


def test_attempt_of_another_learner_takes_no_answer(as_learner, other_learner):
    attempt = attempts.start(other_learner, a_quiz("### A?\n\n- [x] a\n- [ ] b\n"), now=NOON)
    response = attempt.responses.get()
    url = reverse("attempt_question", args=[attempt.pk, 1])
    assert as_learner.post(url, {"answer": keys(response, "a")}).status_code == 404
    response.refresh_from_db()
    assert response.answer == []


def test_slot_beyond_the_last_is_not_found(as_learner, learner):
    attempt = attempts.start(learner, a_quiz("### A?\n\n- [x] a\n- [ ] b\n"), now=NOON)
    for number in (2, 10**30):
        assert as_learner.post(f"/attempts/{attempt.pk}/questions/{number}/").status_code == 404


def test_huge_numbers_in_addresses_are_not_found(as_learner):
    for path in (f"/attempts/{10**30}/", f"/attempts/1/questions/{10**30}/", f"/preview/drafts/{10**30}/"):
        assert as_learner.get(path).status_code == 404


def test_learner_cannot_preview(as_learner):
    module = a_module(PLANETS, published=False)
    assert as_learner.get(reverse("preview_module", args=[module.slug])).status_code == 404


def test_draft_preview_is_for_its_author_only(client, instructor, administrator):
    draft = Draft.objects.create(author=instructor, text=PLANETS)
    for person, status in ((instructor, 200), (administrator, 404)):
        client.force_login(person)
        assert client.get(f"/preview/drafts/{draft.pk}/").status_code == status


def test_preview_records_nothing(client, instructor):
    module = a_module(PLANETS, published=False)
    client.force_login(instructor)
    for tail in ("", "planet-dalam/", "kuis-akhir/", "kuis-akhir/?question=1"):
        answer = client.get(reverse("preview_module", args=[module.slug]) + tail)
        assert answer.status_code == 200, tail
    assert not Enrolment.objects.exists()
    assert not Attempt.objects.exists()


# ----------------------------------------------------------------------------------------- reading


def test_opening_a_section_records_nothing(as_learner):
    as_learner.get(section_url(a_module(READABLE)))
    assert not Enrolment.objects.exists()


def test_only_a_section_with_a_formula_brings_its_font(as_learner):
    module = a_module("# Gaya\n\n## Rumus\n\nHasilnya $F = ma$.\n\n## Kata\n\nTanpa rumus.\n")
    pages = [as_learner.get(section_url(module, name)).content.decode() for name in ("rumus", "kata")]
    assert ["noto-sans-math" in page for page in pages] == [True, False]


def test_reading_is_recorded_and_leads_to_the_next_section(as_learner, learner):
    module = a_module(READABLE)
    answer = as_learner.post(section_url(module) + "reading/")
    assert answer.url == section_url(module, "planet-luar")
    reading = Reading.objects.get()
    assert (reading.enrolment.learner, reading.section.identity, reading.revision) == (
        learner, "planet-dalam", module.current,
    )  # fmt: skip


@pytest.mark.parametrize("tail", ["enrolment/", "planet-dalam/reading/"])
def test_sign_in_during_a_post_returns_to_the_page(client, learner, tail):
    module = a_module(READABLE)
    redirected = client.post(module.get_absolute_url() + tail)
    client.force_login(learner)
    page = client.get(parse_qs(urlsplit(redirected.url).query)["next"][0])
    assert page.url == module.get_absolute_url() + tail.replace("enrolment/", "").replace("reading/", "")
    assert not Enrolment.objects.exists()


def test_reading_has_the_revision_of_the_page(as_learner):
    module = a_module(READABLE)
    page = as_learner.get(section_url(module)).content.decode()
    shown = re.search(r'name="revision" value="(\d+)"', page)[1]
    a_module(READABLE.replace("Mars.", "dan Mars."))

    as_learner.post(section_url(module) + "reading/", {"revision": shown})

    assert Reading.objects.get().revision == module.current


def test_reading_ignores_a_revision_of_another_module(as_learner):
    module, other = a_module(READABLE), a_module("# Lain\n\n## A\n\na\n")
    as_learner.post(section_url(module) + "reading/", {"revision": other.current_id})
    assert Reading.objects.get().revision == module.current


def test_reading_twice_is_recorded_once(as_learner):
    module = a_module(READABLE)
    for _time in range(2):
        as_learner.post(section_url(module) + "reading/")
    assert Reading.objects.count() == 1


def test_last_section_leads_to_the_quiz(as_learner):
    module = a_module(PLANETS)
    as_learner.post(section_url(module) + "reading/")
    assert as_learner.post(section_url(module, "planet-luar") + "reading/").url == reverse(
        "quiz", args=[module.slug]
    )


def test_percentage_counts_the_active_sections(learner):
    module = a_module(READABLE)
    read_all(learner, module)
    a_module(READABLE + "\n## Pluto\n\nBukan planet.\n")
    outline = outlines.outline(with_outline_for(Module.objects.all(), learner).get(), learner)
    assert (outline.read, outline.total, outline.percent) == (2, 3, 66)


def test_module_names_its_language_in_that_language(client):
    module = a_module("---\nlanguage: id\n---\n" + READABLE)
    assert " · Bahasa Indonesia</p>" in squeezed(client.get(module.get_absolute_url()).content.decode())


def test_catalogue_offers_the_next_section(as_learner):
    module = a_module(READABLE)
    as_learner.post(section_url(module) + "reading/")
    page = as_learner.get("/")
    assert page.context["page"].resume.next.title == "Planet luar"


def test_link_to_another_section_leads_to_its_page(as_learner):
    module = a_module(READABLE.replace("Mars.", "Mars. Lihat [luar](#planet-luar)."))
    assert (
        f'href="{section_url(module, "planet-luar")}"' in as_learner.get(section_url(module)).content.decode()
    )


# ---------------------------------------------------------------------------------------------- quiz


def test_closed_quiz_lists_the_unread_sections(as_learner):
    module = a_module(PLANETS)
    url = reverse("quiz", args=[module.slug])
    assert [stop.title for stop in as_learner.get(url).context["page"].unread] == [
        "Planet dalam",
        "Planet luar",
    ]
    assert as_learner.post(url, follow=True).redirect_chain[-1][0] == url
    assert not Attempt.objects.exists()


@pytest.fixture
def attempt(learner):
    module = a_module(PLANETS)
    read_all(learner, module)
    return attempts.start(learner, module.quiz, now=NOON)


def test_saved_answer_is_acknowledged_with_its_time(as_learner, attempt):
    response = attempt.responses.get(slot=1)
    answer = as_learner.post(
        reverse("attempt_question", args=[attempt.pk, 1]),
        {"answer": keys(response, "Jupiter"), "sequence": "1"},
        headers={"accept": "application/json"},
    )
    response.refresh_from_db()
    assert answer.json()["accepted"] is True
    assert answer.json()["is_answered"] is True
    assert re.fullmatch(r"\d\d\.\d\d\.\d\d WIB", answer.json()["saved_at"])
    assert response.answer == keys(response, "Jupiter")


@pytest.mark.parametrize(
    ("go", "leads_to"), [("next", "questions/3/"), ("previous", "questions/1/"), ("4", "questions/4/"),
                         ("finish", "submission/"), ("nonsense", "submission/"), ("99", "submission/")]
)  # fmt: skip
def test_button_without_javascript_saves_and_continues(as_learner, attempt, go, leads_to):
    response = attempt.responses.get(slot=2)
    url = reverse("attempt_question", args=[attempt.pk, 2])
    answer = as_learner.post(url, {"answer": keys(response, "Saturnus", "Uranus"), "go": go})
    response.refresh_from_db()
    assert len(response.answer) == 2
    assert answer.url == f"/attempts/{attempt.pk}/{leads_to}"


def test_attempt_leads_to_its_first_unanswered_question(as_learner, attempt):
    give(attempt, 1, "Mars")
    assert as_learner.get(attempt.get_absolute_url()).url.endswith("/questions/2/")


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize(
    ("minutes", "has_clock", "sentence"),
    [(60, True, "until 13:00"), (3 * 1440, False, "until 27 Nov 2026, 12:00")],
)
def test_clock_runs_only_on_the_last_day(as_learner, learner, settings, minutes, has_clock, sentence):
    settings.TIME_ZONE = "UTC"
    as_learner.cookies["language"] = "en"
    attempt = attempts.start(learner, a_quiz(MARKED, front_matter=f"time_limit: {minutes}\n"), now=NOON)
    for name in ("questions/1/", "submission/"):
        text = as_learner.get(f"/attempts/{attempt.pk}/{name}").content.decode()
        assert sentence in text
        assert ("data-clock" in text) == has_clock


def test_time_limit_may_be_a_fraction_of_minutes(as_learner, learner):
    as_learner.cookies["language"] = "en"
    quiz = a_quiz(MARKED, front_matter="time_limit: 10\n")
    Override.objects.create(quiz=quiz, learner=learner, time_factor=Fraction(5, 4))
    text = as_learner.get(quiz.get_absolute_url()).content.decode()
    assert "<dt>minutes</dt><dd>12.5</dd>" in squeezed(text)
    with override("en"):
        assert values_in_words.duration(Fraction(25, 2)) == "12 minutes 30 seconds"


MARKED = """
    ### Apa? {points=2}

    KATA-PROMPT

    - [x] benar
      > RAHASIA-UMPAN-BALIK
    - [ ] salah
      > RAHASIA-SALAH

    > RAHASIA-PENJELASAN

    ### Tulis?

    - [=] RAHASIA-KUNCI

    ### Berapa?

    - [=] 7351 ± 5
    """


def test_no_page_reveals_a_key_before_submission(as_learner, learner):
    quiz = a_quiz(MARKED)
    attempt = attempts.start(learner, quiz, now=NOON)
    url = f"/attempts/{attempt.pk}/"
    pages = [as_learner.get("/"), as_learner.get(quiz.module.get_absolute_url()), as_learner.get(f"/quizzes/{quiz.module.slug}/"),
             as_learner.get(f"/modules/{quiz.module.slug}/bacaan/"),
             *(as_learner.get(f"{url}questions/{n}/") for n in (1, 2, 3)),
             as_learner.get(f"{url}submission/"), as_learner.get(f"{url}result/", follow=True),
             as_learner.post(f"{url}questions/1/", {"answer": "x", "sequence": "1"}, headers={"accept": "application/json"})]  # fmt: skip
    text = "".join(page.content.decode() for page in pages)
    assert "KATA-PROMPT" in text
    assert "RAHASIA" not in text
    assert "7351" not in text


def test_result_explains_each_question(as_learner, learner):
    quiz = a_quiz(MARKED)
    attempt = take(learner, quiz, ["benar", "rahasia-kunci", "7350"])
    text = as_learner.get(reverse("result", args=[attempt.pk])).content.decode()
    assert all(word in text for word in ("RAHASIA-UMPAN-BALIK", "RAHASIA-PENJELASAN"))


def test_right_answers_are_hidden_until_passed(as_learner, learner):
    quiz = a_quiz(MARKED)
    failed = take(learner, quiz, ["salah", "x", "1"])
    text = as_learner.get(reverse("result", args=[failed.pk])).content.decode()
    assert "RAHASIA-SALAH" in text
    assert all(word not in text for word in ("RAHASIA-UMPAN-BALIK", "RAHASIA-KUNCI", "7351"))

    take(learner, quiz, ["benar", "RAHASIA-KUNCI", "7351"])
    text = as_learner.get(reverse("result", args=[failed.pk])).content.decode()
    assert all(word in text for word in ("RAHASIA-UMPAN-BALIK", "RAHASIA-KUNCI", "7351"))


def test_missed_question_leads_to_the_explaining_section(as_learner, learner):
    module = a_module(PLANETS)
    read_all(learner, module)
    attempt = take(learner, module.quiz, ["Mars", [], "Mars", "8"])
    result = reverse("result", args=[attempt.pk])
    reviews = as_learner.get(result).context["page"].reviews
    assert [review.state for review in reviews] == ["wrong", "unanswered", "right", "right"]
    assert (reviews[0].explanation, [stop.title for stop in reviews[0].links]) == ("", ["Planet luar"])

    take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"])
    review = as_learner.get(result).context["page"].reviews[0]
    assert f'href="{module.get_absolute_url()}planet-luar/"' in review.explanation
    assert review.links == []  # the explanation says it


# ---------------------------------------------------------------------------------------------- cost


def queries(client, url: str) -> int:
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def test_section_page_costs_the_same_at_any_size(as_learner, learner):
    small = a_module("# Kecil\n\n## Satu\n\nTeks.\n")
    large = a_module(PLANETS + "".join(f"\n## Bagian {n}\n\nTeks.\n" for n in range(200)))
    crowd = User.objects.bulk_create(User(email=f"{n}@example.org", password="!") for n in range(1_000))
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(learner=learner, module=large, begun_at=NOON, last_seen_at=NOON) for learner in crowd
    )
    section = large.sections.get(identity="planet-dalam")
    Reading.objects.bulk_create(
        Reading(enrolment=enrolment, section=section, revision=large.current, read_at=NOON)
        for enrolment in enrolments
    )
    costs = [queries(as_learner, section_url(small, "satu")), queries(as_learner, section_url(large))]
    assert costs[0] == costs[1] <= 6


def test_catalogue_costs_the_same_at_any_size(as_learner):
    for number in range(3):
        a_module(READABLE.replace("# Tata surya", f"# Bumi {number}"))
    few = queries(as_learner, "/")
    for number in range(20):
        a_module(READABLE.replace("# Tata surya", f"# Tata surya {number}"))
    assert queries(as_learner, "/") == few


def test_card_and_page_show_the_same_minutes(as_learner):
    module = a_module(
        "# M\n\n## A\n\n" + "kata " * 201 + "\n\n## B\n\nkata\n\n## C\n\n" + "kata " * 200 + "\n"
    )
    card = as_learner.get("/").context["page"].cards[0]
    assert card.minutes == as_learner.get(module.get_absolute_url()).context["outline"].minutes == 4


def test_choice_has_links_only_in_the_result(as_learner, learner):
    quiz = a_quiz(
        '### Mana?\n\n- [x] Lihat [Bacaan](#bacaan "a > b") dulu\n- [ ] https://contoh.example/salah\n'
    )
    attempt = attempts.start(learner, quiz, now=timezone.now())
    page = as_learner.get(f"/attempts/{attempt.pk}/questions/1/").content.decode()
    assert "Lihat Bacaan dulu" in page
    assert "contoh.example/salah</a>" not in page

    attempts.submit(attempt, now=timezone.now())
    assert "contoh.example/salah</a>" in as_learner.get(f"/attempts/{attempt.pk}/result/").content.decode()


def test_module_without_sections_says_nothing_of_sections(client):
    a_module("# Kuis saja\n\n## Kuis akhir\n\n### Apa?\n\n- [x] a\n- [ ] b\n")
    page = client.get("/modules/kuis-saja/").content.decode()

    assert "Anda lulus kuis akhir dengan nilai 70 atau lebih." in page
    assert not re.search(r"0 (?:bagian|menit)|semua bagian sudah dibaca", page)
