"""“See as a learner”: a document on the learner's own pages. Nothing is recorded, and no button does anything."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from modules.authoring import columns, uploads
from modules.document.html.render import place
from modules.document.syntax import parser
from modules.models import Module, QuestionVersion, Quiz
from modules.pages import quiz_pages
from modules.quizzes import practice, rules_in_words
from modules.quizzes.learner_rules import rules_with
from modules.reading import access, outlines
from modules.views.practice import UNMARKED
from modules.views.practice import page as question_page


@login_required
@require_safe
def draft(request: HttpRequest, pk: int, identity: str = "", name: str = "") -> HttpResponse:
    draft = access.draft_for(request.user, pk)
    document = uploads.parse_with_images(draft.text, name=draft.filename, module=draft.module, draft=draft)
    leave = reverse("admin:modules_draft_change", args=[pk])
    return _Preview(request, document, reverse("preview_draft", args=[pk]), leave).page(identity, name)


@login_required
@require_safe
def module(request: HttpRequest, slug: str, identity: str = "", name: str = "") -> HttpResponse:
    module = access.written_module_for(request.user, slug)
    document = uploads.parse_with_images(module.text(), module=module)
    leave = reverse("admin:modules_module_change", args=[module.pk])
    return _Preview(request, document, reverse("preview_module", args=[slug]), leave).page(identity, name)


class _Preview:
    """A document laid out on the learner's templates. ``base`` is the address that its sections stand under."""

    def __init__(self, request: HttpRequest, document: parser.Document, base: str, leave: str) -> None:
        self.request, self.document, self.base, self.leave = request, document, base, leave
        self.module = Module(
            slug=document.slug, title=document.title, language=document.language, summary=document.summary
        )
        self.outline = outlines.outline_of(document, self.module, base)

    def page(self, identity: str, name: str) -> HttpResponse:
        """The page of a part, of the whole without an identity, or of the question in a text that has a name."""
        if not identity:
            return self._module()
        if name:
            return self._check(identity, name)
        quiz = self.document.quiz
        if quiz and identity == quiz.identity:
            number = self.request.GET.get("question", "")
            return (
                self._question(quiz, int(number))
                if number.isdecimal() and len(number) < 6
                else self._quiz(quiz)
            )
        return self._section(identity)

    def _render(self, template: str, context: dict[str, Any]) -> HttpResponse:
        shared = {
            "module": self.module,
            "outline": self.outline,
            "preview": True,
            "preview_exit_url": self.leave,
        }
        return render(self.request, template, shared | context)

    def _module(self) -> HttpResponse:
        quiz = self._rules() if self.document.quiz else None
        return self._render(
            "modules/module.html",
            {
                "introduction": place(self.document.introduction, self.base),
                "quiz": quiz,
                "rules": rules_in_words.summary(quiz, rules_with(quiz)) if quiz else (),
                "questions": self.document.asks,
            },
        )

    def _section(self, identity: str) -> HttpResponse:
        stop = self.outline.stop(identity)
        if stop is None:
            raise Http404
        section = self.document.sections[stop.number - 1]
        return self._render(
            "modules/section.html",
            {
                "stop": stop,
                "section": section,
                "html": place(section.html, self.base),
                "contents": section.contents,
                "previous": self.outline.before(stop),
                "next": self.outline.after(stop),
            },
        )

    def _check(self, identity: str, name: str) -> HttpResponse:
        checks = [one for section in self.document.sections for one in section.checks]
        question = next((one for one in checks if one.identity == name), None)
        if question is None:
            raise Http404
        response = practice.check(columns.check_columns(question), self.request.GET.getlist("answer"))
        back = f"{self.base}{identity}/#s-{name}"
        shown = question_page(self.module, response, self.outline, UNMARKED, self.base)
        return self._render(
            "modules/practice.html",
            shown | {"back_url": back, "back_title": question.title, "next_url": back, "is_check": True},
        )

    def _quiz(self, quiz: parser.Quiz) -> HttpResponse:
        rules, learner_rules = self._rules(), rules_with(self._rules())
        multiple = any(question.kind == QuestionVersion.Kind.MULTIPLE for question in quiz.questions)
        return self._render(
            "modules/quiz.html",
            {
                "quiz": rules,
                "learner_rules": learner_rules,
                "rules": list(
                    rules_in_words.beside_figures(
                        rules,
                        learner_rules,
                        timezone.now(),
                        has_multiple=multiple,
                        questions=len(quiz.questions),
                    )
                ),
                "introduction": place(quiz.html, self.base),
                "questions": self.document.asks,
                "attempts_left": self.document.rules.attempts,
                "start_url": f"{self.base}{quiz.identity}/?question=1" if quiz.questions else "",
            },
        )

    def _question(self, quiz: parser.Quiz, number: int) -> HttpResponse:
        if not 1 <= number <= len(quiz.questions):
            raise Http404
        address = f"{self.base}{quiz.identity}/?question="
        version = QuestionVersion(**columns.question_columns(quiz.questions[number - 1]))
        total = len(quiz.questions)
        return self._render(
            "modules/attempt_question.html",
            {
                "number": number,
                "total": total,
                "dots": [quiz_pages.Dot(n, f"{address}{n}", False, n == number) for n in range(1, total + 1)],
                "question": quiz_pages.asked_question(version, self.base),
                "options": [
                    quiz_pages.Option(one["key"], place(one["html"], self.base)) for one in version.choices
                ],
                "previous_url": f"{address}{number - 1}" if number > 1 else None,
                "next_url": f"{address}{number + 1}" if number < total else self.leave,
                "submission_url": self.leave,
            },
        )

    def _rules(self) -> Quiz:
        return Quiz(
            title=self.document.quiz.title if self.document.quiz else "",
            asks=self.document.asks,
            **columns.rule_columns(self.document.rules),
        )
