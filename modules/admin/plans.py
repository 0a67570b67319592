"""Shows what loading a draft will do to an existing module, takes the decisions, and applies the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Visitor
from modules.admin import (
    ambiguities,
    counting,
    draft_images,
    effects,
    hints,
    pairings,
    permissions,
    plan_cards,
    regrades,
    setting_rows,
    unsaved_input,
)
from modules.admin.plan_promises import decided, is_as_promised, promises, regraded
from modules.authoring import apply, draft_decisions, effect_counts, planning, policy
from modules.authoring.draft_documents import parse_draft
from modules.authoring.effect_counts import BeingCounted
from modules.authoring.effects_in_words import effect_in_words
from modules.authoring.key_effects import NoEffects
from modules.authoring.plan import Ambiguity, Plan
from modules.authoring.proposals import asked_of
from modules.document.problems import DocumentError
from modules.document.syntax.parser import Document
from modules.forms.decisions import decisions_from, reason_from, without_proposals
from modules.forms.documents import fingerprint_of
from modules.models import Attempt, Draft, Module
from modules.quizzes import attempts, withdrawal

MOST_ATTEMPTS = 20  # open attempts that the page names
# The views that a button leads to, by its action.
ELSEWHERE = {"preview": "preview_plan", "text": "admin:modules_draft_change"}


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


def slug_is_taken(module: Module | None, document: Document, by: Visitor) -> str:
    """Returns a sentence if another module has the slug that the document asks for, else the empty string."""
    holder = policy.slug_holder(module, document, by=by)
    if holder is None:
        return ""
    return _(
        "The address “%(slug)s” belongs to “%(title)s”. Give this module another one in its front matter."
    ) % {
        "slug": document.slug,
        "title": holder.title,
    }


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the plan of a draft with its decisions, or that its effects are still being counted."""
    if not permissions.is_there(pk):
        return gone(request)
    draft = permissions.draft_for(request, pk)
    try:
        shown = _plan_page(request, draft)
    except BeingCounted as waiting:
        shown = counting.page(request, draft, waiting.count)
    return unsaved_input.tell(request, shown)  # the decisions are kept with the draft


