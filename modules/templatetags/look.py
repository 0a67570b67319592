"""Draws batik covers and icons, and writes numbers and times as people write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext, ngettext

from modules.document.compare.word_diff import Run
from modules.document.html import directions
from modules.document.html.latex_words import readable
from modules.pages.cloths import CLOTHS, cloth_of
from modules.quizzes import scoring, values_in_words

register = template.Library()
register.filter("readable", readable)
register.filter("fraction", values_in_words.fraction)
register.filter("moment", values_in_words.moment)

# Line drawings on a square of 24 pixels.
ICONS = {
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "cross": '<path d="m6.5 6.5 11 11m0-11-11 11"/>',
    "half": '<circle cx="12" cy="12" r="8"/><path d="M12 4v16M12 8h4.5M12 12h8M12 16h4.5"/>',
    "blank": '<circle cx="12" cy="12" r="8" stroke-dasharray="3 3.2"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.1"/>',
    "warning": '<path d="M12 4 2.5 20h19zM12 10v4.5M12 17.2v.1"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>',
    "link": '<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.6-5.7l-1.2 1.2M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.6 5.7l1.2-1.2"/>',
    "bullets": '<path d="M9.5 6H20M9.5 12H20M9.5 18H20M4.5 6v.1M4.5 12v.1M4.5 18v.1"/>',
    "numbers": '<path d="M10.5 6H20M10.5 12H20M10.5 18H20M4 5l1.5-1v5M3.8 14.6c.4-1.6 2.9-1.4 2.5.2L4 18.5h2.6"/>',
    "picture": '<rect x="3.5" y="5" width="17" height="14" rx="2"/><path d="m4 17 5-5 4 4 2.5-2.5 5 4.5M15.5 9v.1"/>',
    "seek": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "down": '<path d="M12 5v14m-5.5-5.5L12 19l5.5-5.5"/>',
    "up": '<path d="M12 19V5m-5.5 5.5L12 5l5.5 5.5"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z"/>',
    "copy": '<path d="M9 9h11v11H9zM15 9V4H4v11h5"/>',
    "letters": '<path d="m2.5 19 5.5-14 5.500 14M4.500 14.500h7M15 19l3.300-8.500L21.600 19M16 16.500h4.600"/>',
    "flag": '<path d="M6 21V4m0 1c4-2 7 2 12 0v8c-5 2-8-2-12 0"/>',
    "again": '<path d="M4 11a8 8 0 0 1 14-4.5L20 9m0-5v5h-5M20 13a8 8 0 0 1-14 4.5L4 15m0 5v-5h5"/>',
    "offline": '<path d="M3 9a13 13 0 0 1 5-2.8M21 9a13 13 0 0 0-8.5-3.5M7 13a7.5 7.5 0 0 1 3-1.7M17 13a7 7 0 0 0-1.5-1.1M12 17.5v.1M4 3l16 18"/>',
    "keep": '<path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14"/>',
    "people": '<circle cx="9" cy="8.5" r="3.2"/><path d="M3.5 19c.6-3.4 2.8-5 5.5-5s4.900 1.600 5.500 5M15.500 5.700a3.200 3.200 0 0 1 0 5.600M17 14.300c1.900.5 3.100 2 3.500 4.700"/>',
    "calendar": '<path d="M5 6h14v14H5zM5 10.5h14M9 3.5V7M15 3.5V7"/>',
    "pen": '<path d="m4 20 1-4L16 5l3 3L8 19z"/>',
    "back": '<path d="M19 12H5m5.5-5.5L5 12l5.5 5.5"/>',
    "forward": '<path d="M5 12h14m-5.5-5.5L19 12l-5.5 5.5"/>',
}


@register.simple_tag
def cover(slug: str, shape: str = "") -> SafeString:
    """Draws a batik cloth for a module as inline SVG of less than 1.5 kB. The same slug always gets the same cloth.

    ``shape`` is ``""`` for a card or ``"wide"`` for the head of a page. Ids in the drawing are unique to slug and
    shape. One page may show many covers, but the same cover only once per shape.
    """
    cloth = cloth_of(slug)
    identity = f"b{cloth.fingerprint}{shape[:1]}"
    width, height, turn, drawing = CLOTHS[cloth.name]
    # The values come from the tables above and from a hexadecimal digest, never from a document.
    return mark_safe(  # noqa: S308
        f'<svg class="{f"cover {shape}".strip()}" width="100%" height="100%" aria-hidden="true"><defs>'
        f'<pattern id="{identity}" width="{width}" height="{height}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({turn}) scale(.75)"><g fill="oklch(.8 .11 {cloth.drawing_hue})" opacity=".85">'
        f"{drawing.format(id=identity)}</g></pattern></defs>"
        f'<rect width="100%" height="100%" fill="oklch(.35 .085 {cloth.ground_hue})"/>'
        f'<rect width="100%" height="100%" fill="url(#{identity})"/></svg>'
    )


@register.simple_tag
def seal() -> SafeString:
    """Draws the seal of what is finished: a kawung flower with a tick in its middle."""
    petals = "".join(
        f'<g transform="rotate({45 + 90 * number} 60 60)"><g class="petal p{number}">'
        '<ellipse cx="60" cy="28" rx="13.5" ry="24"/><path class="vein" d="M60 12v24"/></g></g>'
        for number in range(4)
    )
    seeds = "".join(
        f'<circle class="seed" cx="60" cy="13" r="3" transform="rotate({90 * number} 60 60)"/>'
        for number in range(4)
    )
    # Nothing in it comes from a document.
    return mark_safe(  # noqa: S308
        '<svg class="seal" viewBox="0 0 120 120" aria-hidden="true"><circle class="ground" cx="60" cy="60" r="58"/>'
        f'<circle class="ring" cx="60" cy="60" r="53"/>{petals}{seeds}'
        '<circle class="heart" cx="60" cy="60" r="19"/><path class="tick" d="m51 60.5 6.5 6.5L70 54.5"/></svg>'
    )


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Draws a line icon by its name. Screen readers skip it, so every icon needs words next to it."""
    classes = "icon" if not extra else f"icon {extra}"
    # The values come from the tables above and from our own templates.
    return mark_safe(  # noqa: S308
        f'<svg class="{classes}" viewBox="0 0 24 24" aria-hidden="true">{ICONS[name]}</svg>'
    )


