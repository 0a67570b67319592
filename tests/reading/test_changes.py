"""What learners see when a section changed under them: old addresses lead on, and a change is told and shown."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from modules.authoring import apply, planning, uploads
from modules.authoring.plan import Decisions
from modules.document.compare import word_diff
from modules.models import Attempt, Enrolment, FormerText, Module, Quiz, Reading, Section
from modules.quizzes import attempts
from modules.quizzes.learner_rules import Refused
from modules.reading import outlines, progress
from tests.cast import NOON, PLANETS, READABLE, a_module, at, give, keys, read_all
from tests.quizzes.test_races import all_at_once

pytestmark = pytest.mark.django_db

INNER = "Merkurius, Venus, Bumi, Mars."
CHANGED = READABLE.replace(INNER, "Merkurius, Venus, Bumi, Mars, dan banyak asteroid kecil.")
RENAMED = READABLE.replace("## Planet dalam", "## Planet kebumian")
WITHOUT = "# Tata surya\n\nDelapan planet.\n\n" + READABLE[READABLE.index("## Planet luar") :]


@pytest.fixture
def module():
    return a_module(READABLE)


def load(text: str, *, tell: str = "tell", now=NOON) -> Module:
    """Load a text into the module, and tell the readers of each changed section."""
    module = Module.objects.get()
    document = uploads.parse_with_images(text, module=module)
    said = {section.identity: tell for section in document.sections}
    apply.apply_plan(planning.plan_document(module, document, Decisions(tell=said)), by=None, now=now)
    return Module.objects.get()


def url(identity: str = "planet-dalam", tail: str = "") -> str:
    return f"/modules/{Module.objects.get().slug}/{identity}/{tail}"


def section(identity: str = "planet-dalam") -> Section:
    return Section.objects.select_related("module").get(identity=identity)


def read(learner, identity: str = "planet-dalam", *, now=NOON, revision: int | None = None) -> Reading:
    return progress.record_reading(learner, section(identity), now=now, revision=revision)


def messages_of(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


# ------------------------------------------------------------------------------ old addresses lead on


def test_old_address_leads_to_the_renamed_section(as_learner, learner, module):
    read(learner)
    load(RENAMED)

    assert as_learner.get(url()).url == url("planet-kebumian")
    assert as_learner.get(url(tail="changes/")).url == url("planet-kebumian")


def test_reading_from_page_before_renaming_counts(as_learner, learner, module):
    Enrolment.objects.create(learner=learner, module=module, begun_at=NOON)
    read(learner, "planet-luar")
    shown = as_learner.get(url()).context["module"].current_id
    load(RENAMED)

    answer = as_learner.post(url(tail="reading/"), {"revision": shown})

    assert answer.url == url("planet-luar")
    assert Reading.objects.get(section=section("planet-kebumian")).revision_id == shown


def test_old_address_leads_to_its_last_section(as_learner, module):
    load(CHANGED)
    FormerText.objects.update(identity="planet")
    FormerText.objects.create(
        section=section("planet-luar"), identity="planet", title="P", source="", until=module.current
    )

    assert as_learner.get(url("planet")).url == url("planet-dalam")


def test_active_section_keeps_its_address(as_learner, module):
    FormerText.objects.create(
        section=section("planet-luar"), identity="planet-dalam", title="P", source="", until=module.current
    )

    assert as_learner.get(url()).context["section"] == section("planet-dalam")


def test_reading_from_old_page_counts_for_the_section_shown(as_learner, learner, module):
    shown = module.current_id
    later = load(CHANGED).current
    FormerText.objects.create(
        section=section("planet-luar"), identity="planet-dalam", title="P", source="", until=later
    )
    FormerText.objects.filter(section=section("planet-dalam")).delete()

    as_learner.post(url(tail="reading/"), {"revision": shown})

    assert [reading.section for reading in Reading.objects.all()] == [section("planet-luar")]


def test_archived_section_leads_to_its_module(as_learner, learner, module):
    read(learner)
    load(WITHOUT)

    answer = as_learner.get(url(), follow=True)

    assert answer.redirect_chain == [(module.get_absolute_url(), 302)]
    assert messages_of(answer) == ["“Planet dalam” is no longer part of this module."]


SAME_LEVEL = INNER + "\n\n## Planet luar\n\n"
MERGED = READABLE.replace(SAME_LEVEL, INNER + "\n\n### Planet luar\n\n")


def test_merged_section_leads_to_the_section_that_has_its_text(as_learner, learner, module):
    read(learner, "planet-luar")
    load(MERGED)

    answer = as_learner.get(url("planet-luar"), follow=True)

    assert answer.redirect_chain == [(url(), 302)]
    assert messages_of(answer) == ["“Planet luar” is now part of “Planet dalam”."]
    assert as_learner.get(url("planet-luar", "changes/")).url == url()


@pytest.mark.parametrize(
    "text",
    [
        MERGED.replace("Saturnus", "Saturnus bercincin"),  # not all of it is there
        MERGED + "## Lagi\n\nJupiter, Saturnus, Uranus, Neptunus.\n",  # it is in two
    ],
)
def test_partly_merged_section_leads_to_its_module(as_learner, learner, module, text):
    read(learner, "planet-luar")
    load(text)

    answer = as_learner.get(url("planet-luar"), follow=True)

    assert answer.redirect_chain == [(module.get_absolute_url(), 302)]
    assert messages_of(answer) == ["“Planet luar” is no longer part of this module."]


def test_reading_of_archived_section_is_kept(as_learner, learner, other_learner, module):
    read(other_learner)
    shown = module.current_id
    load(WITHOUT)

    answer = as_learner.post(url(tail="reading/"), {"revision": shown}, follow=True)

    assert answer.redirect_chain == [(url("planet-luar"), 302)]
    assert messages_of(answer) == ["“Planet dalam” is no longer part of this module."]
    load(READABLE)
    assert [stop.is_read for stop in outlines.outline(module, learner).stops] == [True, False]


def test_reading_of_deleted_section_leads_to_the_module(as_learner, module):
    load(WITHOUT)

    answer = as_learner.post(url(tail="reading/"), {"revision": module.current_id}, follow=True)

    assert answer.redirect_chain == [(module.get_absolute_url(), 302)]
    assert messages_of(answer) == ["That section is no longer part of this module."]
    assert not Enrolment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_reading_of_section_deleted_meanwhile_raises_does_not_exist(learner, module):
    section = Section.objects.select_related("module").get(title="Planet dalam")
    load(WITHOUT)
    with pytest.raises(Section.DoesNotExist):
        progress.record_reading(learner, section, now=NOON)
    assert not Reading.objects.exists()


def test_address_of_no_section_is_not_found(as_learner, module):
    assert as_learner.get(url("pluto")).status_code == 404
    assert as_learner.get(url("pluto", "changes/")).status_code == 404


def test_quiz_address_under_the_module_leads_to_the_quiz(as_learner):
    module = a_module(PLANETS)

    assert as_learner.get(url("kuis-akhir")).url == module.quiz.get_absolute_url()


# -------------------------------------------------------------------------------------- told of a change


def test_changed_section_says_so_to_its_reader(as_learner, learner, module):
    read(learner)
    load(CHANGED)

    page = as_learner.get(url())

    assert [stop.is_changed for stop in page.context["outline"].stops] == [True, False]
    text = page.content.decode()
    assert "This section has changed since you read it on 24 Nov 2026." in text
    assert f'href="{url(tail="changes/")}"' in text
    assert text.count('<span class="changed">has changed</span>') == 1
    assert (
        '<span class="changed">has changed</span>'
        in as_learner.get(module.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize("who", ["who never read it", "who read it later", "when nobody is to be told"])
def test_other_learners_are_told_nothing(as_learner, learner, module, who):
    if who == "when nobody is to be told":
        read(learner)
    load(CHANGED, tell="nothing" if who == "when nobody is to be told" else "tell")
    if who == "who read it later":
        read(learner)

    page = as_learner.get(url())

    assert page.context["read_before"] is None
    assert [stop.is_changed for stop in page.context["outline"].stops] == [False, False]
    assert "has changed" not in page.content.decode()


def test_learner_who_read_the_change_is_told_no_more(as_learner, learner, module):
    first = read(learner)
    now = load(CHANGED)

    answer = as_learner.post(url(tail="reading/"), {"revision": now.current_id, "go": "back"})

    assert answer.url == url()
    first.refresh_from_db()
    assert first.lapsed_at is not None
    assert Reading.objects.counting().get().revision == now.current
    assert as_learner.get(url()).context["read_before"] is None


@pytest.mark.django_db(transaction=True)
def test_simultaneous_readings_of_a_change_are_one(learner, module):
    read(learner)
    load(CHANGED)
    changed = section()

    all_at_once(lambda _number: progress.record_reading(learner, changed, now=NOON))

    assert (Reading.objects.counting().count(), Reading.objects.count()) == (1, 2)


def test_reading_from_old_page_keeps_the_newer_reading(as_learner, learner, module):
    shown = module.current_id
    now = load(CHANGED)
    read(learner)

    as_learner.post(url(tail="reading/"), {"revision": shown})

    assert Reading.objects.get().revision == now.current


def test_second_reading_of_same_text_changes_nothing(learner, module):
    first = read(learner)
    load(CHANGED, tell="nothing")

    assert read(learner, now=at(5)) == first
    assert Reading.objects.count() == 1


def test_reader_of_an_outdated_text_is_told_at_once(as_learner, learner, module):
    load(CHANGED)
    read(learner, revision=module.current_id)

    assert as_learner.get(url()).context["stop"].is_changed


def test_learner_who_must_read_again_learns_why(as_learner, learner, module):
    read(learner)
    load(CHANGED, tell="again")

    page = as_learner.get(url())

    assert not page.context["is_read"]
    text = page.content.decode()
    assert "asks you to read this section again: it has changed since you read it on 24 Nov 2026" in text
    assert f'href="{url(tail="changes/")}"' in text
    as_learner.post(url(tail="reading/"), {"revision": Module.objects.get().current_id})
    assert as_learner.get(url()).context["read_before"] is None
    assert Reading.objects.count() == 2


def test_lapsed_section_is_marked_on_every_page(as_learner, learner):
    module = a_module(PLANETS)
    read_all(learner, module)
    load(PLANETS.replace(INNER, "Merkurius, Venus, Bumi, Mars, dan Ceres."), tell="again")
    progress.record_reading(learner, section("planet-luar"), now=NOON)

    stops = outlines.outline(module, learner).stops
    assert [(stop.is_read, stop.has_lapsed) for stop in stops] == [(False, True), (True, False)]
    again = '<span class="changed">to be read again</span>'
    pages = [module.get_absolute_url(), url(), url("planet-luar"), module.quiz.get_absolute_url()]
    assert [as_learner.get(page).content.decode().count(again) for page in pages] == [1, 1, 1, 2]
    said = as_learner.get(module.get_absolute_url()).content.decode()
    assert "1 of 2 sections read · 1 to be read again" in said

    progress.record_reading(learner, section(), now=NOON)
    assert not outlines.outline(module, learner).lapsed()


def test_lapsed_reading_concerns_its_reader_only(learner, other_learner, module):
    read(learner)
    load(CHANGED, tell="again")

    assert not outlines.outline(module, other_learner).lapsed()


# --------------------------------------------------------------------------------- the change on request


def test_change_is_shown_against_the_text_read(as_learner, learner, module):
    read(learner)
    load(CHANGED)

    text = as_learner.get(url(tail="changes/")).content.decode()

    assert re.findall(r"<(?:del|ins)>[^<]*</", text) == ["<ins>, dan banyak asteroid kecil</"]
    assert "I have read it" in text


def test_learner_sees_the_change_since_their_reading(as_learner, signed_in, learner, other_learner, module):
    read(learner)
    load(CHANGED)
    read(other_learner)
    load(CHANGED.replace("Venus", "Venus yang panas"))

    mine, others = (
        re.findall(r"<ins>([^<]*)</ins>", browser.get(url(tail="changes/")).content.decode())
        for browser in (as_learner, signed_in(other_learner))
    )

    assert mine == ["yang panas", ", dan banyak asteroid kecil"]
    assert others == ["yang panas"]


def test_formulas_in_a_change_are_shown_as_formulas(as_learner, learner, module):
    load(READABLE.replace(INNER, "Jarak $d = \\frac{1}{2}$ dan `<b>AU</b>`.\n\n$$\nE = m\n$$"))
    read(learner)
    load(READABLE.replace(INNER, "Jarak $d = \\frac{1}{3}$ dan `<b>AU</b>`.\n\n$$\nE = m\n$$"))

    text = as_learner.get(url(tail="changes/")).content.decode()

    assert re.findall(r"<(?:del|ins)><math>.*?<mn>(\d)</mn></mfrac>", text) == ["2", "3"]
    assert "\\frac" not in text
    assert "&lt;b&gt;AU&lt;/b&gt;" in text
    assert '<math display="block">' in text


OUTER = "Jupiter dan Saturnus adalah raksasa gas.\n\n| A | B |\n| --- | --- |\n| Uranus | Neptunus |\n\nUranus dan Neptunus adalah raksasa es yang dingin."
WHOLE = f"# Tata surya\n\n## Planet\n\n{INNER}\n\n{OUTER}\n\n## Bulan\n\nSatu.\n"
SPLIT = WHOLE.replace(OUTER, f"## Planet raksasa\n\n{OUTER}")


def moved(answer) -> list[tuple[str, str, bool, list[str]]]:
    """What the page says to have moved: where to or from, the address, whether it came, and its passages."""
    return [
        (
            row.place.title,
            row.place.url,
            row.came,
            ["".join(run.text for run in one.before or one.after) for one in row.rows],
        )
        for row in answer.context["rows"]
        if isinstance(row, word_diff.Moved)
    ]


PASSAGES = [
    "Jupiter dan Saturnus adalah raksasa gas.",
    "A | B",
    "Uranus | Neptunus",
    "Uranus dan Neptunus adalah raksasa es yang dingin.",
]


def test_passage_moved_to_another_section_is_not_left_out(as_learner, learner):
    module = a_module(WHOLE)
    read(learner, "planet")
    load(SPLIT)

    answer = as_learner.get(url("planet", "changes/"))

    assert moved(answer) == [("Planet raksasa", url("planet-raksasa"), False, PASSAGES)]
    text = answer.content.decode()
    assert "4 passages now stand in another section:" in text
    assert f'<a href="{module.get_absolute_url()}planet-raksasa/">Planet raksasa</a>' in text
    assert "Left out" not in text


def test_passage_read_in_another_section_is_not_added(as_learner, other_learner, signed_in, learner):
    a_module(SPLIT)
    for identity in ("planet", "planet-raksasa"):
        read(learner, identity)
    read(other_learner, "planet")
    load(WHOLE)

    answer = as_learner.get(url("planet", "changes/"))

    assert moved(answer) == [("Planet raksasa", "", True, PASSAGES)]
    assert "4 passages that you have read in another section:" in answer.content.decode()
    assert "Added" not in answer.content.decode()
    others = signed_in(other_learner).get(url("planet", "changes/"))
    assert moved(others) == []  # who has not read it sees it added


def test_short_passage_found_elsewhere_has_not_moved(as_learner, learner):
    text = WHOLE.replace("## Bulan\n", "## Bulan\n\n| A | B |\n| --- | --- |\n| Luna | Io |\n")
    a_module(text)
    read(learner, "planet")
    load(text.replace(f"\n\n{OUTER}", ""))

    assert moved(as_learner.get(url("planet", "changes/"))) == []


def test_plan_tells_nobody_of_a_section_split_in_two(learner):
    module = a_module(WHOLE)
    read_all(learner, module)

    def tells(text: str) -> dict[str, str]:
        planned = planning.plan_document(module, uploads.parse_with_images(text, module=module))
        return {one.title: one.tell for one in planned.changes if "changed" in one.states}

    assert tells(SPLIT) == {"Planet": "nothing"}
    assert tells(SPLIT.replace("raksasa es yang dingin", "raksasa yang biru")) == {"Planet": "tell"}
    assert tells(SPLIT.replace("Bumi, Mars", "Bumi, Mars, Ceres")) == {"Planet": "tell"}


def test_new_title_is_shown_as_a_change(as_learner, learner, module):
    read(learner)
    load(RENAMED)

    text = as_learner.get(url("planet-kebumian", "changes/")).content.decode()

    assert re.findall(r"<(?:del|ins)>[^<]*", text) == ["<del>dalam", "<ins>kebumian"]


def test_unchanged_passages_of_long_texts_are_folded(as_learner, learner, module):
    long = READABLE.replace(INNER, "\n\n".join(f"Kalimat {number}." for number in range(20)))
    load(long)
    read(learner)
    load(long.replace("Kalimat 19", "Kalimat terakhir, 19"))

    assert "19 passages stayed the same" in as_learner.get(url(tail="changes/")).content.decode()


def test_unchanged_section_says_that_nothing_changed(as_learner, learner, module):
    read(learner)

    text = as_learner.get(url(tail="changes/")).content.decode()

    assert "Nothing has changed since you read it." in text
    assert "I have read it" not in text


def test_change_of_formatting_says_that_words_are_the_same(as_learner, learner, module):
    read(learner)
    load(READABLE.replace("Venus", "**Venus**"))

    assert "The words are the same" in as_learner.get(url(tail="changes/")).content.decode()


def test_change_of_unread_section_is_not_found(as_learner, other_learner, module):
    read(other_learner)
    load(CHANGED)

    assert as_learner.get(url(tail="changes/")).status_code == 404


def test_change_needs_a_sign_in(client, module):
    assert client.get(url(tail="changes/")).url.endswith(f"?next={url(tail='changes/')}")


# --------------------------------------------------------------------------------------------- the quiz

LONGER = PLANETS.replace("## Kuis akhir", "## Pluto\n\nBukan planet lagi.\n\n## Kuis akhir")
QUIZLESS = PLANETS[: PLANETS.index("## Kuis akhir")]


@pytest.fixture
def open_attempt(learner):
    module = a_module(PLANETS)
    read_all(learner, module)
    return attempts.start(learner, module.quiz, now=NOON)


def test_open_attempt_continues_after_sections_were_added(as_learner, learner, open_attempt):
    load(LONGER)
    quiz_url = open_attempt.quiz.get_absolute_url()

    page = as_learner.get(quiz_url)

    assert page.context["unread"] == []
    assert open_attempt.get_absolute_url() in page.content.decode()
    assert as_learner.post(quiz_url).url == open_attempt.get_absolute_url()


def test_new_attempt_waits_for_added_sections(learner, open_attempt):
    attempts.submit(open_attempt, now=NOON)
    load(LONGER)

    with pytest.raises(Refused, match="unread"):
        attempts.start(learner, Quiz.objects.get(), now=NOON)


def test_open_attempt_at_archived_quiz_reaches_its_result(as_learner, open_attempt):
    load(QUIZLESS)
    response = open_attempt.responses.get(slot=1)
    own = open_attempt.get_absolute_url()

    assert as_learner.get(own).url == f"{own}questions/1/"
    assert as_learner.get(f"{own}questions/1/").status_code == 200
    answer = as_learner.post(f"{own}questions/1/", {"answer": keys(response, "Jupiter"), "go": "finish"})
    assert as_learner.get(answer.url).status_code == 200
    result = as_learner.post(answer.url, follow=True)

    assert result.status_code == 200
    assert Attempt.objects.get().mark == 1
    assert open_attempt.quiz.get_absolute_url() not in result.content.decode()
    assert as_learner.get(open_attempt.quiz.get_absolute_url()).status_code == 404


def test_missed_question_links_to_the_renamed_section(as_learner, learner, open_attempt):
    give(open_attempt, 1, "Mars")
    attempts.submit(open_attempt, now=NOON)
    load(PLANETS.replace("## Planet luar", "## Raksasa gas").replace("#planet-luar", "#raksasa-gas"))

    reviews = as_learner.get(reverse("result", args=[open_attempt.pk])).context["reviews"]

    assert [stop.identity for stop in reviews[0].links] == ["raksasa-gas"]


def test_missed_question_links_to_no_archived_section(as_learner, learner, open_attempt):
    give(open_attempt, 1, "Mars")
    attempts.submit(open_attempt, now=NOON)
    load(
        PLANETS.replace("## Planet luar\n\nJupiter, Saturnus, Uranus, Neptunus.\n\n", "").replace(
            "(#planet-luar)", "()"
        )
    )

    reviews = as_learner.get(reverse("result", args=[open_attempt.pk])).context["reviews"]

    assert reviews[0].links == []


# ----------------------------------------------------------------------------------------------- cost


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_changed_section_costs_one_more_query(as_learner, learner, module):
    read(learner)
    before = queries(as_learner, url())
    load(CHANGED)

    assert (before, queries(as_learner, url())) == (5, 6)
    load(CHANGED.replace("asteroid", "komet"), tell="again")
    assert queries(as_learner, url()) == 6
    assert queries(as_learner, url("planet-luar")) == 5


def test_renamed_sections_cost_a_result_one_query(as_learner, learner, open_attempt):
    attempts.submit(open_attempt, now=NOON)
    address = reverse("result", args=[open_attempt.pk])
    before = queries(as_learner, address)
    load(PLANETS.replace("## Planet luar", "## Raksasa gas").replace("#planet-luar", "#raksasa-gas"))

    assert queries(as_learner, address) == before + 1


# ------------------------------------------------------------------------------- a change that is taken back


def test_reverted_change_is_told_to_its_readers_only(as_learner, signed_in, learner, other_learner, module):
    read(learner)
    load(CHANGED)
    read(other_learner)

    document = uploads.parse_with_images(READABLE, module=module)
    planned = planning.plan_document(Module.objects.get(), document)
    apply.apply_plan(planned, by=None, now=NOON)

    change = next(one for one in planned.changes if one.identity == "planet-dalam")
    assert (change.people, change.knowing, change.told, change.tell) == (2, 1, 1, "tell")
    page = as_learner.get(url())
    assert (page.context["stop"].is_changed, page.context["read_before"]) == (False, None)
    changes = as_learner.get(url(tail="changes/"))
    assert "Nothing has changed since you read it." in changes.content.decode()
    assert not changes.context["is_behind"]
    assert signed_in(other_learner).get(url()).context["stop"].is_changed


def test_reverted_change_that_nobody_read_is_not_told(learner, module):
    read(learner)
    load(CHANGED)
    planned = planning.plan_document(Module.objects.get(), uploads.parse_with_images(READABLE, module=module))
    assert next(one.tell for one in planned.changes if one.identity == "planet-dalam") == "nothing"


def test_lapsed_reading_counts_again_for_a_reverted_text(as_learner, learner, other_learner, module):
    read(learner)
    load(CHANGED, tell="again")
    read(other_learner)

    planned = planning.plan_document(Module.objects.get(), uploads.parse_with_images(READABLE, module=module))
    apply.apply_plan(planned, by=None, now=NOON)

    change = next(one for one in planned.changes if one.identity == "planet-dalam")
    assert (change.people, change.knowing, change.returning) == (1, 0, 1)
    assert Reading.objects.counting().get(enrolment__learner=learner).revision == module.current
    assert as_learner.get(url()).context["read_before"] is None


def test_learner_asked_again_must_read_the_reverted_text(learner, module):
    read(learner)
    load(CHANGED, tell="again")
    load(READABLE, tell="again")

    assert not Reading.objects.counting().exists()


def test_outline_that_compares_texts_takes_one_query(learner, module, django_assert_num_queries):
    read(learner)
    load(CHANGED)
    load(READABLE)
    with django_assert_num_queries(1):
        assert not outlines.outline(module, learner).stop("planet-dalam").is_changed


def test_change_of_code_keeps_its_spaces(as_learner, learner, module):
    code = "```python\nfor bumi in tata_surya:\n    panas()\n    dingin()\n```\n"
    load(READABLE.replace(INNER, code))
    read(learner)
    load(READABLE.replace(INNER, code.replace("    dingin", "dingin")))

    text = as_learner.get(url(tail="changes/")).content.decode()

    assert re.findall(r'<p class="words code">(.*?)</p>', text) == ["<del>    </del>dingin()", "dingin()"]
    assert '<p class="words stayed code">    panas()</p>' in text
