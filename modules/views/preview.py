"""Shows a document on the learner's pages (“See as a learner”). Nothing is recorded, and no button changes anything."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from modules.authoring import columns, uploads
from modules.document.deadline import Deadline, TooSlow
from modules.document.html.render import place
from modules.document.syntax import parser
from modules.models import Module, QuestionVersion, Quiz
from modules.pages.attempt import Dot, QuestionPage
from modules.pages.practice import UNMARKED, Place, practice_page
from modules.pages.questions import Option, asked_question
from modules.pages.quiz import QuizPage
from modules.pages.reading import ModulePage, SectionPage
from modules.quizzes import practice, rules_in_words
from modules.quizzes.learner_rules import rules_with
from modules.reading import access, outlines


@login_required
@require_safe
def preview_draft(request: HttpRequest, pk: int, identity: str = "", name: str = "") -> HttpResponse:
    """Shows a draft, and leads back to its text."""
    return _draft(request, pk, "preview_draft", "admin:modules_draft_change", identity, name)


@login_required
@require_safe
def preview_plan(request: HttpRequest, pk: int, identity: str = "", name: str = "") -> HttpResponse:
    """Shows a draft, and leads back to its plan, where an instructor decides about it."""
    return _draft(request, pk, "preview_plan", "admin:modules_draft_plan", identity, name)


def _draft(request: HttpRequest, pk: int, view: str, back: str, identity: str, name: str) -> HttpResponse:
    draft, leave = access.draft_for(request.user, pk), reverse(back, args=[pk])
    try:
        document = uploads.parse_with_images(
            draft.text, name=draft.filename, module=draft.module, draft=draft, deadline=Deadline(SECONDS)
        )
    except TooSlow:
        return _refusal(request, leave)
    return _Preview(request, document, reverse(view, args=[pk]), leave).page(identity, name)


@login_required
@require_safe
def preview_module(request: HttpRequest, slug: str, identity: str = "", name: str = "") -> HttpResponse:
    module = access.written_module_for(request.user, slug)
    leave = reverse("admin:modules_module_change", args=[module.pk])
    try:
        document = uploads.parse_with_images(module.text(), module=module, deadline=Deadline(SECONDS))
    except TooSlow:
        return _refusal(request, leave)
    return _Preview(request, document, reverse("preview_module", args=[slug]), leave).page(identity, name)


def _refusal(request: HttpRequest, leave: str) -> HttpResponse:
    """Says that a document takes too long for a preview, and leads back."""
    return render(request, "modules/preview_refused.html", {"leave": leave}, status=413)


# Of parsing a document for a preview. The page itself takes a little more, and together at most 2 are right.
SECONDS = 1.2


class _Preview:
    """Shows a document on the learner's templates. ``base`` is the address under which its sections are."""

    def __init__(self, request: HttpRequest, document: parser.Document, base: str, leave: str) -> None:
        self.request, self.document, self.base, self.leave = request, document, base, leave
        self.module = Module(
            slug=document.slug, title=document.title, language=document.language, summary=document.summary
        )
        self.outline = outlines.outline_of(document, self.module, base)

    def page(self, identity: str, name: str) -> HttpResponse:
        """Returns the page of a part or of a question in a text. Without an identity it is the page of the module."""
        if not identity:
            return self._module()
        if name:
            return self._check(identity, name)
        quiz = self.document.quiz
        if quiz is None or identity != quiz.identity:
            return self._section(identity)
        number = self.request.GET.get("question", "")
        is_number = number.isdecimal() and len(number) < 6
        return self._question(quiz, int(number)) if is_number else self._quiz(quiz)

    def _render(self, template: str, page: object) -> HttpResponse:
        return render(self.request, template, {"module": self.module, "outline": self.outline, "page": page})

    def _module(self) -> HttpResponse:
        quiz = self._rules() if self.document.quiz else None
        page = ModulePage(
            introduction=place(self.document.introduction, self.base),
            quiz=quiz,
            rules=list(rules_in_words.summary(quiz, rules_with(quiz))) if quiz else (),
            questions=self.document.asks,
            preview_exit_url=self.leave,
        )
        return self._render("modules/module.html", page)

    def _section(self, identity: str) -> HttpResponse:
        stop = self.outline.stop(identity)
        if stop is None:
            raise Http404
        section = self.document.sections[stop.number - 1]
        page = SectionPage(
            title=section.title,
            stop=stop,
            html=place(section.html, self.base),
            has_checks=bool(section.checks),
            contents=section.contents,
            previous=self.outline.before(stop),
            next=self.outline.after(stop),
            preview_exit_url=self.leave,
        )
        return self._render("modules/section.html", page)

    def _check(self, identity: str, name: str) -> HttpResponse:
        checks = (check for section in self.document.sections for check in section.checks)
        question = next((check for check in checks if check.identity == name), None)
        if question is None:
            raise Http404
        response = practice.check(columns.check_columns(question), self.request.GET.getlist("answer"))
        back = f"{self.base}{identity}/#s-{name}"
        place = Place(back, question.title, next_url=back, is_check=True)
        page = practice_page(response, self.outline, UNMARKED, self.base, place, preview_exit_url=self.leave)
        return self._render("modules/practice.html", page)

    def _quiz(self, quiz: parser.Quiz) -> HttpResponse:
        rules, learner_rules = self._rules(), rules_with(self._rules())
        multiple = any(question.kind == QuestionVersion.Kind.MULTIPLE for question in quiz.questions)
        sentences = rules_in_words.beside_figures(
            rules, learner_rules, timezone.now(), has_multiple=multiple, questions=len(quiz.questions)
        )
        page = QuizPage(
            title=rules.title,
            pass_mark=rules.pass_mark,
            introduction=place(quiz.html, self.base),
            questions=self.document.asks,
            minutes=learner_rules.minutes,
            rules=list(sentences),
            start_url=f"{self.base}{quiz.identity}/?question=1" if quiz.questions else "",
            attempts_left=self.document.rules.attempts,
            preview_exit_url=self.leave,
        )
        return self._render("modules/quiz.html", page)

    def _question(self, quiz: parser.Quiz, number: int) -> HttpResponse:
        total = len(quiz.questions)
        if not 1 <= number <= total:
            raise Http404
        address = f"{self.base}{quiz.identity}/?question="
        version = QuestionVersion(**columns.question_columns(quiz.questions[number - 1]))
        page = QuestionPage(
            number=number,
            total=total,
            dots=[Dot(n, f"{address}{n}", False, n == number) for n in range(1, total + 1)],
            question=asked_question(version, self.base),
            options=[Option(choice["key"], place(choice["html"], self.base)) for choice in version.choices],
            previous_url=f"{address}{number - 1}" if number > 1 else None,
            next_url=f"{address}{number + 1}" if number < total else self.leave,
            submission_url=self.leave,
            preview_exit_url=self.leave,
        )
        return self._render("modules/attempt_question.html", page)

    def _rules(self) -> Quiz:
        return Quiz(
            title=self.document.quiz.title if self.document.quiz else "",
            asks=self.document.asks,
            **columns.rule_columns(self.document.rules),
        )
