"""Tests that a plan states exactly what loading will do, and that planning writes nothing."""

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

ATOM = dedent("""\
    # Atom

    ## Inti

    Inti atom tersusun dari proton dan neutron yang terikat oleh gaya kuat. Massanya hampir seluruh massa atom.

    ## Kulit

    Elektron menempati kulit di sekeliling inti. Kulit terluar menentukan sifat kimia sebuah unsur.

    ## Gas mulia

    Gas mulia hampir tidak bereaksi, sebab kulit terluarnya sudah penuh. Helium dan neon termasuk di dalamnya.

    """)
NUCLEUS, SHELL, NOBLE_GASES = ATOM.split("## ")[1:]
PLANET_QUESTION = "### Planet terbesar?\n\n- [x] Mars\n- [ ] Jupiter\n- [ ] Bumi\n"


def plan(module: Module, text: str, **decisions) -> Plan:
    module = Module.objects.get(pk=module.pk)
    return planning.plan_document(
        module, uploads.parse_with_images(text, module=module), Decisions(**decisions)
    )


def load(module: Module, text: str, **decisions) -> Plan:
    planned = plan(module, text, **decisions)
    apply.apply_plan(planned, by=None, now=at(60))
    return planned


def states_by_title(planned: Plan) -> dict[str, tuple[str, ...]]:
    return {
        change.title: change.states for change in planned.changes if change.kind in ("section", "question")
    }


def read_titles(learner, module: Module) -> list[str]:
    return [stop.title for stop in outlines.outline(module, learner).stops if stop.is_read]


# ------------------------------------------------------------------------------------------------- sections


def test_unchanged_parts_are_not_called_changed():
    module = a_module(ATOM)
    planned = plan(module, ATOM)
    assert planned.changes_nothing
    assert states_by_title(planned) == {"Inti": (), "Kulit": (), "Gas mulia": ()}
    assert planned.numbers == {}


def test_added_section_does_not_change_the_one_before(learner):
    text = READABLE.rstrip()
    module = a_module(text)
    read_all(learner, module)
    longer = f"{text}\n\n## Pluto\n\nBukan planet."
    planned = load(module, longer)
    assert states_by_title(planned) == {"Planet dalam": (), "Planet luar": (), "Pluto": ("new",)}
    assert Module.objects.get().text() == longer
    planned = load(module, longer.replace("\n", "\r\n"))
    assert planned.numbers == {}
    assert Module.objects.get().text() == longer.replace("\n", "\r\n")


def test_each_change_has_its_state():
    module = a_module(ATOM)
    text = (
        "# Atom\n\n## Gas mulia\n\n" + NOBLE_GASES.partition("\n\n")[2] + "## Nukleus\n\n" + NUCLEUS.partition("\n\n")[2]
        + "## Baru\n\nSama sekali baru.\n\n"
    )  # fmt: skip
    planned = plan(module, text)
    assert states_by_title(planned) == {
        "Gas mulia": ("moved",),
        "Nukleus": ("renamed",),
        "Baru": ("new",),
        "Kulit": ("removed",),
    }
    assert planned.numbers == {"new": 1, "renamed": 1, "moved": 1, "deleted": 1}


def test_planning_writes_nothing(learner, django_assert_num_queries):
    module = a_module(ATOM)
    read_all(learner, module)
    before = (
        [*Section.objects.values_list()],
        [*Reading.objects.values_list()],
        [*Module.objects.values_list()],
    )
    plan(module, ATOM.replace("## Inti", "## Nukleus").replace("penuh", "lengkap"))
    assert before == (
        [*Section.objects.values_list()], [*Reading.objects.values_list()], [*Module.objects.values_list()],
    )  # fmt: skip


def test_renamed_section_stays_read(learner):
    module = a_module(ATOM)
    progress.record_reading(learner, Section.objects.get(title="Inti"), now=NOON)
    load(module, ATOM.replace("## Inti", "## Nukleus"))
    assert read_titles(learner, module) == ["Nukleus"]


def test_sections_with_swapped_headings_keep_their_readings(learner):
    module = a_module(ATOM)
    progress.record_reading(learner, Section.objects.get(title="Inti"), now=NOON)
    inti, kulit = NUCLEUS.partition("\n\n")[2], SHELL.partition("\n\n")[2]
    load(module, f"# Atom\n\n## Inti\n\n{kulit}## Kulit\n\n{inti}## {NOBLE_GASES}")
    assert read_titles(learner, module) == ["Kulit"]
    assert [section.identity for section in module.sections.active()] == ["inti", "kulit", "gas-mulia"]


