"""Gathers every sentence of the interface into the Indonesian catalogue.

``make messages`` keeps the translations that are there, adds the sentences that are new with nothing beside them, drops
those that nobody says any more, and writes ``django.mo``, which the site reads. Nothing is guessed: a sentence that was
reworded is a new sentence. The files hold no dates and no line numbers, so that a change of words is all a diff shows.

``--check`` writes nothing, prints what is out of order, and exits with 1 if anything is.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize
from others import OTHERS, Counted

HERE = Path(__file__).resolve().parent
SOURCES = ("platform", "modules", "templates")
LANGUAGE = "id"
PO = HERE / LANGUAGE / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
COMMENT = "# The Indonesian of Tuntas. `make messages` keeps it complete."

# The context, and the sentence or its singular and plural.
Identity = tuple[str | None, str | tuple[str, str]]

# Which arguments of a call are the context, the singular and the plural.
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "N_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}


class Undated(Catalog):
    """A catalogue whose head holds only what a reader of it needs. Indonesian counts with one form."""

    num_plurals = 1
    plural_expr = "0"

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", LANGUAGE),
            ("Plural-Forms", "nplurals=1; plural=0;"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def main() -> int:
    """Bring the catalogue up to date, or say how it is not."""
    po, mo, untranslated = _catalogue()
    for sentence in untranslated:
        print(f"not translated: {sentence}")
    if "--check" in sys.argv:
        stale = [path.name for path, content in ((PO, po), (MO, mo)) if _content(path) != content]
        for name in stale:
            print(f"{name} is out of date: run `make messages`")
        return 1 if stale or untranslated else 0
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po)
    MO.write_bytes(mo)
    return 0


def _catalogue() -> tuple[bytes, bytes, list[str]]:
    """The two files as they should be, and the sentences without a translation."""
    before = read_po(io.BytesIO(_content(PO)), locale=LANGUAGE) if PO.exists() else Catalog(locale=LANGUAGE)
    now = Undated(locale=LANGUAGE, header_comment=COMMENT, fuzzy=False)
    untranslated = []
    for context, sentence in sorted(_merged(set(_sentences())), key=_order):
        old = before.get(sentence, context)
        is_kept = old is not None and not old.fuzzy and isinstance(old.id, str) == isinstance(sentence, str)
        words = old.string if is_kept else ""
        # A sentence that is counted has one Indonesian form, and Babel keeps it as a tuple of one.
        if not any(words):
            untranslated.append(str(sentence))
        now.add(sentence, words, context=context)
    return _written(write_po, now, width=0, sort_output=False), _written(write_mo, now), untranslated


def _sentences() -> Iterator[Identity]:
    for said in OTHERS:
        yield (None, tuple(said) if isinstance(said, Counted) else said)
    for source in SOURCES:
        for path in sorted((HERE.parent / source).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield from _calls(path.read_text())
            elif path.suffix in (".html", ".txt"):
                # Only the calls matter here, and between them stands filler that Python would find badly indented.
                code = templatize(path.read_text(), origin=str(path))
                yield from _calls("\n".join(line.strip() for line in code.splitlines()))


def _merged(sentences: set[Identity]) -> set[Identity]:
    """A word that is also counted somewhere has one entry, the counted one: gettext finds it by its singular too."""
    counted = {(context, sentence[0]) for context, sentence in sentences if isinstance(sentence, tuple)}
    return {one for one in sentences if one not in counted}


def _calls(code: str) -> Iterator[Identity]:
    found = extract_python(io.BytesIO(code.encode()), list(CALLS), [], {"encoding": "utf-8"})
    for _line, call, said, _comments in found:
        if said is None:
            continue  # a call with a variable: the sentence is marked where it is written
        arguments = (said,) if isinstance(said, str) else said
        context, singular, plural = CALLS[call]
        one = arguments[singular]
        if one:
            yield (
                None if context is None else arguments[context],
                one if plural is None else (one, arguments[plural]),
            )


def _order(identity: Identity) -> tuple[str, str]:
    context, sentence = identity
    return (sentence if isinstance(sentence, str) else sentence[0], context or "")


def _written(write, catalogue: Catalog, **options) -> bytes:
    file = io.BytesIO()
    write(file, catalogue, **options)
    return file.getvalue()


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


if __name__ == "__main__":
    sys.exit(main())
