"""Shows what loading a draft will do to an existing module: shown, decided, and then applied."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules.admin import ambiguities, effects, hints, permissions, plan_cards, setting_rows
from modules.authoring import apply, planning, policy, uploads
from modules.authoring.plan import Plan
from modules.document.problems import DocumentError
from modules.document.syntax.parser import Document
from modules.forms.decisions import decisions_from
from modules.forms.documents import fingerprint_of
from modules.models import Attempt, Draft, Module
from modules.quizzes import attempts
from modules.quizzes.grading import Effect

MOST_UNDER_WAY = 20  # attempts that are named


def moved() -> str:
    return _("This module was changed meanwhile. Your text is kept. Look at it once more, then load it.")


def other_text() -> str:
    return _(
        "This draft was changed meanwhile, in another window. This is what its text does now: look at it once more, then apply it."
    )


def fingerprint(draft: Draft) -> str:
    """Returns the fingerprint of a draft's text and images, so that a page applies only what it shows."""
    brought = sorted(draft.images.values_list("path", "file"))
    return fingerprint_of(repr((draft.text, brought)))


def slug_is_taken(module: Module | None, document: Document) -> str:
    """Returns a sentence if another module has the slug that the document asks for, else the empty string."""
    holder = policy.slug_holder(module, document)
    if holder is None:
        return ""
    return _(
        "The address “%(slug)s” belongs to “%(title)s”. Give this module another one in its front matter."
    ) % {
        "slug": document.slug,
        "title": holder.title,
    }


