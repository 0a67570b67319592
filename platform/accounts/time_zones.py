"""Keeps a person's own time zone, in which all times are shown to them. Nothing is compared in it."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Visitor

INDONESIA = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
# Parts of the world that zones are named for. Other names, such as EST5EDT, are those of old systems.
REGIONS = frozenset(
    ["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"]
)
Choice = tuple[str, str]


class NamedZone(ZoneInfo):
    """A zone that always has a name. One that has only numbers for a name gets its offset: ``UTC+0800``."""

    def tzname(self, at: datetime | None, /) -> str | None:
        name = super().tzname(at)
        return name if at is None or name is None or name.isalpha() else f"UTC{at.replace(tzinfo=self):%z}"


def zone_of(user: Visitor) -> NamedZone | None:
    """Returns a person's own zone, or nothing where the zone of the site counts. A zone may vanish from the system."""
    name = user.time_zone if user.is_authenticated else ""
    return NamedZone(name) if name in _known() else None


def choices() -> list[Choice | tuple[str, list[Choice]]]:
    """Returns the zone of the site, those of Indonesia, and all others by the part of the world."""
    name = NamedZone(settings.TIME_ZONE).tzname(timezone.now())
    of_site = _("As this site: %(name)s (%(zone)s)") % {"name": name, "zone": settings.TIME_ZONE}
    here = [(zone, f"{short} ({_city(zone)})") for zone, short in INDONESIA.items()]
    return [("", of_site), ("Indonesia", here), *_elsewhere()]


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _elsewhere() -> list[tuple[str, list[Choice]]]:
    regions: dict[str, list[Choice]] = {}
    for zone in sorted(_known() - INDONESIA.keys()):
        region = zone.partition("/")[0]
        if region in REGIONS:
            regions.setdefault(region, []).append((zone, _city(zone)))
    return list(regions.items())


def _city(zone: str) -> str:
    """Returns a zone without its part of the world: ``America/Argentina/Salta`` is ``Argentina, Salta``."""
    return zone.partition("/")[2].replace("/", ", ").replace("_", " ")
