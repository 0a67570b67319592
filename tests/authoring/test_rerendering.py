"""A new renderer reaches all that is stored: what stands by its next view, everything by `manage.py prepare`."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from modules.authoring import apply, rerendering, uploads
from modules.document.html import render
from modules.document.syntax import parser
from modules.models import Module, QuestionVersion, Quiz, Revision, Section
from tests.cast import PLANETS, a_module, a_quiz, take

pytestmark = pytest.mark.django_db

SHOWN = "### Gambar apa?\n\n![Diagram](d.png)\n\n- [x] A\n- [ ] B\n"


def grow_old() -> None:
    """Everything is as another renderer left it."""
    Module.objects.update(rendered_with="old", introduction="old")
    Section.objects.update(html="old")
    Quiz.objects.update(introduction="old")
    QuestionVersion.objects.update(rendered_with="old", title_html="old", html="old", explanation="old")


def load_with(text: str, images: dict[str, str] | None = None) -> None:
    upload = uploads.Upload("modul.md", text, "utf-8", images or {})
    apply.apply_upload(uploads.plan_upload(upload, Module.objects.get()), upload, by=None, now=timezone.now())


def taken_and_changed(times: int, quiz: Quiz) -> None:
    """A question of which learners hold so many versions, each made by a revision of its own."""
    for number in range(times):
        take(User.objects.create(email=f"peserta{number}@example.com"), quiz, [])
        text = Module.objects.get().text().partition("\nDiubah")[0]
        load_with(f"{text}\nDiubah: {number}.\n")


def looks() -> list[tuple]:
    return list(QuestionVersion.objects.order_by("pk").values_list("title_html", "html", "explanation"))


def test_all_is_rendered_again_when_an_installation_is_prepared(learner):
    module = a_module(PLANETS)
    Quiz.objects.update(quiz_opens=Quiz.QuizOpens.AT_ONCE)
    take(learner, module.quiz, [])
    load_with(PLANETS.replace("Planet terbesar?", "Planet yang terbesar?"))
    before = looks(), list(Section.objects.values_list("html", flat=True)), Module.objects.get().text()
    grow_old()

    call_command("prepare", verbosity=0)

    assert (
        looks(),
        list(Section.objects.values_list("html", flat=True)),
        Module.objects.get().text(),
    ) == before
    assert set(Module.objects.values_list("rendered_with", flat=True)) == {render.VERSION}
    assert set(QuestionVersion.objects.values_list("rendered_with", flat=True)) == {render.VERSION}
    assert not Module.objects.filter(introduction="old").exists()
    assert not Quiz.objects.filter(introduction="old").exists()


def test_what_is_up_to_date_is_left_alone(django_assert_num_queries):
    a_module(PLANETS)
    with django_assert_num_queries(2):
        rerendering.rerender_all()


def test_a_view_renders_what_stands_and_leaves_the_versions_of_questions(as_learner, learner):
    module = a_module(PLANETS)
    grow_old()

    page = as_learner.get(f"{module.get_absolute_url()}planet-dalam/").content.decode()

    assert "Merkurius" in page
    assert not Section.objects.filter(html="old").exists()
    assert Module.objects.get().rendered_with == render.VERSION
    assert set(QuestionVersion.objects.values_list("html", "rendered_with")) == {("old", "old")}
    rerendering.rerender_all()
    assert not QuestionVersion.objects.filter(html="old").exists()


def test_a_view_costs_the_same_however_often_a_module_was_loaded():
    quiz = a_quiz("### Berapa?\n\nDua kali dua.\n\n- [=] 4\n")

    def queries() -> int:
        grow_old()
        with CaptureQueriesContext(connection) as asked:
            rerendering.rerender_module(Module.objects.get())
        assert not any("modules_revision" in one["sql"] for one in asked)
        return len(asked)

    few = queries()
    taken_and_changed(3, quiz)
    assert QuestionVersion.objects.count() == 4
    assert queries() == few


def test_one_revision_is_read_at_a_time_and_each_is_kept_for_itself(monkeypatch, caplog):
    quiz = a_quiz("### Berapa?\n\nDua kali dua.\n\n- [=] 4\n")
    taken_and_changed(3, quiz)
    before = looks()
    grow_old()
    rerendering.rerender_module(Module.objects.get())
    read, texts = parser.parse_document, []

    def reads(text, **named):
        texts.append(text)
        if len(texts) == 2:
            raise MemoryError
        return read(text, **named)

    monkeypatch.setattr(parser, "parse_document", reads)
    rerendering.rerender_all()
    assert sorted(texts) == sorted(Revision.objects.values_list("text", flat=True))
    assert sum(one in before for one in looks()) == 3
    assert "is not rendered again yet" in caplog.text

    monkeypatch.setattr(parser, "parse_document", read)
    rerendering.rerender_all()
    assert looks() == before


def test_an_earlier_version_is_shown_with_the_picture_that_it_had(learner, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    quiz = a_quiz(SHOWN)
    text = quiz.module.text()
    load_with(text, {"d.png": "merah.png"})
    load_with(text, {"d.png": "jingga.png"})  # nobody has it yet: it changes in place
    take(learner, quiz, ["A"])
    load_with(text, {"d.png": "biru.png"})
    before = looks()
    assert ["jingga.png" in before[0][1], "biru.png" in before[1][1]] == [True, True]

    grow_old()
    rerendering.rerender_all()
    assert looks() == before

    Revision.objects.update(images={})  # from before they were kept
    grow_old()
    rerendering.rerender_all()
    assert all("biru.png" in html for _title, html, _explanation in looks())


def test_an_attempt_keeps_what_it_asked_and_its_key_when_all_is_rendered_again(learner):
    quiz = a_quiz("### Apa?\n\n- [x] a\n- [ ] b\n")
    attempt = take(learner, quiz, ["a"])
    load_with(quiz.module.text().replace("[ ] b", "[ ] c"))
    held = attempt.responses.get()
    before = held.choices_in_order(), held.version.right_keys, held.answer
    grow_old()
    rerendering.rerender_all()
    held = attempt.responses.get()
    assert (held.choices_in_order(), held.version.right_keys, held.answer) == before
    assert "Apa?" in held.version.title_html


def test_a_version_that_its_document_no_longer_gives_is_kept_and_not_tried_for_ever(
    django_assert_num_queries,
):
    a_quiz("### Apa?\n\n- [x] a\n- [ ] b\n")
    Revision.objects.update(text="# Modul\n\n## Bacaan\n\nLain.\n")
    QuestionVersion.objects.update(rendered_with="old", title_html="old")
    rerendering.rerender_all()
    assert QuestionVersion.objects.get().title_html == "old"
    with django_assert_num_queries(2):
        rerendering.rerender_all()
