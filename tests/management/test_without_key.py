"""``dump --without-key`` writes a public text and its key file; ``load`` joins the two wherever they are."""

import io
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from modules.models import Module
from tests.cast import PLANETS, READABLE, a_module

pytestmark = pytest.mark.django_db


def call(*words):
    """Runs a command in English and returns the lines of its output and of its errors."""
    out, err = io.StringIO(), io.StringIO()
    with translation.override("en"):
        try:
            call_command(*words, stdout=out, stderr=err)
        except CommandError as error:
            err.write(f"! {error}\n")
    return out.getvalue().splitlines(), err.getvalue().splitlines()


@pytest.fixture
def folder(tmp_path):
    """Returns a folder with the public text of the planets and its key file, which no module has."""
    a_module(PLANETS)
    call("dump", "tata-surya", "--without-key", "--to", str(tmp_path / "tata.md"))
    Module.objects.all().delete()
    return tmp_path


def zipped(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            archive.write(file, f"tata/{file.name}")
    return str(path)


def moved(path, to):
    to.parent.mkdir(exist_ok=True)
    return str(path.rename(to))


PLACES = {
    "folder": lambda folder: [str(folder)],
    "name of the page": lambda folder: [moved(folder / "tata.md", folder / "tata.tanpa-kunci.md")],
    "text alone": lambda folder: [str(folder / "tata.md")],
    "two files": lambda folder: [str(folder / "tata.kunci.md"), str(folder / "tata.md")],
    "key elsewhere": lambda folder: [
        str(folder / "tata.md"),
        moved(folder / "tata.kunci.md", folder / "rahasia" / "tata.kunci.md"),
    ],
    "zip": lambda folder: [zipped(folder / "a.zip", [folder / "tata.md", folder / "tata.kunci.md"])],
    "zip and key": lambda folder: [
        zipped(folder / "a.zip", [folder / "tata.md"]),
        moved(folder / "tata.kunci.md", folder / "a.kunci.md"),
    ],
}


@pytest.mark.parametrize("place", PLACES)
def test_text_and_key_join_to_the_same_bytes(folder, place):
    public = (folder / "tata.md").read_text()
    assert not any(secret in public for secret in ("Mars ada di", "Dibahas", "[x]", "8 ± 0"))

    out, err = call("load", *PLACES[place](folder))
    assert out[0] == "Loaded: Tata surya, 2 sections, 4 questions (tata-surya).", err
    assert Module.objects.get().text() == PLANETS


def test_public_text_alone_is_refused_with_one_sentence(folder):
    (folder / "tata.kunci.md").unlink()
    _out, err = call("load", str(folder))

    assert err[0] == (
        f"{folder}/tata.md:1: error: This text comes without its key. Load it together with its key file, whose name ends with .kunci.md."
    )
    assert [line for line in err if ": error: " in line] == err[:1]
    assert not Module.objects.exists()


def test_public_text_alone_keeps_the_key_of_its_module(folder):
    a_module(PLANETS)
    (folder / "tata.kunci.md").unlink()
    public = folder / "tata.md"
    public.write_text(public.read_text().replace("Delapan planet.", "Delapan planet besar."))

    out, err = call("load", str(public))
    assert err[0] == (
        f"{public}: warning: This text comes without its key. The key that the module has was put in again."
    )
    assert out[-1].startswith("Loaded: Tata surya")
    assert Module.objects.get().text() == PLANETS.replace("Delapan planet.", "Delapan planet besar.")


def test_public_text_never_replaces_a_key_that_does_not_fit(folder):
    a_module(PLANETS)
    (folder / "tata.kunci.md").unlink()
    public = folder / "tata.md"
    public.write_text(public.read_text().replace("- [ ] Venus", "- [ ] Pluto"))

    _out, err = call("load", str(public), "--yes")
    assert "it has no key for “Planet luar yang mana?”, or that of another version" in err[0]
    assert Module.objects.get().text() == PLANETS


def test_key_file_of_another_version_names_the_question(folder):
    public = folder / "tata.md"
    public.write_text(public.read_text().replace("- [ ] Venus", "- [ ] Pluto"))

    _out, err = call("load", str(folder))
    assert "it has no key for “Planet luar yang mana?”, or that of another version" in err[0]
    assert not Module.objects.exists()


def test_key_file_without_its_text_is_no_module(folder):
    (folder / "tata.md").unlink()
    _out, err = call("load", str(folder))

    assert "This is the key of a module, and no module." in err[0]
    assert not Module.objects.exists()


def test_all_modules_are_written_without_keys_and_come_back(tmp_path):
    a_module(PLANETS)
    a_module("---\nslug: baca\n---\n" + READABLE)
    call("dump", "--all", "--without-key", "--to", str(tmp_path / "semua"))
    names = sorted(path.relative_to(tmp_path / "semua").as_posix() for path in tmp_path.rglob("*.md"))
    before = {module.slug: module.text() for module in Module.objects.all()}
    Module.objects.all().delete()

    call("load", str(tmp_path / "semua"))
    assert names == ["baca/baca.md", "tata-surya/tata-surya.kunci.md", "tata-surya/tata-surya.md"]
    assert {module.slug: module.text() for module in Module.objects.all()} == before


def test_archive_never_holds_the_key(tmp_path):
    a_module(PLANETS)
    call("dump", "tata-surya", "--without-key", "--to", str(tmp_path / "tata.zip"))
    _out, err = call("dump", "--all", "--without-key", "--to", str(tmp_path / "semua.zip"))

    assert zipfile.ZipFile(tmp_path / "tata.zip").namelist() == ["tata-surya.md"]
    assert (tmp_path / "tata.kunci.md").exists()
    assert err == ["! Without keys, every module needs a directory: --to DIRECTORY."]
    assert not (tmp_path / "semua.zip").exists()


def test_dump_to_standard_output_says_that_the_key_is_not_written(capfdbinary):
    a_module(PLANETS)
    _out, err = call("dump", "tata-surya", "--without-key")

    assert b"[x]" not in capfdbinary.readouterr().out
    assert err == ["tata-surya: the key is not written. “--to FILE.md” writes it to FILE.kunci.md."]


def test_check_document_takes_the_key_file_with_its_text(folder):
    with translation.override("en"):
        err = io.StringIO()
        call_command("check_document", str(folder), stderr=err)
        assert "error" not in err.getvalue()
