"""Shows the catalogue, the modules that a learner has begun, a module, and its sections."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from modules.authoring import rerendering
from modules.models import Module, Section
from modules.notices.seeing import see_section
from modules.pages.changes import changes_page
from modules.pages.front import front_page, learning_page
from modules.pages.open_attempts import open_attempts_of
from modules.pages.reading import module_page, printable_page, section_page
from modules.pages.shared_links import link_to_front, link_to_module, link_to_section
from modules.reading import access, outlines, places, progress
from modules.reading.merged_sections import section_with_text_of
from modules.views.ahead import is_fetched_ahead, is_looked_at
from modules.views.finishes import unseen_finish
from modules.views.visitors import signs_in_where_needed

# A browser that asks ahead drops this answer and asks again when the page is opened. So a learner has seen the news.
TOO_EARLY = 425


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    page = front_page(request.user, request.GET.get("page", "1"), timezone.now())
    return render(request, "modules/catalogue.html", {"page": page, "share": link_to_front(request)})


@login_required
@require_safe
def learning(request: HttpRequest) -> HttpResponse:
    return render(request, "modules/learning.html", {"page": learning_page(request.user, timezone.now())})


@require_safe
def show_module(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    open_attempts = open_attempts_of(request.user, now)
    module = access.module_for(request.user, slug)
    rerendering.rerender_module(module)
    outline = outlines.outline(module, request.user)
    page = module_page(module, request.user, open_attempts.get(module.pk), now)
    context = {"module": module, "outline": outline, "page": page, "share": link_to_module(request, module)}
    return render(request, "modules/module.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def beginning(request: HttpRequest, slug: str) -> HttpResponse:
    module = access.module_for(request.user, slug)
    if request.method != "POST":  # the sign-in sends a learner back like this
        return redirect(module)
    try:
        progress.begin(cast(User, request.user), module, now=timezone.now())
    except Module.DoesNotExist as error:
        raise Http404 from error
    outline = outlines.outline(module, request.user)
    first = outline.next_stop or outline.quiz
    return redirect(first.url if first else module)


@login_required
@require_safe
def printable(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows all sections of a module on one page, for paper. Nothing is recorded."""
    module = access.module_for(request.user, slug)
    rerendering.rerender_module(module)
    context = {"module": module, "page": printable_page(module)}
    return render(request, "modules/printable.html", context)


@signs_in_where_needed
@require_safe
def show_section(request: HttpRequest, slug: str, identity: str) -> HttpResponse:
    section = access.section_at(request.user, slug, identity)
    if section is None:
        if is_fetched_ahead(request):  # a sentence about it would wait for a page of something else
            raise Http404
        return _lead_on(request, access.module_for(request.user, slug), identity)
    module = section.module
    if rerendering.rerender_module(module):
        section.refresh_from_db(fields=["html", "contents"])
    outline = outlines.outline(module, request.user)
    stop = outline.stop(identity)
    if stop is None:
        raise Http404
    read_before = progress.read_before(request.user, section, stop)
    page = section_page(section, stop, outline, read_before, request.user)
    # Nobody else is told of a section, so that their pages cost no query for it.
    is_news = stop.has_lapsed or (outline.is_finished and (page.read_before or not stop.is_read))
    if is_news and is_fetched_ahead(request):
        return HttpResponse(status=TOO_EARLY)
    if is_news and is_looked_at(request):
        see_section(request.user, section, now=timezone.now())
    context = {"module": module, "outline": outline, "page": page}
    if not request.user.is_authenticated:  # other sites ask without an account
        context["share"] = link_to_section(request, section)
    response = render(request, "modules/section.html", context)
    response["Speculation-Rules"] = f'"{static("js/next-section.speculationrules")}"'
    return response


def _lead_on(request: HttpRequest, module: Module, identity: str) -> HttpResponse:
    """Leads an address that no section has now to the quiz with this identity, or to the section that had it.

    Learners who have begun the module are told of a section that nobody remembers, too: they may have a bookmark.
    """
    if module.active_quiz and module.active_quiz.identity == identity:
        return redirect(module.active_quiz)
    section = access.section_of(module, identity)
    if section is None and not module.begun_at:
        raise Http404
    if section is None or section.archived_at:
        return redirect(_say_gone(request, module, section) or module)
    return redirect(section)


def _say_gone(request: HttpRequest, module: Module, section: Section | None) -> Section | None:
    """Says that a section is gone, or which section has its text now. Returns that section."""
    home = section_with_text_of(section) if section else None
    if section and home:
        titles = {"title": section.title, "other": home.title}
        sentence = gettext("“%(title)s” is now part of “%(other)s”.") % titles
    elif section:
        sentence = gettext("“%(title)s” is no longer part of this module.") % {"title": section.title}
    else:
        sentence = gettext("That section is no longer part of this module.")
    kept = gettext("What you did in it is kept.") if module.begun_at and not home else ""
    messages.info(request, f"{sentence} {kept}".strip())
    return home


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest, slug: str, identity: str) -> HttpResponse:
    if request.method != "POST":  # the sign-in sends a learner back like this
        return redirect("section", slug, identity)
    module = access.module_for(request.user, slug)
    shown = request.POST.get("revision", "")
    revision = int(shown) if shown.isdecimal() and len(shown) < 16 else None
    section = access.section_of(module, identity, revision=revision)
    try:
        if section is not None:
            progress.record_reading(cast(User, request.user), section, now=timezone.now(), revision=revision)
    except Section.DoesNotExist:
        section = None
    except Module.DoesNotExist as error:
        raise Http404 from error
    if section is None or section.archived_at:
        _say_gone(request, module, section)
    return unseen_finish(request, module) or redirect(_way_on(request, module, section))


def _way_on(request: HttpRequest, module: Module, section: Section | None) -> str | Module:
    """Returns where a reading leads: to the next section, or back to its own page if the learner asked for that."""
    if section is None:
        return module
    outline = outlines.outline(module, request.user)
    stop = None if section.archived_at else outline.stop(section.identity)
    if stop is None:
        following = outline.next_stop or outline.quiz
    else:
        following = stop if request.POST.get("go") == "back" else outline.after(stop)
    return following.url if following else module


@login_required
@require_POST
def place(request: HttpRequest, slug: str, identity: str) -> HttpResponse:
    """Keeps the place at which a learner leaves a section. The script that sends it waits for no answer."""
    section = access.section_at(request.user, slug, identity)
    if section is None:
        raise Http404
    block = request.POST.get("block", "")
    number = int(block) if block.isdecimal() and len(block) < 6 else 0
    places.keep_place(cast(User, request.user), section, request.POST.get("anchor", ""), number)
    return HttpResponse(status=204)


@login_required
@require_safe
def changes(request: HttpRequest, slug: str, identity: str) -> HttpResponse:
    """Shows the changes of a section since the learner read it."""
    module = access.module_for(request.user, slug)
    section = access.section_of(module, identity)
    if section is None or section.archived_at or section.identity != identity:
        return _lead_on(request, module, identity)
    page = changes_page(section, access.reading_of(request.user, section))
    return render(request, "modules/changes.html", {"module": module, "page": page})
