"""Copies a module as a draft of a new one: the button “Copy module”. Its author will own the new module."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from modules.admin import drafts, permissions
from modules.authoring import policy
from modules.authoring.uploads import Upload
from modules.document.problems import DocumentError
from modules.document.syntax.slug_line import with_slug
from modules.forms.editor import problem_in_words


@permissions.by_a_form_of("admin:modules_module_change")
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Begins a draft with the text and the pictures of a module. Only the address in its front matter differs."""
    module = permissions.visible_module_for(request, pk)
    slug = policy.free_slug(module.slug)
    try:
        text = with_slug(module.text(), slug)
    except DocumentError as error:
        messages.error(request, problem_in_words(error.problems[0]))
        return redirect("admin:modules_module_change", pk)
    pictures = dict(module.images.values_list("path", "file"))
    filename = module.current.filename if module.current else ""
    draft = drafts.keep(Upload(filename, text, module.encoding, pictures), None, request.user)
    sentence = _(
        "This draft is a copy of “%(title)s” with the address “%(slug)s”. Load it, and the new module is yours."
    )
    messages.success(request, sentence % {"title": module, "slug": slug})
    return redirect("admin:modules_draft_change", draft.pk)
