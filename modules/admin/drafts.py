"""Loads a document: it becomes a draft, an instructor looks at it and mends it, and then it is loaded as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts.models import User, Visitor
from modules.admin import (
    comparisons,
    conversions,
    draft_images,
    hints,
    new_or_replace,
    owners,
    permissions,
    plans,
    unsaved_input,
)
from modules.authoring import planning, policy, quiz_of_file, remarks, starting, uploads
from modules.authoring.problem_lists import problem_list
from modules.document.convert.document import convert
from modules.document.convert.recognise import NOT_SEARCHED, SECONDS
from modules.document.deadline import Deadline, TooSlow
from modules.document.problems import DocumentError
from modules.document.syntax import separate_key, source
from modules.document.syntax.parser import Document, Question, Quiz
from modules.document.syntax.values import Section
from modules.forms.documents import DraftForm, LoadForm, fingerprint_of
from modules.forms.editor import problem_in_words
from modules.models import Draft, Image, Module, minutes_for
from modules.quizzes import rules_in_words


@admin.register(Draft)
class DraftAdmin(admin.ModelAdmin):
    list_display = ("name", "purpose", "changed_at")
    list_per_page = 50
    actions = None
    delete_confirmation_template = "admin/discard.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Draft]:
        """Returns the drafts of the person who asks."""
        drafts = Draft.objects.open_to(request.user)
        holders = Module.objects.changeable_by(request.user).filter(slug=OuterRef("address")).values("title")
        drafts = drafts.annotate(title_at_address=Subquery(holders[:1]))
        return drafts.select_related("module").defer("text", "remarks")

    @admin.display(description=gettext_lazy("draft"))
    def name(self, draft: Draft) -> str:
        return str(draft)

    @admin.display(description=gettext_lazy("for"))
    def purpose(self, draft: Draft) -> str:
        """Returns the module that a draft changes: its own, or perhaps the one that has the address of its text."""
        title: str | None = getattr(draft, "title_at_address", None)
        if title and not draft.module:
            return _("“%(title)s”, or a new module") % {"title": title}
        return str(draft.module or _("a new module"))

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/plan/", guard(plans.page), name="modules_draft_plan"),
            path("<int:pk>/plan/<int:number>/", guard(plans.part), name="modules_draft_plan_part"),
            path("<int:pk>/module/", guard(new_or_replace.page), name="modules_draft_module"),
            path("<int:pk>/conversion/", guard(conversion), name="modules_draft_conversion"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Drafts")} | (extra_context or {}))

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("admin:modules_module_load")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not permissions.is_there(object_id):
            return rescue(request)
        return change(request, permissions.draft_for(request, object_id))

    def delete_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Discards a draft, and leads back to the module that it was for."""
        draft = permissions.draft_for(request, object_id)
        page = {"draft": draft, "crumbs": plans.crumbs(draft, draft.module)}
        answer = super().delete_view(request, object_id, page)
        if draft.module and isinstance(answer, HttpResponseRedirect):
            return redirect("admin:modules_module_change", draft.module.pk)
        return answer

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Names only the drafts: their images are parts of them."""
        _shown, counts, _permissions, protected = super().get_deleted_objects(objs, request)
        return [str(draft) for draft in objs], counts, set(), protected


@unsaved_input.taken_when_led_on
def load(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Takes a file or a pasted text as a draft, for a module or for a new one."""
    permissions.writers_only(request)
    module = permissions.module_for(request, pk) if pk else None
    form = LoadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        mine = Module.objects.changeable_by(request.user)
        upload, target = quiz_of_file.for_module(form.upload, module, among=mine)
        draft = keep(_with_stored_key(request, upload, target), target, request.user)
        if form.upload.converted_from:
            return _show_converted(request, draft, form.upload)
        draft_images.tell(request, form.upload.notes)
        return show(draft)
    crumbs = [(reverse("admin:modules_module_changelist"), _("Modules"))]
    if module:
        crumbs.append((reverse("admin:modules_module_change", args=[module.pk]), module.title))
    guide = starting.guide(get_language() or "id")
    page = {"form": form, "module": module, "crumbs": crumbs, "guide": guide}
    return render(request, "admin/load.html", page)


