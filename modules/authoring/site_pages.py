"""Renders the pages about the site that administrators write in Markdown, and renders them again when that changes."""

from __future__ import annotations

from django.utils.translation import override

from modules.document import one_page
from modules.document.html import render
from modules.document.html.render import SafeHTML
from modules.document.syntax.parser import parse_document
from modules.models import SitePage


def render_page(page: SitePage) -> None:
    """Makes the HTML of a page from its text, by the same parser and sanitiser as that of a module."""
    with override(page.language):
        title = str(page.get_name_display())
    text = page.text if page.text.lstrip().startswith("# ") else f"# {title}\n\n{page.text}"
    document = parse_document(text, answerable=False)
    page.html, page.rendered_with = one_page.show(document), render.VERSION


def written_page(name: str, language: str) -> tuple[SitePage, SafeHTML] | None:
    """Returns what administrators wrote as a page, in this language where there is one, else in any other."""
    pages = list(SitePage.objects.filter(name=name))
    page = next((page for page in pages if page.language == language), next(iter(pages), None))
    if page is None:
        return None
    if page.rendered_with != render.VERSION:
        render_page(page)
        SitePage.objects.filter(pk=page.pk, text=page.text).update(
            html=page.html, rendered_with=page.rendered_with
        )
    return page, SafeHTML(page.html)