def test_split_section_stays_read_in_both_halves(learner):
    example = (
        "Helium mengisi balon dan neon menyala merah di papan iklan; argon melindungi logam panas saat dilas."
    )
    module = a_module(ATOM.replace("Helium dan neon termasuk di dalamnya.", example))
    progress.record_reading(learner, Section.objects.get(title="Gas mulia"), now=NOON)
    planned = load(
        module, ATOM.replace(" Helium dan neon termasuk di dalamnya.", f"\n\n## Contoh\n\n{example}")
    )
    assert states_by_title(planned) == {
        "Inti": (),
        "Kulit": (),
        "Gas mulia": ("changed",),
        "Contoh": ("split",),
    }
    assert read_titles(learner, module) == ["Gas mulia", "Contoh"]


def test_merged_section_is_archived_with_its_readings(learner):
    module = a_module(ATOM)
    progress.record_reading(learner, Section.objects.get(title="Kulit"), now=NOON)
    merged = ATOM.replace("\n\n## Kulit\n\n", " ")
    planned = load(module, merged)
    assert states_by_title(planned) == {"Inti": ("changed", "merged"), "Kulit": ("removed",), "Gas mulia": ()}
    assert [change.relatives for change in planned.changes if change.title == "Kulit"] == [("Inti",)]

    load(module, ATOM)
    assert read_titles(learner, module) == ["Kulit"]


def test_merged_section_that_comes_out_again_has_all_its_readers(learner, other_learner):
    module = a_module(ATOM)
    progress.record_reading(other_learner, Section.objects.get(title="Inti"), now=NOON)
    merged = ATOM.replace("\n\n## Kulit\n\n", "\n\n")
    read_all(learner, module)
    load(module, merged, tell={"inti": "nothing"})
    Reading.objects.filter(enrolment__learner=learner).delete()
    read_all(learner, module)

    planned = load(module, ATOM.replace("## Kulit", "## Elektron"))
    assert states_by_title(planned)["Elektron"] == ("restored", "renamed")
    assert next(change.halves for change in planned.changes if change.title == "Inti") == ("Elektron",)
    assert read_titles(learner, module) == ["Inti", "Elektron", "Gas mulia"]
    assert read_titles(other_learner, module) == ["Inti"]  # read a text without the electrons
    assert planned.held_up == 1


def test_reader_of_the_whole_finishes_when_a_section_comes_out(learner):
    module = a_module(ATOM)
    read_all(learner, module)
    load(module, ATOM.replace("\n\n## Kulit\n\n", "\n\n") + "## Baru\n\nIni teks yang sama sekali baru.\n")
    Reading.objects.filter(section__title="Kulit").delete()
    Reading.objects.filter(section__title="Inti").delete()
    Enrolment.objects.update(finished_at=None)
    progress.record_reading(learner, Section.objects.get(title="Inti"), now=NOON)
    planned = load(module, ATOM)
    assert (planned.held_up, planned.finishes) == (0, 1)
    assert Enrolment.objects.get().finished_at == at(60)


def test_again_decision_keeps_reading_and_needs_new_one(learner):
    module = a_module(ATOM)
    read_all(learner, module)
    changed = ATOM.replace("hampir tidak bereaksi", "jarang sekali bereaksi dengan unsur lain apa pun")
    planned = load(module, changed, tell={"gas-mulia": "again"})

    assert [change.people for change in planned.changes if change.title == "Gas mulia"] == [1]
    assert read_titles(learner, module) == ["Inti", "Kulit"]
    assert Reading.objects.count() == 3

    progress.record_reading(learner, Section.objects.get(title="Gas mulia"), now=at(61))
    assert (Reading.objects.count(), Reading.objects.counting().count()) == (4, 3)


def test_default_announces_changes_but_no_typos(learner):
    module = a_module(ATOM)
    read_all(learner, module)
    planned = plan(
        module, ATOM.replace("seluruh massa", "seluruh masa").replace("neon termasuk", "neon juga argon")
    )
    assert {change.title: change.tell for change in planned.changes if change.states} == {
        "Inti": "nothing",
        "Gas mulia": "tell",
    }


