"""Tests editing one part of a module. All other parts stay the same byte for byte."""

import pytest

from modules.authoring import apply, uploads
from modules.models import Draft, Enrolment, Module, Question
from modules.reading import progress
from tests.admin.test_loading import different_lines
from tests.cast import NOON, PLANETS, a_module, at, read_all, squeezed, take

pytestmark = pytest.mark.django_db

POOLED = "# Sepeda\n\n## Rem\n\nTekan.\n\n## Kuis\n\n### Rem {draw=1}\n\nBayangkan.\n\n#### Apa?\n\n- [=] rem\n\n#### Mana?\n\n- [=] sana\n"
WINDOWS = PLANETS.replace("\n", "\r\n")


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def part_url(kind: str, row) -> str:
    return f"/admin/modules/module/parts/{kind}/{row.pk}/"


def save(browser, page: str, old: str, new: str, **more):
    """Replaces some words of a part and saves it as a browser does."""
    form = browser.get(page).context["form"]
    text = form["source"].value().replace("\r\n", "\n").replace(old, new).replace("\n", "\r\n")
    return browser.post(page, {"source": text, "base_revision": form["base_revision"].value(), **more})


def section_of(module: Module, identity: str):
    return module.sections.get(identity=identity)


@pytest.mark.parametrize("text", [PLANETS, WINDOWS, "\ufeff" + WINDOWS])
def test_edited_section_changes_only_its_lines(browser, text):
    module = a_module(text)
    save(browser, part_url("section", section_of(module, "planet-dalam")), "Bumi, Mars", "Bumi dan Mars")
    assert Module.objects.get().text() == text.replace("Bumi, Mars", "Bumi dan Mars")


@pytest.mark.parametrize("text", [PLANETS, WINDOWS, "\ufeff" + WINDOWS])
def test_other_parts_change_only_their_lines(browser, text):
    module = a_module(text)
    question = module.quiz.questions.get(identity="jumlah-planet")
    for page, old, new in [
        (part_url("preamble", module), "Delapan planet.", "Ada delapan planet."),
        (part_url("quiz", module.quiz), "## Kuis akhir", "## Kuis akhir\n\nEmpat soal."),
        (part_url("question", question), "8 ± 0", "8 ± 1"),
    ]:
        save(browser, page, old, new)
    end = "\r\n" if "\r\n" in text else "\n"
    expected = text.replace("Delapan planet.", "Ada delapan planet.").replace("8 ± 0", "8 ± 1")
    assert Module.objects.get().text() == expected.replace(
        "## Kuis akhir", f"## Kuis akhir{end}{end}Empat soal."
    )


UNTITLED = "# Rantai\n\nLap rantai.\n\n# Rem\n\nTekan tuas.\n"


def load_untitled(name: str) -> Module:
    upload = uploads.Upload(name, UNTITLED, "utf-8")
    return apply.apply_upload(uploads.plan_upload(upload), upload, by=None, now=NOON)


@pytest.mark.parametrize(("name", "title"), [("Merawat sepeda.md", "Merawat sepeda"), ("", "Tanpa judul")])
def test_title_from_file_name_survives_edit(browser, name, title):
    module = load_untitled(name)
    save(browser, part_url("section", section_of(module, "rem")), "Tekan", "Tekan pelan")
    module.refresh_from_db()
    assert (module.title, module.slug) == (title, title.lower().replace(" ", "-"))
    assert module.text() == UNTITLED.replace("Tekan", "Tekan pelan")

    browser.post(f"/admin/modules/module/{module.pk}/draft/")
    draft = Draft.objects.get()
    assert browser.get(f"/admin/modules/draft/{draft.pk}/plan/").context["page"].settings == []


def test_renamed_file_gives_another_title():
    load_untitled("Sepeda.md")
    upload = uploads.Upload("Merawat sepeda.md", UNTITLED, "utf-8")
    plan = uploads.plan_upload(upload, Module.objects.get())
    assert not plan.changes_nothing
    assert apply.apply_upload(plan, upload, by=None, now=NOON).title == "Merawat sepeda"


def test_unchanged_part_makes_no_revision(browser):
    module = a_module(WINDOWS)
    save(browser, part_url("section", section_of(module, "planet-luar")), "", "")
    assert module.revisions.count() == 1


def test_error_names_line_of_part_and_keeps_text(browser):
    module = a_module()
    question = module.quiz.questions.get(identity="planet-terbesar")
    answer = save(browser, part_url("question", question), "- [x] Jupiter", "- [ ] Jupiter")
    (error,) = answer.context["form"].errors["source"]
    assert " 1:" in error
    assert "- [ ] Jupiter" in answer.context["form"]["source"].value()
    assert Module.objects.get().text() == PLANETS


