"""Tests the pictures of documents that ``load`` takes from folders, and from the text itself."""

import base64
import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import translation
from PIL import Image as Pillow

from modules.models import Image, Module

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def png(colour: str = "red") -> bytes:
    written = io.BytesIO()
    Pillow.new("RGB", (2, 2), colour).save(written, "PNG")
    return written.getvalue()


def call(*words) -> tuple[str, str]:
    """Runs a command in English and returns its standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with translation.override("en"):
        call_command(*map(str, words), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def with_data(colour: str = "red") -> str:
    data = base64.b64encode(png(colour)).decode()
    return f"# Titik\n\n## Satu\n\n![Titik][image1]\n\n[image1]: <data:image/png;base64,{data}>\n"


def test_data_becomes_a_picture_and_the_author_is_told(tmp_path):
    file = tmp_path / "titik.md"
    file.write_text(with_data())
    _out, told = call("load", file)

    module = Module.objects.get()
    assert told.count("Pictures that the text held as data: 1.") == 1
    assert f"[image1]: <{module.images.get().path}>" in module.text()
    assert '<img src="/media/' in module.sections.get().html


def test_check_stores_no_picture(tmp_path, media):
    file = tmp_path / "titik.md"
    file.write_text(with_data())
    call("load", "--check", file)
    call("check_document", file)
    assert (Module.objects.count(), Image.objects.count(), media.exists()) == (0, 0, False)


def test_file_with_data_and_its_dump_load_again_without_a_change(tmp_path):
    file, packed = tmp_path / "titik.md", tmp_path / "titik.zip"
    file.write_text(with_data())
    call("load", file)
    text = Module.objects.get().text()
    call("dump", "titik", "--to", packed)

    for source in (file, packed):
        assert "Unchanged" in call("load", source)[0]
    with zipfile.ZipFile(packed) as archive:
        stored = Image.objects.get()
        assert archive.read("titik.md").decode() == text
        assert archive.read(stored.path) == default_storage.open(stored.file.name).read()


def test_picture_in_folder_is_found_under_another_name(tmp_path):
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "Rantai.png").write_bytes(png())
    (tmp_path / "foto kelas.png").write_bytes(png("blue"))
    (tmp_path / "modul.md").write_text(
        "# M\n\n## S\n\n![A](/gambar/rantai.PNG) ![B](foto kelas.png) ![C](tidak-ada.png)\n"
    )
    _out, told = call("load", tmp_path / "modul.md")

    assert sorted(Image.objects.values_list("path", flat=True)) == ["foto kelas.png", "img/Rantai.png"]
    assert "“/gambar/rantai.PNG” is shown from “img/Rantai.png”" in told
    assert told.count("tidak-ada.png") == 1
    assert "Unchanged" in call("load", tmp_path / "modul.md")[0]


def test_two_pictures_of_one_name_are_not_guessed(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "rem.png").write_bytes(png())
    (tmp_path / "modul.md").write_text("# M\n\n## S\n\n![A](rem.png)\n")
    call("load", tmp_path / "modul.md")
    assert Image.objects.count() == 0


def test_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "rahasia.png").write_bytes(png())
    folder = tmp_path / "modul"
    folder.mkdir()
    (folder / "luar.png").symlink_to(tmp_path / "rahasia.png")
    (folder / "modul.md").write_text("# M\n\n## S\n\n![A](x/luar.png) ![B](../rahasia.png)\n")
    call("load", folder / "modul.md")
    assert Image.objects.count() == 0
