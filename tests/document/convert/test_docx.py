"""A Word document becomes a draft with its headings, lists, tables, notes and pictures, and names its losses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.document.convert.docx import is_docx, read_docx
from modules.document.syntax.parser import parse_document
from tests.document.convert.word import docx, paragraph, picture, run, table

FIRST, SECOND = b"\x89PNG first", b"\x89PNG second"


def text_of(*blocks, **options):
    return read_docx(docx(*blocks, **options)).draft.text


def test_whole_document_becomes_a_module():
    word = read_docx(
        docx(
            paragraph("Perawatan sepeda", style="Title"),
            paragraph("Daftar isi", style="TOC1"),
            paragraph("Rantai", style="Heading1"),
            paragraph("Lap ", run("rantai", "<w:b/>"), " tiap ", run("minggu", "<w:i/>"), "."),
            paragraph(picture("img1", "Rantai bersih")),
            paragraph("Sabun", number=1),
            paragraph("Lap", number=1),
            paragraph("Lagi", style="Heading2"),
            table(["Alat", "Harga"], ["Pompa", "20 | 25"]),
            paragraph("Rem", style="Heading1"),
            paragraph("Pertama", number=2),
            paragraph("Kedua", '<w:r><w:footnoteReference w:id="1"/></w:r>', number=2),
            paragraph(picture("img2", "")),
            media=[("a.png", FIRST), ("b.png", SECOND)],
            footnotes=["Oli rantai."],
        )
    )

    assert word.draft.losses == ()
    assert word.images == {"images/gambar-1.png": FIRST, "images/gambar-2.png": SECOND}
    assert word.draft.text == (
        "# Perawatan sepeda\n\n## Rantai\n\nLap **rantai** tiap *minggu*.\n\n![Rantai bersih](images/gambar-1.png)\n\n"
        "- Sabun\n- Lap\n\n### Lagi\n\n| Alat | Harga |\n| --- | --- |\n| Pompa | 20 \\| 25 |\n\n## Rem\n\n"
        "1. Pertama\n2. Kedua[^1]\n\n![](images/gambar-2.png)\n\n[^1]: Oli rantai.\n"
    )
    document = parse_document(word.draft.text)
    assert [section.title for section in document.sections] == ["Rantai", "Rem"]


def test_plain_signs_stay_plain():
    shown = text_of(paragraph("# 1. *a* [x] $b$ &lt;b&gt; ~~c~~"), paragraph("- [x] kunci"))

    assert shown == "\\# 1. \\*a\\* \\[x\\] \\$b\\$ \\<b> \\~\\~c\\~\\~\n\n\\- \\[x\\] kunci\n"


def test_runs_with_the_same_mark_are_joined():
    assert text_of(paragraph(run("a", "<w:b/>"), run("b ", "<w:b/>"), "c")) == "**ab** c\n"


def test_left_out_parts_are_named():
    formula = "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>"
    marked = run("kunci", '<w:highlight w:val="yellow"/>')
    word = read_docx(
        docx(
            paragraph("Teks", formula, formula, marked),
            paragraph(picture("img1", "x")),
            media=[("a.emf", b"e")],
        )
    )

    assert [str(problem) for problem in word.draft.losses] == [
        "Formulas: 2. Write them between dollars, such as $x^2$.",
        "Pictures that a browser cannot show: 1. Save them as PNG and insert them again.",
        "Coloured or marked words: 1. A key that only a colour shows is lost.",
    ]


BOMB = '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([("word/endnotes.xml", BOMB)], "unsafe-xml"),
        ([("word/media/trick.png", BOMB)], "unsafe-xml"),
        ([("word/comments.xml", "<a>" * 100 + "</a>" * 100)], "large-xml"),
        ([("word/media/zeros.png", b"\0" * 60_000_000)], "too-large"),
        ([("word/embeddings/inner.zip", b"PK\3\4")], "nested-archive"),
        ([("../outside.xml", "<a/>")], "unsafe-path"),
        ([(f"word/{number}.bin", b"") for number in range(600)], "bad-archive"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0][0],
)
def test_unsafe_document_is_refused_with_one_sentence(parts, code):
    word = read_docx(docx(paragraph("Teks"), parts=parts))

    assert word.draft.text == ""
    assert [(problem.severity, problem.code) for problem in word.draft.losses] == [("error", code)]


def test_empty_document_is_refused():
    assert [problem.code for problem in read_docx(docx()).draft.losses] == ["no-text"]


def test_document_is_recognised():
    assert is_docx(docx(paragraph("Teks")))
    assert not is_docx(b"PK\3\4 something else")


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 2_000))
def test_reading_never_raises(content, place):
    word = docx(paragraph("Teks"))
    read_docx(content)
    read_docx(word[:place] + content + word[place + len(content) :])
