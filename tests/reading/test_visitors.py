"""Tests what people may read without an account, as the author of a module allows it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from modules.authoring import apply, planning, uploads
from modules.models import Attempt, Enrolment, Module, Reading
from modules.quizzes.withdrawal import withdraw
from modules.reading import access
from tests.cast import NOON, PLANETS, READABLE, a_module, squeezed

pytestmark = pytest.mark.django_db

CHECK = "### Cek {.check}\n\n- [x] Ya\n- [ ] Tidak\n\n"


def with_access(value: str, text: str = PLANETS) -> str:
    return f"---\naccess: {value}\n---\n{text}"


def statuses(client, module: Module) -> list[int]:
    """Returns the status of each section, and of the quiz."""
    sections = [client.get(section.get_absolute_url()).status_code for section in module.sections.active()]
    return [*sections, client.get(reverse("quiz", args=[module.slug])).status_code]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLANETS, [302, 302, 302]),
        (with_access("learners"), [302, 302, 302]),
        (with_access("preview"), [200, 302, 302]),
        (with_access("open"), [200, 200, 302]),
    ],
    ids=["unsaid", "learners", "preview", "open"],
)
def test_visitors_read_what_the_author_allows(client, text, expected):
    assert statuses(client, a_module(text)) == expected


@pytest.mark.parametrize("value", ["learners", "preview", "open"])
def test_learners_read_everything_with_any_access(as_learner, value):
    module = a_module(with_access(value))
    assert [as_learner.get(each.get_absolute_url()).status_code for each in module.sections.active()] == [
        200,
        200,
    ]


@pytest.mark.parametrize("value", ["preview", "open"])
@pytest.mark.parametrize("state", ["unpublished", "withdrawn", "kept"])
def test_what_is_not_published_is_open_to_no_visitor(client, as_learner, value, state):
    module = a_module(with_access(value), published=state != "unpublished")
    if state != "unpublished":
        withdraw(module, by=None, now=NOON, keeps_learners=state == "kept", with_attempts=True)
    assert statuses(client, module) == [302, 302, 302]
    assert [as_learner.get(each.get_absolute_url()).status_code for each in module.sections.active()] == [
        404,
        404,
    ]


def test_archived_section_is_open_to_no_visitor(client):
    module = a_module(with_access("open"))
    gone = module.sections.active()[0]
    document = uploads.parse_with_images(module.text().replace("## Planet dalam", "## Bulan {#bulan}"))
    gone.archived_at = NOON
    gone.save()
    assert document.sections[0].identity == "bulan"
    assert client.get(gone.get_absolute_url()).status_code == 302


def test_first_section_stays_the_first_after_a_load(client):
    module = a_module(with_access("preview", READABLE))
    text = module.text().replace("## Planet dalam", "## Pembuka\n\nKata.\n\n## Planet dalam")
    apply.apply_plan(planning.plan_document(module, uploads.parse_with_images(text)), by=None, now=NOON)
    module.refresh_from_db()
    assert statuses(client, module)[:2] == [200, 302]
    assert client.get(reverse("section", args=[module.slug, "planet-dalam"])).status_code == 302


def test_visitor_cannot_tell_a_closed_section_from_none(client):
    module = a_module(with_access("preview"))
    closed = client.get(reverse("section", args=[module.slug, "planet-luar"]))
    none = client.get(reverse("section", args=[module.slug, "planet-kesembilan"]))
    assert (closed.status_code, none.status_code) == (302, 302)
    assert closed.url.startswith("/accounts/login/?next=")
    assert none.url.startswith("/accounts/login/?next=")


def test_nothing_is_recorded_for_a_visitor(client):
    module = a_module(with_access("open"))
    url = reverse("section", args=[module.slug, "planet-dalam"])
    client.get(url)
    assert client.post(f"{url}reading/").url == f"/accounts/login/?next={url}reading/"
    assert [table.objects.count() for table in (Enrolment, Reading, Attempt)] == [0, 0, 0]


def test_open_section_tells_a_visitor_to_sign_in(client):
    client.cookies["language"] = "id"
    module = a_module(with_access("open"))
    page = client.get(reverse("section", args=[module.slug, "planet-dalam"])).content.decode()
    assert "Masuk</a>agar kemajuan Anda tersimpan." in squeezed(page)
    assert 'href="/modules/tata-surya/planet-luar/" rel="next"' in page
    assert "Selesai, lanjut" not in page


def test_preview_ends_with_the_sign_up_that_leads_back(client):
    module = a_module(with_access("preview"))
    url = reverse("section", args=[module.slug, "planet-dalam"])
    assert f"/accounts/signup/?next={url}" in client.get(url).content.decode()


def test_visitor_answers_checks_of_open_sections_only(client):
    text = READABLE.replace("Merkurius,", CHECK + "Merkurius,").replace("Jupiter,", CHECK + "Jupiter,")
    module = a_module(with_access("preview", text))
    first, second = module.sections.active()
    addresses = [
        reverse("check", args=[module.slug, section.identity, section.checks[0]["identity"]])
        for section in (first, second)
    ]
    assert [client.get(address).status_code for address in addresses] == [200, 302]


def test_read_without_an_account_is_offered_only_where_allowed(client):
    client.cookies["language"] = "id"
    a_module(PLANETS)
    assert "Baca dulu tanpa akun" not in client.get("/").content.decode()
    module = a_module(with_access("preview", READABLE.replace("Tata surya", "Zat cair")))
    for page in ("/", module.get_absolute_url()):
        assert 'href="/modules/zat-cair/planet-dalam/"' in client.get(page).content.decode()
    assert "Baca dulu tanpa akun" in client.get("/").content.decode()


def test_draft_of_an_open_module_opens_nothing():
    a_module(with_access("open"), published=False)
    assert access.first_open_section() is None


def test_former_address_leads_visitors_to_an_open_section_only(client):
    for value, expected in (("open", "/modules/tata-surya/planet-besar/"), ("learners", None)):
        module = a_module(with_access(value))
        text = (
            module.text()
            .replace("## Planet luar", "## Planet besar")
            .replace("#planet-luar", "#planet-besar")
        )
        apply.apply_plan(planning.plan_document(module, uploads.parse_with_images(text)), by=None, now=NOON)
        answer = client.get("/modules/tata-surya/planet-luar/")
        assert answer.url == expected or (expected is None and answer.url.startswith("/accounts/login/"))
        Module.objects.all().delete()


def test_plan_tells_that_visitors_may_read(client, instructor):
    module = a_module(PLANETS)
    document = uploads.parse_with_images(with_access("open"), module=module)
    (setting,) = planning.plan_document(module, document).settings
    assert (setting.name, setting.before, setting.after) == ("access", "learners", "open")


def test_instructor_changes_access_in_a_form(signed_in, instructor, client):
    module = a_module(PLANETS)
    page = reverse("admin:modules_module_access", args=[module.pk])
    browser = signed_in(instructor)
    sent = {"access": "preview", "base_revision": module.current_id}
    assert browser.post(page, sent).status_code == 302
    module.refresh_from_db()
    assert module.access == "preview"
    assert module.text() == with_access("preview")
    assert browser.post(page, sent | {"access": "learners"}).status_code == 200  # made from an older revision
    module.refresh_from_db()
    assert module.access == "preview"
    assert statuses(client, module)[0] == 200


def test_learner_has_no_form_of_access(as_learner):
    module = a_module(PLANETS)
    assert as_learner.get(reverse("admin:modules_module_access", args=[module.pk])).status_code == 302


def test_unknown_access_is_an_error():
    document = uploads.parse_with_images(with_access("everybody"))
    assert [problem.template for problem in document.errors] == [
        "“access” has to be learners, preview or open."
    ]


def test_page_of_a_visitor_costs_few_queries(client, django_assert_max_num_queries):
    module = a_module(with_access("preview"))
    assert timezone.now() > NOON
    with django_assert_max_num_queries(5):
        client.get(reverse("section", args=[module.slug, "planet-dalam"]))