def test_missing_last_line_end_keeps_next_heading(browser):
    module = a_module()
    page = part_url("section", section_of(module, "planet-dalam"))
    browser.post(page, {"source": "## Planet dalam\r\n\r\nEmpat.", "base_revision": module.current_id})
    assert [section.identity for section in module.sections.active()] == ["planet-dalam", "planet-luar"]


def test_edited_section_can_be_split(browser):
    module = a_module()
    save(
        browser,
        part_url("section", section_of(module, "planet-dalam")),
        "Bumi, Mars.",
        "Bumi.\n\n## Mars\n\nMerah.\n",
    )
    assert [section.title for section in module.sections.active()] == ["Planet dalam", "Mars", "Planet luar"]


def test_change_of_other_instructor_is_not_overwritten(browser):
    module = a_module()
    page = part_url("section", section_of(module, "planet-dalam"))
    base_revision = module.current_id
    a_module(PLANETS.replace("Neptunus", "Neptunus, Pluto"))
    sent = {"source": "## Planet dalam\r\n\r\nEmpat.\r\n\r\n", "base_revision": base_revision}
    answer = browser.post(page, sent)
    assert answer.context["form"].non_field_errors()
    assert "Empat." in answer.context["form"]["source"].value()
    assert "Empat." not in Module.objects.get().text()
    assert answer.context["form"]["base_revision"].value() == str(Module.objects.get().current_id)
    assert answer.context["is_as_opened"]
    assert (
        browser.post(
            page, sent | {"base_revision": answer.context["form"]["base_revision"].value()}
        ).status_code
        == 302
    )
    assert "Neptunus, Pluto" in Module.objects.get().text()


def test_conflict_compares_active_text_with_unsaved_input(browser, instructor, administrator):
    module = a_module()
    page = part_url("section", section_of(module, "planet-dalam"))
    sent = {
        "source": "## Planet dalam\r\n\r\nEmpat.\r\n\r\n",
        "base_revision": browser.get(page).context["form"]["base_revision"].value(),
    }
    for person, named_author in ((administrator, administrator.name), (instructor, None)):
        a_module(PLANETS.replace("Bumi, Mars.", f"Bumi, Mars, {person.name}."), by=person)
        answer = browser.post(page, sent)
        (message,) = answer.context["form"].non_field_errors()
        assert (named_author in message) if named_author else (administrator.name not in message)
        active = f"Merkurius, Venus, Bumi, Mars, {person.name}."
        assert different_lines(answer) == [(active, "Empat.")]
        assert not answer.context["is_as_opened"]
        assert (
            answer.content.decode().count(f"Mars, {person.name}") == 2
        )  # once in its row and once in the text to copy
        sent["base_revision"] = answer.context["form"]["base_revision"].value()


def test_change_without_effect_on_learners_is_saved_directly(browser, learner):
    module = a_module()
    read_all(learner, module)
    page = part_url("section", section_of(module, "planet-dalam"))
    for old, new in (("Merkurius", "Merkuriuss"), ("## Planet dalam", "## Planet batu")):
        assert save(browser, page, old, new).headers["Location"].endswith("/change/")
    assert Draft.objects.count() == 0
    assert [section.title for section in Module.objects.get().sections.active()] == [
        "Planet batu",
        "Planet luar",
    ]


@pytest.mark.parametrize(
    ("identity", "old", "new"),
    [
        ("planet-dalam", "Merkurius, Venus, Bumi, Mars.", "Empat planet batu."),
        ("planet-dalam", "Bumi, Mars.", "Bumi.\n\n## Mars\n\nPlanet merah yang berdebu.\n"),
        ("planet-luar", "## Planet luar\n\n", ""),
    ],
)
def test_change_of_read_section_becomes_planned_draft(browser, learner, identity, old, new):
    module = a_module()
    read_all(learner, module)
    browser.post(f"/admin/modules/module/{module.pk}/draft/")
    answer = save(browser, part_url("section", section_of(module, identity)), old, new)
    draft = Draft.objects.latest("pk")
    assert answer.headers["Location"] == f"/admin/modules/draft/{draft.pk}/plan/"
    assert (draft.text, draft.base_revision) == (PLANETS.replace(old, new), module.current)
    assert Module.objects.get().text() == PLANETS
    assert Draft.objects.count() == 2


