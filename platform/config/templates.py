"""Templates are compiled once for each language, with their fixed words and addresses already filled in.

A page has dozens of them, and to look each up anew takes most of the time in which it is made. Templates stay written
in Django's own tags: what depends on anything but the language is left to them.
"""

import re
from collections.abc import Callable
from contextlib import suppress

from django.template import Origin, TemplateDoesNotExist
from django.template.loaders import cached
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext

PART = re.compile(r"""\{%\s*include\s+"([^"{}%]+)"\s*%\}""")
# A tag with one literal and nothing else; a literal that holds markup of templates is left to Django.
FIXED = re.compile(r"""\{%\s*(translate|url|static)\s+(?:"([^"{}%]+)"|'([^'{}%]+)')\s*%\}""")
MEANING: dict[str, Callable[[str], str]] = {"translate": gettext, "url": reverse, "static": static}


class Loader(cached.Loader):
    """Finds templates as the loaders do that it is given, and keeps a compiled one for each language."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"

    def get_contents(self, origin: Origin) -> str:
        whole = PART.sub(self._part, super().get_contents(origin))
        return FIXED.sub(_fill_in, whole)

    def _part(self, tag: re.Match[str]) -> str:
        """The text of a partial that takes no values of its own, to stand where it is included."""
        for origin in self.get_template_sources(tag[1]):
            with suppress(TemplateDoesNotExist):
                return self.get_contents(origin)
        return tag[0]


def _fill_in(tag: re.Match[str]) -> str:
    return str(MEANING[tag[1]](tag[2] or tag[3]))
