"""The command ``load``: one file or many, what it says of each, what it writes and what it leaves alone."""

import io
import os
from pathlib import Path

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from modules.authoring import apply, planning, uploads
from modules.document.syntax import archive
from modules.management import runs
from modules.models import (
    Attempt,
    Enrolment,
    Image,
    Module,
    Question,
    QuestionVersion,
    Reading,
    Revision,
    Section,
)
from modules.reading import outlines
from tests.cast import NOON, PLANETS, READABLE, a_module, read_all, take

pytestmark = pytest.mark.django_db

WRONG = "# M\n\n## Kuis akhir\n\n### Apa?\n\n- [ ] a\n- [ ] b\n"
FERNS = "# Paku\n\n## Spora\n\nPaku berkembang biak dengan spora.\n"
MOSSES = "# Lumut\n\n## Talus\n\nLumut tidak punya akar sejati, hanya rizoid.\n"


@pytest.fixture
def folder(tmp_path, settings):
    """Writes files into a directory, and gives its path."""
    settings.MEDIA_ROOT = tmp_path / "media"

    def written(**files: str | bytes) -> str:
        for name, content in files.items():
            path = tmp_path / "modul" / name.replace("__", "/")
            path = path if path.suffix or "." in path.name else path.with_suffix(".md")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(tmp_path / "modul")

    return written


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def load(*words: str, answers: str | None = None) -> list[str]:
    """What the command said, in English, line by line; the last line is its error, where it had one."""
    out, stdin = io.StringIO(), io.StringIO() if answers is None else Terminal(answers)
    with translation.override("en"):
        try:
            call_command("load", *words, stdout=out, stderr=out, stdin=stdin)
        except CommandError as error:
            return [*out.getvalue().splitlines(), f"! {error}"]
    return out.getvalue().splitlines()


def everything() -> str:
    tables = (Module, Revision, Section, Question, QuestionVersion, Image, Enrolment, Reading, Attempt)
    return "".join(serializers.serialize("json", table.objects.order_by("pk")) for table in tables)


# --------------------------------------------------------------------------------------------- directories


def test_a_directory_is_loaded_file_by_file(folder):
    root = folder(paku=FERNS, dalam__lumut=MOSSES, README="# Tentang\n\nBukan modul.\n")
    assert load(root) == [
        "Loaded: Paku, 1 section, 0 questions (paku).",
        "Loaded: Lumut, 1 section, 0 questions (lumut).",
        "2 files: 2 loaded.",
    ]


def test_hidden_files_links_and_what_is_no_module_are_passed_over(folder, tmp_path):
    root = folder(paku=FERNS)
    folder(**{".rahasia.md": MOSSES, ".git__lumut.md": MOSSES, "LICENSE.md": "# Lisensi\n\nMIT\n"})
    (tmp_path / "modul" / "tautan.md").symlink_to(tmp_path / "modul" / "paku.md")
    assert load(root)[-1] == "1 file: 1 loaded."


def test_a_wrong_file_does_not_keep_the_others_from_being_loaded(folder):
    root = folder(a=WRONG, b=FERNS)
    said = load(root)
    assert said[-1] == "! 2 files: 1 loaded, 1 wrong."
    assert any(line.startswith(f"{root}/a.md:5: error: ") for line in said)
    assert Module.objects.get().title == "Paku"


def test_loading_a_directory_again_changes_nothing(folder):
    root = folder(paku=FERNS, lumut=MOSSES)
    load(root)
    before = everything()
    assert load(root)[-1] == "2 files: 2 unchanged."
    assert everything() == before


def test_two_files_of_one_address_are_both_refused(folder):
    root = folder(a=FERNS, b=FERNS.replace("spora.", "spora juga."))
    said = load(root)
    assert said[-1] == "! 2 files: 2 wrong."
    assert all("the same address" in line for line in said[:2])
    assert not Module.objects.exists()


def test_a_new_title_in_a_known_file_asks_whether_it_is_still_that_module(folder):
    root = folder(paku=FERNS)
    load(root)
    folder(paku=FERNS.replace("# Paku", "# Tumbuhan paku"))
    said = load(root)
    assert said[0].startswith("Asks: ")
    assert "slug: paku" in said[0]
    assert said[-1] == "! 1 file: 1 asks."
    assert Module.objects.get().title == "Paku"


