"""The page of a plan: what loading a draft will do is seen and decided before anything is applied."""

import re
from textwrap import dedent

import pytest
from django.utils import timezone, translation

from modules.admin import effects, plan_cards
from modules.authoring import apply, plan_in_words, planning, uploads
from modules.authoring.plan import Decisions
from modules.forms.decisions import decisions_from
from modules.models import Draft, Enrolment, Image, Module, Reading, Regrade, unread_sections
from modules.quizzes import attempts
from modules.reading import progress
from tests.cast import PLANETS, READABLE, a_module, a_quiz, at, give, read_all, take

pytestmark = pytest.mark.django_db

CHANGED = PLANETS.replace(
    "Merkurius, Venus, Bumi, Mars.", "Empat planet batu mengelilingi matahari paling dekat."
)
TWIN = "\n## Latihan\n\nKerjakan.\n"
QUIZ = "### Planet terbesar?\n\n- [x] Mars\n- [ ] Jupiter\n- [ ] Bumi\n"


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def drafted(module: Module | None, text: str, author) -> str:
    """The address of the plan of a draft with this text."""
    draft = Draft.objects.create(
        author=author, module=module, base_revision=module.current if module else None, text=dedent(text)
    )
    return f"/admin/modules/draft/{draft.pk}/plan/"


def pressed(browser, page: str, action: str = "load", **decisions: str):
    """Press a button of the page as it was shown last, with what is decided on it."""
    shown = browser.get(page).context
    return browser.post(page, said(shown, action) | decisions)


def said(shown, action: str = "load") -> dict[str, str]:
    """What the page says of itself when one of its buttons is pressed."""
    state = shown["plan"].base_revision or ""
    return {"base_revision": state, "promised": shown["promised"], "seal": shown["seal"], "action": action}


def cards(response) -> dict[str, tuple[str, ...]]:
    return {
        card.change.title: card.change.states for card in response.context["cards"] if hasattr(card, "change")
    }


def the_card(response) -> plan_cards.Card:
    (card,) = [card for card in response.context["cards"] if hasattr(card, "change")]
    return card


def words(response) -> str:
    return response.content.decode()


# ---------------------------------------------------------------------------------------------- what is shown


def test_every_change_stands_in_its_place_and_what_stays_is_folded(browser, instructor, learner):
    module = a_module()
    read_all(learner, module)
    text = CHANGED.replace("## Planet luar\n", "## Planet gas\n").replace(
        "### Planet keempat?", "### Nama planet?"
    )
    shown = browser.get(drafted(module, text, instructor))
    assert cards(shown) == {
        "Planet dalam": ("changed",),
        "Planet gas": ("renamed",),
        "Nama planet?": ("renamed",),
    }
    assert [card.titles for card in shown.context["cards"] if hasattr(card, "titles")] == [
        ("Planet terbesar?", "Planet luar yang mana?"),
        ("Jumlah planet?",),
    ]


def test_a_split_and_a_merge_lead_to_the_other_part(browser, instructor, learner):
    half = (
        "Jupiter dan Saturnus adalah raksasa gas; Uranus dan Neptunus adalah raksasa es yang dingin dan jauh."
    )
    whole = f"# Planet\n\n## Semua\n\nMerkurius, Venus, Bumi, dan Mars ada di dekat Matahari.\n\n{half}\n"
    split = whole.replace(half, f"## Raksasa\n\n{half}")
    module = a_module(whole)
    read_all(learner, module)
    browser.cookies["language"] = "en"
    page = drafted(module, split, instructor)
    assert [(state.text, state.number) for state in chips(browser.get(page))] == [
        ("changed", None),
        ("a part of it becomes “Raksasa”", 2),
        ("split off from “Semua”", 1),
    ]
    assert '<a href="#part-2">a part of it becomes “Raksasa”</a>' in words(browser.get(page))
    assert browser.get(f"{page}1/").status_code == 200
    pressed(browser, page)
    merged = drafted(Module.objects.get(), whole, instructor)
    assert [(state.text, state.number) for state in chips(browser.get(merged))] == [
        ("changed", None),
        ("takes in “Raksasa”", 2),
        ("archived", None),
        ("its text goes into “Semua”", 1),
    ]


