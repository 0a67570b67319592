"""Makes the value of the search page, for learners and for instructors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlencode

from django.db.models import Max
from django.urls import reverse

from accounts.models import Visitor
from modules.models import IndexedPage, ModuleQuerySet, Reading, Section
from modules.search import passages, query, spelling
from modules.search.passages import Passage, Run, ShownPage
from modules.search.query import Found, FoundModule, Query

HITS = 10  # on a page
MOST_FILTERS = 12  # modules that can be chosen at once; of more, the first ones are shown
FIRST_FILTERS = 8
LAST_READ = 5  # sections that are shown before anything is looked for
LONGEST_NUMBER = 6  # digits of the number of a page in an address


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A page that is found. ``number`` is that of the section among ``sections``, or 0 for the page of the module.

    ``edit_url`` leads instructors to the text of the section.
    """

    url: str
    title: Sequence[Run]
    number: int
    sections: int
    is_read: bool
    passages: Sequence[Passage]
    edit_url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The hits in one module."""

    title: str
    url: str
    language: str
    hits: Sequence[ShownHit]


@dataclass(frozen=True, slots=True)
class Filter:
    """A link that shows the hits in one module, or in all of them if it has no title."""

    url: str
    title: str
    language: str
    hits: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was looked for, and what was found.

    ``looked_in`` counts the modules in which the search looked. ``has_all``: each hit has all words; otherwise each has
    some, and ``missing`` are the words that no page has. ``mended`` are words that were typed and mended; ``exact_url``
    leads to the search for ``typed``, as it was. ``more`` and ``before`` count the hits on the pages to which
    ``more_url`` and ``before_url`` lead.
    """

    address: str
    typed: str
    text: str
    recent: Sequence[Section] = ()
    hits: int = 0
    looked_in: int = 0
    has_all: bool = True
    missing: Sequence[str] = ()
    groups: Sequence[Group] = ()
    filters: Sequence[Filter] = ()
    module: str = ""
    filters_left: int = 0
    filters_url: str = ""
    mended: Sequence[str] = ()
    exact_url: str = ""
    more: int = 0
    more_url: str = ""
    before_url: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a search is made: its own address, and the addresses of what it finds."""

    address: str
    module_url: Callable[[FoundModule], str]
    section_url: Callable[[FoundModule, str], str]
    edit_url: Callable[[ShownPage], str]


def _learner_module(module: FoundModule) -> str:
    return reverse("module", args=[module.slug])


def _learner_section(module: FoundModule, identity: str) -> str:
    return reverse("section", args=[module.slug, identity])


def _preview_section(module: FoundModule, identity: str) -> str:
    return reverse("preview_module", args=[module.slug, identity])


def _admin_module(module: FoundModule) -> str:
    return reverse("admin:modules_module_change", args=[module.pk])


def _edit_section(page: ShownPage) -> str:
    return reverse("admin:modules_module_part", args=["section", page.section]) if page.section else ""


def for_learners() -> Place:
    return Place(reverse("search"), _learner_module, _learner_section, lambda _page: "")


def for_instructors() -> Place:
    address = reverse("admin:modules_module_search")
    return Place(address, _admin_module, _preview_section, _edit_section)


def search_page(
    asked: Mapping[str, str], modules: ModuleQuerySet, person: Visitor, place: Place
) -> SearchPage:
    """Returns the search page for a person who may read these modules. ``asked`` are the parameters of its address.

    It takes six queries, whatever is found, five more if a word is mended, and two if nothing was looked for.
    """
    typed = query.parse(asked.get("q", ""))
    if not typed.text:
        return SearchPage(place.address, "", "", recent=_last_read(modules, person))
    is_exact = asked.get("exact") == "1"
    looked_for, found, mended = _find(typed, modules, is_exact=is_exact)
    module = next((module for module in found.modules if module.slug == asked.get("module")), None)
    links = _Links(place.address, typed.text, module.slug if module else "", "1" if is_exact else "")
    page = SearchPage(
        address=place.address,
        typed=typed.text,
        text=looked_for.text,
        hits=module.hits if module else len(found.pages),
        looked_in=found.looked_in,
        has_all=found.has_all,
        missing=[term.written for term in found.missing],
        module=module.slug if module else "",
        mended=mended,
        exact_url=links.to(exact="1"),
    )
    page = _with_filters(page, found, module, links, shows_all=asked.get("modules") == "all")
    number = min(_page_number(asked.get("page", "")), max(0, page.hits - 1) // HITS)
    shown = passages.show(looked_for, found.hits(number * HITS, HITS, module))
    return _with_hits(page, _groups(shown, person, place), number, links)


def _with_filters(
    page: SearchPage, found: Found, module: FoundModule | None, links: _Links, *, shows_all: bool
) -> SearchPage:
    shows_all = shows_all or len(found.modules) <= MOST_FILTERS
    filters = _filters(found, module, links, None if shows_all else FIRST_FILTERS)
    left = 1 + len(found.modules) - len(filters)
    return replace(page, filters=filters, filters_left=left, filters_url=links.to(modules="all"))


def _with_hits(page: SearchPage, groups: Sequence[Group], number: int, links: _Links) -> SearchPage:
    """Returns the page with the hits of its part ``number``, counted from 0, and with links to the parts around it."""
    more = max(0, min(HITS, page.hits - (number + 1) * HITS))
    return replace(
        page,
        groups=groups,
        more=more,
        more_url=links.to(page=number + 2) if more else "",
        before_url=links.to(page=number) if number else "",
    )


def _find(typed: Query, modules: ModuleQuerySet, *, is_exact: bool) -> tuple[Query, Found, list[str]]:
    """Returns what was looked for in the end, what was found, and the words that were mended for it.

    A word is mended only if no page has it, and only if that finds something.
    """
    found = query.find(typed, modules)
    mended = None if is_exact or not found.missing else spelling.mend(typed, found.missing, modules)
    if mended:
        other = query.parse(mended.text)
        found_then = query.find(other, modules)
        if found_then.pages:
            return other, found_then, list(mended.words)
    return typed, found, []


def _page_number(text: str) -> int:
    """Returns the number of a page, counted from 0."""
    return max(0, int(text) - 1) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 0


@dataclass(frozen=True, slots=True)
class _Links:
    address: str
    text: str
    module: str
    exact: str

    def to(self, *, module: str | None = None, page: int = 1, modules: str = "", exact: str = "") -> str:
        """Returns the address of another part of the same search."""
        named = {
            "q": self.text,
            "exact": exact or self.exact,
            "module": self.module if module is None else module,
            "page": page if page > 1 else "",
            "modules": modules,
        }
        return f"{self.address}?{urlencode({name: value for name, value in named.items() if value})}"


def _filters(found: Found, current: FoundModule | None, links: _Links, most: int | None) -> list[Filter]:
    """Returns the filters by module, at most so many. The one that is chosen is always among them."""
    shown = list(found.modules[:most])
    if current and current not in shown:
        shown.append(current)
    every = Filter(links.to(module=""), "", "", len(found.pages), current is None)
    return [
        every,
        *(
            Filter(
                links.to(module=module.slug), module.title, module.language, module.hits, module == current
            )
            for module in shown
        ),
    ]


def _groups(shown: Sequence[ShownPage], person: Visitor, place: Place) -> list[Group]:
    """Returns pages by module: the module of the best page first, and its pages by their relevance."""
    first: dict[int, int] = {}
    for rank, page in enumerate(shown):
        first.setdefault(page.hit.module.pk, rank)
    by_module = sorted(shown, key=lambda page: first[page.hit.module.pk])
    read = _read(shown, person)
    sections = _sections(first)
    groups = []
    for module, pages in groupby(by_module, key=attrgetter("hit.module")):
        hits = [_hit(page, place, sections.get(module.pk, 0), page.section in read) for page in pages]
        groups.append(Group(module.title, place.module_url(module), module.language, hits))
    return groups


def _hit(page: ShownPage, place: Place, sections: int, is_read: bool) -> ShownHit:
    module = page.hit.module
    url = place.section_url(module, page.identity) if page.section else place.module_url(module)
    return ShownHit(
        url=f"{url}#{page.anchor}" if page.anchor and page.section else url,
        title=page.title,
        number=page.hit.number,
        sections=sections,
        is_read=is_read,
        passages=page.passages,
        edit_url=place.edit_url(page),
    )


def _sections(modules: Mapping[int, int]) -> dict[int, int]:
    """Returns how many sections each module has."""
    pages = IndexedPage.objects.filter(module__in=modules).order_by()
    return dict(pages.values("module").annotate(last=Max("number")).values_list("module", "last"))


def _read(shown: Sequence[ShownPage], person: Visitor) -> set[int]:
    sections = [page.section for page in shown if page.section]
    readings = Reading.objects.counting().filter(enrolment__learner_id=person.pk, section__in=sections)
    return set(readings.order_by().values_list("section", flat=True))


def _last_read(modules: ModuleQuerySet, person: Visitor) -> list[Section]:
    """Returns the sections that a person read last."""
    own = Reading.objects.filter(enrolment__learner_id=person.pk, enrolment__module__in=modules)
    last = own.filter(section__archived_at__isnull=True).values("section").annotate(at=Max("read_at"))
    keys = [row["section"] for row in last.order_by("-at")[:LAST_READ]]
    sections = Section.objects.select_related("module").only(
        "title", "identity", "module__title", "module__slug", "module__language"
    )
    by_key = sections.in_bulk(keys)
    return [by_key[key] for key in keys]
