"""Choices keep their keys as long as they say the same, so that an answer never lands on another choice."""

import pytest

from modules.document.choices import match_choices, with_kept_keys
from modules.document.values import Choice


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
        assert (found.kept, found.doubts) == ({}, {"new": ("old",)})


def test_two_choices_that_swap_their_texts_are_told_by_their_texts():
    assert kept(["Mars", "Jupiter"], ["Jupiter", "Mars"]) == {"Mars": "Mars", "Jupiter": "Jupiter"}


def test_a_choice_that_could_be_either_is_asked():
    old = {"a": "Menambah konteks pada saat menjawab", "b": "Menambah konteks pada saat dijawab"}
    found = match_choices(old, {"n": "Menambah konteks pada saat terjawab"})
    assert found.kept == {}
    assert set(found.doubts["n"]) == {"a", "b"}
    settled = match_choices(old, {"n": "Menambah konteks pada saat terjawab"}, {"n": "b"})
    assert (settled.kept, settled.doubts) == ({"n": "b"}, {})


def test_a_new_choice_gets_a_key_that_the_question_never_had():
    choice = Choice(key="k", html="Mars", text="Mars", right=False, feedback="", pinned=False)
    fresh = with_kept_keys([choice], {}, {"k"})[0].key
    assert fresh != "k"
    assert with_kept_keys([choice], {"k": "old"}, {"old"})[0].key == "old"
