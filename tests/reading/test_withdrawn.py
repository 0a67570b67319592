"""Tests what learners see of a module that was withdrawn, and that nobody else sees anything."""

from datetime import timedelta

import pytest
from django.utils import timezone

from modules.models import Attempt, Enrolment, Module
from modules.quizzes import attempts, withdrawal
from modules.quizzes.learner_rules import Refused
from modules.reading import progress
from tests.cast import PLANETS, a_module, a_quiz, give, read_all, take

pytestmark = pytest.mark.django_db

QUESTION = "### Dua tambah dua?\n\n- [ ] 3\n- [x] 4\n"
LIMITED = "time_limit: 30\n"
PAGES = ("/modules/tata-surya/", "/modules/tata-surya/planet-dalam/", "/quizzes/tata-surya/")
TOLD = "This module was withdrawn"


def withdraw(module: Module, **how: bool) -> None:
    withdrawal.withdraw(module, by=None, now=timezone.now(), **{"keeps_learners": False, **how})


def publish(module: Module) -> None:
    withdrawal.publish(Module.objects.get(pk=module.pk), by=None, now=timezone.now())


@pytest.fixture
def begun(learner) -> Module:
    """Returns a module that the learner has begun, and has read as a whole."""
    module = a_module(PLANETS)
    read_all(learner, module)
    return module


@pytest.fixture
def stranger(signed_in, other_learner):
    return signed_in(other_learner)


# ------------------------------------------------------------------------------------ withdrawn for everybody


@pytest.mark.parametrize("page", PAGES)
def test_learner_who_has_begun_is_told(as_learner, begun, page):
    withdraw(begun)
    answer = as_learner.get(page)
    assert answer.status_code == 410
    assert TOLD in answer.content.decode()
    assert "2 sections that you have read" in answer.content.decode()


@pytest.mark.parametrize("keeps_learners", [True, False])
@pytest.mark.parametrize("page", PAGES)
def test_stranger_cannot_tell_that_it_exists(client, stranger, begun, page, keeps_learners):
    withdraw(begun, keeps_learners=keeps_learners)
    missing = stranger.get(page.replace("tata-surya", "entah"))
    assert (stranger.get(page).status_code, missing.status_code) == (404, 404)
    assert "Tata surya" not in stranger.get(page).content.decode()
    assert client.get(PAGES[0]).status_code == 404


def test_results_stay_and_are_linked(as_learner, learner, begun):
    attempt = take(learner, begun.quiz, ["Jupiter"], now=timezone.now())
    withdraw(begun)
    result = f"/attempts/{attempt.pk}/result/"
    assert f'href="{result}"' in as_learner.get(PAGES[0]).content.decode()
    assert as_learner.get(result).status_code == 200


def test_open_attempt_may_be_finished(as_learner, learner, begun):
    attempt = attempts.start(learner, begun.quiz, now=timezone.now())
    withdraw(begun)
    assert f'href="{attempt.get_absolute_url()}"' in as_learner.get(PAGES[0]).content.decode()
    give(attempt, 1, "Jupiter", now=timezone.now())
    as_learner.post(f"{attempt.get_absolute_url()}submission/")
    assert Attempt.objects.get().mark == 1


def test_my_learning_lists_it_without_progress(as_learner, begun):
    withdraw(begun)
    page = as_learner.get("/learning/").content.decode()
    assert "Withdrawn. What you did in it is kept." in page
    assert "Tata surya" not in as_learner.get("/").content.decode()


def test_former_address_tells_those_who_have_begun(as_learner, stranger, begun):
    begun.former_slugs.create(slug="planet")
    withdraw(begun)
    assert as_learner.get("/modules/planet/").headers["Location"] == "/modules/tata-surya/"
    assert stranger.get("/modules/planet/").status_code == 404


def test_publishing_again_restores_everything(as_learner, begun):
    withdraw(begun)
    publish(begun)
    assert [as_learner.get(page).status_code for page in PAGES] == [200, 200, 200]
    assert TOLD not in as_learner.get(PAGES[0]).content.decode()
    assert as_learner.get(PAGES[0]).context["outline"].read == 2


# -------------------------------------------------------------------------------- those who have begun may go on


