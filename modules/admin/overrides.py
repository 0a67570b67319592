"""Edits the overrides of a quiz for one learner or a group: more time, more attempts, other dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from modules.admin import permissions, unsaved_input
from modules.admin.ways_back import keeping, way_back
from modules.classes.acquaintance import MOST_MATCHES, find_people, known_people, shown_addresses
from modules.forms.overrides import OverrideForm
from modules.models import Override, Quiz
from modules.quizzes import attempts, rules_in_words
from modules.quizzes.learner_rules import rules_with


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def overrides(request: HttpRequest, pk: int) -> HttpResponse:
    """Lists the overrides of a quiz, with a search for a learner and a form for one more.

    If the learner or group has an override already, the page shows that one, with what was filled in.
    """
    quiz = _quiz_of(request, pk)
    chosen = _chosen(request, quiz)
    existing = quiz.overrides.filter(learner=chosen).first() if chosen and request.method != "POST" else None
    if existing:
        one = reverse("admin:modules_module_override", args=[pk, existing.pk])
        return redirect(keeping(one, way_back(request)))
    form = OverrideForm(request.POST or None, quiz=quiz, by=request.user, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        active = form.active()
        if active is None:
            return _save(request, form)
        merged = OverrideForm(None, quiz=quiz, by=request.user, instance=active, initial=form.filled_in())
        return unsaved_input.tell(request, _page_of_one(request, quiz, merged, is_met=True))
    page = {
        "others": _others(request, quiz),
        "form": form,
        "chosen": chosen,
        "query": request.GET.get("q", ""),
        "matches": find_people(request.user, quiz.module, request.GET["q"]) if "q" in request.GET else None,
        "most": MOST_MATCHES,
    }
    return _page(request, quiz, "admin/overrides.html", page, [])


@dataclass(frozen=True, slots=True)
class Special:
    """An override in the list. ``address`` is empty where the instructor does not see it anyway."""

    override: Override
    name: str
    address: str
    differences: Sequence[str]


def _others(request: HttpRequest, quiz: Quiz) -> list[Special]:
    overrides = list(quiz.overrides.select_related("learner", "group"))
    learners = [override.learner_id for override in overrides if override.learner_id]
    addresses = shown_addresses(request.user, quiz.module, learners)
    return [
        Special(each, *_whose(each, addresses.get(each.learner_id or 0, "")), differences(quiz, each))
        for each in overrides
    ]


def _whose(override: Override, address: str) -> tuple[str, str]:
    """Returns the name of whom an override is for, and the address if it says more than the name."""
    if override.learner is None:
        return str(override.group), ""
    name = override.learner.name
    return (name, address) if name else (address or _("A learner without a name"), "")


def _chosen(request: HttpRequest, quiz: Quiz) -> User | None:
    """Returns the learner who was chosen in the list of matches, if the person who asks may know them."""
    key = permissions.number(request.POST.get("learner") or request.GET.get("learner", ""))
    return known_people(request.user, quiz.module).filter(pk=key).first() if key else None


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def change(request: HttpRequest, pk: int, override: int) -> HttpResponse:
    """Shows the override of a learner or a group, to be changed."""
    quiz = _quiz_of(request, pk)
    form = OverrideForm(
        request.POST or None, quiz=quiz, by=request.user, instance=_override_of(quiz, override)
    )
    if request.method == "POST" and form.is_valid():
        return _save(request, form)
    return _page_of_one(request, quiz, form)


@permissions.by_a_form_of("admin:modules_module_overrides")
def removal(request: HttpRequest, pk: int, override: int) -> HttpResponse:
    """Deletes an override, so that the rules of the quiz count again for a learner or a group."""
    _override_of(_quiz_of(request, pk), override).delete()
    messages.success(request, _("Taken away. The rules of the quiz count again."))
    return redirect(_list_or_back(request, pk))


def _save(request: HttpRequest, form: OverrideForm) -> HttpResponse:
    lengthened = attempts.extend_for_override(form.save(), now=timezone.now())
    sentence = ngettext(
        "Saved. %(n)d attempt that is under way has more time now.",
        "Saved. %(n)d attempts that are under way have more time now.",
        lengthened,
    )
    messages.success(
        request,
        sentence % {"n": lengthened}
        if lengthened
        else _("Saved. It counts for attempts that begin from now on."),
    )
    return redirect(_list_or_back(request, form.quiz.module_id))


def _list_or_back(request: HttpRequest, module: int) -> str:
    """Returns the page from which somebody came to the rules, such as that of a learner, or the list of the quiz.

    A browser keeps the fragment of a form's page, which would scroll past the message and the new rules.
    """
    return (way_back(request) or reverse("admin:modules_module_overrides", args=[module])) + "#main"


def _page_of_one(
    request: HttpRequest, quiz: Quiz, form: OverrideForm, *, is_met: bool = False
) -> HttpResponse:
    """Shows one override to be changed. ``is_met`` says that somebody was about to add a second one."""
    everybody = reverse("admin:modules_module_overrides", args=[quiz.module_id])
    override, back = form.instance, way_back(request)
    addresses = shown_addresses(request.user, quiz.module, [override.learner_id or 0])
    name, address = _whose(override, addresses.get(override.learner_id or 0, ""))
    page = {
        "override": override,
        "name": name,
        "address": address,
        "form": form,
        "is_met": is_met,
        "save_url": keeping(
            reverse("admin:modules_module_override", args=[quiz.module_id, override.pk]), back
        ),
        "back_url": back or everybody,
    }
    return _page(request, quiz, "admin/override.html", page, [(everybody, _("Special rules"))])


def _page(
    request: HttpRequest, quiz: Quiz, template: str, page: dict[str, Any], crumbs: list[tuple[str, str]]
) -> HttpResponse:
    module = quiz.module
    frame = {
        "module": module,
        "rules": rules_in_words.sentences(quiz, rules_with(quiz), has_multiple=False),
        "crumbs": [
            (reverse("admin:modules_module_changelist"), _("Modules")),
            (reverse("admin:modules_module_change", args=[module.pk]), module.title),
            *crumbs,
        ],
    }
    return render(request, template, frame | page)


def _quiz_of(request: HttpRequest, pk: int) -> Quiz:
    quiz = permissions.module_for(request, pk).active_quiz
    if quiz is None:
        raise Http404
    return quiz


def _override_of(quiz: Quiz, pk: int) -> Override:
    return get_object_or_404(quiz.overrides.select_related("learner", "group"), pk=permissions.number(pk))


# The rules that an override may change, by the fields of learner rules.
FIELDS = {"attempts": "attempts", "time_limit": "minutes", "opens": "opens_at", "closes": "closes_at"}


def differences(quiz: Quiz, override: Override) -> list[str]:
    """Returns a sentence for each rule that an override changes, with the rule that everybody else has."""
    changed, usual = rules_with(quiz, [override]), rules_with(quiz)
    differ = [
        _("%(rule)s: %(value)s, for everybody else %(other)s.")
        % {
            "rule": rules_in_words.NAMES[name],
            "value": rules_in_words.value_in_words(name, getattr(changed, field)),
            "other": rules_in_words.value_in_words(name, getattr(usual, field)),
        }
        for name, field in FIELDS.items()
        if getattr(changed, field) != getattr(usual, field)
    ]
    return [sentence[:1].upper() + sentence[1:] for sentence in differ] or [_("As for everybody.")]
