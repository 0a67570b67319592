"""Tests the plan page, where instructors see and decide the effects of a draft before it is loaded."""

import re
from textwrap import dedent

import pytest
from django.utils import timezone, translation

from modules.admin import ambiguities, effects, plan_cards
from modules.authoring import apply, plan_in_words, planning, uploads
from modules.authoring.plan import Decisions
from modules.forms.decisions import decisions_from
from modules.models import Draft, Enrolment, Image, Module, Reading, Regrade, unread_sections
from modules.quizzes import attempts
from modules.reading import progress
from tests.cast import PLANETS, READABLE, a_module, a_quiz, at, give, read_all, squeezed, take

pytestmark = pytest.mark.django_db

CHANGED = PLANETS.replace(
    "Merkurius, Venus, Bumi, Mars.", "Empat planet batu mengelilingi matahari paling dekat."
)
QUESTION = "### Planet terbesar?\n\n- [x] Mars\n- [ ] Jupiter\n- [ ] Bumi\n"


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def create_draft_plan(module: Module | None, text: str, author) -> str:
    """Creates a draft with this text and returns the address of its plan."""
    draft = Draft.objects.create(
        author=author, module=module, base_revision=module.current if module else None, text=dedent(text)
    )
    return f"/admin/modules/draft/{draft.pk}/plan/"


def press(browser, page: str, action: str = "load", **decisions: str):
    """Opens a plan page and presses one of its buttons, with these decisions."""
    shown = browser.get(page).context
    return browser.post(page, plan_form_data(shown, action) | decisions)


def plan_form_data(shown, action: str = "load") -> dict[str, str]:
    """Returns the hidden fields that a plan page sends with each of its buttons."""
    base_revision = shown["page"].plan.base_revision or ""
    return {
        "base_revision": base_revision,
        "promised": shown["page"].promised,
        "seal": shown["page"].fingerprint,
        "action": action,
        **({"replaces": "yes"} if shown["page"].goes else {}),
    }


def states_by_title(response) -> dict[str, tuple[str, ...]]:
    return {
        card.change.title: card.change.states
        for card in response.context["page"].cards
        if hasattr(card, "change")
    }


def asked(response) -> list[ambiguities.Asked]:
    return [one for group in response.context["page"].groups for one in group.asked]


def only_card(response) -> plan_cards.Card:
    (card,) = [card for card in response.context["page"].cards if hasattr(card, "change")]
    return card


def page_html(response) -> str:
    return squeezed(response.content.decode())


# ------------------------------------------------------------------------------------------------- contents


def test_changes_are_shown_in_order_and_unchanged_parts_folded(browser, instructor, learner):
    module = a_module()
    read_all(learner, module)
    text = CHANGED.replace("## Planet luar\n", "## Planet gas\n").replace(
        "### Planet keempat?", "### Nama planet?"
    )
    shown = browser.get(create_draft_plan(module, text, instructor))
    assert states_by_title(shown) == {
        "Planet dalam": ("changed",),
        "Planet gas": ("renamed",),
        "Nama planet?": ("renamed",),
    }
    assert [card.titles for card in shown.context["page"].cards if hasattr(card, "titles")] == [
        ("Planet terbesar?", "Planet luar yang mana?"),
        ("Jumlah planet?",),
    ]


def test_split_and_merge_link_to_the_other_part(browser, instructor, learner):
    second_half = (
        "Jupiter dan Saturnus adalah raksasa gas; Uranus dan Neptunus adalah raksasa es yang dingin dan jauh."
    )
    whole_text = (
        f"# Planet\n\n## Semua\n\nMerkurius, Venus, Bumi, dan Mars ada di dekat Matahari.\n\n{second_half}\n"
    )
    split_text = whole_text.replace(second_half, f"## Raksasa\n\n{second_half}")
    module = a_module(whole_text)
    read_all(learner, module)
    browser.cookies["language"] = "en"
    page = create_draft_plan(module, split_text, instructor)
    assert [(state.text, state.number) for state in state_chips(browser.get(page))] == [
        ("changed", None),
        ("a part of it becomes “Raksasa”", 2),
        ("split off from “Semua”", 1),
    ]
    assert '<a href="#part-2">a part of it becomes “Raksasa”</a>' in page_html(browser.get(page))
    assert browser.get(f"{page}1/").status_code == 200
    press(browser, page)
    merge_url = create_draft_plan(Module.objects.get(), whole_text, instructor)
    assert [(state.text, state.number) for state in state_chips(browser.get(merge_url))] == [
        ("changed", None),
        ("takes in “Raksasa”", 2),
        ("archived", None),
        ("its text goes into “Semua”", 1),
    ]


