"""Tests how images of a known size are written: no page jumps, and wide ones open."""

import re

import pytest

from modules.document.html.image_markup import ImageAddress, ImageSize
from modules.document.syntax.parser import parse_document


class Measured(ImageAddress):
    """An image whose size the test says."""

    known: ImageSize | None = None

    def size(self) -> ImageSize | None:
        return self.known

    def copy(self) -> str:
        return f"{self}.small"


def shown(text: str, width: int = 0, height: int = 0, *, copy: int = 0) -> str:
    address = Measured("/media/a.png")
    address.known = ImageSize(width, height, copy) if width else None
    return parse_document(f"# M\n\n## S\n\n{text}\n", images={"a.png": address}).sections[0].html


def attributes(page: str) -> dict[str, str]:
    tag = re.search(r"<img ([^>]*)>", page)
    assert tag is not None
    return dict(re.findall(r'([\w-]+)="([^"]*)"', tag[1]))


def test_image_has_its_size_and_waits_until_it_is_seen():
    assert attributes(shown("![Peta](a.png)", 300, 200)) == {
        "src": "/media/a.png",
        "alt": "Peta",
        "width": "300",
        "height": "200",
        "loading": "lazy",
        "decoding": "async",
    }


def test_image_that_cannot_be_measured_is_shown_all_the_same():
    page = shown("![Peta](a.png)")
    assert "width" not in attributes(page)
    assert 'src="/media/a.png"' in page


def test_tall_image_keeps_its_proportion():
    found = attributes(shown("![Poster](a.png)", 1000, 2000))
    assert (found["width"], found["height"]) == ("320", "640")


def test_wide_image_offers_its_smaller_copy():
    found = attributes(shown("![Peta](a.png)", 1600, 900, copy=800))
    assert found["srcset"] == "/media/a.png.small 800w, /media/a.png 1600w"
    assert "srcset" not in attributes(shown("![Peta](a.png)", 1600, 900))


def test_wide_image_is_a_link_to_itself_with_a_name():
    assert '<a class="enlarge" href="/media/a.png" aria-label="Perbesar gambar: Peta"' in shown(
        "![Peta](a.png)", 800, 400
    )
    assert 'aria-label="Perbesar gambar"' in shown("![](a.png)", 800, 400)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        pytest.param("![Ikon](a.png)", 399, id="narrow"),
        pytest.param("[![Peta](a.png)](https://example.org/)", 800, id="inside a link of the author"),
        pytest.param("### Judul ![Peta](a.png)", 800, id="in a heading"),
        pytest.param("### Tanya {.check}\n\n- [x] ![Peta](a.png)\n- [ ] tidak", 800, id="in a choice"),
        pytest.param(
            "### Tanya {.check}\n\n- [x] ya\n\n  ![Peta](a.png)\n- [ ] tidak", 800, id="in a long choice"
        ),
    ],
)
def test_image_does_not_open_where_a_press_does_something_else(text: str, width: int):
    page = shown(text, width, 300)
    assert "<img" in page
    assert "enlarge" not in page


def test_small_image_among_words_stays_in_their_line():
    assert attributes(shown("Tekan ![ikon](a.png) ini.", 24, 24))["class"] == "inline"
    assert "class" not in attributes(shown("Tekan ![foto](a.png) ini.", 300, 200))
    assert "class" not in attributes(shown("![ikon](a.png)", 24, 24))
