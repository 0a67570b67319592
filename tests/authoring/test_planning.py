"""A plan says what loading will do, to the digit, and writes nothing."""

from textwrap import dedent

import pytest

from modules.authoring import apply, planning, uploads
from modules.authoring.plan import Decisions, Plan
from modules.document.problems import DocumentError
from modules.models import Attempt, Enrolment, Module, Question, QuestionVersion, Reading, Regrade, Section
from modules.quizzes import attempts
from modules.reading import outlines, progress
from tests.cast import NOON, READABLE, a_module, a_quiz, at, give, read_all, take

pytestmark = pytest.mark.django_db

LONG = dedent("""\
    # Atom

    ## Inti

    Inti atom tersusun dari proton dan neutron yang terikat oleh gaya kuat. Massanya hampir seluruh massa atom.

    ## Kulit

    Elektron menempati kulit di sekeliling inti. Kulit terluar menentukan sifat kimia sebuah unsur.

    ## Gas mulia

    Gas mulia hampir tidak bereaksi, sebab kulit terluarnya sudah penuh. Helium dan neon termasuk di dalamnya.

    """)
INTI, KULIT, GAS = LONG.split("## ")[1:]
PLANET = "### Planet terbesar?\n\n- [x] Mars\n- [ ] Jupiter\n- [ ] Bumi\n"


def plan(module: Module, text: str, **decisions) -> Plan:
    module = Module.objects.get(pk=module.pk)
    return planning.plan_document(
        module, uploads.parse_with_images(text, module=module), Decisions(**decisions)
    )


def load(module: Module, text: str, **decisions) -> Plan:
    planned = plan(module, text, **decisions)
    apply.apply_plan(planned, by=None, now=at(60))
    return planned


def states(planned: Plan) -> dict[str, tuple[str, ...]]:
    return {
        change.title: change.states for change in planned.changes if change.kind in ("section", "question")
    }


def read_titles(learner, module: Module) -> list[str]:
    return [stop.title for stop in outlines.outline(module, learner).stops if stop.is_read]


# ------------------------------------------------------------------------------------------------- sections


def test_nothing_that_stays_is_called_changed():
    module = a_module(LONG)
    planned = plan(module, LONG)
    assert planned.changes_nothing
    assert states(planned) == {"Inti": (), "Kulit": (), "Gas mulia": ()}
    assert planned.numbers == {}


def test_what_comes_after_the_last_part_does_not_change_it(learner):
    text = READABLE.rstrip()
    module = a_module(text)
    read_all(learner, module)
    longer = f"{text}\n\n## Pluto\n\nBukan planet."
    planned = load(module, longer)
    assert states(planned) == {"Planet dalam": (), "Planet luar": (), "Pluto": ("new",)}
    assert Module.objects.get().text() == longer
    planned = load(module, longer.replace("\n", "\r\n"))
    assert planned.numbers == {}
    assert Module.objects.get().text() == longer.replace("\n", "\r\n")


def test_every_change_has_its_word():
    module = a_module(LONG)
    text = (
        "# Atom\n\n## Gas mulia\n\n" + GAS.partition("\n\n")[2] + "## Nukleus\n\n" + INTI.partition("\n\n")[2]
        + "## Baru\n\nSama sekali baru.\n\n"
    )  # fmt: skip
    planned = plan(module, text)
    assert states(planned) == {
        "Gas mulia": ("moved",),
        "Nukleus": ("renamed",),
        "Baru": ("new",),
        "Kulit": ("removed",),
    }
    assert planned.numbers == {"new": 1, "renamed": 1, "moved": 1, "deleted": 1}


def test_planning_writes_nothing(learner, django_assert_num_queries):
    module = a_module(LONG)
    read_all(learner, module)
    before = (
        [*Section.objects.values_list()],
        [*Reading.objects.values_list()],
        [*Module.objects.values_list()],
    )
    plan(module, LONG.replace("## Inti", "## Nukleus").replace("penuh", "lengkap"))
    assert before == (
        [*Section.objects.values_list()], [*Reading.objects.values_list()], [*Module.objects.values_list()],
    )  # fmt: skip


