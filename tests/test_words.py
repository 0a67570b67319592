"""Tests that every sentence of the interface is translated, and that each page speaks one language."""

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
    "Aiken",
    "Email",
    "HTML",
    "Markdown",
}

NAME = "Tuntas"  # of the program, and also what is finished in Indonesian

# A module keeps its own words. None of the words here is a sentence of the interface.
DOCUMENT = PLANETS.replace("## Kuis akhir", "## Ulangan planet {.quiz}")

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\{|\}\}|(?<!\{)\{\w+\}|<[^>]+>")


def entries() -> list[tuple[list[str], str]]:
    """Returns each sentence, with its plural if it has one, and its Indonesian form."""
    with (ROOT / "locale/id/LC_MESSAGES/django.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    return [
        (list(message.id), message.string[0])
        if isinstance(message.id, tuple)
        else ([message.id], message.string)
        for message in messages
    ]


def test_catalogue_has_exactly_the_sentences_of_the_code():
    result = subprocess.run(
        [sys.executable, "locale/collect.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.stdout, result.stderr) == ("", "")


def test_no_sentence_is_hidden_in_an_f_string():
    """A call in an f-string is not seen by the program that collects sentences."""
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


def test_translations_keep_placeholders():
    differing = [
        (sentence, translation)
        for sentences, translation in entries()
        for sentence in sentences[-1:]
        if sorted(PLACEHOLDER.findall(sentence)) != sorted(PLACEHOLDER.findall(translation))
    ]

    assert differing == []


def test_translations_keep_the_ending():
    differing = [
        (sentences[0], translation)
        for sentences, translation in entries()
        if _ending(sentences[-1]) != _ending(translation)
    ]

    assert differing == []


def _ending(sentence: str) -> str:
    return sentence[-1] if sentence[-1] in ".?:,…" else ""


def test_translations_differ_from_english():
    untranslated = {translation for sentences, translation in entries() if translation in sentences}

    assert untranslated == SHARED


def words_on(page: str) -> set[str]:
    """Returns the texts and labels of a page, without the choice of language, which has words of both."""
    page = re.sub(
        r'<form class="language".*?</form>|<script.*?</script>|<style.*?</style>', "", page, flags=re.S
    )
    labels = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', page)
    return {" ".join(text.split()) for text in [*re.split(r"<[^>]*>", page), *labels]} - {"", NAME}


def words_in(browser: Client, path: str, language: str) -> set[str]:
    browser.cookies["language"] = language
    return words_on(browser.get(path).content.decode())


def assert_page_speaks_one_language(browser: Client, path: str) -> None:
    english = {sentence for sentences, _ in entries() for sentence in sentences}
    indonesian = {translation for _, translation in entries()}
    in_indonesian, in_english = (words_in(browser, path, language) for language in ("id", "en"))

    assert in_indonesian & (english - indonesian) == set(), path
    assert in_english & (indonesian - english) == set(), path
    # The checks above prove nothing for a page without sentences of the catalogue.
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
def test_visitor_reads_one_language(path, client):
    a_module(DOCUMENT)

    assert_page_speaks_one_language(client, path)


@pytest.mark.slow
def test_learner_reads_one_language(signed_in, learner):
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
        "/accounts/2fa/",
        "/accounts/sessions/",
    ):
        assert_page_speaks_one_language(signed_in(learner), path)


@pytest.mark.slow
def test_instructor_reads_one_language(signed_in, instructor, learner):
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
        reverse("admin:modules_studyclass_changelist"),
        reverse("admin:modules_studyclass_add"),
        reverse("admin:modules_attempt_changelist"),
        reverse("admin:modules_attempt_change", args=[attempt.pk]),
        reverse("admin:modules_draft_changelist"),
        reverse("admin:modules_revision_changelist"),
        reverse("admin:modules_revision_change", args=[module.revisions.first().pk]),
    ):
        assert_page_speaks_one_language(signed_in(instructor), path)


def test_administrator_reads_one_language(signed_in, administrator):
    for path in (
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_add"),
        reverse("admin:accounts_user_change", args=[administrator.pk]),
    ):
        assert_page_speaks_one_language(signed_in(administrator), path)
