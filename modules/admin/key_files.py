"""Lets instructors download a module's text without its key, and the key as a file of its own."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from modules.admin import permissions
from modules.authoring import downloads
from modules.document.problems import DocumentError
from modules.document.syntax import archive
from modules.forms.editor import problem_in_words


@require_safe
def public(request: HttpRequest, pk: int) -> HttpResponse:
    """Returns the text of a module without its key."""
    return _answer(request, pk, lambda copy: (copy.content, archive.public_name(f"{copy.slug}.md")))


@require_safe
def key(request: HttpRequest, pk: int) -> HttpResponse:
    """Returns the key of a module, for instructors alone."""
    return _answer(request, pk, lambda copy: (copy.key, archive.key_name(f"{copy.slug}.md")))


def _answer(
    request: HttpRequest, pk: int, part: Callable[[downloads.Copy], tuple[bytes, str]]
) -> HttpResponse:
    """Returns a part of a module's copy as a file, or leads back with a sentence if the two cannot be separated."""
    module = permissions.module_for(request, pk)
    try:
        copy = downloads.without_key(downloads.copy_of(module))
    except DocumentError as error:
        messages.error(request, problem_in_words(error.problems[0]))
        return redirect("admin:modules_module_change", pk)
    content, filename = part(copy)
    if not content:
        raise Http404
    headers = {
        "Content-Disposition": content_disposition_header(True, filename) or "attachment",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=f"text/markdown; charset={copy.encoding}", headers=headers)
