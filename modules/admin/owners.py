"""Shows whose module it is: to others with what they may do, and to its owner with a form for the helpers."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from modules.admin import permissions
from modules.admin.class_access import person_of
from modules.models import Module

MOST_PEOPLE = 20  # instructors that the page lists at once; of more, the search finds the others


def name_of(module: Module) -> str:
    """Returns the name of the owner, or the administrators if the module has none."""
    return str(module.owner.name or module.owner.email) if module.owner else _("The administrators")


def helpers_of(module: Module) -> list[User]:
    return list(module.helpers.order_by("name", "email"))


def page_of_others(request: HttpRequest, module: Module) -> HttpResponse:
    """Shows what an instructor may do with a module of somebody else: see it as a learner, and copy it."""
    crumbs = [(reverse("admin:modules_module_changelist"), _("Modules"))]
    page = {"module": module, "owner": name_of(module), "crumbs": crumbs}
    return render(request, "admin/module_of_others.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the owner and the helpers, and does what a button says: the owner is changed by administrators alone."""
    module = permissions.owned_module_for(request, pk)
    if request.method == "POST":
        with transaction.atomic():
            sentence = _do(request, module)
            _write_history(request, module, sentence)
        messages.success(request, sentence)
        return redirect("admin:modules_module_owners", pk)
    typed = " ".join(request.GET.get("q", "").split())[:100]
    # Administrators may do all, so they can only become owners.
    wanted = _instructors() if request.user.is_superuser else _instructors().filter(is_superuser=False)
    people = list(_found(wanted, module, typed)[: MOST_PEOPLE + 1])
    crumbs = [
        (reverse("admin:modules_module_changelist"), _("Modules")),
        (reverse("admin:modules_module_change", args=[module.pk]), module.title),
    ]
    return render(
        request,
        "admin/owners.html",
        {
            "module": module,
            "owner": name_of(module),
            "helpers": helpers_of(module),
            "typed": typed,
            "people": people[:MOST_PEOPLE],
            "has_more": len(people) > MOST_PEOPLE,
            "crumbs": crumbs,
        },
    )


def _found(people: QuerySet[User], module: Module, typed: str) -> QuerySet[User]:
    """Returns those who neither own nor help with a module, by what was typed of their names or addresses."""
    people = people.exclude(pk=module.owner_id or 0).exclude(helped_modules=module)
    for word in typed.split():
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return people.order_by("name", "email")


def _instructors() -> QuerySet[User]:
    return User.objects.filter(is_staff=True, is_active=True)


def _do(request: HttpRequest, module: Module) -> str:
    """Does what a button of the page says with the person that it names. Returns a sentence about it."""
    person = permissions.number(request.POST.get("person", ""))
    acts: dict[str, Callable[[Module, int], str]] = {"name": _name, "dismiss": _dismiss}
    if request.user.is_superuser:
        acts |= {"own": _give, "disown": _take}
    act = acts.get(request.POST.get("action", ""))
    if act is None:
        raise Http404
    return act(module, person)


def _write_history(request: HttpRequest, module: Module, sentence: str) -> None:
    """Keeps who changed the owner or a helper of a module, and when."""
    person = person_of(request)
    LogEntry.objects.log_actions(person.pk, [module], CHANGE, sentence, single_object=True)


def _name(module: Module, pk: int) -> str:
    others = _instructors().filter(is_superuser=False).exclude(pk=module.owner_id or 0)
    person = get_object_or_404(others, pk=pk)
    module.helpers.add(person)
    return _("%(name)s helps with this module now.") % {"name": person}


def _dismiss(module: Module, pk: int) -> str:
    person = get_object_or_404(module.helpers.all(), pk=pk)
    module.helpers.remove(person)
    return _("%(name)s no longer helps with this module. Drafts that they have begun for it rest.") % {
        "name": person
    }


@transaction.atomic
def _give(module: Module, pk: int) -> str:
    person = get_object_or_404(_instructors(), pk=pk)
    Module.objects.filter(pk=module.pk).update(owner=person)
    module.helpers.remove(person)
    return _("%(name)s owns this module now.") % {"name": person}


def _take(module: Module, _pk: int) -> str:
    Module.objects.filter(pk=module.pk).update(owner=None)
    return _("This module belongs to the administrators now.")