def chips(response) -> list[plan_cards.State]:
    return [state for card in response.context["cards"] if hasattr(card, "change") for state in card.states]


def test_looking_writes_nothing(browser, instructor, learner):
    module = a_module()
    read_all(learner, module)
    page = drafted(module, CHANGED, instructor)
    browser.get(page)
    browser.post(page, {"action": "count", "tell:planet-dalam": "again"})
    assert Module.objects.get().text() == PLANETS
    assert Reading.objects.counting().count() == 2


def test_a_removed_section_says_whether_it_is_archived_or_deleted(browser, instructor, learner):
    module = a_module()
    text = PLANETS.partition("## Planet luar")[0] + "## Kuis akhir" + PLANETS.partition("## Kuis akhir")[2]
    page = drafted(module, text, instructor)
    assert plan_in_words.counted({"deleted": 1}) in browser.get(page).context["summary"]
    read_all(learner, module)
    assert plan_in_words.counted({"archived": 1}) in browser.get(page).context["summary"]


def test_nothing_is_counted_twice(browser, instructor, learner):
    text = PLANETS.replace("- [ ] Mars\n", "- [x] Mars\n").replace("- [x] Jupiter", "- [ ] Jupiter")
    long = "Jupiter paling besar; Saturnus bercincin; Uranus dan Neptunus dingin, jauh, kaya es, dan biru warnanya."
    module = a_module(PLANETS.replace("Jupiter, Saturnus, Uranus, Neptunus.", long))
    read_all(learner, module)
    text = text.replace("\n## Planet luar\n\nJupiter, Saturnus, Uranus, Neptunus.\n", f"\n{long}\n").replace(
        "(#planet-luar)", "(#planet-dalam)"
    )
    browser.cookies["language"] = "en"
    page = drafted(module, text, instructor)
    shown = browser.get(page)
    assert cards(shown)["Planet luar"] == ("removed",)
    assert cards(shown)["Planet dalam"] == ("changed", "merged")
    assert shown.context["summary"] == (
        "Sections: 1 changed, 1 merged. Questions: 1 key changed. Nothing is saved yet."
    )
    assert "<span>archived</span>" in words(shown)
    pressed(browser, page)
    module.refresh_from_db()
    with translation.override("en"):
        assert plan_cards.what_changed(module.current) == "1 changed, 1 merged, 1 key changed"


def test_a_revision_says_of_what_is_gone_what_the_plan_said(browser, instructor, learner):
    module = a_module()
    page = drafted(module, PLANETS[: PLANETS.index("## Planet luar")], instructor)
    read_all(learner, module)
    pressed(browser, page)
    module.refresh_from_db()
    assert module.current.changes == {"archived": 1, "deleted": 4}


def test_a_setting_shows_what_was_and_what_will_be(browser, instructor):
    module = a_module("---\npass_mark: 60\n---\n" + PLANETS)
    page = drafted(module, "---\npass_mark: 80\n---\n" + PLANETS, instructor)
    (row,) = browser.get(page).context["settings"]
    assert (row.name, row.before, row.after) == ("pass_mark", "60", "80")


@pytest.mark.parametrize(
    ("after", "note"),
    [
        ("time_limit: 20\n", "Percobaan yang sedang berjalan langsung mendapat tambahan waktu itu."),
        ("", "Percobaan yang sedang berjalan langsung mendapat tambahan waktu itu."),
        ("time_limit: 5\n", "Percobaan yang sedang berjalan tetap memakai waktunya."),
    ],
)
def test_a_limit_says_what_becomes_of_attempts_under_way(browser, instructor, after, note):
    quiz = a_quiz(QUIZ, front_matter="language: id\ntime_limit: 10\n")
    text = quiz.module.text().replace("time_limit: 10\n", after)
    rows = browser.get(drafted(quiz.module, text, instructor)).context["settings"]
    assert [row.note for row in rows if row.name == "time_limit"] == [note]


