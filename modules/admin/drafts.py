"""Loading a document: it becomes a draft, is looked at and mended as long as it takes, and then is loaded whole."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from modules import loading
from modules.admin import doors, plans
from modules.document.problems import DocumentError
from modules.forms import DraftForm, LoadForm
from modules.models import Draft, Image, Module, minutes_for


@admin.register(Draft)
class DraftAdmin(admin.ModelAdmin):
    list_display = ("name", "purpose", "changed_at")
    list_per_page = 50
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Draft]:
        """One's own drafts."""
        mine = super().get_queryset(request).filter(author_id=request.user.pk)
        return mine.select_related("module").defer("text")

    @admin.display(description=gettext_lazy("draft"))
    def name(self, draft: Draft) -> str:
        return str(draft)

    @admin.display(description=gettext_lazy("for"))
    def purpose(self, draft: Draft) -> str:
        return str(draft.module) if draft.module else _("a new module")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Drafts")} | (extra_context or {}))

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("admin:modules_module_load")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return change(request, doors.draft_for(request, object_id))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The pictures of a draft are part of it."""
        _shown, counts, _permissions, protected = super().get_deleted_objects(objs, request)
        return [str(draft) for draft in objs], counts, set(), protected


def load(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Take a file or a pasted text as a draft, for a module or for a new one."""
    doors.writers_only(request)
    module = doors.module_for(request, pk) if pk else None
    form = LoadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        draft = _keep(form.upload, module, request.user)
        return redirect("admin:modules_draft_change", draft.pk)
    crumbs = [(reverse("admin:modules_module_changelist"), _("Modules"))]
    if module:
        crumbs.append((reverse("admin:modules_module_change", args=[module.pk]), module.title))
    return render(request, "admin/load.html", {"form": form, "module": module, "crumbs": crumbs})


@transaction.atomic
def _keep(upload: loading.Upload, module: Module | None, author: Any) -> Draft:
    draft = Draft.objects.create(
        author=author,
        module=module,
        planned_for=module.current if module else None,
        filename=upload.filename,
        encoding=upload.encoding,
        text=upload.text,
    )
    Image.objects.bulk_create(
        [Image(draft=draft, path=path, file=name) for path, name in upload.pictures.items()]
    )
    return draft


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """“Edit as Markdown”: begin a draft of a module's document, or go on with the one that was begun."""
    module = doors.module_for(request, pk)
    draft = Draft.objects.filter(author_id=request.user.pk, module=module).first()
    if draft:
        messages.info(request, _("You go on with the draft that you have begun. To begin anew, discard it."))
    else:
        filename = (module.current and module.current.filename) or f"{module.slug}.md"
        upload = loading.Upload(filename, module.text(), module.encoding)
        draft = _keep(upload, module, request.user)
    return redirect("admin:modules_draft_change", draft.pk)


def change(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Show a draft and what loading it would do; keep what was typed; load it if that is asked."""
    language = draft.module.language if draft.module else ""
    form = DraftForm(request.POST or None, old=draft.text, pk=draft.pk, language=language)
    if request.method == "POST" and form.is_valid():
        draft.text = form.cleaned_data["text"]
        draft.save(update_fields=["text", "changed_at"])
        answer = _act(request, draft)
        return answer or redirect("admin:modules_draft_change", draft.pk)
    plan = _plan(draft)
    return render(request, "admin/draft.html", _page(draft, plan) | {"form": form})


def _plan(draft: Draft) -> loading.Plan:
    document = loading.read(draft.text, name=draft.filename, module=draft.module, draft=draft)
    return loading.plan(draft.module, document)


def _act(request: HttpRequest, draft: Draft) -> HttpResponse | None:
    """Do what the pressed button says with a draft that is saved; ``None`` leads back to its page."""
    action = request.POST.get("action")
    if action == "preview":
        return redirect("preview_draft", draft.pk)
    if action not in ("load", "publish"):
        messages.success(request, _("The draft is saved and checked."))
        return None
    plan = _plan(draft)
    if request.POST.get("state", "") != str(plan.state or ""):
        messages.warning(request, plans.moved())
        return None
    return _load(request, draft, plan, publish=action == "publish")


def _load(request: HttpRequest, draft: Draft, plan: loading.Plan, *, publish: bool) -> HttpResponse | None:
    now = timezone.now()
    try:
        module = loading.apply_draft(draft, plan, now=now)
    except DocumentError:
        messages.error(request, _("Nothing is loaded yet: first mend what is listed here."))
        return None
    except loading.Moved:
        messages.warning(request, plans.address_is_taken(plan) or plans.moved())
        return None
    if publish:
        loading.publish(module, by=request.user, now=now)
    module.refresh_from_db()
    messages.success(request, _loaded(module))
    return redirect("admin:modules_module_change", module.pk)


def _loaded(module: Module) -> str:
    if module.is_published:
        return _("“%(title)s” is loaded, and learners see it now.") % {"title": module}
    return _("“%(title)s” is loaded. Learners see it once you publish it.") % {"title": module}


def _page(draft: Draft, plan: loading.Plan) -> dict[str, Any]:
    document = plan.document
    taken = plans.address_is_taken(plan)
    errors = [*([(0, taken)] if taken else []), *plans.losses(plan)]
    return {
        "draft": draft,
        "plan": plan,
        "document": document,
        "sections": [(section, minutes_for(section.words)) for section in document.sections],
        "errors": [(0, text) for _line, text in errors]
        + [(one.line, one.text(_)) for one in document.errors],
        "warnings": [(one.line, one.text(_)) for one in document.warnings],
        "is_behind": plan.module is not None and draft.planned_for_id not in (None, plan.state),
        "is_replaced": draft.module is None and plan.module is not None,
        "summary": _summary(document),
        "crumbs": [(reverse("admin:modules_draft_changelist"), _("Drafts"))],
    }


def _summary(document: Any) -> str:
    questions = len(document.quiz.questions) if document.quiz else 0
    sections = len(document.sections)
    said = [
        ngettext("%(n)d section", "%(n)d sections", sections) % {"n": sections},
        ngettext("%(n)d question", "%(n)d questions", questions) % {"n": questions},
        ngettext("%(n)d word", "%(n)d words", document.words) % {"n": document.words},
    ]
    return ", ".join(said)
