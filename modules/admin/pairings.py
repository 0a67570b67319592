"""Offers to pair parts by hand: an instructor can always say that a new part is an earlier one, or that it is not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from modules.authoring.plan import Change, Plan
from modules.authoring.states import PartState

MOST_OPTIONS = (
    40  # parts that a field offers, the nearest ones; raised, pages of rewritten modules are longer
)
ARRIVED = frozenset({PartState.NEW, PartState.SPLIT})
EDITED = frozenset({PartState.CHANGED, PartState.RENAMED, PartState.RESTORED})


@dataclass(frozen=True, slots=True)
class Option:
    """Describes a part that another one may be paired with. ``value`` is what the field sends."""

    value: str
    title: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class PairingField:
    """Describes the field by which a part is paired.

    ``name`` is that of the field. ``can_be_new`` says whether the part may be called new, and ``is_new`` whether it
    was. A field whose choice contradicts that of another one keeps it.
    """

    name: str
    kind: str
    is_removed: bool
    options: tuple[Option, ...]
    can_be_new: bool = False
    is_new: bool = False

    @property
    def is_used(self) -> bool:
        return self.is_new or any(option.is_chosen for option in self.options)


def pairing_fields(plan: Plan, asked: Collection[str]) -> Mapping[int, PairingField]:
    """Returns the fields of a plan by the numbers of its changes. Parts that are ``asked`` about have none."""
    fields: dict[int, PairingField] = {}
    former = former_titles(plan)
    for kind in ("section", "question"):
        changes = [(number, change) for number, change in enumerate(plan.changes) if change.kind == kind]
        removed = [change for _number, change in changes if PartState.REMOVED in change.states]
        free = [(n, c) for n, c in changes if f"{kind}:{c.identity}" not in asked]
        arrived = [change for _number, change in free if ARRIVED & set(change.states)]
        for number, change in free:
            if PartState.REMOVED in change.states:
                fields |= _of_removed(number, change, arrived, _said_to_become(plan, change))
            elif (ARRIVED | EDITED) & set(change.states):
                fields |= _of_incoming(number, change, removed, _decided(plan, change, former))
    return fields


def former_titles(plan: Plan) -> dict[str, str]:
    """Returns the former title of each section and question that continues or goes, by its kind and row."""
    return {
        f"{change.kind}:{change.row}": change.old_title or change.title
        for change in plan.changes
        if change.row is not None
    }


def contradictions(plan: Plan) -> list[str]:
    """Returns a sentence for each incoming part that cannot be all that was chosen for it."""
    former = former_titles(plan)
    titles = {f"{change.kind}:{change.identity}": change.title for change in plan.changes}
    sentences = []
    for key, rows in plan.decisions.contradicted.items():
        kind = key.partition(":")[0]
        earlier = [former[f"{kind}:{row}"] for row in dict.fromkeys(rows) if f"{kind}:{row}" in former]
        if key not in titles or len(earlier) + ("" in rows) < 2:
            continue
        sentence = _contradiction(is_new="" in rows)
        names = get_text_list([f"“{title}”" for title in earlier], _("and"))
        sentences.append(sentence % {"title": titles[key], "earlier": names})
    return sentences


def _contradiction(*, is_new: bool) -> str:
    if is_new:
        return _(
            "“%(title)s” cannot be new and also go on from %(earlier)s. Nothing of it counts until you choose one."
        )
    return _(
        "“%(title)s” cannot go on from %(earlier)s at the same time. Nothing of it counts until you choose one."
    )


def _said_to_become(plan: Plan, change: Change) -> str:
    """Returns the identity of the part that a removed one is said to become, if another choice contradicts that."""
    for key, rows in plan.decisions.contradicted.items():
        kind, _colon, identity = key.partition(":")
        if kind == change.kind and str(change.row) in rows[1:]:
            return identity
    return ""


def _of_removed(
    number: int, change: Change, arrived: Iterable[Change], chosen: str
) -> dict[int, PairingField]:
    options = [
        Option(other.identity, other.title, is_chosen=other.identity == chosen)
        for other in _nearest(arrived, change.from_place or 0)
    ]
    if not options or not change.past:
        return {}
    return {number: PairingField(f"becomes:{change.kind}:{change.row}", change.kind, True, tuple(options))}


def _decided(plan: Plan, change: Change, former: Mapping[str, str]) -> Option | None:
    """Returns what an incoming part was paired with by hand; an empty value means that it is new."""
    key = f"{change.kind}:{change.identity}"
    contradicted = plan.decisions.contradicted.get(key)
    row = contradicted[0] if contradicted else plan.decisions.by_ambiguity.get(key)
    if row == "":
        return Option("", "")
    title = former.get(f"{change.kind}:{row}")
    return None if row is None or title is None else Option(row, title, is_chosen=True)


def _of_incoming(
    number: int, change: Change, removed: Iterable[Change], decided: Option | None
) -> dict[int, PairingField]:
    options = [
        Option(str(other.row), other.title) for other in _nearest(removed, change.to_place or 0) if other.past
    ]
    if decided and decided.value:
        options = [decided, *(option for option in options if option.value != decided.value)]
    can_be_new, is_new = bool(change.row and change.past), bool(decided and not decided.value)
    if not options and not can_be_new and not is_new:
        return {}
    name = f"pair:{change.kind}:{change.identity}"
    return {number: PairingField(name, change.kind, False, tuple(options), can_be_new, is_new)}


def _nearest(changes: Iterable[Change], place: int) -> list[Change]:
    """Returns the changes whose places are nearest to a place, in their order."""
    far = sorted(changes, key=lambda change: abs((change.from_place or change.to_place or 0) - place))
    return sorted(far[:MOST_OPTIONS], key=lambda change: change.from_place or change.to_place or 0)
