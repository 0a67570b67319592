"""Serves the Markdown editor: its live preview, and the images that are put into a text.

Only people who may change modules are admitted. An error is one plain sentence with its status, which the editor
shows next to the preview.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from modules.admin import permissions, pictures
from modules.authoring import parts, uploads
from modules.document import one_page
from modules.document.deadline import Deadline, TooSlow
from modules.document.problems import DocumentError
from modules.document.syntax import data_images, limits, source
from modules.document.syntax.values import Document
from modules.forms.editor import problem_in_words
from modules.models import Draft, Module
from modules.reading import access

View = Callable[[HttpRequest], HttpResponse]
# Seconds for parsing and rendering a preview. The last step may take half a second more, and 2 s are allowed in all.
SECONDS = 1.2


def for_writers(view: View) -> View:
    """Refuses a stranger, and a request that is no POST, in plain text and before anything is read."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(access.WRITES):
            return plain(_("Sign in as somebody who may write modules."), 403)
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"}, content_type="text/plain")
        return view(request)

    return answer


def plain(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


@for_writers
def preview(request: HttpRequest) -> HttpResponse:
    """Renders ``content`` as learners see it. ``which`` names the part of a document that it is the text of."""
    text = request.POST.get("content", "").replace("\r\n", "\n").replace("\0", "\ufffd")
    if len(data_images.without_data(text).encode("utf-8", "replace")) > source.LIMIT:
        return plain(_("The text is too long for a preview. Split it into several modules."), 413)
    if not text.strip():
        return HttpResponse()
    kind, _colon, key = request.POST.get("which", "").partition(":")
    deadline = Deadline(SECONDS)
    try:
        if kind in parts.KINDS:
            return HttpResponse(_part(kind, permissions.number(key), text, deadline))
        return HttpResponse(_document(request, kind, permissions.number(key), text, deadline))
    except TooSlow:
        return plain(takes_too_long(), 413)
    except DocumentError as error:
        return plain(problem_in_words(error.problems[0]), 413)


def takes_too_long() -> str:
    return _("This text takes too long for a preview. Split it into several modules.")


def _document(request: HttpRequest, kind: str, key: int, text: str, deadline: Deadline) -> str:
    draft = Draft.objects.filter(pk=key, author_id=request.user.pk).first() if kind == "draft" else None
    module = draft.module if draft else None
    return one_page.show(_parsed(text, deadline, module=module, draft=draft), deadline=deadline)


def _part(kind: str, key: int, text: str, deadline: Deadline) -> str:
    """Renders a part in its place, so that definitions in other parts of the document work in it."""
    pair = parts.find(kind, key)
    if pair is None:
        return one_page.show(_parsed(text, deadline), deadline=deadline)
    module, part = pair
    text = part.closed(text)
    document = _parsed(part.replaced_by(text), deadline, module=module)
    if part.kind == "preamble":
        return one_page.show_beginning(document)
    last = part.line + len(source.split_lines(text)) - 1
    return one_page.show_lines(document, part.line, last, deadline=deadline)


def _parsed(
    text: str, deadline: Deadline, *, module: Module | None = None, draft: Draft | None = None
) -> Document:
    """Parses a text before a deadline. Raises :class:`DocumentError` if the text goes beyond a limit."""
    document = uploads.parse_with_images(
        text, module=module, draft=draft, answerable=False, deadline=deadline
    )
    if refused := limits.broken(document.errors):
        raise DocumentError(refused)
    return document


@for_writers
def image(request: HttpRequest) -> HttpResponse:
    """Keeps an image for a draft or a module, and returns the path by which a text shows it."""
    owner = _owner(request)
    sent = request.FILES.get("image")
    if owner is None or sent is None:
        return plain(_("Choose a picture first."), 400)
    try:
        name = pictures.read(sent, owner)
    except pictures.Refused as reason:
        return plain(str(reason), reason.status)
    return JsonResponse({"path": pictures.insert(owner, name), "url": default_storage.url(name)})


def _owner(request: HttpRequest) -> Draft | Module | None:
    kind, _colon, key = request.POST.get("target", "").partition(":")
    if kind == "draft":
        return Draft.objects.filter(pk=permissions.number(key), author_id=request.user.pk).first()
    if kind == "module":
        return Module.objects.filter(pk=permissions.number(key)).first()
    return None


# The names are those of django-markdownx. Its own views are open to anyone, and are not mounted.
urlpatterns = [
    path("preview/", preview, name="markdownx_markdownify"),
    path("image/", image, name="markdownx_upload"),
]
