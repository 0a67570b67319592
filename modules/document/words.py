"""The few words that the renderer adds of its own, in the language of the document."""

WORDS = {
    "id": {
        "table": "Tabel",
        "note": "Catatan",
        "tip": "Saran",
        "important": "Penting",
        "warning": "Awas",
        "caution": "Hati-hati",
        "back": "Kembali ke teks, catatan {number}",
    },
    "en": {
        "table": "Table",
        "note": "Note",
        "tip": "Tip",
        "important": "Important",
        "warning": "Warning",
        "caution": "Caution",
        "back": "Back to the text, note {number}",
    },
}
FIRST = "id"


def words(language: str) -> dict[str, str]:
    """The renderer's words in a language such as ``en`` or ``en-GB``; Indonesian where there is no other."""
    return WORDS.get(language.lower().split("-")[0], WORDS[FIRST])
