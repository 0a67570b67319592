"""Lines that would show learners an answer or a key are named, and ordinary prose is not."""

from pathlib import Path

import pytest

from modules.document.convert.document import convert
from modules.document.convert.recognise import SHOWN, recognise, with_warnings
from modules.document.syntax.parser import parse_document

ROOT = Path(__file__).parents[3]
PROSE = [*ROOT.glob("modules/examples/*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("*.md")]
OURS = "# M\n\n## A\n\nx\n\n## Kuis akhir\n\n### Soal?\n\n- [ ] a\n- [x] b\n- [ ] c\n"


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_prose_of_this_project_shows_no_key(path):
    assert not recognise(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "line",
    [
        "Kunci jawaban ada pada guru.",
        "Jawaban: ______",
        "Jawaban yang benar akan dibahas di kelas.",
        "Answer: A good question has one answer.",
        "Key: value pairs are stored in a map.",
        "Kunci: C mayor",
        "The correct answer is explained below.",
        "Tulis `Jawaban: B` di bawah soal.",
        "<!-- Jawaban: B -->",
        "%% kunci: B %%",
        "```\nJawaban: B\n```",
        "> Tidak ada jawaban a atau b.",
        "<details>\n<summary>Jawaban latihan</summary>\n\nDua jalan.\n\n</details>",
        "- ✅ Selesai\n- ❌ Belum",
    ],
)
def test_ordinary_line_is_not_named(line):
    assert recognise(f"# M\n\n## Bacaan\n\n{line}\n\n## Lagi\n\nTeks.\n").leaks == ()


@pytest.mark.parametrize(
    "line",
    [
        "Jawaban: B",
        "**Jawaban benar B**",
        "*(Jawaban yang benar: B)*",
        "JAWABAN B",
        "Jawabannya adalah C.",
        "The correct answer is B.",
        "Soal 1: apa? Jawaban: B",
        "(Answer: c)",
        "Kunci jawaban: 1. B 2. C",
        "Kunci jawaban: A, B",
        "| No | Kunci |\n|---|---|\n| 1 | B |",
        "<p>Jawaban: B</p>",
        "<details><summary>Kunci Jawaban</summary>\n\n1. B\n\n</details>",
        "**Kunci Jawaban**\n\nB lalu C",
        "> Jawaban: B",
    ],
)
def test_key_in_the_text_is_named_once(line):
    text = OURS.replace("x\n", f"{line}\n", 1)
    found = recognise(text)

    assert [leak.line for leak in found.leaks] == [5]
    assert found.shows_key


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("### Soal?", "### Soal? (Jawaban: B)", 9),
        ("### Soal?\n", "### Soal?\n\nKunci: B\n", 11),
        ("### Soal?\n", "### Soal?\n\nJawaban: karena panas matahari.\n", 11),
        ("- [x] b", "- [x] b ✅", 12),
        ("- [x] b", "- [x] ✓ b", 12),
        ("- [x] b", "- [x] b (benar)", 12),
        ("- [x] b", "- [x] **b**", 12),
        ("- [x] b", "- [x] ==b==", 12),
        ("- [x] b", "- [x] ~~b~~", 12),
        ("- [ ] c\n", "- [ ] c\n\n→ B\n", 15),
    ],
)
def test_key_in_our_quiz_is_named(old, new, line):
    assert [leak.line for leak in recognise(OURS.replace(old, new, 1)).leaks] == [line]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- [ ] c\n", "- [ ] c\n\n> Kunci: B, karena dua.\n"),
        ("- [ ] a\n- [x] b\n- [ ] c\n", "- [ ] **a**\n- [x] **b**\n- [ ] **c**\n"),
        ("- [ ] a\n- [x] b\n- [ ] c\n", "- [ ] ❌\n- [x] ✅\n"),
        ("- [ ] a\n- [x] b\n- [ ] c\n", "- [=] Jawaban: B\n"),
        ("- [x] b", "- [x] Benar"),
    ],
)
def test_explanation_and_equal_signs_are_not_named(old, new):
    assert recognise(OURS.replace(old, new, 1)).leaks == ()


def test_many_places_are_counted():
    text = OURS.replace("x\n", "Jawaban: B\n\n" * 30, 1)
    warnings = [problem for problem in with_warnings(parse_document(text)).warnings if problem.code == SHOWN]

    assert len(warnings) == 11
    assert warnings[-1].params == {"count": 20}


def test_section_with_a_key_is_not_to_be_linked_to():
    document = parse_document(OURS + "\n## Kunci Jawaban\n\n1. B\n")

    assert [problem.params["title"] for problem in document.warnings if problem.code == "unasked"] == ["A"]


def test_conversion_names_what_it_leaves():
    text = "# M\n\n## Kuis\n\n1. Apa?\nA. es\nB. uap\nJawaban: B\n\n2. Jelaskan!\nJawaban: " + "panas " * 30
    converted = convert(text)

    assert converted.count == 1
    assert [loss.line for loss in converted.losses] == [11]
    assert recognise(converted.text).shows_key


@pytest.mark.parametrize(
    "lines",
    [
        "Tenaga dipindahkan oleh {{c1::rantai}}.",
        "Tenaga dipindahkan oleh {1:SHORTANSWER:=rantai} sepeda.",
        "- question: Apa?\n  options: [rem, rantai]\n  answer: rantai",
        '[{"question": "Apa?", "options": ["rem", "rantai"], "answer": 1}]',
        '{{< quiz question="Apa?" answers="rem|rantai" correct="1" >}}',
        '<Quiz question="Apa?" options={["rem", "rantai"]} answer={1} />',
        '<input type="radio" name="q" checked> rantai',
        "exsolution: 01",
        "Apa?\n*rantai\nrem\nsadel",
        "Apa?\n+ rantai\n- rem\n- sadel",
        "Apa?\n= rantai\n~ rem\n~ sadel",
        "Apa?\n- rantai (1)\n- rem (0)",
        "Apa?\n- %100% rantai\n- %0% rem",
        "Apa?\n\n| Pilihan | Benar? |\n|---|---|\n| rantai | ✅ |\n| rem | ❌ |",
        "| Pernyataan | Benar | Salah |\n|---|---|---|\n| Rantai berputar. | ✓ | |",
        "| Pernyataan | B/S |\n|---|---|\n| Rantai berputar. | B |",
        "1. 2 + 3 = ...\n2. 3 x 4 = ...\n\nKunci: 1. 5 2. 12",
    ],
)
def test_key_in_a_notation_that_nobody_reads_is_named(lines):
    assert recognise(f"# M\n\n## Bacaan\n\nTeks.\n\n## Latihan\n\n{lines}\n").shows_key


@pytest.mark.parametrize(
    "lines",
    [
        "Apa yang perlu?\n- rem\n- rantai\n- sadel",
        "Apa yang perlu?\n* rem\n* rantai\n* sadel",
        "Mengapa perkakas ini dipasang dengan `rustup`?\n\nKetik\n+nightly component.",
        "question: apa\nanswer: ya",
        "| Pernyataan | Benar | Salah |\n|---|---|---|\n| Rantai berputar. | | |",
        "Kunci: 1. gigi lalu rantai",
        "<input type='text'>",
        "Dokumen: {{ judul }} dan {1:2}",
    ],
)
def test_exercise_without_a_key_is_not_named(lines):
    assert not recognise(f"# M\n\n## Bacaan\n\nTeks.\n\n## Latihan\n\n{lines}\n").shows_key
