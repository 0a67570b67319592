"""What a plan says to people: each change on its card, with its sentences and the words that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from modules import terms
from modules.changes import TELL, Candidate, Change, Doubt, Plan, Setting
from modules.document import source
from modules.document.rules import Rules
from modules.document.wording import Row, Skipped, compare, folded, tidied
from modules.grading import Effect
from modules.models import Module, Revision, minutes_for
from modules.planning import RULES, pool_values, rule_columns

MOST_WHOLE = 200  # changes whose text is shown and whose word is asked; the later ones say their size
MOST_CHARACTERS = 600_000  # that are compared for one page
MOST_ROWS = 400  # of one comparison
SHORT = 14  # rows that are in sight at once

# The colour of a card's edge, by the first of these states that it is in.
LOOKS = {
    "removed": "gone",
    "new": "new",
    "split": "new",
    "back": "new",
    "changed": "edit",
    "pictures": "edit",
    "merged": "edit",
    "renamed": "move",
    "moved": "move",
}


@dataclass(frozen=True, slots=True)
class State:
    """One thing that happens to a part: its word for the sign, and what is said of it.

    ``number`` is that of the card of the other part that is named, where there is one.
    """

    word: str
    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One of the words of :data:`modules.changes.TELL`, with what comes of it."""

    value: str
    label: str
    consequence: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """Two texts row by row, and how many rows more there are."""

    rows: tuple[Row | Skipped, ...] = ()
    left_out: int = 0

    @property
    def is_short(self) -> bool:
        return len(self.rows) <= SHORT

    @property
    def is_same(self) -> bool:
        """Whether the two differ in line ends and blank lines alone."""
        return all(isinstance(row, Skipped) or row.is_same for row in self.rows)


