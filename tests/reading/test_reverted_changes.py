"""Tests the readings of a section whose text returns to a former one."""

import pytest

from modules.authoring import apply
from modules.models import Reading
from modules.reading import outlines
from tests.cast import NOON, READABLE, a_module
from tests.reading.changes import (
    CHANGED,
    change_to,
    load,
    planned,
    read,
    url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def module():
    return a_module(READABLE)


def test_reverted_change_is_told_to_its_readers_only(as_learner, signed_in, learner, other_learner, module):
    read(learner)
    load(CHANGED)
    read(other_learner)

    plan = planned(READABLE)
    apply.apply_plan(plan, by=None, now=NOON)

    change = change_to(plan)
    assert (change.people, change.knowing, change.unaware, change.tell) == (2, 1, 1, "tell")
    page = as_learner.get(url())
    assert (page.context["page"].stop.is_changed, page.context["page"].read_before) == (False, None)
    changes = as_learner.get(url(tail="changes/"))
    assert "Nothing has changed since you read it." in changes.content.decode()
    assert not changes.context["page"].is_behind
    assert signed_in(other_learner).get(url()).context["page"].stop.is_changed


def test_reverted_change_that_nobody_read_is_not_told(learner, module):
    read(learner)
    load(CHANGED)
    plan = planned(READABLE)
    assert change_to(plan).tell == "nothing"


def test_lapsed_reading_counts_again_for_a_reverted_text(as_learner, learner, other_learner, module):
    read(learner)
    load(CHANGED, tell="again")
    read(other_learner)

    plan = planned(READABLE)
    apply.apply_plan(plan, by=None, now=NOON)

    change = change_to(plan)
    assert (change.people, change.knowing, change.returning) == (1, 0, 1)
    assert Reading.objects.counting().get(enrolment__learner=learner).revision == module.current
    assert as_learner.get(url()).context["page"].read_before is None


def test_learner_asked_again_must_read_the_reverted_text(learner, module):
    read(learner)
    load(CHANGED, tell="again")
    load(READABLE, tell="again")

    assert not Reading.objects.counting().exists()


def test_outline_that_compares_texts_takes_one_query(learner, module, django_assert_num_queries):
    read(learner)
    load(CHANGED)
    load(READABLE)
    with django_assert_num_queries(1):
        assert not outlines.outline(module, learner).stop("planet-dalam").is_changed
