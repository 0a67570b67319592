"""Makes the tables of the questions of a quiz: their figures, and the typed answers as grading compares them.

Both rest on the first submitted attempt of each learner, like the page of all questions. With fewer attempts than a
judgement needs, they have counts alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from modules.document.html.latex_words import readable
from modules.insights import item_words, question_figures, stored_figures
from modules.insights.cohorts import Cohort
from modules.insights.exports import Row, Source
from modules.insights.opened_item import groups_typed
from modules.insights.quiz_items import QuizItem, items_of
from modules.models import Module, Question, QuestionQuerySet, QuestionVersion, StoredFigures, StudyClass

TYPED = (QuestionVersion.Kind.SHORT, QuestionVersion.Kind.NUMERICAL)


def figures(module: Module, study_class: StudyClass | None = None) -> Source:
    """Returns one row for each active question, in the order of the quiz."""
    header = [_("nr."), _("question"), _("kind"), _("points at most"), _("first attempts"), _("full marks"),
              _("not answered"), _("left out: judged by another key"), _("mean share of the points"),
              _("share with full marks"), _("interval from"), _("interval to"), _("discrimination"),
              _("most frequent wrong answer"), _("times"), _("worth a look"), _("explained in")]  # fmt: skip
    return Source(header, _active(module).values_list("pk", flat=True), _FigureRows(module, study_class))


class _FigureRows:
    """Reads the rows of some questions. The figures of all come from one pass over the answers."""

    def __init__(self, module: Module, study_class: StudyClass | None) -> None:
        self._module, self._study_class = module, study_class

    def __call__(self, keys: Sequence[int]) -> Iterator[Row]:
        quiz, cohort = self._module.active_quiz, Cohort(self._module, self._study_class)
        if quiz is None:
            return
        look = stored_figures.look(cohort, StoredFigures.Kind.QUESTIONS, now=timezone.now())
        figures = question_figures.items_from(quiz, look.figures) if look.figures else None
        items = (figures or items_of(quiz, self._study_class)).items
        for item in sorted(items, key=lambda item: item.number):
            if item.question.pk in keys:
                yield [*_names(item.number, item.question), *_cells(item)]


def _names(number: int, question: Question) -> Row:
    version = question.current
    kind = version.get_kind_display() if version else ""
    return [number, readable(str(question)), kind, float(version.points) if version else None]


def _cells(item: QuizItem) -> Row:
    analysis = item.analysis
    low, high = analysis.interval or (None, None)
    share = analysis.full_share if analysis.attempts else None
    judged = [analysis.facility, share, low, high, analysis.discrimination]
    text, times = analysis.wrong or (None, None)
    return [
        analysis.attempts,
        analysis.full,
        analysis.unanswered,
        item.earlier,
        *[round(value, 4) if value is not None and item.is_judged else None for value in judged],
        readable(text) if text else None,
        times,
        " ".join(map(item_words.sentence, item.verdicts)),
        "; ".join(readable(section.title) for section in item.sections),
    ]


def typed(module: Module, study_class: StudyClass | None = None) -> Source:
    """Returns one row for each group of typed answers that grading compares as equal, the most frequent first."""
    header = [_("nr."), _("question"), _("kind"), _("points at most"), _("answer"), _("times"),
              _("right by the current key"), _("also written")]  # fmt: skip
    keys = _active(module).filter(current__kind__in=TYPED).values_list("pk", flat=True)
    cohort, quiz = Cohort(module, study_class), module.active_quiz
    answers = cohort.first_attempts(quiz).count() if quiz else 0  # there are no more groups than that
    return Source(header, keys, _TypedRows(cohort), max(1, answers))


class _TypedRows:
    """Reads the groups of some questions, one question after the other."""

    def __init__(self, cohort: Cohort) -> None:
        self._cohort = cohort

    def __call__(self, keys: Sequence[int]) -> Iterator[Row]:
        for number, question in enumerate(
            _active(self._cohort.module).select_related("current", "quiz__module"), start=1
        ):
            for group in groups_typed(question, self._cohort) if question.pk in keys else ():
                others = "; ".join(text for text, _times in group.spellings[1:])
                yield [
                    *_names(number, question),
                    group.text,
                    group.times,
                    _("yes") if group.is_right else _("no"),
                    others,
                ]


def _active(module: Module) -> QuestionQuerySet:
    quiz = module.active_quiz
    return Question.objects.active().filter(quiz=quiz) if quiz else Question.objects.none()
