"""Makes the values that other sites show of a link to a page: its title, a description and a picture."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.site_address import at_site_address
from modules.document.html.first_paragraph import first_paragraph
from modules.document.html.latex_words import readable
from modules.models import Module, Section

LONGEST = 200  # characters of a description; sites cut a longer one


@dataclass(frozen=True, slots=True)
class SharedLink:
    """What a site shows of a link. ``url`` and ``image`` are whole addresses."""

    url: str
    title: str
    description: str
    image: str


def link_to_front(request: HttpRequest) -> SharedLink:
    return SharedLink(
        at_site_address(request, reverse("home")),
        _("Learn one thing, to the end."),
        _("Short modules that you read at your own pace, then a quiz that shows what stayed."),
        at_site_address(request, reverse("front_picture")),
    )


def link_to_module(request: HttpRequest, module: Module) -> SharedLink:
    return SharedLink(
        at_site_address(request, module.get_absolute_url()),
        module.title,
        _short(module.said_first) or module.title,
        _picture(request, module),
    )


def link_to_section(request: HttpRequest, section: Section) -> SharedLink:
    module = section.module
    return SharedLink(
        at_site_address(request, section.get_absolute_url()),
        f"{readable(section.title)} · {module.title}",
        _short(first_paragraph(section.html)) or _short(module.said_first) or module.title,
        _picture(request, module),
    )


def _picture(request: HttpRequest, module: Module) -> str:
    return at_site_address(request, reverse("module_picture", args=[module.slug]))


def _short(words: str) -> str:
    return str(Truncator(" ".join(words.split())).chars(LONGEST))