def test_a_quiz_that_comes_says_its_rules_and_who_has_to_pass_it(browser, instructor, learner, other_learner):
    module = a_module(READABLE)
    progress.record_reading(learner, module.sections.get(identity="planet-luar"), now=at(1))
    read_all(other_learner, module)  # and has finished
    rules = "---\nattempts: 2\ntime_limit: 30\nshuffle: no\n---\n"
    browser.cookies["language"] = "en"
    page = drafted(module, rules + PLANETS, instructor)
    shown = browser.get(page)
    assert [(row.name, row.before, row.after) for row in shown.context["settings"]] == [
        ("pass_mark", "no quiz yet", "70"),
        ("attempts", "no quiz yet", "2"),
        ("time_limit", "no quiz yet", "30 minutes"),
    ]
    assert shown.context["consequences"] == [
        "1 learner who has not finished has to pass the quiz as well, with a grade of 70 percent."
    ]
    pressed(browser, page)
    assert Enrolment.objects.get(learner=other_learner).finished_at is not None
    read_all(learner, module)
    assert Enrolment.objects.get(learner=learner).finished_at is None


def test_who_has_passed_a_quiz_that_comes_back_need_not_pass_it_again(browser, instructor, learner):
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"])
    Enrolment.objects.update(finished_at=None)
    a_module(READABLE)
    page = drafted(Module.objects.get(), PLANETS, instructor)
    shown = browser.get(page)
    assert (shown.context["plan"].tested, shown.context["settings"]) == (0, [])


