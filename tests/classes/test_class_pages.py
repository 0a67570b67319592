"""Shows the pages of a class: instructors make, fill and end their own classes, and a class gives no power."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from accounts.models import User
from accounts.roles import INSTRUCTORS, Role, role_of
from modules.classes.links import new_code
from modules.insights.exports import Table
from modules.insights.ods_file import write_ods
from modules.models import Enrolment, Invitation, Module, Override, StudyClass
from tests.cast import NOON, PLANETS, a_module, a_quiz, at, read_all, take
from tests.classes.rooms import a_class, assign, people_in
from tests.conftest import person

pytestmark = pytest.mark.django_db

LIST_URL = "/admin/modules/studyclass/"
ONE_QUESTION = "### Jumlah planet?\n\n- [=] 8\n"


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def study_class(instructor):
    return a_class(by=instructor)


def page_of(study_class, part: str = "") -> str:
    return f"{LIST_URL}{study_class.pk}/{part or 'change/'}"


def add(browser, study_class, text: str, **sent):
    """Sends a list, and sends it again as the page that shows its lines asks for."""
    seen = browser.post(page_of(study_class, "people/"), {"text": text} | sent)
    form = seen.context["form"]
    return browser.post(
        page_of(study_class, "people/"), {"text": form["text"].value(), "seen": seen.context["seen"]}
    )


def test_instructor_makes_a_class(browser, instructor):
    answer = browser.post(f"{LIST_URL}add/", {"name": "X-TKR 2"})
    study_class = StudyClass.objects.get()
    assert (study_class.name, list(study_class.instructors.all())) == ("X-TKR 2", [instructor])
    assert answer.headers["Location"] == page_of(study_class, "people/")
    assert "X-TKR 2" in browser.get(LIST_URL).content.decode()
    again = browser.post(f"{LIST_URL}add/", {"name": "X-TKR 2"})
    assert list(again.context["form"].errors) == ["name"]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("X-TKR\r\n2", "X-TKR 2"),
        ("X\u202e-TKR\u200b 2", "X-TKR 2"),
        ("  X-TKR \t 2 ", "X-TKR 2"),
        ("\u202e", None),
    ],
)
def test_name_of_a_class_is_one_line_of_visible_signs(browser, sent, name):
    browser.post(f"{LIST_URL}add/", {"name": sent})
    assert [study_class.name for study_class in StudyClass.objects.all()] == ([name] if name else [])


def test_list_is_shown_before_anything_is_saved(browser, study_class, learner):
    text = f"Sari;{learner.email}\nbaru@example.com\nharis"
    answer = browser.post(page_of(study_class, "people/"), {"text": text})
    assert [row.outcome.name for row in answer.context["rows"]] == ["UNREADABLE", "JOINS", "INVITED"]
    assert (people_in(study_class), Invitation.objects.count()) == (set(), 0)
    done = add(browser, study_class, text)
    assert people_in(study_class) == {learner.email}
    assert done.context["form"]["text"].value() == "haris"
    assert "baru@example.com" in browser.get(page_of(study_class, "people/")).content.decode()


def test_changed_list_is_shown_again(browser, study_class, learner, other_learner):
    seen = browser.post(page_of(study_class, "people/"), {"text": learner.email}).context["seen"]
    changed = {"text": other_learner.email, "seen": seen}
    answer = browser.post(page_of(study_class, "people/"), changed)
    assert answer.context["plan"].joins == 1
    assert people_in(study_class) == set()


def test_file_of_windows_is_shown_once(browser, study_class, learner):
    file = SimpleUploadedFile("kelas.csv", f"Nama;Surel\r\nSari;{learner.email}\r\n".encode())
    add(browser, study_class, "", file=file)
    assert people_in(study_class) == {learner.email}


def test_long_list_shows_its_bad_lines_first(browser, study_class):
    text = "\n".join([*(f"s{number}@example.com" for number in range(600)), "haris"])
    rows = browser.post(page_of(study_class, "people/"), {"text": text}).context["rows"]
    assert [row.entry.text for row in rows[:2]] == ["haris", "s0@example.com"]


def test_person_with_two_addresses_joins_once(browser, study_class, learner):
    learner.emailaddress_set.create(email="sari.w@example.com", verified=True)
    text = f"{learner.email}\nsari.w@example.com"
    plan = browser.post(page_of(study_class, "people/"), {"text": text}).context["plan"]
    assert (plan.joins, plan.unchanged) == (1, 1)


def test_spreadsheet_is_a_list(browser, study_class, learner):
    book, file = Workbook(), io.BytesIO()
    for row in (("No", "Nama", "Surel"), (1, "Sari Wulandari", learner.email), (2, "Tono", "=1+1")):
        book.active.append(row)
    book.save(file)
    file.seek(0)
    file.name = "kelas.xlsx"
    answer = browser.post(page_of(study_class, "people/"), {"file": file})
    assert [row.outcome.name for row in answer.context["rows"]] == ["UNREADABLE", "JOINS"]
    add(browser, study_class, answer.context["form"]["text"].value())
    assert people_in(study_class) == {learner.email}


def test_sheet_of_libreoffice_is_a_list(browser, study_class, learner):
    file = io.BytesIO()
    write_ods(Table(["Nama", "Surel"], [["Sari Wulandari", learner.email]]), file)
    file.seek(0)
    file.name = "kelas.ods"
    answer = browser.post(page_of(study_class, "people/"), {"file": file})
    assert [row.outcome.name for row in answer.context["rows"]] == ["JOINS"]


def test_blank_in_an_address_is_called_out(browser, study_class):
    text = "sari@example.com\nhana fitri@smk.example"
    answer = browser.post(page_of(study_class, "people/"), {"text": text})
    assert [row.entry.line for row in answer.context["rows"]] == [2, 1]
    assert "mungkin terpotong spasi" in answer.content.decode()
    add(browser, study_class, text)
    assert study_class.invitations.filter(address="fitri@smk.example").exists()


def test_number_of_two_people_is_called_out_on_both_lines(browser, study_class):
    study_class.invitations.create(address="lama@example.com", number="77123", invited_at=NOON)
    text = (
        "a@example.com,Ani,12345\nb@example.com,Budi,12345\nc@example.com,Caca,77123\nd@example.com,Dodi,999"
    )
    rows = browser.post(page_of(study_class, "people/"), {"text": text}).context["rows"]
    assert [(row.entry.line, *row.same_number) for row in rows] == [
        (1, "baris 2"), (2, "baris 1"), (3, "lama@example.com"), (4,),
    ]  # fmt: skip


def test_same_person_twice_shares_no_number(browser, study_class):
    text = "a@example.com,Ani,12345\na@example.com,Ani,12345"
    rows = browser.post(page_of(study_class, "people/"), {"text": text}).context["rows"]
    assert [row.doubts for row in rows] == [[], []]


def test_latest_invitation_comes_first_with_its_name(browser, study_class):
    for number, name in enumerate(("Ani", "Zaki", "Budi")):
        study_class.invitations.create(address=f"{number}@example.com", name=name, invited_at=at(number))
    page = browser.get(page_of(study_class, "people/"))
    assert [invitation.name for invitation in page.context["invitations"]] == ["Budi", "Zaki", "Ani"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"text": " "}, "Tempelkan daftar"),
        ({"text": "Nama;Email"}, "tidak ada orang"),
        ({"text": "a@example.com\n" * 3_001}, "3000 baris"),
        ({"file": io.BytesIO(b"PK\x03\x04broken")}, "tidak dapat dibaca"),
        ({"file": io.BytesIO(b"\xff\xfe\x00bad\x00\x81")}, "baris"),
    ],
)  # fmt: skip
def test_bad_list_gets_one_sentence(browser, study_class, sent, words):
    for file in (value for value in sent.values() if isinstance(value, io.BytesIO)):
        file.seek(0)
        file.name = "daftar.csv"
    answer = browser.post(page_of(study_class, "people/"), sent)
    errors = [sentence for field in answer.context["form"].errors.values() for sentence in field]
    assert answer.status_code == 200
    if words == "baris":
        return
    assert len(errors) == 1
    assert words.lower() in errors[0].lower()


def test_member_is_taken_out(browser, study_class, learner):
    study_class.group.user_set.add(learner)
    path = page_of(study_class, f"members/{learner.pk}/removal/")
    question = browser.post(path)
    assert people_in(study_class) == {learner.email}
    assert str(learner) in question.content.decode()
    browser.post(path, {"sure": "yes"})
    assert people_in(study_class) == set()
    assert User.objects.filter(pk=learner.pk).exists()
    assert browser.post(page_of(study_class, f"members/{10**30}/removal/")).status_code == 404


def test_invitation_is_withdrawn_and_sent_again(browser, study_class):
    add(browser, study_class, "baru@example.com")
    invitation = Invitation.objects.get()
    Invitation.objects.update(sent_at=NOON)
    browser.post(page_of(study_class, f"invitations/{invitation.pk}/sending/"))
    assert Invitation.objects.get().sent_at is None
    browser.post(page_of(study_class, f"invitations/{invitation.pk}/withdrawal/"))
    assert Invitation.objects.get().withdrawn_at is not None


def test_module_is_assigned_with_its_dates(browser, study_class):
    module = a_module()
    dates = {"starts_at": "2026-12-01T07:00", "due_at": "2026-12-12T23:59", "note": "Bawa kalkulator"}
    browser.post(page_of(study_class, "modules/"), {"module": module.pk} | dates)
    assignment = study_class.assignments.get()
    assert (assignment.module, assignment.note) == (module, "Bawa kalkulator")
    wrong = dates | {"due_at": "2026-11-12T23:59"}
    answer = browser.post(page_of(study_class, f"modules/{assignment.pk}/"), wrong)
    assert list(answer.context["form"].errors) == ["due_at"]
    browser.post(page_of(study_class, f"modules/{assignment.pk}/"), dates | {"due_at": ""})
    assert study_class.assignments.get().due_at is None
    browser.post(page_of(study_class, f"modules/{assignment.pk}/removal/"))
    assert not study_class.assignments.exists()


def test_module_for_classes_is_assigned_by_who_may_change_it(
    browser, study_class, instructor, administrator, settings
):
    settings.MODULES = "owners"
    module = a_module()
    Module.objects.filter(pk=module.pk).update(access="classes", owner=administrator)
    refused = browser.post(page_of(study_class, "modules/"), {"module": module.pk})
    assert list(refused.context["form"].errors) == ["module"]
    module.helpers.add(instructor)
    browser.post(page_of(study_class, "modules/"), {"module": module.pk})
    assert study_class.assignments.get().module == module


def test_link_is_opened_changed_and_closed(browser, study_class):
    browser.post(page_of(study_class, "link/"), {"closes_at": "2099-01-01T08:00", "limit": "40"})
    study_class.refresh_from_db()
    code = study_class.join_code
    assert (study_class.join_limit, study_class.join_opened_at is None) == (40, False)
    page = browser.get(page_of(study_class, "link/")).content.decode()
    assert code in page
    assert "qr-ink" in page
    assert code in browser.get(page_of(study_class)).content.decode()
    browser.post(page_of(study_class, "link/"), {"new": "yes"})
    study_class.refresh_from_db()
    assert study_class.join_code != code
    browser.post(page_of(study_class, "link/closing/"))
    study_class.refresh_from_db()
    assert study_class.join_opened_at is None


def test_link_in_the_past_is_refused(browser, study_class):
    answer = browser.post(page_of(study_class, "link/"), {"closes_at": "2001-01-01T08:00", "limit": "0"})
    assert set(answer.context["form"].errors) == {"closes_at", "limit"}
    study_class.refresh_from_db()
    assert study_class.join_code is None


def test_archived_class_keeps_everything(browser, study_class, learner):
    study_class.group.user_set.add(learner)
    assign(study_class, a_module())
    browser.post(page_of(study_class, "archiving/"), {"do": "archive"})
    assert study_class.name not in browser.get(LIST_URL).content.decode()
    assert study_class.name in browser.get(f"{LIST_URL}?archived=yes").content.decode()
    browser.post(page_of(study_class, "people/"), {"text": "baru@example.com"})
    browser.post(page_of(study_class, "link/"), {"limit": "40"})
    study_class.refresh_from_db()
    assert (people_in(study_class), study_class.assignments.count()) == ({learner.email}, 1)
    assert study_class.join_opened_at is None
    browser.post(page_of(study_class, "archiving/"), {"do": "restore"})
    study_class.refresh_from_db()
    assert not study_class.is_archived


def test_deleted_class_takes_its_overrides_only(browser, study_class, learner):
    study_class.group.user_set.add(learner)
    Override.objects.create(quiz=a_quiz(ONE_QUESTION), group=study_class.group, attempts_allowed=3)
    browser.cookies["language"] = "en"
    page = browser.get(page_of(study_class, "delete/")).content.decode()
    assert "the special rules of the class in 1 quiz" in page
    assert "the list of 1 member" in page
    assert "Better: archive it" in page
    browser.post(page_of(study_class, "delete/"), {"post": "yes"})
    assert not Override.objects.exists()
    assert list(Group.objects.values_list("name", flat=True)) == [INSTRUCTORS]
    assert User.objects.filter(pk=learner.pk).exists()


# ---------------------------------------------------------------------------------------------- how far they are


@pytest.fixture
def course(study_class, learner, other_learner):
    """Lets Sari finish one of two modules, and Dewi fail its quiz. Tono has not begun."""
    module, second = a_module(), a_module(PLANETS.replace("# Tata surya", "# Bintang"))
    tono = person("tono@example.com", Role.LEARNER, "Tono")
    study_class.group.user_set.add(learner, other_learner, tono)
    assign(study_class, module, due_at=NOON)
    assign(study_class, second)
    read_all(learner, module)
    read_all(other_learner, module)
    take(learner, module.active_quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"])
    take(other_learner, module.active_quiz, ["Mars", ["Bumi"], "x", "1"])
    return module, second


def names(browser, study_class, query: str) -> list[str]:
    answer = browser.get(page_of(study_class) + query)
    return [row.name for row in answer.context["progress"].rows]


def test_members_show_how_far_they_are(browser, study_class, course):
    rows = browser.get(page_of(study_class)).context["progress"].rows
    shown = {row.name: [(cell.state, cell.is_late, cell.grade) for cell in row.cells] for row in rows}
    assert shown == {
        "Dewi Lestari": [("failed", True, 0), ("new", False, None)],
        "Sari Wulandari": [("done", False, 100), ("new", False, None)],
        "Tono": [("new", True, None), ("new", False, None)],
    }


def test_members_are_filtered_by_state(browser, study_class, course):
    module, second = course
    assert names(browser, study_class, "?state=new") == ["Tono"]
    assert names(browser, study_class, f"?state=new&module={second.pk}") == [
        "Dewi Lestari",
        "Sari Wulandari",
        "Tono",
    ]
    assert names(browser, study_class, "?state=late") == ["Dewi Lestari", "Tono"]
    assert names(browser, study_class, "?state=failed") == ["Dewi Lestari"]
    assert names(browser, study_class, f"?state=done&module={module.pk}") == ["Sari Wulandari"]
    assert names(browser, study_class, "?state=done") == names(browser, study_class, "?state=reading") == []
    assert len(names(browser, study_class, "?state=x&module=y&page=z")) == 3


def test_members_are_found_and_sorted(browser, study_class, course):
    module, second = course
    assert names(browser, study_class, "?q=wula") == ["Sari Wulandari"]
    assert names(browser, study_class, "?q=dewi%40example") == ["Dewi Lestari"]
    assert names(browser, study_class, "?sort=-name") == ["Tono", "Sari Wulandari", "Dewi Lestari"]
    by_grade = f"?sort=-m{module.pk}"
    assert names(browser, study_class, by_grade) == ["Sari Wulandari", "Dewi Lestari", "Tono"]
    assert names(browser, study_class, f"?sort=m{module.pk}") == ["Dewi Lestari", "Sari Wulandari", "Tono"]
    assert names(browser, study_class, f"?sort=m{second.pk + 9}") == names(browser, study_class, "")
    Enrolment.objects.filter(learner__name="Dewi Lestari").update(last_seen_at=at(5))
    assert names(browser, study_class, "?sort=-seen") == ["Dewi Lestari", "Sari Wulandari", "Tono"]


def test_member_is_found_by_the_list_of_the_instructor(browser, study_class, course):
    tono = User.objects.get(name="Tono")
    Invitation.objects.create(
        study_class=study_class, address=tono.email, name="Tono Susanto", number="0451", invited_at=NOON,
        joined_at=NOON, learner=tono,
    )  # fmt: skip
    assert names(browser, study_class, "?q=susan") == names(browser, study_class, "?q=045") == ["Tono"]


def test_foot_counts_all_members(browser, study_class, course):
    feet = browser.get(page_of(study_class)).context["progress"].feet
    assert [(foot.graded, foot.finished, foot.median) for foot in feet] == [(2, 1, 50), (0, 0, None)]


def test_large_class_takes_as_many_queries_as_a_small_one(
    browser, study_class, course, django_assert_num_queries
):
    def page() -> int:
        with django_assert_num_queries(16):
            answer = browser.get(page_of(study_class))
        return len(answer.context["progress"].rows)

    browser.get(page_of(study_class))
    assert page() == 3
    people = User.objects.bulk_create(
        User(email=f"s{number}@example.com", name=f"Siswa {number:03}") for number in range(120)
    )
    study_class.group.user_set.add(*people)
    for number in range(8):
        assign(study_class, a_module(PLANETS.replace("# Tata surya", f"# Modul {number}")))
    assert page() == 50


# ------------------------------------------------------------------------------------------------- permissions


def addresses(study_class, learner) -> list[str]:
    assigned = assign(study_class, a_module())
    invited = Invitation.objects.create(study_class=study_class, address="a@example.com", invited_at=NOON)
    parts = [
        "change/", "settings/", "archiving/", "people/", "modules/", "link/", "link/closing/", "delete/", "slips/",
        f"slips/{learner.pk}/renewal/",
        f"members/{learner.pk}/removal/", f"modules/{assigned.pk}/", f"modules/{assigned.pk}/removal/",
        f"invitations/{invited.pk}/sending/", f"invitations/{invited.pk}/withdrawal/",
    ]  # fmt: skip
    return [page_of(study_class, part) for part in parts]


SENT = {"name": "Milikku", "text": "x@example.com", "post": "yes", "do": "archive", "limit": "3"}


def state_of(study_class) -> tuple:
    now = StudyClass.objects.get(pk=study_class.pk)
    return (
        now.name,
        now.archived_at,
        now.join_opened_at,
        people_in(now),
        now.assignments.count(),
        list(now.invitations.values_list("address", "withdrawn_at")),
    )


@pytest.mark.parametrize("role", ["visitor", "learner", "other instructor", "staff without permissions"])
def test_nobody_else_gets_to_a_class(client, signed_in, study_class, learner, role):
    study_class.group.user_set.add(learner)
    urls = addresses(study_class, learner)
    before = state_of(study_class)
    other = None
    match role:
        case "learner":
            client = signed_in(learner)
        case "other instructor":
            client = signed_in(other := person("rina@example.com", Role.INSTRUCTOR, "Rina"))
        case "staff without permissions":
            learner.is_staff = True
            learner.save()
            client = signed_in(learner)
    expected = {404, 302, 405} if other else {302, 403, 405}  # 405: the first page takes no form
    statuses = {url: (client.get(url).status_code, client.post(url, SENT).status_code) for url in urls}
    assert {status for pair in statuses.values() for status in pair} <= expected
    assert 200 not in {pair[0] for pair in statuses.values()}
    # An instructor who sends no form is led to the page of the class, which is not there for them.
    if other:
        pages = {url: pair for url, pair in statuses.items() if not url.endswith(("delete/", "change/"))}
        assert {pair[1] for pair in pages.values()} == {404}
    assert state_of(study_class) == before
    assert study_class.name not in client.get(LIST_URL).content.decode()


def test_administrator_manages_every_class(signed_in, administrator, study_class, learner):
    browser = signed_in(administrator)
    for url in addresses(study_class, learner):
        assert browser.get(url).status_code in (200, 302)
    assert study_class.name in browser.get(LIST_URL).content.decode()


def test_instructor_adds_a_colleague_and_never_loses_the_class(browser, study_class, instructor):
    rina = person("rina@example.com", Role.INSTRUCTOR, "Rina")
    sent = {"name": "X-TKR 3", "instructors": [rina.pk]}
    answer = browser.post(page_of(study_class, "settings/"), sent)
    assert list(answer.context["form"].errors) == ["instructors"]
    browser.post(page_of(study_class, "settings/"), sent | {"instructors": [rina.pk, instructor.pk]})
    study_class = StudyClass.objects.get()
    assert (study_class.name, study_class.instructors.count()) == ("X-TKR 3", 2)


def test_learner_cannot_become_an_instructor_of_a_class(browser, study_class, instructor, learner):
    sent = {"name": "X-TKR 2", "instructors": [instructor.pk, learner.pk]}
    answer = browser.post(page_of(study_class, "settings/"), sent)
    assert list(answer.context["form"].errors) == ["instructors"]
    assert list(study_class.instructors.all()) == [instructor]


def test_class_membership_gives_no_permissions(browser, signed_in, learner):
    everything = [str(pk) for pk in Permission.objects.values_list("pk", flat=True)]
    extra = {"permissions": everything, "user_permissions": everything, "is_staff": "on"}
    browser.post(f"{LIST_URL}add/", {"name": "X-TKR 2"} | extra)
    study_class = StudyClass.objects.get()
    add(browser, study_class, learner.email, **extra)
    joined = User.objects.get(pk=learner.pk)
    assert people_in(study_class) == {learner.email}
    assert not study_class.group.permissions.exists()
    assert (role_of(joined), joined.get_all_permissions()) == (Role.LEARNER, set())
    assert signed_in(joined).get("/admin/").status_code == 302


def test_class_cannot_be_named_like_the_instructors(browser, study_class, instructor):
    for url in (f"{LIST_URL}add/", page_of(study_class, "settings/")):
        answer = browser.post(url, {"name": INSTRUCTORS, "instructors": [instructor.pk]})
        assert list(answer.context["form"].errors) == ["name"]
    assert StudyClass.objects.get().name == "X-TKR 2"


def test_join_code_is_shown_to_nobody_else(client, signed_in, instructor, learner):
    study_class = a_class(
        by=instructor, members=[learner], join_code=new_code(), join_opened_at=NOON - timedelta(days=1)
    )
    pages = "".join(signed_in(learner).get(url).content.decode() for url in ("/", "/learning/"))
    assert study_class.join_code not in pages
