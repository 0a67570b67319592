"""Makes the cards of a plan page: each change on its card, with its sentences and the words that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modules.admin.comparisons import Comparison, Room, compare_texts
from modules.admin.pairings import PairingField, pairing_fields
from modules.authoring import plan_in_words
from modules.authoring.effects_in_words import effect_in_words, open_attempts
from modules.authoring.plan import TELL, Change, Plan
from modules.authoring.states import LOOK_ORDER, PartState
from modules.document.syntax import source
from modules.models import Revision, minutes_for


@dataclass(frozen=True, slots=True)
class State:
    """Describes one thing that happens to a part: the word that chooses its sign, and its text.

    ``number`` is the number of the card of another part that the text names, if there is one.
    """

    word: str
    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """Describes a word of :data:`modules.authoring.plan.TELL`, and its consequence.

    ``value`` is what the field sends: nothing for what the plan proposes. So the plan may propose something else when
    the draft, or the pairs, are others.
    """

    value: str
    label: str
    consequence: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Card:
    """Holds a change as the page shows it. ``number`` is its place in the plan.

    ``is_whole`` is false if the page is too long for its text.
    """

    number: int
    change: Change
    label: str
    look: str
    states: tuple[State, ...]
    sentences: tuple[str, ...]
    options: tuple[Option, ...] = ()
    marked: Comparison | None = None
    text: str = ""
    effect: str = ""
    effect_anew: str = ""
    open_attempts: str = ""
    is_whole: bool = True
    pairing: PairingField | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Holds successive parts of one kind that stay as they are."""

    sentence: str
    titles: tuple[str, ...]


# ------------------------------------------------------------------------------------------------- summary


def what_changed(revision: Revision) -> str:
    """Returns in words what a revision changed."""
    if revision.number == 1:
        return _("first revision")
    return plan_in_words.counted(revision.changes) or _("no section and no question")


def summary(plan: Plan, proposed: int = 0) -> str:
    """Returns the whole plan in a few sentences. How many decisions are only ``proposed`` comes first."""
    sentences = [
        f"{label}: {numbers}."
        for label, kind in ((_("Sections"), "section"), (_("Questions"), "question"))
        if (numbers := plan_in_words.counted(_numbers(plan, kind)))
    ]
    if plan.settings:
        names = (str(plan_in_words.SETTINGS[setting.name]) for setting in plan.settings)
        sentences.append(_("For the whole module: %(names)s.") % {"names": ", ".join(names)})
    if not sentences:
        sentences.append(_("No section and no question changes."))
    return " ".join([*_to_decide(proposed), *sentences, _("Nothing is saved yet.")])


def _to_decide(count: int) -> Iterator[str]:
    if count:
        sentence = ngettext(
            "%(n)d thing is proposed: look at it first.",
            "%(n)d things are proposed: look at them first.",
            count,
        )
        yield sentence % {"n": count}


def _numbers(plan: Plan, kind: str) -> dict[str, int]:
    return Counter(word for change in plan.changes if change.kind == kind for word in change.counted_as)


# --------------------------------------------------------------------------------------------------- cards


def cards(plan: Plan, asked: Collection[str] = ()) -> list[Card | Unchanged]:
    """Lists the changes in the order of the document. Successive parts that stay as they are share a line.

    ``asked`` has the keys of the ambiguities: these parts are not paired on their cards.
    """
    room, words = Room(), {section.identity: section.words for section in plan.document.sections}
    places, fields = _cards_by_title(plan), pairing_fields(plan, asked)
    shown: list[Card | Unchanged] = []
    for (kind, is_quiet), group in groupby(enumerate(plan.changes), key=lambda pair: _run(pair[1])):
        changes = list(group)
        if not is_quiet:
            shown += [
                replace(
                    card(change, number, words.get(change.identity, 0), room, places),
                    pairing=fields.get(number),
                )
                for number, change in changes
            ]
        elif kind in ("section", "question"):
            shown.append(_unchanged(kind, tuple(change.title for _number, change in changes)))
    return shown


def _cards_by_title(plan: Plan) -> dict[str, int]:
    """Returns the numbers of the cards of sections by their former and new titles, without ambiguous titles."""
    cards_by_title: dict[str, list[int]] = {}
    for number, change in enumerate(plan.changes):
        for title in {change.title, change.old_title or change.title} if change.kind == "section" else ():
            cards_by_title.setdefault(title, []).append(number)
    return {title: numbers[0] for title, numbers in cards_by_title.items() if len(numbers) == 1}


