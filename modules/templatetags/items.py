"""Writes the figures of a question for the table of all questions."""

from __future__ import annotations

from django import template

from modules.insights import item_words
from modules.insights.item_rules import Verdict

register = template.Library()

register.filter("sentence", item_words.sentence)
register.filter("tone", item_words.tone)
register.filter("strength", item_words.strength)
SIGNS = {"bad": "warning", "soon": "info", "none": "info"}


@register.filter
def sign(verdict: Verdict) -> str:
    """Returns the icon that stands before a sentence."""
    return SIGNS[item_words.tone(verdict)]


@register.filter
def percent(share: float) -> int:
    """Returns a share as whole percent."""
    return round(100 * share)
