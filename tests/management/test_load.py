"""Tests the command ``load``: files and directories, its messages, and what it writes."""

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
    Notice,
    Question,
    QuestionVersion,
    Reading,
    Revision,
    Section,
)
from modules.quizzes import regrade_jobs
from modules.reading import outlines
from tests.cast import NOON, PLANETS, READABLE, a_module, read_all, run_tasks, take

pytestmark = pytest.mark.django_db

INVALID = "# M\n\n## Kuis akhir\n\n### Apa?\n\n- [ ] a\n- [ ] b\n"
FERNS = "# Paku\n\n## Spora\n\nPaku berkembang biak dengan spora.\n"
MOSSES = "# Lumut\n\n## Talus\n\nLumut tidak punya akar sejati, hanya rizoid.\n"


@pytest.fixture
def folder(tmp_path, settings):
    """Returns a function that writes files into a directory and returns its path."""
    settings.MEDIA_ROOT = tmp_path / "media"

    def write(**files: str | bytes) -> str:
        for name, content in files.items():
            path = tmp_path / "modul" / name.replace("__", "/")
            path = path if path.suffix or "." in path.name else path.with_suffix(".md")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(tmp_path / "modul")

    return write


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def load(*words: str, answers: str | None = None) -> list[str]:
    """Runs the command in English and returns its lines of output. The last line holds its error, if any."""
    out, stdin = io.StringIO(), io.StringIO() if answers is None else Terminal(answers)
    with translation.override("en"):
        try:
            call_command("load", *words, stdout=out, stderr=out, stdin=stdin)
        except CommandError as error:
            return [*out.getvalue().splitlines(), f"! {error}"]
    return out.getvalue().splitlines()


def serialized_tables() -> str:
    tables = (Module, Revision, Section, Question, QuestionVersion, Image, Enrolment, Reading, Attempt)
    return "".join(serializers.serialize("json", table.objects.order_by("pk")) for table in tables)


# --------------------------------------------------------------------------------------------- directories


def test_directory_is_loaded_file_by_file(folder):
    root = folder(paku=FERNS, dalam__lumut=MOSSES, README="# Tentang\n\nBukan modul.\n")
    assert load(root) == [
        "Loaded: Paku, 1 section, 0 questions (paku).",
        "Loaded: Lumut, 1 section, 0 questions (lumut).",
        "2 files: 2 loaded.",
    ]


def test_hidden_files_links_and_licences_are_skipped(folder, tmp_path):
    root = folder(paku=FERNS)
    folder(**{".rahasia.md": MOSSES, ".git__lumut.md": MOSSES, "LICENSE.md": "# Lisensi\n\nMIT\n"})
    (tmp_path / "modul" / "tautan.md").symlink_to(tmp_path / "modul" / "paku.md")
    assert load(root)[-1] == "1 file: 1 loaded."


def test_invalid_file_does_not_stop_the_others(folder):
    root = folder(a=INVALID, b=FERNS)
    lines = load(root)
    assert lines[-1] == "! 2 files: 1 loaded, 1 wrong."
    assert any(line.startswith(f"{root}/a.md:5: error: ") for line in lines)
    assert Module.objects.get().title == "Paku"


def test_unchanged_directory_changes_nothing(folder):
    root = folder(paku=FERNS, lumut=MOSSES)
    load(root)
    before = serialized_tables()
    assert load(root)[-1] == "2 files: 2 unchanged."
    assert serialized_tables() == before


def test_files_with_same_slug_are_both_refused(folder):
    root = folder(a=FERNS, b=FERNS.replace("spora.", "spora juga."))
    lines = load(root)
    assert lines[-1] == "! 2 files: 2 wrong."
    assert all("the same address" in line for line in lines[:2])
    assert not Module.objects.exists()


def test_files_with_same_slug_have_their_problems_reported(folder):
    key = "# Paku\n\n## Latihan\n\n1. Apa?\n\nA. akar\nB. spora\n\nJawaban: B\n"
    root = folder(a=FERNS, b=key)
    lines = load("--check", root)

    assert [line for line in lines if line.startswith(f"{root}/b.md:5: warning: ")] != []
    assert lines[-1] == "! 2 files: 2 wrong."


