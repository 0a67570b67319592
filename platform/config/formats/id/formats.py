"""Defines dates and times in Indonesian. Numbers use the formats of Django."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y, H.i"
TIME_FORMAT = "H.i"
EXACT_TIME_FORMAT = "H.i.s"