def _run(change: Change) -> tuple[str, bool]:
    return change.kind, change.is_quiet


def _unchanged(kind: str, titles: tuple[str, ...]) -> Unchanged:
    count = len(titles)
    sentence = (
        ngettext("%(n)d section stays as it is", "%(n)d sections stay as they are", count)
        if kind == "section"
        else ngettext("%(n)d question stays as it is", "%(n)d questions stay as they are", count)
    )
    return Unchanged(sentence % {"n": count}, titles)


def card(
    change: Change,
    number: int,
    words: int = 0,
    room: Room | None = None,
    places: Mapping[str, int] = MappingProxyType({}),
) -> Card:
    """Returns the card of a change, with its words as long as the page has room for them.

    ``places`` has the numbers of other cards by the titles of their sections.
    """
    is_whole = room is None or room.takes(change.before, change.after)
    return Card(
        number=number,
        change=change,
        label=_label(change),
        look=next((state.look for state in LOOK_ORDER if state in change.states), "edit"),
        states=tuple(_states(change, places)),
        sentences=tuple(_sentences(change, words)),
        options=_options(change) if is_whole else (),
        marked=_marked_words(change) if is_whole else None,
        text=_lone_text(change) if is_whole else "",
        effect=effect_in_words(change.effect) if change.effect else "",
        effect_anew=effect_in_words(change.effect_anew) if change.effect_anew else "",
        open_attempts=open_attempts(change),
        is_whole=is_whole,
    )


def _label(change: Change) -> str:
    if change.kind == "quiz":
        return _("Heading, introduction and pools of the quiz")
    if change.kind == "preamble":
        return _("Title and introduction")
    if PartState.REMOVED in change.states:  # another part has its number from then on
        return _formerly(change.kind, change.from_place)
    return numbered(change.kind, change.to_place)


def numbered(kind: str, place: int | None) -> str:
    """Returns the name of a part by its place, counted from 1."""
    sentence = _("Section %(number)s") if kind == "section" else _("Question %(number)s")
    return sentence % {"number": place}


def _formerly(kind: str, place: int | None) -> str:
    sentence = _("Was section %(number)s") if kind == "section" else _("Was question %(number)s")
    return sentence % {"number": place}


def _states(change: Change, places: Mapping[str, int]) -> Iterator[State]:
    relative = places.get(change.relatives[0]) if change.relatives and change.kind == "section" else None
    for state in change.states:
        names_other = state in (PartState.SPLIT, PartState.MERGED)
        yield State(state, _state(state, change), relative if names_other else None)
    if PartState.REMOVED in change.states and change.relatives:
        yield State(
            PartState.MERGED, _("its text goes into “%(title)s”") % {"title": change.relatives[0]}, relative
        )
    for title in change.halves:
        sentence = _("a part of it becomes “%(title)s”") % {"title": title}
        yield State(PartState.SPLIT, sentence, places.get(title) if change.kind == "section" else None)
    if change.choices:
        yield State("key", _("another key"))


def _state(state: PartState, change: Change) -> str:
    """Returns a state in words. Some name the other part, or the places."""
    quoted = ", ".join(f"“{title}”" for title in change.relatives)
    match state:
        case PartState.RENAMED:
            return _("renamed, was “%(title)s”") % {"title": change.old_title}
        case PartState.CHANGED if change.is_slight:
            return _("changed a little")
        case PartState.MOVED:
            return _("moved from %(before)s to %(after)s") % {
                "before": change.from_place,
                "after": change.to_place,
            }
        case PartState.SPLIT:
            return _("split off from “%(title)s”") % {"title": change.relatives[0]}
        case PartState.MERGED:
            return _("takes in %(titles)s") % {"titles": quoted}
        case PartState.REMOVED:
            return _("archived") if change.past else _("deleted")
    return _(state.label)


