"""Gives instructors the objects of their pages, and sends everybody else away."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from modules.models import Draft, Module
from modules.reading import access

View = Callable[..., HttpResponse]


def writers_only(request: HttpRequest) -> None:
    """Raises :class:`PermissionDenied` for anybody who may not change modules."""
    if not request.user.has_perm(access.WRITES):
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
    writers_only(request)
    modules = Module.objects.select_related("quiz", "current__loaded_by", "published_by", "withdrawn_by")
    return get_object_or_404(modules, pk=number(pk))


def draft_for(request: HttpRequest, pk: Any) -> Draft:
    """Returns a draft of the person who asks. Nobody works in the text of somebody else."""
    writers_only(request)
    drafts = Draft.objects.select_related("module__current__loaded_by", "base_revision")
    return get_object_or_404(drafts, pk=number(pk), author=request.user)


def is_there(pk: Any) -> bool:
    """Checks whether a draft exists, whoever wrote it. A draft that was loaded or discarded leaves none."""
    return Draft.objects.filter(pk=number(pk)).exists()


def number(value: Any) -> int:
    """Returns a key from an address, or 0, which is the key of nothing, if it is no number."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 19 else 0