@pytest.mark.parametrize("page", PAGES)
def test_learner_goes_on_under_a_sentence(as_learner, begun, page):
    withdraw(begun, keeps_learners=True)
    answer = as_learner.get(page)
    assert answer.status_code == 200
    assert f"{TOLD}: nobody new can begin it." in answer.content.decode()


def test_learner_reads_and_takes_the_quiz(as_learner, learner):
    module = a_module(PLANETS)
    progress.begin(learner, module, now=timezone.now())
    withdraw(module, keeps_learners=True)
    assert as_learner.get("/").context["page"].resume.module == module
    for identity in ("planet-dalam", "planet-luar"):
        as_learner.post(f"/modules/tata-surya/{identity}/reading/")
    as_learner.post("/quizzes/tata-surya/")
    assert Attempt.objects.get().is_open


def test_nobody_new_can_begin(stranger, other_learner, begun):
    withdraw(begun, keeps_learners=True)
    assert stranger.post("/modules/tata-surya/enrolment/").status_code == 404
    with pytest.raises(Module.DoesNotExist):
        progress.begin(other_learner, begun, now=timezone.now())
    with pytest.raises(Refused):
        attempts.start(other_learner, begun.quiz, now=timezone.now())
    assert not Enrolment.objects.filter(learner=other_learner).exists()


def test_catalogue_does_not_show_it(as_learner, begun):
    withdraw(begun, keeps_learners=True)
    assert as_learner.get("/").context["page"].cards == []
    assert "Withdrawn. You may go on in it." in as_learner.get("/learning/").content.decode()


# ------------------------------------------------------------------------------------------ withdrawn attempts


@pytest.fixture
def resting(learner) -> Attempt:
    """Returns an attempt with 20 of 30 minutes left, which was withdrawn an hour ago."""
    quiz = a_quiz(QUESTION, front_matter=LIMITED)
    past = timezone.now() - timedelta(hours=1)
    attempt = attempts.start(learner, quiz, now=past - timedelta(minutes=10))
    give(attempt, 1, "4", now=past)
    withdrawal.withdraw(quiz.module, by=None, now=past, keeps_learners=False, with_attempts=True)
    return Attempt.objects.get()


@pytest.mark.parametrize("tail", ["", "questions/1/", "submission/", "result/"])
def test_withdrawn_attempt_is_closed_to_its_learner(as_learner, resting, tail):
    answer = as_learner.get(f"{resting.get_absolute_url()}{tail}")
    assert answer.status_code == 410
    assert "Your open attempt at the quiz was withdrawn, too." in answer.content.decode()


def test_withdrawn_attempt_takes_nothing_and_is_not_submitted(as_learner, resting):
    own = resting.get_absolute_url()
    as_learner.post(f"{own}questions/1/", {"answer": "x", "sequence": 9, "base": 1})
    script = as_learner.post(f"{own}questions/1/", {"answer": ["x"]}, headers={"Accept": "application/json"})
    assert as_learner.post(f"{own}submission/").status_code == 410
    attempts.submit(resting, now=timezone.now())
    attempts.close_late_attempts.func()
    assert script.json()["closed"]
    assert Attempt.objects.get().is_open
    assert resting.responses.get().sequence == 1


def test_withdrawn_attempt_gets_its_time_back(as_learner, resting):
    publish(resting.quiz.module)
    attempt = Attempt.objects.get()
    left = attempt.deadline - timezone.now()
    assert timedelta(minutes=19) < left <= timedelta(minutes=20)
    assert as_learner.get(f"{attempt.get_absolute_url()}questions/1/").status_code == 200


# ---------------------------------------------------------------------------------------- sections that are gone


def test_bookmark_of_section_that_was_deleted_is_told(as_learner, learner, stranger):
    module = a_module(PLANETS)
    progress.begin(learner, module, now=timezone.now())
    a_module(PLANETS.replace("## Planet dalam\n\nMerkurius, Venus, Bumi, Mars.\n\n", ""))
    answer = as_learner.get(PAGES[1], follow=True)
    assert answer.redirect_chain == [("/modules/tata-surya/", 302)]
    assert (
        "That section is no longer part of this module. What you did in it is kept."
        in answer.content.decode()
    )
    assert stranger.get(PAGES[1]).status_code == 404
