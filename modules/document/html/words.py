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
        "check_yourself": "Cek pemahaman · tidak dinilai",
        "check": "Periksa jawaban",
        "choose_all": "Pilih semua yang benar.",
        "write_words": "Tulis satu atau beberapa kata.",
        "write_number": "Tulis sebuah angka.",
    },
    "en": {
        "table": "Table",
        "note": "Note",
        "tip": "Tip",
        "important": "Important",
        "warning": "Warning",
        "caution": "Caution",
        "back": "Back to the text, note {number}",
        "check_yourself": "Check yourself · not graded",
        "check": "Check the answer",
        "choose_all": "Choose all that are right.",
        "write_words": "Write a word or a few.",
        "write_number": "Write a number.",
    },
}
FIRST = "id"


def words(language: str) -> dict[str, str]:
    """The renderer's words in a language such as ``en`` or ``en-GB``; Indonesian where there is no other."""
    return WORDS.get(language.lower().split("-")[0], WORDS[FIRST])
