"""Tells instructors that a large class is being graded again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from modules.authoring.effects_in_words import being_regraded
from modules.models import Module


def tell(request: HttpRequest, module: Module) -> bool:
    """Says how many attempts are still to be graded again, and tells whether there are any."""
    sentence = being_regraded(module)
    if sentence:
        messages.info(request, sentence)
    return bool(sentence)
