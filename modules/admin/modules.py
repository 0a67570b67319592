"""Lists modules in the admin, and shows the page of one module with everything that can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.bounded_search import BoundedSearch
from accounts.models import Visitor
from modules.admin import (
    access,
    api_tokens,
    check_answers,
    copying,
    corrections,
    drafts,
    editing,
    files,
    key_files,
    learners,
    overrides,
    overview,
    owners,
    permissions,
    plan_cards,
    proofs,
    question_page,
    question_table,
    quiz_exports,
    results,
    rules,
    search,
    starting,
    withdrawal,
)
from modules.authoring import downloads
from modules.document.syntax import archive, source
from modules.models import (
    Draft,
    Enrolment,
    Module,
    Pool,
    Question,
    Quiz,
    Revision,
    Section,
    has_learners,
    ownership,
    with_readers,
)
from modules.quizzes import regrade_jobs, rules_in_words
from modules.quizzes.learner_rules import rules_with

MOST_DRAFTS = 5  # drafts that the page of a module names
MEMORY_LIMIT = 1024 * 1024  # bytes of an archive before it goes to disk

View = Callable[..., HttpResponseBase]


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("published", gettext_lazy("Published")), ("unpublished", gettext_lazy("Not published"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Module]) -> QuerySet[Module]:
        if self.value() is None:
            return queryset
        return queryset.filter(published_at__isnull=self.value() == "unpublished")


class OwnerFilter(admin.SimpleListFilter):
    title = gettext_lazy("owner")
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("mine", gettext_lazy("My modules")), ("none", gettext_lazy("The administrators"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Module]) -> QuerySet[Module]:
        if self.value() == "mine":
            helped = request.user.helped_modules.values("pk") if request.user.is_authenticated else []
            return queryset.filter(Q(owner=request.user.pk) | Q(pk__in=helped))
        return queryset.filter(owner=None) if self.value() == "none" else queryset


@admin.register(Module)
class ModuleAdmin(BoundedSearch, admin.ModelAdmin):
    list_display = ("title", "whose", "state", "sections", "questions", "learners", "finished")
    list_filter = (StateFilter, OwnerFilter)
    list_per_page = 50
    search_fields = ("title", "slug", "summary")
    search_help_text = gettext_lazy("Search by title, address or summary")
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Module]:
        """Returns all modules. How many learners a module has, only those see who may change it."""
        modules = Module.objects.visible_to(request.user).select_related("owner")
        changeable = permissions.with_is_changeable(modules, request.user)
        return with_counts(changeable, of=Q(is_changeable=True))

    def has_view_permission(self, request: HttpRequest, obj: Module | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Module | None = None) -> bool:
        is_writer = super().has_change_permission(request, obj)
        return is_writer and (obj is None or permissions.may_change(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Module | None = None) -> bool:
        is_writer = super().has_delete_permission(request, obj)
        return is_writer and (obj is None or permissions.may_delete(request.user, obj))

    @admin.display(description=gettext_lazy("owner"), ordering="owner__name")
    def whose(self, module: Module) -> str:
        return owners.name_of(module)

    @admin.display(description=gettext_lazy("state"), ordering="published_at")
    def state(self, module: Module) -> str:
        if module.published_at is None:
            return _("Not published")
        return _("Published %(date)s") % {"date": day(module.published_at)}

    @admin.display(description=gettext_lazy("sections"), ordering="section_total")
    def sections(self, module: Any) -> int:
        return int(module.section_total)

    @admin.display(description=gettext_lazy("questions"), ordering="question_total")
    def questions(self, module: Any) -> int:
        return int(module.question_total)

    @admin.display(description=gettext_lazy("learners"), ordering="learner_count")
    def learners(self, module: Any) -> int | None:
        return None if module.learner_count is None else int(module.learner_count)

    @admin.display(description=gettext_lazy("finished"), ordering="finished_count")
    def finished(self, module: Any) -> int | None:
        return None if module.finished_count is None else int(module.finished_count)

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [*self._own_urls(guard), *self._quiz_urls(guard), *super().get_urls()]

    @staticmethod
    def _own_urls(guard: Callable[[View], View]) -> list[URLPattern]:
        return [
            path("load/", guard(drafts.load), name="modules_module_load"),
            path("search/", guard(search.search), name="modules_module_search"),
            path("tokens/", guard(api_tokens.tokens), name="modules_module_tokens"),
            path(
                "tokens/<int:token>/withdrawal/",
                guard(api_tokens.withdrawal),
                name="modules_module_token_withdrawal",
            ),
            path("load/example/", guard(starting.example), name="modules_module_example"),
            path("<int:pk>/load/", guard(drafts.load), name="modules_module_load_into"),
            path("<int:pk>/draft/", guard(drafts.begin), name="modules_module_draft"),
            path("<int:pk>/publication/", guard(withdrawal.publication), name="modules_module_publication"),
            path("<int:pk>/withdrawal/", guard(withdrawal.unpublish), name="modules_module_withdrawal"),
            path("archive/", guard(archive_of_all), name="modules_module_everything"),
            path("<int:pk>/access/", guard(access.access), name="modules_module_access"),
            path("<int:pk>/copy/", guard(copying.copy), name="modules_module_copy"),
            path("<int:pk>/owners/", guard(owners.page), name="modules_module_owners"),
            path("<int:pk>/document/", guard(document), name="modules_module_document"),
            path("<int:pk>/document/public/", guard(key_files.public), name="modules_module_public"),
            path("<int:pk>/document/key/", guard(key_files.key), name="modules_module_key"),
            path("<int:pk>/archive/", guard(archive_of_module), name="modules_module_archive"),
            path("<int:pk>/proofs/<int:enrolment>/", guard(proofs.proofs), name="modules_module_proofs"),
            path(
                "<int:pk>/learners/<int:enrolment>/",
                guard(learners.learner_page),
                name="modules_module_learner",
            ),
            path("<int:pk>/quiz/", guard(quiz_exports.page), name="modules_module_quiz"),
            path(
                "<int:pk>/quiz/<slug:key>/", guard(quiz_exports.download), name="modules_module_quiz_export"
            ),
        ]

    @staticmethod
    def _quiz_urls(guard: Callable[[View], View]) -> list[URLPattern]:
        return [
            path("<int:pk>/rules/", guard(rules.rules), name="modules_module_rules"),
            path("<int:pk>/overrides/", guard(overrides.overrides), name="modules_module_overrides"),
            path(
                "<int:pk>/overrides/<int:override>/",
                guard(overrides.change),
                name="modules_module_override",
            ),
            path(
                "<int:pk>/overrides/<int:override>/removal/",
                guard(overrides.removal),
                name="modules_module_override_removal",
            ),
            path("<int:pk>/overview/", guard(overview.overview), name="modules_module_overview"),
            path("<int:pk>/results/", guard(results.results), name="modules_module_results"),
            path("<int:pk>/questions/", guard(question_table.questions), name="modules_module_questions"),
            path(
                "<int:pk>/checks/<int:section>/",
                guard(check_answers.answers),
                name="modules_module_check_answers",
            ),
            *files.urls_of_module(guard),
            path("questions/<int:pk>/", guard(question_page.question), name="modules_module_question"),
            path("questions/<int:pk>/grades/", guard(corrections.question), name="modules_module_grades"),
            path("parts/<str:kind>/<int:key>/", guard(editing.part), name="modules_module_part"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        notice = {
            "is_shared_as_before": request.user.is_superuser and ownership.are_shared_as_before(),
            "has_own": Module.objects.changeable_by(request.user).exists(),
            "has_all": request.user.is_superuser or ownership.are_shared(),
        }
        return super().changelist_view(request, {"title": _("Modules")} | notice | (extra_context or {}))

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("admin:modules_module_load")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        module = permissions.visible_module_for(request, object_id)
        if not module.is_changeable:
            return owners.page_of_others(request, module)
        return render(request, "admin/module.html", page_of(module, request.user))

    def delete_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        module = permissions.module_for(request, object_id)
        if has_learners(module):
            messages.error(
                request,
                _(
                    "Learners have begun this module, so it cannot be deleted. Unpublish it to take it away from new ones."
                ),
            )
            return redirect("admin:modules_module_change", module.pk)
        return super().delete_view(request, object_id, *args, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Names only the modules: revisions and the rest are parts of them."""
        _shown, counts, _permissions, protected = super().get_deleted_objects(objs, request)
        return [str(module) for module in objs], counts, set(), protected


