"""Tests that the command `convert` writes files of other programs as documents, with their pictures."""

import base64
import io
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from PIL import Image as Pillow

from modules.document.syntax import archive
from tests.document.convert.word import docx, paragraph, picture


def call(*words):
    """Runs a command in English and returns its standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with translation.override("en"):
        call_command(*words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def word(tmp_path):
    path = tmp_path / "rantai.docx"
    path.write_bytes(
        docx(paragraph("Teks"), paragraph(picture("img1", "Rantai")), media=[("a.png", b"pixels")])
    )
    return path


def test_questions_of_another_program_go_to_standard_output(tmp_path):
    path = tmp_path / "rem.gift"
    path.write_text("Apa? {=a ~b}\n\nTulis. {}\n", encoding="utf-8")
    out, err = call("convert", str(path))

    assert out == "# rem\n\n## Final quiz {.quiz}\n\n### Apa?\n\n- [x] a\n- [ ] b\n"
    assert (
        err
        == f"{path}:3: warning: Questions of a kind that a quiz here does not have: 1. They are left out. Affected: “Tulis.”.\n"
    )


def test_archive_is_read_with_its_picture(tmp_path):
    path, target = tmp_path / "k.zip", tmp_path / "baru.zip"
    with path.open("wb") as file:
        archive.pack(
            [
                ("m.md", b"# M\n\n![a](a.png)\n\n1. Apa?\n\nA. a\nB. b\n\nJawaban: B\n"),
                ("a.png", b"pixels"),
            ],
            file,
        )
    call("convert", str(path), "--to", str(target))

    unpacked = archive.unpack(target.read_bytes())
    assert "- [x] b" in unpacked.markdown.decode()
    assert unpacked.images == {"a.png": b"pixels"}


@pytest.mark.parametrize(("name", "content"), [("o.ipynb", b'{"cells": []}'), ("o.pdf", b"%PDF-1.7")])
def test_file_of_no_text_is_refused_with_its_name(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError, match=name):
        call("convert", str(path))


def test_word_document_is_written_with_its_pictures(word):
    target = word.with_suffix(".zip")
    call("convert", str(word), "--to", str(target))

    unpacked = archive.unpack(target.read_bytes())
    assert (unpacked.name, unpacked.images) == ("rantai.md", {"images/gambar-1.png": b"pixels"})


def test_pictures_that_are_not_written_are_named(word):
    out, err = call("convert", str(word))

    assert out == "Teks\n\n![Rantai](images/gambar-1.png)\n"
    assert err == "Pictures that are not written: 1. “--to FILE.zip” writes them, too.\n"


def test_file_that_cannot_be_read_exits_with_one(tmp_path):
    path = tmp_path / "rem.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("imsmanifest.xml", "<a/>")

    with pytest.raises(SystemExit) as stopped:
        call("convert", str(path))
    assert stopped.value.code == 1


def test_images_as_data_are_written_as_files(tmp_path):
    path, target = tmp_path / "titik.md", tmp_path / "titik.zip"
    content = io.BytesIO()
    Pillow.new("RGB", (2, 2), "red").save(content, "PNG")
    data = base64.b64encode(content.getvalue()).decode()
    path.write_text(f"# Titik\n\n![Titik](data:image/png;base64,{data})\n", encoding="utf-8")
    _out, err = call("convert", str(path), "--to", str(target))

    unpacked = archive.unpack(target.read_bytes())
    (image,) = unpacked.images
    assert (unpacked.markdown.decode(), err) == (f"# Titik\n\n![Titik]({image})\n", "")
    assert data in call("convert", str(path))[0]  # no archive, and so no file beside the text
