"""The catalogue, a module, its sections, and what a learner has under way."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from modules.authoring import rerendering
from modules.document.compare import formula_signs, moved_text, passages, word_diff
from modules.document.compare.formula_signs import with_formulas
from modules.document.compare.likeness import body
from modules.document.html.render import place
from modules.models import FormerText, Module, Reading, Section, begun_by, with_outline_for
from modules.pages import quiz_pages
from modules.quizzes import rules_in_words
from modules.quizzes.learner_rules import rules_for
from modules.reading import access, cards, outlines, progress, visible_grades


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    open_attempts = quiz_pages.open_attempts_of(request.user, timezone.now())
    modules = with_outline_for(Module.objects.published(), request.user)
    going_on = cards.continue_with(request.user, open_attempts)
    return render(
        request,
        "modules/catalogue.html",
        {
            "continue_with": going_on and outlines.outline(going_on, request.user),
            "open_attempt": next(iter(open_attempts.values()), None),
            "cards": cards.cards(modules, request.user, open_attempts),
        },
    )


@login_required
@require_safe
def learning(request: HttpRequest) -> HttpResponse:
    open_attempts = quiz_pages.open_attempts_of(request.user, timezone.now())
    modules = begun_by(with_outline_for(Module.objects.published(), request.user), request.user)
    return render(
        request,
        "modules/learning.html",
        {"cards": cards.cards(modules, request.user, open_attempts)},
    )


@require_safe
def module(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    open_attempts = quiz_pages.open_attempts_of(request.user, now)
    module = access.module_for(request.user, slug)
    rerendering.rerender_module(module)
    outline = outlines.outline(module, request.user)
    quiz = module.active_quiz
    return render(
        request,
        "modules/module.html",
        {
            "module": module,
            "outline": outline,
            "enrolment": module.begun_at,
            "introduction": place(module.introduction, module.get_absolute_url()),
            "quiz": quiz,
            "rules": rules_in_words.summary(quiz, rules_for(quiz, request.user), now) if quiz else (),
            "questions": module.question_count or 0,
            "begin_url": reverse("beginning", args=[slug]),
            "open_attempt": open_attempts.get(module.pk),
            "grade": visible_grades.visible_grades([module], request.user).get(module.pk),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def beginning(request: HttpRequest, slug: str) -> HttpResponse:
    module = access.module_for(request.user, slug)
    if request.method != "POST":  # who had to sign in on the way comes back like this
        return redirect(module)
    progress.begin(cast(User, request.user), module, now=timezone.now())
    outline = outlines.outline(module, request.user)
    going_on = outline.next_stop or outline.quiz
    return redirect(going_on.url if going_on else module)


@login_required
@require_safe
def section(request: HttpRequest, slug: str, identity: str) -> HttpResponse:
    section = access.section_at(slug, identity)
    if section is None:
        return _lead_on(request, access.module_for(request.user, slug), identity)
    module = section.module
    if rerendering.rerender_module(module):
        section.refresh_from_db(fields=["html", "contents"])
    outline = outlines.outline(module, request.user)
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
            "changes_url": reverse("changes", args=[slug, identity]),
            "is_read": stop.is_read,
            "read_before": progress.read_before(request.user, section, stop),
        },
    )


def _lead_on(request: HttpRequest, module: Module, identity: str) -> HttpResponse:
    """Where an address leads that no section has now: to the quiz, whose heading a document may link to, or on."""
    if module.active_quiz and module.active_quiz.identity == identity:
        return redirect(module.active_quiz)
    section = access.section_of(module, identity)
    if section is None:
        raise Http404
    if section.archived_at:
        return redirect(_say_gone(request, section) or module)
    return redirect(section)


def _say_gone(request: HttpRequest, section: Section | None) -> Section | None:
    """Say that a section is gone, or where its text stands now; the section that has it."""
    home = _home_of(section) if section else None
    said = gettext("That section is no longer part of this module.")
    if section and home:
        names = {"title": section.title, "other": home.title}
        said = gettext("“%(title)s” is now part of “%(other)s”.") % names
    elif section:
        said = gettext("“%(title)s” is no longer part of this module.") % {"title": section.title}
    messages.info(request, said)
    return home


def _home_of(section: Section) -> Section | None:
    """The one standing section that has every line of an archived one: it was merged into it."""
    text = body(section.source)
    active = section.module.sections.active().select_related("module")
    homes = [one for one in active if moved_text.gave_away(text, "", [one.source])] if text.strip() else []
    return homes[0] if len(homes) == 1 else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest, slug: str, identity: str) -> HttpResponse:
    if request.method != "POST":  # who had to sign in on the way comes back like this
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
    if section is None or section.archived_at:
        _say_gone(request, section)
    return redirect(_way_on(request, module, section))


def _way_on(request: HttpRequest, module: Module, section: Section | None) -> str | Module:
    """Where a reading leads: to the next section, or back to its own page where that is asked for."""
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
@require_safe
def changes(request: HttpRequest, slug: str, identity: str) -> HttpResponse:
    """Shows the changes of a section since the learner read it."""
    module = access.module_for(request.user, slug)
    section = access.section_of(module, identity)
    if section is None or section.archived_at or section.identity != identity:
        return _lead_on(request, module, identity)
    reading = access.reading_of(request.user, section)
    former = progress.text_read(reading)
    return render(
        request,
        "modules/changes.html",
        {
            "module": module,
            "section": section,
            "reading": reading,
            "former": former,
            "rows": _rows(reading, former, section),
            "is_behind": progress.is_behind(reading),
            "reading_url": reverse("reading", args=[slug, identity]),
        },
    )


Told = word_diff.Row | word_diff.Moved | word_diff.Skipped


def _rows(reading: Reading, former: FormerText | Section, section: Section) -> list[Told]:
    """Returns the changed passages, with a little around them; empty where all the words are the same."""
    formulas = formula_signs.Formulas()
    before, after = (passages.passages(one.source, formulas) for one in (former, section))
    rows = word_diff.compare(before, after)
    if all(row.is_same for row in rows):
        return []
    now = [(one, one) for one in section.module.sections.active().exclude(pk=section.pk)]
    told = moved_text.with_moves(
        word_diff.with_code_marked(rows, former.source, section.source),
        _places(section.module, now, _lines(former) - _lines(section), formulas),
        _places(
            section.module,
            progress.other_texts_read(reading),
            _lines(section) - _lines(former),
            formulas,
        ),
    )
    return [_as_html(row, formulas) for row in word_diff.folded(word_diff.tidied(told))]


def _places(
    module: Module,
    texts: Iterable[tuple[Section, FormerText | Section]],
    lines: set[str],
    formulas: formula_signs.Formulas,
) -> dict[word_diff.Place, list[str]]:
    """The passages of those texts that have some of these lines; the others are not worth parsing."""
    return {
        word_diff.Place(
            text.title,
            "" if section.archived_at else reverse("section", args=[module.slug, section.identity]),
        ): passages.passages(text.source, formulas)
        for section, text in texts
        if lines & _lines(text)
    }


def _lines(text: FormerText | Section) -> set[str]:
    return {line.strip() for line in text.source.splitlines()} - {""}


def _as_html(row: Told, formulas: formula_signs.Formulas) -> Any:
    if isinstance(row, word_diff.Moved):
        return replace(row, rows=tuple(_as_html(one, formulas) for one in row.rows))
    if isinstance(row, word_diff.Skipped):
        return row

    def shown(runs: tuple[word_diff.Run, ...]) -> tuple[word_diff.Run, ...]:
        return tuple(replace(run, text=with_formulas(run.text, formulas)) for run in runs)

    return replace(row, before=shown(row.before), after=shown(row.after))