def parse_draft(draft: Draft) -> tuple[Module | None, Document]:
    """Returns a draft as a document, and the module that it would change: its own, or the one that has its slug."""
    document = uploads.parse_with_images(draft.text, name=draft.filename, module=draft.module, draft=draft)
    if draft.module:
        return draft.module, document
    module = policy.module_meant(document)
    if module:  # the document may show its images
        document = uploads.parse_with_images(draft.text, name=draft.filename, module=module, draft=draft)
    return module, document


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan of a draft, with what was decided about it; applied, if that is asked and nothing stands in its way."""
    if not permissions.is_there(pk):
        return gone(request)
    draft = permissions.draft_for(request, pk)
    module, document = parse_draft(draft)
    if not policy.is_ready(module, document):
        messages.error(request, _("Nothing is loaded yet: first mend what is listed here."))
        return redirect("admin:modules_draft_change", pk)
    attempts.close_late(Attempt.objects.filter(quiz__module=module), now=timezone.now())
    plan = planning.plan_document(module, document, decisions_from(request.POST))
    asked = _asked(plan)
    trouble: list[str] = []
    action = request.POST.get("action")
    if action in ("load", "publish"):
        trouble = _trouble(request, draft, plan, asked)
        answer = None if trouble else load(request, draft, plan, publish=action == "publish")
        if answer:
            return answer
        if not permissions.is_there(pk):  # the button was pressed twice
            return gone(request)
        if not trouble:  # it was found out only while it was being loaded
            plan, trouble = _again(plan)
    return render(request, "admin/plan.html", _page(draft, plan, asked) | {"trouble": trouble})


def gone(request: HttpRequest, module: Module | None = None) -> HttpResponse:
    """Lead to the module for which a draft was, now that it is loaded or discarded."""
    permissions.writers_only(request)
    messages.info(
        request,
        _("This draft is not there any more: it was loaded or discarded. This is how things stand now."),
    )
    module = (
        module
        or Module.objects.filter(revisions=permissions.number(request.POST.get("base_revision", ""))).first()
    )
    if module is None:
        return redirect("admin:modules_module_changelist")
    return redirect("admin:modules_module_change", module.pk)


def _again(plan: Plan) -> tuple[Plan, list[str]]:
    """The plan for the state that its module is in now, and what is different from before."""
    if plan.module:
        plan.module.refresh_from_db()
    newer = planning.plan_document(plan.module, plan.document, plan.decisions)
    return newer, [moved() if newer.base_revision != plan.base_revision else _other_grades()]


def _asked(plan: Plan) -> list[ambiguities.Asked]:
    if not plan.decisions.meant:
        return ambiguities.asked(plan, plan)
    return ambiguities.asked(plan, planning.plan_document(plan.module, plan.document))


def _trouble(request: HttpRequest, draft: Draft, plan: Plan, asked: list[ambiguities.Asked]) -> list[str]:
    """Why what was seen cannot be applied as it was seen; one sentence each."""
    said = []
    if request.POST.get("seal", "") != fingerprint(draft):
        said.append(other_text())
    if request.POST.get("base_revision", "") != str(plan.base_revision or ""):
        said.append(moved())
    if plan.open_ambiguities:
        titles = get_text_list([f"“{ambiguity.title}”" for ambiguity in plan.open_ambiguities], _("and"))
        said.append(_("Nothing is loaded yet: first say what is meant by %(titles)s.") % {"titles": titles})
    said += ambiguities.claimed_twice(asked)
    if not said and not is_as_promised(plan, request.POST.get("promised", "")):
        said.append(_other_grades())
    return said


def _other_grades() -> str:
    return _(
        "What grading again does was not shown like this yet. Look at the numbers once more, then apply it."
    )


def promises(plan: Plan) -> str:
    """Returns what the page says about grades.

    Of each question that can be graded again, and of those chosen together.
    """
    each = [_promise([change.identity], change.effect) for change in plan.changes if change.effect]
    return " ".join([*each, _promise(_regraded(plan), plan.effect)])


def is_as_promised(plan: Plan, shown: str) -> bool:
    """Whether the regrades that are chosen do exactly what the page that was sent had said."""
    chosen = _regraded(plan)
    return not chosen or _promise(chosen, plan.effect) in shown.split(" ")


def _regraded(plan: Plan) -> list[str]:
    return [change.identity for change in plan.changes if change.regrade]


def _promise(identities: list[str], effect: Effect) -> str:
    numbers = (effect.attempts, effect.up, effect.down, effect.passes, effect.fails)
    return f"{'+'.join(identities)}={'/'.join(map(str, numbers))}"


def load(request: HttpRequest, draft: Draft, plan: Plan, *, publish: bool = False) -> HttpResponse | None:
    """Load a draft as its plan says and lead to its module; ``None`` where the module is not what was planned for."""
    now = timezone.now()
    try:
        module = apply.apply_draft(draft, plan, now=now)
    except (apply.ModuleChanged, DocumentError):
        return None
    if publish:
        module.publish(by=request.user, now=now)
    module.refresh_from_db()
    messages.success(request, _loaded(module))
    return redirect("admin:modules_module_change", module.pk)


def _loaded(module: Module) -> str:
    if module.is_published:
        return _("“%(title)s” is loaded, and learners see it now.") % {"title": module}
    return _("“%(title)s” is loaded. Learners see it once you publish it.") % {"title": module}


def _page(draft: Draft, plan: Plan, asked: list[ambiguities.Asked]) -> dict[str, Any]:
    brought = _images(draft, plan.module)
    claimed_twice = ambiguities.claimed_twice(asked)
    return {
        "draft": draft,
        "seal": fingerprint(draft),
        "plan": plan,
        "module": plan.module,
        "language": plan.document.language or (plan.module.language if plan.module else ""),
        "summary": plan_cards.summary(plan),
        **hints.of(plan.document),
        "ambiguities": asked,
        "claimed_twice": claimed_twice,
        "is_undecided": bool(plan.open_ambiguities or claimed_twice),
        "settings": setting_rows.settings(plan),
        "pictures": brought,
        "cards": plan_cards.cards(plan),
        "together": effects.effect(plan.effect) if len(_regraded(plan)) > 1 else "",
        "open_attempts": _open_attempts(plan),
        "consequences": effects.consequences(plan),
        "promised": promises(plan),
        "changes_nothing": plan.changes_nothing and not any(brought),
        "is_behind": draft.base_revision_id not in (None, plan.base_revision),
        "is_replaced": draft.module is None,
        "crumbs": crumbs(draft, plan.module),
    }


def crumbs(draft: Draft, module: Module | None) -> list[tuple[str, str]]:
    led = [(reverse("admin:modules_module_change", args=[module.pk]), module.title)] if module else []
    return [*led, (reverse("admin:modules_draft_change", args=[draft.pk]), str(draft))]


def _open_attempts(plan: Plan) -> list[Attempt]:
    """The attempts that go on with the questions they began with, the first of them; none where no question changes."""
    has_others = any(change.kind in ("quiz", "question") and not change.is_quiet for change in plan.changes)
    going_on = Attempt.objects.open() if plan.open_attempts and has_others else Attempt.objects.none()
    going_on = going_on.filter(quiz__module=plan.module)
    return list(going_on.select_related("enrolment__learner").order_by("started_at")[:MOST_UNDER_WAY])


def _images(draft: Draft, module: Module | None) -> tuple[int, int]:
    """How many pictures a draft brings that are new to a module, and how many that take another's place."""
    active = dict(module.images.values_list("path", "file")) if module else {}
    brought = draft.images.values_list("path", "file")
    new = sum(path not in active for path, _file in brought)
    return new, sum(active.get(path, file) != file for path, file in brought)


@require_safe
def part(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One change of a plan with all its words, where the page of the plan is too long for them."""
    draft = permissions.draft_for(request, pk)
    module, document = parse_draft(draft)
    plan = planning.plan_document(module, document) if policy.is_ready(module, document) else None
    if plan is None or not number < len(plan.changes):
        raise Http404
    address = reverse("admin:modules_draft_plan", args=[pk])
    page = {
        "card": plan_cards.card(plan.changes[number], number),
        "language": document.language,
        "back": address,
        "crumbs": [*crumbs(draft, module), (address, _("What will happen"))],
    }
    return render(request, "admin/change.html", page)
