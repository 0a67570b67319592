"""Tests that images in a text as data are taken out where a text shows them, and nowhere else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.document.syntax.data_images import take_out, without_data
from modules.document.syntax.parser import parse_document

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
URI = f"data:image/png;base64,{DOT}"
PATH = "images/6b7fa434f92a.png"


def taken(text):
    return take_out(text, lambda image: True)


@pytest.mark.parametrize(
    "text",
    [
        "![Titik]({})",
        '![Titik]({} "Judul") dan [![lagi]({})](https://example.org)',
        "![][image1]\n\n[image1]: <{}>\n",
        "[image1]: {}\nkata\n\n![][image1]",
        "> - ![Titik](<{}>)\n",
        "| a | b |\n|---|---|\n| 1 | ![Titik]({}) |\n",
        "\ufeff# Titik\r\n\r\n![Titik]({})\r\n",
        "Teks.[^a]\n\n[^a]: ![Titik]({})\n",
    ],
)
def test_shown_image_is_taken_out(text):
    changed, images = taken(text.replace("{}", URI))
    assert changed == text.replace("{}", PATH)
    assert {image.content for image in images} == {base64.b64decode(DOT)}


@pytest.mark.parametrize("ends", ["\n", "\r\n  "])
def test_data_on_several_lines_is_taken_out(ends):
    lines = ends.join([URI[:40], URI[40:80], URI[80:]])
    assert taken(f"![Titik]({lines}) lalu kata")[0] == f"![Titik]({PATH}) lalu kata"


def test_short_end_of_base64_is_read():
    assert taken(f"![Titik]({URI.rstrip('=')})")[0] == f"![Titik]({PATH})"


@pytest.mark.parametrize(
    "text",
    [
        f"`![kode]({URI})`",
        f"```\n![kode]({URI})\n```\n\n    ![kode]({URI})\n",
        f'---\ntitle: "![judul]({URI})"\n---\n# A\n',
        f"![svg](data:image/svg+xml;base64,{DOT})",
        "![html](data:text/html;base64,PHNjcmlwdD4=)",
        "![kosong](data:image/png;base64,)",
        "![rusak](data:image/png;base64,bukan!)",
        f"![terpotong]({URI}",
        f"[tautan]({URI})",
    ],
)
def test_other_data_stays_as_it_is(text):
    assert taken(text) == (text, ())


def test_refused_image_stays_as_it_is():
    text = f"![satu]({URI}) ![dua](data:image/gif;base64,R0lGODlh)"
    changed, images = take_out(text, lambda image: image.path.endswith(".gif"))
    assert changed.startswith(f"![satu]({URI}) ![dua](images/")
    assert len(images) == 1


def test_size_of_text_counts_no_data():
    assert without_data(f"![a]({URI})\n[b]: <{URI}>\n") == "![a)\n[b>\n"


@given(st.text(alphabet="![]()<>:;, \n=+/AZaz09`|>-#data:image/png;base64,", max_size=200))
def test_any_text_is_kept_but_for_its_images(text):
    changed, images = taken(text)
    assert bool(images) or changed == text


@pytest.mark.parametrize(
    "text",
    ["![x](data:image/svg+xml,<svg onload=alert(1)>)", f"![x]({URI})", f"<img src='{URI}'>", f"kata {URI}"],
)
def test_page_shows_no_data(text):
    html = parse_document(f"# A\n\n## B\n\n{text}\n").sections[0].html
    assert DOT[:30] not in html
    assert "<img" not in html
    assert "<svg" not in html
