"""Holds the few words that the renderer adds to a text, in the language of the document."""

WORDS = {
    "id": {
        "table": "Tabel",
        "image": "(gambar)",
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
        "image": "(picture)",
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
DEFAULT = "id"


def words(language: str) -> dict[str, str]:
    """Returns the words of the renderer in a language such as ``en`` or ``en-GB``, or in Indonesian for any other."""
    return WORDS.get(language.lower().split("-")[0], WORDS[DEFAULT])