def state_chips(response) -> list[plan_cards.State]:
    return [
        state for card in response.context["page"].cards if hasattr(card, "change") for state in card.states
    ]


def test_viewing_plan_writes_nothing(browser, instructor, learner):
    module = a_module()
    read_all(learner, module)
    page = create_draft_plan(module, CHANGED, instructor)
    browser.get(page)
    browser.post(page, {"action": "count", "tell:planet-dalam": "again"})
    assert Module.objects.get().text() == PLANETS
    assert Reading.objects.counting().count() == 2


def test_removed_section_is_archived_when_read(browser, instructor, learner):
    module = a_module()
    text = PLANETS.partition("## Planet luar")[0] + "## Kuis akhir" + PLANETS.partition("## Kuis akhir")[2]
    page = create_draft_plan(module, text, instructor)
    assert plan_in_words.counted({"deleted": 1}) in browser.get(page).context["page"].summary
    read_all(learner, module)
    assert plan_in_words.counted({"archived": 1}) in browser.get(page).context["page"].summary


def test_merged_section_is_counted_once(browser, instructor, learner):
    text = PLANETS.replace("- [ ] Mars\n", "- [x] Mars\n").replace("- [x] Jupiter", "- [ ] Jupiter")
    long_text = "Jupiter paling besar; Saturnus bercincin; Uranus dan Neptunus dingin, jauh, kaya es, dan biru warnanya."
    module = a_module(PLANETS.replace("Jupiter, Saturnus, Uranus, Neptunus.", long_text))
    read_all(learner, module)
    text = text.replace(
        "\n## Planet luar\n\nJupiter, Saturnus, Uranus, Neptunus.\n", f"\n{long_text}\n"
    ).replace("(#planet-luar)", "(#planet-dalam)")
    browser.cookies["language"] = "en"
    page = create_draft_plan(module, text, instructor)
    shown = browser.get(page)
    assert states_by_title(shown)["Planet luar"] == ("removed",)
    assert states_by_title(shown)["Planet dalam"] == ("changed", "merged")
    assert shown.context["page"].summary == (
        "Sections: 1 changed, 1 merged. Questions: 1 key changed. Nothing is saved yet."
    )
    assert "<span>archived</span>" in page_html(shown)
    press(browser, page)
    module.refresh_from_db()
    with translation.override("en"):
        assert plan_cards.what_changed(module.current) == "1 changed, 1 merged, 1 key changed"


def test_revision_counts_removed_parts_like_plan(browser, instructor, learner):
    module = a_module()
    page = create_draft_plan(module, PLANETS[: PLANETS.index("## Planet luar")], instructor)
    read_all(learner, module)
    press(browser, page)
    module.refresh_from_db()
    assert module.current.changes == {"archived": 1, "deleted": 4}


def test_setting_shows_value_before_and_after(browser, instructor):
    module = a_module("---\npass_mark: 60\n---\n" + PLANETS)
    page = create_draft_plan(module, "---\npass_mark: 80\n---\n" + PLANETS, instructor)
    (row,) = browser.get(page).context["page"].settings
    assert (row.name, row.before, row.after) == ("pass_mark", "60", "80")


@pytest.mark.parametrize(
    ("after", "note"),
    [
        ("time_limit: 20\n", "Percobaan yang sedang berjalan langsung mendapat tambahan waktu itu."),
        ("", "Percobaan yang sedang berjalan langsung mendapat tambahan waktu itu."),
        ("time_limit: 5\n", "Percobaan yang sedang berjalan tetap memakai waktunya."),
    ],
)
def test_time_limit_explains_effect_on_open_attempts(browser, instructor, after, note):
    quiz = a_quiz(QUESTION, front_matter="language: id\ntime_limit: 10\n")
    text = quiz.module.text().replace("time_limit: 10\n", after)
    rows = browser.get(create_draft_plan(quiz.module, text, instructor)).context["page"].settings
    assert [row.note for row in rows if row.name == "time_limit"] == [note]


