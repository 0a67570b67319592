"""Limits of documents on the pages of instructors: what is refused, what stays, and how many problems are listed."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from modules.admin import markdown
from modules.authoring import apply, rerendering, uploads
from modules.document.problems import MOST_SHOWN
from modules.document.syntax import limits, open_blocks, source
from modules.models import Draft, Module, Section
from modules.views import preview
from tests.admin.test_markdown import PREVIEW_URL
from tests.admin.test_plan import plan_form_data
from tests.cast import PLANETS, a_module

pytestmark = pytest.mark.django_db

LARGE = "# Besar\n\n" + "".join(f"## Bagian {number}\n\nIsi {number}.\n\n" for number in range(5))
OPEN_CODE = "# Kode\n\n## Bagian\n\n```\nprint(1)\n\n- [x] kunci\n"
SMALL = LARGE.partition("## Bagian 2")[0]


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def module(db, monkeypatch) -> Module:
    """Returns a module of five sections, which were loaded when a document could have them."""
    module = a_module(LARGE)
    monkeypatch.setattr(limits, "MOST_SECTIONS", 3)
    return module


def test_stored_module_beyond_a_limit_is_rendered_again(as_learner, module):
    Section.objects.update(html="old")
    Module.objects.update(rendered_with="old")

    rerendering.render_again.call(module.pk)

    assert "Isi 4" in as_learner.get(f"{module.get_absolute_url()}bagian-4/").content.decode()
    assert not Section.objects.filter(html="old").exists()


def test_stored_module_beyond_a_limit_is_downloaded_and_previewed(browser, module):
    answer = browser.get(f"/admin/modules/module/{module.pk}/document/")
    assert answer.content == LARGE.encode()
    assert "Isi 4" in browser.get(f"/preview/modules/{module.slug}/bagian-4/").content.decode()


def test_earlier_revision_beyond_a_limit_is_restored(browser, module):
    revision = module.current_id
    a_module(SMALL)
    assert module.sections.active().count() == 2

    plan = browser.post(f"/admin/modules/revision/{revision}/draft/").headers["Location"]
    browser.post(plan, plan_form_data(browser.get(plan).context))

    assert Module.objects.get().text() == LARGE
    assert module.sections.active().count() == 5


def test_command_loads_the_text_of_a_stored_module(module):
    plan = uploads.plan_upload(uploads.Upload("besar.md", LARGE, "utf-8"))
    assert (plan.module, plan.document.errors) == (module, ())
    apply.apply_plan(plan, by=None, now=timezone.now())


def test_stored_module_with_open_code_is_only_warned_about(db, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(open_blocks, "KEY", re.compile("(?!)"))  # releases before knew no such error
        module = a_module(OPEN_CODE)

    plan = uploads.plan_upload(uploads.Upload("kode.md", OPEN_CODE, "utf-8"))
    other = uploads.plan_upload(uploads.Upload("kode.md", f"{OPEN_CODE}Lagi.\n", "utf-8"))

    assert (plan.module, plan.document.errors) == (module, ())
    assert [problem.code for problem in plan.document.warnings] == ["open-code"]
    assert [problem.code for problem in other.document.errors] == ["open-code"]


def test_other_text_beyond_a_limit_is_refused(browser, module, tmp_path, capsys):
    changed = LARGE.replace("Isi 4", "Isi empat")
    shown = browser.post(
        f"/admin/modules/module/{module.pk}/load/", {"text": changed, "action": "load"}, follow=True
    )
    assert [line for line, _text in shown.context["page"].errors] == [15]
    assert Module.objects.get().text() == LARGE

    file = tmp_path / "besar.md"
    file.write_text(changed)
    with pytest.raises(SystemExit):
        call_command("check_document", file)
    assert "5 bagian, padahal paling banyak 3" in capsys.readouterr().err


@pytest.mark.parametrize("way", ["folder", "zip", "without key"])
def test_dump_beyond_a_limit_is_restored_on_an_empty_server(module, tmp_path, capsys, way):
    to = tmp_path / ("semua.zip" if way == "zip" else "semua")
    call_command("dump", "--all", "--to", to, without_key=way == "without key")
    Module.objects.all().delete()

    with pytest.raises(CommandError, match="--without-limits"), translation.override("en"):
        call_command("load", to / "besar" / "besar.md" if to.is_dir() else to)
    assert not Module.objects.exists()
    call_command("load", to, without_limits=True)

    assert Module.objects.get().text() == LARGE
    assert Module.objects.get().sections.active().count() == 5


def test_size_is_waived_and_other_errors_are_not(db, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(source, "LIMIT", 100)
    monkeypatch.setattr(source.decode, "__kwdefaults__", {"limit": 100})
    (tmp_path / "a.md").write_text(PLANETS)
    (tmp_path / "b.md").write_text(PLANETS.replace("[x]", "[ ]").replace("# Tata surya", "# Lain", 1))

    with pytest.raises(CommandError), translation.override("en"):
        call_command("load", tmp_path)
    assert capsys.readouterr().out.count("--without-limits") == 2
    with pytest.raises(CommandError, match="2 files: 1 loaded, 1 wrong"), translation.override("en"):
        call_command("load", tmp_path, without_limits=True)
    assert "--without-limits" not in capsys.readouterr().out
    assert Module.objects.get().text() == PLANETS


def test_first_problems_are_listed_and_the_others_counted(browser, instructor, capsys, tmp_path):
    text = "# T\n\n## A\n\n" + "".join(f"![a](b{n}.png)\n\n" for n in range(MOST_SHOWN + 50))
    draft = Draft.objects.create(author=instructor, text=text)

    shown = browser.get(f"/admin/modules/draft/{draft.pk}/change/")

    assert len(shown.context["page"].missing) == MOST_SHOWN + 50
    page = shown.content.decode()
    assert page.count("b199.png") >= 1
    assert "50 lagi tidak ditampilkan." in page
    assert page.count("data-line=") == MOST_SHOWN

    file = tmp_path / "a.md"
    file.write_text(text)
    with translation.override("en"):
        call_command("check_document", file)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == MOST_SHOWN + 1
    assert lines[-1] == f"{file}: 50 more are not shown."


@pytest.mark.parametrize("which", ["document", "section"])
def test_preview_that_takes_too_long_says_so(browser, monkeypatch, which):
    module = a_module()
    name = f"section:{module.sections.first().pk}" if which == "section" else which
    monkeypatch.setattr(markdown, "SECONDS", -1)

    answer = browser.post(PREVIEW_URL, {"content": PLANETS, "which": name})

    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert (
        answer.content.decode()
        == "Pratinjau teks ini terlalu lama dibuat. Bagi teks ini menjadi beberapa modul."
    )


def test_preview_of_text_beyond_a_limit_names_it(browser, module):
    answer = browser.post(PREVIEW_URL, {"content": LARGE.replace("Isi", "Teks"), "which": "document"})
    assert answer.status_code == 413
    assert answer.content.decode().startswith(
        "Baris 15: Dokumen ini memiliki 5 bagian, padahal paling banyak 3."
    )


def test_learners_pages_that_take_too_long_are_not_previewed(browser, instructor, monkeypatch):
    module = a_module()
    draft = Draft.objects.create(author=instructor, text=PLANETS)
    monkeypatch.setattr(preview, "SECONDS", -1)
    for address, back in (
        (f"/preview/modules/{module.slug}/", f"/admin/modules/module/{module.pk}/change/"),
        (f"/preview/drafts/{draft.pk}/", f"/admin/modules/draft/{draft.pk}/change/"),
        (f"/preview/plans/{draft.pk}/", f"/admin/modules/draft/{draft.pk}/plan/"),
    ):
        answer = browser.get(address)
        assert answer.status_code == 413
        assert f'href="{back}"' in answer.content.decode()
