"""Recognises the words by which a line names an answer: *Jawaban: B*, *Jadi, jawabannya adalah C*, *→ B*."""

from __future__ import annotations

import re

DECORATION = r"[>\s#*_~✅✔☑🔑👉➡→•·|({\[-]*"
RIGHT = r"(?:[ \t]+(?:yang[ \t]+)?(?:paling[ \t]+)?(?:benar|tepat))"
LABEL = (
    rf"(?:kunci(?:[ \t]+jawaban)?|jawaban(?:nya)?{RIGHT}?|jawab|jwb|jawaban[ \t]+soal|jawapan|wangsulan"
    rf"|(?:pilihan|opsi){RIGHT}|answers?(?:[ \t]+key)?|(?:the[ \t]+)?(?:correct|right)[ \t]+(?:answers?|option|choice)s?)"
)
SO = r"(?:(?:jadi|maka|dengan demikian|so|thus|therefore)[ \t]*,?[ \t]+)?"
IS = r"(?:[ \t]+(?:adalah|ialah|yaitu|is))"
ANSWER = re.compile(
    rf"{DECORATION}{SO}(?:{LABEL}(?:[ \t]*/[ \t]*{LABEL})?|correct|ans|key|solution|solusi)"
    rf"{IS}?[ \t*_]*[:=：][ \t*_]*(?P<rest>.*)$",
    re.IGNORECASE,
)
REASON = re.compile(
    rf"{DECORATION}(?:pembahasan|penjelasan|alasan|explanation|rationale|reason|why|feedback|umpan balik)[ \t*_]*[:：][ \t*_]*(?P<rest>.*)$",
    re.IGNORECASE,
)
# An answer without a colon: *Jawaban benar B*, *Jawabannya adalah C*.
UNMARKED = re.compile(
    rf"{DECORATION}{SO}{LABEL}{IS}?[ \t*_]+"
    r"(?P<rest>[(\[]?[A-Ha-h](?:[ \t]*[,;&/][ \t]*[A-Ha-h]|[ \t]+(?:dan|and)[ \t]+[A-Ha-h])*[)\]]?)[.*_)\]\s]*$",
    re.IGNORECASE,
)
# An answer in a sentence: *Jadi, jawaban yang tepat adalah B. Rantai, karena …*
SENTENCE = re.compile(rf"{DECORATION}(?i:{SO}{LABEL}{IS}[ \t*_]+)(?P<rest>[(\[]?[A-H](?![^\W_]).*)$")
# A line that says only that an answer follows, also as the title of a call-out.
ANNOUNCED = re.compile(
    rf"(?:>[ \t]*\[![a-z]{{1,20}}\][+-]?|:{{3,6}}[ \t]*(?:\{{[^{{}}]{{1,40}}\}})?|(?:!!!|\?\?\?\+?)[ \t]+[\w-]{{1,20}}[ \t]+[\"'])?"
    rf"{DECORATION}\.?(?:{LABEL}|solution|solusi|pembahasan)[\W_]*$",
    re.IGNORECASE,
)
OPTION = re.compile(r"[ \t]*:[\w-]{1,20}:")  # of a call-out of MyST
BOXED = re.compile(r"^\$*\\boxed\{(?P<letter>[A-Ha-h])\}\$*")
# An answer that only an arrow or a sign marks, right below the choices: *→ B*.
ARROW = re.compile(
    r"[>\s*_(\[]*(?:→|➡\ufe0f?|=>|->|👉|✅|✔\ufe0f?|🔑)[ \t*_]*(?P<rest>[A-Ha-h](?:[.)][ \t].*)?)[.*_)\]\s]*$"
)
TAGS = re.compile(r"</?[A-Za-z][^<>]*>")
CLOSING = {"(": ")", "[": "]", "{": "}"}


def answer_of(words: str) -> str | None:
    """Returns the answer that a line names, or ``None`` for any other line."""
    match = ANSWER.match(words) or UNMARKED.match(words) or SENTENCE.match(words)
    if match is None:
        return None
    rest = BOXED.sub(r"\g<letter>", match["rest"].strip())
    closing = "".join(CLOSING.get(sign, "") for sign in words[: match.start("rest")])
    return rest.rstrip(f" \t*_.{closing}") if closing else rest
