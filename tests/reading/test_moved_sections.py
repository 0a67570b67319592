"""Tests that old addresses of renamed, merged and archived sections lead on."""

import pytest

from modules.models import Enrolment, FormerText, Reading, Section
from modules.reading import outlines, progress
from tests.cast import NOON, PLANETS, READABLE, a_module
from tests.reading.changes import (
    CHANGED,
    INNER,
    RENAMED,
    load,
    read,
    section,
    url,
)

pytestmark = pytest.mark.django_db


WITHOUT = "# Tata surya\n\nDelapan planet.\n\n" + READABLE[READABLE.index("## Planet luar") :]


@pytest.fixture
def module():
    return a_module(READABLE)


def messages_of(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_old_address_leads_to_the_renamed_section(as_learner, learner, module):
    read(learner)
    load(RENAMED)

    assert as_learner.get(url()).url == url("planet-kebumian")
    assert as_learner.get(url(tail="changes/")).url == url("planet-kebumian")


def test_reading_from_page_before_renaming_counts(as_learner, learner, module):
    Enrolment.objects.create(learner=learner, module=module, begun_at=NOON, last_seen_at=NOON)
    read(learner, "planet-luar")
    shown = as_learner.get(url()).context["module"].current_id
    load(RENAMED)

    answer = as_learner.post(url(tail="reading/"), {"revision": shown})

    assert answer.url == f"/finished/{module.slug}/"
    assert Reading.objects.get(section=section("planet-kebumian")).revision_id == shown


def test_old_address_leads_to_its_last_section(as_learner, module):
    load(CHANGED)
    FormerText.objects.update(identity="planet")
    FormerText.objects.create(
        section=section("planet-luar"), identity="planet", title="P", source="", until=module.current
    )

    assert as_learner.get(url("planet")).url == url("planet-dalam")


def test_active_section_keeps_its_address(as_learner, module):
    FormerText.objects.create(
        section=section("planet-luar"), identity="planet-dalam", title="P", source="", until=module.current
    )

    assert as_learner.get(url()).context["page"].title == "Planet dalam"


def test_reading_from_old_page_counts_for_the_section_shown(as_learner, learner, module):
    shown = module.current_id
    later = load(CHANGED).current
    FormerText.objects.create(
        section=section("planet-luar"), identity="planet-dalam", title="P", source="", until=later
    )
    FormerText.objects.filter(section=section("planet-dalam")).delete()

    as_learner.post(url(tail="reading/"), {"revision": shown})

    assert [reading.section for reading in Reading.objects.all()] == [section("planet-luar")]


def test_archived_section_leads_to_its_module(as_learner, learner, module):
    read(learner)
    load(WITHOUT)

    answer = as_learner.get(url(), follow=True)

    assert answer.redirect_chain == [(module.get_absolute_url(), 302)]
    assert messages_of(answer) == [
        "“Planet dalam” is no longer part of this module. What you did in it is kept."
    ]


SAME_LEVEL = INNER + "\n\n## Planet luar\n\n"
MERGED = READABLE.replace(SAME_LEVEL, INNER + "\n\n### Planet luar\n\n")


def test_merged_section_leads_to_the_section_that_has_its_text(as_learner, learner, module):
    read(learner, "planet-luar")
    load(MERGED)

    answer = as_learner.get(url("planet-luar"), follow=True)

    assert answer.redirect_chain == [(url(), 302)]
    assert messages_of(answer) == ["“Planet luar” is now part of “Planet dalam”."]
    assert as_learner.get(url("planet-luar", "changes/")).url == url()


@pytest.mark.parametrize(
    "text",
    [
        MERGED.replace("Saturnus", "Saturnus bercincin"),  # not all of it is there
        MERGED + "## Lagi\n\nJupiter, Saturnus, Uranus, Neptunus.\n",  # it is in two
    ],
)
def test_partly_merged_section_leads_to_its_module(as_learner, learner, module, text):
    read(learner, "planet-luar")
    load(text)

    answer = as_learner.get(url("planet-luar"), follow=True)

    assert answer.redirect_chain == [(module.get_absolute_url(), 302)]
    assert messages_of(answer) == [
        "“Planet luar” is no longer part of this module. What you did in it is kept."
    ]


def test_reading_of_archived_section_is_kept(as_learner, learner, other_learner, module):
    read(other_learner)
    shown = module.current_id
    load(WITHOUT)

    answer = as_learner.post(url(tail="reading/"), {"revision": shown}, follow=True)

    assert answer.redirect_chain == [(url("planet-luar"), 302)]
    assert messages_of(answer) == ["“Planet dalam” is no longer part of this module."]
    load(READABLE)
    assert [stop.is_read for stop in outlines.outline(module, learner).stops] == [True, False]


def test_reading_of_deleted_section_leads_to_the_module(as_learner, module):
    load(WITHOUT)

    answer = as_learner.post(url(tail="reading/"), {"revision": module.current_id}, follow=True)

    assert answer.redirect_chain == [(module.get_absolute_url(), 302)]
    assert messages_of(answer) == ["That section is no longer part of this module."]
    assert not Enrolment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_reading_of_section_deleted_meanwhile_raises_does_not_exist(learner, module):
    section = Section.objects.select_related("module").get(title="Planet dalam")
    load(WITHOUT)
    with pytest.raises(Section.DoesNotExist):
        progress.record_reading(learner, section, now=NOON)
    assert not Reading.objects.exists()


def test_address_of_no_section_is_not_found(as_learner, module):
    assert as_learner.get(url("pluto")).status_code == 404
    assert as_learner.get(url("pluto", "changes/")).status_code == 404


def test_quiz_address_under_the_module_leads_to_the_quiz(as_learner):
    module = a_module(PLANETS)

    assert as_learner.get(url("kuis-akhir")).url == module.quiz.get_absolute_url()