def with_counts(modules: QuerySet[Module], *, of: Q = ownership.ALL) -> QuerySet[Any]:
    """Adds ``section_total``, ``question_total``, ``learner_count`` and ``finished_count``, in one query.

    The last two are empty for modules other than those that ``of`` matches.
    """
    enrolled = Enrolment.objects.counting().filter(module=OuterRef("pk"))
    finished = enrolled.filter(finished_at__isnull=False)
    return modules.annotate(
        section_total=_count(Section.objects.active().filter(module=OuterRef("pk")), "module"),
        question_total=_count(Question.objects.active().filter(quiz__module=OuterRef("pk")), "quiz"),
        learner_count=Case(When(of, then=_count(enrolled, "module")), output_field=IntegerField()),
        finished_count=Case(When(of, then=_count(finished, "module")), output_field=IntegerField()),
    )


def _count(rows: QuerySet[Any], key: str) -> Coalesce:
    counted = rows.order_by().values(key).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")


def page_of(module: Module, user: Visitor) -> dict[str, Any]:
    """Returns what the page of a module shows to an instructor."""
    quiz = module.active_quiz
    sections = list(with_readers(module.sections.active(), of_staff=False))
    questions = list(_questions(quiz)) if quiz else []
    counted = with_counts(Module.objects.filter(pk=module.pk)).values("learner_count", "finished_count")[0]
    return counted | {
        "module": module,
        "quiz": quiz,
        "sections": sections,
        "minutes": sum(section.minutes for section in sections),
        "questions": questions,
        "rules": _rules(quiz, len(questions)) if quiz else [],
        "quiz_opens": rules_in_words.word("quiz_opens", quiz.quiz_opens) if quiz else "",
        "revisions": _latest_revisions(module),
        "drafts": Draft.objects.filter(author_id=user.pk, module=module).defer("text")[:MOST_DRAFTS],
        "has_begun_whole": drafts.whole_documents(module, user).exists(),
        "has_images": module.images.exists(),
        "has_key": quiz is not None or any(section.checks for section in sections),
        "is_begun": has_learners(module),
        "regrade_jobs": regrade_jobs.recent(module, now=timezone.now()),
        "owner": owners.name_of(module),
        "helpers": owners.helpers_of(module),
        "is_owned": Module.objects.owned_by(user).filter(pk=module.pk).exists(),
        "is_deletable": permissions.may_delete(user, module),
        "crumbs": [(reverse("admin:modules_module_changelist"), _("Modules"))],
    }


