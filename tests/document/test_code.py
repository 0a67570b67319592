"""Tests which blocks of code have colours, because colouring takes minutes in some languages."""

import pytest
from pygments.lexers import get_lexer_by_name

from modules.document.html.code import LONGEST_IN
from modules.document.syntax.parser import parse_document


def shown(language: str, content: str) -> str:
    return parse_document(f"# Modul\n\n## Bagian\n\n```{language}\n{content}\n```\n").sections[0].html


@pytest.mark.parametrize("language", LONGEST_IN)
def test_listed_language_is_known(language):
    assert get_lexer_by_name(language)


@pytest.mark.parametrize(
    ("language", "is_coloured"), [("python", True), ("Python", True), ("mcschema", False), ("", False)]
)
def test_only_listed_languages_have_colours(language, is_coloured):
    assert ("<span" in shown(language, "print(1)")) == is_coloured


@pytest.mark.parametrize("language", ["python", "java", "csharp"])
def test_code_beyond_the_length_of_its_language_has_no_colours(language):
    longest = LONGEST_IN[language]
    code = "int x = 1;" * (longest // 10 - 1)
    assert "<span" in shown(language, code)
    assert "<span" not in shown(language, code + "x = 2;" * 10)
