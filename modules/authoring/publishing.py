"""Loading: the one way in for content. Text is read, planned against what stands, and applied whole or not at all.

Upload, paste, editing a document, a section or a question in the admin, and the command line all come here. Planning
writes nothing. Only the plan knows about learners."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from modules.models import (
    Module,
)


def publish(module: Module, *, by: Any, now: datetime) -> None:
    """Let learners see a module. One that is published stays as it is."""
    Module.objects.filter(pk=module.pk, published_at__isnull=True).update(published_at=now, published_by=by)


def unpublish(module: Module) -> None:
    """Take a module out of the catalogue. What learners did in it is kept."""
    Module.objects.filter(pk=module.pk).update(published_at=None, published_by=None)
