"""Finds people by any word of their name or by their address, however it is written."""

import pytest

from accounts.models import User
from accounts.search_names import LONGEST, matching, plain, search_name

pytestmark = pytest.mark.django_db

BAGAS = {"email": "bagas.pratama@contoh.id", "name": "Bagas  Pratama"}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("José  Müller", "jose muller"),
        ("Ma'ruf", "maruf"),
        ("Siti Nur-Aini, S.Pd.", "siti nur aini spd"),
        ("ＦＵＬＬ", "full"),
        ("Łukasz\x00\x1f", "łukasz"),
        ("李 小龙", "李 小龙"),
        ("", ""),
    ],
)
def test_name_is_written_plainly(name, written):
    assert plain(name) == written


def test_long_name_is_cut_and_its_address_is_not():
    written = search_name("ﷺ" * 150, "A@example.com")
    assert len(written) <= LONGEST
    assert written.endswith(" a@example.com")
    assert search_name("", "A@example.com") == " a@example.com"


@pytest.mark.parametrize(
    "typed", ["bagas", "PRAT", "pratama bag", "bagas.pratama@", " ", "Bágas", "bagas - pratama", "-"]
)
def test_any_word_finds_a_person(typed):
    User.objects.create_user(**BAGAS)
    assert User.objects.filter(matching(typed)).count() == 1


@pytest.mark.parametrize("typed", ["agas", "contoh", "bagas xyz", "%", "_agas", "bagas%"])
def test_other_words_find_nobody(typed):
    User.objects.create_user(**BAGAS)
    assert not User.objects.filter(matching(typed)).exists()


def test_changed_name_is_found():
    user = User.objects.create_user(**BAGAS)
    user.name = "Citra"
    user.save(update_fields=["name"])
    user.refresh_from_db()
    assert user.search_name == " citra bagas.pratama@contoh.id"


def test_people_who_are_added_at_once_are_found():
    User.objects.bulk_create([User(email="A@example.com", name="Ayu"), User(email="b@example.com")])
    assert set(User.objects.values_list("search_name", flat=True)) == {" ayu a@example.com", " b@example.com"}
