"""Loading: what goes in comes out, whole or not at all, and nobody's work is lost."""

from textwrap import dedent

import pytest
from django.utils import timezone

from modules.authoring import apply, planning, uploads
from modules.document.problems import DocumentError
from modules.document.syntax import source
from modules.models import Module, QuestionVersion, Reading, Revision, Section
from modules.reading import outlines, progress
from tests.cast import NOON, PLANETS, READABLE, a_module, a_quiz, read_all, take

pytestmark = pytest.mark.django_db


def load(text: str, module: Module | None = None) -> Module:
    module = module and Module.objects.get(pk=module.pk)
    return apply.apply_plan(
        planning.plan_document(module, uploads.parse_with_images(text, module=module)), by=None, now=NOON
    )


def test_a_document_becomes_sections_and_questions():
    module = a_module(PLANETS)
    assert [section.title for section in module.sections.active()] == ["Planet dalam", "Planet luar"]
    assert [str(question) for question in module.quiz.questions.active()] == [
        "Planet terbesar?", "Planet luar yang mana?", "Planet keempat?", "Jumlah planet?",
    ]  # fmt: skip
    kinds = QuestionVersion.objects.order_by("question__place").values_list("kind", flat=True)
    assert list(kinds) == ["single", "multiple", "short", "numerical"]