ADDRESSED = "---\nslug: paku\n---\n" + FERNS


def test_a_new_address_in_a_known_file_asks_whether_it_is_still_that_module(folder, learner):
    root = folder(a=ADDRESSED)
    load(root)
    folder(a=ADDRESSED.replace("slug: paku", "slug: pakis"))
    said = load(root, "--yes")
    assert said[0].startswith("Asks: ")
    assert "“Paku” (paku)" in said[0]
    assert said[-1] == "! 1 file: 1 asks."
    assert Module.objects.get().slug == "paku"


def test_an_address_that_a_module_had_is_asked(folder):
    root = folder(a=ADDRESSED)
    load(root)
    a_module(ADDRESSED)
    renamed = ADDRESSED.replace("slug: paku", "slug: pakis")
    apply.apply_plan(
        planning.plan_document(Module.objects.get(), uploads.parse_with_images(renamed)), by=None, now=NOON
    )
    for words in ([root, "--yes"], [f"{root}/a.md", "--yes"]):
        said = load(*words)
        assert "“paku” is an earlier address of “Paku” (pakis)" in said[0]
    assert Module.objects.get().slug == "pakis"
    folder(a=renamed)
    assert load(root)[-1] == "1 file: 1 unchanged."


def test_another_module_in_a_file_that_is_called_the_same_is_another_module(folder):
    load(folder(a=ADDRESSED))
    root = folder(a="---\nslug: lumut\n---\n" + MOSSES)
    assert load(root)[-1] == "1 file: 1 loaded."


def test_a_name_that_is_no_text_is_one_wrong_file(folder):
    root = folder(paku=FERNS)
    Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9.md")).write_text(MOSSES)
    said = load(root)
    assert f"Wrong: {root}/caf\ufffd.md: its name is not UTF-8; give it another one." in said
    assert said[-1] == "! 2 files: 1 loaded, 1 wrong."


def test_a_text_that_begins_with_the_letters_of_an_archive_is_a_text(folder):
    content = "PKn kelas 7\n===========\n\nLima sila.\n"
    assert load(folder(pkn=content))[-1] == "1 file: 1 loaded."
    assert uploads.open_upload(content.encode(), "pkn.md").text == content


def test_a_pipe_is_no_document(folder):
    root = folder(paku=FERNS)
    os.mkfifo(f"{root}/pipa.md")
    assert load(root)[-1] == "1 file: 1 loaded."
    assert "no file but a pipe" in load(f"{root}/pipa.md")[0]


def test_a_file_past_every_limit_is_not_read(folder):
    root = folder(paku=FERNS)
    os.truncate(folder(besar="") + "/besar.md", archive.UNPACKED_LIMIT + 1)
    said = load(root)
    assert "larger than 50 MB" in said[0]
    assert said[-1] == "! 2 files: 1 loaded, 1 wrong."


def test_an_empty_directory_is_a_sentence(tmp_path):
    assert load(str(tmp_path))[-1].startswith("! There is no Markdown file")


# --------------------------------------------------------------------------------- what learners study


def test_nobody_changes_what_learners_study_by_accident(folder, learner):
    module = a_module(READABLE)
    read_all(learner, module)
    root = folder(tata=READABLE.replace("Mars.", "Mars juga."))
    said = load(root)
    assert said[-1] == "! 1 file: 1 not confirmed."
    assert any("changed: section “Planet dalam” (read by 1)" in line for line in said)
    assert Module.objects.get().text() == READABLE


@pytest.mark.parametrize(
    ("answer", "is_loaded"), [("y\n", True), ("ya\n", True), ("\n", False), ("n\n", False)]
)
def test_at_a_terminal_somebody_is_asked(folder, learner, answer, is_loaded):
    read_all(learner, a_module(READABLE))
    root = folder(tata=READABLE.replace("Mars.", "Mars juga."))
    load(root, answers=answer)
    assert ("juga" in Module.objects.get().text()) == is_loaded