def test_a_renamed_section_stays_read(learner):
    module = a_module(LONG)
    progress.record_reading(learner, Section.objects.get(title="Inti"), now=NOON)
    load(module, LONG.replace("## Inti", "## Nukleus"))
    assert read_titles(learner, module) == ["Nukleus"]


def test_two_sections_that_swap_headings_and_places_stay_what_they_are(learner):
    module = a_module(LONG)
    progress.record_reading(learner, Section.objects.get(title="Inti"), now=NOON)
    inti, kulit = INTI.partition("\n\n")[2], KULIT.partition("\n\n")[2]
    load(module, f"# Atom\n\n## Inti\n\n{kulit}## Kulit\n\n{inti}## {GAS}")
    assert read_titles(learner, module) == ["Kulit"]
    assert [section.identity for section in module.sections.active()] == ["inti", "kulit", "gas-mulia"]


def test_who_has_read_a_section_has_read_both_its_halves(learner):
    example = (
        "Helium mengisi balon dan neon menyala merah di papan iklan; argon melindungi logam panas saat dilas."
    )
    module = a_module(LONG.replace("Helium dan neon termasuk di dalamnya.", example))
    progress.record_reading(learner, Section.objects.get(title="Gas mulia"), now=NOON)
    planned = load(
        module, LONG.replace(" Helium dan neon termasuk di dalamnya.", f"\n\n## Contoh\n\n{example}")
    )
    assert states(planned) == {"Inti": (), "Kulit": (), "Gas mulia": ("changed",), "Contoh": ("split",)}
    assert read_titles(learner, module) == ["Gas mulia", "Contoh"]


def test_a_section_that_went_into_another_is_archived_with_its_readings(learner):
    module = a_module(LONG)
    progress.record_reading(learner, Section.objects.get(title="Kulit"), now=NOON)
    merged = LONG.replace("\n\n## Kulit\n\n", " ")
    planned = load(module, merged)
    assert states(planned) == {"Inti": ("changed", "merged"), "Kulit": ("removed",), "Gas mulia": ()}
    assert [change.relatives for change in planned.changes if change.title == "Kulit"] == [("Inti",)]

    load(module, LONG)
    assert read_titles(learner, module) == ["Kulit"]


def test_asking_to_read_again_keeps_the_reading_and_asks_for_another(learner):
    module = a_module(LONG)
    read_all(learner, module)
    changed = LONG.replace("hampir tidak bereaksi", "jarang sekali bereaksi dengan unsur lain apa pun")
    planned = load(module, changed, tell={"gas-mulia": "again"})

    assert [change.people for change in planned.changes if change.title == "Gas mulia"] == [1]
    assert read_titles(learner, module) == ["Inti", "Kulit"]
    assert Reading.objects.count() == 3

    progress.record_reading(learner, Section.objects.get(title="Gas mulia"), now=at(61))
    assert (Reading.objects.count(), Reading.objects.counting().count()) == (4, 3)


def test_a_change_is_told_and_a_typo_is_not(learner):
    module = a_module(LONG)
    read_all(learner, module)
    planned = plan(
        module, LONG.replace("seluruh massa", "seluruh masa").replace("neon termasuk", "neon juga argon")
    )
    assert {one.title: one.tell for one in planned.changes if one.states} == {
        "Inti": "nothing",
        "Gas mulia": "tell",
    }


def test_finished_stays_finished(learner):
    module = a_module(LONG)
    read_all(learner, module)
    load(module, LONG + "## Baru\n\nSatu lagi.\n")
    assert Enrolment.objects.get().finished_at == NOON


def test_what_could_be_either_is_asked_and_nothing_is_loaded_before(learner):
    twins = "# M\n\n## Latihan\n\nKerjakan.\n\n## Inti\n\nProton dan neutron.\n\n## Latihan\n\nKerjakan.\n"
    module = a_module(twins)
    progress.record_reading(learner, module.sections.get(identity="latihan-2"), now=NOON)
    text = "# M\n\n## Inti\n\nProton dan neutron.\n\n## Latihan\n\nKerjakan.\n"

    planned = plan(module, text)
    assert [ambiguity.title for ambiguity in planned.open_ambiguities] == ["Latihan"]
    with pytest.raises(DocumentError, match="Latihan"):
        apply.apply_plan(planned, by=None, now=NOON)

    second = next(one.key for one in planned.ambiguities[0].candidates if one.people)
    load(module, text, meant={"section:latihan": second})
    assert read_titles(learner, module) == ["Latihan"]