def test_finished_learner_stays_finished_after_new_section(learner):
    module = a_module(ATOM)
    read_all(learner, module)
    load(module, ATOM + "## Baru\n\nSatu lagi.\n")
    assert Enrolment.objects.get().finished_at == NOON


def test_ambiguous_section_must_be_decided_before_loading(learner):
    exercise = "## {}\n\nKerjakan soal{} di buku latihan bersama teman sebangku.\n\n"
    twins = exercise.format("Latihan A", " 1") + exercise.format("Latihan B", " 2")
    module = a_module("# M\n\n## Inti\n\nProton dan neutron.\n\n" + twins)
    progress.record_reading(learner, module.sections.get(identity="latihan-b"), now=NOON)
    text = "# M\n\n## Inti\n\nProton dan neutron.\n\n" + exercise.format("Tugas", "")

    planned = plan(module, text)
    assert [ambiguity.title for ambiguity in planned.open_ambiguities] == ["Tugas"]
    with pytest.raises(DocumentError, match="Tugas"):
        apply.apply_plan(planned, by=None, now=NOON)

    second = next(candidate.key for candidate in planned.ambiguities[0].candidates if candidate.people)
    load(module, text, by_ambiguity={"section:tugas": second})
    assert read_titles(learner, module) == ["Tugas"]


def test_revision_stores_counts_of_its_changes():
    module = a_module(ATOM)
    load(module, ATOM.replace("# Atom", "# Atom dan inti").replace("## Inti", "## Nukleus"))
    assert module.revisions.first().changes == {"renamed": 1, "settings": 1}


# -------------------------------------------------------------------------------------- questions and choices


def test_answer_never_moves_to_another_choice(learner):
    quiz = a_quiz(PLANET_QUESTION)
    attempt = take(learner, quiz, ["Bumi"])
    load(
        quiz.module,
        quiz.module.text().replace("Bumi", "Saturnus").replace("Jupiter", "Jupiter yang besar sekali"),
    )
    second_version = QuestionVersion.objects.get(number=2)
    assert [
        choice["text"] for choice in second_version.choices if choice["key"] in attempt.responses.get().answer
    ] == []


def test_choice_with_fixed_typo_keeps_its_key(learner):
    quiz = a_quiz(PLANET_QUESTION.replace("Jupiter", "Jupitter"))
    attempt = take(learner, quiz, ["Jupitter"])
    load(quiz.module, quiz.module.text().replace("Jupitter", "Jupiter"))
    second_version = QuestionVersion.objects.get(number=2)
    assert [
        choice["text"] for choice in second_version.choices if choice["key"] in attempt.responses.get().answer
    ] == ["Jupiter"]


def text_with_right_key(quiz) -> str:
    """Returns the document of a quiz with its wrong key corrected."""
    return quiz.module.text().replace("[x] Mars", "[ ] Mars").replace("[ ] Jupiter", "[x] Jupiter")


def test_corrected_key_regrades_as_planned(learner, other_learner):
    quiz = a_quiz(PLANET_QUESTION)
    took_mars, took_jupiter = take(learner, quiz, ["Mars"]), take(other_learner, quiz, ["Jupiter"])
    regrade = frozenset({"planet-terbesar"})
    planned = load(quiz.module, text_with_right_key(quiz), regrade=regrade)

    effect = planned.effect
    assert (effect.attempts, effect.up, effect.down, effect.passes, effect.fails) == (2, 1, 1, 1, 1)
    took_mars.refresh_from_db()
    took_jupiter.refresh_from_db()
    assert (took_mars.grade, took_mars.is_passed) == (0, False)
    assert (took_jupiter.grade, took_jupiter.is_passed) == (100, True)
    assert [(row.mark_before, row.version.number) for row in Regrade.objects.order_by("pk")] == [
        (1, 2),
        (0, 2),
    ]


def test_corrected_key_keeps_grades_without_decision(learner):
    quiz = a_quiz(PLANET_QUESTION)
    attempt = take(learner, quiz, ["Mars"])
    planned = load(quiz.module, text_with_right_key(quiz))
    change = next(change for change in planned.changes if change.kind == "question")
    assert (change.effect.down, change.effect.fails, change.regrade) == (1, 1, False)
    attempt.refresh_from_db()
    assert attempt.grade == 100


