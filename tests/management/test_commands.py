"""Tests the commands for scripts: their output and their exit status."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from PIL import Image as Pillow

from modules.models import Image, Module
from tests.cast import PLANETS

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "modules" / "examples").glob("*.md"))
INVALID = (
    "# M\n\n## A\n\na\n\n## Kuis akhir\n\n### Apa?\n\n- [ ] a\n- [ ] b\n\n### Berapa?\n\n- [x] a\n- [=] 2\n"
)


@pytest.fixture
def file(tmp_path):
    def write(content: str | bytes, name: str = "modul.md") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def call(*words: str) -> tuple[str, str]:
    """Runs a command in English and returns its standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with translation.override("en"):
        call_command(*words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_load_creates_an_unpublished_module(file):
    out, _err = call("load", file(PLANETS))
    assert out == "Loaded: Tata surya, 2 sections, 4 questions (tata-surya).\n"
    assert not Module.objects.get().is_published


@pytest.mark.django_db
def test_load_with_publish_publishes_the_module(file):
    call("load", file(PLANETS), "--publish")
    assert Module.objects.get().is_published


@pytest.mark.django_db
def test_load_of_invalid_file_writes_nothing(file):
    path = file(INVALID)
    with pytest.raises(CommandError, match="nothing was loaded"):
        call("load", path)
    assert not Module.objects.exists()


@pytest.mark.django_db
def test_load_of_missing_file_shows_an_error(tmp_path):
    with pytest.raises(CommandError, match="there is no such file"):
        call("load", str(tmp_path / "none.md"))


@pytest.mark.django_db
def test_load_takes_archive_with_images(file, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    image, archive_bytes = io.BytesIO(), io.BytesIO()
    Pillow.new("RGB", (3, 2), "red").save(image, "PNG")
    with zipfile.ZipFile(archive_bytes, "w") as archive:
        archive.writestr("modul/modul.md", "# M\n\n## A\n\n![Merah](images/merah.png)\n")
        archive.writestr("modul/images/merah.png", image.getvalue())

    call("load", file(archive_bytes.getvalue(), "modul.zip"))

    assert Image.objects.get().path == "images/merah.png"
    assert '<img src="/media/' in Module.objects.get().sections.get().html


@pytest.mark.django_db
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_dump_returns_each_example_verbatim(path, capfdbinary):
    call("load", str(path))
    call_command("dump", Module.objects.get().slug)
    assert capfdbinary.readouterr().out == path.read_bytes()


@pytest.mark.django_db
def test_dump_of_unknown_module_shows_an_error():
    with pytest.raises(CommandError, match="There is no module “none”"):
        call("dump", "none")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_have_no_problems(path):
    assert call("check_document", str(path)) == ("", "")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Runs manage.py in its own process, without a database, in the default language of scripts."""
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_check_document_lists_problems_and_exits_with_one(file):
    path = file(INVALID)
    checked = run("check_document", path)
    lines = [
        line.removeprefix(path).split(" ")[0]
        for line in checked.stderr.splitlines()
        if ": kesalahan: " in line
    ]
    assert (checked.returncode, checked.stdout, lines) == (1, "", [":9:", ":14:"])


def test_check_document_exits_with_zero_for_warnings(file):
    checked = run("check_document", file("# M\n\n## A\n\n[mati](#tidak-ada)\n"))
    assert checked.returncode == 0
    assert ":5: " in checked.stderr


def test_check_document_refuses_binary_file(file):
    checked = run("check_document", file(b"\xff\xd8\xff\xe0\x00\x10JFIF"))
    assert checked.returncode == 1
    assert len(checked.stderr.splitlines()) == 1


def test_render_writes_html_without_keys(file):
    rendered = run("render", file(PLANETS))
    assert rendered.returncode == 0
    assert "<h1>Tata surya</h1>" in rendered.stdout
    assert all(word not in rendered.stdout for word in ("Betul.", "checked", "[x]", "± 0"))


LETTERED = "# Air\n\n## Latihan\n\n1. Apa?\n   A. es\n   B. uap\n\n   Jawaban: C\n"


def test_convert_writes_the_document_and_what_is_lost(file):
    path = file(LETTERED)
    out, err = call("convert", path)

    assert out == "# Air\n\n## Latihan {.quiz}\n\n### Apa?\n\n- [ ] es\n- [ ] uap\n"
    assert (
        err == f"{path}:9: warning: The answer “C” names none of the choices. Mark the right one with [x].\n"
    )


def test_convert_leaves_our_own_notation_as_it_is(file):
    path = file(PLANETS)

    assert call("convert", path) == (PLANETS, f"{path}: there are no questions in another notation.\n")


def test_convert_refuses_what_is_no_text(file):
    with pytest.raises(CommandError, match="PDF"):
        call("convert", file(b"%PDF-1.7"))


def test_check_document_names_questions_in_another_notation(file):
    path = file(LETTERED.replace("C\n", "B\n"))
    _out, err = call("check_document", path)

    assert "Choices with letters and an answer are shown as text, with their key (1 in all)." in err


@pytest.mark.django_db
def test_load_asks_before_it_shows_a_key(file):
    path = file(LETTERED.replace("C\n", "B\n"))
    with pytest.raises(CommandError, match="learners would see answers or a key"):
        call("load", path)
    assert not Module.objects.exists()

    call("load", path, "--as-reading")
    assert Module.objects.get().title == "Air"


@pytest.mark.django_db
def test_load_asks_only_once_whether_it_is_reading(file):
    text = LETTERED.replace("C\n", "B\n")
    call("load", file(text), "--as-reading")

    out, err = call("load", file(text.replace("Apa?", "Apa itu?")))
    assert out.startswith("Loaded: Air")
    assert "Choices with letters and an answer are shown as text" in err


@pytest.mark.django_db
def test_load_of_an_example_in_a_code_block_asks_nothing(file):
    out, _err = call("load", file(f"# Air\n\n## Contoh\n\nIsi.\n\n````\n{LETTERED}````\n"))
    assert out.startswith("Loaded: Air")
