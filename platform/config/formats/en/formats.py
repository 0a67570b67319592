"""Days and times in English, in an order that nobody mistakes; numbers are Django's own."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"
EXACT_TIME_FORMAT = "H:i:s"