@dataclass(frozen=True, slots=True)
class Card:
    """A change as the page shows it; ``number`` is its place in the plan.

    ``is_whole`` is false where the page is too long for its text.
    """

    number: int
    change: Change
    label: str
    look: str
    states: tuple[State, ...]
    sentences: tuple[str, ...]
    options: tuple[Option, ...] = ()
    marked: Marked | None = None
    text: str = ""
    effect: str = ""
    under_way: str = ""
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Parts of one kind, one after the other, that stay as they are."""

    sentence: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A doubt with its candidates, each with who has worked on it and its text beside the coming one.

    ``rivals`` is a sentence where other doubts have one of the candidates too.
    """

    doubt: Doubt
    question: str
    candidates: tuple[tuple[Candidate, str, Marked | None], ...]
    rivals: str = ""

    @property
    def is_open(self) -> bool:
        return self.doubt.meant is None


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting before and after, and what a change of it means to learners."""

    name: str
    label: str
    before: str
    after: str
    note: str


@dataclass(slots=True)
class _Room:
    """How much text a page still has room for."""

    cards: int = MOST_WHOLE
    characters: int = MOST_CHARACTERS

    def takes(self, *texts: str) -> bool:
        self.cards -= 1
        self.characters -= sum(map(len, texts))
        return self.cards >= 0 and self.characters >= 0


# ------------------------------------------------------------------------------------------------- summary


def what_changed(revision: Revision) -> str:
    """What a revision changed, in words."""
    if revision.number == 1:
        return _("first revision")
    return terms.counted(revision.changes) or _("no section and no question")


def summary(plan: Plan) -> str:
    """The whole plan in a few sentences, what is to be decided first of all."""
    said = [
        f"{label}: {numbers}."
        for label, kind in ((_("Sections"), "section"), (_("Questions"), "question"))
        if (numbers := terms.counted(_numbers(plan, kind)))
    ]
    if plan.settings:
        said.append(terms.counted({"settings": len(plan.settings)}).capitalize() + ".")
    if not said:
        said.append(_("No section and no question changes."))
    return " ".join([*_to_decide(len(plan.open_doubts)), *said, _("Nothing is saved yet.")])


def _to_decide(count: int) -> Iterator[str]:
    if count:
        said = ngettext(
            "%(n)d thing is for you to decide first; until then it counts as new.",
            "%(n)d things are for you to decide first; until then they count as new.",
            count,
        )
        yield said % {"n": count}


def _numbers(plan: Plan, kind: str) -> dict[str, int]:
    return Counter(word for change in plan.changes if change.kind == kind for word in change.counted_as)


# --------------------------------------------------------------------------------------------------- cards


def cards(plan: Plan) -> list[Card | Unchanged]:
    """What happens, in the order of the document; parts that stay as they are on one line."""
    room, words = _Room(), {section.identity: section.words for section in plan.document.sections}
    places = _cards_by_title(plan)
    shown: list[Card | Unchanged] = []
    for (kind, is_quiet), group in groupby(enumerate(plan.changes), key=lambda pair: _run(pair[1])):
        numbered = list(group)
        if not is_quiet:
            shown += [card(one, number, words.get(one.identity, 0), room, places) for number, one in numbered]
        elif kind in ("section", "question"):
            titles = tuple(change.title for _number, change in numbered)
            shown.append(Unchanged(_unchanged(kind, len(titles)), titles))
    return shown


def _cards_by_title(plan: Plan) -> dict[str, int]:
    """The numbers of the cards of sections by the titles that they have and had, where those tell them apart."""
    found: dict[str, list[int]] = {}
    for number, change in enumerate(plan.changes):
        for title in {change.title, change.old_title or change.title} if change.kind == "section" else ():
            found.setdefault(title, []).append(number)
    return {title: numbers[0] for title, numbers in found.items() if len(numbers) == 1}


def _run(change: Change) -> tuple[str, bool]:
    return change.kind, change.is_quiet


def _unchanged(kind: str, count: int) -> str:
    said = (
        ngettext("%(n)d section stays as it is", "%(n)d sections stay as they are", count)
        if kind == "section"
        else ngettext("%(n)d question stays as it is", "%(n)d questions stay as they are", count)
    )
    return said % {"n": count}


def card(
    change: Change,
    number: int,
    words: int = 0,
    room: _Room | None = None,
    places: Mapping[str, int] = MappingProxyType({}),
) -> Card:
    """A change on its card, with its words as long as there is room for them.

    ``places`` are the numbers of other cards by the titles of their sections.
    """
    is_whole = room is None or room.takes(change.before, change.after)
    return Card(
        number=number,
        change=change,
        label=_label(change),
        look=next((look for state, look in LOOKS.items() if state in change.states), "edit"),
        states=tuple(_states(change, places)),
        sentences=tuple(_sentences(change, words)),
        options=_options(change) if is_whole else (),
        marked=_marked_words(change) if is_whole else None,
        text=_lone_text(change) if is_whole else "",
        effect=effect(change.effect) if change.effect else "",
        under_way=_under_way(change),
        is_whole=is_whole,
    )


def _label(change: Change) -> str:
    if change.kind == "quiz":
        return _("Heading, introduction and pools of the quiz")
    if change.kind == "preamble":
        return _("Title and introduction")
    if "removed" in change.states:  # another part has its number from then on
        return _formerly(change.kind, change.from_place)
    return _numbered(change.kind, change.to_place)


def _numbered(kind: str, place: int | None) -> str:
    said = _("Section %(number)s") if kind == "section" else _("Question %(number)s")
    return said % {"number": place}


def _formerly(kind: str, place: int | None) -> str:
    said = _("Was section %(number)s") if kind == "section" else _("Was question %(number)s")
    return said % {"number": place}


def _states(change: Change, places: Mapping[str, int]) -> Iterator[State]:
    relative = places.get(change.relatives[0]) if change.relatives and change.kind == "section" else None
    for word in change.states:
        yield State(word, _state(word, change), relative if word in ("split", "merged") else None)
    if "removed" in change.states and change.relatives:
        yield State("merged", _("its text goes into “%(title)s”") % {"title": change.relatives[0]}, relative)
    for title in change.halves:
        said = _("a part of it becomes “%(title)s”") % {"title": title}
        yield State("split", said, places.get(title) if change.kind == "section" else None)
    if change.choices:
        yield State("key", _("another key"))


def _state(word: str, change: Change) -> str:
    first = change.relatives[0] if change.relatives else ""
    quoted = ", ".join(f"“{title}”" for title in change.relatives)
    said = {
        "new": _("new"),
        "back": _("back from the archive"),
        "renamed": _("renamed, was “%(title)s”") % {"title": change.old_title},
        "changed": _("changed a little") if change.is_slight else _("changed"),
        "pictures": _("another picture"),
        "moved": _("moved from %(before)s to %(after)s")
        % {"before": change.from_place, "after": change.to_place},
        "split": _("split off from “%(title)s”") % {"title": first},
        "merged": _("takes in %(titles)s") % {"titles": quoted},
        "removed": _("archived") if change.past else _("deleted"),
    }
    return said[word]


def _sentences(change: Change, words: int) -> Iterator[str]:
    """Who has worked on a part, and what becomes of it."""
    if change.kind == "preamble":
        return
    if not {"new", "split"} & set(change.states):
        yield from _who_had(change)
    if words and {"new", "split", "back"} & set(change.states):
        minutes = minutes_for(words)
        yield ngettext("%(n)d minute of reading", "%(n)d minutes of reading", minutes) % {"n": minutes}
    if "removed" in change.states:
        yield from _keeping(change)
    elif change.people:
        yield from _kept(change)
    if change.returning:
        said = ngettext(
            "%(n)d person need not read it again: it says again what they have read",
            "%(n)d people need not read it again: it says again what they have read",
            change.returning,
        )
        yield said % {"n": change.returning}


def _who_had(change: Change) -> Iterator[str]:
    """Who has worked on a part, or has to do so again; without those who need not because of what it says again."""
    if change.people or not change.past or change.kind != "section":
        yield people(change.kind, change.people)
    elif waiting := change.past - change.returning:
        said = ngettext("to be read again by %(n)d person", "to be read again by %(n)d people", waiting)
        yield said % {"n": waiting}


def people(kind: str, count: int) -> str:
    if kind == "section":
        said = ngettext("read by %(n)d person", "read by %(n)d people", count)
        return said % {"n": count} if count else _("read by nobody yet")
    said = ngettext("answered by %(n)d person", "answered by %(n)d people", count)
    return said % {"n": count} if count else _("answered by nobody yet")


def _keeping(change: Change) -> Iterator[str]:
    """What is kept of a part that goes."""
    if change.past and change.kind == "section":
        yield _("kept in the archive with its readings")
    elif change.past:
        yield _("kept in the archive with its answers")


def _kept(change: Change) -> Iterator[str]:
    """What learners keep of a part that somebody has read or answered."""
    if change.kind != "section":
        if {"changed", "pictures", "renamed"} & set(change.states):
            yield _("learners who have answered it keep the old version")
    elif "split" in change.states:
        said = ngettext(
            "read already for %(n)d person who read the whole",
            "read already for %(n)d people who read the whole",
            change.people,
        )
        yield said % {"n": change.people}
    elif "back" in change.states:
        yield _("comes back with its readings")
    elif change.tell != "again":
        yield _("stays read")


def _options(change: Change) -> tuple[Option, ...]:
    """What may be told of a changed section that somebody has read."""
    if change.kind != "section" or not change.told or not {"changed", "pictures"} & set(change.states):
        return ()
    labels = (_("Do not tell"), _("Tell learners"), _("Ask to read it again"))
    seeing = ngettext("%(n)d person sees what changed", "%(n)d people see what changed", change.told)
    again = ngettext("%(n)d person has to read it again", "%(n)d people have to read it again", change.people)
    consequences = ("", seeing % {"n": change.told}, again % {"n": change.people})
    return tuple(
        Option(value, label, said, value == change.tell)
        for value, label, said in zip(TELL, labels, consequences, strict=True)
    )


# --------------------------------------------------------------------------------------------------- words


def marked(before: str, after: str, most: int = MOST_ROWS) -> Marked:
    """Two pieces of Markdown line by line, what stayed folded away."""
    rows = tuple(folded(tidied(compare(_lines(before), _lines(after)))))
    return Marked(rows[:most], max(0, len(rows) - most))


def _lines(text: str) -> list[str]:
    return source.normalise(text).rstrip("\n").split("\n") if text else []


def _marked_words(change: Change) -> Marked | None:
    """What changed in the text of a part that was and will be."""
    if "changed" in change.states and change.before and change.after:
        return marked(change.before, change.after)
    return None


def _lone_text(change: Change) -> str:
    """The text of a part that has no other beside it."""
    if {"new", "split", "removed"} & set(change.states):
        return source.normalise(change.after or change.before).strip()
    return ""


# -------------------------------------------------------------------------------------------------- effects


def effect(effect: Effect) -> str:
    """What regrading does, to the digit; nothing where no attempt is submitted."""
    if not effect.attempts:
        return ""
    if not effect.changed:
        said = ngettext("The one grade stays as it is", "All %(n)d grades stay as they are", effect.attempts)
        return said % {"n": effect.attempts} + "."
    whole = ngettext(
        "%(changed)d of %(n)d grade changes", "%(changed)d of %(n)d grades change", effect.attempts
    )
    moves = _several(
        ngettext_lazy("%(n)d rises", "%(n)d rise", "n"), effect.up,
        ngettext_lazy("%(n)d falls", "%(n)d fall", "n"), effect.down,
    )  # fmt: skip
    passes = _several(
        ngettext_lazy("%(n)d no longer passes", "%(n)d no longer pass", "n"), effect.fails,
        ngettext_lazy("%(n)d passes now", "%(n)d pass now", "n"), effect.passes,
    )  # fmt: skip
    passes = passes or _("who passed stays the same")
    numbers = {"changed": effect.changed, "n": effect.attempts}
    return f"{whole % numbers}: {moves}; {passes}."


def _several(first: Any, one: int, second: Any, other: int) -> str:
    return ", ".join(str(said % {"n": count}) for said, count in ((first, one), (second, other)) if count)


def _under_way(change: Change) -> str:
    """What a regrade means to attempts that are not submitted yet."""
    if not change.under_way:
        return ""
    if change.effect and change.effect.attempts:
        said = ngettext(
            "%(n)d attempt under way is graded with it too, once it is submitted.",
            "%(n)d attempts under way are graded with it too, once they are submitted.",
            change.under_way,
        )
    else:
        said = ngettext(
            "%(n)d attempt is under way: it is graded with it once it is submitted.",
            "%(n)d attempts are under way: they are graded with it once they are submitted.",
            change.under_way,
        )
    return said % {"n": change.under_way}


def consequences(plan: Plan) -> list[str]:
    """What learners notice, as it is decided now."""
    sections = [change for change in plan.changes if change.kind == "section"]
    told = [change for change in sections if change.tell == "tell" and change.told]
    again = [change for change in sections if change.tell == "again" and change.people]
    regraded = [change for change in plan.changes if change.regrade]
    said = [
        (ngettext_lazy("Learners who read it are told that %(n)d section changed.", "Learners who read them are told that %(n)d sections changed.", "n"), told),
        (ngettext_lazy("Learners who read it are asked to read %(n)d section again.", "Learners who read them are asked to read %(n)d sections again.", "n"), again),
        (ngettext_lazy("%(n)d question is graded again with its new key.", "%(n)d questions are graded again with their new keys.", "n"), regraded),
    ]  # fmt: skip
    return [
        *_finishing(plan),
        *_arrivals(plan, sections),
        *_testing(plan),
        *(str(sentence % {"n": len(which)}) for sentence, which in said if which),
    ]


def _finishing(plan: Plan) -> Iterator[str]:
    if plan.finishes:
        said = ngettext("%(n)d learner finishes by this.", "%(n)d learners finish by this.", plan.finishes)
        yield said % {"n": plan.finishes}


def _arrivals(plan: Plan, sections: Iterable[Change]) -> Iterator[str]:
    """For whom sections that come stand before the quiz, or before the end."""
    if not plan.held_up:
        return
    states = [state for change in sections for state in change.states if state in ("new", "back")]
    said = (
        ngettext_lazy("To be read before the quiz by %(n)d learner who has not finished: %(sections)s.", "To be read before the quiz by %(n)d learners who have not finished: %(sections)s.", "n")
        if plan.gates_quiz
        else ngettext_lazy("To be read by %(n)d learner who has not finished: %(sections)s.", "To be read by %(n)d learners who have not finished: %(sections)s.", "n")
    )  # fmt: skip
    yield str(said % {"n": plan.held_up, "sections": _sections(states)})


def _testing(plan: Plan) -> Iterator[str]:
    if plan.tested:
        said = ngettext(
            "%(n)d learner who has not finished has to pass the quiz as well, with a grade of %(mark)d percent.",
            "%(n)d learners who have not finished have to pass the quiz as well, with a grade of %(mark)d percent.",
            plan.tested,
        )
        yield said % {"n": plan.tested, "mark": plan.document.rules.pass_mark}


def _sections(states: Sequence[str]) -> str:
    """So many sections that are new, and that are back."""
    return _several(
        ngettext_lazy("%(n)d new section", "%(n)d new sections", "n"), states.count("new"),
        ngettext_lazy("%(n)d section that is back", "%(n)d sections that are back", "n"), states.count("back"),
    )  # fmt: skip


# --------------------------------------------------------------------------------------------------- doubts


def asked(plan: Plan, undecided: Plan) -> list[Asked]:
    """Every doubt with all its candidates, those that are settled too, so that one may think again."""
    decided = {doubt.key: doubt for doubt in plan.doubts}
    first = [_with(doubt, plan.decisions.meant) for doubt in undecided.doubts]
    known = {doubt.key for doubt in first}
    every = [*first, *(decided[key] for key in decided if key not in known)]
    places, room = _places(plan.module) if every else {}, _Room()
    return [_asked(doubt, _rivals(doubt, every), places, room) for doubt in every]


def _with(doubt: Doubt, meant: Mapping[str, str]) -> Doubt:
    return replace(doubt, meant=meant.get(doubt.key))


def _places(module: Module | None) -> dict[tuple[str, str], int]:
    """Where the parts of a module stand, counted from 1, by kind and key; what is archived stands nowhere."""
    if module is None:
        return {}
    quiz = module.standing_quiz
    standing = {
        "section": module.sections.standing().values_list("pk", flat=True),
        "question": quiz.questions.standing().values_list("pk", flat=True) if quiz else (),
    }
    return {
        (kind, str(key)): place for kind, keys in standing.items() for place, key in enumerate(keys, start=1)
    }


def _rivals(doubt: Doubt, every: Iterable[Doubt]) -> str:
    """Which other doubts have a candidate of this one: a person answers them together."""
    mine = {candidate.key for candidate in doubt.candidates}
    titles = [
        f"“{other.title}”"
        for other in every
        if other.key != doubt.key
        and _scope(other) == _scope(doubt)
        and mine & {candidate.key for candidate in other.candidates}
    ]
    if not titles:
        return ""
    return _("The same is asked of %(titles)s. Only one of them can go on as it; the others are new.") % {
        "titles": get_text_list(titles, _("and"))
    }


def _asked(doubt: Doubt, rivals: str, places: Mapping[tuple[str, str], int], room: _Room) -> Asked:
    return Asked(
        doubt,
        _question(doubt),
        tuple(
            (one, _who(doubt, one, places.get((doubt.kind, one.key))), _beside(doubt, one, room))
            for one in doubt.candidates
        ),
        rivals,
    )


def _question(doubt: Doubt) -> str:
    if doubt.kind == "section":
        return _("Which section is “%(title)s”?") % {"title": doubt.title}
    if doubt.kind == "question":
        return _("Which question is “%(title)s”?") % {"title": doubt.title}
    names = {"title": doubt.title, "question": doubt.within}
    return _("In “%(question)s”: which choice is “%(title)s”?") % names


def _who(doubt: Doubt, candidate: Candidate, place: int | None) -> str:
    """Where a candidate stands, since several may be called the same, and who has worked on it."""
    if candidate.is_right is not None:
        return f"{_chosen(candidate.people)} · {_('was right') if candidate.is_right else _('was wrong')}"
    said = people("section" if doubt.kind == "section" else "question", candidate.people)
    return f"{_numbered(doubt.kind, place)} · {said}" if place else said


def _chosen(count: int) -> str:
    said = ngettext("chosen by %(n)d person", "chosen by %(n)d people", count)
    return said % {"n": count} if count else _("chosen by nobody yet")


def _beside(doubt: Doubt, candidate: Candidate, room: _Room) -> Marked | None:
    if doubt.kind == "choice" or not room.takes(doubt.text, candidate.text):
        return None
    return marked(candidate.text, doubt.text)


def claimed_twice(doubts: Iterable[Asked]) -> list[str]:
    """A sentence for each candidate that several doubts were settled with; only one part can go on as it."""
    titles: dict[tuple[str, str], list[str]] = {}
    for one in doubts:
        for candidate, _people, _marked in one.candidates:
            if candidate.key == one.doubt.meant:
                titles.setdefault((_scope(one.doubt), candidate.key), []).append(candidate.title)
    said = _("“%(title)s” is chosen more than once. Only one can go on as it; the others are new.")
    return [said % {"title": several[0]} for several in titles.values() if len(several) > 1]


def _scope(doubt: Doubt) -> str:
    """Within what keys of candidates are unique: a module's sections, its questions, a question's choices."""
    return doubt.key.rpartition(":")[0] if doubt.kind == "choice" else doubt.kind


# ------------------------------------------------------------------------------------------------- settings


KEPT = gettext_lazy("Attempts that are under way or submitted keep theirs.")
NOTES: Mapping[str, str | Promise] = {
    "address": gettext_lazy("The old address leads on to the new one."),
    **dict.fromkeys(("pass_mark", "scoring", "late", "grace"), KEPT),
    **dict.fromkeys(("time_limit", "opens"), gettext_lazy("Attempts that are under way keep their time.")),
    "closes": gettext_lazy(
        "Attempts that are under way keep their time. From the new date on, what is shown after closing is shown."
    ),
    "attempts": gettext_lazy("Attempts that were made count: who has none left cannot begin another."),
    "wait": gettext_lazy("Counts for whoever begins another attempt."),
    **dict.fromkeys(
        ("shuffle", "draw", "pools"), gettext_lazy("Attempts that are under way keep their order.")
    ),
    **dict.fromkeys(("review", "counts"), gettext_lazy("Counts at once, for submitted attempts too.")),
}


def settings(plan: Plan) -> list[SettingRow]:
    """What changes for the whole module, and the rules of a quiz that it has not had."""
    changed = [
        SettingRow(
            one.name,
            str(terms.SETTINGS[one.name]),
            _value(one, one.before),
            _value(one, one.after),
            str(NOTES.get(one.name, "")),
        )
        for one in plan.settings
    ]
    return [*changed, *(_new_rule(name, value) for name, value in _rules_of_a_new_quiz(plan))]


def _rules_of_a_new_quiz(plan: Plan) -> Iterator[tuple[str, Any]]:
    """Its pass mark, and what else is not as it is in every quiz whose author says nothing of it."""
    quiz = plan.document.quiz
    if quiz is None or not any(change.kind == "quiz" and "new" in change.states for change in plan.changes):
        return
    coming, usual = rule_columns(plan.document.rules), rule_columns(Rules())
    for name, column in RULES.items():
        if name == "pass_mark" or coming[column] != usual[column]:
            yield name, coming[column]
    if quiz.pools:
        yield "pools", pool_values(quiz.pools)


def _new_rule(name: str, value: Any) -> SettingRow:
    return SettingRow(name, str(terms.NAMES[name]), _("no quiz yet"), terms.value(name, value), "")


def _value(setting: Setting, value: Any) -> str:
    if setting.name == "address":
        return f"/modules/{value}/"
    if setting.name in terms.NAMES:
        return terms.value(setting.name, value)
    return str(value) if value else _("none")