def test_draft_of_part_is_separate_from_whole_document(browser, learner, administrator):
    module = a_module()
    read_all(learner, module)
    Draft.objects.create(author=administrator, module=module, filename="milik-orang-lain.md")
    for identity, old in (("planet-dalam", "Merkurius, Venus, Bumi"), ("planet-luar", "Jupiter, Saturnus")):
        save(browser, part_url("section", section_of(module, identity)), old, "Sisipan, lalu semua yang lain")
    outer_edit, inner_edit = edits = list(Draft.objects.exclude(part=""))
    assert ["Planet luar" in str(outer_edit), "Planet dalam" in str(inner_edit)] == [True, True]
    page = squeezed(browser.get(f"/admin/modules/module/{module.pk}/change/").content.decode())
    assert all(f'href="/admin/modules/draft/{edit.pk}/plan/"' in page and str(edit) in page for edit in edits)
    assert "milik-orang-lain.md" not in page

    Draft.objects.filter(pk=outer_edit.pk).update(
        part=""
    )  # as if the author edited the whole document after that
    answer = browser.post(f"/admin/modules/module/{module.pk}/draft/")

    assert answer.headers["Location"] == f"/admin/modules/draft/{Draft.objects.latest('pk').pk}/change/"
    assert Draft.objects.latest("pk").text == PLANETS
    assert Draft.objects.count() == 4
    assert "Planet luar" in str(Draft.objects.get(pk=outer_edit.pk))


def test_part_edited_repeatedly_keeps_one_draft(browser, learner):
    module = a_module()
    read_all(learner, module)
    page = part_url("section", section_of(module, "planet-dalam"))
    save(browser, page, "Merkurius, Venus, Bumi, Mars.", "Empat planet batu.")
    shown = browser.get(page)
    earlier = Draft.objects.get()
    assert f'name="earlier" value="{earlier.pk}"' in shown.content.decode()
    old, new = "Merkurius, Venus, Bumi, Mars.", "Empat planet dari batu dan besi."
    save(browser, page, old, new, earlier=earlier.pk)
    assert new in Draft.objects.get().text


@pytest.mark.parametrize("is_shown", [True, False])
def test_only_shown_draft_of_part_is_replaced(browser, learner, is_shown):
    module = a_module()
    read_all(learner, module)
    page = part_url("section", section_of(module, "planet-dalam"))
    save(browser, page, "Merkurius, Venus, Bumi, Mars.", "Empat planet batu.")
    earlier = Draft.objects.get().pk
    if is_shown:
        Draft.objects.update(part="")
    more = {"earlier": earlier} if is_shown else {}
    save(browser, page, "Merkurius, Venus, Bumi, Mars.", "Empat planet kecil.", **more)
    assert Draft.objects.filter(pk=earlier).exists()
    assert Draft.objects.count() == 2


def test_unsaved_input_for_removed_part_is_shown(browser):
    module = a_module()
    page = part_url("section", section_of(module, "planet-luar"))
    base_revision = browser.get(page).context["form"]["base_revision"].value()
    a_module(PLANETS.replace("## Planet luar\n\nJupiter, Saturnus, Uranus, Neptunus.\n\n", ""))
    answer = browser.post(
        page, {"source": "## Planet luar\n\n<b>Satu jam kerja.", "base_revision": base_revision}
    )
    assert "&lt;b&gt;Satu jam kerja." in answer.content.decode()
    assert (answer.context["module"], answer.context["kind"]) == (module, "section")
    assert "jam kerja" not in Module.objects.get().text()


def test_removed_part_links_back_to_its_module(browser, learner):
    module = a_module()
    read_all(learner, module)  # so that the section is archived, not deleted
    take(learner, module.quiz, ["Jupiter"], now=at(1))
    question = module.quiz.questions.get(identity="planet-terbesar")
    removed_urls = [part_url("section", section_of(module, "planet-luar")), part_url("question", question)]
    text = PLANETS.replace("## Planet luar\n\nJupiter, Saturnus, Uranus, Neptunus.\n\n", "")
    a_module(text[: text.index("### Planet terbesar?")] + text[text.index("### Planet luar yang mana?") :])
    for page in removed_urls:
        answer = browser.get(page)
        assert answer.status_code == 404
        assert f'href="/admin/modules/module/{module.pk}/change/"' in answer.content.decode()
        assert "as-typed" not in answer.content.decode()


