"""Bytes become text and the same bytes again, and line ends survive an editor that changes them."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.document.compare import line_ends
from modules.document.problems import DocumentError
from modules.document.syntax import source

TEXT = "# Judul\r\n\nÉ – 日本\n"


def refused(content, **options):
    """Returns the line and the code of the only problem of a file."""
    with pytest.raises(DocumentError) as caught:
        source.decode(content, **options)
    (problem,) = caught.value.problems
    assert problem.text()
    return problem.line, problem.code


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"", "utf-8"),
        (TEXT.encode(), "utf-8"),
        (("\ufeff" + TEXT).encode(), "utf-8"),
        (("\ufeff" + TEXT).encode("utf-16-le"), "utf-16-le"),
        (("\ufeff" + TEXT).encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_decoded_file_is_encoded_to_the_same_bytes(content, encoding):
    text, decoded_as = source.decode(content)

    assert decoded_as == encoding
    assert text.removeprefix("\ufeff") == (TEXT if content else "")
    assert source.encode(text, decoded_as) == content


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_binary_content_is_refused_with_its_line(end):
    start = f"é{end}{end}b"

    assert refused(start.encode() + b"caf\xe9") == (3, "not-text")
    assert refused(start.encode() + b"\0") == (3, "not-text")
    assert refused(("\ufeff" + start).encode("utf-16-le") + b"\x00\xd8x\x00") == (3, "not-text")


def test_half_a_character_of_utf_16_is_refused():
    assert refused("\ufeffab".encode("utf-16-le") + b"c") == (1, "not-text")


def test_image_is_refused_as_text():
    assert refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")[1] == "not-text"


@pytest.mark.parametrize("start", source.OTHER_FORMATS)
def test_file_of_another_program_is_refused(start):
    assert refused(start + b"1.4 \0\x01") == (0, "other-format")


def test_file_over_the_limit_is_refused():
    assert source.decode(bytes(b"a" * 10), limit=10) == ("a" * 10, "utf-8")
    assert refused(bytes(b"a" * 11), limit=10) == (0, "large-document")
    assert refused(b"a" * (source.LIMIT + 1)) == (0, "large-document")


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("a\nb\n", "a\r\nb\r\n", "a\nb\n"),
        ("a\r\nb\r\n", "a\nb\n", "a\r\nb\r\n"),
        ("a\rb\r", "a\r\nb\r\n", "a\rb\r"),
        ("a\r\nb\nc\rd", "a\nb\nc\nd", "a\r\nb\nc\rd"),
        ("a\r\nb\nc\r", "a\r\nb\r\nc\r\n", "a\r\nb\nc\r"),
        ("a\r\nb", "a\nb\n", "a\r\nb\r\n"),
        ("a\r\nb\r\n", "a\nb", "a\r\nb"),
        ("a\r\nb\r\nc\n", "a\nnew\nb\nc\n", "a\r\nnew\r\nb\r\nc\n"),
        ("a\r\nb\nc\nd\n", "a\nd\n", "a\r\nd\n"),
        ("\r\n\n\r\nx\n\n", "new\n\n\n\nx\n\n", "new\n\r\n\n\r\nx\n\n"),
        ("x\n\r\ny\n\nz\n", "X\n\ny\n\nZ\n", "X\n\r\ny\n\nZ\n"),
        ("", "a\r\nb\r\n", "a\nb\n"),
        ("a\r\n", "", ""),
        ("a", "a", "a"),
    ],
)
def test_line_ends_of_the_old_text_are_kept(old, new, kept):
    assert line_ends.keep_line_ends(old, new) == kept


LINES = st.lists(st.sampled_from("abc") | st.just(""), max_size=12)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@settings(max_examples=200, deadline=None)
@given(LINES.flatmap(lambda lines: st.tuples(*(st.tuples(st.just(line), ENDS) for line in lines))), LINES)
def test_unchanged_text_is_restored_exactly(old, new):
    text = "".join(line + end for line, end in old)
    browser = "\r\n".join(new)

    assert line_ends.keep_line_ends(text, source.normalise(text).replace("\n", "\r\n")) == text
    assert source.normalise(line_ends.keep_line_ends(text, browser)) == browser.replace("\r\n", "\n")


@pytest.mark.parametrize("lines", [[""], ["same"], ["a", "b"], None])
@pytest.mark.usefixtures("stopped_if_it_hangs")
def test_large_text_of_equal_lines_is_fast(lines):
    chance = random.Random(1)
    old = [chance.choice(lines or [str(number)]) for number in range(300_000)]
    new = ["first", *old[:100_000], *old[100_050:200_000], "more", *old[200_000:], "last"]
    chance.shuffle(new[50_000:60_000])

    kept = line_ends.keep_line_ends("\r\n".join(old), "\n".join(new))

    assert kept == "\r\n".join(new)


def test_refused_text_says_how_to_mend_it():
    with pytest.raises(DocumentError) as caught:
        source.decode(b"# T\n\nHalaman caf\xe9\n")

    assert str(caught.value) == (
        "3: This is not text in UTF-8 or UTF-16. Save the file as UTF-8 and load it again."
    )
