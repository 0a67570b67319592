"""Finds choices that speak of the other choices, such as “all of the above”, and letters before choices."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Words that name choices, or statements that a question lists.
NAMED = r"(?:jawaban|pilihan|opsi|option|pernyataan|kalimat|alternatif|hal|poin|answers?|options?|choices?|statements?|sentences?)"
JUDGED = r"(?:benar|salah|betul|tepat|keliru|sesuai|correct|right|true|wrong|incorrect|false|apply|applies)"
ABOVE = r"(?:(?:yang |tersebut |tsb\.? )?(?:di ?atas|di ?bawah|tersebut|itu|ini|disebutkan|ada)|(?:of )?(?:the )?(?:above|below|these|those|them))"
REST = rf"(?:[ ,]+(?:adalah|itu|yang|are|is|{NAMED}|{ABOVE}|{JUDGED}))*"
LETTER = r"[(\[]?[a-h][)\].]?"
NUMBER = r"[(\[]?[1-9][)\].]?"
# Whole choices: “Semua benar”, “Benar semua”, “Tidak satu pun”, “Keduanya”, “Selain di atas”, “Both are correct”.
WHOLE = (
    rf"(?:semua(?:nya)?|seluruhnya|kedua(?:-?dua)?nya|dua-duanya|ketiganya|keempatnya|(?:seluruh|kedua|ketiga|keempat) {NAMED})(?: dari)?{REST}",
    rf"{JUDGED} (?:semua(?:nya)?|keduanya|seluruhnya|dua-duanya)",
    rf"(?:tidak|tak|tiada|bukan)(?: ada)?(?: satu ?pun| salah satu| yang| semua(?:nya)?| keduanya| (?:di ?)?antara(?:nya)?(?: kedua(?:nya)?)?| dari)*{REST}",
    rf"(?:selain|kecuali)(?: dari)? (?:yang |semua )?(?:{NAMED} )?{ABOVE}",
    rf"(?:all|none|both|neither|any|either|each|every|everything|nothing)(?: of)?{REST}",
    rf"(?:semua(?:nya)?|seluruhnya|all)(?: {JUDGED}| {NAMED})? (?:kecuali|selain|except) {LETTER}",
    rf"(?:(?:jawaban|pilihan|answers|options) )?{LETTER} (?:sampai|hingga|s/d|to|through) {LETTER} (?:are )?{JUDGED}",
    rf"(?:lebih dari satu|more than one)(?: {NAMED})? (?:yang |is )?{JUDGED}",
    r"(?:كل|جميع) ما (?:سبق|ذكر|ورد)(?: صحيح| خطأ)?|لا شيء مما (?:سبق|ذكر)|كلاهما(?: صحيح| خطأ)?",
    r"(?:كل|جميع) (?:الإجابات|الخيارات|ما سبق)(?: صحيحة| خاطئة)?|[أبجده](?: ?و ?[أبجده])+(?: صحيحة| صحيحان| صحيحتان| معا)?",
)
JOINED = r"(?:, ?(?:(?:dan|atau|serta|and|or) )?|/| ?& ?| \+ | (?:dan|atau|serta|and|or|nor|maupun|و) )"
ONLY = rf"(?:(?:baik|hanya|semua|both|only|either|neither|{NAMED}) )*"
TAIL = rf"(?: (?:saja|only|{JUDGED}|adalah|are|is|semua(?:nya)?|keduanya|{ABOVE}))*"
LETTERS = re.compile(rf"{ONLY}(?P<first>{LETTER})(?:{JOINED}{LETTER})+{TAIL}", re.IGNORECASE)
# Numbers alone may name statements that the question lists, so that only a named choice counts.
NUMBERS = re.compile(
    rf"(?:(?:hanya|semua|both|only) )*(?:jawaban|pilihan|opsi|answers?|options?|choices?) {NUMBER}(?:{JOINED}{NUMBER})+{TAIL}",
    re.IGNORECASE,
)
OTHERS = re.compile("|".join(f"(?:{pattern})" for pattern in WHOLE), re.IGNORECASE)
# A pattern of others alone would take “Tidak” and “None” for such a choice, which are answers of their own.
OWN_WORDS = re.compile(
    r"(?:tidak|tak|bukan|tiada|none|any|nothing|every|everything|each|either|neither|all)"
    r"|(?:tidak|tak) ada|tidak (?:benar|tepat|sesuai|betul)|bukan (?:itu|ini)|all right",
    re.IGNORECASE,
)
LABEL = re.compile(r"[(\[]?(?P<label>[A-Ha-h]|[1-9])[.):\]](?=\s)")
LONGEST = 100  # characters of a choice that speaks of the others; longer ones say something of their own


def speaking(texts: Sequence[str]) -> list[bool]:
    """Tells of each choice of a question whether it speaks of the others.

    Where most choices name letters, the question itself has things with these letters, such as vitamins.
    """
    are_own = 2 * sum(map(names_letters, texts)) > len(texts)
    return [speaks_of_others(text) and not (are_own and names_letters(text)) for text in texts]


def speaks_of_others(text: str) -> bool:
    """Checks whether a choice makes sense only beside the other ones."""
    words = _words(text)
    if len(text) > LONGEST or OWN_WORDS.fullmatch(words):
        return False
    return bool(OTHERS.fullmatch(words)) or names_letters(text)


def names_letters(text: str) -> bool:
    """Checks whether a choice names others by letters or numbers, as in “A dan B benar”."""
    words = _words(text)
    return len(text) <= LONGEST and bool(LETTERS.fullmatch(words) or NUMBERS.fullmatch(words))


def labels_of(texts: Sequence[str]) -> list[str]:
    """Returns the letters or numbers before all these choices, or nothing if they are no row such as A, B, C."""
    found = [match for text in texts if (match := LABEL.match(text))]
    labels = [match["label"].upper() for match in found]
    is_row = labels and (
        labels == list("ABCDEFGH"[: len(labels)]) or labels == list("123456789"[: len(labels)])
    )
    return [match[0] for match in found] if is_row and len(found) == len(texts) else []


def _words(text: str) -> str:
    """Returns a choice on one line, without a letter before it and without a full stop."""
    words = " ".join(text.split())
    return (
        LABEL.sub("", words, count=1).strip(" \t.!;:…\"'“”()[]")
        if LABEL.match(words)
        else words.strip(" .!;:…\"'“”")
    )