def test_the_revision_keeps_what_it_changed():
    module = a_module(LONG)
    load(module, LONG.replace("# Atom", "# Atom dan inti").replace("## Inti", "## Nukleus"))
    assert module.revisions.first().changes == {"renamed": 1, "settings": 1}


# -------------------------------------------------------------------------------------- questions and choices


def test_an_answer_never_lands_on_another_choice(learner):
    quiz = a_quiz(PLANET)
    attempt = take(learner, quiz, ["Bumi"])
    load(
        quiz.module,
        quiz.module.text().replace("Bumi", "Saturnus").replace("Jupiter", "Jupiter yang besar sekali"),
    )
    later = QuestionVersion.objects.get(number=2)
    assert [one["text"] for one in later.choices if one["key"] in attempt.responses.get().answer] == []


def test_a_mistyped_choice_keeps_its_key(learner):
    quiz = a_quiz(PLANET.replace("Jupiter", "Jupitter"))
    attempt = take(learner, quiz, ["Jupitter"])
    load(quiz.module, quiz.module.text().replace("Jupitter", "Jupiter"))
    later = QuestionVersion.objects.get(number=2)
    assert [one["text"] for one in later.choices if one["key"] in attempt.responses.get().answer] == [
        "Jupiter"
    ]


def mended(quiz) -> str:
    """The document with the right answer, which it had wrong."""
    return quiz.module.text().replace("[x] Mars", "[ ] Mars").replace("[ ] Jupiter", "[x] Jupiter")


def test_a_mended_key_says_what_it_does_and_does_it(learner, other_learner):
    quiz = a_quiz(PLANET)
    took_mars, took_jupiter = take(learner, quiz, ["Mars"]), take(other_learner, quiz, ["Jupiter"])
    regrade = frozenset({"planet-terbesar"})
    planned = load(quiz.module, mended(quiz), regrade=regrade)

    effect = planned.effect
    assert (effect.attempts, effect.up, effect.down, effect.passes, effect.fails) == (2, 1, 1, 1, 1)
    took_mars.refresh_from_db()
    took_jupiter.refresh_from_db()
    assert (took_mars.grade, took_mars.is_passed) == (0, False)
    assert (took_jupiter.grade, took_jupiter.is_passed) == (100, True)
    assert [(one.mark_before, one.version.number) for one in Regrade.objects.order_by("pk")] == [
        (1, 2),
        (0, 2),
    ]


def test_without_a_word_grades_stay(learner):
    quiz = a_quiz(PLANET)
    attempt = take(learner, quiz, ["Mars"])
    planned = load(quiz.module, mended(quiz))
    change = next(one for one in planned.changes if one.kind == "question")
    assert (change.effect.down, change.effect.fails, change.regrade) == (1, 1, False)
    attempt.refresh_from_db()
    assert attempt.grade == 100


def test_an_attempt_under_way_keeps_its_question_and_is_graded_with_the_mended_key(learner):
    quiz = a_quiz(PLANET)
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")
    finished = take_as_other(quiz)
    planned = load(
        quiz.module, mended(quiz).replace("terbesar?", "yang terbesar?"), regrade={"planet-yang-terbesar"}
    )
    assert planned.open_attempts == 1
    assert attempt.responses.get().version.title == "Planet terbesar?"
    assert attempts.submit(attempt, now=at(70)).grade == 100
    finished.refresh_from_db()
    assert finished.grade == 0


def take_as_other(quiz) -> Attempt:
    from tests.conftest import Role, person

    return take(person("lain@example.com", Role.LEARNER, "Lain"), quiz, ["Mars"])


