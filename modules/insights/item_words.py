"""Says in sentences what the rules found in a question, and on how many attempts it rests."""

from __future__ import annotations

from django.utils.translation import gettext as _

from modules.document.html.latex_words import readable
from modules.insights.item_rules import Finding, Verdict

# The lower ends of the correlations that a word names; a lower one is reversed.
GOOD, FAIR, WEAK, NONE = 0.35, 0.2, 0.1, -0.1
TONES = {Finding.KEY: "bad", Finding.EASY: "none", Finding.UNUSED: "none"}  # all others: "soon"


def sentence(verdict: Verdict) -> str:
    choice = verdict.choice.choice.text if verdict.choice else ""
    return _sentences()[verdict.finding] % {
        "attempts": verdict.attempts,
        "choice": readable(choice),
        "top": verdict.top,
        "rivals": verdict.rivals,
        "keys": verdict.keys,
    }


def _sentences() -> dict[Finding, str]:
    return {
        Finding.KEY: _(
            "The key may be wrong. Of the %(top)d attempts that did best on the other questions, %(rivals)d chose “%(choice)s” and %(keys)d the key (%(attempts)d attempts)."
        ),
        Finding.HARD: _("Too hard, or only guessed: few learners get it right (%(attempts)d attempts)."),
        Finding.FLAT: _(
            "It does not tell learners apart: strong and weak ones are right about equally often (%(attempts)d attempts)."
        ),
        Finding.EASY: _("Too easy to tell learners apart: nearly all are right (%(attempts)d attempts)."),
        Finding.UNUSED: _("Nobody chose “%(choice)s” (%(attempts)d attempts)."),
    }


def tone(verdict: Verdict) -> str:
    """Returns how loud a sentence is: a class of the page."""
    return TONES.get(verdict.finding, "soon")


def strength(discrimination: float) -> str:
    """Names how well a question tells learners apart."""
    words = ((GOOD, _("good")), (FAIR, _("fair")), (WEAK, _("weak")), (NONE, _("none")))
    return next((word for least, word in words if discrimination >= least), _("reversed"))