def test_new_quiz_shows_rules_and_affected_learners(browser, instructor, learner, other_learner):
    module = a_module(READABLE)
    progress.record_reading(learner, module.sections.get(identity="planet-luar"), now=at(1))
    read_all(other_learner, module)  # so that this learner has finished
    rules = "---\nattempts: 2\ntime_limit: 30\nshuffle: no\n---\n"
    browser.cookies["language"] = "en"
    page = create_draft_plan(module, rules + PLANETS, instructor)
    shown = browser.get(page)
    assert [(row.name, row.before, row.after) for row in shown.context["page"].settings] == [
        ("pass_mark", "no quiz yet", "70"),
        ("attempts", "no quiz yet", "2"),
        ("time_limit", "no quiz yet", "30 minutes"),
    ]
    assert shown.context["page"].consequences == [
        "1 learner who has not finished has to pass the quiz as well, with a grade of 70 percent."
    ]
    press(browser, page)
    assert Enrolment.objects.get(learner=other_learner).finished_at is not None
    read_all(learner, module)
    assert Enrolment.objects.get(learner=learner).finished_at is None


def test_restored_quiz_needs_no_second_pass(browser, instructor, learner):
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"])
    Enrolment.objects.update(finished_at=None)
    a_module(READABLE)
    page = create_draft_plan(Module.objects.get(), PLANETS, instructor)
    shown = browser.get(page)
    assert (shown.context["page"].plan.tested, shown.context["page"].settings) == (0, [])


