"""What has changed between two texts is shown word by word; a typo is told from a change of meaning."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.document.compare.moved_text import with_moved_lines
from modules.document.compare.passages import passages
from modules.document.compare.typos import is_slight
from modules.document.compare.word_diff import Row, Run, Skipped, compare, folded, tidied

SECTION = """## Definisi dasar {#definisi}

AI Engineer menyusun *solusi* dari model yang ada,[^1] lihat [panduan][p].

- [x] Prompt
- RAG
  - indeks

| Peran | Fokus |
| --- | --- |
| **ML Engineer** | melatih |

```python
x = 1

y = 2
```

![Alur kerja](alur.png)

<!-- nanti --> <kbd>Esc</kbd>
"""


def marked(rows):
    """Rows as pairs of texts, what changed between brackets."""
    return [tuple("".join(f"[{run.text}]" if run.is_changed else run.text for run in side) for side in
                  (row.before, row.after)) for row in rows]  # fmt: skip


def test_passages_are_the_words_of_each_block():
    assert passages(SECTION) == [
        "Definisi dasar",
        "AI Engineer menyusun solusi dari model yang ada, lihat panduan.",
        "Prompt",
        "RAG",
        "indeks",
        "Peran | Fokus",
        "ML Engineer | melatih",
        "x = 1",
        "y = 2",
        "Alur kerja",
        " Esc",
    ]


def test_a_picture_without_words_is_named_by_its_file():
    assert passages("![](rag.png)") == ["rag.png"]


def test_the_same_texts_have_nothing_that_changed():
    rows = compare(["satu", "", "dua"], ["satu", "", "dua"])

    assert all(row.is_same for row in rows)
    assert marked(rows) == [("satu", "satu"), ("", ""), ("dua", "dua")]


def test_the_words_that_changed_are_marked_in_their_line():
    rows = compare(
        ["Awal.", "AI Engineer berfokus pada penerapan kecerdasan buatan ke dalam produk."],
        ["Awal.", "AI Engineer berfokus pada penerapan dan integrasi kecerdasan buatan ke produk."],
    )

    assert marked(rows)[1:] == [
        (
            "AI Engineer berfokus pada penerapan kecerdasan buatan ke [dalam] produk.",
            "AI Engineer berfokus pada penerapan [dan integrasi] kecerdasan buatan ke produk.",
        )
    ]


def test_lines_that_came_and_went_have_one_side():
    rows = compare(["satu", "dua", "tiga"], ["satu", "tiga", "empat"])

    assert rows[1] == Row((Run("dua", True),), (), False)
    assert rows[3] == Row((), (Run("empat", True),), False)


def test_lines_that_share_nothing_do_not_face_each_other():
    assert marked(compare(["Model dilatih ulang."], ["Kucing tidur siang."])) == [
        ("[Model dilatih ulang.]", ""),
        ("", "[Kucing tidur siang.]"),
    ]


def test_among_several_lines_the_most_alike_face_each_other():
    rows = compare(
        ["Langkah pertama: kumpulkan data.", "Langkah kedua: latih model."],
        ["Pendahuluan baru.", "Langkah kedua: latih ulang model.", "Penutup."],
    )

    assert marked(rows) == [
        ("[Langkah pertama: kumpulkan data.]", ""),
        ("", "[Pendahuluan baru.]"),
        ("Langkah kedua: latih model.", "Langkah kedua: latih [ulang] model."),
        ("", "[Penutup.]"),
    ]


def test_one_line_stands_beside_the_one_whose_place_it_takes():
    long, other = (
        "Kucing tidur siang di atas kursi rotan tua itu.",
        "Model dilatih ulang setiap malam tanpa henti oleh mesin.",
    )
    rows = compare(["## Pendahuluan", "", "Awal.", long], ["## Selamat datang", "", "Awal.", other])

    assert marked(tidied(rows)) == [
        ("## [Pendahuluan]", "## [Selamat datang]"),
        ("", ""),
        ("Awal.", "Awal."),
        (f"[{long}]", f"[{other}]"),
    ]
    assert [row.is_whole for row in tidied(rows)] == [False, False, False, True]


def test_two_lines_that_went_do_not_face_the_one_that_came():
    rows = compare(["Satu.", "Dua."], ["Kucing."])

    assert tidied(rows) == rows


def test_blank_lines_that_came_are_left_out():
    assert marked(tidied(compare(["Satu."], ["Satu.", "", "Kucing.", ""]))) == [
        ("Satu.", "Satu."),
        ("", "[Kucing.]"),
    ]


def test_a_change_of_blanks_alone_is_marked_too():
    assert marked(compare(["  x = 1"], ["    x = 1"])) == [("[  ]x = 1", "[    ]x = 1")]


@settings(max_examples=150, deadline=None)
@given(*[st.lists(st.text("ab .\n", max_size=12), max_size=12)] * 2)
def test_rows_hold_both_texts_whole(old, new):
    rows = compare(old, new)

    assert ["".join(run.text for run in row.before) for row in rows if row.before] == old
    assert ["".join(run.text for run in row.after) for row in rows if row.after] == new
    assert all(row.is_same == (row.before == row.after) for row in rows)


def test_lines_that_moved_are_told_from_those_that_came_or_went():
    long, short = "Kucing itu tidur di atas meja.", "- [ ] ya"
    rows = compare([long, short, "", "Satu.", "Dua.", short], ["Satu.", "Dua.", short, long, short, "Baru."])
    shown = [
        ("".join(run.text for run in row.before or row.after), row.is_moved) for row in with_moved_lines(rows)
    ]
    assert [line for line, is_moved in shown if is_moved] == [long, short, long, short]
    assert [
        row for row in with_moved_lines(compare([short, "Satu."], ["Satu.", short])) if row.is_moved
    ] == []


def test_long_runs_without_a_change_are_folded():
    lines = [f"baris {number}" for number in range(10)]
    rows = compare(lines, [*lines[:5], "lain", *lines[5:]])

    kept = list(folded(rows))

    assert kept[0] == Skipped(4)
    assert marked(kept[1:4]) == [("baris 4", "baris 4"), ("", "[lain]"), ("baris 5", "baris 5")]
    assert kept[4:] == [Skipped(4)]


def test_a_single_row_is_not_folded():
    lines = ["a", "b", "c"]

    assert not [
        row for row in folded(compare(lines, [*lines, "d"])) if isinstance(row, Skipped) and row.count < 2
    ]
    assert list(folded(compare(lines, lines))) == [Skipped(3)]


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
def test_a_typo_or_a_change_of_looks_is_slight(old, new):
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
def test_what_may_change_the_meaning_is_not(old, new):
    assert not is_slight(old, new)
    assert not is_slight(new, old)


@settings(max_examples=100, deadline=None)
@given(st.text("[]^!`$|-#>*~{}<a1 \n\r:", max_size=60))
def test_no_text_is_too_strange(text):
    assert is_slight(text, text + "\n")
    assert all(row.is_same for row in compare(passages(text), passages(f"{text}\n")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["sama " * 20] * 20_000, ["sama " * 21] * 20_000),
        (
            [f"baris {number} " * 3 for number in range(30_000)],
            [f"garis {number} " * 3 for number in range(30_000)],
        ),
        (["a b " * 250_000], ["b a " * 250_000]),
        (["x" * 1_000_000], ["x" * 999_999]),
    ],
)
@pytest.mark.usefixtures("stopped_if_it_hangs")
def test_no_text_hangs(old, new):
    rows = compare(old, new)

    assert "".join(run.text for row in rows for run in row.after) == "".join(new)


@pytest.mark.usefixtures("stopped_if_it_hangs")
def test_no_long_text_hangs_where_slips_are_looked_for():
    assert not is_slight("kata lagi " * 20_000, "lagi kata kata " * 20_000)


def test_indentation_and_lines_count_in_code_and_blanks_do_not():
    code = "```py\nfor x in y:\n    a()\n    b(1, 2)\n```\n"
    assert not is_slight(code, code.replace("    b(", "b("))
    assert not is_slight(code, code.replace("    b(", "\tb(").replace("    a(", "  a("))
    assert not is_slight("```\nreturn x\n```", "```\nreturn\nx\n```")
    assert is_slight(code, code.replace("    b(1, 2)\n", "\n    b(1,  2)  \n"))
    assert is_slight(code, code.replace("    ", "\t"))
    assert is_slight("$$\na +\n  b\n$$", "$$\na + b\n$$")
