"""Days and times as Indonesians write them, wherever they stand; numbers are Django's own."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y, H.i"
TIME_FORMAT = "H.i"
EXACT_TIME_FORMAT = "H.i.s"
