"""Tests revisions in the admin: their lists, their comparison, and the return to an earlier one."""

import pytest
from django.core.files.storage import default_storage
from django.utils import translation

from modules.admin import plan_cards
from modules.authoring import downloads, plan_in_words
from modules.authoring.states import LOOK_ORDER, PartState
from modules.models import Draft, Image, Module
from tests.admin.test_loading import choose_replacement, image, press, upload, zip_file
from tests.admin.test_plan import plan_form_data
from tests.cast import PLANETS, a_module

pytestmark = pytest.mark.django_db

SECOND_TEXT = PLANETS.replace("## Planet luar\n", "## Planet gas\n").replace("Delapan", "Sembilan")


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def module(db) -> Module:
    """Returns a module with three revisions."""
    a_module(PLANETS)
    a_module(SECOND_TEXT)
    return a_module(SECOND_TEXT + "\n### Bulan bumi?\n\n- [=] 1\n")


def revision_url(module: Module, number: int, more: str = "") -> str:
    return f"/admin/modules/revision/{module.revisions.get(number=number).pk}/{more or 'change/'}"


def test_lists_describe_changes_of_each_revision(browser, module):
    assert [revision.changes for revision in module.revisions.order_by("number")][:2] == [{}, {"renamed": 1}]
    for address in (f"/admin/modules/module/{module.pk}/change/", "/admin/modules/revision/"):
        shown = browser.get(address).content.decode()
        assert all(plan_cards.what_changed(revision) in shown for revision in module.revisions.all())


def test_changes_are_counted_in_words():
    with translation.override("en"):
        assert (
            plan_in_words.counted({"new": 1, "changed": 2, "settings": 3}) == "1 new, 2 changed, 3 settings"
        )


def test_each_state_has_words_and_a_look():
    assert (*plan_in_words.COUNTED,)[: len(PartState)] == tuple(PartState)
    assert set(LOOK_ORDER) == set(PartState)
    assert all(state.label for state in PartState)


def test_comparison_shows_older_revision_first(browser, module):
    first, third = module.revisions.get(number=1), module.revisions.get(number=3)
    for opened, chosen in ((first, third), (third, first)):
        shown = browser.get(f"{revision_url(module, opened.number)}?with={chosen.pk}").context
        assert [revision.number for revision in shown["pair"]] == [1, 3]
        changed = [row for row in shown["marked"].rows if hasattr(row, "is_same") and not row.is_same]
        assert ["".join(run.text for run in row.before) for row in changed][:2] == [
            "Delapan planet.",
            "## Planet luar",
        ]


def test_comparison_with_other_module_is_not_found(browser, module):
    other = a_module("# Lain\n\n## Satu\n\nTeks.\n")
    assert browser.get(f"{revision_url(module, 1)}?with={other.current_id}").status_code == 404
    assert browser.get(f"{revision_url(module, 1)}?with=x").status_code == 404


def test_returning_to_revision_needs_a_plan(browser, module, instructor):
    plan = browser.post(revision_url(module, 1, "draft/")).headers["Location"]
    draft = Draft.objects.get()
    assert plan == f"/admin/modules/draft/{draft.pk}/plan/"
    assert (draft.text, draft.author, draft.module) == (PLANETS, instructor, module)
    shown = browser.get(plan)
    assert not shown.context["page"].is_behind
    browser.post(plan, plan_form_data(shown.context))
    assert Module.objects.get().text() == PLANETS
    assert module.revisions.count() == 4


def test_returning_to_revision_restores_its_image(browser, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    text = "# T\n\n## Satu\n\n![Diagram](d.png)\n"
    for colour, more in (("red", ""), ("blue", "\nBaru.\n"), ("green", "")):
        upload(browser, zip_file(**{"t.md": (text + more).encode(), "d.png": image(colour=colour)}), "t.zip")
        page_of_draft = f"/admin/modules/draft/{Draft.objects.get().pk}"
        if more or colour == "green":
            choose_replacement(browser)
            browser.post(
                f"{page_of_draft}/plan/", plan_form_data(browser.get(f"{page_of_draft}/plan/").context)
            )
        else:
            press(browser, f"{page_of_draft}/change/", "load")
    illustrated_module = Module.objects.get()
    names = [revision.images["d.png"] for revision in illustrated_module.revisions.order_by("number")]
    assert len(set(names)) == 3

    plan = browser.post(revision_url(illustrated_module, 1, "draft/")).headers["Location"]
    shown = browser.get(plan).context
    assert shown["page"].images == (0, 1)
    browser.post(plan, plan_form_data(shown))

    assert (illustrated_module.text(), illustrated_module.images.get().file.name) == (text, names[0])
    assert names[0] in illustrated_module.sections.get().html
    assert list(downloads.copy_of(illustrated_module).images.values()) == [names[0]]
    assert all(default_storage.exists(name) for name in names)


def test_revision_without_images_uses_current_images(browser, module):
    Image.objects.create(module=module, path="d.png", file="d.png")
    browser.post(revision_url(module, 1, "draft/"))
    assert not Draft.objects.get().images.exists()


def test_only_instructors_return_to_revision_by_post(browser, module, signed_in, learner):
    assert browser.get(revision_url(module, 1, "draft/")).headers["Location"] == revision_url(module, 1)
    assert signed_in(learner).post(revision_url(module, 1, "draft/")).status_code == 302
    assert Draft.objects.count() == 0