@pytest.mark.parametrize("has_learners", [True, False])
def test_edit_that_changes_other_parts_is_planned(browser, learner, has_learners):
    """Opens a comment without an end. It takes in the quiz, so a direct save would finish all learners."""
    module = a_module()
    if has_learners:
        read_all(learner, module)
    page = part_url("section", section_of(module, "planet-luar"))
    answer = save(browser, page, "Neptunus.\n", "Neptunus.\n\n<!-- catatan\n")
    assert answer.headers["Location"] == f"/admin/modules/draft/{Draft.objects.get().pk}/plan/"
    assert Module.objects.get().text() == PLANETS
    assert not Enrolment.objects.filter(finished_at__isnull=False).exists()


def test_edit_that_opens_code_around_the_quiz_names_its_line(browser):
    module = a_module()
    page = part_url("section", section_of(module, "planet-luar"))

    answer = save(browser, page, "Neptunus.\n", "Neptunus.\n\n~~~\n")

    [error] = answer.context["form"].errors["source"]
    assert "~~~" in error
    assert Module.objects.get().text() == PLANETS


def test_part_page_announces_plan_once_module_is_begun(browser, learner):
    module = a_module()
    page = part_url("section", section_of(module, "planet-luar"))
    assert not browser.get(page).context["is_begun"]
    progress.record_reading(learner, section_of(module, "planet-dalam"), now=at(0))
    assert browser.get(page).context["is_begun"]


def test_removed_part_is_planned_once_module_is_begun(browser, learner):
    module = a_module()
    progress.record_reading(learner, section_of(module, "planet-dalam"), now=at(0))
    answer = browser.post(
        part_url("section", section_of(module, "planet-luar")),
        {"source": "", "base_revision": module.current_id},
    )
    assert answer.headers["Location"].endswith("/plan/")
    assert Module.objects.get().text() == PLANETS


@pytest.mark.parametrize("kind", ["preamble", "section", "quiz", "pool", "question"])
def test_small_edit_of_each_kind_is_saved_directly(browser, learner, kind):
    module = a_module(POOLED)
    row = {
        "preamble": module,
        "section": module.sections.get(),
        "quiz": module.quiz,
        "pool": Question.objects.get(identity="apa"),
        "question": Question.objects.get(identity="mana"),
    }[kind]
    answer = save(browser, part_url(kind, row), "\n", "\n\n")
    assert answer.headers["Location"].endswith("/change/")
    assert Draft.objects.count() == 0
    assert Module.objects.get().text() != POOLED


def test_answered_question_gets_new_version_when_edited(browser, learner):
    module = a_module()
    read_all(learner, module)
    attempt = take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"], now=at(1))
    question = module.quiz.questions.get(identity="planet-keempat")
    save(browser, part_url("question", question), "### Planet keempat?", "### Planet keempat dari matahari?")
    question.refresh_from_db()
    assert question.current.number == 2
    assert attempt.responses.get(slot=3).version.number == 1


def test_new_key_of_answered_question_is_planned(browser, learner):
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"], now=at(1))
    question = module.quiz.questions.get(identity="planet-keempat")
    answer = save(browser, part_url("question", question), "[=] Mars", "[=] Planet Mars")
    assert answer.headers["Location"].endswith("/plan/")
    assert Module.objects.get().text() == PLANETS


@pytest.mark.parametrize(
    ("rule", "is_planned"), [("counts: last", True), ("attempts: 1", True), ("pass_mark: 90", False)]
)
def test_rule_that_affects_submitted_attempts_is_planned(browser, learner, rule, is_planned):
    module = a_module(f"---\ntitle: Tata surya\n---\n{PLANETS}")
    page = part_url("preamble", module)
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter"], now=at(1))
    answer = save(browser, page, "title: Tata surya", f"title: Tata surya\n{rule}")
    assert answer.headers["Location"].endswith("/plan/") is is_planned
    assert (rule in Module.objects.get().text()) is not is_planned


def test_unknown_part_is_not_found(browser):
    module = a_module()
    for page in ("section/0/", "question/999/", f"chapter/{module.pk}/"):
        assert browser.get(f"/admin/modules/module/parts/{page}").status_code == 404


def test_pool_heading_is_edited_in_its_place(browser):
    text = POOLED
    module = a_module(text)
    question = Question.objects.get(identity="apa")
    page = part_url("pool", question)
    assert f'href="{page}"' in browser.get(f"/admin/modules/module/{module.pk}/change/").content.decode()

    new = "### Rem {draw=2}\n\nBayangkan jalan basah.\n\n"
    save(browser, page, "### Rem {draw=1}\n\nBayangkan.\n\n", new)

    assert Module.objects.get().text() == text.replace("### Rem {draw=1}\n\nBayangkan.\n\n", new)
    assert browser.get(page).status_code == 200  # under the same address as before
