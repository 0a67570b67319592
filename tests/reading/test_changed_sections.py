"""Tests that learners are told of sections that changed after they read them."""

import pytest

from modules.models import Module, Reading
from modules.reading import outlines, progress
from tests.cast import NOON, PLANETS, READABLE, a_module, at, read_all, squeezed
from tests.quizzes.test_races import all_at_once
from tests.reading.changes import (
    CHANGED,
    INNER,
    SPLIT,
    WHOLE,
    load,
    planned,
    queries,
    read,
    section,
    url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def module():
    return a_module(READABLE)


def test_changed_section_says_so_to_its_reader(as_learner, learner, module):
    read(learner)
    load(CHANGED)

    page = as_learner.get(url())

    assert [stop.is_changed for stop in page.context["outline"].stops] == [True, False]
    text = page.content.decode()
    assert "This section has changed since you read it on 24 Nov 2026." in text
    assert f'href="{url(tail="changes/")}"' in text
    assert text.count('<span class="changed">has changed</span>') == 1
    assert (
        '<span class="changed">has changed</span>'
        in as_learner.get(module.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize("who", ["who never read it", "who read it later", "when nobody is to be told"])
def test_other_learners_are_told_nothing(as_learner, learner, module, who):
    if who == "when nobody is to be told":
        read(learner)
    load(CHANGED, tell="nothing" if who == "when nobody is to be told" else "tell")
    if who == "who read it later":
        read(learner)

    page = as_learner.get(url())

    assert page.context["page"].read_before is None
    assert [stop.is_changed for stop in page.context["outline"].stops] == [False, False]
    assert "has changed" not in page.content.decode()


def test_learner_who_read_the_change_is_told_no_more(as_learner, learner, module):
    first = read(learner)
    now = load(CHANGED)

    answer = as_learner.post(url(tail="reading/"), {"revision": now.current_id, "go": "back"})

    assert answer.url == url()
    first.refresh_from_db()
    assert first.lapsed_at is not None
    assert Reading.objects.counting().get().revision == now.current
    assert as_learner.get(url()).context["page"].read_before is None


@pytest.mark.django_db(transaction=True)
def test_simultaneous_readings_of_a_change_are_one(learner, module):
    read(learner)
    load(CHANGED)
    changed = section()

    all_at_once(lambda _number: progress.record_reading(learner, changed, now=NOON))

    assert (Reading.objects.counting().count(), Reading.objects.count()) == (1, 2)


def test_reading_from_old_page_keeps_the_newer_reading(as_learner, learner, module):
    shown = module.current_id
    now = load(CHANGED)
    read(learner)

    as_learner.post(url(tail="reading/"), {"revision": shown})

    assert Reading.objects.get().revision == now.current


def test_second_reading_of_same_text_changes_nothing(learner, module):
    first = read(learner)
    load(CHANGED, tell="nothing")

    assert read(learner, now=at(5)) == first
    assert Reading.objects.count() == 1


def test_reader_of_an_outdated_text_is_told_at_once(as_learner, learner, module):
    load(CHANGED)
    read(learner, revision=module.current_id)

    assert as_learner.get(url()).context["page"].stop.is_changed


def test_learner_who_must_read_again_learns_why(as_learner, learner, module):
    read(learner)
    load(CHANGED, tell="again")

    page = as_learner.get(url())

    assert not page.context["page"].stop.is_read
    text = page.content.decode()
    assert "asks you to read this section again: it has changed since you read it on 24 Nov 2026" in text
    assert f'href="{url(tail="changes/")}"' in text
    as_learner.post(url(tail="reading/"), {"revision": Module.objects.get().current_id})
    assert as_learner.get(url()).context["page"].read_before is None
    assert Reading.objects.count() == 2


def test_lapsed_section_is_marked_on_every_page(as_learner, learner):
    module = a_module(PLANETS)
    read_all(learner, module)
    load(PLANETS.replace(INNER, "Merkurius, Venus, Bumi, Mars, dan Ceres."), tell="again")
    progress.record_reading(learner, section("planet-luar"), now=NOON)

    stops = outlines.outline(module, learner).stops
    assert [(stop.is_read, stop.has_lapsed) for stop in stops] == [(False, True), (True, False)]
    again = '<span class="changed">to be read again</span>'
    pages = [module.get_absolute_url(), url(), url("planet-luar"), module.quiz.get_absolute_url()]
    assert [squeezed(as_learner.get(page).content.decode()).count(again) for page in pages] == [1, 1, 1, 2]
    text = squeezed(as_learner.get(module.get_absolute_url()).content.decode())
    assert "1 of 2 sections read · 1 to be read again" in text

    progress.record_reading(learner, section(), now=NOON)
    assert not outlines.outline(module, learner).lapsed()


def test_lapsed_reading_concerns_its_reader_only(learner, other_learner, module):
    read(learner)
    load(CHANGED, tell="again")

    assert not outlines.outline(module, other_learner).lapsed()


def test_plan_tells_nobody_of_a_section_split_in_two(learner):
    module = a_module(WHOLE)
    read_all(learner, module)

    def tells(text: str) -> dict[str, str]:
        return {change.title: change.tell for change in planned(text).changes if "changed" in change.states}

    assert tells(SPLIT) == {"Planet": "nothing"}
    assert tells(SPLIT.replace("raksasa es yang dingin", "raksasa yang biru")) == {"Planet": "tell"}
    assert tells(SPLIT.replace("Bumi, Mars", "Bumi, Mars, Ceres")) == {"Planet": "tell"}


def test_changed_section_costs_few_more_queries(as_learner, learner, module):
    read(learner)
    before = queries(as_learner, url())
    load(CHANGED)

    assert (before, queries(as_learner, url())) == (5, 6)
    load(CHANGED.replace("asteroid", "komet"), tell="again")
    assert queries(as_learner, url()) == 9  # it looks for the notice, and compares what was read
    assert queries(as_learner, url("planet-luar")) == 5
