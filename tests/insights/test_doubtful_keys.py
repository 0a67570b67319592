"""Finds questions whose key may be wrong for the start page, from figures that the worker has stored."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from modules.insights.doubtful_keys import HOLDS_FOR, doubtful_keys
from modules.models import Module, StoredFigures
from tasks.models import StoredTask
from tests.cast import NOON, PLANETS, a_module, run_tasks, squeezed
from tests.insights.overview_cast import RIGHT, WRONG, quiz_takers

pytestmark = pytest.mark.django_db

RIVAL = ["Mars", ["Saturnus", "Uranus"], "Mars", "8"]  # right in all but the first question
WITH_WRONG_KEY = [RIVAL] * 14 + [["Jupiter", ["Bumi"], "x", "1"]] * 6


@pytest.fixture
def module(instructor):
    return a_module("---\nquiz_opens: at_once\n---\n" + PLANETS, by=instructor)


def found(now=NOON):
    return [
        (each.question.current.title, each.attempts) for each in doubtful_keys(Module.objects.all(), now=now)
    ]


def judged(now=NOON):
    found(now)
    run_tasks()
    return found(now)


def test_doubtful_key_is_found_when_the_worker_has_judged(module):
    quiz_takers(module, *WITH_WRONG_KEY)

    assert found() == []
    assert judged() == [("Planet terbesar?", 20)]


def asked():
    return StoredTask.objects.unfinished().filter(function__endswith="look_for_doubtful_keys")


@pytest.mark.parametrize("answers", [[RIGHT] * 12 + [WRONG] * 8, WITH_WRONG_KEY[7:]])
def test_sound_keys_and_small_classes_are_not_named(module, answers):
    quiz_takers(module, *answers)

    assert judged() == []
    assert StoredFigures.objects.get().figures == []


def test_mended_key_is_not_named_before_it_is_judged_again(module):
    quiz_takers(module, *WITH_WRONG_KEY)
    assert judged()

    a_module(module.text().replace("- [ ] Mars", "- [x] Mars").replace("- [x] Jupiter", "- [ ] Jupiter"))
    assert found() == []


def test_judgement_is_asked_again_after_an_hour_and_once(module):
    quiz_takers(module, *WITH_WRONG_KEY)
    judged()
    found()
    assert not asked().exists()

    for _again in range(2):
        found(timezone.now() + HOLDS_FOR + timedelta(minutes=1))
    assert asked().count() == 1


def test_same_facts_are_not_counted_again(module, monkeypatch):
    quiz_takers(module, *WITH_WRONG_KEY)
    judged()
    StoredFigures.objects.update(counted_at=NOON - timedelta(days=1))
    monkeypatch.delattr("modules.insights.doubtful_keys._doubtful")

    assert judged() == [("Planet terbesar?", 20)]
    assert StoredFigures.objects.get().counted_at > NOON - timedelta(days=1)


def test_many_modules_cost_as_many_queries_as_one(module, instructor):
    numbers = []
    for number in range(3):
        a_module(PLANETS.replace("Tata surya", f"Modul {number}"), by=instructor)
        judged()
        with CaptureQueriesContext(connection) as queries:
            found()
        numbers.append(len(queries))
    assert len(set(numbers)) == 1, numbers


def test_start_page_leads_to_the_question(module, signed_in, instructor):
    quiz_takers(module, *WITH_WRONG_KEY)
    judged()
    question = module.active_quiz.questions.get(current__title="Planet terbesar?")
    html = squeezed(signed_in(instructor).get("/admin/").content.decode())

    assert f'href="/admin/modules/module/questions/{question.pk}/"' in html
