"""Recognises that a document looks like a translation of its module, so that one question is asked about all of it."""

from __future__ import annotations

from collections.abc import Sequence

from modules.authoring.comparison import Comparison
from modules.authoring.plan import Ambiguity, Candidate, Decisions
from modules.document.compare.alignment import translated_pairs
from modules.document.compare.moved_text import bare_lines
from modules.document.compare.part import Part
from modules.document.compare.pieces import share_signs, signs
from modules.document.syntax.parser import Document
from modules.models import Enrolment, Module

KEY = "document:translation"  # of the ambiguity
IN_ORDER = "order"  # the decision that sections and questions are paired in their order
# Share of the sections that have no equal text or heading any more, in a translation. Raised, a translation of which
# many headings stay is compared part by part; lowered, rewritten documents are asked about.
RENEWED = 0.5
# Share of the words of a part below which it has other words than its partner, to which its identity belongs. Raised,
# rewritten documents are asked about; lowered, translations with a few names in them are compared choice by choice.
SHARED = 0.3
# Share of the sections that left or came, whichever are more, that have a partner in their order. Raised, a translation
# in which a few sections are removed is compared part by part; lowered, rewritten documents are asked about.
LEAST = 0.5
SEVERAL = 3  # lines of a section, its heading among them, that give it a shape


def is_paired_in_order(decisions: Decisions) -> bool:
    """Checks whether an instructor has said that a document is a translation."""
    return decisions.by_ambiguity.get(KEY) == IN_ORDER


def ambiguity_of(
    module: Module, document: Document, sections: Comparison, questions: Comparison, decisions: Decisions
) -> Ambiguity | None:
    """Returns the question whether a document is a translation, or ``None`` if it does not look like one.

    ``sections`` and ``questions`` are compared part by part.
    """
    if not _looks_translated(module, document, sections, questions):
        return None
    people = Enrolment.objects.filter(module=module).count()
    candidate = Candidate(IN_ORDER, module.title, "", people)
    return Ambiguity(KEY, "document", document.title, "", (candidate,), decisions.by_ambiguity.get(KEY))


def _looks_translated(
    module: Module, document: Document, sections: Comparison, questions: Comparison
) -> bool:
    """Checks whether most sections left and others came in their order, and their language, signs or lines say so.

    A section that kept only its identity left and came, too. A few sections or questions may be removed or added in the
    same load.
    """
    gone, come = _free(sections)
    if len(gone) < 2 or len(gone) < RENEWED * len(sections.active):
        return False
    pairs = translated_pairs(gone, come)
    if len(pairs) < LEAST * max(len(gone), len(come)):
        return False
    if not any(part.matters for part in [*gone, *questions.old]):
        return False
    return (
        _is_other_language(module, document)
        or _have_equal_signs(pairs, len(gone))
        or _have_equal_shapes(pairs, len(gone))
    )


def _free(comparison: Comparison) -> tuple[list[Part], list[Part]]:
    """Returns the removed and the new parts of a comparison, in their order, with those that have all other words."""
    stored = {part.key: part for part in comparison.old}
    coming = {part.key: part for part in comparison.new}
    kept = {
        new: old
        for new, old in comparison.matching.pairs.items()
        if not stored[old].is_active or _has_its_words(stored[old], coming[new])
    }
    gone = [part for part in comparison.old if part.is_active and part.key not in {*kept.values()}]
    return gone, [part for part in comparison.new if part.key not in kept]


def _has_its_words(stored: Part, incoming: Part) -> bool:
    """Checks whether a part has some of the words of its partner, or all words that it had earlier."""
    words, others = stored.text.features, incoming.text.features
    is_alike = len(words & others) >= SHARED * min(len(words), len(others))
    return is_alike or incoming.wordings[0] in stored.wordings


def _is_other_language(module: Module, document: Document) -> bool:
    return bool(module.language and document.language) and module.language != document.language


def _have_equal_signs(pairs: Sequence[tuple[Part, Part]], gone: int) -> bool:
    """Checks whether most sections with code, links, pictures or numbers have those of the section in their place.

    ``gone`` sections left.
    """
    signed = [(old, new) for old, new in pairs if signs(old) or signs(new)]
    return 2 * sum(share_signs(old, new) for old, new in signed) > max(len(signed), gone / 2)


def _have_equal_shapes(pairs: Sequence[tuple[Part, Part]], gone: int) -> bool:
    """Checks whether most sections with several lines have as many as the section in their place.

    ``gone`` sections left.
    """
    lengths = [(len(bare_lines(old.source)), len(bare_lines(new.source))) for old, new in pairs]
    several = [(before, after) for before, after in lengths if max(before, after) >= SEVERAL]
    return 2 * sum(before == after for before, after in several) > max(len(several), gone / 2)