def test_open_attempt_keeps_question_but_uses_corrected_key(learner):
    quiz = a_quiz(PLANET_QUESTION)
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")
    finished = take_as_another_learner(quiz)
    planned = load(
        quiz.module,
        text_with_right_key(quiz).replace("terbesar?", "yang terbesar?"),
        regrade={"planet-yang-terbesar"},
    )
    assert planned.open_attempts == 1
    assert attempt.responses.get().version.title == "Planet terbesar?"
    assert attempts.submit(attempt, now=at(70)).grade == 100
    finished.refresh_from_db()
    assert finished.grade == 0


def take_as_another_learner(quiz) -> Attempt:
    from tests.conftest import Role, person

    return take(person("lain@example.com", Role.LEARNER, "Lain"), quiz, ["Mars"])


def test_regrade_with_outdated_effect_is_refused(learner, other_learner):
    quiz = a_quiz(PLANET_QUESTION)
    take(learner, quiz, ["Mars"])
    planned = plan(quiz.module, text_with_right_key(quiz), regrade=frozenset({"planet-terbesar"}))
    take(other_learner, quiz, ["Mars"])
    with pytest.raises(apply.ModuleChanged):
        apply.apply_plan(planned, by=None, now=at(60))
    assert Question.objects.get().current.number == 1
    assert Regrade.objects.count() == 0


def test_reworded_question_keeps_its_versions(learner):
    quiz = a_quiz(PLANET_QUESTION)
    take(learner, quiz, ["Mars"])
    load(quiz.module, quiz.module.text().replace("Planet terbesar?", "Planet mana yang terbesar?"))
    assert [version.number for version in Question.objects.get().versions.all()] == [2, 1]


def test_restored_quiz_has_its_attempts(learner):
    quiz = a_quiz(PLANET_QUESTION)
    attempt = take(learner, quiz, ["Mars"])
    whole_text = quiz.module.text()
    load(quiz.module, whole_text.split("## Kuis akhir")[0])
    assert Module.objects.get().active_quiz is None
    load(quiz.module, whole_text)
    assert [*Module.objects.get().active_quiz.attempts.all()] == [attempt]
    assert Question.objects.get().current == attempt.responses.get().version


def test_result_shows_the_key_that_graded_it(learner, client):
    quiz = a_quiz(PLANET_QUESTION, front_matter="review: submitted\n")
    attempt = take(learner, quiz, ["Jupiter"])
    load(
        quiz.module,
        text_with_right_key(quiz) + "\n> Jupiter, sebelas kali Bumi.\n",
        regrade=frozenset({"planet-terbesar"}),
    )
    client.force_login(learner)
    page = client.get(f"/attempts/{attempt.pk}/result/")
    review = page.context["page"].reviews[0]
    assert (review.state, review.is_regraded) == ("right", True)
    assert [option.is_right for option in review.options] == [False, True, False]
    assert "sebelas kali Bumi" in review.explanation


def test_questions_of_removed_quiz_are_counted_once(learner):
    quiz = a_quiz(PLANET_QUESTION)
    take(learner, quiz, ["Mars"])
    whole_text = quiz.module.text()
    text_without_quiz = whole_text.split("## Kuis akhir")[0]
    assert load(quiz.module, text_without_quiz).numbers == {"archived": 1}
    assert load(quiz.module, text_without_quiz + "Lagi.\n").numbers == {"changed": 1}
    assert load(quiz.module, whole_text).numbers == {"restored": 1, "changed": 1}
    assert Question.objects.get().archived_at is None


def test_merged_section_under_other_heading_is_read_again(learner):
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


# ------------------------------------------------------------------------------------- exact effects


def test_split_half_stays_read_when_other_half_lapses(learner):
    module = a_module(ATOM)
    read_all(learner, module)
    new_section = "## Kulit terluar\n\nKulit terluar menentukan sifat kimia sebuah unsur, dan ikatan yang dibentuknya dengan lain.\n\n"
    whole_text = ATOM.replace("sebuah unsur.", "sebuah unsur, dan ikatan yang dibentuknya dengan lain.")
    load(module, whole_text)
    planned = load(
        module,
        whole_text.replace(" Kulit terluar menentukan", f" Kulit itu banyak.\n\n{new_section}").replace(
            "sifat kimia sebuah unsur, dan ikatan yang dibentuknya dengan lain.\n\n## Gas", "## Gas"
        ),
        tell={"kulit": "again"},
    )
    split = next(change for change in planned.changes if "split" in change.states)
    assert Reading.objects.counting().filter(section__identity=split.identity).count() == split.people == 1
    assert "Kulit" not in read_titles(learner, module)