def test_new_title_in_known_file_needs_a_decision(folder):
    root = folder(paku=FERNS)
    load(root)
    folder(paku=FERNS.replace("# Paku", "# Tumbuhan paku"))
    lines = load(root)
    assert lines[0].startswith("Asks: ")
    assert "slug: paku" in lines[0]
    assert lines[-1] == "! 1 file: 1 asks."
    assert Module.objects.get().title == "Paku"


FERNS_WITH_SLUG = "---\nslug: paku\n---\n" + FERNS


def test_new_slug_in_known_file_needs_a_decision(folder, learner):
    root = folder(a=FERNS_WITH_SLUG)
    load(root)
    folder(a=FERNS_WITH_SLUG.replace("slug: paku", "slug: pakis"))
    lines = load(root, "--yes")
    assert lines[0].startswith("Asks: ")
    assert "“Paku” (paku)" in lines[0]
    assert lines[-1] == "! 1 file: 1 asks."
    assert Module.objects.get().slug == "paku"


def test_earlier_slug_of_module_needs_a_decision(folder):
    root = folder(a=FERNS_WITH_SLUG)
    load(root)
    a_module(FERNS_WITH_SLUG)
    renamed = FERNS_WITH_SLUG.replace("slug: paku", "slug: pakis")
    apply.apply_plan(
        planning.plan_document(Module.objects.get(), uploads.parse_with_images(renamed)), by=None, now=NOON
    )
    for words in ([root, "--yes"], [f"{root}/a.md", "--yes"]):
        lines = load(*words)
        assert "“paku” is an earlier address of “Paku” (pakis)" in lines[0]
    assert Module.objects.get().slug == "pakis"
    folder(a=renamed)
    assert load(root)[-1] == "1 file: 1 unchanged."


def test_other_module_in_known_file_is_loaded_separately(folder):
    load(folder(a=FERNS_WITH_SLUG))
    root = folder(a="---\nslug: lumut\n---\n" + MOSSES)
    assert load(root)[-1] == "1 file: 1 loaded."


def test_file_name_without_utf8_is_refused(folder):
    root = folder(paku=FERNS)
    Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9.md")).write_text(MOSSES)
    lines = load(root)
    assert f"Wrong: {root}/caf\ufffd.md: its name is not UTF-8; give it another one." in lines
    assert lines[-1] == "! 2 files: 1 loaded, 1 wrong."


def test_text_starting_like_archive_is_loaded(folder):
    content = "PKn kelas 7\n===========\n\nLima sila.\n"
    assert load(folder(pkn=content))[-1] == "1 file: 1 loaded."
    assert uploads.open_upload(content.encode(), "pkn.md").text == content


def test_pipe_is_not_a_document(folder):
    root = folder(paku=FERNS)
    os.mkfifo(f"{root}/pipa.md")
    assert load(root)[-1] == "1 file: 1 loaded."
    assert "no file but a pipe" in load(f"{root}/pipa.md")[0]


def test_file_over_size_limit_is_refused(folder):
    root = folder(paku=FERNS)
    os.truncate(folder(besar="") + "/besar.md", archive.UNPACKED_LIMIT + 1)
    lines = load(root)
    assert "larger than 50 MB" in lines[0]
    assert lines[-1] == "! 2 files: 1 loaded, 1 wrong."


def test_empty_directory_shows_an_error(tmp_path):
    assert load(str(tmp_path))[-1].startswith("! There is no Markdown file")


# --------------------------------------------------------------------------- modules with learners


def test_change_of_read_section_needs_confirmation(folder, learner):
    module = a_module(READABLE)
    read_all(learner, module)
    root = folder(tata=READABLE.replace("Mars.", "Mars juga."))
    lines = load(root)
    assert lines[-1] == "! 1 file: 1 not confirmed."
    assert any("changed: section “Planet dalam” (read by 1)" in line for line in lines)
    assert Module.objects.get().text() == READABLE


@pytest.mark.parametrize(
    ("answer", "is_loaded"), [("y\n", True), ("ya\n", True), ("\n", False), ("n\n", False)]
)
def test_answer_at_terminal_confirms_the_load(folder, learner, answer, is_loaded):
    read_all(learner, a_module(READABLE))
    root = folder(tata=READABLE.replace("Mars.", "Mars juga."))
    load(root, answers=answer)
    assert ("juga" in Module.objects.get().text()) == is_loaded