def _with_stored_key(request: HttpRequest, upload: uploads.Upload, module: Module | None) -> uploads.Upload:
    """Returns a text that came without its key with the key of its module, and says so, or why that is not possible."""
    try:
        mine = Module.objects.changeable_by(request.user)
        text = uploads.with_stored_key(upload.text, module, filename=upload.filename, among=mine)
    except DocumentError as error:
        messages.error(request, problem_in_words(error.problems[0]))
        return upload
    if text != upload.text:
        messages.info(request, problem_in_words(uploads.STORED_KEY))
    return replace(upload, text=text)


def _show_converted(request: HttpRequest, draft: Draft, upload: uploads.Upload) -> HttpResponse:
    """Leads to the draft that was made of a file of another program. Its page names what the file lost on the way."""
    sentence = _(
        "This draft was made from a file of the format %(format)s. Look through it before you load it."
    )
    messages.success(request, sentence % {"format": upload.converted_from})
    return redirect("admin:modules_draft_change", draft.pk)


def show(draft: Draft) -> HttpResponse:
    """Leads to the plan of a draft, or to the draft itself if it makes a new module or has to be mended first."""
    page = (
        "admin:modules_draft_plan"
        if policy.is_ready(*plans.parse_draft(draft), by=draft.author)
        else "admin:modules_draft_change"
    )
    return redirect(page, draft.pk)


@transaction.atomic
def keep(
    upload: uploads.Upload,
    module: Module | None,
    author: Visitor,
    *,
    part: str = "",
    title: str = "",
    earlier: int = 0,
    original: Draft | None = None,
) -> Draft:
    """Keeps a text as a draft, for a module or for a new one.

    A draft of a ``part``, called ``title``, replaces the ``earlier`` one that was shown. A conversion has the remarks
    of its ``original``, too.
    """
    owner = cast(User, author)
    if part:
        Draft.objects.filter(pk=earlier, author=owner, module=module, part=part).delete()
    draft = Draft.objects.create(
        author=owner,
        module=module,
        part=part,
        part_title=title,
        base_revision=module.current if module else None,
        filename=upload.filename,
        encoding=upload.encoding,
        text=upload.text,
        address="" if module else uploads.address_of(upload.text, upload.filename),
        is_conversion=original is not None,
        remarks=[
            *(original.remarks if original else []),
            *remarks.kept(upload.losses, upload.converted_from),
        ],
    )
    Image.objects.bulk_create(
        [Image(draft=draft, path=path, file=name) for path, name in upload.images.items()]
    )
    return draft


