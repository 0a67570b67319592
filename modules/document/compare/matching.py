"""Which part of a document is which part of the one before: by identity, by equal text, by likeness.

Sections and questions are matched alike. What is certain is taken first; the rest is matched as a whole at its best.
What could be either of two, while somebody's work hangs on it, is a doubt that a person settles.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from modules.document.compare.assignment import assign
from modules.document.compare.likeness import Index, Scale, Text, text_of
from modules.document.html.plain_text import TAG
from modules.document.html.tokens import parse
from modules.document.slugs import slugify
from modules.document.syntax.source import normalise

SURE = 0.5  # so alike are two parts that are the same, where no other is nearly as alike
POSSIBLE = 0.25  # so alike are two parts that may be the same
MARGIN = 0.1  # by so much the best way to pair parts has to be better than the next
FITTING = 0.3  # so alike, a part that alone stands between the neighbours that it had is the same
NAMED = 0.9  # so alike are two parts with the same heading, where there are no words under it to tell
RETURNED = 0.8  # so alike is a part to an archived one that comes back, where that is not asked
CONTAINED = 0.6  # so much of a part stands in another one that it was taken from, or went into
MOSTLY = 0.5  # a text of which less than this was there before is mostly another one
LONGEST_HEADING = 6  # lines that an underlined heading may have
COMPARABLE = 0.5  # so much of the likest one's likeness has a candidate that is asked about beside it
WORDS_THAT_TELL = 5  # a text with fewer words says nothing by being equal to another


@dataclass(frozen=True)
class Part:
    """A section or a question. ``key`` tells it from the others of its side.

    ``stands`` is false for an archived one. ``matters`` says whether anybody has read or answered it. ``former`` holds
    (identity, source) pairs that it had earlier.
    """

    key: str
    identity: str
    title: str
    source: str
    stands: bool = True
    matters: bool = True
    former: tuple[tuple[str, str], ...] = ()

    @cached_property
    def text(self) -> Text:
        return text_of(self.title, self.source)

    @cached_property
    def name(self) -> str:
        """What its heading alone would be called; no tag is part of that, unless it is code."""
        name = slugify(self.title)
        return name if self.identity.startswith(name) else slugify(TAG.sub("", self.title))

    @cached_property
    def is_named(self) -> bool:
        """Whether its author wrote the identity down, as ``{#identity}``."""
        return written_identity(self.source) == self.identity


@dataclass
class Matching:
    """What was found. Keys of what comes lead to keys of what was.

    ``ambiguities`` name the candidates, the likeliest first. ``origins`` lead from a new part to the one that its text
    was split from; ``merged`` from one that is gone to the coming part that has its text now.
    """

    pairs: dict[str, str] = field(default_factory=dict)
    ambiguities: dict[str, tuple[str, ...]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)


def match(old: Sequence[Part], new: Sequence[Part], meant: Mapping[str, str] | None = None) -> Matching:
    """Match parts in the order of their documents, archived ones at the end of ``old``.

    ``meant`` settles doubts: by the key of what comes, the key of what was, or ``""`` for something new.
    """
    return _Matcher(old, new, meant or {}).match()


class _Matcher:
    def __init__(self, old: Sequence[Part], new: Sequence[Part], meant: Mapping[str, str]) -> None:
        self.old = {part.key: part for part in old}
        self.new = {part.key: part for part in new}
        self.meant = {key: value for key, value in meant.items() if key in self.new}
        self.found = Matching()
        self.taken: set[str] = set()

    def match(self) -> Matching:
        self._settle()
        self._by_identity()
        self._by_equal_text(stands=True)
        self._by_earlier_identity()
        self._by_former_text()
        self._by_equal_text(stands=False)
        self._by_likeness()
        self._find_splits()
        self._go_on_in_a_half()
        self._find_merges()
        self._add_ambiguity_of_given_headings()
        return self.found

    @cached_property
    def scale(self) -> Scale:
        return Scale([part.text for part in self._active_old()], [part.text for part in self.new.values()])

    def _pair(self, new: str, old: str) -> None:
        self.found.pairs[new] = old
        self.taken.add(old)

    def _settle(self) -> None:
        for new, old in self.meant.items():
            if old in self.old and old not in self.taken:
                self._pair(new, old)

    def _free_old(self) -> list[Part]:
        return [part for key, part in self.old.items() if key not in self.taken]

    def _free_new(self) -> list[Part]:
        """What comes and has no partner yet; what was settled as new has none."""
        return [
            part for key, part in self.new.items() if key not in self.found.pairs and key not in self.meant
        ]

    # ---------------------------------------------------------------------------------------------- identity

    def _by_identity(self) -> None:
        """Pair what has the same identity, unless the texts contradict it or the identity is only a number."""
        active = {part.identity: part for part in self._free_old() if part.stands}
        for part in self._free_new():
            before = active.get(part.identity)
            if before and self._tells_by_identity(before, part):
                self._pair(part.key, before.key)
        self._withdraw_contradicted()

    def _by_earlier_identity(self) -> None:
        """Pair what has the identity of something archived, or one that something had earlier, and is like it."""
        archived = {part.identity: part for part in self._free_old() if not part.stands}
        called = {identity: part for part in self._free_old() for identity, _source in part.former}
        for part in self._free_new():
            before = archived.get(part.identity) or called.get(part.identity)
            if before and before.key not in self.taken and self._is_back(before, part):
                self._pair(part.key, before.key)

    def _by_former_text(self) -> None:
        """Pair what has the very heading and words that one part had earlier, and no other: it goes back to them."""
        before: dict[Hashable, list[Part]] = defaultdict(list)
        for part in self._free_old():
            for words in {_wording(source) for source in (part.source, *(one for _, one in part.former))}:
                before[words].append(part)
        for token, several in _by(lambda part: _wording(part.source), self._free_new()).items():
            others = before.get(token, [])
            if len(several) == len(others) == 1 and several[0].name not in self._repeated_names:
                self._pair(several[0].key, others[0].key)

    def _tells_by_identity(self, before: Part, part: Part) -> bool:
        return self._is_certain(before, part) or part.name not in self._repeated_names

    @cached_property
    def _repeated_names(self) -> set[str]:
        """Names that several headings have: their identities are counted up, and shift when one is taken out."""
        counts = [
            Counter(part.name for part in self.old.values() if part.stands),
            Counter(part.name for part in self.new.values()),
        ]
        return {name for count in counts for name, times in count.items() if times > 1}

    def _is_certain(self, before: Part, part: Part) -> bool:
        return before.is_named or part.is_named

    def _is_back(self, before: Part, part: Part) -> bool:
        if self._is_certain(before, part) and before.identity == part.identity:
            return True
        if part.name in self._repeated_names:
            return False
        texts = [before.source, *(source for _identity, source in before.former)]
        return any(self._alike(text_of(part.title, text), part) >= SURE for text in texts)

    def _alike(self, text: Text, part: Part) -> float:
        return 1.0 if text.whole == part.text.whole else self.scale.likeness(text, part.text)

    def _withdraw_contradicted(self) -> None:
        """A heading may have been given to another text: then its identity says one thing, and the text another."""
        self._withdraw_those_said_elsewhere()
        weak = [
            (new, old)
            for new, old in self.found.pairs.items()
            if new not in self.meant and self._is_weak(self.old[old], self.new[new])
        ]
        elsewhere_old = Elsewhere(self.old.values(), self.scale) if weak else None
        elsewhere_new = Elsewhere(self.new.values(), self.scale) if weak else None
        for new, old in weak:
            moved_away = elsewhere_new and elsewhere_new.likest(self.old[old].text, but=new)
            came_from = elsewhere_old and elsewhere_old.likest(self.new[new].text, but=old)
            for other in (moved_away and (moved_away, old), came_from and (new, came_from)):
                if other and not self._belongs(*other):
                    self._withdraw(new, old)

    def _withdraw(self, new: str, old: str) -> None:
        self.found.pairs.pop(new, None)
        self.taken.discard(old)

    def _withdraw_those_said_elsewhere(self) -> None:
        """What stands under a heading was, word for word, another part; or what stood there stands elsewhere now."""
        before, after = _told_apart(self._active_old()), _told_apart(self.new.values())
        holders = {old: new for new, old in self.found.pairs.items()}
        for new, old in list(self.found.pairs.items()):
            now, then = self.new[new], self.old[old]
            if new in self.meant or now.text.whole == then.text.whole or self._is_certain(then, now):
                continue
            was, became = before.get(now.text.whole), after.get(then.text.whole)
            came = was and not self._is_unchanged(holders.get(was), was)
            went = became and not self._is_unchanged(became, self.found.pairs.get(became))
            if came or went:
                self._withdraw(new, old)

    def _is_unchanged(self, new: str | None, old: str | None) -> bool:
        return bool(new and old) and self.new[str(new)].text.whole == self.old[str(old)].text.whole

    def _active_old(self) -> list[Part]:
        return [part for part in self.old.values() if part.stands]

    def _is_weak(self, before: Part, part: Part) -> bool:
        if self._is_certain(before, part) or before.text.whole == part.text.whole:
            return False
        return (
            self.scale.likeness(before.text, part.text) < 0.1 + FITTING
        )  # of which the equal title makes 0.1

    def _belongs(self, new: str, old: str) -> bool:
        """Whether one of two is paired already with something that is at least as like it."""
        score = self.scale.likeness(self.old[old].text, self.new[new].text)
        by_old = {paired: key for key, paired in self.found.pairs.items()}
        partners = [(new, self.found.pairs.get(new)), (by_old.get(old), old)]
        return any(
            one and other and self.scale.likeness(self.old[other].text, self.new[one].text) >= score
            for one, other in partners
        )

    # -------------------------------------------------------------------------------------------- equal text

    def _by_equal_text(self, *, stands: bool) -> None:
        """Pair texts that each side has once; and equal texts under equal headings in their order."""
        self._pair_once(lambda part: part.text.whole, stands=stands, shortest=WORDS_THAT_TELL)
        if stands:
            self._pair_once(lambda part: (part.name, part.text.whole), stands=True, shortest=0)
            self._pair_in_order()

    def _pair_once(self, tell: Callable[[Part], Hashable], *, stands: bool, shortest: int) -> None:
        before = _by(tell, (part for part in self._free_old() if part.stands is stands))
        after = _by(tell, self._free_new())
        for token, several in after.items():
            others = before.get(token, [])
            if len(several) == len(others) == 1 and several[0].text.whole.count(" ") + 1 >= shortest:
                self._pair(several[0].key, others[0].key)

    def _pair_in_order(self) -> None:
        before = _by(lambda part: (part.name, part.text.whole), (p for p in self._free_old() if p.stands))
        after = _by(lambda part: (part.name, part.text.whole), self._free_new())
        for token, several in after.items():
            if len(before.get(token, [])) == len(several):
                for part, other in zip(several, before[token], strict=True):
                    self._pair(part.key, other.key)

    # ---------------------------------------------------------------------------------------------- likeness

    def _by_likeness(self) -> None:
        old, new = self._free_old(), self._free_new()
        if not old or not new:
            return
        scores = self._scores(old, new)
        best = assign(scores)
        ambiguous = self._ambiguous(best, scores)
        for key, other in best.items():
            if key not in ambiguous and self._is_sure(key, other, scores[key, other]):
                self._pair(key, other)
        self._add_ambiguity(scores, best, ambiguous)

    def _scores(self, old: Sequence[Part], new: Sequence[Part]) -> dict[tuple[str, str], float]:
        """How alike the pairs are that may be the same, by their keys; archived ones come after standing ones."""
        index = Index([part.text for part in old])
        scores = {}
        for part in new:
            for place in index.near(part.text):
                other = old[place]
                score = self._likest_form(other, part)
                score += (other.identity == part.identity) * MARGIN / 2 - (not other.stands) * MARGIN
                if score >= POSSIBLE:
                    scores[part.key, other.key] = score
        return scores

    def _likest_form(self, before: Part, part: Part) -> float:
        former = [text_of(part.title, source) for _identity, source in before.former]
        equal = any(text.whole == part.text.whole and len(text.features) > WORDS_THAT_TELL for text in former)
        return 1.0 if equal else self.scale.likeness(before.text, part.text)

    def _is_sure(self, new: str, old: str, score: float) -> bool:
        if not self.old[old].stands:  # without words of its own it has only its heading to be known by
            return score >= RETURNED and _tells(self.new[new]) and not self._may_be_split_off(new)
        speaking = _tells(self.new[new]) + _tells(self.old[old])
        if score >= SURE and speaking:  # where one has no words, it is the heading that says so
            return speaking == 2 or self.new[new].name not in self._repeated_names
        if score >= NAMED:
            return True
        if not self.old[old].matters:
            return score >= FITTING
        return score >= FITTING and self._fits_between(new, old) and not self._is_taken_in(new, old)

    def _is_taken_in(self, new: str, old: str) -> bool:
        """Whether what comes has the text of what was, and mostly another one beside it."""
        now, then = self.new[new].text, self.old[old].text
        return self.scale.part_of(then, now) >= CONTAINED and self.scale.part_of(now, then) < MOSTLY

    def _may_be_split_off(self, new: str) -> bool:
        """Whether what comes stands in a text that was there: then it need not be what it was before that."""
        active = self._active_old()
        near = self._index_of_active.near(self.new[new].text, most=3)
        return any(self.scale.part_of(self.new[new].text, active[place].text) >= CONTAINED for place in near)

    @cached_property
    def _index_of_active(self) -> Index:
        return Index([part.text for part in self._active_old()])

    def _fits_between(self, new: str, old: str) -> bool:
        """Whether the neighbours of one are the neighbours of the other."""
        here, there = _neighbours(self.new, new), _neighbours(self.old, old)
        return any(here) and all(
            (mine is None and other is None) or (mine is not None and self.found.pairs.get(mine) == other)
            for mine, other in zip(here, there, strict=True)
        )

    def _ambiguous(
        self, best: Mapping[str, str], scores: Mapping[tuple[str, str], float]
    ) -> dict[str, set[str]]:
        """What could nearly as well be paired otherwise, with the other candidates that it has."""
        holder = {old: new for new, old in best.items()}
        ambiguous: dict[str, set[str]] = defaultdict(set)
        for (new, old), score in scores.items():
            mine, theirs = best.get(new), holder.get(old)
            if mine == old:
                continue
            kept = scores.get((new, mine), 0.0) if mine else 0.0
            lost = scores.get((theirs, old), 0.0) if theirs else 0.0
            gained = score + (scores.get((theirs, mine), 0.0) if theirs and mine else 0.0)
            if kept + lost - gained < MARGIN and not self._is_split(new, theirs, old):
                for key in filter(None, (new, theirs)):
                    ambiguous[key].add(old)
        return {key: others for key, others in ambiguous.items() if self._matter(others, best.get(key))}

    def _matter(self, others: Iterable[str], partner: str | None) -> bool:
        return any(self.old[key].matters for key in (*others, *([partner] if partner else [])))

    def _is_split(self, one: str, other: str | None, old: str) -> bool:
        """Whether two parts that come are two pieces of one that was: then it is no question which is which."""
        if other is None:
            return False
        pieces = (self.new[one].text, self.new[other].text)
        whole = self.old[old].text
        return (
            all(self.scale.part_of(piece, whole) >= CONTAINED for piece in pieces)
            and self.scale.part_of(*pieces) < POSSIBLE
        )

    def _add_ambiguity(
        self,
        scores: Mapping[tuple[str, str], float],
        best: Mapping[str, str],
        ambiguous: Mapping[str, set[str]],
    ) -> None:
        """Ask about what is doubtful, and about what may be the same but is not sure to be."""
        candidates: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for (new, old), score in scores.items():
            asks = new in ambiguous or (best.get(new) == old and self.old[old].matters and score >= FITTING)
            if asks and new not in self.found.pairs and old not in self.taken:
                candidates[new].append((-score, old))
        self.found.ambiguities = {
            new: tuple(old for score, old in sorted(some) if score <= min(some)[0] * COMPARABLE)
            for new, some in candidates.items()
        }

    def _add_ambiguity_of_given_headings(self) -> None:
        """Ask where a part that is gone said, word for word, what now stands in a part that was taken for another.

        By its heading it is the one that had it, and was edited; by its text it is the one that is gone.
        """
        gone = _by(lambda part: part.text.whole, (part for part in self._free_old() if part.stands))
        for new, old in list(self.found.pairs.items()):
            candidates = (old, *(other.key for other in gone.get(self.new[new].text.whole, [])))
            if len(candidates) > 1 and self._may_be_another(new, old) and self._matter(candidates, None):
                self.found.ambiguities[new] = candidates
                del self.found.pairs[new]
                self.taken.discard(old)

    def _may_be_another(self, new: str, old: str) -> bool:
        before, part = self.old[old], self.new[new]
        if new in self.meant:
            return False
        return not before.stands or not (
            self._is_certain(before, part) or before.text.whole == part.text.whole
        )

    # ------------------------------------------------------------------------------------- splits and merges

    def _find_splits(self) -> None:
        """What is new and was taken from a text that is there no more, or that stands elsewhere without it."""
        partner = {old: new for new, old in self.found.pairs.items()}
        fresh = [part for key, part in self.new.items() if self._is_fresh(key)]
        active = self._active_old()
        if not fresh or not active:
            return
        for part in fresh:
            for place in self._index_of_active.near(part.text, most=3):
                source = active[place]
                kept = self.new[partner[source.key]].text if source.key in partner else None
                taken_over = kept is None or self.scale.part_of(part.text, kept) < POSSIBLE
                if taken_over and self.scale.part_of(part.text, source.text) >= CONTAINED:
                    self.found.origins[part.key] = source.key
                    break

    def _is_fresh(self, key: str) -> bool:
        """Whether nothing is known of a part that comes; what was settled as new stays new."""
        return not any(key in known for known in (self.found.pairs, self.found.ambiguities, self.meant))

    def _go_on_in_a_half(self) -> None:
        """What was split and stands nowhere itself goes on in the part that has most of it."""
        asked = {old for candidates in self.found.ambiguities.values() for old in candidates}
        for old in dict.fromkeys(self.found.origins.values()):
            if old not in self.taken and old not in asked:
                halves = [new for new, origin in self.found.origins.items() if origin == old]
                largest = max(
                    halves, key=lambda new: self.scale.part_of(self.old[old].text, self.new[new].text)
                )
                del self.found.origins[largest]
                self._pair(largest, old)

    def _find_merges(self) -> None:
        """What is gone, and whose text stands now in another part that did not have it before."""
        gone = [part for part in self._free_old() if part.stands]
        if not gone:
            return
        coming = list(self.new.values())
        index = Index([part.text for part in coming])
        for part in gone:
            for place in index.near(part.text, most=3):
                target = coming[place]
                before = self.found.pairs.get(target.key)
                had_it = (
                    before is not None and self.scale.part_of(part.text, self.old[before].text) >= POSSIBLE
                )
                if not had_it and self.scale.part_of(part.text, target.text) >= CONTAINED:
                    self.found.merged[part.key] = target.key
                    break


class Elsewhere:
    """Looks for the part that is likest to a text."""

    def __init__(self, parts: Iterable[Part], scale: Scale) -> None:
        self.parts, self.scale = list(parts), scale
        self.index = Index([part.text for part in self.parts])

    def likest(self, text: Text, *, but: str) -> str | None:
        """The key of the part that is surely alike, another one than ``but``; ``None`` where there is none."""
        near = [self.parts[place] for place in self.index.near(text)]
        scored = [(self.scale.likeness(text, part.text), part.key) for part in near if part.key != but]
        score, key = max(scored, default=(0.0, ""))
        return key if score >= SURE else None


def written_identity(source: str) -> str:
    """The identity that stands in braces behind the heading of a part; empty where its author wrote none."""
    begin = "\n".join(normalise(source).lstrip("\n").split("\n", LONGEST_HEADING)[:LONGEST_HEADING])
    if "{" not in begin:  # parsing each heading of a long document takes long
        return ""
    heading = parse(begin)[0]
    return str(heading.meta["attributes"].id) if heading.type == "heading_open" else ""


def _told_apart(parts: Iterable[Part]) -> dict[str, str]:
    """The keys of parts by their texts, where a text is that of one part alone and long enough to tell it."""
    grouped = _by(lambda part: part.text.whole, parts)
    return {
        str(whole): several[0].key
        for whole, several in grouped.items()
        if len(several) == 1 and _tells(several[0])
    }


def _wording(source: str) -> str:
    """A part with its heading, whatever its white space."""
    return " ".join(normalise(source).split())


def _tells(part: Part) -> bool:
    """Whether a text has words enough to say something by being equal to another."""
    return part.text.whole.count(" ") + 1 >= WORDS_THAT_TELL


def _by(tell: Callable[[Part], Hashable], parts: Iterable[Part]) -> dict[Hashable, list[Part]]:
    grouped: dict[Hashable, list[Part]] = {}
    for part in parts:
        grouped.setdefault(tell(part), []).append(part)
    return grouped


def _neighbours(parts: Mapping[str, Part], key: str) -> tuple[str | None, str | None]:
    """The keys of the standing parts before and after one."""
    order = [one for one, part in parts.items() if part.stands]
    if key not in order:
        return None, None
    place = order.index(key)
    return (order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None)