def test_whom_a_section_that_comes_holds_up_is_said_to_the_number(
    browser, instructor, learner, other_learner
):
    module = a_module()
    for person in (learner, other_learner, instructor):
        read_all(person, module)
    take(instructor, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"])  # finished
    browser.cookies["language"] = "en"

    def said(text: str) -> tuple[list[str], set]:
        """What the plan says of it, and who of those who have not finished has the quiz locked after it is loaded."""
        page = drafted(module, text, instructor)
        sentences = [one for one in browser.get(page).context["consequences"] if "not finished" in one]
        pressed(browser, page)
        waiting = Enrolment.objects.filter(module=module, finished_at=None).select_related("learner")
        return sentences, {
            one.learner for one in waiting if unread_sections(module.quiz, one.learner).exists()
        }

    pluto = PLANETS.replace("## Planet luar\n", "## Pluto\n\nBukan planet.\n\n## Planet luar\n")
    assert said(pluto) == (
        ["To be read before the quiz by 2 learners who have not finished: 1 new section."],
        {learner, other_learner},
    )
    progress.record_reading(learner, module.sections.get(identity="pluto"), now=at(1))
    assert said(PLANETS) == ([], set())
    assert said(pluto) == (
        ["To be read before the quiz by 1 learner who has not finished: 1 section that is back."],
        {other_learner},
    )


def test_a_draft_with_errors_or_without_a_module_is_mended_or_looked_at_first(browser, instructor):
    module = a_module()
    wrong = drafted(module, PLANETS.replace("- [x] Jupiter", "- [ ] Jupiter"), instructor)
    fresh = drafted(None, "# Baru\n\n## Satu\n\nTeks.\n", instructor)
    for page in (wrong, fresh):
        assert browser.get(page).headers["Location"] == page.replace("plan", "change")


def test_a_part_of_a_plan_too_long_for_the_page_has_a_page(browser, instructor, monkeypatch):
    monkeypatch.setattr("modules.admin.comparisons.Room.__init__.__defaults__", (0, 0))
    page = drafted(a_module(), CHANGED, instructor)
    card = the_card(browser.get(page))
    assert not card.is_whole
    assert "matahari" in words(browser.get(f"{page}{card.number}/"))
    assert browser.get(f"{page}999/").status_code == 404


def test_what_a_document_holds_is_shown_as_text(browser, instructor):
    text = CHANGED.replace("Empat planet batu", "<script>alert(1)</script> Empat")
    assert "<script>alert" not in words(browser.get(drafted(a_module(), text, instructor)))


def test_nobody_sees_the_plan_of_somebody_elses_draft(browser, signed_in, administrator, learner):
    page = drafted(a_module(), CHANGED, administrator)
    assert browser.get(page).status_code == 404
    assert signed_in(learner).get(page).status_code == 302


# --------------------------------------------------------------------------------------------- what is decided


@pytest.mark.parametrize(("word", "counting"), [("nothing", 2), ("tell", 2), ("again", 1)])
def test_readers_of_a_changed_section_keep_it_are_told_or_read_it_again(
    browser, instructor, learner, word, counting
):
    module = a_module()
    read_all(learner, module)
    pressed(browser, drafted(module, CHANGED, instructor), **{"tell:planet-dalam": word})
    module.refresh_from_db()
    section = module.sections.get(identity="planet-dalam")
    assert Reading.objects.counting().count() == counting
    assert (section.changed_in_id == module.current_id) is (word != "nothing")
    assert Draft.objects.count() == 0


def test_a_doubt_has_to_be_settled_first_and_the_other_decisions_are_kept(browser, instructor, learner):
    module, text = ambiguous(learner)
    page = drafted(module, text, instructor)
    (asked,) = browser.get(page).context["ambiguities"]
    answer = pressed(browser, page, **{"tell:inti": "again"})
    assert answer.context["trouble"]
    assert answer.context["plan"].decisions.tell == {"inti": "again"}
    assert Module.objects.get().text() != text
    meant = {f"meant:{asked.ambiguity.key}": asked.candidates[0][0].key}
    counted = pressed(browser, page, "count", **meant)
    assert [one.is_open for one in counted.context["ambiguities"]] == [False]
    assert len(counted.context["ambiguities"][0].candidates) == len(asked.candidates)
    pressed(browser, page, **meant)
    assert Module.objects.get().text() == text


def test_two_doubts_cannot_mean_the_same(browser, instructor, learner):
    module = a_module("# M\n\n## Inti\n\nProton.\n" + 3 * TWIN)
    read_all(learner, module)
    text = "# M\n\n## Inti\n\nProton.\n" + 2 * TWIN
    page = drafted(module, text, instructor)
    ambiguities = browser.get(page).context["ambiguities"]
    assert len(ambiguities) == 2
    same = ambiguities[0].candidates[0][0].key
    answer = pressed(browser, page, **{f"meant:{one.ambiguity.key}": same for one in ambiguities})
    assert answer.context["trouble"]
    assert Module.objects.get().text() != text
    counted = pressed(browser, page, "count", **{f"meant:{one.ambiguity.key}": same for one in ambiguities})
    assert counted.context["trouble"] == []
    browser.cookies["language"] = "en"
    counted = pressed(browser, page, "count", **{f"meant:{one.ambiguity.key}": same for one in ambiguities})
    assert "“Latihan” is chosen more than once." in words(counted)
    assert where_next(counted) == "doubts"


def test_what_is_to_be_decided_comes_first(browser, instructor, learner):
    module, text = ambiguous(learner)
    page = drafted(module, text, instructor)
    browser.cookies["language"] = "en"
    shown = browser.get(page)
    assert shown.context["summary"].startswith(
        "1 thing is for you to decide first; until then it counts as new."
    )
    assert where_next(shown) == "doubts"
    (asked,) = shown.context["ambiguities"]
    assert asked.rivals == ""
    counted = pressed(browser, page, "count", **{f"meant:{asked.ambiguity.key}": asked.candidates[0][0].key})
    assert "decide first" not in counted.context["summary"]
    assert where_next(counted) == "for-learners"


def test_two_doubts_about_the_same_say_so(browser, instructor, learner):
    text = "# M\n\n## Inti\n\nProton.\n" + TWIN
    module = a_module(text)
    read_all(learner, module)
    twins = TWIN.replace("Latihan", "Latihan I") + TWIN.replace("Latihan", "Latihan II")
    browser.cookies["language"] = "en"
    shown = browser.get(drafted(module, text.replace(TWIN, twins), instructor))
    assert [one.rivals for one in shown.context["ambiguities"]] == [
        "The same is asked of “Latihan II”. Only one of them can go on as it; the others are new.",
        "The same is asked of “Latihan I”. Only one of them can go on as it; the others are new.",
    ]


def where_next(response) -> str:
    """What the section is called to which “Count again” leads."""
    (found,) = re.findall(r'id="next" aria-labelledby="([^"]+)"', words(response))
    return found


def test_a_key_is_changed_and_grades_stay_unless_it_is_decided(browser, instructor, learner):
    quiz = a_quiz(QUIZ)
    take(learner, quiz, ["Jupiter"])
    page = drafted(quiz.module, rekeyed(quiz.module), instructor)
    card = the_card(browser.get(page))
    assert card.change.effect.up == 1
    pressed(browser, page)
    assert Regrade.objects.count() == 0


def test_grading_again_does_what_was_shown(browser, instructor, learner):
    quiz = a_quiz(QUIZ)
    attempt = take(learner, quiz, ["Jupiter"])
    page = drafted(quiz.module, rekeyed(quiz.module), instructor)
    pressed(browser, page, **{"regrade:planet-terbesar": "yes"})
    attempt.refresh_from_db()
    assert (attempt.grade, attempt.is_passed) == (100, True)


def test_attempts_under_way_are_named_and_can_have_the_new_key(browser, instructor, learner):
    quiz = a_quiz(QUIZ)
    attempt = attempts.start(learner, quiz, now=timezone.now())
    give(attempt, 1, "Jupiter", now=timezone.now())
    page = drafted(quiz.module, rekeyed(quiz.module), instructor)
    browser.cookies["language"] = "en"
    shown = words(browser.get(page))
    assert f'<a href="/admin/modules/attempt/{attempt.pk}/change/">Sari Wulandari</a>' in shown
    assert "1 attempt is under way: it is graded with it once it is submitted." in shown
    assert "Grade them with the new key" in shown
    assert "Submitted attempts" not in shown
    pressed(browser, page, **{"regrade:planet-terbesar": "yes"})
    assert attempts.submit(attempt, now=timezone.now()).grade == 100


def test_attempts_under_way_are_not_named_where_no_question_changes(browser, instructor, learner):
    quiz = a_quiz(QUIZ)
    attempts.start(learner, quiz, now=timezone.now())
    text = quiz.module.text().replace("Satu kalimat.", "Dua kalimat. Sungguh.")
    shown = browser.get(drafted(quiz.module, text, instructor))
    assert shown.context["plan"].open_attempts == 1
    assert "under-way" not in words(shown)


def test_an_answer_that_takes_the_place_of_another_stands_beside_it(browser, instructor, learner):
    quiz = a_quiz("### Jumlah planet?\n\n- [=] 6\n")
    take(learner, quiz, ["7"])
    text = quiz.module.text().replace("[=] 6", "[=] 7")
    card = the_card(browser.get(drafted(quiz.module, text, instructor)))
    assert [(one.before, one.after) for one in card.change.choices] == [("6", "7")]
    text = quiz.module.text().replace("- [=] 6", "- [=] 7\n- [=] 8")
    card = the_card(browser.get(drafted(quiz.module, text, instructor)))
    assert [(one.before, one.after) for one in card.change.choices] == [("6", None), (None, "7"), (None, "8")]


def test_submitted_attempts_are_not_alone_in_being_graded_with_the_new_key(
    browser, instructor, learner, other_learner
):
    quiz = a_quiz(QUIZ)
    take(learner, quiz, ["Jupiter"])
    attempts.start(other_learner, quiz, now=timezone.now())
    browser.cookies["language"] = "en"
    shown = words(browser.get(drafted(quiz.module, rekeyed(quiz.module), instructor)))
    assert "1 attempt under way is graded with it too, once it is submitted." in shown


def test_a_doubt_about_a_choice_says_who_chose_it_and_whether_it_was_right(browser, instructor, learner):
    quiz = a_quiz(QUIZ)
    take(learner, quiz, ["Mars"])
    browser.cookies["language"] = "en"
    text = quiz.module.text().replace("[x] Mars", "[x] Mars?")
    shown = words(browser.get(drafted(quiz.module, text, instructor)))
    assert "<small>chosen by 1 person · was right</small>" in shown


def test_what_comes_back_with_a_text_is_said_before(browser, instructor, learner):
    module = a_module()
    read_all(learner, module)
    pressed(browser, drafted(module, CHANGED, instructor), **{"tell:planet-dalam": "again"})
    browser.cookies["language"] = "en"
    shown = browser.get(drafted(Module.objects.get(), PLANETS, instructor))
    card = the_card(shown)
    assert card.sentences == ("1 person need not read it again: it says again what they have read",)
    assert card.options == ()


def test_who_still_has_to_read_a_section_again_is_told_from_who_need_not(
    browser, instructor, learner, other_learner
):
    module = a_module()
    read_all(learner, module)
    pressed(browser, drafted(module, CHANGED, instructor))
    read_all(other_learner, module)
    again = CHANGED.replace("matahari", "Matahari, bintang kita,")
    pressed(browser, drafted(Module.objects.get(), again, instructor), **{"tell:planet-dalam": "again"})
    browser.cookies["language"] = "en"
    card = the_card(browser.get(drafted(Module.objects.get(), PLANETS, instructor)))
    assert card.sentences == (
        "to be read again by 1 person",
        "1 person need not read it again: it says again what they have read",
    )


def test_grades_that_would_change_otherwise_than_shown_are_shown_again(
    browser, instructor, learner, other_learner
):
    quiz = a_quiz(QUIZ)
    take(learner, quiz, ["Jupiter"])
    page = drafted(quiz.module, rekeyed(quiz.module), instructor)
    seen = browser.get(page).context
    take(other_learner, quiz, ["Mars"], now=at(1))
    chosen = {"regrade:planet-terbesar": "yes"}
    answer = browser.post(page, said(seen) | chosen)
    assert answer.context["trouble"]
    assert Regrade.objects.count() == 0
    browser.post(page, said(answer.context) | chosen)
    assert Regrade.objects.count() == 2


def test_two_regrades_are_applied_only_once_their_sum_was_shown(browser, instructor, learner):
    quiz = a_quiz(QUIZ + "\n### Planet terdekat?\n\n- [x] Bumi\n- [ ] Merkurius\n")
    take(learner, quiz, ["Jupiter", "Merkurius"])
    text = rekeyed(quiz.module).replace("[x] Bumi", "[ ] Bumi").replace("[ ] Merkurius", "[x] Merkurius")
    page = drafted(quiz.module, text, instructor)
    both = {"regrade:planet-terbesar": "yes", "regrade:planet-terdekat": "yes"}
    answer = pressed(browser, page, **both)
    assert answer.context["trouble"]
    assert answer.context["together"]
    browser.post(page, said(answer.context) | both)
    assert Regrade.objects.count() == 2


def test_a_module_that_changed_meanwhile_is_planned_anew(browser, instructor):
    module = a_module()
    page = drafted(module, CHANGED, instructor)
    seen = browser.get(page).context["plan"].base_revision
    a_module(PLANETS.replace("Neptunus", "Neptunus, Pluto"))
    answer = browser.post(page, {"base_revision": seen, "action": "load"})
    assert answer.context["trouble"]
    assert answer.context["is_behind"]
    assert "Pluto" in Module.objects.get().text()


def test_a_text_that_was_not_shown_is_not_applied(browser, instructor, learner):
    module = a_module()
    read_all(learner, module)
    page = drafted(module, CHANGED, instructor)
    seen = browser.get(page).context
    Draft.objects.update(text=READABLE)  # in another window
    answer = browser.post(page, said(seen))
    assert answer.context["trouble"]
    assert answer.context["plan"].document.text == READABLE
    assert Module.objects.get().text() == PLANETS
    browser.post(page, said(answer.context))
    assert Module.objects.get().text() == READABLE


def test_a_picture_that_was_not_shown_is_not_applied(browser, instructor):
    page = drafted(a_module(), CHANGED, instructor)
    seen = browser.get(page).context
    Image.objects.create(draft=Draft.objects.get(), path="a.png", file="a.png")
    assert browser.post(page, said(seen)).context["trouble"]
    assert Module.objects.get().text() == PLANETS


def test_what_is_typed_into_a_draft_while_it_is_loaded_is_not_lost_with_it(instructor):
    module = a_module()
    drafted(module, CHANGED, instructor)
    draft = Draft.objects.get()
    planned = planning.plan_document(module, uploads.parse_with_images(draft.text, module=module))
    Draft.objects.update(text=CHANGED + "\nSatu jam kerja.\n")
    with pytest.raises(apply.ModuleChanged):
        apply.apply_draft(draft, planned, now=at(1))
    assert "Satu jam" in Draft.objects.get().text


def test_a_plan_that_is_applied_twice_leads_to_the_module(browser, instructor):
    module = a_module()
    page = drafted(module, CHANGED, instructor)
    seen = browser.get(page).context
    browser.post(page, said(seen))
    answer = browser.post(page, said(seen), follow=True)
    assert answer.redirect_chain == [(f"/admin/modules/module/{module.pk}/change/", 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["success", "info"]
    assert module.revisions.count() == 2


def test_who_finishes_by_it_is_said(browser, instructor, learner):
    module = a_module()
    read_all(learner, module)
    page = drafted(module, READABLE, instructor)
    shown = browser.get(page)
    assert shown.context["plan"].finishes == 1
    with translation.override("en"):
        assert effects.consequences(shown.context["plan"])[0] == "1 learner finishes by this."
    assert shown.context["consequences"][0] in words(shown)
    pressed(browser, page)
    assert Enrolment.objects.get().finished_at is not None


def test_an_unpublished_module_is_applied_and_published_at_once(browser, instructor):
    module = a_module(published=False)
    pressed(browser, drafted(module, CHANGED, instructor), "publish")
    assert Module.objects.get().published_by == instructor


def test_decisions_hold_only_what_can_have_been_chosen():
    sent = {
        "meant:section:a": "12",
        "meant:section:b": "",
        "meant:question:c": "' OR 1",
        "meant:choice:d:key": "other",
        "tell:a": "again",
        "tell:b": "shout",
        "regrade:a": "yes",
        "regrade:b": "no",
        "text": "again",
    }
    assert decisions_from(sent) == Decisions(
        meant={"section:a": "12", "section:b": "", "choice:d:key": "other"},
        tell={"a": "again"},
        regrade=frozenset({"a"}),
    )


def rekeyed(module: Module) -> str:
    return module.text().replace("[x] Mars", "[ ] Mars").replace("[ ] Jupiter", "[x] Jupiter")


def ambiguous(learner) -> tuple[Module, str]:
    """A module, and a text in which one section could be either of two that were read."""
    module = a_module("# M\n\n## Inti\n\nProton dan neutron.\n" + 2 * TWIN)
    read_all(learner, module)
    return module, "# M\n\n## Inti\n\nProton dan neutron.\n" + TWIN
