"""Tests what a query finds, for whom, and in which order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from modules.models import Module
from modules.quizzes import withdrawal
from modules.reading import access, progress
from modules.search import passages, query
from tests.cast import NOON, a_module

pytestmark = pytest.mark.django_db


def find(typed: str, modules=None) -> query.Found:
    return query.find(query.parse(typed), Module.objects.all() if modules is None else modules)


def titles(typed: str, modules=None) -> list[str]:
    asked = query.parse(typed)
    found = query.find(asked, Module.objects.all() if modules is None else modules)
    return ["".join(run.text for run in page.title) for page in passages.show(asked, found.hits(0, 10))]


def a_text(*sections: tuple[str, str], title: str = "Modul", language: str = "id") -> Module:
    body = "".join(f"## {heading}\n\n{text}\n\n" for heading, text in sections)
    return a_module(f"---\nlanguage: {language}\n---\n# {title}\n\n{body}")


def test_title_weighs_more_than_heading_and_heading_more_than_text():
    a_text(("Isi", "Kata gajah di sini."), ("Sub", "### Gajah\n\nHewan."), ("Gajah", "Hewan besar."))
    assert titles("gajah") == ["Gajah", "Sub", "Isi"]


def test_all_words_are_needed():
    a_text(("Satu", "gajah putih"), ("Dua", "gajah abu"), ("Tiga", "kuda putih"))
    assert titles("putih gajah") == ["Satu"]


def test_some_words_are_enough_where_no_page_has_all():
    a_text(("Satu", "gajah putih"), ("Dua", "gajah abu"))
    found = find("gajah putih naga")
    assert not found.has_all
    assert [term.written for term in found.missing] == ["naga"]
    assert titles("gajah putih naga") == ["Satu", "Dua"]


def test_stop_words_need_not_be_there():
    a_text(("Satu", "gajah"), ("Dua", "yang itu"))
    assert titles("apa itu gajah") == ["Satu"]
    assert titles("yang") == ["Dua"]


def test_phrase_needs_its_words_side_by_side():
    a_text(("Satu", "gajah putih besar"), ("Dua", "putih si gajah"), ("Tiga", "gajah\n\nputih"))
    assert titles('"gajah putih"') == ["Satu"]
    assert titles("“gajah putih”") == ["Satu"]


def test_name_in_code_is_a_phrase():
    a_text(("Satu", "`train_test_split`"), ("Dua", "split the train in a test"))
    assert titles("train_test_split") == ["Satu"]


def test_signs_without_spaces_are_found():
    a_text(("Satu", "これは機械学習です"), ("Dua", "学習機械"), language="ja")
    assert titles("機械学習") == ["Satu"]


def test_each_module_is_read_in_its_language():
    a_text(("Satu", "trained"), title="Inggris", language="en")
    a_text(("Dua", "pelatihan"), title="Indonesia")
    assert titles("training") == ["Satu"]
    assert titles("latihan") == ["Dua"]


def test_modules_of_other_people_stay_hidden(learner: User, other_learner: User):
    module = a_text(("Satu", "gajah"))
    progress.begin(learner, module, now=NOON)
    withdrawal.withdraw(module, by=None, now=NOON, keeps_learners=True)
    assert titles("gajah", access.readable_modules(learner)) == ["Satu"]
    found = find("gajah", access.readable_modules(other_learner))
    assert (list(found.pages), list(found.modules), found.looked_in) == ([], [], 0)


def test_equal_hits_are_in_the_order_of_addresses_and_places():
    a_text(("Tiga", "gajah"), ("Empat", "gajah"), title="B")
    a_text(("Satu", "gajah"), ("Dua", "gajah"), title="A")
    assert titles("gajah") == ["Satu", "Dua", "Tiga", "Empat"]


def test_passage_marks_the_words_under_their_heading():
    long = " ".join(f"kata{n}" for n in range(40))
    a_text(("Satu", f"Awal.\n\n### Di sini\n\n{long} penulisan soal {long}"))
    asked = query.parse("menulis")
    page = passages.show(asked, query.find(asked, Module.objects.all()).hits(0, 1))[0]
    passage = page.passages[0]
    assert page.anchor == "s-di-sini"
    assert [run.text for run in passage.runs if run.is_marked] == ["penulisan"]
    shown = "".join(run.text for run in passage.runs)
    assert shown.startswith("… kata")
    assert shown.endswith(" …")
    assert len(shown.split()) <= passages.LENGTH + 2


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    typed=st.one_of(
        st.text(max_size=300), st.text(alphabet="\"'*^:()-+~AND OR NOT NEAR{}[]%\\;“”", max_size=60)
    )
)
def test_every_text_is_a_query(django_db_blocker, typed: str):
    if not Module.objects.exists():
        a_text(("Satu", "gajah AND OR NOT"))
    asked = query.parse(typed)
    passages.show(asked, query.find(asked, Module.objects.all()).hits(0, 10))
