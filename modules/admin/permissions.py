"""Gives instructors the objects of their pages, and sends everybody else away."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.models import Visitor
from modules.authoring import parts
from modules.models import Attempt, Draft, Module, Question, Revision, ownership

View = Callable[..., HttpResponse]


def writers_only(request: HttpRequest) -> None:
    """Raises :class:`PermissionDenied` for anybody who may not change modules."""
    if not request.user.has_perm(ownership.WRITES):
        raise PermissionDenied


def by_a_form_of(page: str) -> Callable[[View], View]:
    """Admits what a form of a page sends, to a view that has the key of the page's object as ``pk``.

    A redirect from the sign-in sends no form, so an instructor who had to sign in is led to that page.
    """

    def decorate(view: View) -> View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def answer(request: HttpRequest, **named: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, **named)
            return redirect(page, named["pk"])

        return answer

    return decorate


def module_for(request: HttpRequest, pk: Any) -> Module:
    """Returns a module that the person who asks may change, and whose results they may see."""
    writers_only(request)
    return get_object_or_404(_whole(Module.objects.changeable_by(request.user)), pk=number(pk))


def visible_module_for(request: HttpRequest, pk: int | str) -> Module:
    """Returns a module that the person may see as a learner would. ``is_changeable`` says whether they may do more."""
    writers_only(request)
    modules = with_is_changeable(Module.objects.visible_to(request.user), request.user)
    return get_object_or_404(_whole(modules), pk=number(pk))


def owned_module_for(request: HttpRequest, pk: int) -> Module:
    """Returns a module whose helpers the person who asks may name."""
    writers_only(request)
    return get_object_or_404(_whole(Module.objects.owned_by(request.user)), pk=number(pk))


def _whole(modules: QuerySet[Any]) -> QuerySet[Any]:
    return modules.select_related("quiz", "current__loaded_by", "published_by", "withdrawn_by", "owner")


def with_is_changeable(modules: QuerySet[Any], user: Visitor) -> QuerySet[Any]:
    """Adds ``is_changeable`` to modules: whether a person may change them. It takes no query of its own."""
    changeable = When(ownership.changeable_by(user), then=Value(True))
    return modules.annotate(is_changeable=Case(changeable, default=False, output_field=BooleanField()))


def may_change(user: Visitor, module: Module) -> bool:
    return Module.objects.changeable_by(user).filter(pk=module.pk).exists()


def may_delete(user: Visitor, module: Module) -> bool:
    return Module.objects.deletable_by(user).filter(pk=module.pk).exists()


def part_for(request: HttpRequest, kind: str, key: int | str) -> tuple[Module, parts.Part] | None:
    """Returns an active part and its module, or ``None`` if there is no such part of a module that may be changed."""
    pair = parts.find(kind, number(key)) if kind in parts.KINDS else None
    return pair if pair and may_change(request.user, pair[0]) else None


def module_of_text(request: HttpRequest) -> Module | None:
    """Returns the module whose revision a form was made for, or ``None`` if the person may not change it."""
    revision = number(request.POST.get("base_revision", ""))
    return Module.objects.changeable_by(request.user).filter(revisions=revision).first()


def attempts_for(request: HttpRequest) -> QuerySet[Attempt]:
    """Returns the attempts at quizzes of modules that a person may change, deleted ones too."""
    modules = Module.objects.changeable_by(request.user).values("pk")
    return Attempt.with_deleted.filter(quiz__module__in=modules)


def attempt_for(request: HttpRequest, pk: int) -> Attempt:
    writers_only(request)
    attempts = attempts_for(request).select_related("enrolment__learner", "quiz__module")
    return get_object_or_404(attempts, pk=number(pk))


def question_for(request: HttpRequest, pk: int) -> Question:
    writers_only(request)
    modules = Module.objects.changeable_by(request.user).values("pk")
    questions = Question.objects.select_related("quiz__module", "current").filter(quiz__module__in=modules)
    return get_object_or_404(questions, pk=number(pk))


def revisions_for(request: HttpRequest) -> QuerySet[Revision]:
    """Returns the revisions of the modules that a person may change."""
    return Revision.objects.filter(module__in=Module.objects.changeable_by(request.user).values("pk"))


def draft_for(request: HttpRequest, pk: Any) -> Draft:
    """Returns a draft of the person who asks, for a module that they may change or for a new one."""
    writers_only(request)
    drafts = Draft.objects.open_to(request.user).select_related("module__current__loaded_by", "base_revision")
    return get_object_or_404(drafts.select_related("author"), pk=number(pk))


def is_there(pk: Any) -> bool:
    """Checks whether a draft exists, whoever wrote it. A draft that was loaded or discarded leaves none."""
    return Draft.objects.filter(pk=number(pk)).exists()


def number(value: object) -> int:
    """Returns a key from an address, or 0, which is the key of nothing, if it is no number."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 19 else 0