@register.filter
def grade(value: Fraction | None) -> str:
    """Writes a grade in percent, cut after two decimals, with the decimal sign of the language.

    Returns an empty text for ``None``.
    """
    return "" if value is None else number_format(scoring.shown(value), use_l10n=True)


@register.filter
def runs(words: Iterable[Run], tag: str = "") -> SafeString:
    """Writes runs of words, each that changed inside a tag (``ins``, ``del``), and adds no blank between them."""
    marks = (SafeString(f"<{tag}>"), SafeString(f"</{tag}>")) if tag else ("", "")
    pieces = ((marks, run.text) if run.is_changed else (("", ""), run.text) for run in words)
    return format_html_join("", "{}{}{}", ((before, text, after) for (before, after), text in pieces))


@register.filter
def time_or_moment(at: datetime) -> str:
    """Writes a moment of today as its time (``17.00 WIB``), and any other moment with its date."""
    local = timezone.localtime(at)
    return (
        date_format(local, "TIME_FORMAT")
        if local.date() == timezone.localdate()
        else values_in_words.moment(at)
    )


@register.filter
def time_or_day(at: datetime) -> str:
    """Writes a moment of today or yesterday with its time, and any other one as its day."""
    local, today = timezone.localtime(at), timezone.localdate()
    if local.date() == today:
        return gettext("today, %(time)s") % {"time": date_format(local, "TIME_FORMAT")}
    if local.date() == today - timedelta(days=1):
        return gettext("yesterday, %(time)s") % {"time": date_format(local, "TIME_FORMAT")}
    return gettext("on %(day)s") % {"day": date_format(local, "DATE_FORMAT")}


@register.filter
def clock(at: datetime) -> str:
    """Writes the time of a moment without its zone, for lists whose days are those of the reader."""
    return date_format(timezone.localtime(at), "CLOCK_FORMAT")


@register.filter
def day(at: datetime) -> str:
    """Writes the day of a moment: ``12 December``, with the year if it is another one than this."""
    local = timezone.localtime(at)
    return date_format(local, "j F" if local.year == timezone.localdate().year else "j F Y")


@register.filter
def initials(person: object) -> str:
    """Writes the first letters of the first two words of a name, for the round sign of a person."""
    return "".join(word[0] for word in str(person).split()[:2]).upper()


@register.filter
def in_minutes(count: int) -> str:
    """Writes a number of minutes: ``1 minute``, ``5 minutes``."""
    return ngettext("%(counter)s minute", "%(counter)s minutes", count) % {"counter": count}


@register.simple_tag
def section_of(number: int, total: int) -> str:
    """Writes the number of a section and of all sections: ``Section 3 of 9``."""
    return gettext("Section %(number)s of %(total)s") % {"number": number, "total": total}


@register.simple_tag
@lru_cache(maxsize=100)
def written_in(language: str) -> SafeString:
    """Writes the attributes of a text in this language, with a blank before them: its code, and its direction.

    Where the language is not known, the browser finds the direction by the first letter.
    """
    if not language:
        return SafeString(' dir="auto"')
    return format_html(' lang="{}" dir="{}"', language, directions.of_language(language))


@register.simple_tag
def direction(words: str, language: str) -> SafeString:
    """Writes the direction of words in a module of this language, with a blank before it, if any letter asks for it."""
    found = directions.of_words(words, language)
    return format_html(' dir="{}"', found) if found else SafeString("")


@register.simple_tag
def direction_of_choice(words: str, language: str) -> SafeString:
    """Writes the direction of a choice, with a blank before it: its box stands on the same side as those of others."""
    found = directions.of_choice(words, language)
    return format_html(' dir="{}"', found) if found else SafeString("")


@register.filter
def own_language(code: str) -> str:
    """Returns the name of a language in that language: ``id`` is ``Bahasa Indonesia``.

    Returns an unknown code unchanged.
    """
    try:
        name = str(get_language_info(code)["name_local"])
    except KeyError:
        return code
    return name[:1].upper() + name[1:]