def test_yes_loads_unambiguous_changes_and_keeps_readings(folder, learner):
    read_all(learner, a_module(READABLE))
    root = folder(tata=READABLE.replace("## Planet dalam", "## Yang dekat"))
    assert load(root, "--yes")[-1] == "1 file: 1 loaded."
    assert Reading.objects.counting().count() == 2


@pytest.mark.parametrize("content", ["", " \n\t\n", "\ufeff", "---\ntitle: Paku\n---\n"])
def test_emptied_file_is_refused_and_removes_nothing(folder, learner, content):
    root = folder(paku=FERNS)
    load(root)
    read_all(learner, Module.objects.get())
    folder(paku=content)
    lines = load(root, "--yes")
    assert lines[-1] == "! 1 file: 1 wrong."
    assert "There is no text here" in lines[0]
    assert Module.objects.get().text() == FERNS


@pytest.mark.parametrize("words", [("--yes",), ("--check",), ()])
def test_removal_of_all_read_sections_needs_replace(folder, learner, words):
    root = folder(paku=FERNS)
    load(root)
    read_all(learner, Module.objects.get())
    folder(paku="# Paku\n\nCatatan lain tentang hal yang lain.\n")
    lines = load(root, *words, answers="y\n")
    assert lines[-1] == "! 1 file: 1 asks."
    assert lines[-2].startswith("Asks: Paku")
    assert "--replace" in lines[-2]
    assert "slug: paku-2" in lines[-2]
    assert Module.objects.get().text() == FERNS


@pytest.mark.parametrize("words", [("--yes",), ("--check",), ()])
def test_removal_of_most_parts_needs_replace(folder, words):
    root = folder(paku=FERNS + "\n## Lumut\n\nTanpa akar.\n\n## Jamur\n\nBukan tumbuhan.\n")
    load(root)
    folder(paku=FERNS)
    lines = load(root, *words, answers="y\n")
    assert lines[-1] == "! 1 file: 1 asks."
    assert "of its 3 sections and questions, 2 would go" in lines[-2]


def test_replace_alone_does_not_touch_learners(folder, learner):
    root = folder(paku=FERNS)
    load(root)
    read_all(learner, Module.objects.get())
    folder(paku="# Paku\n\nCatatan lain tentang hal yang lain.\n")
    assert load(root, "--replace")[-1] == "! 1 file: 1 not confirmed."
    assert load(root, "--replace", "--yes")[-1] == "1 file: 1 loaded."


def test_titles_with_same_slug_are_two_modules(folder):
    load(f"{folder(c='# Belajar C' + FERNS.removeprefix('# Paku'))}/c.md")
    before = serialized_tables()
    (line,) = load(f"{folder(cpp='# Belajar C++' + MOSSES.removeprefix('# Lumut'))}/cpp.md", "--yes")
    assert line.startswith("! Asks: Belajar C++")
    assert "its address is that of “Belajar C”" in line
    assert serialized_tables() == before


def test_yes_does_not_decide_ambiguities(folder, learner):
    twins = "# Sel\n\n## Satu\n\n{}\n\n## Dua\n\n{}\n"
    first = "Membran sel mengatur apa yang masuk ke dalam sel dan apa yang keluar dari sel itu."
    second = "Membran sel mengatur apa yang masuk ke dalam sel dan apa yang tinggal di sel itu."
    read_all(learner, a_module(twins.format(first, second)))
    ambiguous = first.replace("yang keluar dari", "yang kembali ke")
    text = (
        twins.format(ambiguous, ambiguous.replace("masuk", "datang"))
        .replace("Satu", "Tiga")
        .replace("Dua", "Empat")
    )
    before = serialized_tables()
    lines = load(folder(sel=text), "--yes")
    assert lines[-1] == "! 1 file: 1 asks."
    assert any(line.startswith("  to decide: ") for line in lines)
    assert serialized_tables() == before


def test_check_reports_changes_and_writes_nothing(folder, learner):
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter"])
    changed = PLANETS.replace("- [ ] Mars\n", "- [x] Mars\n").replace("- [x] Jupiter", "- [ ] Jupiter")
    root = folder(tata=changed, paku=FERNS, salah=INVALID)
    before = serialized_tables()

    lines = load(root, "--check", "--yes")

    assert lines[-1] == "! 3 files: 2 can be loaded, 1 wrong."
    assert any("changed: question “Planet terbesar?” (answered by 1)" in line for line in lines)
    assert serialized_tables() == before