def test_plan_counts_learners_held_up_by_section(browser, instructor, learner, other_learner):
    module = a_module()
    for person in (learner, other_learner, instructor):
        read_all(person, module)
    take(instructor, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"])  # finished
    browser.cookies["language"] = "en"

    def load(text: str) -> tuple[list[str], set]:
        """Loads a text and returns what its plan says of unfinished learners, and the learners with a locked quiz."""
        page = create_draft_plan(module, text, instructor)
        sentences = [
            line for line in browser.get(page).context["page"].consequences if "not finished" in line
        ]
        press(browser, page)
        waiting = Enrolment.objects.filter(module=module, finished_at=None).select_related("learner")
        return sentences, {
            enrolment.learner
            for enrolment in waiting
            if unread_sections(module.quiz, enrolment.learner).exists()
        }

    pluto = PLANETS.replace("## Planet luar\n", "## Pluto\n\nBukan planet.\n\n## Planet luar\n")
    assert load(pluto) == (
        ["To be read before the quiz by 2 learners who have not finished: 1 new section."],
        {learner, other_learner},
    )
    progress.record_reading(learner, module.sections.get(identity="pluto"), now=at(1))
    assert load(PLANETS) == ([], set())
    assert load(pluto) == (
        ["To be read before the quiz by 1 learner who has not finished: 1 section that is back."],
        {other_learner},
    )


def test_plan_needs_module_and_draft_without_errors(browser, instructor):
    module = a_module()
    draft_with_errors = create_draft_plan(
        module, PLANETS.replace("- [x] Jupiter", "- [ ] Jupiter"), instructor
    )
    draft_without_module = create_draft_plan(None, "# Baru\n\n## Satu\n\nTeks.\n", instructor)
    for page in (draft_with_errors, draft_without_module):
        assert browser.get(page).headers["Location"] == page.replace("plan", "change")


def test_long_part_has_its_own_page(browser, instructor, monkeypatch):
    monkeypatch.setattr("modules.admin.comparisons.Room.__init__.__defaults__", (0, 0))
    page = create_draft_plan(a_module(), CHANGED, instructor)
    card = only_card(browser.get(page))
    assert not card.is_whole
    assert "matahari" in page_html(browser.get(f"{page}{card.number}/"))
    assert browser.get(f"{page}999/").status_code == 404


def test_plan_escapes_text_of_document(browser, instructor):
    text = CHANGED.replace("Empat planet batu", "<script>alert(1)</script> Empat")
    assert "<script>alert" not in page_html(browser.get(create_draft_plan(a_module(), text, instructor)))


def test_plan_of_other_author_is_not_found(browser, signed_in, administrator, learner):
    page = create_draft_plan(a_module(), CHANGED, administrator)
    assert browser.get(page).status_code == 404
    assert signed_in(learner).get(page).status_code == 302


# --------------------------------------------------------------------------------------------- decisions


@pytest.mark.parametrize(("word", "counting"), [("nothing", 2), ("tell", 2), ("again", 1)])
def test_decision_sets_what_readers_do_again(browser, instructor, learner, word, counting):
    module = a_module()
    read_all(learner, module)
    press(browser, create_draft_plan(module, CHANGED, instructor), **{"tell:planet-dalam": word})
    module.refresh_from_db()
    section = module.sections.get(identity="planet-dalam")
    assert Reading.objects.counting().count() == counting
    assert (section.changed_in_id == module.current_id) is (word != "nothing")
    assert Draft.objects.count() == 0


def test_open_ambiguity_blocks_loading_and_keeps_decisions(browser, instructor, learner):
    module, text = ambiguous_module(learner)
    page = create_draft_plan(module, text, instructor)
    (row,) = asked(browser.get(page))
    answer = press(browser, page, **{"tell:inti": "again"})
    assert answer.context["page"].trouble
    assert answer.context["page"].plan.decisions.tell == {"inti": "again"}
    assert Module.objects.get().text() != text
    choices = {f"decision:{row.ambiguity.key}": row.candidates[0][0].key}
    counted = press(browser, page, "count", **choices)
    assert [ambiguity.is_open for ambiguity in asked(counted)] == [False]
    assert len(asked(counted)[0].candidates) == len(row.candidates)
    press(browser, page, **choices)
    assert Module.objects.get().text() == text


def test_decisions_stay_with_the_draft(browser, instructor, learner):
    module, text = ambiguous_module(learner)
    page = create_draft_plan(module, text, instructor)
    (row,) = asked(browser.get(page))
    other = row.candidates[1][0].key
    assert row.chosen == row.ambiguity.proposal != other
    press(browser, page, "count", **{f"decision:{row.ambiguity.key}": other, "reason": "Kunci keliru."})
    again = browser.get(page)
    assert [one.chosen for one in asked(again)] == [other]
    assert again.context["page"].reason == "Kunci keliru."
    assert next_section_id(again) == "for-learners"


def test_all_is_decided_as_proposed_at_once(browser, instructor, learner):
    module, text = ambiguous_module(learner)
    page = create_draft_plan(module, text, instructor)
    (row,) = asked(browser.get(page))
    counted = press(browser, page, "proposed", **{f"decision:{row.ambiguity.key}": ""})
    assert [one.chosen for one in asked(counted)] == [row.ambiguity.proposal]
    assert counted.context["page"].proposed == 0
    decided = {f"decision:{row.ambiguity.key}": row.ambiguity.proposal}
    press(browser, page, decided=counted.context["page"].decided, **decided)
    assert Module.objects.get().text() == text
    assert module.sections.get(pk=row.ambiguity.proposal).title == "Tugas 1"


def proposals_of(answer) -> dict[str, str]:
    """Returns the fields of the proposals that a page shows, as a browser sends them."""
    open_ones = [one for one in asked(answer) if one.is_open]
    return {
        f"{word}:{one.ambiguity.key}": one.chosen for one in open_ones for word in ("proposal", "decision")
    }


def test_counting_again_agrees_to_no_proposal(browser, instructor, learner):
    module, text = ambiguous_module(learner)
    page = create_draft_plan(module, text, instructor)
    shown = browser.get(page)
    counted = press(browser, page, "count", **proposals_of(shown))
    assert [one.is_open for one in asked(counted)] == [True]
    assert "Terapkan sesuai usulan" in counted.content.decode()
    assert Draft.objects.get().decisions["by_ambiguity"] == {}


def test_applying_as_proposed_loads_what_the_page_shows(browser, instructor, learner):
    module, text = ambiguous_module(learner)
    page = create_draft_plan(module, text, instructor)
    shown = browser.get(page)
    (row,) = asked(shown)
    press(browser, page, decided=shown.context["page"].decided, **proposals_of(shown))
    assert Module.objects.get().text() == text
    assert module.sections.get(pk=row.ambiguity.proposal).title == "Tugas 1"


def test_refused_plan_agrees_to_no_proposal(browser, instructor, learner):
    module, text = ambiguous_module(learner)
    page = create_draft_plan(module, text, instructor)
    shown = browser.get(page)
    refused = press(browser, page, seal="0", **proposals_of(shown))
    assert refused.context["page"].trouble
    assert [one.is_open for one in asked(refused)] == [True]
    assert Draft.objects.get().decisions["by_ambiguity"] == {}


def test_button_agrees_to_proposals_only_while_there_are_some(browser, instructor, learner):
    module, text = ambiguous_module(learner)
    page = create_draft_plan(module, text, instructor)
    decided = press(browser, page, "proposed", **proposals_of(browser.get(page)))
    assert "sesuai usulan" not in decided.content.decode()


def test_decision_that_was_not_counted_is_shown_first(browser, instructor, learner):
    module, text = ambiguous_module(learner)
    page = create_draft_plan(module, text, instructor)
    first = browser.get(page)
    (row,) = asked(first)
    decision = {f"decision:{row.ambiguity.key}": "", "decided": first.context["page"].decided}
    assert press(browser, page, **decision).context["page"].trouble
    assert Module.objects.get().text() != text


def test_parts_are_paired_by_hand(browser, instructor, learner):
    module = a_module("# M\n\n## Inti\n\nProton dan neutron.\n\n## Awan\n\nHujan turun.\n")
    read_all(learner, module)
    old = module.sections.get(title="Awan")
    text = "# M\n\n## Inti\n\nProton dan neutron.\n\n## Gerbong\n\nKereta berangkat.\n"
    page = create_draft_plan(module, text, instructor)
    cards = {
        card.change.title: card for card in browser.get(page).context["page"].cards if hasattr(card, "change")
    }
    assert [option.title for option in cards["Gerbong"].pairing.options] == ["Awan"]
    assert cards["Awan"].pairing.name == f"becomes:section:{old.pk}"
    press(browser, page, "count", **{f"becomes:section:{old.pk}": "gerbong"})
    shown = browser.get(page).context["page"]
    (card,) = [card for card in shown.cards if hasattr(card, "change") and card.change.title == "Gerbong"]
    assert card.pairing.options[0].is_chosen
    press(browser, page, decided=shown.decided, **{"pair:section:gerbong": str(old.pk)})
    old.refresh_from_db()
    assert old.title == "Gerbong"


def test_two_parts_paired_by_hand_cannot_be_the_same_one(browser, instructor, learner):
    module = a_module("# M\n\n## Inti\n\nProton dan neutron.\n\n## Awan\n\nHujan turun.\n")
    read_all(learner, module)
    old = str(module.sections.get(title="Awan").pk)
    text = "# M\n\n## Gerbong\n\nKereta berangkat.\n\n## Nelayan\n\nPerahu melaut.\n\n## Inti\n\nProton dan neutron.\n"
    page = create_draft_plan(module, text, instructor)
    pairs = {"pair:section:gerbong": old, "pair:section:nelayan": old}
    shown = press(browser, page, "count", **pairs).context["page"]
    assert ["“Awan”" in sentence for sentence in shown.conflicts] == [True]
    assert press(browser, page, decided=shown.decided, **pairs).context["page"].trouble == shown.conflicts
    assert Module.objects.get().text() != text


def test_what_is_told_is_proposed_anew_for_another_text_of_the_draft(browser, instructor, learner):
    """The page sends no word for what the plan proposes, so that only what somebody chose is kept."""
    module = a_module()
    read_all(learner, module)
    page = create_draft_plan(module, PLANETS.replace("Merkurius,", "Merkuriuss,"), instructor)
    (chosen,) = [option for option in only_card(browser.get(page)).options if option.is_chosen]
    assert chosen.value == ""
    press(browser, page, "count", **{"tell:planet-dalam": chosen.value})
    Draft.objects.update(text=CHANGED)
    assert only_card(browser.get(page)).change.tell == "tell"


def test_pair_of_the_plan_is_undone_by_hand(browser, instructor, learner):
    module = a_module("# M\n\n## Inti\n\nProton dan neutron.\n\n## Awan\n\nHujan turun.\n")
    read_all(learner, module)
    text = module.text().replace("Hujan turun.", "Kereta berangkat dari stasiun.")
    page = create_draft_plan(module, text, instructor)
    press(browser, page, "count", **{"pair:section:awan": ""})
    states = states_by_title(browser.get(page))
    assert states["Awan"] == ("new",)


def test_two_ambiguities_cannot_choose_same_candidate(browser, instructor, learner):
    head = "# M\n\n## Inti\n\nProton.\n"
    module = a_module(head + exercise(1) + exercise(2) + exercise(3))
    read_all(learner, module)
    text = head + new_exercise(1) + new_exercise(2)
    page = create_draft_plan(module, text, instructor)
    rows = asked(browser.get(page))
    assert len(rows) == 2
    candidate = rows[0].candidates[0][0].key
    answer = press(browser, page, **{f"decision:{row.ambiguity.key}": candidate for row in rows})
    assert answer.context["page"].trouble
    assert Module.objects.get().text() != text
    counted = press(browser, page, "count", **{f"decision:{row.ambiguity.key}": candidate for row in rows})
    assert counted.context["page"].trouble == []
    browser.cookies["language"] = "en"
    counted = press(browser, page, "count", **{f"decision:{row.ambiguity.key}": candidate for row in rows})
    title = rows[0].candidates[0][0].title
    assert f"“{title}” is chosen more than once." in page_html(counted)
    assert next_section_id(counted) == "ambiguities"


def test_open_ambiguities_come_first(browser, instructor, learner):
    module, text = ambiguous_module(learner)
    page = create_draft_plan(module, text, instructor)
    browser.cookies["language"] = "en"
    shown = browser.get(page)
    assert shown.context["page"].summary.startswith("1 thing is proposed: look at it first.")
    assert next_section_id(shown) == "ambiguities"
    (row,) = asked(shown)
    assert row.rivals == ""
    counted = press(browser, page, "count", **{f"decision:{row.ambiguity.key}": row.candidates[0][0].key})
    assert "look at it first" not in counted.context["page"].summary
    assert next_section_id(counted) == "for-learners"


def test_ambiguities_with_same_candidate_name_each_other(browser, instructor, learner):
    head = "# M\n\n## Inti\n\nProton.\n"
    module = a_module(head + exercise(1))
    read_all(learner, module)
    browser.cookies["language"] = "en"
    text = head + new_exercise(1) + new_exercise(2)
    shown = browser.get(create_draft_plan(module, text, instructor))
    assert [ambiguity.rivals for ambiguity in asked(shown)] == [
        "The same is asked of “Tugas 2”. Only one of them can go on as it; the others are new.",
        "The same is asked of “Tugas 1”. Only one of them can go on as it; the others are new.",
    ]


def next_section_id(response) -> str:
    """Returns the identifier of the section that “Count again” leads to."""
    (section_id,) = re.findall(r'id="next" aria-labelledby="([^"]+)"', page_html(response))
    return section_id


def test_new_key_keeps_grades_without_decision(browser, instructor, learner):
    quiz = a_quiz(QUESTION)
    take(learner, quiz, ["Jupiter"])
    page = create_draft_plan(quiz.module, text_with_new_key(quiz.module), instructor)
    card = only_card(browser.get(page))
    assert card.change.effect.up == 1
    press(browser, page)
    assert Regrade.objects.count() == 0


def test_regrade_decision_changes_grades(browser, instructor, learner):
    quiz = a_quiz(QUESTION)
    attempt = take(learner, quiz, ["Jupiter"])
    page = create_draft_plan(quiz.module, text_with_new_key(quiz.module), instructor)
    press(browser, page, **{"regrade:planet-terbesar": "yes"})
    attempt.refresh_from_db()
    assert (attempt.grade, attempt.is_passed) == (100, True)


def test_open_attempts_are_listed_and_use_new_key(browser, instructor, learner):
    quiz = a_quiz(QUESTION)
    attempt = attempts.start(learner, quiz, now=timezone.now())
    give(attempt, 1, "Jupiter", now=timezone.now())
    page = create_draft_plan(quiz.module, text_with_new_key(quiz.module), instructor)
    browser.cookies["language"] = "en"
    shown = page_html(browser.get(page))
    assert f'<a href="/admin/modules/attempt/{attempt.pk}/change/">Sari Wulandari</a>' in shown
    assert "1 attempt is under way: it is graded with it once it is submitted." in shown
    assert "Grade them with the new key" in shown
    assert "Submitted attempts" not in shown
    press(browser, page, **{"regrade:planet-terbesar": "yes"})
    assert attempts.submit(attempt, now=timezone.now()).grade == 100


def test_open_attempts_are_hidden_without_changed_questions(browser, instructor, learner):
    quiz = a_quiz(QUESTION)
    attempts.start(learner, quiz, now=timezone.now())
    text = quiz.module.text().replace("Satu kalimat.", "Dua kalimat. Sungguh.")
    shown = browser.get(create_draft_plan(quiz.module, text, instructor))
    assert shown.context["page"].plan.open_attempts == 1
    assert "open-attempts" not in page_html(shown)


def test_replaced_answer_is_paired_with_old_one(browser, instructor, learner):
    quiz = a_quiz("### Jumlah planet?\n\n- [=] 6\n")
    take(learner, quiz, ["7"])
    text = quiz.module.text().replace("[=] 6", "[=] 7")
    card = only_card(browser.get(create_draft_plan(quiz.module, text, instructor)))
    assert [(choice.before, choice.after) for choice in card.change.choices] == [("6", "7")]
    text = quiz.module.text().replace("- [=] 6", "- [=] 7\n- [=] 8")
    card = only_card(browser.get(create_draft_plan(quiz.module, text, instructor)))
    assert [(choice.before, choice.after) for choice in card.change.choices] == [
        ("6", None),
        (None, "7"),
        (None, "8"),
    ]


def test_open_attempts_are_counted_apart_from_submitted_ones(browser, instructor, learner, other_learner):
    quiz = a_quiz(QUESTION)
    take(learner, quiz, ["Jupiter"])
    attempts.start(other_learner, quiz, now=timezone.now())
    browser.cookies["language"] = "en"
    shown = page_html(browser.get(create_draft_plan(quiz.module, text_with_new_key(quiz.module), instructor)))
    assert "1 attempt under way is graded with it too, once it is submitted." in shown


def test_ambiguous_choice_shows_its_answers_and_key(browser, instructor, learner):
    quiz = a_quiz(QUESTION)
    take(learner, quiz, ["Mars"])
    browser.cookies["language"] = "en"
    text = quiz.module.text().replace("[x] Mars", "[x] Mars?")
    shown = page_html(browser.get(create_draft_plan(quiz.module, text, instructor)))
    assert "<small>chosen by 1 person · was right</small>" in shown


def test_plan_announces_readings_that_count_again(browser, instructor, learner):
    module = a_module()
    read_all(learner, module)
    press(browser, create_draft_plan(module, CHANGED, instructor), **{"tell:planet-dalam": "again"})
    browser.cookies["language"] = "en"
    shown = browser.get(create_draft_plan(Module.objects.get(), PLANETS, instructor))
    card = only_card(shown)
    assert card.sentences == ("1 person need not read it again: it says again what they have read",)
    assert card.options == ()


def test_plan_separates_learners_who_must_read_again(browser, instructor, learner, other_learner):
    module = a_module()
    read_all(learner, module)
    press(browser, create_draft_plan(module, CHANGED, instructor))
    read_all(other_learner, module)
    changed_again = CHANGED.replace("matahari", "Matahari, bintang kita,")
    press(
        browser,
        create_draft_plan(Module.objects.get(), changed_again, instructor),
        **{"tell:planet-dalam": "again"},
    )
    browser.cookies["language"] = "en"
    card = only_card(browser.get(create_draft_plan(Module.objects.get(), PLANETS, instructor)))
    assert card.sentences == (
        "to be read again by 1 person",
        "1 person need not read it again: it says again what they have read",
    )


def test_changed_regrade_effect_is_shown_again(browser, instructor, learner, other_learner):
    quiz = a_quiz(QUESTION)
    take(learner, quiz, ["Jupiter"])
    page = create_draft_plan(quiz.module, text_with_new_key(quiz.module), instructor)
    shown = browser.get(page).context
    take(other_learner, quiz, ["Mars"], now=at(1))
    chosen = {"regrade:planet-terbesar": "yes"}
    answer = browser.post(page, plan_form_data(shown) | chosen)
    assert answer.context["page"].trouble
    assert Regrade.objects.count() == 0
    browser.post(page, plan_form_data(answer.context) | chosen)
    assert Regrade.objects.count() == 2


def test_two_regrades_need_their_total_shown(browser, instructor, learner):
    quiz = a_quiz(QUESTION + "\n### Planet terdekat?\n\n- [x] Bumi\n- [ ] Merkurius\n")
    take(learner, quiz, ["Jupiter", "Merkurius"])
    text = (
        text_with_new_key(quiz.module)
        .replace("[x] Bumi", "[ ] Bumi")
        .replace("[ ] Merkurius", "[x] Merkurius")
    )
    page = create_draft_plan(quiz.module, text, instructor)
    decisions = {"regrade:planet-terbesar": "yes", "regrade:planet-terdekat": "yes"}
    answer = press(browser, page, **decisions)
    assert answer.context["page"].trouble
    assert answer.context["page"].together
    browser.post(page, plan_form_data(answer.context) | decisions)
    assert Regrade.objects.count() == 2


def test_changed_module_is_planned_again(browser, instructor):
    module = a_module()
    page = create_draft_plan(module, CHANGED, instructor)
    base_revision = browser.get(page).context["page"].plan.base_revision
    a_module(PLANETS.replace("Neptunus", "Neptunus, Pluto"))
    answer = browser.post(page, {"base_revision": base_revision, "action": "load"})
    assert answer.context["page"].trouble
    assert answer.context["page"].is_behind
    assert "Pluto" in Module.objects.get().text()


def test_text_changed_after_plan_is_not_applied(browser, instructor, learner):
    module = a_module()
    read_all(learner, module)
    page = create_draft_plan(module, CHANGED, instructor)
    shown = browser.get(page).context
    Draft.objects.update(text=READABLE)  # as if another window had saved it
    answer = browser.post(page, plan_form_data(shown))
    assert answer.context["page"].trouble
    assert answer.context["page"].plan.document.text == READABLE
    assert Module.objects.get().text() == PLANETS
    browser.post(page, plan_form_data(answer.context))
    assert Module.objects.get().text() == READABLE


def test_image_added_after_plan_is_not_applied(browser, instructor):
    page = create_draft_plan(a_module(), CHANGED, instructor)
    shown = browser.get(page).context
    Image.objects.create(draft=Draft.objects.get(), path="a.png", file="a.png")
    assert browser.post(page, plan_form_data(shown)).context["page"].trouble
    assert Module.objects.get().text() == PLANETS


def test_text_saved_during_loading_is_kept(instructor):
    module = a_module()
    create_draft_plan(module, CHANGED, instructor)
    draft = Draft.objects.get()
    planned = planning.plan_document(module, uploads.parse_with_images(draft.text, module=module))
    Draft.objects.update(text=CHANGED + "\nSatu jam kerja.\n")
    with pytest.raises(apply.ModuleChanged):
        apply.apply_draft(draft, planned, now=at(1))
    assert "Satu jam" in Draft.objects.get().text


def test_plan_applied_twice_leads_to_module(browser, instructor):
    module = a_module()
    page = create_draft_plan(module, CHANGED, instructor)
    shown = browser.get(page).context
    browser.post(page, plan_form_data(shown))
    answer = browser.post(page, plan_form_data(shown), follow=True)
    assert answer.redirect_chain == [(f"/admin/modules/module/{module.pk}/change/", 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["success", "info"]
    assert module.revisions.count() == 2


def test_plan_counts_learners_who_finish(browser, instructor, learner):
    module = a_module()
    read_all(learner, module)
    page = create_draft_plan(module, READABLE, instructor)
    shown = browser.get(page)
    assert shown.context["page"].plan.finishes == 1
    with translation.override("en"):
        assert effects.consequences(shown.context["page"].plan)[0] == "1 learner finishes by this."
    assert shown.context["page"].consequences[0] in page_html(shown)
    press(browser, page)
    assert Enrolment.objects.get().finished_at is not None


def test_plan_can_publish_the_module(browser, instructor):
    module = a_module(published=False)
    press(browser, create_draft_plan(module, CHANGED, instructor), "publish")
    assert Module.objects.get().published_by == instructor


def test_decisions_accept_only_possible_choices():
    sent = {
        "decision:section:a": "12",
        "decision:section:b": "",
        "decision:question:c": "' OR 1",
        "decision:choice:d:key": "other",
        "tell:a": "again",
        "tell:b": "shout",
        "regrade:a": "yes",
        "regrade:b": "no",
        "text": "again",
        "tell:c\0": "again",
        "regrade:c": "yes\0",
        "pair:section:" + "c" * 2_000: "12",
        "decision:choice:d:other": "\0",
        "becomes:section:1": "c\0",
    }
    assert decisions_from(sent) == Decisions(
        by_ambiguity={"section:a": "12", "section:b": "", "choice:d:key": "other"},
        tell={"a": "again"},
        regrade=frozenset({"a"}),
    )


def test_zero_bytes_in_decisions_and_reason_do_no_harm(browser, instructor, learner):
    module = a_module()
    read_all(learner, module)
    page = create_draft_plan(module, CHANGED, instructor)
    answer = press(browser, page, "count", **{"tell:a\0": "again", "reason": "Salah\0 kunci"})
    assert (answer.status_code, Draft.objects.get().reason) == (200, "Salah kunci")


def test_page_of_a_large_plan_may_send_many_fields(browser, instructor):
    page = create_draft_plan(a_module(), CHANGED, instructor)
    fields = {f"tell:bagian-{number}": "tell" for number in range(6_000)}
    assert press(browser, page, "count", **fields).status_code == 200


def text_with_new_key(module: Module) -> str:
    return module.text().replace("[x] Mars", "[ ] Mars").replace("[ ] Jupiter", "[x] Jupiter")


def ambiguous_module(learner) -> tuple[Module, str]:
    """Returns a module and a text whose one section could be either of two sections that were read."""
    module = a_module("# M\n\n## Inti\n\nProton dan neutron.\n" + exercise(1) + exercise(2))
    read_all(learner, module)
    return module, "# M\n\n## Inti\n\nProton dan neutron.\n" + new_exercise(1)


def exercise(number: int) -> str:
    return f"\n## Latihan {number}\n\nKerjakan soal {number} di buku latihan bersama teman sebangku.\n"


def new_exercise(number: int) -> str:
    """Returns a section that could be any of the sections from :func:`exercise`."""
    return f"\n## Tugas {number}\n\nKerjakan soal di buku latihan bersama teman sebangku.\n"
