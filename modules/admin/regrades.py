"""Tells instructors that a large class is being graded again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import ngettext

from modules.models import Module, RegradeJob


def tell(request: HttpRequest, module: Module) -> bool:
    """Says how many attempts are still to be graded again, and tells whether there are any."""
    jobs = RegradeJob.objects.unfinished().filter(module=module)
    left = sum(job.total - job.done for job in jobs)
    if left:
        sentence = ngettext(
            "%(n)s attempt is being graded again in the background. It has its old grade until then.",
            "%(n)s attempts are being graded again in the background. They have their old grades until then.",
            left,
        )
        messages.info(request, sentence % {"n": number_format(left, force_grouping=True)})
    return bool(left)