def test_check_fails_where_load_would_and_names_the_effect(folder, learner):
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter"])
    changed = PLANETS.replace("- [ ] Mars\n", "- [x] Mars\n").replace("- [x] Jupiter", "- [ ] Jupiter")
    root = folder(tata=changed.replace("8 ± 0", "8 ± 1"), paku=FERNS)
    before = serialized_tables()

    lines = load(root, "--check")

    assert serialized_tables() == before
    assert lines[-1] == "! 2 files: 1 can be loaded, 1 not confirmed."
    start = lines.index("  changed: question “Planet terbesar?” (answered by 1)")
    assert lines[start + 1 : start + 3] == [
        "    another key: right now: “Mars”; no longer right: “Jupiter”",
        "    if it is graded again, with --regrade: 1 of 1 grade changes: 1 falls; who passed stays the same.",
    ]
    assert "    another key: right now: “8 ± 1”; no longer right: “8 ± 0”" in lines
    assert load(root, "--check", "--yes")[-1] == "2 files: 2 can be loaded."
    assert load(root)[-1] == "! 2 files: 1 loaded, 1 not confirmed."


def test_regrade_tells_learners_the_reason(folder, learner):
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter"])
    changed = PLANETS.replace("- [ ] Mars\n", "- [x] Mars\n").replace("- [x] Jupiter", "- [ ] Jupiter")
    root = folder(tata=changed)
    lines = load(root, "--check", "--yes", "--regrade", "--reason", "Kunci keliru.")
    assert "    graded again: 1 of 1 grade changes: 1 falls; who passed stays the same." in lines
    assert not Notice.objects.exists()

    assert load(root, "--yes", "--regrade", "--reason", " Kunci keliru.\n")[-1] == "1 file: 1 loaded."

    notice = Notice.objects.get()
    assert (notice.kind, notice.reason, notice.before, notice.after) == ("grade", "Kunci keliru.", 25, 0)
    assert Attempt.objects.get().grade == 0


def test_key_that_is_loaded_without_regrade_leaves_grades(folder, learner):
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter"])
    root = folder(
        tata=PLANETS.replace("8 ± 0", "8 ± 1").replace("- [x] Jupiter", "- [ ] Jupiter\n- [x] Bulan")
    )
    load(root, "--yes")
    assert (Attempt.objects.get().grade, Notice.objects.count()) == (25, 0)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--regrade"], "! Nothing is loaded: say with --reason why grades change. Learners read it."),
        (
            ["--regrade", "--reason", " "],
            "! Nothing is loaded: say with --reason why grades change. Learners read it.",
        ),
        (
            ["--reason", "x"],
            "! Nothing is loaded: --reason says why --regrade changes grades. Give both, or none.",
        ),
    ],
)
def test_regrade_and_reason_go_together(folder, words, sentence):
    assert load(folder(paku=FERNS), *words) == [sentence]
    assert not Module.objects.exists()


def test_large_regrade_is_said_to_go_on(folder, learner, monkeypatch):
    monkeypatch.setattr(regrade_jobs, "LARGE", 1)
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter"])
    changed = PLANETS.replace("- [ ] Mars\n", "- [x] Mars\n").replace("- [x] Jupiter", "- [ ] Jupiter")
    lines = load(folder(tata=changed), "--yes", "--regrade", "--reason", "Keliru.")
    assert "1 attempt is being graded again in the background. It has its old grade until then." in lines
    run_tasks()
    assert Attempt.objects.get().grade == 0


def test_module_changed_during_planning_is_planned_again(folder, monkeypatch):
    a_module(READABLE)
    root = folder(tata=READABLE.replace("Mars.", "Mars juga."))
    apply_upload, changed = apply.apply_upload, []

    def change_before_apply(plan, upload, **kwargs):
        if not changed:
            changed.append(a_module(READABLE.replace("Delapan", "Sembilan")))
        return apply_upload(plan, upload, **kwargs)

    monkeypatch.setattr(runs.apply, "apply_upload", change_before_apply)
    assert load(root)[-1] == "1 file: 1 loaded."
    assert Module.objects.get().text() == READABLE.replace("Mars.", "Mars juga.")
    assert Revision.objects.count() == 3


