"""Defines dates and times in Indonesian. Numbers use the formats of Django."""

from config.formats.zones import ZONE

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = f"j M Y, H.i {ZONE}"
TIME_FORMAT = f"H.i {ZONE}"
EXACT_TIME_FORMAT = f"H.i.s {ZONE}"
CLOCK_FORMAT = "H.i"  # beside a clock that runs, where the zone is plain
