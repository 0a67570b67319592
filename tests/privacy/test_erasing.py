"""Tests that nothing of an erased person stays, and that everything of others does."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts import erasures
from accounts.models import Erasure, User
from accounts.roles import Role
from modules.insights.class_progress import progress_page
from modules.insights.cohorts import Cohort
from modules.insights.opened_item import groups_typed
from modules.insights.overview import overview_of
from modules.models import Correction, LearnerNote, Module, Proof, RegradeJob, StudyClass
from modules.privacy import erasing
from modules.quizzes.new_keys import Marks, NewKeys, rows_of, versions_of
from modules.statements.facts import cursor_of, next_facts
from modules.statements.wording import Wording
from tests.cast import a_module, at, read_all, take
from tests.classes.rooms import a_class, assign
from tests.conftest import person
from tests.privacy.planted import ADDRESS, NAME, TYPED, WORDS, found_words, plant, remove_files, responses_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_own_files():
    """Removes what was stored in files before and after a test, since all tests share a folder."""
    remove_files()
    yield
    remove_files()


@pytest.fixture
def module(instructor):
    return a_module(by=instructor)


@pytest.fixture
def zula(db):
    return person(ADDRESS, Role.LEARNER, NAME)


@pytest.fixture
def study_class(instructor, zula, other_learner):
    return a_class(by=instructor, members=[zula, other_learner])


@pytest.fixture
def attempt(zula, module, study_class, instructor, other_learner):
    assign(study_class, module)
    for reader in (zula, other_learner):
        read_all(reader, module)
    take(other_learner, module.quiz, ["Mars", ["Saturnus"], "Venus", "8"])
    return plant(zula, module, study_class, instructor)


def test_words_were_planted_everywhere(attempt):
    assert set(found_words()) == set(WORDS)


def test_nothing_of_the_person_stays(attempt, zula, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(zula, keeps_proofs=False)
    assert found_words() == {}
    zula.refresh_from_db()
    assert (str(zula), zula.is_active, zula.has_usable_password()) == (
        "Akun yang sudah dihapus",
        False,
        False,
    )


def test_marks_stay_and_words_go(attempt, zula):
    before = responses_of(attempt)
    erasing.erase(zula, keeps_proofs=False)
    after = responses_of(attempt)
    assert [mark for _answer, mark in after] == [mark for _answer, mark in before]
    assert [answer for answer, _mark in after] == [before[0][0], before[1][0], [""], [""]]


def statistics(module: Module, study_class: StudyClass) -> list[object]:
    """Returns the figures of a class and of a module, without the words of answers."""
    page = progress_page(study_class, now=at(90))
    overview = overview_of(Cohort(module, None), [study_class], now=at(90))
    questions = [repr(item.analysis).replace(TYPED, "") for item in overview.questions.table.items]
    cells = sorted(repr(row.cells) for row in page.rows)
    figures = [overview.heads, overview.grades, overview.path.look.figures, overview.classes]
    return [page.total, page.feet, cells, questions, *map(repr, figures)]


def test_figures_of_the_class_stay_as_they_are(attempt, zula, module, study_class):
    before = statistics(module, study_class)
    erasing.erase(zula, keeps_proofs=False)
    assert statistics(module, study_class) == before


def test_typed_answer_without_words_is_in_no_group(attempt, zula, module):
    question = attempt.responses.get(slot=3).version.question
    assert TYPED in repr(groups_typed(question, Cohort(module, None)))
    erasing.erase(zula, keeps_proofs=False)
    assert [group.text for group in groups_typed(question, Cohort(module, None))] == ["Venus"]


def test_regrade_keeps_the_mark_of_words_that_are_gone(attempt, zula, module):
    response = attempt.responses.select_related("version").get(slot=3)
    marks = Marks(versions_of([response.version.question_id]), NewKeys({response.version.question_id: None}))
    assert marks.of(rows_of(attempt.responses.filter(slot=3))[0]) is not None
    erasing.erase(zula, keeps_proofs=False)
    assert marks.of(rows_of(attempt.responses.filter(slot=3))[0]) is None


def test_others_keep_everything(attempt, zula, other_learner, instructor):
    other = take(other_learner, attempt.quiz, ["Jupiter", ["Saturnus"], "Mars", "8"], now=at(200))
    note = LearnerNote.objects.create(
        learner=other_learner, author=instructor, written_at=at(0), text=f"Duduk di sebelah {NAME}.",
        study_class=StudyClass.objects.get(),
    )  # fmt: skip
    before = responses_of(other)
    erasing.erase(zula, keeps_proofs=False)
    assert responses_of(other) == before
    note.refresh_from_db()
    assert note.text == "Duduk di sebelah …."
    assert RegradeJob.objects.get().reason == "Soal itu salah, kata …."


def test_proofs_are_withdrawn_or_kept(attempt, zula, client):
    proof = Proof.objects.get(enrolment__learner=zula)
    erasing.erase(zula, keeps_proofs=False)
    proof.refresh_from_db()
    assert (proof.name, proof.is_valid) == ("", False)
    assert client.get(proof.get_absolute_url()).status_code == 200


def test_kept_proof_keeps_its_name(attempt, zula, client):
    proof = Proof.objects.get(enrolment__learner=zula)
    proof.enrolment.finished_at = proof.finished_at
    proof.enrolment.save()
    erasing.erase(zula, keeps_proofs=True)
    proof.refresh_from_db()
    assert (proof.name, proof.is_valid) == (NAME, True)


def test_statements_that_wait_tell_nothing_of_the_person(attempt, zula):
    wording = Wording("https://example.org")

    def told() -> int:
        return len(next_facts(cursor_of("submitted"), wording, now=at(100)))

    before = told()
    erasing.erase(zula, keeps_proofs=False)
    assert told() == before - 1


def test_instructor_leaves_works_without_a_name(attempt, instructor, module, study_class):
    erasing.erase(instructor, keeps_proofs=False)
    module.refresh_from_db()
    assert (module.owner, study_class.instructors.count()) == (None, 0)
    assert str(Correction.objects.filter(reason=NAME).get().made_by) == "Akun yang sudah dihapus"
    instructor.refresh_from_db()
    assert not instructor.has_perm("modules.change_module")


def test_account_that_did_nothing_leaves_no_row(learner):
    erasing.erase(learner, keeps_proofs=False)
    assert not User.objects.filter(pk=learner.pk).exists()
    assert Erasure.objects.count() == 1


def test_person_who_is_back_is_erased_again(attempt, zula):
    erasing.erase(zula, keeps_proofs=False)
    User.objects.filter(pk=zula.pk).update(email=ADDRESS, name=NAME, is_active=True)
    Erasure.objects.all().delete()
    erasures.gather()
    assert erasing.erase_again() == 1
    zula.refresh_from_db()
    assert zula.is_erased
    assert erasing.erase_again() == 0


# ------------------------------------------------------------------------------------------- command, admin


def erase_by_command(*words: str) -> str:
    out = io.StringIO()
    call_command("erase", *words, stdout=out)
    return out.getvalue()


def test_dry_run_says_what_goes_and_changes_nothing(attempt, zula):
    said = erase_by_command(ADDRESS, "--dry-run")
    assert ADDRESS in said
    assert "1 percobaan" in said
    zula.refresh_from_db()
    assert not zula.is_erased


def test_command_erases_and_knows_nobody_else(attempt, zula):
    erase_by_command(ADDRESS, "--yes")
    zula.refresh_from_db()
    assert zula.is_erased
    with pytest.raises(CommandError):
        erase_by_command(ADDRESS, "--yes")


def test_administrator_erases_somebody_with_attempts(attempt, zula, signed_in, administrator):
    client = signed_in(administrator)
    page = f"/admin/accounts/user/{zula.pk}/delete/"
    shown = client.get(page).content.decode()
    assert ADDRESS in shown
    assert "1 percobaan" in shown
    client.post(page, {"post": "yes", "proofs": "withdraw"})
    zula.refresh_from_db()
    assert zula.is_erased
    assert client.get(f"/admin/accounts/user/{zula.pk}/change/").status_code == 302
    assert NAME not in client.get("/admin/accounts/user/").content.decode()
