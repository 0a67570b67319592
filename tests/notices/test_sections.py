"""Tests that learners are told of sections to read again, and of changes in a module that they have finished."""

import pytest

from modules.models import Enrolment, Notice
from modules.notices.seeing import see_section, unseen_by
from modules.reading import progress
from tests.cast import NOON, READABLE, a_module, at, read_all
from tests.reading.changes import CHANGED, SPLIT, WHOLE, load, read, section

pytestmark = pytest.mark.django_db

ROCKS = "yang dingin.\n\nCincinnya terdiri atas bongkahan es yang tak terhitung."
HALF_AND_MORE = SPLIT.replace("yang dingin.", ROCKS)
ADDED = READABLE + "## Komet\n\nBola es dan debu dari tepi tata surya.\n"
TYPO = READABLE.replace("Merkurius", "Merkuris")


@pytest.fixture
def module():
    return a_module(READABLE)


@pytest.fixture
def finished(learner, module):
    read_all(learner, module)
    assert Enrolment.objects.get().finished_at == NOON
    return module


def told(learner) -> list[tuple[str, str]]:
    return [(notice.kind, notice.section.identity) for notice in unseen_by(learner) if notice.section]


def test_section_to_read_again_is_told_to_its_readers(learner, other_learner, module):
    read(learner)
    read(other_learner, "planet-luar")
    load(CHANGED, tell="again", now=at(60))
    assert (told(learner), told(other_learner)) == ([("read_again", "planet-dalam")], [])
    notice = Notice.objects.get()
    assert (notice.made_at, notice.slots, notice.attempt, notice.seen_at) == (at(60), [], None, None)


def test_merge_tells_its_readers_of_the_new_part(learner, other_learner):
    module = a_module(SPLIT)
    read(learner, "planet")
    for identity in ("planet", "planet-raksasa"):
        read(other_learner, identity)
    load(WHOLE, tell=None, now=at(60))
    assert (told(learner), told(other_learner)) == ([("new_part", "planet")], [])
    assert Notice.objects.get().enrolment.module == module


def test_change_is_told_only_to_those_who_have_finished(learner, other_learner, finished):
    read(other_learner)
    load(CHANGED)
    assert (told(learner), told(other_learner)) == ([("changed", "planet-dalam")], [])


def test_new_section_of_a_finished_module_is_told(learner, other_learner, finished):
    read(other_learner)
    load(ADDED)
    assert (told(learner), told(other_learner)) == ([("added", "komet")], [])


def test_typing_error_is_told_to_nobody(learner, finished):
    load(TYPO, tell=None)
    assert told(learner) == []


def test_change_that_the_instructor_keeps_quiet_is_told_to_nobody(learner, finished):
    load(CHANGED, tell="nothing")
    assert told(learner) == []


def test_section_that_is_split_is_told_to_nobody(learner):
    read_all(learner, a_module(WHOLE))
    load(SPLIT, tell=None)
    assert told(learner) == []


def test_half_with_a_new_sentence_is_not_read(learner):
    read_all(learner, a_module(WHOLE))
    load(HALF_AND_MORE, tell=None, now=at(60))
    assert told(learner) == [("new_part", "planet-raksasa")]
    reading = section("planet-raksasa").readings.get()
    assert (reading.lapsed_at, reading.lacks_part, progress.has_new_part(reading)) == (at(60), True, True)
    assert section("planet").readings.get().lapsed_at is None


def test_half_with_a_typing_error_stays_read(learner):
    read_all(learner, a_module(WHOLE))
    load(SPLIT.replace("Saturnus adalah", "Saturnus adallah", 1), tell=None)
    assert section("planet-raksasa").readings.get().lapsed_at is None


def test_instructor_may_let_a_half_stay_read(learner):
    read_all(learner, a_module(WHOLE))
    load(HALF_AND_MORE, tell="nothing")
    assert (told(learner), section("planet-raksasa").readings.get().lapsed_at) == ([], None)


def test_merge_with_new_text_is_told_as_a_new_part(learner):
    first, second = (
        "Air laut menguap karena panas matahari setiap hari.",
        "Awan turun sebagai hujan di lereng gunung.",
    )
    read_all(learner, a_module(f"# Air\n\n## Laut\n\n{first}\n\n## Awan\n\n{second}\n"))
    third = "Sungai membawa semua air itu kembali ke laut."
    load(f"# Air\n\n## Laut\n\n{first}\n\n{second}\n\n{third}\n", tell=None)
    assert told(learner) == [("new_part", "laut")]
    assert section("laut").readings.get().lacks_part


def test_changes_of_one_section_are_told_once(learner, finished):
    load(CHANGED)
    load(CHANGED.replace("banyak asteroid kecil", "sabuk asteroid yang luas sekali"), now=at(60))
    assert told(learner) == [("changed", "planet-dalam")]
    assert Notice.objects.get().made_at == at(60)


def test_text_that_returns_is_no_news(learner, finished):
    load(CHANGED)
    load(READABLE, tell=None)
    assert told(learner) == []


def test_section_to_read_again_whose_text_returns_is_no_news(learner, finished):
    load(CHANGED, tell="again")
    load(READABLE, tell=None)
    assert told(learner) == []


def test_change_after_it_was_seen_is_told_again(learner, finished):
    load(CHANGED)
    see_section(learner, section(), now=at(30))
    assert told(learner) == []
    load(CHANGED.replace("banyak asteroid kecil", "sabuk asteroid yang luas sekali"), now=at(60))
    assert told(learner) == [("changed", "planet-dalam")]


def test_archived_section_and_unpublished_module_are_not_shown(learner, finished):
    load(CHANGED)
    finished.refresh_from_db()
    finished.unpublish(by=None, now=at(40))
    assert told(learner) == []
    finished.unpublish(by=None, now=at(40), keeps_learners=True)
    assert told(learner) == [("changed", "planet-dalam")]
    finished.publish(by=None, now=NOON)
    load(READABLE.replace("## Planet dalam\n\nMerkurius, Venus, Bumi, Mars.\n\n", ""))
    assert told(learner) == []