def conversion(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows a draft beside itself in our notation. The button keeps that as a draft of its own."""
    if not permissions.is_there(pk):
        return plans.gone(request)
    draft = permissions.draft_for(request, pk)
    try:
        converted = convert(draft.text, draft.filename, Deadline(SECONDS))
    except TooSlow:
        messages.error(request, _(NOT_SEARCHED))
        return redirect("admin:modules_draft_change", draft.pk)
    document = plans.parse_draft(draft)[1]
    if converted.text == draft.text or separate_key.is_half(document.errors):
        return redirect("admin:modules_draft_change", draft.pk)
    if request.method == "POST":
        upload = conversions.upload_of(draft, converted)
        made = keep(upload, draft.module, request.user, original=draft)
        return redirect("admin:modules_draft_change", made.pk)
    return render(request, "admin/conversion.html", conversions.page_of(draft, converted, document.title))


@permissions.by_a_form_of("admin:modules_module_change")
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begins a draft of a module's document, or continues the one that was begun: the button “Edit as Markdown”.

    With ``anew`` in the form, it begins with the current text, and keeps the draft that was begun.
    """
    module = permissions.module_for(request, pk)
    text = module.text()
    begun = whole_documents(module, request.user)
    draft = (begun.filter(text=text) if "anew" in request.POST else begun).first()
    if draft is None:
        filename = module.current.filename if module.current else ""
        draft = keep(uploads.Upload(filename, text, module.encoding), module, request.user)
    elif draft.text != text:
        messages.info(request, _goes_on(draft))
    return redirect("admin:modules_draft_change", draft.pk)


def whole_documents(module: Module, author: Visitor) -> QuerySet[Draft]:
    """Returns the drafts of a module's whole document that somebody has begun, without those of a part."""
    return Draft.objects.filter(author_id=author.pk, module=module, part="", part_title="")


def _goes_on(draft: Draft) -> str:
    return _(
        "You go on with your draft “%(title)s”, last changed %(moment)s. To begin with the text that stands, go back to the module."
    ) % {
        "title": draft,
        "moment": date_format(timezone.localtime(draft.changed_at), "SHORT_DATETIME_FORMAT"),
    }


@unsaved_input.taken_when_led_on
def change(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Shows a draft and what it makes, keeps the text that was sent, and does what the pressed button says."""
    language = draft.module.language if draft.module else ""
    form = DraftForm(request.POST or None, old=draft.text, pk=draft.pk, language=language)
    comparison: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        if _is_kept(draft, form):
            draft_images.tell(request, form.taken.notes)
            return _act(request, draft) or redirect("admin:modules_draft_change", draft.pk)
        comparison = _both(draft, form)
    module, document = plans.parse_draft(draft)
    crumbs = [(reverse("admin:modules_draft_changelist"), _("Drafts"))]
    context = {"draft": draft, "module": module, "crumbs": crumbs, "form": form}
    page = {"page": _page(draft, module, document)}
    return render(request, "admin/draft.html", context | page | comparison)


def _is_kept(draft: Draft, form: DraftForm) -> bool:
    """Keeps the text that was sent, unless the draft has changed since the page was opened."""
    text = form.taken.text
    draft_images.keep_taken(form.taken, draft)
    if text == draft.text:
        return True
    as_seen = Draft.objects.filter(pk=draft.pk, text=draft.text)
    is_kept = form.cleaned_data["base_fingerprint"] == fingerprint_of(draft.text) and as_seen.update(
        text=text,
        address="" if draft.module else uploads.address_of(text, draft.filename),
        part="",
        changed_at=timezone.now(),
    )
    if is_kept:
        draft.text = text
    return bool(is_kept)


def _both(draft: Draft, form: DraftForm) -> dict[str, Any]:
    """Compares the text that was sent with the saved one, so that saving again is a decision."""
    other = Draft.objects.values_list("text", flat=True).get(pk=draft.pk)
    draft.text = form.cleaned_data["text"]
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["base_fingerprint"] = fingerprint_of(other)  # type: ignore[index]
    form.add_error(
        None,
        _(
            "This draft was saved in another window after you opened it here. What you entered is kept: take over what you need from the other text, then press “Save and check”."
        ),
    )
    return {"other": other, "marked": comparisons.compare_texts(other, draft.text)}


def rescue(request: HttpRequest) -> HttpResponse:
    """Keeps the text that was sent for a draft that is gone, as a draft of its own."""
    permissions.writers_only(request)
    form = DraftForm(request.POST or None, old="", pk=0)
    if not (request.method == "POST" and form.is_valid() and form.cleaned_data["text"].strip()):
        return plans.gone(request)
    text = form.cleaned_data["text"]
    mine = Module.objects.changeable_by(request.user)
    module = mine.filter(pk=permissions.number(request.POST.get("module", ""))).first()
    found = policy.module_for_document(uploads.parse_with_images(text), module, among=mine)
    if found and source.normalise(found.text()) == source.normalise(text):  # the button was pressed twice
        return plans.gone(request, found)
    messages.warning(
        request,
        _("The draft was loaded or discarded meanwhile. Your text is kept: it is a draft of its own now."),
    )
    return redirect(
        "admin:modules_draft_change", keep(uploads.upload_of(form.taken), module, request.user).pk
    )


def _act(request: HttpRequest, draft: Draft) -> HttpResponse | None:
    """Does what the pressed button says with a saved draft. ``None`` leads back to its page."""
    action = request.POST.get("action")
    if action == "preview":
        return redirect("preview_draft", draft.pk)
    if action == "pictures":
        draft_images.keep_wanted(request, draft, plans.parse_draft(draft)[1])
        return None
    if action not in ("plan", "load", "publish"):
        messages.success(request, _("The draft is saved and checked."))
        return None
    return _load(request, draft, publish=action == "publish")


def _load(request: HttpRequest, draft: Draft, *, publish: bool) -> HttpResponse | None:
    """Loads a draft as a new module, or leads to its plan. ``None`` leads back to its page, where errors are listed."""
    module, document = plans.parse_draft(draft)
    if document.errors or plans.slug_is_taken(module, document, draft.author):
        messages.error(request, _("Nothing is loaded yet: first mend what is listed here."))
        return None
    if module:  # an instructor sees the plan before anything is loaded into an existing module
        return redirect("admin:modules_draft_plan", draft.pk)
    plan = planning.plan_document(None, document)
    if not plans.is_reading(request) and policy.shows_foreign_key(plan):
        messages.error(request, plans.foreign_key())
        return None
    return plans.load(request, draft, plan, publish=publish) or show(draft)


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft as its author sees it: what it makes, and its problems.

    ``sections`` come with their minutes, and ``checks`` with the titles of their sections. ``lacks`` says what the
    document has not. ``wanted`` are the missing pictures with the names of their fields. ``foreign`` are its questions
    in other notations. ``owner`` says who has the module at its address, if that is not open to its author.
    """

    document: Document
    sections: Sequence[tuple[Section, int]]
    checks: Sequence[tuple[Question, str]]
    questions: Sequence[tuple[Question, str]]
    errors: object
    missing: object
    missing_title: str
    warnings: object
    lacks: Sequence[object]
    wanted: Sequence[tuple[str, str]]
    foreign: object
    is_behind: bool
    is_replaced: bool
    owner: str
    summary: str
    remarks: remarks.Remarks


def _page(draft: Draft, module: Module | None, document: Document) -> DraftPage:
    taken = plans.slug_is_taken(module, document, draft.author)
    return DraftPage(
        document=document,
        sections=[(section, minutes_for(section.words)) for section in document.sections],
        checks=[(check, section.title) for section in document.sections for check in section.checks],
        questions=list(_asked(document.quiz)) if document.quiz else [],
        errors=problem_list(document.errors, *([taken] if taken else [])),
        **hints.of(document),
        wanted=draft_images.wanted(document),
        foreign=None
        if separate_key.is_half(document.errors)
        else conversions.foreign_in(draft.text, is_new=module is None),
        is_behind=module is not None and draft.base_revision_id not in (None, module.current_id),
        is_replaced=draft.module is None and module is not None,
        owner=owners.name_of(module) if module and not permissions.may_change(draft.author, module) else "",
        summary=_summary(document),
        remarks=remarks.of_draft(draft),
    )


def _asked(quiz: Quiz) -> Iterator[tuple[Question, str]]:
    """Yields the questions of a quiz, each with its pool in words."""
    for place, question in enumerate(quiz.questions):
        pool = next((pool for pool in quiz.pools if pool.holds(place)), None)
        yield question, rules_in_words.pool(pool.title, pool.draw, pool.size) if pool else ""


def _summary(document: Document) -> str:
    questions = len(document.quiz.questions) if document.quiz else 0
    sections = len(document.sections)
    counts = [
        ngettext("%(n)d section", "%(n)d sections", sections) % {"n": sections},
        ngettext("%(n)d question", "%(n)d questions", questions) % {"n": questions},
        ngettext("%(n)d word", "%(n)d words", document.words) % {"n": document.words},
    ]
    return ", ".join(counts)
