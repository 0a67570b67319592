"""Keeps what an instructor has decided about a draft, so that it is still there after a reload or a new sign-in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from modules.authoring.plan import Decisions
from modules.models import Draft


def kept(draft: Draft) -> Decisions:
    """Returns the decisions that were kept with a draft."""
    return from_stored(draft.decisions)


def keep(draft: Draft, decisions: Decisions, reason: str) -> None:
    """Keeps decisions, and the reason for new grades, with a draft. The draft counts as unchanged."""
    draft.decisions, draft.reason = json.loads(as_json(decisions)), reason
    Draft.objects.filter(pk=draft.pk).update(decisions=draft.decisions, reason=reason)


def as_json(decisions: Decisions) -> str:
    """Returns decisions as JSON, always the same for the same ones. A set is a list in it."""
    return json.dumps(asdict(decisions), sort_keys=True, default=sorted)


def from_stored(stored: Mapping[str, Any]) -> Decisions:
    """Returns decisions that were stored as JSON."""
    values: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, list) else value for name, value in stored.items()
    }
    return Decisions(**values)
