"""Templates are compiled once for each language, with their fixed words and addresses already filled in.

A page has dozens of them, and to look each up anew takes most of the time in which it is made. Templates stay written
in Django's own tags: what depends on anything but the language is left to them.
"""

import re

from django.template import Origin
from django.template.loaders import cached
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext

# A tag with one literal and nothing else; a literal that holds markup of templates is left to Django.
FIXED = re.compile(r"""\{%\s*(translate|url|static)\s+(?:"([^"{}%]+)"|'([^'{}%]+)')\s*%\}""")
MEANING = {"translate": gettext, "url": reverse, "static": static}


class Loader(cached.Loader):
    """Finds templates as the loaders do that it is given, and keeps a compiled one for each language."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"

    def get_contents(self, origin: Origin) -> str:
        return FIXED.sub(_fill_in, super().get_contents(origin))


def _fill_in(tag: re.Match[str]) -> str:
    return str(MEANING[tag[1]](tag[2] or tag[3]))
