"""The commands for scripts: what they print, where, and with which exit status."""

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
WRONG = (
    "# M\n\n## A\n\na\n\n## Kuis akhir\n\n### Apa?\n\n- [ ] a\n- [ ] b\n\n### Berapa?\n\n- [x] a\n- [=] 2\n"
)


@pytest.fixture
def file(tmp_path):
    def written(content: str | bytes, name: str = "modul.md") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return written


def call(*words: str) -> tuple[str, str]:
    """Run a command in English; what it wrote to standard output and to standard error."""
    out, err = io.StringIO(), io.StringIO()
    with translation.override("en"):
        call_command(*words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_load_makes_a_module_that_learners_do_not_see_yet(file):
    out, _err = call("load", file(PLANETS))
    assert out == "Loaded: Tata surya, 2 sections, 4 questions (tata-surya).\n"
    assert not Module.objects.get().is_published


@pytest.mark.django_db
def test_load_can_publish(file):
    call("load", file(PLANETS), "--publish")
    assert Module.objects.get().is_published


@pytest.mark.django_db
def test_load_of_a_wrong_file_names_every_error_and_writes_nothing(file):
    path = file(WRONG)
    with pytest.raises(CommandError, match="nothing was loaded"):
        call("load", path)
    assert not Module.objects.exists()


@pytest.mark.django_db
def test_load_of_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call("load", str(tmp_path / "none.md"))


@pytest.mark.django_db
def test_load_takes_an_archive_with_its_pictures(file, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    image, packed = io.BytesIO(), io.BytesIO()
    Pillow.new("RGB", (3, 2), "red").save(image, "PNG")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("modul/modul.md", "# M\n\n## A\n\n![Merah](images/merah.png)\n")
        archive.writestr("modul/images/merah.png", image.getvalue())

    call("load", file(packed.getvalue(), "modul.zip"))

    assert Image.objects.get().path == "images/merah.png"
    assert '<img src="/media/' in Module.objects.get().sections.get().html


@pytest.mark.django_db
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_dump_gives_back_every_module_that_ships(path, capfdbinary):
    call("load", str(path))
    call_command("dump", Module.objects.get().slug)
    assert capfdbinary.readouterr().out == path.read_bytes()


@pytest.mark.django_db
def test_dump_of_an_unknown_module_is_a_sentence():
    with pytest.raises(CommandError, match="There is no module “none”"):
        call("dump", "none")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_modules_that_ship_have_no_problem(path):
    assert call("check_document", str(path)) == ("", "")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py in a process of its own, without a database, in the language that scripts get."""
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_check_document_says_each_problem_by_line_and_its_exit_status_says_the_rest(file):
    path = file(WRONG)
    checked = run("check_document", path)
    lines = [
        line.removeprefix(path).split(" ")[0]
        for line in checked.stderr.splitlines()
        if ": kesalahan: " in line
    ]
    assert (checked.returncode, checked.stdout, lines) == (1, "", [":9:", ":14:"])


def test_check_document_lets_warnings_pass(file):
    checked = run("check_document", file("# M\n\n## A\n\n[mati](#tidak-ada)\n"))
    assert checked.returncode == 0
    assert ":5: " in checked.stderr


def test_check_document_says_that_a_file_is_no_text(file):
    checked = run("check_document", file(b"\xff\xd8\xff\xe0\x00\x10JFIF"))
    assert checked.returncode == 1
    assert len(checked.stderr.splitlines()) == 1


def test_render_writes_what_learners_get_without_a_key(file):
    rendered = run("render", file(PLANETS))
    assert rendered.returncode == 0
    assert "<h1>Tata surya</h1>" in rendered.stdout
    assert all(word not in rendered.stdout for word in ("Betul.", "checked", "[x]", "± 0"))
