"""Finds the address of each image of a document, and warns about images that are missing or named otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from modules.document.html.data_uris import BROKEN, ending_of, kind_of
from modules.document.html.images import ENDINGS, OTHER_ENDINGS, bare_path, exact_path, find_image
from modules.document.html.links import LONGEST_PARAM
from modules.document.html.site import Site
from modules.document.problems import N_, Problem

MOST_COMPARED = (
    50  # missing images whose warnings name the nearest others; raised, hostile documents take longer
)


def is_outside(source: str) -> bool:
    """Checks whether an image is stored on another site."""
    return source.lower().startswith(("http://", "https://"))


def address_of(source: str, site: Site, line: int) -> str | None:
    """Returns the address of an image of the document, or ``None`` and a warning where none or several can be meant."""
    found = site.found.get(source)
    if found is None:
        found = site.found[source] = find_image(source, site.images, site.image_index)
    if len(found) != 1:
        _warn_of_missing(source, found, site, line)
        return None
    path = found[0]
    site.shown.add(path)
    if path != exact_path(source):
        site.renamed.setdefault(source, (line, path))
    return site.images[path]


def renamed(site: Site) -> Iterator[Problem]:
    """Yields one warning for all images that were found under another name than the text gives."""
    if not site.renamed:
        return
    source, (line, path) = next(iter(site.renamed.items()))
    template = N_(
        "The image “{source}” is shown from “{path}”. Write the path in the text as the file is named ({count} in all)."
    )
    params: dict[str, str | int] = {
        "source": _cut(exact_path(source)),
        "path": _cut(path),
        "count": len(site.renamed),
    }
    yield Problem(line, "warning", "image-name", template, params)


def warn_of_missing_alt(source: str, alt: str, site: Site, line: int) -> None:
    """Warns about an image on ``line`` that says nothing to people who cannot see it."""
    if not alt.strip():
        template = N_(
            "The image “{source}” has no alternative text. Write between the brackets what it shows: ![…]({source})"
        )
        site.warn(line, "no-alt", template, source=_cut(source))


def warn_of_outside(source: str, site: Site, line: int) -> None:
    """Warns about an image on ``line`` that another site would have to deliver."""
    template = N_(
        "The image “{source}” lies on another site and is shown as a link. Put it into the archive to show it."
    )
    site.warn(line, "outside-image", template, source=_cut(source))


def warn_of_data(source: str, site: Site, line: int) -> None:
    """Warns about an image on ``line`` whose address is its content, of which ``source`` is the short form."""
    kind = kind_of(source)
    if not ending_of(kind):
        template = N_(
            "The picture in this line is written as data of the kind “{kind}”, which is not shown. Insert it as PNG, JPEG, WebP or GIF."
        )
        return site.warn(line, "data-image", template, kind=kind or "?")
    if source.endswith(BROKEN):
        template = N_(
            "The picture in this line is written as data that is broken or cut off, so it is not shown. Insert it as a file."
        )
        return site.warn(line, "data-image", template)
    template = N_(
        "The picture in this line is written as data. Saving the text makes a file of it, unless it is damaged or larger than 10 MB."
    )
    return site.warn(line, "data-image", template)


def _warn_of_missing(source: str, found: list[str], site: Site, line: int) -> None:
    path = exact_path(source)
    site.missing[path] = None
    ending = bare_path(path).lower()
    if found:
        template = N_("The image “{source}” may be one of several: {there}. Write its whole path.")
        site.warn(line, "ambiguous-image", template, source=_cut(path), there=_listed(found, len(found)))
    elif ending.endswith(OTHER_ENDINGS) and not ending.endswith(ENDINGS):
        template = N_(
            "The image “{source}” is of a kind that is not shown. Save it as PNG, JPEG, WebP or GIF, and name that file."
        )
        site.warn(line, "image-kind", template, source=_cut(path))
    elif site.images:
        _warn_of_missing_among_others(path, site, line)
    else:
        template = N_(
            "The image “{source}” is missing. Put it into the archive beside the document, or take it out of the text."
        )
        site.warn(line, "missing-image", template, source=_cut(path))


def _warn_of_missing_among_others(path: str, site: Site, line: int) -> None:
    index = site.image_index
    near = index.nearest(path) if len(site.missing) <= MOST_COMPARED else index.paths[:1]
    template = N_(
        "The image “{source}” is missing; the document has {there}. Add the missing one, or mend its path in the text."
    )
    there = _listed(near, len(index.paths))
    site.warn(line, "missing-image", template, source=_cut(path), there=there)


def _listed(paths: list[str], count: int) -> str:
    """Returns the first of several paths in quotation marks, with an ellipsis if there are more."""
    shown = ", ".join(f"“{_cut(path)}”" for path in paths[:4])
    return f"{shown}, …" if count > len(paths[:4]) else shown


def _cut(text: str) -> str:
    return text[:LONGEST_PARAM]
