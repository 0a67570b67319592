"""Tests that a section with text that its learner has not read says so, and shows which text it is."""

import pytest

from tests.cast import a_module, read_all
from tests.notices.test_sections import HALF_AND_MORE
from tests.reading.changes import SPLIT, WHOLE, load, queries, read, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_learner(signed_in, learner):
    return signed_in(learner)


def test_merged_section_has_a_new_part_in_the_path(as_learner, learner):
    a_module(SPLIT)
    read(learner, "planet")
    load(WHOLE, tell=None)
    for address in (url("planet"), url("bulan"), url("planet").removesuffix("planet/")):
        page = as_learner.get(address).content.decode()
        assert ("ada bagian baru" in page, "perlu dibaca lagi</span>" in page) == (True, False)


def test_section_to_read_again_keeps_its_words(as_learner, learner):
    read_all(learner, a_module(WHOLE))
    load(WHOLE.replace("Satu.", "Ada satu, dan di planet lain ada banyak."), tell="again")
    page = as_learner.get(url("planet")).content.decode()
    assert ("perlu dibaca lagi" in page, "ada bagian baru" in page) == (True, False)


def test_part_that_is_read_is_new_no_more(as_learner, learner):
    a_module(SPLIT)
    read(learner, "planet")
    load(WHOLE, tell=None)
    read(learner, "planet")
    assert "ada bagian baru" not in as_learner.get(url("bulan")).content.decode()


def test_half_with_new_text_shows_which(as_learner, learner):
    read_all(learner, a_module(WHOLE))
    load(HALF_AND_MORE, tell=None)
    assert "ada bagian baru" in as_learner.get(url("bulan")).content.decode()
    page = as_learner.get(url("planet-raksasa"))
    assert page.context["page"].has_new_part
    changes = as_learner.get(url("planet-raksasa", "changes/"))
    assert changes.status_code == 200
    assert "bongkahan es" in changes.content.decode()


def test_new_parts_cost_no_query(as_learner, learner):
    read_all(learner, a_module(WHOLE))
    before = queries(as_learner, url("bulan"))
    load(HALF_AND_MORE, tell=None)
    assert queries(as_learner, url("bulan")) == before