def test_yes_loads_what_asks_nothing_and_keeps_the_readings(folder, learner):
    read_all(learner, a_module(READABLE))
    root = folder(tata=READABLE.replace("## Planet dalam", "## Yang dekat"))
    assert load(root, "--yes")[-1] == "1 file: 1 loaded."
    assert Reading.objects.counting().count() == 2


@pytest.mark.parametrize("content", ["", " \n\t\n", "\ufeff", "---\ntitle: Paku\n---\n"])
def test_an_emptied_file_is_wrong_and_takes_out_nothing(folder, learner, content):
    root = folder(paku=FERNS)
    load(root)
    read_all(learner, Module.objects.get())
    folder(paku=content)
    said = load(root, "--yes")
    assert said[-1] == "! 1 file: 1 wrong."
    assert "There is no text here" in said[0]
    assert Module.objects.get().text() == FERNS


@pytest.mark.parametrize("words", [("--yes",), ("--check",), ()])
def test_what_leaves_nothing_that_learners_study_is_asked(folder, learner, words):
    root = folder(paku=FERNS)
    load(root)
    read_all(learner, Module.objects.get())
    folder(paku="# Paku\n\nCatatan lain tentang hal yang lain.\n")
    said = load(root, *words, answers="y\n")
    assert said[-1] == "! 1 file: 1 asks."
    assert said[-2].startswith("Asks: Paku")
    assert "admin" in said[-2]
    assert Module.objects.get().text() == FERNS


def test_two_titles_of_one_address_are_two_modules(folder):
    load(f"{folder(c='# Belajar C' + FERNS.removeprefix('# Paku'))}/c.md")
    before = everything()
    (said,) = load(f"{folder(cpp='# Belajar C++' + MOSSES.removeprefix('# Lumut'))}/cpp.md", "--yes")
    assert said.startswith("! Asks: Belajar C++")
    assert "its address is that of “Belajar C”" in said
    assert everything() == before


def test_yes_does_not_decide_what_could_be_either(folder, learner):
    twins = "# Sel\n\n## Satu\n\n{}\n\n## Dua\n\n{}\n"
    one = "Membran sel mengatur apa yang masuk ke dalam sel dan apa yang keluar dari sel itu."
    other = "Membran sel mengatur apa yang masuk ke dalam sel dan apa yang tinggal di sel itu."
    read_all(learner, a_module(twins.format(one, other)))
    between = one.replace("yang keluar dari", "yang kembali ke")
    text = (
        twins.format(between, between.replace("masuk", "datang"))
        .replace("Satu", "Tiga")
        .replace("Dua", "Empat")
    )
    before = everything()
    said = load(folder(sel=text), "--yes")
    assert said[-1] == "! 1 file: 1 asks."
    assert any(line.startswith("  to decide: ") for line in said)
    assert everything() == before


def test_check_says_what_would_happen_and_writes_nothing(folder, learner):
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter"])
    changed = PLANETS.replace("- [ ] Mars\n", "- [x] Mars\n").replace("- [x] Jupiter", "- [ ] Jupiter")
    root = folder(tata=changed, paku=FERNS, salah=WRONG)
    before = everything()

    said = load(root, "--check", "--yes")

    assert said[-1] == "! 3 files: 2 can be loaded, 1 wrong."
    assert any("changed: question “Planet terbesar?” (answered by 1)" in line for line in said)
    assert everything() == before


def test_a_module_that_changes_while_it_is_planned_is_planned_again(folder, monkeypatch):
    a_module(READABLE)
    root = folder(tata=READABLE.replace("Mars.", "Mars juga."))
    apply_upload, moved = apply.apply_upload, []

    def late(plan, upload, **how):
        if not moved:
            moved.append(a_module(READABLE.replace("Delapan", "Sembilan")))
        return apply_upload(plan, upload, **how)

    monkeypatch.setattr(runs.apply, "apply_upload", late)
    assert load(root)[-1] == "1 file: 1 loaded."
    assert Module.objects.get().text() == READABLE.replace("Mars.", "Mars juga.")
    assert Revision.objects.count() == 3


