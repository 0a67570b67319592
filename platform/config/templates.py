"""Compiles templates once for each language, with their fixed words, addresses and partials already filled in.

A page has dozens of fixed words. To look each up on every view takes most of the time in which the page is made.
Templates stay written in Django's own tags: a tag that depends on more than the language is left to Django.
"""

import re
from collections.abc import Callable
from contextlib import suppress

from django.template import Node, NodeList, Origin, Template, TemplateDoesNotExist, TemplateSyntaxError
from django.template.loaders import cached
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext

PARTIAL = re.compile(r"""\{%\s*include\s+"([^"{}%]+)"\s*%\}""")
# A tag with one literal and nothing else. A literal that holds template syntax is left to Django.
FIXED = re.compile(r"""\{%\s*(translate|url|static)\s+(?:"([^"{}%]+)"|'([^'{}%]+)')\s*%\}""")
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
SYNTAX = re.compile(r"\{[{%#]|[%#}]\}")
VALUES: dict[str, Callable[[str], str]] = {"translate": gettext, "url": reverse, "static": static}


class SearchedOnce(NodeList):
    """Holds the nodes of a compiled template, which do not change. Every view looks for the blocks among them."""

    def __init__(self, nodes: NodeList) -> None:
        super().__init__(nodes)
        self.contains_nontext = nodes.contains_nontext
        self.nodes_by_type: dict[type[Node], list[Node]] = {}

    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Node]:
        if nodetype not in self.nodes_by_type:
            self.nodes_by_type[nodetype] = super().get_nodes_by_type(nodetype)
        return self.nodes_by_type[nodetype]


class Loader(cached.Loader):
    """Finds templates by the loaders in the settings, and keeps a compiled template for each language.

    It is not used with DEBUG, so that the development server shows every change of a template.
    """

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        if not isinstance(template.nodelist, SearchedOnce):
            template.nodelist = SearchedOnce(template.nodelist)
        return template

    def get_contents(self, origin: Origin) -> str:
        """Returns the source of a template with its fixed tags filled in.

        Raises :class:`TemplateSyntaxError` with the file and the line if a part of it cannot be compiled by itself.
        The joined source counts lines from the beginning of the page.
        """
        source = super().get_contents(origin)
        self._check(origin, source)
        if origin.name.endswith(".html") and "<textarea" not in source:
            source = INDENT.sub(
                "", source
            )  # a tenth of a page, and only people who edit templates look at it
        return FIXED.sub(_fill_in, PARTIAL.sub(self._partial, source))

    def _partial(self, tag: re.Match[str]) -> str:
        """Returns the source of a partial that takes no values of its own, to replace its ``include`` tag."""
        origin = self._origin_of(tag[1])
        return self.get_contents(origin) if origin else tag[0]

    def _origin_of(self, name: str) -> Origin | None:
        for origin in self.get_template_sources(name):
            with suppress(TemplateDoesNotExist):
                super().get_contents(origin)
                return origin
        return None

    def _check(self, origin: Origin, source: str) -> None:
        """Compiles one file as it is written, so that an error names the file and the line."""
        try:
            Template(source, origin, str(origin.template_name), self.engine)
        except TemplateSyntaxError as error:
            token = getattr(error, "token", None)
            line = f":{token.lineno}" if token and token.lineno else ""
            raise TemplateSyntaxError(f"{origin.name}{line}: {error}") from error


def _fill_in(tag: re.Match[str]) -> str:
    """Returns the value of a tag, or the tag if it is an address that this site does not have.

    A page may name such an address behind an ``if``, as the pages of passkeys.
    """
    try:
        value = str(VALUES[tag[1]](tag[2] or tag[3]))
    except NoReverseMatch:
        return tag[0]
    if SYNTAX.search(value):
        raise TemplateSyntaxError(f"A translation must not hold template syntax: {value!r}")
    return value