def test_a_regrade_that_would_do_more_than_it_said_is_planned_again(learner, other_learner):
    quiz = a_quiz(PLANET)
    take(learner, quiz, ["Mars"])
    planned = plan(quiz.module, mended(quiz), regrade=frozenset({"planet-terbesar"}))
    take(other_learner, quiz, ["Mars"])
    with pytest.raises(apply.ModuleChanged):
        apply.apply_plan(planned, by=None, now=at(60))
    assert Question.objects.get().current.number == 1
    assert Regrade.objects.count() == 0


def test_a_reworded_question_goes_on_with_its_versions(learner):
    quiz = a_quiz(PLANET)
    take(learner, quiz, ["Mars"])
    load(quiz.module, quiz.module.text().replace("Planet terbesar?", "Planet manakah yang paling besar?"))
    assert [version.number for version in Question.objects.get().versions.all()] == [2, 1]


def test_a_quiz_that_is_gone_comes_back_with_its_attempts(learner):
    quiz = a_quiz(PLANET)
    attempt = take(learner, quiz, ["Mars"])
    whole = quiz.module.text()
    load(quiz.module, whole.split("## Kuis akhir")[0])
    assert Module.objects.get().active_quiz is None
    load(quiz.module, whole)
    assert [*Module.objects.get().active_quiz.attempts.all()] == [attempt]
    assert Question.objects.get().current == attempt.responses.get().version


def test_the_result_shows_the_key_that_graded_it(learner, client):
    quiz = a_quiz(PLANET, front_matter="review: submitted\n")
    attempt = take(learner, quiz, ["Jupiter"])
    load(
        quiz.module,
        mended(quiz) + "\n> Jupiter, sebelas kali Bumi.\n",
        regrade=frozenset({"planet-terbesar"}),
    )
    client.force_login(learner)
    page = client.get(f"/attempts/{attempt.pk}/result/")
    review = page.context["reviews"][0]
    assert (review.state, review.is_regraded) == ("right", True)
    assert [option.is_right for option in review.options] == [False, True, False]
    assert "sebelas kali Bumi" in review.explanation


def test_the_questions_of_a_quiz_that_is_gone_are_gone_once(learner):
    quiz = a_quiz(PLANET)
    take(learner, quiz, ["Mars"])
    whole = quiz.module.text()
    without = whole.split("## Kuis akhir")[0]
    assert load(quiz.module, without).numbers == {"archived": 1}
    assert load(quiz.module, without + "Lagi.\n").numbers == {"changed": 1}
    assert load(quiz.module, whole).numbers == {"restored": 1, "changed": 1}
    assert Question.objects.get().archived_at is None


def test_a_section_is_asked_again_whose_heading_another_one_had_that_goes(learner):
    module = a_module(READABLE)
    read_all(learner, module)
    inner = "Merkurius, Venus, Bumi, Mars."
    text = f"# Tata surya\n\nDelapan planet.\n\n## Planet luar\n\n{inner} Bumi kita huni.\n"
    decisions = Decisions(tell={"planet-luar": "again"})

    apply.apply_plan(
        planning.plan_document(module, uploads.parse_with_images(text), decisions), by=None, now=NOON
    )

    section = Section.objects.active().get()
    assert section.former_texts.get().identity == "planet-dalam"
    assert not section.readings.counting().exists()


# ------------------------------------------------------------------------- what the page says is what happens


def test_who_read_the_whole_has_read_the_half_also_where_the_other_half_is_asked_again(learner):
    module = a_module(LONG)
    read_all(learner, module)
    half = "## Kulit terluar\n\nKulit terluar menentukan sifat kimia sebuah unsur, dan ikatan yang dibentuknya dengan lain.\n\n"
    whole = LONG.replace("sebuah unsur.", "sebuah unsur, dan ikatan yang dibentuknya dengan lain.")
    load(module, whole)
    planned = load(
        module,
        whole.replace(" Kulit terluar menentukan", f" Kulit itu banyak.\n\n{half}").replace(
            "sifat kimia sebuah unsur, dan ikatan yang dibentuknya dengan lain.\n\n## Gas", "## Gas"
        ),
        tell={"kulit": "again"},
    )
    split = next(change for change in planned.changes if "split" in change.states)
    assert Reading.objects.counting().filter(section__identity=split.identity).count() == split.people == 1
    assert "Kulit" not in read_titles(learner, module)