def test_a_module_that_changes_all_the_time_is_left_alone(folder, monkeypatch):
    a_module(READABLE)

    def moved(*args, **how):
        raise apply.ModuleChanged

    monkeypatch.setattr(runs.apply, "apply_upload", moved)
    said = load(folder(tata=READABLE.replace("Mars.", "Mars juga.")))
    assert said[-1] == "! 1 file: 1 wrong."
    assert "the module changed meanwhile" in said[-2]


# ------------------------------------------------------------------------------------------------- pictures


def a_picture(colour: str) -> bytes:
    content = io.BytesIO()
    Pillow.new("RGB", (3, 2), colour).save(content, "PNG")
    return content.getvalue()


def test_pictures_are_taken_from_beside_the_file_and_from_nowhere_else(folder, tmp_path):
    root = folder(**{"dalam__gambar__a.png": a_picture("red"), "b.png": a_picture("blue")})
    (tmp_path / "luar.png").write_bytes(a_picture("green"))
    (tmp_path / "modul" / "c.png").symlink_to(tmp_path / "luar.png")
    paths = ("gambar/a.png", "../b.png", "../../luar.png", "../c.png", f"{tmp_path}/modul/b.png")
    folder(dalam__paku=FERNS + "".join(f"\n![Gambar]({path})\n" for path in paths))
    said = load(root)
    assert sorted(image.path for image in Image.objects.all()) == ["../b.png", "gambar/a.png"]
    assert sum("warning" in line for line in said) == 3


def test_another_picture_alone_is_a_change(folder):
    root = folder(paku=FERNS + "\n![Merah](a.png)\n", **{"a.png": a_picture("red")})
    load(root)
    before = Image.objects.get().file.name
    folder(**{"a.png": a_picture("blue")})
    assert load(root)[-1] == "1 file: 1 loaded."
    assert Image.objects.get().file.name != before


def test_the_sections_that_show_another_picture_are_named_and_their_readers_told(folder, learner):
    text = "# Paku\n\n## Akar\n\nAkar serabut.\n\n## Daun\n\nDaun muda.\n\n![Merah](a.png)\n"
    root = folder(paku=text, **{"a.png": a_picture("red")})
    load(root, "--publish")
    read_all(learner, Module.objects.get())
    folder(**{"a.png": a_picture("blue")})

    said = load(root, "--yes")

    assert "  another picture: section “Daun” (read by 1)" in said
    module = Module.objects.get()
    assert [section.changed_in for section in module.sections.active()] == [None, module.current]
    assert [stop.is_changed for stop in outlines.outline(module, learner).stops] == [False, True]
    assert module.current.changes == {"images": 1}
    folder(**{"a.png": a_picture("blue")})
    assert load(root, "--yes")[-1] == "1 file: 1 unchanged."


# -------------------------------------------------------------------------------------- byte for byte

LINES = st.sampled_from(
    ["# Modul", "## Satu", "## Dua {#dua}", "Satu", "----", "", " ", "\t", "teks  ", "- [ ] a", "- [x] b", "### Apa?",
     "## Kuis akhir", "> kutipan", "```", "---", "title: T", "slug: alamat", "é 你 \u2028 \x0b", "[a]: /b", "| a | b |", "\\"]
)  # fmt: skip
TEXTS = st.lists(
    st.tuples(LINES | st.text(max_size=6), st.sampled_from(["\n", "\r\n", "\r", "\n\n"])), max_size=25
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=TEXTS, second=TEXTS, encoding=ENCODINGS)
def test_what_is_loaded_is_dumped_byte_for_byte(first, second, encoding, tmp_path, capfdbinary):
    file = tmp_path / "modul.md"
    with transaction.atomic():
        for lines in (first, second):
            text = "---\nslug: tetap\n---\n" + "".join(line + end for line, end in lines)
            file.write_bytes(content := text.encode(encoding, "replace"))
            said = load(str(file), "--yes")
            if not said[-1].startswith("!"):
                capfdbinary.readouterr()
                call_command("dump", "tetap")
                assert capfdbinary.readouterr().out == content
        transaction.set_rollback(True)
