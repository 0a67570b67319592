"""The catalogue, a module, its sections, and what a learner has under way."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from modules import access, loading, progress
from modules.document.render import place
from modules.models import Module


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    modules = Module.objects.published().with_outline_for(request.user)
    going_on = progress.continue_with(request.user)
    return render(
        request,
        "modules/catalogue.html",
        {
            "continue_with": going_on and progress.outline(going_on, request.user),
            "cards": progress.cards(modules, request.user),
        },
    )


@login_required
@require_GET
def learning(request: HttpRequest) -> HttpResponse:
    modules = Module.objects.published().with_outline_for(request.user).begun_by(request.user)
    return render(
        request,
        "modules/learning.html",
        {"cards": progress.cards(modules, request.user)},
    )


@require_GET
def module(request: HttpRequest, slug: str) -> HttpResponse:
    module = access.module_for(request.user, slug)
    loading.freshen(module)
    outline = progress.outline(module, request.user)
    return render(
        request,
        "modules/module.html",
        {
            "module": module,
            "outline": outline,
            "enrolment": module.begun_at,
            "introduction": place(module.introduction, module.get_absolute_url()),
            "quiz": module.standing_quiz,
            "questions": module.question_count or 0,
            "begin_url": reverse("beginning", args=[slug]),
            "best_grade": progress.best_grades([module], request.user).get(module.pk),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def beginning(request: HttpRequest, slug: str) -> HttpResponse:
    module = access.module_for(request.user, slug)
    if request.method == "GET":  # who had to sign in on the way comes back like this
        return redirect(module)
    progress.begin(request.user, module, now=timezone.now())
    outline = progress.outline(module, request.user)
    going_on = outline.next_stop or outline.quiz
    return redirect(going_on.url if going_on else module)


@login_required
@require_GET
def section(request: HttpRequest, slug: str, identity: str) -> HttpResponse:
    section = access.section_at(slug, identity)
    if section is None:
        return _quiz_instead(access.module_for(request.user, slug), identity)
    module = section.module
    if loading.freshen(module):
        section.refresh_from_db(fields=["html", "contents"])
    outline = progress.outline(module, request.user)
    stop = outline.stop(identity)
    if stop is None:
        raise Http404
    return render(
        request,
        "modules/section.html",
        {
            "module": module,
            "outline": outline,
            "stop": stop,
            "section": section,
            "html": place(section.html, module.get_absolute_url()),
            "contents": section.contents,
            "previous": outline.before(stop),
            "next": outline.after(stop),
            "reading_url": reverse("reading", args=[slug, identity]),
            "is_read": stop.is_read,
        },
    )


def _quiz_instead(module: Module, identity: str) -> HttpResponse:
    """A link in a document may lead to the heading of its quiz."""
    if module.standing_quiz and module.standing_quiz.identity == identity:
        return redirect(module.standing_quiz)
    raise Http404


@login_required
@require_http_methods(["GET", "POST"])
def reading(request: HttpRequest, slug: str, identity: str) -> HttpResponse:
    module = access.module_for(request.user, slug)
    section = access.section_of(module, identity)
    if request.method == "GET":  # who had to sign in on the way comes back like this
        return redirect(section)
    shown = request.POST.get("revision", "")
    revision = int(shown) if shown.isdecimal() and len(shown) < 16 else None
    progress.record_reading(request.user, section, now=timezone.now(), revision=revision)
    outline = progress.outline(module, request.user)
    stop = outline.stop(identity)
    following = stop and outline.after(stop)
    return redirect(following.url if following else module)
