"""Tests that a learner goes on where they left a section, and that leaving it is no reading."""

import pytest
from django.urls import reverse

from modules.models import Enrolment, Reading
from modules.reading import progress
from tests.cast import NOON, a_module, read_all

pytestmark = pytest.mark.django_db

TEXT = """\
---
slug: perjalanan
---
# Perjalanan

## Jalan

Awal.

### Gunung

Satu.

Dua.

### Laut

Tiga.

## Pulang

Akhir.
"""
ANCHOR = "s-laut"


@pytest.fixture
def module():
    return a_module(TEXT)


@pytest.fixture
def reader(client, learner, module):
    progress.begin(learner, module, now=NOON)
    client.force_login(learner)
    return client


def leave(client, identity: str = "jalan", **place: str) -> int:
    return client.post(reverse("place", args=["perjalanan", identity]), place).status_code


def page(client, identity: str = "jalan") -> str:
    return client.get(reverse("section", args=["perjalanan", identity])).content.decode()


def test_place_is_kept_and_led_back_to(reader, learner):
    assert leave(reader, anchor=ANCHOR, block="1") == 204
    assert f'data-anchor="{ANCHOR}" data-block="1"' in " ".join(page(reader).split())
    assert f'href="#{ANCHOR}"' in page(reader)
    assert "data-resume" not in page(reader, "pulang")
    assert not Reading.objects.exists()


def test_pages_lead_to_the_heading_where_reading_stopped(reader):
    leave(reader, anchor=ANCHOR, block="1")
    for name, args in (("home", []), ("module", ["perjalanan"])):
        shown = reader.get(reverse(name, args=args)).content.decode()
        assert f'href="/modules/perjalanan/jalan/#{ANCHOR}"' in shown


def test_changed_text_leads_to_the_heading_alone(reader):
    leave(reader, anchor=ANCHOR, block="1")
    a_module(TEXT.replace("Tiga.", "Lain sama sekali."))
    assert f'data-anchor="{ANCHOR}" data-block="0"' in " ".join(page(reader).split())
    a_module(TEXT.replace("### Laut", "### Samudra"))
    assert "data-resume" not in page(reader)


@pytest.mark.parametrize(
    "place", [{"anchor": "s-asing"}, {"anchor": "", "block": "0"}, {"block": "x"}, {"anchor": '"><b>'}, {}]
)
def test_place_that_is_none_is_forgotten(reader, place):
    leave(reader, anchor=ANCHOR, block="1")
    assert leave(reader, **place) == 204
    assert Enrolment.objects.get().place == ""


def test_reading_to_the_end_forgets_the_place(reader, learner, module):
    leave(reader, anchor=ANCHOR, block="1")
    leave_of_other = Enrolment.objects.get().place
    assert leave_of_other.startswith("jalan#")
    read_all(learner, module)
    assert Enrolment.objects.get().place == ""


def test_place_of_somebody_who_has_not_begun_is_not_kept(client, other_learner, module):
    assert leave(client, anchor=ANCHOR) == 302
    client.force_login(other_learner)
    assert leave(client, anchor=ANCHOR) == 204
    assert "data-place" not in page(client)
    assert not Enrolment.objects.exists()
    assert leave(client, "tidak-ada", anchor=ANCHOR) == 404
