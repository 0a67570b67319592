"""Asks whether a draft with the address of a module replaces that module, or becomes a new one.

People who may not change that module are offered the new one alone, and read whose it is.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from modules.admin import owners, permissions, plans
from modules.authoring import policy, uploads
from modules.authoring.draft_documents import parse_draft
from modules.document.problems import DocumentError
from modules.document.syntax.slug_line import with_slug
from modules.forms.editor import problem_in_words
from modules.insights.begun import begun
from modules.models import Draft, Module


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows both ways with what the module is, and takes the one that is chosen. The draft remembers it."""
    if not permissions.is_there(pk):
        return plans.gone(request)
    draft = permissions.draft_for(request, pk)
    module, document = parse_draft(draft)
    if draft.module or module is None or document.errors:
        is_ready = policy.is_ready(module, document, by=request.user)
        return redirect("admin:modules_draft_plan" if is_ready else "admin:modules_draft_change", pk)
    slug, may_replace = policy.free_slug(document.slug), permissions.may_change(request.user, module)
    # Another module may have got the address since the page was opened: then it asks again.
    if request.POST.get("module") == str(module.pk):
        if request.POST.get("action") == "replace" and may_replace:
            _replace(draft, module)
            return redirect("admin:modules_draft_plan", pk)
        if request.POST.get("action") == "new" and _make_new(request, draft, slug):
            return redirect("admin:modules_draft_change", pk)
    context = {"draft": draft, "module": module, "slug": slug, "document": document}
    whose = {"counts": begun(module)} if may_replace else {"owner": owners.name_of(module)}
    frame = {"may_replace": may_replace, "crumbs": plans.crumbs(draft, None)}
    return render(request, "admin/new_or_replace.html", context | whose | frame)


def _replace(draft: Draft, module: Module) -> None:
    draft.module, draft.base_revision, draft.address = module, module.current, ""
    draft.save(update_fields=["module", "base_revision", "address", "changed_at"])


def _make_new(request: HttpRequest, draft: Draft, slug: str) -> bool:
    """Writes a free slug into the text of a draft. Tells whether that was possible."""
    try:
        text = with_slug(draft.text, slug)
    except DocumentError as error:
        messages.error(request, problem_in_words(error.problems[0]))
        return False
    as_seen = Draft.objects.filter(pk=draft.pk, text=draft.text)
    values = {"text": text, "address": uploads.address_of(text, draft.filename), "changed_at": timezone.now()}
    if not as_seen.update(**values):
        messages.warning(request, plans.other_text())
        return True
    sentence = _(
        "This draft makes a new module at the address “%(slug)s”: its front matter says so now. The rest of the text is as it was."
    )
    messages.success(request, sentence % {"slug": slug})
    return True
