"""Makes the table of every answer of every attempt at the quiz of a module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from modules.insights.exports import Row, Source, in_zone, number_cell, time_cell
from modules.models import Attempt, Enrolment, Module, Question, QuestionVersion, Response, StudyClass

# Columns of a version that no row shows. They are long, and each answer would carry them.
UNUSED = ("source", "title_html", "html", "explanation", "explains", "answers")


def answers(
    module: Module, study_class: StudyClass | None = None, question: Question | None = None
) -> Source:
    """Returns one row for each response of each attempt, or only for those to one question of the module."""
    header = [_("name"), _("e-mail"), _("attempt"), in_zone(_("started")), in_zone(_("submitted")), _("grade"),
              _("slot"), _("question"), _("version"), _("answer"), in_zone(_("saved")), _("mark"),
              _("points at most")]  # fmt: skip
    learners = Enrolment.objects.counting().filter(module=module)
    if study_class is not None:
        learners = learners.filter(learner__groups=study_class.group_id)
    attempts = Attempt.objects.filter(enrolment__in=learners).order_by("started_at", "pk")
    quiz = getattr(module, "quiz", None)
    asked = 1 if question or quiz is None else max(1, quiz.asks)
    return Source(header, attempts.values_list("pk", flat=True), _Rows(question), asked)


class _Rows:
    """Reads the rows of some attempts. It keeps the versions of the questions, because most answers share them."""

    def __init__(self, question: Question | None) -> None:
        self._question = question
        self._versions: dict[int, QuestionVersion] = {}

    def __call__(self, keys: Sequence[int]) -> Iterator[Row]:
        attempts = Attempt.objects.select_related("enrolment__learner").in_bulk(keys)
        responses = self._responses(keys)
        for attempt in (attempts[key] for key in keys if key in attempts):
            learner = attempt.enrolment.learner
            cells = [learner.name, learner.email, attempt.number, time_cell(attempt.started_at),
                     time_cell(attempt.submitted_at), number_cell(attempt.grade)]  # fmt: skip
            for response in responses[attempt.pk]:
                yield [*cells, *self._response_cells(response)]

    def _responses(self, attempts: Sequence[int]) -> dict[int, list[Response]]:
        rows = Response.objects.filter(attempt__in=attempts).order_by("attempt", "slot").defer("order")
        if self._question:
            rows = rows.filter(version__question=self._question)
        of_attempt: dict[int, list[Response]] = defaultdict(list)
        for response in rows:
            of_attempt[response.attempt_id].append(response)
        self._learn(response for of_one in of_attempt.values() for response in of_one)
        return of_attempt

    def _learn(self, responses: Iterator[Response]) -> None:
        used = {key for row in responses for key in (row.version_id, row.graded_with_id) if key}
        if new := used - self._versions.keys():
            self._versions |= QuestionVersion.objects.defer(*UNUSED).in_bulk(new)

    def _response_cells(self, response: Response) -> Row:
        version = response.version = self._versions[response.version_id]
        key = self._versions[response.graded_with_id or response.version_id]
        return [response.slot, version.title, version.number, response.answer_in_words, time_cell(response.saved_at),
                number_cell(response.mark), number_cell(key.points)]  # fmt: skip
