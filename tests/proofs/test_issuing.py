"""Tests that every finish has a proof that never changes, and that a proof counts only as long as its finish does."""

from fractions import Fraction

import pytest

from modules.models import Attempt, Enrolment, Module, Proof, Quiz, Revision
from modules.quizzes import attempts, corrections, finishes, proof_acts
from modules.quizzes.corrections import Why
from modules.reading import progress
from tests.cast import PLANETS, READABLE, a_module, a_quiz, at, read_all, run_tasks, take

pytestmark = pytest.mark.django_db

QUESTION = "### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n"
ALL_RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]


@pytest.fixture
def quiz():
    return a_quiz(QUESTION)


def finished(learner, quiz: Quiz, minutes: float = 10) -> Attempt:
    read_all(learner, quiz.module, now=at(1))
    return take(learner, quiz, ["Jupiter"], now=at(minutes))


def because(instructor, minutes: float) -> Why:
    return Why(instructor, "Salinan jawaban", at(minutes))


def states() -> list[bool]:
    """Tells of each proof whether it counts, the oldest first. The row and the query have to agree."""
    proofs = list(Proof.objects.select_related("enrolment").order_by("pk"))
    valid = set(Proof.objects.valid().values_list("pk", flat=True))
    invalid = set(Proof.objects.invalid().values_list("pk", flat=True))
    assert [proof.pk in valid for proof in proofs] == [proof.is_valid for proof in proofs]
    assert valid ^ invalid == {proof.pk for proof in proofs}
    return [proof.is_valid for proof in proofs]


# ----------------------------------------------------------------------------------------------- issuing


def test_submission_of_last_step_issues_proof(learner):
    module = a_module(PLANETS)
    read_all(learner, module, now=at(1))
    assert not Proof.objects.exists()
    take(learner, module.quiz, ALL_RIGHT, now=at(10))

    proof = Proof.objects.get()
    assert (proof.name, proof.title, proof.revision.number) == ("Sari Wulandari", "Tata surya", 1)
    assert (proof.grade, proof.pass_mark, proof.sections, proof.questions) == (Fraction(100), 70, 2, 4)
    assert (proof.finished_at, proof.issued_at, proof.seen_at) == (at(10), at(10), None)


def test_last_reading_issues_proof_without_grade(learner):
    read_all(learner, a_module(READABLE), now=at(3))

    proof = Proof.objects.get()
    assert (proof.grade, proof.pass_mark, proof.questions, proof.finished_at) == (None, None, 0, at(3))


def test_shorter_document_issues_proofs_in_same_transaction(learner, other_learner):
    module = a_module(READABLE)
    first = module.sections.active().select_related("module").first()
    for person in (learner, other_learner):
        progress.record_reading(person, first, now=at(1))
    a_module(READABLE.replace("## Planet luar\n\nJupiter, Saturnus, Uranus, Neptunus.\n", ""))

    assert sorted(Proof.objects.values_list("name", "sections", "revision__number")) == [
        ("Dewi Lestari", 1, 2),
        ("Sari Wulandari", 1, 2),
    ]


def test_failed_finish_leaves_no_proof(learner, monkeypatch):
    def fail(*_args, **_named):
        raise RuntimeError

    module = a_module(READABLE)
    monkeypatch.setattr("modules.quizzes.finishes.issue", fail)
    with pytest.raises(RuntimeError):
        read_all(learner, module)

    assert not Enrolment.objects.filter(finished_at__isnull=False).exists()


def test_later_name_title_and_grade_change_nothing(learner, quiz, instructor):
    attempt = finished(learner, quiz)
    before = Proof.objects.values().get()
    learner.name = "Sari Anggraini"
    learner.save()
    Module.objects.update(title="Judul baru")
    take(learner, quiz, ["Mars"], now=at(20))
    corrections.give_mark(attempt.responses.get(), Fraction(9, 10), because(instructor, 30))

    assert Proof.objects.values().get() == before


def test_second_submission_issues_no_second_proof(learner, quiz):
    attempt = finished(learner, quiz)
    attempts.submit(attempt, now=at(11))
    finishes.issue_proofs(quiz.module_id, [Enrolment.objects.select_related("learner").get()], now=at(12))

    assert Proof.objects.count() == 1


def test_codes_differ_and_are_long(learner, other_learner, quiz):
    finished(learner, quiz)
    finished(other_learner, quiz)
    codes = list(Proof.objects.values_list("code", flat=True))

    assert len(set(codes)) == 2
    assert [len(code.replace("-", "")) for code in codes] == [12, 12]


# ------------------------------------------------------------------------------------ finishes taken and given


