"""Edits a part of a module's document. All other parts keep their bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Form, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from modules.admin import (
    comparisons,
    draft_images,
    drafts,
    edited_text,
    permissions,
    plans,
    setting_rows,
    unsaved_input,
)
from modules.authoring import apply, parts, planning, policy, uploads
from modules.authoring.key_effects import MOST_AT_ONCE, KeyEffects, TooMany
from modules.authoring.plan import Plan
from modules.authoring.problem_lists import sentences
from modules.document.accepted_lines import with_accepted
from modules.document.problems import DocumentError, Problem
from modules.document.syntax.source import split_lines
from modules.document.syntax.values import LONGEST_ANSWER
from modules.forms.documents import PartForm
from modules.forms.editor import problem_in_words
from modules.models import Draft, Module, Revision, has_learners

MEANWHILE = "meanwhile"  # the error of a form whose module was saved from elsewhere after it was opened


@dataclass(frozen=True, slots=True)
class Edited:
    """Holds a whole document in which a part was edited. ``title`` is the name of that part.

    ``which`` and ``place`` say which part of the document it is. Errors are added to ``field`` of its form. ``tell``
    returns a problem in words, seen from the part. ``concerns`` checks whether a hint is about the part.
    """

    title: str
    text: str
    which: str
    place: int
    field: str | None
    tell: Callable[[Problem], str]
    concerns: Callable[[Problem], bool]


@unsaved_input.taken_when_led_on
def part(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    permissions.writers_only(request)
    pair = permissions.part_for(request, kind, key)
    if pair is None:
        return _gone(request, kind, key)
    module, current_part = pair
    form = PartForm(
        request.POST or None,
        old=current_part.source,
        which=current_part.which,
        module=module,
        proposed=_with_proposal(current_part, _proposal(request)),
    )
    answer = None
    if request.method == "POST" and form.is_valid():
        draft_images.keep_taken(form.taken, module)
        answer = save(request, module, form, _edited(current_part, form.taken.text))
        if answer:
            draft_images.tell(request, form.taken.notes)
        if answer is None and form.has_error(NON_FIELD_ERRORS, MEANWHILE):
            return _compare(request, kind, key, form)
    return answer or _shown(request, module, current_part, form)


def _proposal(request: HttpRequest) -> str:
    """Returns the answer that the page of a question proposes for its key. Only the form that is sent saves it."""
    return request.GET.get("accept", "").strip()[:LONGEST_ANSWER]


def _with_proposal(current_part: parts.Part, answer: str) -> str:
    return with_accepted(current_part.source, answer) if answer and current_part.kind == "question" else ""


def _shown(
    request: HttpRequest, module: Module, current_part: parts.Part, form: PartForm, **more: Any
) -> HttpResponse:
    drafts_of_part = Draft.objects.filter(author_id=request.user.pk, module=module, part=current_part.which)
    page = _page(module, current_part, form) | {
        "earlier": drafts_of_part.first(),
        "proposal": _proposal(request) if current_part.kind == "question" else "",
    }
    return render(request, "admin/part.html", page | more)


def _compare(request: HttpRequest, kind: str, key: int, form: PartForm) -> HttpResponse:
    """Compares the text that was sent with the part as it is now, so that saving again is a decision."""
    pair = permissions.part_for(
        request, kind, key
    )  # again, since somebody may just have changed the part that was read before
    if pair is None:
        return _gone(request, kind, key)
    module, current_part = pair
    marked = comparisons.compare_texts(current_part.source, current_part.closed(form.cleaned_data["source"]))
    is_as_opened = _is_as_opened(module, current_part, form.cleaned_data["base_revision"])
    more = {"other": current_part.source, "marked": marked, "is_as_opened": is_as_opened}
    return _shown(request, module, current_part, form, **more)


def _is_as_opened(module: Module, current_part: parts.Part, base_revision: int) -> bool:
    """Checks whether a part is the same as in the revision that was edited."""
    revision = Revision.objects.filter(pk=base_revision, module=module).first()
    return revision is not None and current_part.source in revision.text


def _gone(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """Says that a load removed a part, and shows the text that was sent for it, so that it can be put elsewhere."""
    if kind not in parts.KINDS:
        raise Http404
    text = request.POST.get("source", "")
    module = permissions.module_of_text(request) or _former_module(request, kind, key)
    page = {"kind": kind, "module": module, "text": text, "crumbs": _crumbs(module)}
    return render(request, "admin/gone.html", page, status=200 if text.strip() else 404)


def _former_module(request: HttpRequest, kind: str, key: int) -> Module | None:
    """Returns the module of a part that is not active. Raises 404 if others own it."""
    module = parts.module_of(kind, permissions.number(key))
    if module and not permissions.may_change(request.user, module):
        raise Http404
    return module


def _edited(current_part: parts.Part, source: str) -> Edited:
    text = current_part.closed(source)
    lines = range(current_part.line, current_part.line + len(split_lines(text)))
    return Edited(
        title=current_part.title,
        text=current_part.replaced_by(text),
        which=current_part.which,
        place=current_part.place,
        field="source",
        tell=lambda problem: _within(problem, lines),
        concerns=lambda problem: problem.within(lines) is not None,
    )


# ------------------------------------------------------------------------------------------------- saving


def save(request: HttpRequest, module: Module, form: Form, edited: Edited) -> HttpResponse | None:
    """Saves a document if that touches nobody, or leads to its plan. Returns ``None`` if something is wrong.

    The form has a field ``base_revision``: the revision that was edited.
    """
    if form.cleaned_data["base_revision"] != module.current_id:
        _begin_again(request, form, module)
        return None
    document = uploads.parse_with_images(edited.text, module=module)
    taken = plans.slug_is_taken(module, document, request.user)
    if document.errors or taken:
        problems = sentences(document.errors, edited.tell)
        form.add_error(edited.field, [*problems, *([taken] if taken else [])])
        return None
    try:
        plan = planning.plan_document(module, document, effects=KeyEffects(most=MOST_AT_ONCE))
    except TooMany:  # so many answers depend on it that the worker counts what becomes of them
        return _look_first(request, module, edited, touches())
    match policy.needed_consent(plan, edited_part=edited.place):
        case policy.Consent.NONE if policy.shows_foreign_key(plan):
            return _look_first(request, module, edited, shows_key())
        case policy.Consent.NONE:
            return _apply(request, module, form, edited, plan)
        case policy.Consent.MOST_GOES | policy.Consent.EVERYTHING_GOES:
            return _look_first(request, module, edited, takes_out())
        case policy.Consent.OTHER_PARTS | policy.Consent.OTHER_MODULE:
            return _look_first(request, module, edited, reaches())
    return _look_first(request, module, edited, touches())


def touches() -> str:
    return _(
        "Not saved yet: this touches what learners have done already. Your text is kept as a draft. Look at what will happen, then apply it."
    )


def shows_key() -> str:
    return _(
        "Not saved yet: learners would see answers or a key. Your text is kept as a draft. Look at what will happen, then apply it."
    )


def takes_out() -> str:
    return _(
        "Not saved yet: more than half of the module would go. Your text is kept as a draft. Look at what will happen, then apply it."
    )


def reaches() -> str:
    return _(
        "Not saved yet: this changes other parts of the document, too. Your text is kept as a draft. Look at what will happen, then apply it."
    )


def _look_first(request: HttpRequest, module: Module, edited: Edited, why: str) -> HttpResponse:
    """Keeps the whole document with the edited part as a draft of its own, and shows what loading it will do."""
    name = module.current.filename if module.current else ""
    upload = uploads.Upload(name, edited.text, module.encoding)
    earlier = permissions.number(request.POST.get("earlier", ""))
    draft = drafts.keep(upload, module, request.user, part=edited.which, title=edited.title, earlier=earlier)
    messages.info(request, why)
    return redirect("admin:modules_draft_plan", draft.pk)


def _apply(
    request: HttpRequest, module: Module, form: Form, edited: Edited, plan: Plan
) -> HttpResponse | None:
    if plan.changes_nothing:
        messages.info(request, _("“%(title)s” is as it was: nothing was changed.") % {"title": edited.title})
        return redirect("admin:modules_module_change", module.pk)
    name = module.current.filename if module.current else ""
    try:
        apply.apply_plan(
            plan, by=cast(User, request.user), now=timezone.now(), filename=name, encoding=module.encoding
        )
    except (apply.ModuleChanged, DocumentError):
        module.refresh_from_db()
        _begin_again(request, form, module)
        return None
    messages.success(request, _("“%(title)s” is saved.") % {"title": edited.title})
    for row in setting_rows.settings(plan):
        if row.name in setting_rows.ENDS and plan.open_attempts:
            messages.info(request, row.note)
    for sentence in sentences(list(filter(edited.concerns, plan.document.warnings)), edited.tell):
        messages.warning(request, sentence)
    return redirect("admin:modules_module_change", module.pk)


def _begin_again(request: HttpRequest, form: Form, module: Module) -> None:
    """Keeps what was sent and names the current revision, so that saving again is a decision."""
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["base_revision"] = str(module.current_id or "")  # type: ignore[index]
    since = module.revisions.filter(pk__gt=form.cleaned_data["base_revision"])
    newer = since.exclude(loaded_by_id=request.user.pk).select_related("loaded_by").first()
    form.add_error(None, ValidationError(_meanwhile(newer), code=MEANWHILE))


def _meanwhile(newer: Revision | None) -> str:
    """Returns who changed the module while it was edited here. It may have been the same person, in another window."""
    if newer is None:
        return _(
            "You saved this module in another window after you opened it here. What you entered is kept: compare, then press “Save” again."
        )
    person = newer.loaded_by
    return _(
        "%(who)s saved this module after you opened it here. What you entered is kept: compare, then press “Save” again."
    ) % {"who": (person and (person.name or person.email)) or _("Somebody else")}


# ------------------------------------------------------------------------------------------ lines of a part


def _within(problem: Problem, lines: range) -> str:
    """Says a problem with its line within a part that has these lines of the document."""
    if inside := problem.within(lines):
        return problem_in_words(inside)
    return edited_text.elsewhere(problem)


def _page(module: Module, current_part: parts.Part, form: PartForm) -> dict[str, Any]:
    return {
        "module": module,
        "part": current_part,
        "form": form,
        "is_begun": has_learners(module),
        "crumbs": _crumbs(module),
    }


def _crumbs(module: Module | None) -> list[tuple[str, str]]:
    crumbs = [(reverse("admin:modules_module_change", args=[module.pk]), module.title)] if module else []
    return [(reverse("admin:modules_module_changelist"), _("Modules")), *crumbs]