def test_what_has_lapsed_readings_alone_is_archived_and_said_to_be(learner):
    module = a_module(LONG)
    read_all(learner, module)
    other = LONG.replace("gaya kuat", "gaya yang sangat kuat sekali")
    load(module, other, tell={"inti": "again"})
    planned = load(
        module, other.replace("## " + INTI.replace("gaya kuat", "gaya yang sangat kuat sekali"), "")
    )
    gone = next(change for change in planned.changes if "removed" in change.states)
    assert (gone.people, gone.past) == (1, 1)
    assert Section.objects.get(identity="inti").archived_at is not None


def test_who_was_only_asked_has_not_answered(learner, other_learner):
    quiz = a_quiz(PLANET)
    attempts.start(learner, quiz, now=NOON)
    give(attempts.start(other_learner, quiz, now=NOON), 1, "Mars")
    planned = plan(quiz.module, quiz.module.text().replace("Planet terbesar", "Planet yang terbesar"))
    (change,) = (one for one in planned.changes if one.kind == "question")
    assert (change.people, change.past) == (1, 2)


def test_a_doubt_about_choices_says_how_many_chose_each_and_which_was_right(learner, other_learner):
    quiz = a_quiz("### Suhu?\n\n- [ ] Suhu air meningkat\n- [x] Suhu air meluap\n- [ ] Tetap\n")
    take(learner, quiz, ["Suhu air meningkat"])
    take(other_learner, quiz, ["Tetap"])
    text = quiz.module.text().replace("meningkat", "menurun").replace("Suhu air meluap", "Suhu air membeku")
    (first, _second) = plan(quiz.module, text).open_ambiguities
    assert sorted((one.title, one.people, one.is_right) for one in first.candidates) == [
        ("Suhu air meluap", 0, True),
        ("Suhu air meningkat", 1, False),
    ]


def test_an_attempt_under_way_can_have_the_mended_key_where_none_is_submitted(learner):
    quiz = a_quiz(PLANET)
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")
    planned = load(quiz.module, mended(quiz), regrade=frozenset({"planet-terbesar"}))
    (change,) = (one for one in planned.changes if one.kind == "question")
    assert (change.open_attempts, change.effect.attempts, change.regrade) == (1, 0, True)
    assert attempts.submit(attempt, now=at(90)).grade == 100


def test_the_first_wording_of_a_choice_leaves_its_key_with_the_later_one(learner):
    quiz = a_quiz("### Inti atom?\n\n- [ ] Negatif sekali\n- [x] Inti bermuatan positif\n")
    later = quiz.module.text().replace("Inti bermuatan positif", "Inti atom bermuatan positif")
    load(quiz.module, later)  # nobody has answered yet, so that nothing is asked
    attempt = take(learner, quiz, ["Inti atom bermuatan positif"])
    both = later.replace("- [ ] Negatif sekali\n", "- [ ] Negatif sekali\n- [ ] Inti bermuatan positif\n")
    load(quiz.module, both, regrade=frozenset({"inti-atom"}))
    attempt.refresh_from_db()
    assert attempt.grade == 100


def test_a_choice_that_may_say_something_else_waits_for_a_word(learner):
    quiz = a_quiz("### Syarat?\n\n- [ ] $D < 0$\n- [x] $D = 7$\n- [ ] tidak ada\n")
    attempt = take(learner, quiz, ["D < 0"])
    text = quiz.module.text().replace("- [ ] $D < 0$", "- [x] $D > 0$").replace("[x] $D = 7$", "[ ] $D = 7$")
    (ambiguity,) = plan(quiz.module, text).open_ambiguities
    with pytest.raises(DocumentError, match="may be an earlier choice reworded"):
        load(quiz.module, text)
    load(quiz.module, text, meant={ambiguity.key: ""}, regrade=frozenset({"syarat"}))
    attempt.refresh_from_db()
    assert attempt.grade == 0