def _sentences(change: Change, words: int) -> Iterator[str]:
    """Yields who has worked on a part, and what becomes of it."""
    if change.kind == "preamble":
        return
    if not {PartState.NEW, PartState.SPLIT} & set(change.states):
        yield from _who_had(change)
    if words and {PartState.NEW, PartState.SPLIT, PartState.RESTORED} & set(change.states):
        minutes = minutes_for(words)
        yield ngettext("%(n)d minute of reading", "%(n)d minutes of reading", minutes) % {"n": minutes}
    if PartState.REMOVED in change.states:
        yield from _keeping(change)
    elif change.people:
        yield from _kept_readings(change) if change.kind == "section" else _kept_answers(change)
    if change.returning:
        sentence = ngettext(
            "%(n)d person need not read it again: it says again what they have read",
            "%(n)d people need not read it again: it says again what they have read",
            change.returning,
        )
        yield sentence % {"n": change.returning}


def _who_had(change: Change) -> Iterator[str]:
    """Yields the number of people who have worked on a part, or have to read it again."""
    if change.people or not change.past or change.kind != "section":
        yield people(change.kind, change.people)
    elif waiting := change.past - change.returning:
        sentence = ngettext("to be read again by %(n)d person", "to be read again by %(n)d people", waiting)
        yield sentence % {"n": waiting}


def people(kind: str, count: int) -> str:
    if kind == "section":
        sentence = ngettext("read by %(n)d person", "read by %(n)d people", count)
        return sentence % {"n": count} if count else _("read by nobody yet")
    sentence = ngettext("answered by %(n)d person", "answered by %(n)d people", count)
    return sentence % {"n": count} if count else _("answered by nobody yet")


def _keeping(change: Change) -> Iterator[str]:
    """Yields what is kept of a removed part."""
    if change.past and change.kind == "section":
        yield _("kept in the archive with its readings")
    elif change.past:
        yield _("kept in the archive with its answers")


def _kept_answers(change: Change) -> Iterator[str]:
    """Yields what learners keep of a question that somebody has answered."""
    if {PartState.CHANGED, PartState.PARSED_ANEW, PartState.IMAGES, PartState.RENAMED} & set(change.states):
        yield _("learners who have answered it keep the old version")


def _kept_readings(change: Change) -> Iterator[str]:
    """Yields what learners keep of a section that somebody has read."""
    if PartState.SPLIT in change.states:
        yield _kept_of_half(change)
    elif PartState.RESTORED in change.states:
        yield _("comes back with its readings")
    elif change.tell == "rest":
        yield _("stays read for those who have read all that it takes in")
    elif change.tell != "again":
        yield _("stays read")


def _kept_of_half(change: Change) -> str:
    if change.tell == "again":
        return _("has text that the whole did not have")
    sentence = ngettext(
        "read already for %(n)d person who read the whole",
        "read already for %(n)d people who read the whole",
        change.people,
    )
    return sentence % {"n": change.people}


def _options(change: Change) -> tuple[Option, ...]:
    """Returns what may be told about a changed section that somebody has read."""
    is_changed = bool({PartState.CHANGED, PartState.IMAGES} & set(change.states))
    is_half = PartState.SPLIT in change.states and change.adds_text
    if change.kind != "section" or not change.unaware or not (is_changed or is_half):
        return ()
    labels = (_("Do not tell"), _("Tell learners"), _("Ask to read the rest"), _("Ask to read it again"))
    seeing = ngettext("%(n)d person sees what changed", "%(n)d people see what changed", change.unaware)
    again = ngettext("%(n)d person has to read it again", "%(n)d people have to read it again", change.people)
    rest = ngettext(
        "%(n)d person has read only a part of it", "%(n)d people have read only a part of it", change.partial
    )
    consequences = (
        "",
        seeing % {"n": change.unaware},
        rest % {"n": change.partial},
        again % {"n": change.people},
    )
    return tuple(
        Option("" if value == change.proposed else value, label, consequence, value == change.tell)
        for value, label, consequence in zip(TELL, labels, consequences, strict=True)
        if (value != "rest" or change.partial) and not (is_half and value == "tell")
    )


# --------------------------------------------------------------------------------------------------- words


def _marked_words(change: Change) -> Comparison | None:
    """Returns the changed words of a part that stays."""
    if PartState.CHANGED in change.states and change.before and change.after:
        return compare_texts(change.before, change.after)
    return None


def _lone_text(change: Change) -> str:
    """Returns the text of a part that has no other text to be compared with."""
    if {PartState.NEW, PartState.SPLIT, PartState.REMOVED} & set(change.states):
        return source.normalise(change.after or change.before).strip()
    return ""
