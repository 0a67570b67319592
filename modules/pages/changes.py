"""Makes the value of the page that shows the changes of a section since its learner read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse

from modules.document.compare import formula_signs, moved_text, passages, word_diff
from modules.models import FormerText, Module, Reading, Section
from modules.reading import progress

Row = word_diff.Row | word_diff.Moved | word_diff.Skipped


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A section next to the text that its learner read.

    ``rows`` is empty if all the words are the same. ``is_behind``: the learner sees a notice of the change, or has to
    read the section again.
    """

    section: Section
    reading: Reading
    former: FormerText | Section
    rows: Sequence[Row]
    is_behind: bool
    reading_url: str


def changes_page(section: Section, reading: Reading) -> ChangesPage:
    """Returns the changes of a section since ``reading``."""
    former = progress.text_read(reading)
    return ChangesPage(
        section=section,
        reading=reading,
        former=former,
        rows=_rows(reading, former, section),
        is_behind=progress.is_behind(reading),
        reading_url=reverse("reading", args=[section.module.slug, section.identity]),
    )


def _rows(reading: Reading, former: FormerText | Section, section: Section) -> list[Row]:
    """Returns the changed passages with a little text around them."""
    formulas = formula_signs.Formulas()
    before, after = (passages.passages(text.source, formulas) for text in (former, section))
    rows = word_diff.compare(before, after)
    if all(row.is_same for row in rows):
        return []
    others = [
        (other_section, other_section)
        for other_section in section.module.sections.active().exclude(pk=section.pk)
    ]
    with_moves = moved_text.with_moves(
        word_diff.with_code_marked(rows, former.source, section.source),
        _places(section.module, others, _lines(former) - _lines(section), formulas),
        _places(
            section.module,
            progress.other_texts_read(reading),
            _lines(section) - _lines(former),
            formulas,
        ),
    )
    return [_as_html(row, formulas) for row in word_diff.folded(word_diff.tidied(with_moves))]


def _places(
    module: Module,
    texts: Iterable[tuple[Section, FormerText | Section]],
    lines: set[str],
    formulas: formula_signs.Formulas,
) -> dict[word_diff.Place, list[str]]:
    """Returns the passages of the texts that have some of these lines. Parsing the other texts would be wasted work."""
    return {
        word_diff.Place(
            text.title,
            "" if section.archived_at else reverse("section", args=[module.slug, section.identity]),
        ): passages.passages(text.source, formulas)
        for section, text in texts
        if lines & _lines(text)
    }


def _lines(text: FormerText | Section) -> set[str]:
    return {line.strip() for line in text.source.splitlines()} - {""}


def _as_html(row: Row, formulas: formula_signs.Formulas) -> Row:
    if isinstance(row, word_diff.Moved):
        return replace(row, rows=tuple(_row_as_html(moved, formulas) for moved in row.rows))
    if isinstance(row, word_diff.Skipped):
        return row
    return _row_as_html(row, formulas)


def _row_as_html(row: word_diff.Row, formulas: formula_signs.Formulas) -> word_diff.Row:
    def shown(runs: tuple[word_diff.Run, ...]) -> tuple[word_diff.Run, ...]:
        return tuple(replace(run, text=formula_signs.with_formulas(run.text, formulas)) for run in runs)

    return replace(row, before=shown(row.before), after=shown(row.after))
