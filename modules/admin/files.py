"""Gives results as files for a spreadsheet: small ones at once, and large ones as soon as the worker has made them.

The files of a module are for those who may change it, and the table of a class is for its instructors. Both is asked
again at each page and at the download. The admin lets no browser keep any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from modules.admin import permissions
from modules.admin.class_access import class_for, classes_of, frame, person_of
from modules.insights import table_files, table_forms
from modules.models import Attempt, Module, Question, StudyClass, TableFile
from modules.pages.table_offers import offer_of, offers_of
from modules.quizzes import attempts

View = Callable[..., HttpResponseBase]
Table, Form = TableFile.Table, TableFile.Form
OF_MODULE = (Table.QUESTIONS, Table.LEARNERS, Table.ANSWERS, Table.FIGURES, Table.TYPED)
SECONDS = 3  # until the page of a file looks again


def urls_of_module(guard: Callable[[View], View]) -> Iterator[URLPattern]:
    page = "<int:pk>/files/"
    yield path(page, guard(of_module), name="modules_module_files")
    yield path(f"{page}<int:file>/", guard(file_of_module), name="modules_module_file")
    yield path(f"{page}<int:file>/download/", guard(download_of_module), name="modules_module_file_download")
    for form in Form.values:
        for table in OF_MODULE:
            address, name = f"<int:pk>/results/{table}.{form}", f"modules_module_{table}_{form}"
            yield path(address, guard(table_of_module), {"table": table, "form": form}, name=name)
        address, name = f"questions/<int:pk>/answers.{form}", f"modules_module_question_{form}"
        yield path(address, guard(answers_to_question), {"form": form}, name=name)


def urls_of_class(guard: Callable[[View], View]) -> Iterator[URLPattern]:
    page = "<int:pk>/files/"
    yield path(page, guard(of_class), name="modules_studyclass_files")
    yield path(f"{page}<int:file>/", guard(file_of_class), name="modules_studyclass_file")
    yield path(
        f"{page}<int:file>/download/", guard(download_of_class), name="modules_studyclass_file_download"
    )
    for form in Form.values:
        address, name = f"<int:pk>/grades.{form}", f"modules_studyclass_grades_{form}"
        yield path(address, guard(table_of_class), {"form": form}, name=name)


# ------------------------------------------------------------------------------------------------ asking for a table


@require_http_methods(["GET", "HEAD", "POST"])
def of_module(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Offers the tables of a module, of all its learners or of a class, and takes the choice."""
    module = _module_for(request, pk)
    study_class, question = _chosen_class(request), _chosen_question(request, module)
    tables = [Table.ANSWERS] if question else OF_MODULE
    files = [
        TableFile(table=table, module=module, study_class=study_class, question=question) for table in tables
    ]
    if request.method == "POST":
        return _asked(request, files)
    page = {
        "module": module,
        "study_class": study_class,
        "question": question,
        "classes": classes_of(request.user).filter(assignments__module=module).order_by("group__name"),
        "offers": offers_of(files, now=timezone.now()),
        "files": _with_addresses(_files_of(request).filter(module=module)),
        "crumbs": _crumbs_of(module),
    }
    return render(request, "admin/files_of_module.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def of_class(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Offers the table of a class, and leads to those of its modules that the person may change."""
    study_class = class_for(request, pk)
    files = [TableFile(table=Table.CLASS, study_class=study_class)]
    if request.method == "POST":
        return _asked(request, files)
    page = {
        "tab": "files",
        "offers": offers_of(files, now=timezone.now()),
        "files": _with_addresses(_files_of(request).filter(study_class=study_class, module=None)),
        "modules": Module.objects.changeable_by(request.user).filter(assignments__study_class=study_class),
    }
    return render(request, "admin/files_of_class.html", frame(study_class) | page)


@require_safe
def table_of_module(request: HttpRequest, pk: int, table: str, form: str) -> HttpResponseBase:
    module, study_class = _module_for(request, pk), _chosen_class(request)
    return _at_once(request, TableFile(table=table, form=form, module=module, study_class=study_class))


@require_safe
def answers_to_question(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """Returns every answer to one question."""
    question = permissions.question_for(request, pk)
    module = _module_for(request, question.quiz.module_id)
    return _at_once(request, TableFile(table=Table.ANSWERS, form=form, module=module, question=question))


@require_safe
def table_of_class(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    return _at_once(request, TableFile(table=Table.CLASS, form=form, study_class=class_for(request, pk)))


def _at_once(request: HttpRequest, file: TableFile) -> HttpResponseBase:
    """Returns a small table. A large one is asked for on its page, because a link should not begin any work."""
    if offer_of(file, now=timezone.now()).is_large:
        messages.info(
            request, _("This table is large. Choose its form here, and it is made in the background.")
        )
        return redirect(_page_of(file))
    return _response(file)


def _asked(request: HttpRequest, files: list[TableFile]) -> HttpResponseBase:
    """Answers the choice of a table and a form: with the file, or with the page of the file that the worker makes."""
    file = next((file for file in files if file.table == request.POST.get("table")), files[0])
    file.form = request.POST.get("form", "")
    if file.form not in Form.values:
        raise Http404
    now = timezone.now()
    offer = offer_of(file, now=now)
    if not offer.fits(file.form):
        messages.error(request, _("This table is too large for ODS. Choose XLSX or CSV."))
        return redirect(_page_of(file))
    if not offer.is_large:
        return _response(file)
    file.asked_by, file.language = person_of(request), get_language() or ""
    return redirect(_address(table_files.ask(file, now=now)))


def _response(file: TableFile) -> HttpResponse:
    content = BytesIO()
    table_forms.write(table_files.source_of(file, now=timezone.now()).table(), file.form, content)
    response = HttpResponse(content.getvalue(), content_type=table_forms.CONTENT_TYPES[Form(file.form)])
    response["Content-Disposition"] = content_disposition_header(True, file.download_name) or "attachment"
    return response


# ------------------------------------------------------------------------------------------------ the worker's files


@require_safe
def file_of_module(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    module = _module_for(request, pk)
    page = {"module": module, "crumbs": _crumbs_of(module)}
    return _page(request, _file_for(request, file, module=module), page)


@require_safe
def file_of_class(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    study_class = class_for(request, pk)
    return _page(request, _file_for(request, file, study_class=study_class, module=None), frame(study_class))


@require_safe
def download_of_module(request: HttpRequest, pk: int, file: int) -> FileResponse:
    return _download(_file_for(request, file, module=permissions.module_for(request, pk)))


@require_safe
def download_of_class(request: HttpRequest, pk: int, file: int) -> FileResponse:
    return _download(_file_for(request, file, study_class=class_for(request, pk), module=None))


def _page(request: HttpRequest, file: TableFile, page: dict[str, object]) -> HttpResponse:
    """Shows how far a file is, and looks again by itself until the file is whole."""
    own = {
        "file": file,
        "is_tried_again": table_files.is_tried_again(file),
        "seconds": SECONDS,
        "back": _page_of(file),
        "download": _address(file, "_download"),
    }
    return render(request, "admin/file.html", page | own)


def _download(file: TableFile) -> FileResponse:
    if file.finished_at is None:
        raise Http404
    try:
        content = file.path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        content,
        as_attachment=True,
        filename=file.download_name,
        content_type=table_forms.CONTENT_TYPES[Form(file.form)],
    )


def _files_of(request: HttpRequest) -> QuerySet[TableFile]:
    """Returns the files that the person has asked for, as long as they are kept."""
    files = TableFile.objects.kept(timezone.now()).filter(asked_by=person_of(request))
    return files.select_related("module", "study_class__group", "question")


def _file_for(request: HttpRequest, pk: int, **of: Module | StudyClass | None) -> TableFile:
    """Returns a file of the person who asks, or raises 404. A class that it is limited to has to be theirs still."""
    file = get_object_or_404(_files_of(request).filter(**of), pk=pk)
    if file.study_class_id:
        class_for(request, file.study_class_id)
    return file


# ------------------------------------------------------------------------------------------------ addresses


def _page_of(file: TableFile) -> str:
    """Returns the address of the page on which a table is asked for."""
    if file.module_id is None:
        return reverse("admin:modules_studyclass_files", args=[file.study_class_id])
    chosen = {"class": file.study_class_id, "question": file.question_id}
    query = urlencode({name: key for name, key in chosen.items() if key})
    return reverse("admin:modules_module_files", args=[file.module_id]) + (f"?{query}" if query else "")


def _address(file: TableFile, part: str = "") -> str:
    model, pk = ("module", file.module_id) if file.module_id else ("studyclass", file.study_class_id)
    return reverse(f"admin:modules_{model}_file{part}", args=[pk, file.pk])


def _with_addresses(files: Iterable[TableFile]) -> list[tuple[str, TableFile]]:
    return [(_address(file), file) for file in files]


def _crumbs_of(module: Module) -> list[tuple[str, str]]:
    return [
        (reverse("admin:modules_module_changelist"), _("Modules")),
        (reverse("admin:modules_module_change", args=[module.pk]), module.title),
        (reverse("admin:modules_module_overview", args=[module.pk]), _("Results")),
    ]


def _module_for(request: HttpRequest, pk: int) -> Module:
    """Returns a module whose attempts are closed if their time is up."""
    module = permissions.module_for(request, pk)
    attempts.close_late(Attempt.objects.filter(quiz__module=module), now=timezone.now())
    return module


def _chosen_class(request: HttpRequest) -> StudyClass | None:
    """Returns the class that the address names. Only its instructors may have the members of a class."""
    chosen = request.GET.get("class", "")
    return class_for(request, chosen) if chosen else None


def _chosen_question(request: HttpRequest, module: Module) -> Question | None:
    chosen = request.GET.get("question", "")
    if not chosen:
        return None
    return get_object_or_404(Question.objects.filter(quiz__module=module), pk=permissions.number(chosen))
