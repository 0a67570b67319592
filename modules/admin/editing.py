"""Editing a part of a module's document: the rest stays as it is, byte for byte."""

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
from modules.admin import comparisons, drafts, permissions, plans, setting_rows, unsaved_input
from modules.authoring import apply, parts, planning, policy, uploads
from modules.authoring.plan import Plan
from modules.document.problems import DocumentError, Problem
from modules.document.syntax import source
from modules.forms.documents import PartForm
from modules.forms.editor import problem_in_words
from modules.models import Draft, Module, Revision, has_learners

MEANWHILE = "meanwhile"  # the error of a form whose module was saved from elsewhere after it was opened


@dataclass(frozen=True, slots=True)
class Edited:
    """A whole document in which something is edited; ``title`` is what that is called.

    ``which`` and ``place`` say which part of it that is.

    ``field`` of its form is told the errors. ``tell`` says a problem as it is seen from there, and ``concerns`` whether
    a hint has to do with it.
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
    key = permissions.number(key)
    found = parts.find(kind, key)
    if found is None:
        return _gone(request, kind, key)
    module, here = found
    form = PartForm(request.POST or None, old=here.source, which=here.which, module=module)
    answer = None
    if request.method == "POST" and form.is_valid():
        answer = save(request, module, form, _edited(here, form.cleaned_data["source"]))
        if answer is None and form.has_error(NON_FIELD_ERRORS, MEANWHILE):
            return _compare(request, kind, key, form)
    return answer or _shown(request, module, here, form)


def _shown(
    request: HttpRequest, module: Module, here: parts.Part, form: PartForm, **more: Any
) -> HttpResponse:
    mine = Draft.objects.filter(author_id=request.user.pk, module=module, part=here.which)
    page = _page(module, here, form) | {"earlier": mine.first()}
    return render(request, "admin/part.html", page | more)


def _compare(request: HttpRequest, kind: str, key: int, form: PartForm) -> HttpResponse:
    """Show what was typed beside the part as it stands now, so that saving again is a decision."""
    found = parts.find(kind, key)  # what was found before may be what somebody has just changed
    if found is None:
        return _gone(request, kind, key)
    module, here = found
    opened = Revision.objects.filter(pk=form.cleaned_data["base_revision"], module=module).first()
    return _shown(
        request,
        module,
        here,
        form,
        other=here.source,
        marked=comparisons.compare_texts(here.source, here.closed(form.cleaned_data["source"])),
        is_as_opened=bool(opened and here.source in opened.text),
    )


def _gone(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """Say that a load took a part away, and show what was typed for it meanwhile once more, to be put elsewhere."""
    if kind not in parts.KINDS:
        raise Http404
    text = request.POST.get("source", "")
    edited = Module.objects.filter(
        revisions=permissions.number(request.POST.get("base_revision", ""))
    ).first()
    module = edited or parts.module_of(kind, key)
    page = {"kind": kind, "module": module, "text": text, "crumbs": _crumbs(module)}
    return render(request, "admin/gone.html", page, status=200 if text.strip() else 404)


def _edited(here: parts.Part, source: str) -> Edited:
    text = here.closed(source)
    return Edited(
        title=here.title,
        text=here.replaced_by(text),
        which=here.which,
        place=here.place,
        field="source",
        tell=lambda problem: _within(problem, here, text),
        concerns=lambda problem: bool(_line_within(problem, here, text)),
    )


# ------------------------------------------------------------------------------------------------- saving


def save(request: HttpRequest, module: Module, form: Form, edited: Edited) -> HttpResponse | None:
    """Save a document where that touches nobody, else lead to what it will do; ``None`` where something is wrong.

    The form has a field ``base_revision``: the revision that was edited.
    """
    if form.cleaned_data["base_revision"] != module.current_id:
        _begin_again(request, form, module)
        return None
    document = uploads.parse_with_images(edited.text, module=module)
    taken = plans.slug_is_taken(module, document)
    if document.errors or taken:
        form.add_error(edited.field, [*map(edited.tell, document.errors), *([taken] if taken else [])])
        return None
    plan = planning.plan_document(module, document)
    match policy.needed_consent(plan, edited_part=edited.place):
        case policy.Consent.NONE:
            return _apply(request, module, form, edited, plan)
        case policy.Consent.OTHER_PARTS | policy.Consent.OTHER_MODULE:
            return _look_first(request, module, edited, reaches())
    return _look_first(request, module, edited, touches())


def touches() -> str:
    return _(
        "Not saved yet: this touches what learners have done already. Your text is kept as a draft. Look at what will happen, then apply it."
    )


def reaches() -> str:
    return _(
        "Not saved yet: this changes other parts of the document, too. Your text is kept as a draft. Look at what will happen, then apply it."
    )


def _look_first(request: HttpRequest, module: Module, edited: Edited, why: str) -> HttpResponse:
    """Keep the whole document with the edited part as a draft of its own, and show what loading it will do."""
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
    for problem in filter(edited.concerns, plan.document.warnings):
        messages.warning(request, edited.tell(problem))
    return redirect("admin:modules_module_change", module.pk)


def _begin_again(request: HttpRequest, form: Form, module: Module) -> None:
    """Keep what was typed and name the revision that stands now, so that saving again is a decision."""
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["base_revision"] = str(module.current_id or "")  # type: ignore[index]
    since = module.revisions.filter(pk__gt=form.cleaned_data["base_revision"])
    theirs = since.exclude(loaded_by_id=request.user.pk).select_related("loaded_by").first()
    form.add_error(None, ValidationError(_meanwhile(theirs), code=MEANWHILE))


def _meanwhile(theirs: Revision | None) -> str:
    """Returns who changed the module while it was edited here: it may have been oneself, in another window."""
    if theirs is None:
        return _(
            "You saved this module in another window after you opened it here. What you entered is kept: compare, then press “Save” again."
        )
    person = theirs.loaded_by
    return _(
        "%(who)s saved this module after you opened it here. What you entered is kept: compare, then press “Save” again."
    ) % {"who": (person and (person.name or person.email)) or _("Somebody else")}


# ------------------------------------------------------------------------------------------ lines of a part


def _line_within(problem: Problem, here: parts.Part, text: str) -> int:
    """The line of a problem counted within the part, or 0 where it stands elsewhere."""
    line = problem.line - here.line + 1
    return line if 1 <= line <= len(source.split_lines(text)) else 0


def _within(problem: Problem, here: parts.Part, text: str) -> str:
    line = _line_within(problem, here, text)
    if line:
        return problem_in_words(
            Problem(line, problem.severity, problem.code, problem.template, problem.params)
        )
    if problem.line:
        return _("Elsewhere in the document, line %(line)d: %(text)s") % {
            "line": problem.line,
            "text": problem.text(_),
        }
    return problem_in_words(problem)


def _page(module: Module, here: parts.Part, form: PartForm) -> dict[str, Any]:
    return {
        "module": module,
        "part": here,
        "form": form,
        "is_begun": has_learners(module),
        "crumbs": _crumbs(module),
    }


def _crumbs(module: Module | None) -> list[tuple[str, str]]:
    led = [(reverse("admin:modules_module_change", args=[module.pk]), module.title)] if module else []
    return [(reverse("admin:modules_module_changelist"), _("Modules")), *led]