def test_module_that_keeps_changing_is_not_loaded(folder, monkeypatch):
    a_module(READABLE)

    def fail(*args, **kwargs):
        raise apply.ModuleChanged

    monkeypatch.setattr(runs.apply, "apply_upload", fail)
    lines = load(folder(tata=READABLE.replace("Mars.", "Mars juga.")))
    assert lines[-1] == "! 1 file: 1 wrong."
    assert "the module changed meanwhile" in lines[-2]


# ------------------------------------------------------------------------------------------------- images


def png(colour: str) -> bytes:
    content = io.BytesIO()
    Pillow.new("RGB", (3, 2), colour).save(content, "PNG")
    return content.getvalue()


def test_images_are_taken_only_from_inside_the_directory(folder, tmp_path):
    root = folder(**{"dalam__gambar__a.png": png("red"), "b.png": png("blue")})
    (tmp_path / "luar.png").write_bytes(png("green"))
    (tmp_path / "modul" / "c.png").symlink_to(tmp_path / "luar.png")
    paths = ("gambar/a.png", "../b.png", "../../luar.png", "../c.png", f"{tmp_path}/modul/b.png")
    folder(dalam__paku=FERNS + "".join(f"\n![Gambar]({path})\n" for path in paths))
    lines = load(root)
    assert sorted(image.path for image in Image.objects.all()) == ["../b.png", "gambar/a.png"]
    assert sum("warning" in line for line in lines) == 3


def test_replaced_image_alone_is_a_change(folder):
    root = folder(paku=FERNS + "\n![Merah](a.png)\n", **{"a.png": png("red")})
    load(root)
    before = Image.objects.get().file.name
    folder(**{"a.png": png("blue")})
    assert load(root)[-1] == "1 file: 1 loaded."
    assert Image.objects.get().file.name != before


def test_sections_with_replaced_image_are_named_and_announced(folder, learner):
    text = "# Paku\n\n## Akar\n\nAkar serabut.\n\n## Daun\n\nDaun muda.\n\n![Merah](a.png)\n"
    root = folder(paku=text, **{"a.png": png("red")})
    load(root, "--publish")
    read_all(learner, Module.objects.get())
    folder(**{"a.png": png("blue")})

    lines = load(root, "--yes")

    assert "  another picture: section “Daun” (read by 1)" in lines
    module = Module.objects.get()
    assert [section.changed_in for section in module.sections.active()] == [None, module.current]
    assert [stop.is_changed for stop in outlines.outline(module, learner).stops] == [False, True]
    assert module.current.changes == {"images": 1}
    folder(**{"a.png": png("blue")})
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
def test_loaded_text_is_dumped_byte_for_byte(first, second, encoding, tmp_path, capfdbinary):
    file = tmp_path / "modul.md"
    with transaction.atomic():
        for lines in (first, second):
            text = "---\nslug: tetap\n---\n" + "".join(line + end for line, end in lines)
            file.write_bytes(content := text.encode(encoding, "replace"))
            messages = load(str(file), "--yes")
            if not messages[-1].startswith("!"):
                capfdbinary.readouterr()
                call_command("dump", "tetap")
                assert capfdbinary.readouterr().out == content
        transaction.set_rollback(True)


# ------------------------------------------------------------------------------------------------ owners


def test_new_module_belongs_to_the_named_owner(folder, instructor):
    directory = folder(paku=FERNS)
    call_command("load", directory, owner="BUDI@example.com", stdout=io.StringIO())
    assert Module.objects.get().owner == instructor


def test_module_without_a_named_owner_is_the_administrators(folder, instructor):
    call_command("load", folder(paku=FERNS), stdout=io.StringIO())
    assert Module.objects.get().owner is None


@pytest.mark.parametrize("address", ["nobody@example.com", "sari@example.com"])
def test_owner_who_writes_no_modules_loads_nothing(folder, learner, address):
    with pytest.raises(CommandError, match=address):
        call_command("load", folder(paku=FERNS), owner=address)
    assert not Module.objects.exists()


def test_module_of_others_is_left_out(folder, instructor, settings):
    settings.MODULES = "owners"
    a_module(FERNS)
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command(
            "load", folder(paku=FERNS + "\nBaru.\n", lumut=MOSSES), owner=instructor.email, stdout=out
        )
    assert "paku" in out.getvalue()
    assert Module.objects.get(slug="paku").current.number == 1
    assert Module.objects.get(slug="lumut").owner == instructor
