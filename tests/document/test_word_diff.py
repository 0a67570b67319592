"""Changes between two texts are shown word by word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.document.compare.moved_text import with_moved_lines
from modules.document.compare.passages import passages
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
    """Returns rows as pairs of texts with the changed words in brackets."""
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


def test_image_without_words_is_named_by_its_file():
    assert passages("![](rag.png)") == ["rag.png"]


def test_equal_texts_have_only_unchanged_rows():
    rows = compare(["satu", "", "dua"], ["satu", "", "dua"])

    assert all(row.is_same for row in rows)
    assert marked(rows) == [("satu", "satu"), ("", ""), ("dua", "dua")]


def test_changed_words_are_marked_in_their_line():
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


def test_added_and_removed_lines_have_one_side():
    rows = compare(["satu", "dua", "tiga"], ["satu", "tiga", "empat"])

    assert rows[1] == Row((Run("dua", True),), (), False)
    assert rows[3] == Row((), (Run("empat", True),), False)


def test_unlike_lines_do_not_face_each_other():
    assert marked(compare(["Model dilatih ulang."], ["Kucing tidur siang."])) == [
        ("[Model dilatih ulang.]", ""),
        ("", "[Kucing tidur siang.]"),
    ]


def test_most_alike_lines_face_each_other():
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


def test_replaced_line_faces_its_successor():
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


def test_two_removed_lines_do_not_face_one_added():
    rows = compare(["Satu.", "Dua."], ["Kucing."])

    assert tidied(rows) == rows


def test_added_blank_lines_are_left_out():
    assert marked(tidied(compare(["Satu."], ["Satu.", "", "Kucing.", ""]))) == [
        ("Satu.", "Satu."),
        ("", "[Kucing.]"),
    ]


def test_change_of_blanks_is_marked():
    assert marked(compare(["  x = 1"], ["    x = 1"])) == [("[  ]x = 1", "[    ]x = 1")]


@settings(max_examples=150, deadline=None)
@given(*[st.lists(st.text("ab .\n", max_size=12), max_size=12)] * 2)
def test_rows_hold_both_whole_texts(old, new):
    rows = compare(old, new)

    assert ["".join(run.text for run in row.before) for row in rows if row.before] == old
    assert ["".join(run.text for run in row.after) for row in rows if row.after] == new
    assert all(row.is_same == (row.before == row.after) for row in rows)


def test_moved_lines_are_marked():
    long, short = "Kucing itu tidur di atas meja.", "- [ ] ya"
    rows = compare([long, short, "", "Satu.", "Dua.", short], ["Satu.", "Dua.", short, long, short, "Baru."])
    shown = [
        ("".join(run.text for run in row.before or row.after), row.is_moved) for row in with_moved_lines(rows)
    ]
    assert [line for line, is_moved in shown if is_moved] == [long, short, long, short]
    assert [
        row for row in with_moved_lines(compare([short, "Satu."], ["Satu.", short])) if row.is_moved
    ] == []


def test_long_unchanged_runs_are_folded():
    lines = [f"baris {number}" for number in range(10)]
    rows = compare(lines, [*lines[:5], "lain", *lines[5:]])

    kept = list(folded(rows))

    assert kept[0] == Skipped(4)
    assert marked(kept[1:4]) == [("baris 4", "baris 4"), ("", "[lain]"), ("baris 5", "baris 5")]
    assert kept[4:] == [Skipped(4)]


def test_single_row_is_not_folded():
    lines = ["a", "b", "c"]

    assert not [
        row for row in folded(compare(lines, [*lines, "d"])) if isinstance(row, Skipped) and row.count < 2
    ]
    assert list(folded(compare(lines, lines))) == [Skipped(3)]


@settings(max_examples=100, deadline=None)
@given(st.text("[]^!`$|-#>*~{}<a1 \n\r:", max_size=60))
def test_strange_text_has_unchanged_passages(text):
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
def test_large_texts_are_compared_in_time(old, new):
    rows = compare(old, new)

    assert "".join(run.text for row in rows for run in row.after) == "".join(new)
