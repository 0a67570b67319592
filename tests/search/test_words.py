"""Tests how texts are cut into words, and which words are found as one."""

import pytest

from modules.search.words import Reader, folded, language_of, normal


def keys(text: str, language: str = "id") -> list[str]:
    return [word.key.partition(":")[2] for word in Reader(language).words(normal(text))]


@pytest.mark.parametrize(
    "family",
    [
        "ajar belajar pelajaran pembelajaran mempelajari mengajarkan pengajar",
        "tulis menulis penulisan tulisan ditulisnya",
        "nilai menilai penilaian dinilai nilainya",
        "terap menerapkan penerapan diterapkan",
        "latih latihan pelatihan melatih terlatih",
        "kirim mengirim pengiriman terkirimlah",
        "undang-undang undang diundang",
        "buku-buku bukunya buku",
    ],
)
def test_forms_of_one_root_are_one_word(family: str):
    assert len({key for word in family.split() for key in keys(word)}) == 1


@pytest.mark.parametrize("words", ["tari tarik", "uang tuang", "angka rangkai", "etik ketik", "data datang"])
def test_other_words_stay_apart(words: str):
    assert len(set(keys(words))) == 2


def test_english_words_are_stemmed_in_english_only():
    assert len(set(keys("trained training trains", "en"))) == 1
    assert len(set(keys("trained training trains", "id"))) == 3


def test_other_languages_are_found_as_written():
    assert keys("Élèves apprenaient", "") == ["eleves", "apprenaient"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("train_test_split(x)", ["train", "test", "split", "x"]),
        ("C++ dan C# serta F#", ["c++", "dan", "c#", "serta", "f#"]),
        ("F1-score 0,85", ["f1", "score", "0", "85"]),
        ("AI-nya", ["ai"]),
        ("Jum’at Qur'an", ["jumat", "quran"]),
        ("機械学習", ["機", "械", "学", "習"]),
        ("Re\u0301sume\u0301", ["resume"]),
        ("ＡＩ x²", ["ai", "x2"]),
        ("!?… — '", []),
    ],
)
def test_signs_are_cut_as_people_look_for_them(text: str, found: list[str]):
    assert keys(text) == found


def test_places_are_those_of_the_text():
    text = normal("Buku-buku itu, presisinya!")
    assert [text[word.start : word.end] for word in Reader("id").words(text)] == [
        "Buku-buku",
        "itu",
        "presisinya",
    ]


def test_a_picture_as_text_fits_its_column():
    assert len(keys("a" * 100_000)[0]) == 60
    assert len(folded("ﷺ" * 100)) <= 60


@pytest.mark.parametrize(("code", "language"), [("", "id"), ("id-ID", "id"), ("EN", "en"), ("fr", "")])
def test_language_of_a_module(code: str, language: str):
    assert language_of(code) == language