def test_finish_taken_back_takes_proof_until_given_back(learner, instructor, quiz):
    attempt = finished(learner, quiz)
    assert states() == [True]
    corrections.delete(attempt, because(instructor, 60))
    assert states() == [False]
    attempt.refresh_from_db(from_queryset=Attempt.with_deleted)
    corrections.restore(attempt, because(instructor, 70))
    assert states() == [True]


def test_marking_down_takes_proof_until_marked_up(learner, instructor, quiz):
    attempt = finished(learner, quiz)
    corrections.give_mark(attempt.responses.get(), Fraction(0), because(instructor, 60))
    assert states() == [False]
    attempt.refresh_from_db()
    corrections.give_mark(attempt.responses.get(), None, because(instructor, 70))
    assert states() == [True]


def test_new_finish_has_its_own_proof(learner, instructor, quiz):
    first = finished(learner, quiz)
    corrections.delete(first, because(instructor, 60))
    take(learner, quiz, ["Jupiter"], now=at(90))
    assert states() == [False, True]
    first.refresh_from_db(from_queryset=Attempt.with_deleted)
    corrections.restore(first, because(instructor, 120))
    assert states() == [True, True]


def test_instructor_withdraws_and_issues_again(learner, instructor, quiz):
    finished(learner, quiz)
    proof = Proof.objects.get()
    proof_acts.withdraw(proof, by=instructor, reason="Bukan karyanya", now=at(60))
    assert states() == [False]
    with pytest.raises(proof_acts.AlreadyDone):
        proof_acts.withdraw(proof, by=instructor, reason="Sekali lagi", now=at(61))
    proof_acts.issue_again(proof, by=instructor, reason="Ternyata karyanya", now=at(70))
    assert states() == [True]
    assert list(proof.acts.values_list("kind", "reason", "made_by", "made_at")) == [
        ("withdrawn", "Bukan karyanya", instructor.pk, at(60)),
        ("issued_again", "Ternyata karyanya", instructor.pk, at(70)),
    ]


def test_learner_is_told_of_a_withdrawn_proof_until_seen(as_learner, learner, instructor, quiz):
    finished(learner, quiz)
    proof = Proof.objects.get()
    proof_acts.withdraw(proof, by=instructor, reason="Bukan karyanya", now=at(60))
    (news,) = as_learner.get("/").context["page"].news
    assert (news.reason, news.url) == ("Bukan karyanya", proof.get_absolute_url())
    as_learner.head(proof.get_absolute_url())
    assert as_learner.get("/").context["page"].news

    as_learner.get(proof.get_absolute_url())
    assert as_learner.get("/").context["page"].news == []
    proof_acts.issue_again(proof, by=instructor, reason="Ternyata karyanya", now=at(70))
    (news,) = as_learner.get("/").context["page"].news
    assert news.words.startswith("An instructor issued your proof again.")


def test_withdrawal_that_is_undone_unseen_is_no_news(as_learner, learner, instructor, quiz):
    finished(learner, quiz)
    proof = Proof.objects.get()
    proof_acts.withdraw(proof, by=instructor, reason="Bukan karyanya", now=at(60))
    proof_acts.issue_again(proof, by=instructor, reason="Ternyata karyanya", now=at(70))

    assert as_learner.get("/").context["page"].news == []


def test_restored_finish_leaves_instructor_withdrawal(learner, instructor, quiz):
    attempt = finished(learner, quiz)
    proof_acts.withdraw(Proof.objects.get(), by=instructor, reason="Bukan karyanya", now=at(30))
    corrections.delete(attempt, because(instructor, 60))
    attempt.refresh_from_db(from_queryset=Attempt.with_deleted)
    corrections.restore(attempt, because(instructor, 70))

    assert states() == [False]


# --------------------------------------------------------------------------------------- earlier finishes


def test_worker_issues_proofs_of_earlier_finishes(learner, quiz):
    finished(learner, quiz)
    Proof.objects.all().delete()
    a_module(Module.objects.get().text().replace("# Modul", "# Modul baru") + "\n\n## Bagian baru\n\nTeks.\n")
    finishes.enqueue_missing(now=at(200))
    run_tasks(at(201))

    proof = Proof.objects.get()
    assert (proof.title, proof.revision, proof.grade) == ("Modul", Revision.objects.earliest("number"), 100)
    assert (proof.sections, proof.questions, proof.finished_at) == (1, 1, at(10))
    assert proof.seen_at == proof.issued_at
    assert states() == [True]


def test_earlier_finish_gets_proof_when_asked_for(learner, quiz):
    finished(learner, quiz)
    Proof.objects.all().delete()

    proof = finishes.proof_of(learner.pk, quiz.module.slug, now=at(100))
    assert proof == Proof.objects.get()
    assert finishes.proof_of(learner.pk, "modul-lain", now=at(100)) is None
