"""Archives give a document and its images, and unsafe archives are refused before use."""

import contextlib
import io
import stat
import struct
import zipfile

import pytest

from modules.document.problems import DocumentError
from modules.document.syntax import archive

MARKDOWN = "# Modul\n\n![RAG](images/rag.png)\n"


def packed(files, method=zipfile.ZIP_DEFLATED):
    """Returns a zip of ``files``, which has contents by name or by ZipInfo."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as pack:
        for name, content in files.items():
            pack.writestr(name, content)
    return written.getvalue()


def refused(content, **options):
    """Returns the codes of all problems of an archive."""
    with pytest.raises(DocumentError) as caught:
        archive.unpack(content, **options)
    assert all(problem.text() for problem in caught.value.problems)
    return [problem.code for problem in caught.value.problems]


def test_archive_has_its_document_and_images():
    content = packed({"modul.md": MARKDOWN, "images/rag.png": b"png", "notes.txt": b"x", "B.JPG": b"jpg"})

    assert content.startswith(archive.SIGNATURES)
    assert archive.unpack(content) == archive.Archive(
        "modul.md", MARKDOWN.encode(), {"images/rag.png": b"png", "B.JPG": b"jpg"}
    )


def test_image_paths_begin_at_the_document():
    content = packed({"m/text/a.md": "x", "m/text/images/a.png": b"1", "m/images/b.png": b"2", "c.png": b"3"})

    assert archive.unpack(content).images == {
        "images/a.png": b"1",
        "../images/b.png": b"2",
        "../../c.png": b"3",
    }


def test_backslashes_separate_folders():
    assert archive.unpack(packed({"m\\a.md": "x", "m\\images\\b.png": b"1"})).images == {"images/b.png": b"1"}


def test_files_of_the_operating_system_are_ignored():
    content = packed(
        {"a.md": "x", "__MACOSX/._a.md": "y", "__MACOSX/old.zip": "z", ".hidden.md": "y", "m/.DS_Store": "y"}
    )

    assert archive.unpack(content) == archive.Archive("a.md", b"x", {})


@pytest.mark.parametrize(
    "path",
    ["../a.png", "images/../../a.png", "/etc/a.png", "C:/a.png", "..\\a.png", "\\a.png", "__MACOSX/../../a"],
)
def test_path_out_of_the_archive_is_refused(path):
    assert refused(packed({"a.md": "x", path: b"1"})) == ["unsafe-path"]


@pytest.mark.parametrize(
    ("path", "name"), [("word/document.xml", "Word"), ("META-INF/manifest.xml", "OpenDocument")]
)
def test_document_of_another_program_is_refused(path, name):
    content = packed({path: "<x/>", "word/embeddings/tabel.zip": b"1"})
    with pytest.raises(DocumentError, match=rf"not Markdown but {name}"):
        archive.unpack(content)
    assert archive.unpack(packed({path: "<x/>", "a.md": "x"})).markdown == b"x"


def test_symbolic_link_is_refused():
    link = zipfile.ZipInfo("images/a.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16

    assert refused(packed({"a.md": "x", link: b"/etc/passwd"})) == ["symbolic-link"]


@pytest.mark.parametrize("name", ["more.zip", "more.tar.gz", "m/MORE.7Z"])
def test_archive_in_an_archive_is_refused(name):
    assert refused(packed({"a.md": "x", name: b"1"})) == ["nested-archive"]


def test_all_unsafe_entries_are_reported_together():
    assert refused(packed({"a.md": "x", "../b.png": b"1", "c.zip": b"1"})) == [
        "unsafe-path",
        "nested-archive",
    ]


@pytest.mark.parametrize("files", [{"a.png": b"1"}, {"a.md": "x", "m/b.markdown": "y"}])
def test_archive_without_exactly_one_document_is_refused(files):
    assert refused(packed(files)) == ["one-document"]


def test_too_many_files_are_refused():
    files = {f"{number}.png": b"" for number in range(archive.MOST_FILES)}

    assert refused(packed({"a.md": "x", **files})) == ["bad-archive"]
    assert refused(packed({"a.md": "x", **files, **{f"x{name}": b"" for name in files}})) == ["bad-archive"]


def test_size_in_headers_over_the_limit_is_refused():
    assert refused(packed({"a.md": "x", "a.png": bytes(2_000)}), limit=1_000) == ["too-large"]


def test_sizes_of_all_images_add_up():
    files = {f"{number}.png": bytes(400) for number in range(3)}

    assert refused(packed({"a.md": "x", **files}), limit=1_000) == ["too-large"]


@pytest.mark.parametrize("claimed", [10, 900])
def test_false_size_in_a_header_is_refused(claimed):
    content = packed({"a.md": "x", "a.png": bytes(500_000)})
    lying = content.replace(struct.pack("<L", 500_000), struct.pack("<L", claimed))

    assert lying != content
    assert refused(lying, limit=1_000) == ["bad-archive"]


def test_unpacked_bytes_are_counted(monkeypatch):
    monkeypatch.setattr(archive, "_refuse_unsafe", lambda entries, limit: None)

    assert refused(packed({"a.md": "x", "a.png": bytes(2_000)}), limit=1_000) == ["too-large"]


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_compression_methods_are_refused(method):
    assert refused(packed({"a.md": "x"}, method)) == ["bad-archive"]


def test_archive_with_a_password_is_refused():
    content = bytearray(packed({"a.md": "x"}))
    for signature, flags in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        content[content.index(signature) + flags] |= 1

    assert refused(bytes(content)) == ["bad-archive"]


@pytest.mark.parametrize("damage", [b"", b"PK", b"PK\3\4" + bytes(50)])
def test_other_content_is_refused_as_archive(damage):
    assert refused(damage) == ["bad-archive"]


def test_damaged_archive_raises_no_other_error():
    content = packed({"a.md": "word " * 200, "a.png": bytes(range(256)) * 20})
    for place in range(0, len(content), 3):
        damaged = content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
        with contextlib.suppress(DocumentError):
            archive.unpack(damaged)  # any other exception fails the test
