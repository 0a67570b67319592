"""Plants faults in the application. The simulation has to notice them; otherwise it would prove nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from modules.authoring import apply, choice_plans, comparison, planning
from modules.document.compare import matching
from modules.document.compare.choices import Choices
from modules.models import FormerText

from . import faults_in_matching as parts


def forget_former_texts(module: Any, plan: Any, revision: Any, now: Any) -> None:
    """Writes the sections but deletes their former texts."""
    write_sections(module, plan, revision, now)
    FormerText.objects.filter(until=revision).delete()


def keep_literal_choices(
    old: Mapping[str, str],
    new: Mapping[str, str],
    decisions: Mapping[str, str] | None = None,
    **_options: Any,
) -> Choices:
    """Keeps only choices with exactly the same text."""
    keys = {text: key for key, text in old.items()}
    return Choices({key: keys[text] for key, text in new.items() if text in keys})


def keep_choices_crosswise(
    old: Mapping[str, str], new: Mapping[str, str], decisions: Mapping[str, str] | None = None, **options: Any
) -> Choices:
    """Gives reworded choices the keys of earlier ones in the wrong order, and asks nothing."""
    choices = match_choices(old, new, {}, **options)
    taken = {*choices.kept.values()}
    free = [key for key in options["active"] if key not in taken]
    rest = [key for key in new if key not in choices.kept]
    return Choices(choices.kept | dict(zip(rest, reversed(free), strict=False)))


def pair_in_reverse(pairing: Any) -> None:
    """Pairs the parts of a translation from the end of one document to the beginning of the other."""
    for old, new in zip(pairing.free_active(), reversed(pairing.free_incoming()), strict=False):
        pairing.pair(new.key, old.key)


def ask_nothing_of_a_merge(_planner: Any, _change: Any, _partial: int, *, adds_text: bool) -> str:
    """Lets a section stay read that has taken in another one."""
    return ""


match_choices = choice_plans.match_choices
write_sections = apply._write_sections
FAULTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "shift": (comparison, "match", parts.swap_neighbours),
    "greedy": (comparison, "match", parts.take_next_free),
    "blind": (comparison, "match", parts.match_equal_identities),
    "choices": (comparison, "match", parts.match_equal_choices),
    "explanation": (comparison, "match", parts.match_equal_explanations),
    "level": (comparison, "match", parts.drop_other_levels),
    "unsplit": (comparison, "match", parts.forget_splits),
    "curious": (comparison, "match", parts.ask_about_equal_parts),
    "reverse": (matching, "pair_in_order", pair_in_reverse),
    "literal": (choice_plans, "match_choices", keep_literal_choices),
    "crosswise": (choice_plans, "match_choices", keep_choices_crosswise),
    "whole": (planning._Planner, "_asked_of_a_merge", ask_nothing_of_a_merge),
    "forget": (apply, "_write_sections", forget_former_texts),
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Replaces a function of the application by the named fault. An empty name plants nothing."""
    if not name:
        yield
        return
    place, attribute, fault = FAULTS[name]
    original = getattr(place, attribute)
    setattr(place, attribute, fault)
    try:
        yield
    finally:
        setattr(place, attribute, original)
