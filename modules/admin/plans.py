"""What a plan says to people: what stands in the way of loading, in sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _

from modules import loading
from modules.models import Module


def moved() -> str:
    return _(
        "Somebody else changed this module meanwhile. Your text is kept. Look at it once more, then load it."
    )


def losses(plan: loading.Plan) -> list[tuple[int, str]]:
    """What learners have worked on and the document no longer has, one sentence each."""
    return [
        (0, _(loading.LOSSES[loss.kind]).format(title=loss.title, learners=loss.learners))
        for loss in plan.losses
    ]


def address_is_taken(plan: loading.Plan) -> str:
    """A sentence where another module has the address that the document asks for; else the empty string."""
    document, module = plan.document, plan.module
    if module is None or not document.slug_is_given:
        return ""
    other = Module.objects.filter(slug=document.slug).exclude(pk=module.pk).first()
    if other is None:
        return ""
    return _(
        "The address “%(slug)s” belongs to “%(title)s”. Give this module another one in its front matter."
    ) % {
        "slug": document.slug,
        "title": other.title,
    }
