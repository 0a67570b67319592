"""Tests that an archive of all modules is loaded back as it is, and checked like a directory."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import translation
from PIL import Image as Pillow

from modules.models import Draft, Module
from tests.cast import PLANETS, a_module


def call(*words):
    """Runs a command in English and returns its standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with translation.override("en"):
        call_command(*words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def png(colour):
    content = io.BytesIO()
    Pillow.new("RGB", (3, 2), colour).save(content, "PNG")
    return content.getvalue()


def zipped(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return str(path)


def everything():
    """Returns the text and the images of each module by its slug."""
    return {
        module.slug: (
            module.text(),
            {image.path: default_storage.open(image.file.name).read() for image in module.images.all()},
        )
        for module in Module.objects.all()
    }


@pytest.mark.django_db
def test_archive_of_all_loads_back_as_it_is(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    a_module(PLANETS)
    with_image = "---\nslug: warna\n---\n# Warna\n\n## A\n\n![Merah](../gambar/merah.png)\n"
    call(
        "load", zipped(tmp_path / "warna.zip", {"a/b/warna.md": with_image, "a/gambar/merah.png": png("red")})
    )
    before = everything()
    target = tmp_path / "all.zip"
    call("dump", "--all", "--to", str(target))
    Module.objects.all().delete()

    out, _err = call("load", str(target))

    assert everything() == before
    assert before["warna"][1]
    assert out.splitlines()[-1] == "2 files: 2 loaded."
    again, _err = call("load", str(target), "--check")
    assert again.splitlines()[-1] == "2 files: 2 unchanged."


def test_archive_with_two_documents_in_one_folder_is_no_archive_of_modules(tmp_path):
    archive = zipped(tmp_path / "two.zip", {"a/one.md": "# A\n\nTeks.\n", "a/two.md": "# B\n\nTeks.\n"})

    with pytest.raises(SystemExit):
        call("check_document", archive)


def test_each_module_of_an_archive_is_checked(tmp_path):
    archive = zipped(tmp_path / "all.zip", {"a/a.md": "# A\n\n[mati](#x)\n", "b/b.md": "# B\n\n[mati](#y)\n"})
    _out, err = call("check_document", archive)

    assert [line.partition(" ")[0] for line in err.splitlines()] == [f"{archive}/a:3:", f"{archive}/b:3:"]


def test_several_files_and_directories_are_checked(tmp_path):
    (tmp_path / "folder").mkdir()
    for name, text in (
        ("a.md", "# A\n\nTeks.\n"),
        ("folder/b.md", "# B\n\n[mati](#x)\n"),
        ("folder/c.md", "# C\n\n## Kuis\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    err = io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("check_document", str(tmp_path / "a.md"), str(tmp_path / "folder"), stderr=err)

    assert stopped.value.code == 1
    assert [line.partition(" ")[0] for line in err.getvalue().splitlines()] == [
        f"{tmp_path}/folder/b.md:3:",
        f"{tmp_path}/folder/c.md:3:",
    ]


@pytest.mark.django_db
def test_drafts_stay_beside_an_archive_of_all(tmp_path, settings, instructor):
    settings.MEDIA_ROOT = tmp_path / "media"
    module = a_module(PLANETS)
    Draft.objects.create(author=instructor, module=module, text="# Draf\n\nBelum selesai.\n")
    target = tmp_path / "all.zip"
    call("dump", "--all", "--to", str(target))

    again, _err = call("load", str(target))
    assert again.startswith("Unchanged: Tata surya")
    assert Draft.objects.get().text == "# Draf\n\nBelum selesai.\n"
    Module.objects.all().delete()
    call("load", str(target))
    (text, _images) = everything()["tata-surya"]
    assert text == PLANETS
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["tata-surya/tata-surya.md"]


def test_archives_and_directories_are_checked_together_in_whole_sentences(tmp_path):
    archive = zipped(tmp_path / "all.zip", {"a/a.md": "# A\n\n[mati](#x)\n", "b/b.md": "# B\n\nTeks.\n"})
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "c.md").write_text("# C\n\n[mati](#z)\n", encoding="utf-8")
    err = io.StringIO()
    with translation.override("id"), pytest.raises(SystemExit):
        call_command(
            "check_document", archive, str(tmp_path / "folder"), str(tmp_path / "tidak.md"), stderr=err
        )

    *warnings, missing = err.getvalue().splitlines()
    assert missing == f"{tmp_path}/tidak.md: berkas atau folder ini tidak ada"
    assert [line.partition(": ")[0] for line in warnings] == [f"{archive}/a:3", f"{tmp_path}/folder/c.md:3"]
    assert all("Tautan “#" in line for line in warnings)


def test_directory_without_documents_is_named(tmp_path):
    with pytest.raises(CommandError, match="no Markdown file"):
        call("check_document", str(tmp_path))
