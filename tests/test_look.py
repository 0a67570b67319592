"""What the templates, the stylesheets and the drawings promise, whatever page they are on."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.template.loader import render_to_string
from django.utils import translation

from config.static_files import COMMENT, JoinedStaticFilesStorage
from modules.quizzes import values_in_words
from modules.templatetags import look

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ALONE = ROOT / "templates/modules/own_data_head.html"  # a file that is downloaded, and has no sheet beside it
SHEETS = sorted((ROOT / "static").rglob("*.css"))
SLUGS = [f"modul-{number}" for number in range(60)]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path != ALONE], ids=named)
def test_templates_hold_no_inline_style_or_script(path):
    text = path.read_text("utf-8")

    assert re.findall(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:", text) == []


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.name.startswith("_")], ids=named)
def test_a_shared_template_says_first_what_it_takes(path):
    text = path.read_text("utf-8")

    assert re.match(r"(\{% extends [^%]+%\}\s*)?\{% comment %\}\s*\S", text)


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "css").rglob("*.css")), ids=named)
def test_colours_have_their_names_in_the_tokens_only(path):
    strays = [] if path.name == "tokens.css" else re.findall(r"#[0-9a-f]{3,8}\b", path.read_text("utf-8"))

    assert strays == []


def test_every_token_that_is_used_is_defined():
    text = "".join(path.read_text("utf-8") for path in (ROOT / "static" / "css").rglob("*.css"))

    assert set(re.findall(r"var\((--[a-z0-9-]+)\)", text)) <= set(re.findall(r"(--[a-z0-9-]+):", text))


def test_a_cover_is_small_and_the_same_for_the_same_module():
    assert max(len(look.cover(slug, "wide")) for slug in SLUGS) < 1500
    assert look.cover("dasar-rag") == look.cover("dasar-rag")


def test_covers_of_many_modules_on_one_page_share_no_id():
    identities = [re.search(r'<pattern id="(\w+)"', look.cover(slug))[1] for slug in SLUGS]

    assert len(set(identities)) == len(SLUGS)


def test_all_four_cloths_are_worn():
    drawn = {re.sub(r"b[0-9a-f]{6}|oklch\([^)]*\)", "", look.cover(slug)) for slug in SLUGS}

    assert len(drawn) == 4


@pytest.mark.parametrize(
    ("value", "digits", "indonesian", "english"),
    [
        (Fraction(5, 6), 2, "0,83", "0.83"),
        (Fraction(1, 2), 2, "0,5", "0.5"),
        (Fraction(100), 1, "100", "100"),
        (Fraction(1100, 12), 1, "91,7", "91.7"),
        (Fraction(1, 8), 2, "0,13", "0.13"),
        (0, 2, "0", "0"),
        (None, 2, "", ""),
    ],
)
def test_a_fraction_is_written_as_people_write_it(value, digits, indonesian, english):
    with translation.override("id"):
        assert values_in_words.fraction(value, digits) == indonesian
    with translation.override("en"):
        assert values_in_words.fraction(value, digits) == english


def test_language_is_named_in_itself():
    assert look.own_language("id") == "Bahasa Indonesia"
    assert look.own_language("xx-unknown") == "xx-unknown"


def test_server_error_page_needs_no_request():
    with translation.override("en"):
        page = render_to_string("500.html")

    assert "Something went wrong on our side" in page
    assert '<html lang="en">' in page


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_style_sheet_is_short(sheet: Path):
    assert len(sheet.read_text(encoding="utf-8").splitlines()) <= 450


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """Collects the static files as a server does, and returns a function that reads one."""
    folder = tmp_path_factory.mktemp("static")
    storage = JoinedStaticFilesStorage(location=folder, base_url="/static/")
    sources = {name: (source, name) for source, name in _sources()}
    for name, (source, path) in sources.items():
        storage.save(name, source.open(path))
    for _name, _hashed, problem in storage.post_process(sources):
        assert not isinstance(problem, Exception)
    return lambda name: (folder / storage.stored_name(name)).read_text(encoding="utf-8")


def test_server_gets_each_style_sheet_in_one_file(collected):
    for name in ("css/components.css", "css/reading.css", "css/quiz.css", "admin-tuntas/pages.css"):
        text = collected(name)
        parts = sorted((ROOT / "static" / name).with_suffix("").glob("*.css"))
        rules = [COMMENT.sub("", part.read_text(encoding="utf-8")) for part in parts]
        assert "@import" not in text
        assert parts
        assert [rule for rule in rules if rule not in text] == []


def test_sheets_and_scripts_of_parts_with_parts_are_whole(collected):
    sheet = collected("css/site.css")
    assert "@import" not in sheet
    assert sheet.index("@layer reset") < sheet.index(".topbar {") < sheet.index("@page {")
    script = collected("js/reading.js")
    assert not re.search(r"^import|^\s*//", script, re.MULTILINE)
    parts = re.findall(r"^import", (ROOT / "static/js/reading.js").read_text(encoding="utf-8"), re.MULTILINE)
    assert script.count("{\n") > len(parts) == 6
    assert "sendBeacon" in script
    assert "data-check" in script


def _sources() -> Iterator[tuple[FileSystemStorage, str]]:
    source = FileSystemStorage(location=ROOT / "static")
    for path in (ROOT / "static").rglob("*"):
        if path.is_file():
            yield source, path.relative_to(ROOT / "static").as_posix()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_style_sheet_has_one_declaration_a_line(sheet: Path):
    lines = re.sub(r"/\*.*?\*/|\"[^\"]*\"|\([^()]*\)", "", sheet.read_text(encoding="utf-8")).splitlines()
    assert [line for line in lines if line.count(";") > 1 or re.search(r"[{};]\s*[\w.-]", line)] == []