def _plan_page(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Keeps what was decided, and shows the plan of a draft, unless something else comes first."""
    pk = draft.pk
    if request.POST.get("action") == "pictures":
        draft_images.keep_wanted(request, draft, parse_draft(draft)[1])
    module, document = parse_draft(draft)
    if not policy.is_ready(module, document, by=draft.author):
        messages.error(request, _("Nothing is loaded yet: first mend what is listed here."))
        return redirect("admin:modules_draft_change", pk)
    if draft.module is None:  # its author has not said yet whether it replaces the module with its address
        return redirect("admin:modules_draft_module", pk)
    attempts.close_late(Attempt.objects.filter(quiz__module=module), now=timezone.now())
    if request.method == "POST":
        _keep_decisions(request, draft)
    if place := ELSEWHERE.get(request.POST.get("action", "")):
        return redirect(place, pk)
    return _plan_or_module(request, draft, module, document)


def _plan_or_module(
    request: HttpRequest, draft: Draft, module: Module | None, document: Document
) -> HttpResponse:
    """Shows the plan with the decisions that are kept, or applies it and leads to its module."""
    plan, asked = _plan_as_proposed(draft, module, document)
    if request.POST.get("action") == "proposed":
        draft_decisions.keep(draft, plan.decisions, draft.reason)
        asked = [question.as_proposed() for question in asked]
    trouble: list[str] = []
    action = request.POST.get("action")
    if action in ("load", "publish"):
        trouble = _trouble(request, draft, plan, [_as_agreed(request, question) for question in asked])
        answer = None if trouble else load(request, draft, plan, publish=action == "publish")
        if answer:
            return answer
        if not permissions.is_there(draft.pk):  # the button was pressed twice
            return gone(request)
        if not trouble:  # only loading has shown that something changed
            plan, trouble = _again(draft, plan)
    context = {"draft": draft, "module": plan.module, "crumbs": crumbs(draft, plan.module)}
    language = plan.document.language or (plan.module.language if plan.module else "")
    shown = {"page": _page(draft, plan, asked, trouble), "is_replacing": is_replacing(request)}
    return render(request, "admin/plan.html", context | {"language": language} | shown)


def _as_agreed(request: HttpRequest, question: ambiguities.Asked) -> ambiguities.Asked:
    """Returns an ambiguity with the proposal as its decision if the page that is applied has shown that proposal.

    The button says that it agrees to what is proposed.
    """
    key, proposal = question.ambiguity.key, question.ambiguity.proposal
    sent = (request.POST.get(f"proposal:{key}"), request.POST.get(f"decision:{key}"))
    return question.as_proposed() if question.is_open and sent == (proposal, proposal) else question


def _keep_decisions(request: HttpRequest, draft: Draft) -> None:
    """Keeps what was decided with the draft.

    “All as proposed” leaves out what was said about ambiguities. Counting again, leaving the page, and a plan that is
    refused decide no proposal.
    """
    sent = request.POST.dict()
    if request.POST.get("action") == "proposed":
        sent = {name: value for name, value in sent.items() if not name.startswith("decision:")}
    else:
        sent = without_proposals(sent)
    draft_decisions.keep(draft, decisions_from(sent), reason_from(sent))


def _plan_as_proposed(
    draft: Draft, module: Module | None, document: Document
) -> tuple[Plan, list[ambiguities.Asked]]:
    """Plans a draft with its decisions, and with what is proposed where nothing is decided; and what is asked."""
    decisions, now = draft_decisions.kept(draft), timezone.now()
    plan = effect_counts.plan_draft(draft, module, document, decisions, now=now)
    if not (plan.open_ambiguities or decisions.by_ambiguity):
        return plan, []
    asked, proposed = asked_of(
        lambda decided: planning.plan_document(module, document, decided, NoEffects()), decisions
    )
    if proposed.by_ambiguity != decisions.by_ambiguity:
        plan = effect_counts.plan_draft(draft, module, document, proposed, now=now)
    return plan, ambiguities.asked(plan.module, asked)


def gone(request: HttpRequest, module: Module | None = None) -> HttpResponse:
    """Leads to the module of a draft that is loaded or discarded."""
    permissions.writers_only(request)
    messages.info(
        request,
        _("This draft is not there any more: it was loaded or discarded. This is how things stand now."),
    )
    module = module or permissions.module_of_text(request)
    if module is None:
        return redirect("admin:modules_module_changelist")
    return redirect("admin:modules_module_change", module.pk)


def _again(draft: Draft, plan: Plan) -> tuple[Plan, list[str]]:
    """Plans again for the current state of the module, and says what differs from the plan before."""
    if plan.module:
        plan.module.refresh_from_db()
    newer = effect_counts.plan_draft(draft, plan.module, plan.document, plan.decisions, now=timezone.now())
    return newer, [moved() if newer.base_revision != plan.base_revision else _other_grades()]


def _trouble(request: HttpRequest, draft: Draft, plan: Plan, asked: list[ambiguities.Asked]) -> list[str]:
    """Returns a sentence for each reason why the plan cannot be applied as it was shown."""
    reasons = []
    if request.POST.get("seal", "") != fingerprint(draft):
        reasons.append(other_text())
    if request.POST.get("base_revision", "") != str(plan.base_revision or ""):
        reasons.append(moved())
    if undecided := [question.ambiguity for question in asked if question.is_open]:
        reasons.append(_undecided(undecided))
    elif request.POST.get("decided", decided(plan)) != decided(plan):
        reasons.append(_other_plan())
    reasons += _conflicts(plan, asked)
    if not is_reading(request) and policy.shows_foreign_key(plan):
        reasons.append(foreign_key())
    if plan.takes_out_most and not is_replacing(request):
        reasons.append(_most_goes())
    if not reasons and not is_as_promised(plan, request.POST.get("promised", "")):
        reasons.append(_other_grades())
    return reasons


def _conflicts(plan: Plan, asked: list[ambiguities.Asked]) -> list[str]:
    """Returns a sentence for each choice that cannot stand beside another one."""
    return [*pairings.contradictions(plan), *ambiguities.claimed_twice(plan, asked)]


def is_reading(request: HttpRequest) -> bool:
    """Checks whether the instructor says that questions in other notations are to be shown as they are."""
    return request.POST.get("as_reading") == "yes"


def is_replacing(request: HttpRequest) -> bool:
    """Checks whether the instructor says that most of the module is to go."""
    return request.POST.get("replaces") == "yes"


def _most_goes() -> str:
    return _("Nothing is loaded yet: most of the module would go. Tick that you mean it, then apply it.")


def foreign_key() -> str:
    return _(
        "Nothing is loaded yet: learners would see answers or a key. Turn the questions into a quiz, take out the lines that the hints name, or say that this is reading."
    )


def _undecided(open_ambiguities: Sequence[Ambiguity]) -> str:
    titles = get_text_list([f"“{ambiguity.title}”" for ambiguity in open_ambiguities], _("and"))
    return _("Nothing is loaded yet: first say what is meant by %(titles)s.") % {"titles": titles}


def _other_plan() -> str:
    return _(
        "What you decided was not counted yet. This is the plan with it: look at it once more, then apply it."
    )


def _other_grades() -> str:
    return _(
        "What grading again does was not shown like this yet. Look at the numbers once more, then apply it."
    )


def load(request: HttpRequest, draft: Draft, plan: Plan, *, publish: bool = False) -> HttpResponse | None:
    """Loads a draft as its plan says, and leads to its module. Returns ``None`` if the module has changed since."""
    if plan.module and not permissions.may_change(request.user, plan.module):
        return None  # somebody else has loaded a module with this address meanwhile
    now = timezone.now()
    try:
        module = apply.apply_draft(draft, plan, now=now, reason=draft.reason)
    except (apply.ModuleChanged, DocumentError):
        return None
    if publish:
        withdrawal.publish(module, by=request.user, now=now)
    module.refresh_from_db()
    messages.success(request, _loaded(module))
    regrades.tell(request, module)
    return redirect("admin:modules_module_change", module.pk)


def _loaded(module: Module) -> str:
    if module.is_published:
        return _("“%(title)s” is loaded, and learners see it now.") % {"title": module}
    return _("“%(title)s” is loaded. Learners see it once you publish it.") % {"title": module}


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan as an instructor sees it: what it asks, what it does to each part, and what learners notice.

    ``trouble`` says why the plan was not applied. ``fingerprint`` belongs to the text of the draft, and ``promised`` to
    the grades on the page: the page sends both back. ``images`` counts the new and the replaced ones. ``together`` is
    the effect of all regrades, and ``counted_at`` the time at which the worker has counted it. ``open_attempts`` keep
    the questions that they began with. ``proposed`` counts what is only proposed, and ``decided`` belongs to the
    decisions that the page shows. ``conflicts`` are choices that cannot stand together, without those in ``trouble``.
    ``asks_reason`` says whether grades can change. ``goes`` counts the parts that go, of
    how many, if these are more than half.
    """

    plan: Plan
    trouble: Sequence[str]
    fingerprint: str
    summary: str
    missing: object
    missing_title: str
    warnings: object
    wanted: Sequence[tuple[str, str]]
    asks_reading: bool
    groups: Sequence[ambiguities.Group]
    proposed: int
    decided: str
    conflicts: Sequence[str]
    is_undecided: bool
    settings: Sequence[object]
    images: tuple[int, int]
    cards: Sequence[object]
    together: str
    counted_at: datetime | None
    open_attempts: Sequence[Attempt]
    consequences: Sequence[str]
    promised: str
    asks_reason: bool
    reason: str
    changes_nothing: bool
    is_behind: bool
    goes: tuple[int, int] | None


def _page(draft: Draft, plan: Plan, asked: list[ambiguities.Asked], trouble: Sequence[str]) -> PlanPage:
    images, warnings = _images(draft, plan.module), hints.of(plan.document)
    conflicts, proposed = _conflicts(plan, asked), sum(question.is_open for question in asked)
    return PlanPage(
        plan=plan,
        trouble=trouble,
        fingerprint=fingerprint(draft),
        summary=plan_cards.summary(plan, proposed),
        missing=warnings["missing"],
        missing_title=warnings["missing_title"],
        warnings=warnings["warnings"],
        wanted=draft_images.wanted(plan.document),
        asks_reading=policy.shows_foreign_key(plan),
        groups=ambiguities.grouped(asked),
        proposed=proposed,
        decided=decided(plan),
        conflicts=[sentence for sentence in conflicts if sentence not in trouble],
        is_undecided=bool(proposed or conflicts),
        settings=setting_rows.settings(plan),
        images=images,
        cards=plan_cards.cards(plan, {question.ambiguity.key for question in asked}),
        together=effect_in_words(plan.effect) if len(regraded(plan)) > 1 else "",
        counted_at=effect_counts.counted_at(draft, plan),
        open_attempts=_open_attempts(plan),
        consequences=effects.consequences(plan),
        promised=promises(plan),
        asks_reason=any(change.effect for change in plan.changes),
        reason=draft.reason,
        changes_nothing=plan.changes_nothing and not any(images),
        is_behind=draft.base_revision_id not in (None, plan.base_revision),
        goes=(len(plan.gone_parts), len(plan.active_parts)) if plan.takes_out_most else None,
    )


def crumbs(draft: Draft, module: Module | None) -> list[tuple[str, str]]:
    links = [(reverse("admin:modules_module_change", args=[module.pk]), module.title)] if module else []
    return [*links, (reverse("admin:modules_draft_change", args=[draft.pk]), str(draft))]


def _open_attempts(plan: Plan) -> list[Attempt]:
    """Returns the first open attempts that keep the questions they began with; none if no question changes."""
    has_others = any(change.kind in ("quiz", "question") and not change.is_quiet for change in plan.changes)
    open_attempts = Attempt.objects.open() if plan.open_attempts and has_others else Attempt.objects.none()
    open_attempts = open_attempts.filter(quiz__module=plan.module)
    return list(open_attempts.select_related("enrolment__learner").order_by("started_at")[:MOST_ATTEMPTS])


def _images(draft: Draft, module: Module | None) -> tuple[int, int]:
    """Returns how many images of a draft are new to a module, and how many replace another."""
    active = dict(module.images.values_list("path", "file")) if module else {}
    brought = draft.images.values_list("path", "file")
    new = sum(path not in active for path, _file in brought)
    return new, sum(active.get(path, file) != file for path, file in brought)


@require_safe
def part(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Shows one change of a plan with all its words, if the page of the plan is too long for them."""
    draft = permissions.draft_for(request, pk)
    module, document = parse_draft(draft)
    address = reverse("admin:modules_draft_plan", args=[pk])
    if module is None or not policy.is_ready(module, document, by=draft.author):
        raise Http404
    if not permissions.may_change(request.user, module):
        raise Http404
    try:
        plan, _asked = _plan_as_proposed(draft, module, document)
    except BeingCounted:
        return redirect(address)
    if not number < len(plan.changes):
        raise Http404
    context = {
        "card": plan_cards.card(plan.changes[number], number),
        "language": document.language,
        "back": address,
        "crumbs": [*crumbs(draft, module), (address, _("What will happen"))],
    }
    return render(request, "admin/change.html", context)
