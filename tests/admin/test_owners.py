"""Tests whose a module is: who owns it, who helps, who may copy it, and what becomes of drafts and uploads."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.roles import Role
from modules.authoring import apply, planning, uploads
from modules.document.syntax.slug_line import with_slug
from modules.models import Draft, Module, SharedModules, StudyClass
from modules.privacy import erasing, said
from tests.cast import NOON, PLANETS, a_module, read_all
from tests.classes.rooms import a_class
from tests.conftest import person

pytestmark = pytest.mark.django_db

LIST = "/admin/modules/module/"


@pytest.fixture(autouse=True)
def owners(settings):
    settings.MODULES = "owners"


@pytest.fixture
def other(db) -> User:
    return person("joko@example.com", Role.INSTRUCTOR, "Joko Susilo")


@pytest.fixture
def module(instructor) -> Module:
    return a_module(by=instructor)


@pytest.fixture
def as_owner(signed_in, instructor):
    return in_english(signed_in(instructor))


@pytest.fixture
def as_other(signed_in, other):
    return in_english(signed_in(other))


@pytest.fixture
def as_administrator(signed_in, administrator):
    return in_english(signed_in(administrator))


def in_english(browser):
    browser.cookies["language"] = "en"
    return browser


def owners_page(module: Module) -> str:
    return f"{LIST}{module.pk}/owners/"


def load(browser, text: str, **more):
    """Loads a text as a new module: as a draft, and then by its button."""
    made = browser.post(f"{LIST}load/", {"text": text})
    return browser.post(made.url, {"text": text, "action": "load", **more}) if "change" in made.url else made


# ------------------------------------------------------------------------------------------------ owner, helpers


def test_person_who_loads_a_new_module_owns_it(as_owner, instructor):
    load(as_owner, "# Baru\n\n## Bacaan\n\nSatu.\n")
    assert Module.objects.get(title="Baru").owner == instructor


def test_owner_finds_an_instructor_and_names_a_helper(as_owner, as_other, module, other):
    page = as_owner.get(owners_page(module), {"q": "joko example"}).content.decode()
    assert other.email in page
    assert as_other.get(f"{LIST}{module.pk}/results/").status_code == 404

    as_owner.post(owners_page(module), {"action": "name", "person": other.pk})

    assert list(module.helpers.all()) == [other]
    assert as_other.get(f"{LIST}{module.pk}/results/").status_code == 200


def test_learner_cannot_become_a_helper(as_owner, module, learner):
    assert learner.email not in as_owner.get(owners_page(module), {"q": "sari"}).content.decode()
    assert as_owner.post(owners_page(module), {"action": "name", "person": learner.pk}).status_code == 404
    assert not module.helpers.exists()


def test_helper_edits_but_names_nobody_and_deletes_nothing(as_owner, as_other, module, other):
    module.helpers.add(other)
    assert as_other.get(f"{LIST}{module.pk}/rules/").status_code == 200
    assert as_other.get(owners_page(module)).status_code == 404
    assert as_other.post(f"{LIST}{module.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "Only its owner" in as_other.get(f"{LIST}{module.pk}/change/").content.decode()
    as_owner.post(f"{LIST}{module.pk}/delete/", {"post": "yes"})
    assert not Module.objects.exists()


def test_only_administrators_change_the_owner(as_owner, as_administrator, module, instructor, other):
    give = {"action": "own", "person": other.pk}
    module.helpers.add(other)

    assert as_owner.post(owners_page(module), give).status_code == 404
    as_administrator.post(owners_page(module), give)

    module.refresh_from_db()
    assert (module.owner, list(module.helpers.all())) == (other, [])
    as_administrator.post(owners_page(module), {"action": "disown"})
    module.refresh_from_db()
    assert module.owner is None
    assert as_owner.get(f"{LIST}{module.pk}/results/").status_code == 404


def test_change_of_the_owner_is_in_the_history(as_administrator, administrator, module, other):
    address = f"/admin/modules/module/{module.pk}/"
    as_administrator.post(f"{address}owners/", {"action": "own", "person": other.pk})
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, other.name in entry.change_message) == (
        administrator,
        str(module.pk),
        True,
    )
    assert other.name in as_administrator.get(f"{address}history/").content.decode()


def test_draft_rests_while_its_author_may_not_change_the_module(as_owner, as_other, module, other):
    module.helpers.add(other)
    draft = as_other.post(f"{LIST}{module.pk}/draft/").url
    key = Draft.objects.get().pk

    as_owner.post(owners_page(module), {"action": "dismiss", "person": other.pk})

    for address in (draft, f"/preview/drafts/{key}/", f"/admin/modules/draft/{key}/plan/"):
        assert as_other.get(address).status_code == 404, address
    picture = SimpleUploadedFile("titik.png", b"x")
    sent = as_other.post("/admin/markdown/image/", {"target": f"draft:{key}", "image": picture})
    assert sent.content.decode() == "Choose a picture first."
    as_owner.post(owners_page(module), {"action": "name", "person": other.pk})
    assert as_other.get(draft).status_code == 200


def test_deleted_owner_leaves_the_module_to_the_administrators(as_administrator, module, instructor):
    sentences = list(said.what_goes(instructor))
    assert "Kepemilikan atas 1 modul. Modulnya tetap ada, lalu menjadi milik administrator." in sentences
    erasing.erase(instructor, keeps_proofs=False)
    module.refresh_from_db()
    assert module.owner is None
    assert "Owner: The administrators." in as_administrator.get(f"{LIST}{module.pk}/change/").content.decode()


def test_deleted_instructor_leaves_their_classes(instructor):
    study_class = a_class(by=instructor)
    sentences = list(said.what_goes(instructor))
    assert "Tempat sebagai pengajar di 1 kelas. Kelasnya tetap ada." in sentences
    erasing.erase(instructor, keeps_proofs=False)
    assert StudyClass.objects.get() == study_class


# ------------------------------------------------------------------------------------------------ others


def test_others_see_whose_it_is_and_what_they_may_do(as_other, module):
    page = as_other.get(f"{LIST}{module.pk}/change/").content.decode()
    assert "“Tata surya” belongs to Budi Hartono." in page
    assert [word for word in ("Copy module", "See as a learner") if word not in page] == []
    assert [word for word in ("Edit as Markdown", "Results", "Download") if word in page] == []
    assert as_other.get(f"/preview/modules/{module.slug}/").status_code == 200


def test_copy_has_the_exact_text_with_another_address(as_other, module, other):
    module.images.create(path="air.png", file="0123456789abcdef0123456789abcdef.png")

    page = as_other.post(f"{LIST}{module.pk}/copy/")

    draft = Draft.objects.get()
    assert page.url == f"/admin/modules/draft/{draft.pk}/change/"
    assert draft.text == "---\nslug: tata-surya-2\n---\n" + module.text()
    assert list(draft.images.values_list("path", "file")) == list(module.images.values_list("path", "file"))
    as_other.post(page.url, {"text": draft.text, "action": "load"})
    copy = Module.objects.get(slug="tata-surya-2")
    assert (copy.owner, copy.title) == (other, module.title)
    module.refresh_from_db()
    assert (module.current.number, module.images.count()) == (1, 1)


def test_list_hides_how_many_learners_others_have(as_owner, as_other, module, learner):
    read_all(learner, module)
    cell = '<td class="field-learners">%s</td>'
    assert cell % 1 in as_owner.get(LIST).content.decode()
    page = as_other.get(LIST).content.decode()
    assert "Budi Hartono" in page
    assert cell % "-" in page
    assert module.title not in as_other.get(LIST, {"owner": "mine"}).content.decode()


def test_search_finds_own_modules_only(as_owner, as_other, module):
    search = f"{LIST}search/?q=Saturnus"
    assert "planet-luar" in as_owner.get(search).content.decode()
    assert "planet-luar" not in as_other.get(search).content.decode()


def test_search_of_lists_finds_no_work_of_others(as_owner, as_other, module):
    for name in ("revision", "attempt", "draft"):
        assert "Tata surya" not in as_other.get(f"/admin/modules/{name}/").content.decode(), name
    assert "Tata surya" in as_owner.get("/admin/modules/revision/").content.decode()


@pytest.mark.parametrize("page", ["module", "attempt", "revision", "draft"])
def test_list_takes_as_many_queries_for_many_modules(
    as_other, page, instructor, other, django_assert_num_queries, django_assert_max_num_queries
):
    def number() -> int:
        with django_assert_max_num_queries(40) as taken:
            as_other.get(f"/admin/modules/{page}/")
        return len(taken)

    a_module("# A\n\n## Satu\n\nSatu.\n", by=other)
    number()
    before = number()
    for title in ("B", "C", "D", "E"):
        for owner in (instructor, other):
            a_module(f"# {title} {owner.name}\n\n## Satu\n\nSatu.\n", by=owner).helpers.add(other)
    assert number() == before


# ------------------------------------------------------------------------------------------------ loading


def test_text_with_the_address_of_others_becomes_a_new_module_only(as_other, module, other):
    made = as_other.post(f"{LIST}load/", {"text": PLANETS})
    draft = Draft.objects.get()
    choice = f"/admin/modules/draft/{draft.pk}/module/"

    page = as_other.get(made.url, follow=True).content.decode()
    assert "“Tata surya” belongs to Budi Hartono. To change it, ask Budi Hartono" in page
    assert "Replace the text of" not in page
    as_other.post(choice, {"module": module.pk, "action": "replace"})
    draft.refresh_from_db()
    assert draft.module is None
    assert as_other.get(f"/admin/modules/draft/{draft.pk}/plan/0/").status_code == 404

    as_other.post(choice, {"module": module.pk, "action": "new"})
    draft.refresh_from_db()
    as_other.post(f"/admin/modules/draft/{draft.pk}/change/", {"text": draft.text, "action": "load"})
    assert Module.objects.get(slug="tata-surya-2").owner == other
    assert Module.objects.get(slug="tata-surya").current.number == 1


def test_text_without_key_gets_no_key_of_others(as_owner, as_other, module):
    public = as_owner.get(f"{LIST}{module.pk}/document/public/").content.decode()
    as_other.post(f"{LIST}load/", {"text": public})
    assert Draft.objects.get().text == public


def test_editor_reads_no_part_of_others(as_owner, as_other, instructor):
    text = "# Tautan\n\n## Satu\n\nSatu.\n\n## Dua\n\n[rahasia]: https://example.org/tersembunyi\n"
    section = a_module(text, by=instructor).sections.first()
    sent = {"content": "## Satu\n\n[Lihat][rahasia]\n", "which": f"section:{section.pk}"}
    assert "tersembunyi" in as_owner.post("/admin/markdown/preview/", sent).content.decode()
    assert "tersembunyi" not in as_other.post("/admin/markdown/preview/", sent).content.decode()


def moved(module: Module, *, to: str, by: User) -> None:
    """Gives a module another address."""
    plan = planning.plan_document(module, uploads.parse_with_images(with_slug(module.text(), to)))
    apply.apply_plan(plan, by=by, now=NOON)


def test_former_address_of_others_is_not_taken_by_a_new_module(as_other, client, module, instructor):
    moved(module, to="planet", by=instructor)
    page = load(as_other, "# Tata surya\n\n## Bacaan\n\nSatu.\n")
    assert "The address “tata-surya” belongs to “Tata surya”" in as_other.get(page.url).content.decode()
    assert Module.objects.get() == module
    assert client.get("/modules/tata-surya/").headers["Location"] == "/modules/planet/"


def test_former_address_of_others_is_not_taken_by_a_move(as_other, module, other, instructor):
    moved(module, to="planet", by=instructor)
    own = a_module("# Bintang\n\n## Bacaan\n\nSatu.\n", by=other)
    text = with_slug(own.text(), "tata-surya")
    draft = as_other.post(f"{LIST}{own.pk}/load/", {"text": text})
    as_other.post(draft.url.replace("change/", "plan/"), {"action": "load"})
    assert "belongs to “Tata surya”" in as_other.get(draft.url).content.decode()
    assert module.former_slugs.get().slug == "tata-surya"


def test_former_address_of_an_own_module_is_free(as_owner, module, instructor):
    moved(module, to="planet", by=instructor)
    load(as_owner, "# Tata surya\n\n## Bacaan\n\nSatu.\n")
    assert Module.objects.filter(slug="tata-surya").exists()


def test_no_browser_keeps_what_instructors_preview(as_owner, module):
    answer = as_owner.get(f"/preview/modules/{module.slug}/")
    assert answer.headers["Cache-Control"] == "private, no-store"


# ------------------------------------------------------------------------------------------------ shared modules


@pytest.mark.parametrize(
    ("setting", "existed", "answer"), [("shared", False, 200), ("", True, 200), ("", False, 404)]
)
def test_setting_says_whether_instructors_share(settings, as_other, module, setting, existed, answer):
    settings.MODULES = setting
    if existed:
        SharedModules.objects.create(since=module.created_at)
    assert as_other.get(f"{LIST}{module.pk}/results/").status_code == answer


def test_administrators_are_told_that_modules_are_shared_as_before(
    settings, as_owner, as_administrator, module
):
    SharedModules.objects.create(since=module.created_at)
    assert "MODULES=owners" not in as_administrator.get(LIST).content.decode()
    settings.MODULES = ""
    assert "MODULES=owners" in as_administrator.get(LIST).content.decode()
    assert "MODULES=owners" not in as_owner.get(LIST).content.decode()
