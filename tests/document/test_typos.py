"""Typing errors are told from changes of meaning."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.document.compare.typos import is_slight

SENTENCE = "Akurasi model adalah 100 persen, dan hasil itu benar untuk semua data."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Akurasi adalh ukuran.", "Akurasi adalah ukuran."),
        ("Kita dpaat melatihnya.", "Kita dapat melatihnya."),
        ("Teh model is ready.", "The model is ready."),
        ("It is seperate from the retreival step.", "It is separate from the retrieval step."),
        ("Simpan dimana saja.", "Simpan di mana saja."),
        ("Model itu benar", "Model itu benar."),
        ("model itu **benar**", "Model itu *benar*!"),
        ("Kata ber**tekanan** di sini", "Kata bertekanan di sini"),
        ("## Judul", "## Judul {#judul}"),
        ("Judul\n=====\n", "# Judul #"),
        ("- satu\n- dua", "1. satu\n2. dua"),
        ("Baca [panduan](a.md).", "Baca [panduan](b.md)."),
        ("Satu baris\ndan lagi.", "Satu baris dan lagi.\r\n"),
        ("Teks <!-- ingat --> biasa.", "Teks biasa."),
        ("Tahun 1990-an itu", "tahun 1990-an itu"),
    ],
)
def test_typo_or_other_looks_is_slight(old, new):
    assert is_slight(old, new)
    assert is_slight(new, old)
    assert is_slight(f"{SENTENCE}\n\n{old}\n\n{SENTENCE}", f"{SENTENCE}\n\n{new}\n\n{SENTENCE}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SENTENCE, SENTENCE.replace("100", "10")),
        (SENTENCE, SENTENCE.replace("benar", "tidak benar")),
        (SENTENCE, f"{SENTENCE} Kalimat ini baru."),
        (SENTENCE, SENTENCE.replace("semua", "sebagian")),
        (SENTENCE, SENTENCE.replace("dan", "atau")),
        ("## Pendahuluan", "## Penutup"),
        ("It is legal.", "It is illegal."),
        ("An internal service", "An external service"),
        ("This increases the loss", "This decreases the loss"),
        ("It can be done", "It can't be done"),
        ("It is now ready", "It is not ready"),
        ("Semua data dengan label", "Semua data tanpa label"),
        ("Nilainya -5 derajat", "Nilainya 5 derajat"),
        ("Bila a < b", "Bila a > b"),
        ("Sebesar 5 %", "Sebesar 5"),
        ("Beratnya 5 kg", "Beratnya 5 mg"),
        ("Sekitar 3,5 detik", "Sekitar 35 detik"),
        ("Pakai `model.fit()`", "Pakai `model.fit`"),
        ("```\nTrue\n```", "```\ntrue\n```"),
        ("Maka $x^2$", "Maka $x^3$"),
        ("![Alur](a.png)", "![Alur](b.png)"),
        ("Ini masih berlaku", "~~Ini masih berlaku~~"),
        ("Satu dua tiga", "Tiga dua satu"),
        ("Adalh yg dpat diuku", "adalah yang dapat diukur"),
        ("katta besarr kecill ulangg", "kata besar kecil ulang"),
    ],
)
def test_possible_change_of_meaning_is_not_slight(old, new):
    assert not is_slight(old, new)
    assert not is_slight(new, old)


@settings(max_examples=100, deadline=None)
@given(st.text("[]^!`$|-#>*~{}<a1 \n\r:", max_size=60))
def test_strange_text_differs_slightly_by_a_line_end(text):
    assert is_slight(text, text + "\n")


@pytest.mark.usefixtures("stopped_if_it_hangs")
def test_long_text_is_searched_for_typos_in_time():
    assert not is_slight("kata lagi " * 20_000, "lagi kata kata " * 20_000)


def test_indentation_counts_in_code():
    code = "```py\nfor x in y:\n    a()\n    b(1, 2)\n```\n"
    assert not is_slight(code, code.replace("    b(", "b("))
    assert not is_slight(code, code.replace("    b(", "\tb(").replace("    a(", "  a("))
    assert not is_slight("```\nreturn x\n```", "```\nreturn\nx\n```")
    assert is_slight(code, code.replace("    b(1, 2)\n", "\n    b(1,  2)  \n"))
    assert is_slight(code, code.replace("    ", "\t"))
    assert is_slight("$$\na +\n  b\n$$", "$$\na + b\n$$")
