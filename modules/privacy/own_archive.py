"""Writes all that is stored about a person into one ZIP: a file for programs, and a page to read.

Entries are written one after the other, so that a long history needs no more memory than a short one.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from modules.privacy.own_data import PARTS, Entry, Part, plain
from modules.privacy.own_labels import LABELS

JSON_FILE, HTML_FILE = "data.json", "data.html"


def write(user: User, *, now: datetime) -> IO[bytes]:
    """Returns a temporary file with the ZIP, which goes when it is closed."""
    target = tempfile.TemporaryFile(prefix="tuntas-own-data-")  # noqa: SIM115  the answer closes it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in ((JSON_FILE, _as_json(user, now)), (HTML_FILE, _as_page(user, now))):
            with archive.open(name, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece.encode())
    target.seek(0)
    return target


def _as_json(user: User, now: datetime) -> Iterator[str]:
    yield f'{{"written": {json.dumps(now.isoformat())}'
    for part in PARTS:
        yield f",\n{json.dumps(part.name)}: ["
        between = "\n"
        for entry in part.entries(user, now):
            yield between + json.dumps(entry, default=plain, ensure_ascii=False)
            between = ",\n"
        yield "]"
    yield "}\n"


def _as_page(user: User, now: datetime) -> Iterator[str]:
    head = {"language": get_language(), "person": user, "now": now, "parts": PARTS, "file": JSON_FILE}
    yield render_to_string("modules/own_data_head.html", head)
    for part in PARTS:
        yield from _section(part, user, now)
    yield "</main></body></html>\n"


def _section(part: Part, user: User, now: datetime) -> Iterator[str]:
    yield format_html('<section id="{}"><h2>{}</h2>', part.name, part.title)
    is_empty = True
    for entry in part.entries(user, now):
        is_empty = False
        yield format_html("<article>{}</article>\n", _entry(entry))
    yield format_html("<p>{}</p></section>\n", _("Nothing is stored.")) if is_empty else "</section>\n"


def _entry(entry: Entry) -> str:
    known = [(LABELS[key], _value(value)) for key, value in entry.items() if value not in (None, "", [])]
    return format_html("<dl>{}</dl>", format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", known))


def _value(value: object) -> str:
    if isinstance(value, list):
        return format_html_join("", "{}", ((_entry(each),) for each in value))
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(plain(value)) if not isinstance(value, str) else value
