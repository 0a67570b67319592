"""Names the roots of Indonesian words that the stemmer cuts too short, by what it leaves of them.

The stemmer knows no dictionary. It takes the “i” of “nilai” for a suffix, and cannot know that “menerapkan” comes from
“terap”. Each line has one root. A stem that is another word of its own is not in the list.
"""

ROOTS: dict[str, str] = {}