def test_section_with_lapsed_readings_is_archived(learner):
    module = a_module(ATOM)
    read_all(learner, module)
    changed_text = ATOM.replace("gaya kuat", "gaya yang sangat kuat sekali")
    load(module, changed_text, tell={"inti": "again"})
    planned = load(
        module, changed_text.replace("## " + NUCLEUS.replace("gaya kuat", "gaya yang sangat kuat sekali"), "")
    )
    removed = next(change for change in planned.changes if "removed" in change.states)
    assert (removed.people, removed.past) == (1, 1)
    assert Section.objects.get(identity="inti").archived_at is not None


def test_unanswered_question_counts_no_people(learner, other_learner):
    quiz = a_quiz(PLANET_QUESTION)
    attempts.start(learner, quiz, now=NOON)
    give(attempts.start(other_learner, quiz, now=NOON), 1, "Mars")
    planned = plan(quiz.module, quiz.module.text().replace("Planet terbesar", "Planet yang terbesar"))
    (change,) = (change for change in planned.changes if change.kind == "question")
    assert (change.people, change.past) == (1, 2)


def test_ambiguous_choices_show_their_answers_and_key(learner, other_learner):
    quiz = a_quiz("### Suhu?\n\n- [ ] Suhu air meningkat\n- [x] Suhu air meluap\n- [ ] Tetap\n")
    take(learner, quiz, ["Suhu air meningkat"])
    take(other_learner, quiz, ["Tetap"])
    text = quiz.module.text().replace("meningkat", "menurun").replace("Suhu air meluap", "Suhu air membeku")
    (first, _second) = plan(quiz.module, text).open_ambiguities
    assert sorted(
        (candidate.title, candidate.people, candidate.is_right) for candidate in first.candidates
    ) == [
        ("Suhu air meluap", 0, True),
        ("Suhu air meningkat", 1, False),
    ]


def test_corrected_key_applies_to_open_attempt_alone(learner):
    quiz = a_quiz(PLANET_QUESTION)
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")
    planned = load(quiz.module, text_with_right_key(quiz), regrade=frozenset({"planet-terbesar"}))
    (change,) = (change for change in planned.changes if change.kind == "question")
    assert (change.open_attempts, change.effect.attempts, change.regrade) == (1, 0, True)
    assert attempts.submit(attempt, now=at(90)).grade == 100


def test_reworded_choice_keeps_key_when_first_wording_returns(learner):
    quiz = a_quiz("### Inti atom?\n\n- [ ] Negatif sekali\n- [x] Inti bermuatan positif\n")
    reworded = quiz.module.text().replace("Inti bermuatan positif", "Inti atom bermuatan positif")
    load(quiz.module, reworded)  # nobody has answered yet, so the plan has no ambiguity
    attempt = take(learner, quiz, ["Inti atom bermuatan positif"])
    text_with_both = reworded.replace(
        "- [ ] Negatif sekali\n", "- [ ] Negatif sekali\n- [ ] Inti bermuatan positif\n"
    )
    load(quiz.module, text_with_both, regrade=frozenset({"inti-atom"}))
    attempt.refresh_from_db()
    assert attempt.grade == 100


def test_ambiguous_choice_must_be_decided_before_loading(learner):
    quiz = a_quiz("### Syarat?\n\n- [ ] $D < 0$\n- [x] $D = 7$\n- [ ] tidak ada\n")
    attempt = take(learner, quiz, ["D < 0"])
    text = quiz.module.text().replace("- [ ] $D < 0$", "- [x] $D > 0$").replace("[x] $D = 7$", "[ ] $D = 7$")
    (ambiguity,) = plan(quiz.module, text).open_ambiguities
    with pytest.raises(DocumentError, match="may be an earlier choice reworded"):
        load(quiz.module, text)
    load(quiz.module, text, by_ambiguity={ambiguity.key: ""}, regrade=frozenset({"syarat"}))
    attempt.refresh_from_db()
    assert attempt.grade == 0
