"""Choices keep their keys as long as they say the same, so that an answer never lands on another choice."""

import pytest

from modules.document.compare.choices import Choices, match_choices, said, with_kept_keys
from modules.document.syntax.values import Choice


def kept(old: list[str], new: list[str], **meant: str) -> dict[str, str]:
    """Which earlier text each coming one is."""
    found = match_choices({f"o{text}": text for text in old}, {f"n{text}": text for text in new}, meant)
    return {key[1:]: earlier[1:] for key, earlier in found.kept.items()}


def test_a_mistyped_choice_is_the_same_choice():
    assert kept(
        ["Retrieval-augmnted generation", "Fine-tuning"], ["Retrieval-augmented generation", "Kuantisasi"]
    ) == {"Retrieval-augmented generation": "Retrieval-augmnted generation"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Air mendidih pada 100 derajat", "Air mendidih pada 90 derajat"),
        ("Model ini harus dilatih ulang", "Model ini tidak harus dilatih ulang"),
        ("The gradient is computed", "The gradient is never computed"),
        ("Kucing", "Anjing"),
    ],
)
def test_a_choice_that_says_something_else_is_another_choice(before, after):
    assert kept([before], [after]) == {}


def test_a_number_or_a_negation_that_may_be_a_mended_typo_is_asked():
    for before, after in (("Ini bukan pemimpin", "Ini buukan pemimpin"), ("Tahun 1945", "Tahun 1946")):
        found = match_choices({"old": before}, {"new": after})
        assert (found.kept, found.ambiguities) == ({}, {"new": ("old",)})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("C", "C++"),
        ("C#", "C"),
        ("5", "-5"),
        ("a + b", "a - b"),
        ("x < y", "x > y"),
        ("50%", "50"),
        ("n!", "n"),
        ("` i++", "` ++i"),
        ("a && b", "a || b"),
        ("[1, 2)", "(1, 2]"),
        ("Aa", "aa"),
        ("10 kB", "10 Kb"),
        ("ab", "ba"),
        ("The temperature increases", "The temperature decreases"),
        ("Suhu air meningkat", "Suhu air menurun"),
        ("Sebelum Perang Dunia II", "Sesudah Perang Dunia II"),
        ("naikkan suku bunga", "turunkan suku bunga"),
        ("Natrium nitrat", "Natrium nitrit"),
        ("Reaksi eksotermik", "Reaksi endotermik"),
        ("` text-align: center", "` text-align: centre"),
        ("Diagram /media/a.png", "Diagram /media/b.png"),
    ],
)
def test_what_a_sign_or_a_word_turns_is_asked(before, after):
    old = {"old": before, "lain": "Sesuatu yang lain"}
    found = match_choices(old, {"new": after, "lain": "Sesuatu yang lain"})
    assert (found.kept, found.ambiguities) == ({"lain": "lain"}, {"new": ("old",)})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Mars", "Mars."),
        ("Ya, benar", "ya benar"),
        ("“Merdeka”", '"Merdeka"'),
        ("−5", "-5"),
        ("x = 5", "x=5"),
        ("Suhu meningakt", "Suhu meningkat"),
        ("Di mana saja", "Dimana saja"),
    ],
)
def test_what_only_looks_otherwise_is_the_same_choice(before, after):
    assert kept([before], [after]) == {after: before}


def test_code_and_pictures_are_a_part_of_what_a_choice_says():
    assert said("i++", "<code>i++</code>") == "` i++"
    assert said("Diagram", '<img src="/media/a.png" alt="Diagram">') == "Diagram /media/a.png"
    assert said("Mars", "Mars") == "Mars"


def test_the_first_words_of_a_choice_do_not_take_the_key_of_its_later_ones():
    """A key is made of the first words. When they return beside the later ones, they are another choice."""
    old = {"k": "Inti atom bermuatan positif", "n": "Negatif"}
    new = {"n": "Negatif", "k": "Inti bermuatan positif", "k2": "Inti atom bermuatan positif"}
    assert match_choices(old, new).kept == {"n": "n", "k2": "k"}


def test_the_first_words_of_a_choice_come_back_in_its_place():
    assert match_choices({"k": "Inti atom positif", "n": "Negatif"}, {"k": "Inti positif"}).kept == {"k": "k"}


def test_first_words_that_could_be_another_choice_by_now_are_asked():
    old = {"k": "Elektron berputar cepat", "m": "Inti atom bermuatn"}
    assert match_choices(old, {"k": "Inti atom bermuatan"}) == Choices({}, {"k": ("k", "m")})


def test_what_stands_goes_before_what_is_gone():
    old = {"gone": "Mars", "k": "Mars"}
    assert match_choices(old, {"gone": "Mars"}, active=["k"]).kept == {"gone": "k"}


def test_choices_that_differ_in_markup_alone_keep_their_own_keys():
    same = {"a": "Mars", "b": "Mars"}
    assert match_choices(same, {"b": "Mars", "a": "Mars"}).kept == {"a": "a", "b": "b"}


def test_another_right_choice_in_the_place_of_one_is_asked():
    old, new = {"a": "Sapi", "b": "Ikan"}, {"n": "Kuda", "b": "Ikan"}
    assert match_choices(old, new).ambiguities == {}
    assert match_choices(old, new, right=["a"]).ambiguities == {"n": ("a",)}
    assert match_choices(old, new, {"n": ""}, right=["a"]) == Choices({"b": "b"}, {})


def test_two_choices_that_swap_their_texts_are_told_by_their_texts():
    assert kept(["Mars", "Jupiter"], ["Jupiter", "Mars"]) == {"Mars": "Mars", "Jupiter": "Jupiter"}


def test_a_choice_that_could_be_either_is_asked():
    old = {"a": "Menambah konteks pada saat menjawab", "b": "Menambah konteks pada saat dijawab"}
    found = match_choices(old, {"n": "Menambah konteks pada saat terjawab"})
    assert found.kept == {}
    assert set(found.ambiguities["n"]) == {"a", "b"}
    settled = match_choices(old, {"n": "Menambah konteks pada saat terjawab"}, {"n": "b"})
    assert (settled.kept, settled.ambiguities) == ({"n": "b"}, {})


def test_a_new_choice_gets_a_key_that_the_question_never_had():
    choice = Choice(key="k", html="Mars", text="Mars", right=False, feedback="", pinned=False)
    fresh = with_kept_keys([choice], {}, {"k"})[0].key
    assert fresh != "k"
    assert with_kept_keys([choice], {"k": "old"}, {"old"})[0].key == "old"
