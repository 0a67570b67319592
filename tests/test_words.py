"""Every sentence of the interface in both languages, and each page in one of them."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse

from modules.quizzes import attempts
from tests.cast import NOON, PLANETS, a_module, read_all, take

ROOT = Path(__file__).resolve().parent.parent
# Words that are the same in both languages.
SHARED = {
    "%(class_name)s %(instance)s",
    "Administrator",
    "Email",
    "HTML",
    "Markdown",
}

# The words of a module stay its own; none of these happens to be one of ours.
DOCUMENT = PLANETS.replace("## Kuis akhir", "## Ulangan planet {.quiz}")

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\{|\}\}|(?<!\{)\{\w+\}|<[^>]+>")


def entries() -> list[tuple[list[str], str]]:
    """Each sentence (with its plural where it is counted) and its one Indonesian form."""
    with (ROOT / "locale/id/LC_MESSAGES/django.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    return [
        (list(one.id), one.string[0]) if isinstance(one.id, tuple) else ([one.id], one.string)
        for one in messages
    ]


def test_every_sentence_is_translated_and_none_is_left_that_nobody_says():
    checked = subprocess.run(
        [sys.executable, "locale/collect.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.stdout, checked.stderr) == ("", "")


def test_no_sentence_stands_where_it_is_not_gathered():
    """What is called within an f-string is not seen by what gathers them."""
    calls = {"_", "N_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"}
    hidden = [
        f"{path}:{call.lineno}"
        for root in ("modules", "platform")
        for path in (ROOT / root).rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") in calls
        and isinstance(call.args[0], ast.Constant)
    ]

    assert hidden == []


def test_translations_have_the_gaps_of_their_sentences():
    astray = [
        (sentence, translation)
        for sentences, translation in entries()
        for sentence in sentences[-1:]
        if sorted(PLACEHOLDER.findall(sentence)) != sorted(PLACEHOLDER.findall(translation))
    ]

    assert astray == []


def test_translations_end_as_their_sentences_do():
    astray = [
        (sentences[0], translation)
        for sentences, translation in entries()
        if _ending(sentences[-1]) != _ending(translation)
    ]

    assert astray == []


def _ending(sentence: str) -> str:
    return sentence[-1] if sentence[-1] in ".?:,…" else ""


def test_no_translation_is_the_english_again():
    same = {translation for sentences, translation in entries() if translation in sentences}

    assert same == SHARED


def words_on(page: str) -> set[str]:
    """The texts and labels of a page, without the choice of language, which says each in its own."""
    page = re.sub(
        r'<form class="language".*?</form>|<script.*?</script>|<style.*?</style>', "", page, flags=re.S
    )
    labels = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', page)
    return {" ".join(text.split()) for text in [*re.split(r"<[^>]*>", page), *labels]} - {""}


def spoken(browser: Client, path: str, language: str) -> set[str]:
    browser.cookies["language"] = language
    return words_on(browser.get(path).content.decode())


def assert_that_it_speaks_one_language(browser: Client, path: str) -> None:
    english = {sentence for sentences, _ in entries() for sentence in sentences}
    indonesian = {translation for _, translation in entries()}
    in_indonesian, in_english = (spoken(browser, path, language) for language in ("id", "en"))

    assert in_indonesian & (english - indonesian) == set(), path
    assert in_english & (indonesian - english) == set(), path
    # Neither would mean anything if the page said nothing from the catalogue.
    assert in_indonesian & indonesian, path
    assert in_english & english, path


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/nowhere/",
    ],
)
def test_a_visitor_reads_one_language(path, client):
    a_module(DOCUMENT)

    assert_that_it_speaks_one_language(client, path)


@pytest.mark.slow
def test_a_learner_reads_one_language(signed_in, learner):
    module = a_module(DOCUMENT)
    read_all(learner, module)
    attempt = take(learner, module.quiz, ["Jupiter", ["Saturnus"], "Mars", "9"])
    open_attempt = attempts.start(learner, module.quiz, now=NOON)
    for path in (
        "/",
        "/learning/",
        f"/modules/{module.slug}/",
        f"/modules/{module.slug}/planet-dalam/",
        f"/modules/{module.slug}/planet-dalam/changes/",
        f"/quizzes/{module.slug}/",
        f"/attempts/{attempt.pk}/result/",
        f"/attempts/{open_attempt.pk}/questions/2/",
        f"/attempts/{open_attempt.pk}/submission/",
        "/accounts/email/",
        "/accounts/password/change/",
    ):
        assert_that_it_speaks_one_language(signed_in(learner), path)


@pytest.mark.slow
def test_an_instructor_reads_one_language(signed_in, instructor, learner):
    module = a_module(DOCUMENT, by=instructor)
    read_all(learner, module)
    attempt = take(learner, module.quiz, ["Jupiter", ["Saturnus"], "Mars", "9"])
    for path in (
        reverse("admin:index"),
        reverse("admin:modules_module_changelist"),
        reverse("admin:modules_module_change", args=[module.pk]),
        reverse("admin:modules_module_load"),
        reverse("admin:modules_module_part", args=["section", module.sections.first().pk]),
        reverse("admin:modules_module_results", args=[module.pk]),
        reverse("admin:modules_module_overrides", args=[module.pk]),
        reverse("admin:auth_group_changelist"),
        reverse("admin:auth_group_add"),
        reverse("admin:modules_attempt_changelist"),
        reverse("admin:modules_attempt_change", args=[attempt.pk]),
        reverse("admin:modules_draft_changelist"),
        reverse("admin:modules_revision_changelist"),
        reverse("admin:modules_revision_change", args=[module.revisions.first().pk]),
    ):
        assert_that_it_speaks_one_language(signed_in(instructor), path)


def test_an_administrator_reads_one_language(signed_in, administrator):
    for path in (
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_add"),
        reverse("admin:accounts_user_change", args=[administrator.pk]),
    ):
        assert_that_it_speaks_one_language(signed_in(administrator), path)
