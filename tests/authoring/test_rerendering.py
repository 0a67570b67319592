"""Tests rendering again: a view renders active parts, and `manage.py prepare` renders everything."""

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
from tasks.models import StoredTask
from tests.cast import NOON, PLANETS, a_module, a_quiz, run_tasks, take

pytestmark = pytest.mark.django_db

QUESTION_WITH_IMAGE = "### Gambar apa?\n\n![Diagram](d.png)\n\n- [x] A\n- [ ] B\n"


def mark_all_as_outdated() -> None:
    """Replaces all stored HTML, as if an older renderer had written it."""
    Module.objects.update(rendered_with="old", introduction="old")
    Section.objects.update(html="old")
    Quiz.objects.update(introduction="old")
    QuestionVersion.objects.update(rendered_with="old", title_html="old", html="old", explanation="old")


def render_everything() -> None:
    rerendering.enqueue_outdated(now=timezone.now())
    run_tasks()


def load_with(text: str, images: dict[str, str] | None = None) -> None:
    upload = uploads.Upload("modul.md", text, "utf-8", images or {})
    apply.apply_upload(uploads.plan_upload(upload, Module.objects.get()), upload, by=None, now=timezone.now())


def create_used_versions(times: int, quiz: Quiz) -> None:
    """Creates this many question versions in attempts, each from its own revision."""
    for number in range(times):
        take(User.objects.create(email=f"peserta{number}@example.com"), quiz, [])
        text = Module.objects.get().text().partition("\nDiubah")[0]
        load_with(f"{text}\nDiubah: {number}.\n")


def rendered_versions() -> list[tuple]:
    return list(QuestionVersion.objects.order_by("pk").values_list("title_html", "html", "explanation"))


def test_prepare_renders_everything_again(learner):
    module = a_module(PLANETS)
    Quiz.objects.update(quiz_opens=Quiz.QuizOpens.AT_ONCE)
    take(learner, module.quiz, [])
    load_with(PLANETS.replace("Planet terbesar?", "Planet yang terbesar?"))
    before = (
        rendered_versions(),
        list(Section.objects.values_list("html", flat=True)),
        Module.objects.get().text(),
    )
    mark_all_as_outdated()

    call_command("prepare", verbosity=0)
    run_tasks()

    assert (
        rendered_versions(),
        list(Section.objects.values_list("html", flat=True)),
        Module.objects.get().text(),
    ) == before
    assert set(Module.objects.values_list("rendered_with", flat=True)) == {render.VERSION}
    assert set(QuestionVersion.objects.values_list("rendered_with", flat=True)) == {render.VERSION}
    assert not Module.objects.filter(introduction="old").exists()
    assert not Quiz.objects.filter(introduction="old").exists()


def test_current_html_is_not_rendered_again(django_assert_num_queries):
    a_module(PLANETS)
    with django_assert_num_queries(1):
        rerendering.enqueue_outdated(now=NOON)


def test_view_rerenders_sections_but_no_question_versions(as_learner, learner):
    module = a_module(PLANETS)
    mark_all_as_outdated()

    page = as_learner.get(f"{module.get_absolute_url()}planet-dalam/").content.decode()

    assert "Merkurius" in page
    assert not Section.objects.filter(html="old").exists()
    assert Module.objects.get().rendered_with == render.VERSION
    assert set(QuestionVersion.objects.values_list("html", "rendered_with")) == {("old", "old")}
    render_everything()
    assert not QuestionVersion.objects.filter(html="old").exists()


def test_rerendering_query_count_ignores_revisions():
    quiz = a_quiz("### Berapa?\n\nDua kali dua.\n\n- [=] 4\n")

    def queries() -> int:
        mark_all_as_outdated()
        with CaptureQueriesContext(connection) as captured:
            rerendering.rerender_module(Module.objects.get())
        assert not any("modules_revision" in query["sql"] for query in captured)
        return len(captured)

    queries_before = queries()
    create_used_versions(3, quiz)
    assert QuestionVersion.objects.count() == 4
    assert queries() == queries_before