def _rules(quiz: Quiz, questions: int) -> list[str]:
    return list(rules_in_words.sentences(quiz, rules_with(quiz), has_multiple=True, questions=questions))


def _questions(quiz: Quiz) -> Iterator[tuple[Question, dict[str, Any] | None]]:
    """Yields the questions of a quiz, each with its pool in words."""
    pools = list(quiz.pools.all())
    active = quiz.questions.active().select_related("current")
    for question in active.with_takers(of_staff=False):
        pool = next((pool for pool in pools if pool.holds(question.place)), None)
        yield question, _in_words(pool, question.place) if pool else None


def _in_words(pool: Pool, place: int) -> dict[str, Any]:
    return {
        "words": rules_in_words.pool(pool.title, pool.draw, pool.size),
        "begins_here": pool.place == place,
    }


def _latest_revisions(module: Module) -> list[tuple[Revision, str]]:
    """Returns the latest revisions, each with what it changed."""
    latest = module.revisions.select_related("loaded_by").defer("text")[:5]
    return [(revision, plan_cards.what_changed(revision)) for revision in latest]


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Returns a module's document, byte for byte."""
    module = permissions.module_for(request, pk)
    return download(module.text(), module.encoding, f"{module.slug}.md")


def download(text: str, encoding: str, filename: str) -> HttpResponse:
    """Returns a document as a file."""
    disposition = content_disposition_header(True, filename) or "attachment"
    return HttpResponse(
        source.encode(text, encoding),
        content_type=f"text/markdown; charset={encoding}",
        headers={"Content-Disposition": disposition, "Cache-Control": "private, no-store"},
    )


@require_safe
def archive_of_module(request: HttpRequest, pk: int) -> FileResponse:
    """Returns a module's document with its images, as an archive."""
    copy = downloads.copy_of(permissions.module_for(request, pk))
    return _archive(downloads.files_of(copy), f"{copy.slug}.zip")


@require_safe
def archive_of_all(request: HttpRequest) -> FileResponse:
    """Returns every module that a person may change in a folder of its own, as one archive."""
    permissions.writers_only(request)
    files = downloads.folders_of(downloads.copies(Module.objects.changeable_by(request.user)))
    return _archive(files, f"tuntas-{timezone.localdate()}.zip")


def _archive(files: Iterable[tuple[str, bytes]], filename: str) -> FileResponse:
    """Returns an archive that is streamed from the disk, if it is too large for the memory."""
    packed = SpooledTemporaryFile(MEMORY_LIMIT)  # noqa: SIM115  # the response closes it
    archive.pack(files, packed)
    packed.seek(0)
    return FileResponse(
        packed,
        as_attachment=True,
        filename=filename,
        content_type="application/zip",
        headers={"Cache-Control": "private, no-store"},
    )
