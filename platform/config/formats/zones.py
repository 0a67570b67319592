"""Names the time zone of the site beside each time: WIB, WITA, WIT, CET or, without such a name, UTC+0800."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def zone_format(zone: str) -> str:
    """Returns how Django formats the name of a zone. A zone that has only numbers for a name gets its offset."""
    name = datetime.now(UTC).astimezone(ZoneInfo(zone)).tzname() or ""
    return "T" if name.isalpha() else r"\U\T\CO"


ZONE = zone_format(settings.TIME_ZONE)