@pytest.mark.parametrize(
    "text",
    [
        PLANETS,
        PLANETS.replace("\n", "\r\n"),
        PLANETS.replace("\n", "\r"),
        "\ufeff" + PLANETS,
        "---\npass_mark: 80\naneh: ya\n---\n" + PLANETS.rstrip("\n"),
        PLANETS.replace("## Planet dalam", "Planet dalam\n------------"),
        "tanpa judul",
        "# Satu\n\n## Sama\n\na\n\n## Sama\n\nb\n",
        "# Kuis di tengah\n\n## A\n\na\n\n## Kuis\n\n### Apa?\n\n- [x] a\n- [ ] b\n\n## B\n\n[x]: https://example.org\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_the_same_bytes_come_out(text, encoding):
    content = ("\ufeff" + text if encoding != "utf-8" else text).encode(encoding)
    upload = uploads.open_upload(content, "modul.md")
    module = apply.apply_upload(uploads.plan_upload(upload), upload, by=None, now=NOON)
    again = Module.objects.get(pk=module.pk)
    assert source.encode(again.text(), again.encoding) == content


def test_a_wrong_document_writes_nothing():
    plan = planning.plan_document(
        None, uploads.parse_with_images("# M\n\n## A\n\na\n\n## Kuis akhir\n\n### Apa?\n\n- [ ] a\n- [ ] b\n")
    )
    with pytest.raises(DocumentError):
        apply.apply_plan(plan, by=None, now=NOON)
    assert not Module.objects.exists()


def test_each_load_keeps_the_document():
    module = a_module(READABLE)
    load(READABLE.replace("Delapan", "8"), module)
    assert [revision.text[:30] for revision in Revision.objects.order_by("number")] == [
        READABLE[:30], READABLE.replace("Delapan", "8")[:30],
    ]  # fmt: skip


def test_readings_survive_a_changed_text(learner):
    module = a_module(READABLE)
    read_all(learner, module)
    load(
        READABLE.replace("Mars.", "dan Mars.").replace(
            "## Planet luar", "## Awal\n\nBaru.\n\n## Planet luar"
        ),
        module,
    )
    read = outlines.outline(module, learner).stops
    assert [(stop.title, stop.is_read) for stop in read] == [
        ("Planet dalam", True), ("Awal", False), ("Planet luar", True),
    ]  # fmt: skip


def test_a_section_that_was_read_is_archived_and_comes_back_read(learner):
    module = a_module(READABLE)
    read_all(learner, module)

    load(READABLE.split("## Planet luar")[0], module)
    assert [stop.title for stop in outlines.outline(module, learner).stops] == ["Planet dalam"]
    assert Reading.objects.count() == 2

    load(READABLE, module)
    assert [stop.is_read for stop in outlines.outline(module, learner).stops] == [True, True]


def test_an_answered_question_that_is_gone_is_archived_and_comes_back(learner):
    quiz = a_quiz("### A?\n\n- [x] a\n- [ ] b\n\n### B?\n\n- [x] a\n- [ ] b\n")
    whole = quiz.module.text()
    attempt = take(learner, quiz, ["a", "b"])

    load(whole.split("### B?")[0], quiz.module)
    assert [str(question) for question in quiz.questions.active()] == ["A?"]
    assert attempt.responses.count() == 2

    load(whole, quiz.module)
    assert QuestionVersion.objects.count() == 2


def test_a_question_that_nobody_has_changes_in_place():
    quiz = a_quiz("### A?\n\n- [x] a\n- [ ] b\n")
    load(quiz.module.text().replace("[ ] b", "[ ] c"), quiz.module)
    assert [choice["text"] for choice in QuestionVersion.objects.get().choices] == ["a", "c"]


def test_an_unread_section_may_go_and_that_may_be_the_last_step(learner):
    module = a_module(READABLE)
    progress.record_reading(learner, Section.objects.get(title="Planet dalam"), now=NOON)
    load(READABLE.split("## Planet luar")[0], module)
    assert module.enrolments.get().finished_at == NOON


def test_a_plan_is_only_for_the_state_it_was_made_for():
    module = a_module(READABLE)
    plan = planning.plan_document(module, uploads.parse_with_images(READABLE + "\nA.\n"))
    load(READABLE + "\nB.\n", module)
    with pytest.raises(apply.ModuleChanged):
        apply.apply_plan(plan, by=None, now=NOON)
    assert Module.objects.get().text().endswith("\nB.\n")


def test_two_new_modules_cannot_take_the_same_address():
    plans = [planning.plan_document(None, uploads.parse_with_images(READABLE)) for _ in range(2)]
    apply.apply_plan(plans[0], by=None, now=NOON)
    with pytest.raises(apply.ModuleChanged):
        apply.apply_plan(plans[1], by=None, now=NOON)


def test_publishing_is_a_fact_with_a_time_and_a_person(instructor):
    module = a_module(READABLE, published=False)
    module.publish(by=instructor, now=NOON)
    module.publish(by=None, now=timezone.now())
    again = Module.objects.get()
    assert (again.published_at, again.published_by) == (NOON, instructor)


def test_the_quiz_settings_come_from_the_document():
    quiz = a_quiz(
        "### A?\n\n- [x] a\n- [ ] b\n",
        front_matter=dedent("""\
            pass_mark: 80
            attempts: 2
            time_limit: 15
            shuffle: true
            review: never
            """),
    )
    assert (quiz.pass_mark, quiz.attempts_allowed, quiz.time_limit, quiz.shuffle, quiz.review) == (
        80, 2, 15, True, "never",
    )  # fmt: skip


def test_what_a_learner_reads_after_the_plan_is_archived_with_the_section(learner):
    module = a_module(READABLE)
    plan = planning.plan_document(module, uploads.parse_with_images(READABLE.split("## Planet luar")[0]))
    read_all(learner, module)

    apply.apply_plan(plan, by=None, now=NOON)

    assert Section.objects.get(title="Planet luar").archived_at == NOON
    assert Reading.objects.count() == 2


def test_a_question_that_is_taken_after_the_plan_keeps_what_it_said(learner):
    quiz = a_quiz("### A?\n\n- [x] a\n- [ ] b\n")
    plan = planning.plan_document(
        quiz.module, uploads.parse_with_images(quiz.module.text().replace("[ ] b", "[ ] c"))
    )
    attempt = take(learner, quiz, ["a"])

    apply.apply_plan(plan, by=None, now=NOON)

    assert [choice["text"] for choice in attempt.responses.get().choices_in_order()] == ["a", "b"]
