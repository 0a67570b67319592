"""Gives each finish its proof: at once, and later to those that an earlier version recorded without one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from modules.document.syntax import parser
from modules.models import (
    BATCH,
    Attempt,
    AttemptQuerySet,
    Enrolment,
    EnrolmentQuerySet,
    Module,
    Proof,
    Revision,
)
from modules.proofs.issuing import Content, Earned, issue
from modules.quizzes.final_grade import deciding_attempt, final_grade, is_passing
from tasks.backend import enqueue_once

gettext_noop("Issue missing proofs")


def issue_proofs(module: int, enrolments: Sequence[Enrolment], *, now: datetime) -> None:
    """Issues the proofs of learners who have finished a module just now. Call it where the finish is recorded.

    It takes five queries for any number of learners. The enrolments have their learners.
    """
    # Read afresh: the request may have loaded the module before somebody loaded its next revision.
    row = Module.objects.select_related("current", "quiz").get(pk=module)
    quiz = row.active_quiz
    content = Content(
        revision=row.current or row.revisions.latest("number"),
        title=row.title,
        language=row.language,
        sections=row.sections.active().count(),
        questions=quiz.asks if quiz else 0,
    )
    earned = _earned(enrolments, quiz.counts, Attempt.objects.submitted()) if quiz else {}
    issue(enrolments, content, earned, now=now)


def _earned(enrolments: Iterable[Enrolment], counts: str, among: AttemptQuerySet) -> dict[int, Earned]:
    """Returns the grades that count and pass, by the key of the enrolment."""
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    keys = [enrolment.pk for enrolment in enrolments]
    for attempt in among.filter(enrolment__in=keys):
        attempts[attempt.enrolment_id].append(attempt)
    earned = {}
    for pk, submitted in attempts.items():
        grade, deciding = final_grade(submitted, counts), deciding_attempt(submitted, counts)
        if grade is not None and deciding is not None and is_passing(submitted, counts):
            earned[pk] = Earned(grade, deciding.pass_mark)
    return earned


# ------------------------------------------------------------------------------------ finishes without a proof


def proof_of(learner_id: int | None, slug: str, *, now: datetime) -> Proof | None:
    """Returns the proof of a learner's finish of a module, or ``None`` without a finish.

    A finish of an earlier version gets its proof here, if the worker has not come to it yet.
    """
    of_module = Enrolment.objects.filter(learner_id=learner_id, module__slug=slug, finished_at__isnull=False)
    found = _proof_of(of_module)
    if found is None and (pk := of_module.values_list("pk", flat=True).first()):
        _issue_later([pk], now)
        found = _proof_of(of_module)
    return found


def _proof_of(enrolments: EnrolmentQuerySet) -> Proof | None:
    proofs = Proof.objects.of_now().filter(enrolment__in=enrolments)
    return proofs.select_related("enrolment__learner", "enrolment__module", "revision").first()


def enqueue_missing(*, now: datetime) -> None:
    """Enqueues a task, if finishes have no proof yet."""
    if _without_proof().exists():
        enqueue_once(issue_missing_proofs, now=now)


@task()
def issue_missing_proofs() -> None:
    """Issues the proofs of all finishes that have none, a few at a time, so that a task that was stopped goes on."""
    done = 0
    while keys := list(
        _without_proof().filter(pk__gt=done).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        _issue_later(keys, timezone.now())
        done = keys[-1]


def _without_proof() -> EnrolmentQuerySet:
    proofs = Proof.objects.filter(enrolment=OuterRef("pk"), finished_at=OuterRef("finished_at"))
    return Enrolment.objects.filter(~Exists(proofs), finished_at__isnull=False)


def _issue_later(keys: Sequence[int], now: datetime) -> None:
    """Issues proofs for earlier finishes, with the revision that the module had then and the grade that counts now."""
    with transaction.atomic():
        locked = Enrolment.objects.locked().filter(pk__in=keys, finished_at__isnull=False)
        enrolments = list(locked.select_related("learner", "module__quiz").order_by("pk"))
        groups: dict[int, list[Enrolment]] = defaultdict(list)
        for enrolment in enrolments:
            groups[_revision_at(enrolment)].append(enrolment)
        for pk, of_revision in groups.items():
            content = _content_of(Revision.objects.select_related("module").get(pk=pk))
            quiz = getattr(of_revision[0].module, "quiz", None)
            by_then = Attempt.objects.submitted().filter(submitted_at__lte=F("enrolment__finished_at"))
            earned = _earned(of_revision, quiz.counts, by_then) if quiz and content.questions else {}
            issue(of_revision, content, earned, now=now, seen_at=now)


def _revision_at(enrolment: Enrolment) -> int:
    """Returns the key of the revision with which a learner finished. The first one stands in for a lost one."""
    revisions = Revision.objects.filter(module=enrolment.module_id).order_by("number")
    at_finish = revisions.filter(loaded_at__lte=enrolment.finished_at)
    keys = at_finish.values_list("pk", flat=True)
    return keys.last() or revisions.values_list("pk", flat=True)[0]


def _content_of(revision: Revision) -> Content:
    """Returns what the document of a revision says."""
    document = parser.parse_document(
        revision.text, name=revision.filename, title=revision.module.title, is_limited=False
    )
    return Content(
        revision=revision,
        title=document.title,
        language=document.language,
        sections=len(document.sections),
        questions=document.asks,
    )
