"""Serves the Markdown editor: its live preview with the problems of the text, new parts, and images.

Only people who may change modules are admitted. An error is one plain sentence with its status, which the editor
shows next to the preview.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from modules.admin import draft_images, edited_text, permissions
from modules.admin.edited_text import EditedText
from modules.document import one_page
from modules.document.convert.recognise import with_warnings
from modules.document.deadline import Deadline, TooSlow
from modules.document.new_parts import new_question, new_section
from modules.document.problems import DocumentError
from modules.forms.editor import problem_in_words
from modules.models import Draft, Module, ownership

View = Callable[[HttpRequest], HttpResponse]
TextView = Callable[[HttpRequest, EditedText, Deadline], HttpResponse]
# Seconds for parsing and rendering a preview. The last step may take half a second more, and 2 s are allowed in all.
SECONDS = 1.2
NEW_PARTS = {"section": new_section, "question": new_question}


def for_writers(view: View) -> View:
    """Refuses a stranger, and a request that is no POST, in plain text and before anything is read."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(ownership.WRITES):
            return plain(_("Sign in as somebody who may write modules."), 403)
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"}, content_type="text/plain")
        return view(request)

    return answer


def of_a_text(view: TextView) -> View:
    """Hands the text of the editor to a view as a document, or says why it cannot be read."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if edited_text.is_too_long(edited_text.content(request)):
            return plain(_("The text is too long for a preview. Split it into several modules."), 413)
        deadline = Deadline(SECONDS)
        try:
            return view(request, edited_text.read(request, deadline), deadline)
        except TooSlow:
            return plain(takes_too_long(), 413)
        except DocumentError as error:
            return plain(problem_in_words(error.problems[0]), 413)

    return for_writers(answer)


def plain(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def takes_too_long() -> str:
    return _("This text takes too long for a preview. Split it into several modules.")


@of_a_text
def preview(request: HttpRequest, text: EditedText, deadline: Deadline) -> HttpResponse:
    """Renders ``content`` as learners see it, and lists its problems. ``which`` names its part of a document."""
    if not edited_text.content(request).strip():
        return HttpResponse()
    shown = _shown(text, deadline)
    searched = replace(text, document=with_warnings(text.document, deadline))
    page = {
        "shown": shown,
        "errors": searched.problem_list("error"),
        "warnings": searched.problem_list("warning"),
        "field": request.POST.get("field", ""),
    }
    return render(request, "markdownx/preview.html", page)


def _shown(text: EditedText, deadline: Deadline) -> str:
    if text.kind == "preamble":
        return one_page.show_beginning(text.document)
    if not text.kind:
        return one_page.show(text.document, deadline=deadline)
    return one_page.show_lines(text.document, text.lines.start, text.lines.stop - 1, deadline=deadline)


@of_a_text
def new_part(request: HttpRequest, text: EditedText, deadline: Deadline) -> HttpResponse:
    """Returns the lines of a new section or question, and the line of ``content`` before which they belong.

    ``kind`` says which of them, and ``line`` is the line of the caret.
    """
    make = NEW_PARTS.get(request.POST.get("kind", ""))
    if make is None:
        return plain(_("Choose a section or a question."), 400)
    first = text.lines.start
    caret = first + max(permissions.number(request.POST.get("line", "")), 1) - 1
    part = make(text.document, caret, within=text.lines, language=get_language() or "id")
    return JsonResponse({"line": part.line - first + 1, "text": part.text, "title": part.title})


@for_writers
def image(request: HttpRequest) -> HttpResponse:
    """Keeps an image for a draft or a module, and returns the path by which a text shows it."""
    owner = _owner(request)
    sent = request.FILES.get("image")
    if owner is None or sent is None:
        return plain(_("Choose a picture first."), 400)
    try:
        name = draft_images.read(sent, owner)
    except draft_images.Refused as reason:
        return plain(str(reason), reason.status)
    return JsonResponse({"path": draft_images.insert(owner, name), "url": default_storage.url(name)})


def _owner(request: HttpRequest) -> Draft | Module | None:
    kind, _colon, key = request.POST.get("target", "").partition(":")
    if kind == "draft":
        return Draft.objects.open_to(request.user).filter(pk=permissions.number(key)).first()
    if kind == "module":
        return Module.objects.changeable_by(request.user).filter(pk=permissions.number(key)).first()
    return None


# The first two names are those of django-markdownx. Its own views are open to anyone, and are not mounted.
urlpatterns = [
    path("preview/", preview, name="markdownx_markdownify"),
    path("image/", image, name="markdownx_upload"),
    path("part/", new_part, name="modules_editor_part"),
]