def test_failed_revision_does_not_stop_the_others(monkeypatch, caplog):
    quiz = a_quiz("### Berapa?\n\nDua kali dua.\n\n- [=] 4\n")
    create_used_versions(3, quiz)
    before = rendered_versions()
    mark_all_as_outdated()
    rerendering.rerender_module(Module.objects.get())
    parse_document, texts = parser.parse_document, []

    def fail_on_second(text, **kwargs):
        texts.append(text)
        if len(texts) == 2:
            raise MemoryError
        return parse_document(text, **kwargs)

    monkeypatch.setattr(parser, "parse_document", fail_on_second)
    render_everything()
    assert sorted(texts) == sorted(Revision.objects.values_list("text", flat=True))
    assert sum(version in before for version in rendered_versions()) == 3
    assert "is not rendered again yet" in caplog.text

    monkeypatch.setattr(parser, "parse_document", parse_document)
    StoredTask.objects.update(due_at=timezone.now())
    run_tasks()
    assert rendered_versions() == before


def test_earlier_version_keeps_its_image(learner, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    quiz = a_quiz(QUESTION_WITH_IMAGE)
    text = quiz.module.text()
    load_with(text, {"d.png": "merah.png"})
    load_with(text, {"d.png": "jingga.png"})  # no attempt holds this version yet, so it changes in place
    take(learner, quiz, ["A"])
    load_with(text, {"d.png": "biru.png"})
    before = rendered_versions()
    assert ["jingga.png" in before[0][1], "biru.png" in before[1][1]] == [True, True]

    mark_all_as_outdated()
    render_everything()
    assert rendered_versions() == before

    Revision.objects.update(images={})  # as in a revision from before images were stored
    mark_all_as_outdated()
    render_everything()
    assert all("biru.png" in html for _title, html, _explanation in rendered_versions())


def test_rerendering_keeps_choices_and_keys_of_attempts(learner):
    quiz = a_quiz("### Apa?\n\n- [x] a\n- [ ] b\n")
    attempt = take(learner, quiz, ["a"])
    load_with(quiz.module.text().replace("[ ] b", "[ ] c"))
    response = attempt.responses.get()
    before = response.choices_in_order(), response.version.right_keys, response.answer
    mark_all_as_outdated()
    render_everything()
    response = attempt.responses.get()
    assert (response.choices_in_order(), response.version.right_keys, response.answer) == before
    assert "Apa?" in response.version.title_html


def test_version_missing_from_document_is_tried_once(
    django_assert_num_queries,
):
    a_quiz("### Apa?\n\n- [x] a\n- [ ] b\n")
    Revision.objects.update(text="# Modul\n\n## Bacaan\n\nLain.\n")
    QuestionVersion.objects.update(rendered_with="old", title_html="old")
    render_everything()
    assert QuestionVersion.objects.get().title_html == "old"
    with django_assert_num_queries(1):
        rerendering.enqueue_outdated(now=NOON)


def test_sections_named_by_number_keep_their_links(as_learner):
    text = "# Modul\n\n## 日本語\n\n[Lanjut](#ภาษาไทย).\n\n## ภาษาไทย\n\n[Kembali](#日本語).\n"
    module = a_module(text)
    for number, section in enumerate(module.sections.all(), start=1):
        Section.objects.filter(pk=section.pk).update(identity=f"bagian-{number}")
    mark_all_as_outdated()

    page = as_learner.get(f"{module.get_absolute_url()}bagian-1/").content.decode()

    assert f'href="{module.get_absolute_url()}bagian-2/"' in page
    load_with(text)
    assert [row.identity for row in module.sections.active()] == ["ribenyu", "phasaaithy"]
    answer = as_learner.get(f"{module.get_absolute_url()}bagian-2/")
    assert answer.headers["Location"] == f"{module.get_absolute_url()}phasaaithy/"


def test_text_that_is_loaded_meanwhile_stays(monkeypatch):
    """Rendering parses without a lock, so a load may come between parsing and storing."""
    a_module(PLANETS)
    mark_all_as_outdated()
    parse = rerendering._parse

    def load_after_parsing(outdated: Module):
        document = parse(outdated)
        if "Merkuri, Venus" not in Module.objects.get().text():
            load_with(PLANETS.replace("Merkurius, Venus", "Merkuri, Venus"))
            Module.objects.update(rendered_with="old")
        return document

    monkeypatch.setattr(rerendering, "_parse", load_after_parsing)
    rerendering.rerender_module(Module.objects.get())

    html = "".join(Section.objects.active().values_list("html", flat=True))
    assert "Merkuri, Venus" in html
    assert "Merkurius" not in html
    assert Module.objects.get().rendered_with == render.VERSION
