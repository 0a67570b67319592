"""Lets the worker count what new keys do, where a page would take longer than a second.

The worker plans the draft with the same decisions, and stores the effects with the draft. A page uses them only for the
text, the revision, the decisions and the corrections that they were counted for.
"""

from __future__ import annotations

import json
import time
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from modules.authoring.draft_decisions import as_json, from_stored
from modules.authoring.draft_documents import parse_draft
from modules.authoring.key_effects import MOST_AT_ONCE, KeyEffects, TooMany
from modules.authoring.plan import Decisions, Plan
from modules.authoring.planning import plan_document
from modules.document.syntax.values import Document
from modules.models import Correction, Draft, EffectCount, Module, RegradeJob
from tasks.backend import enqueue_once

gettext_noop("Count effects")

SECONDS_BETWEEN_SIGNS = 1.0  # of progress; with fewer, the worker writes more often


class BeingCounted(Exception):
    """Reports that a plan waits until the worker has counted its effects."""

    def __init__(self, count: EffectCount) -> None:
        super().__init__(count)
        self.count = count


def plan_draft(
    draft: Draft, module: Module | None, document: Document, decisions: Decisions, *, now: datetime
) -> Plan:
    """Plans a draft. Raises :class:`BeingCounted`, and asks the worker, if that takes too long."""
    fingerprint = _fingerprint(draft, module, decisions)
    count = EffectCount.objects.filter(draft=draft, fingerprint=fingerprint).first()
    effects = KeyEffects(count.effects if count else None, most=MOST_AT_ONCE)
    try:
        return plan_document(module, document, decisions, effects)
    except TooMany as many:
        count = count or _begin(draft, fingerprint, decisions, many.responses, now)
        enqueue_once(count_effects, draft.pk, fingerprint, now=now)  # also if an earlier task failed for good
        raise BeingCounted(count) from many


def counted_at(draft: Draft, plan: Plan) -> datetime | None:
    """Returns when the worker counted the effects of a plan, or ``None`` if the page has counted them itself."""
    fingerprint = _fingerprint(draft, plan.module, plan.decisions)
    count = EffectCount.objects.filter(draft=draft, fingerprint=fingerprint).first()
    return count.counted_at if count else None


def _begin(
    draft: Draft, fingerprint: str, decisions: Decisions, responses: int, now: datetime
) -> EffectCount:
    values = {
        "fingerprint": fingerprint,
        "decisions": json.loads(as_json(decisions)),
        "done": 0,
        "total": responses,
        "effects": None,
        "asked_at": now,
        "counted_at": None,
    }
    count, _created = EffectCount.objects.update_or_create(draft=draft, defaults=values)
    return count


@task()
def count_effects(pk: int, fingerprint: str) -> None:
    """Counts the effects of a draft, unless it has been loaded, discarded or changed since."""
    count = EffectCount.objects.filter(draft=pk, fingerprint=fingerprint, effects__isnull=True).first()
    if count is None:
        return
    draft = Draft.objects.get(pk=pk)
    module, document = parse_draft(draft)
    decisions = from_stored(count.decisions)
    if _fingerprint(draft, module, decisions) != fingerprint:
        return
    effects = KeyEffects(watch=_Progress(count))
    plan_document(module, document, decisions, effects)
    same = EffectCount.objects.filter(pk=count.pk, fingerprint=fingerprint)
    same.update(effects=effects.counted, done=count.total, counted_at=timezone.now())


class _Progress:
    """Stores how many answers are counted, about once a second."""

    def __init__(self, count: EffectCount) -> None:
        self.count, self.next = count, time.monotonic() + SECONDS_BETWEEN_SIGNS

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() < self.next:
            return
        self.next = time.monotonic() + SECONDS_BETWEEN_SIGNS
        same = EffectCount.objects.filter(pk=self.count.pk, fingerprint=self.count.fingerprint)
        same.update(done=min(done, total), total=total)


# ------------------------------------------------------------------------------------------------ the binding


def _fingerprint(draft: Draft, module: Module | None, decisions: Decisions) -> str:
    """Returns a fingerprint of what the effects depend on, but for attempts that are submitted meanwhile."""
    brought = sorted(draft.images.values_list("path", "file"))
    facts: list[Any] = [draft.text, draft.filename, brought, as_json(decisions)]
    if module is not None:
        facts += [module.pk, module.current_id, _latest_correction(module), _jobs(module)]
    return sha256(repr(facts).encode()).hexdigest()


def _latest_correction(module: Module) -> int | None:
    of_module = Q(attempt__quiz__module=module) | Q(question__quiz__module=module)
    newest: int | None = Correction.objects.filter(of_module).aggregate(newest=Max("pk"))["newest"]
    return newest


def _jobs(module: Module) -> list[tuple[int, Any]]:
    jobs = RegradeJob.objects.unfinished().filter(module=module)
    return list(jobs.values_list("pk", "keys"))
