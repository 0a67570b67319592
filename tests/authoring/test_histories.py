"""Tests edits that real authors made: short histories of a document, loaded one text after the other."""

from pathlib import Path

import pytest

from modules.authoring import apply, planning, translation, uploads
from modules.authoring.plan import Decisions, Plan
from modules.authoring.proposals import asked_of
from modules.models import Module, Question
from modules.reading import outlines, progress
from tests.cast import a_module, at, read_all, take

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent / "histories"


def text(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text()


def planned(name: str, **decisions) -> Plan:
    """Plans a text for the only module, or for a first one."""
    module = Module.objects.first()
    document = uploads.parse_with_images(text(name), module=module)
    return planning.plan_document(module, document, Decisions(**decisions))


def load(name: str, **decisions) -> Plan:
    """Loads a text as :func:`planned`, and returns its plan."""
    plan = planned(name, **decisions)
    apply.apply_plan(plan, by=None, now=at(60)).publish(by=None, now=at(60))
    return plan


def study(learner, *answers: str) -> None:
    """Reads the only module whole and takes its quiz."""
    module = Module.objects.get()
    read_all(learner, module)
    take(learner, module.active_quiz, [*answers])


def test_new_question_with_bare_choices_inherits_no_answers(learner):
    load("history-9-before")
    nile = Question.objects.get(place=0)
    study(learner, "Salah", "Tokyo", "Paris")
    plan = load("history-9-after")
    assert plan.ambiguities == ()
    nile.refresh_from_db()
    assert nile.archived_at
    later = load(
        "history-9-later", regrade=frozenset({Question.objects.get(place=2, archived_at=None).identity})
    )
    assert later.effect.attempts == 0
    assert nile.versions.count() == 1


def test_question_inserted_before_an_explanation_is_new(learner):
    load("history-10-before")
    question = Question.objects.get()
    study(learner, "basis dokumen")
    plan = load("history-10-after")
    assert plan.ambiguities == ()
    active = Question.objects.active().order_by("place")
    assert [row.pk == question.pk for row in active] == [True, False]
    assert active[1].versions.count() == 1


def rows_by_title() -> dict[str, int]:
    return dict(Module.objects.get().sections.active().values_list("title", "pk"))


def read_titles(learner) -> list[str]:
    return [stop.title for stop in outlines.outline(Module.objects.get(), learner).stops if stop.is_read]


def test_section_that_gives_a_subheading_away_keeps_its_row(learner):
    load("history-4-before")
    read_all(learner, Module.objects.get())
    before = rows_by_title()
    plan = load("history-4-after")
    after = rows_by_title()
    assert plan.ambiguities == ()
    assert before.items() <= after.items()
    assert read_titles(learner) == ["Menyalin berkas", "Menghapus berkas", "Sekali hilang"]


def test_section_rewritten_in_its_place_is_asked(learner):
    load("history-5-before")
    read_all(learner, Module.objects.get())
    plan = planned("history-5-after")
    asked = [(ambiguity.title, [c.title for c in ambiguity.candidates]) for ambiguity in plan.ambiguities]
    assert asked == [("Memasang perkakas di Windows", ["Memasang di Windows"])]


def read(learner, *titles: str) -> None:
    for section in Module.objects.get().sections.active().filter(title__in=titles):
        progress.record_reading(learner, section, now=at(1))


def test_merge_gives_no_reading_of_what_was_not_read(learner, other_learner):
    load("history-3-before")
    read(learner, "Bertani")
    read(other_learner, "Bertani", "Melaut")
    plan = load("history-3-after")
    nature = next(change for change in plan.changes if change.title == "Alam")
    assert (nature.tell, nature.partial) == ("rest", 1)
    assert read_titles(learner) == []
    assert read_titles(other_learner) == ["Alam"]


def test_merge_counts_as_read_if_the_instructor_says_so(learner):
    load("history-3-before")
    read(learner, "Bertani")
    load("history-3-after", tell={"alam": "tell"})
    assert read_titles(learner) == ["Alam"]


def short_sections(**paragraphs: str) -> str:
    return "# M\n\n" + "".join(f"## {title}\n\n{text}\n\n" for title, text in paragraphs.items())


def about(animal: str) -> str:
    return f"Paragraf ini membahas {animal} secara rinci, dengan contoh {animal} yang panjang."


@pytest.mark.parametrize("word", ["rest", "tell"])
def test_merge_of_short_sections_gives_no_reading_of_what_was_not_read(learner, other_learner, word):
    """Their words are few, and many of them are the same."""
    a_module(short_sections(Apel=about("apel"), Beruk=about("beruk"), Cicak=about("cicak")))
    read(learner, "Apel", "Beruk")
    read(other_learner, "Apel")
    module = Module.objects.get()
    text = short_sections(Apel=f"{about('apel')}\n\n{about('beruk')}", Cicak=about("cicak"))
    told = {} if word == "rest" else {"apel": word}
    document = uploads.parse_with_images(text, module=module)
    plan = planning.plan_document(module, document, Decisions(tell=told))
    apply.apply_plan(plan, by=None, now=at(60))
    merged = next(change for change in plan.changes if change.title == "Apel")
    assert (merged.tell, merged.partial) == (word, 1)
    assert read_titles(learner) == ["Apel"]
    assert read_titles(other_learner) == ([] if word == "rest" else ["Apel"])


def test_rest_of_a_section_that_takes_nothing_in_is_decided_anew(learner):
    load("history-3-before")
    read_all(learner, Module.objects.get())
    module = Module.objects.get()
    changed = module.text().replace("## Bertani\n", "## Bertani\n\nSebuah kalimat yang sama sekali baru.\n")
    document = uploads.parse_with_images(changed, module=module)
    plan = planning.plan_document(module, document, Decisions(tell={"bertani": "rest"}))
    assert next(change.tell for change in plan.changes if change.identity == "bertani") == "tell"
    apply.apply_plan(plan, by=None, now=at(60))


def test_kept_decision_about_a_part_that_is_gone_is_asked_again(learner):
    load("history-5-before")
    read_all(learner, Module.objects.get())
    (asked,) = planned("history-5-after").ambiguities
    for row, open_ambiguities in ((asked.candidates[0].key, 0), ("", 0), ("999999", 1)):
        plan = planned("history-5-after", by_ambiguity={asked.key: row})
        assert len(plan.open_ambiguities) == open_ambiguities
    decided = Decisions(by_ambiguity={asked.key: "999999"})
    again, _decisions = asked_of(
        lambda decisions: planned("history-5-after", by_ambiguity=decisions.by_ambiguity), decided
    )
    assert [(one.key, one.decision) for one in again] == [(asked.key, None)]


def test_merge_with_a_new_paragraph_has_to_be_read_again(learner):
    load("history-3-before")
    read(learner, "Bertani", "Melaut")
    added = text("history-3-after").replace(
        "# Buatan", "Petani dan nelayan bertemu di pasar setiap pagi.\n\n# Buatan"
    )
    module = Module.objects.get()
    plan = planning.plan_document(module, uploads.parse_with_images(added, module=module), Decisions())
    assert next(change for change in plan.changes if change.title == "Alam").tell == "again"


def test_translation_is_asked_once_and_paired_in_order(learner):
    load("history-6-before")
    read_all(learner, Module.objects.get())
    before = [*Module.objects.get().sections.active().values_list("pk", flat=True)]
    asked = planned("history-6-after").open_ambiguities
    assert [ambiguity.key for ambiguity in asked] == [translation.KEY]
    load("history-6-after", by_ambiguity={translation.KEY: translation.IN_ORDER})
    assert [*Module.objects.get().sections.active().values_list("pk", flat=True)] == before
    assert len(read_titles(learner)) == 3


def test_translation_without_a_section_is_asked_once(learner):
    load("history-6-before")
    read_all(learner, Module.objects.get())
    rows = {row.title: row.pk for row in Module.objects.get().sections.active()}
    start, _end = shorter = text("history-6-after").split("## Ringkasan", 1)
    assert len(shorter) == 2
    module = Module.objects.get()
    document = uploads.parse_with_images(start, module=module)
    asked = planning.plan_document(module, document).open_ambiguities
    assert [ambiguity.key for ambiguity in asked] == [translation.KEY]
    decisions = Decisions(by_ambiguity={translation.KEY: translation.IN_ORDER})
    plan = planning.plan_document(module, document, decisions)
    assert [*plan.kept.sections.values()] == [*rows.values()][:2]
    assert plan.open_ambiguities == ()


def test_document_that_is_no_translation_is_compared_part_by_part(learner):
    load("history-6-before")
    read_all(learner, Module.objects.get())
    plan = planned("history-6-after", by_ambiguity={translation.KEY: ""})
    kinds = {ambiguity.kind for ambiguity in plan.open_ambiguities}
    assert kinds <= {"section"}


def test_translated_quiz_keeps_its_answers(learner):
    quiz = "\n## Quiz\n\n### Which body is a star?\n\n- [x] Sun\n- [ ] Moon\n"
    kuis = "\n## Kuis akhir\n\n### Benda mana yang bintang?\n\n- [x] Matahari\n- [ ] Bulan\n"
    module = a_module(text("history-6-before") + quiz)
    read_all(learner, module)
    attempt = take(learner, module.active_quiz, ["Sun"])
    document = uploads.parse_with_images(text("history-6-after") + kuis, module=module)
    decisions = Decisions(by_ambiguity={translation.KEY: translation.IN_ORDER})
    plan = planning.plan_document(module, document, decisions)
    apply.apply_plan(plan, by=None, now=at(60))
    current = Question.objects.get().current
    assert [
        choice["text"] for choice in current.choices if choice["key"] in attempt.responses.get().answer
    ] == ["Matahari"]


WATER = """\
# Water

## Sea {#laut}

The sun heats the sea, and vapour rises at `20 °C` every morning of the year.

## Rain {#hujan}

Drops grow heavy in the clouds and fall on fields, roofs and roads, [mostly](https://example.org/rain).

## Kuis akhir {#kuis}

### What heats the sea? {#panas}

- [x] The sun
- [ ] The moon
- [ ] The wind
"""
AIR = """\
# Air

## Laut {#laut}

Matahari menghangatkan laut, lalu uap naik pada suhu `20 °C` setiap pagi sepanjang tahun.

## Hujan {#hujan}

Butir menjadi berat di awan, lalu jatuh ke ladang, atap dan jalan, [kebanyakan](https://example.org/rain).

## Kuis akhir {#kuis}

### Apa yang menghangatkan laut? {#panas}

- [x] Matahari
- [ ] Bulan
- [ ] Angin
"""


def test_translation_with_written_identities_is_asked_once(learner):
    module = a_module(WATER)
    read_all(learner, module)
    given = take(learner, module.active_quiz, ["The moon"]).responses.get()
    for text, name in ((AIR, "Bulan"), (WATER, "The moon")):
        module = Module.objects.get()
        document = uploads.parse_with_images(text, module=module)
        asked = planning.plan_document(module, document, Decisions()).open_ambiguities
        assert [ambiguity.key for ambiguity in asked] == ([translation.KEY] if text == AIR else [])
        decisions = Decisions(by_ambiguity={ambiguity.key: translation.IN_ORDER for ambiguity in asked})
        apply.apply_plan(planning.plan_document(module, document, decisions), by=None, now=at(60))
        choices = Question.objects.get().current.choices
        assert [choice["text"] for choice in choices if choice["key"] in given.answer] == [name]


def test_sweep_of_a_formatter_asks_nothing(learner):
    load("history-1-before")
    study(
        learner,
        "deque",
        "Fungsi mengembalikan None",
        'Fungsi "any()" bernilai benar bila ada satu anggota yang benar.',
    )
    plan = load("history-1-after")
    assert plan.ambiguities == ()
    kept = [choice for change in plan.changes for choice in change.choices if choice.before is None]
    assert kept == []


def test_reworded_right_choices_are_asked_with_a_proposal(learner):
    load("history-2-before")
    study(learner, "Tinjauan //benar?", "2.0", "O(n*n)")
    plan = planned("history-2-after")
    proposed = {
        ambiguity.title: next(c.title for c in ambiguity.candidates if c.key == ambiguity.proposal)
        for ambiguity in plan.open_ambiguities
    }
    assert proposed == {
        "Tinjauan (membahas apa yang tercapai selama putaran ini)": "Tinjauan //benar?",
        "O(n^2)": "O(n*n)",
        "O(n^3)": "O(nnn)",
    }


def test_merged_section_says_that_it_has_a_new_part(learner, other_learner, signed_in):
    load("history-3-before")
    read(learner, "Bertani")
    load("history-3-after")
    page = signed_in(learner).get("/modules/mata-pencaharian/alam/")
    assert "Ada bagian baru di sini" in page.content.decode()
    changes = signed_in(learner).get("/modules/mata-pencaharian/alam/changes/").content.decode()
    assert "Nelayan kapal nelayan buritan" in changes
