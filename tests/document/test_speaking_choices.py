"""Choices that speak of the others are found, and choices that only begin alike are not."""

import pytest

from modules.document.syntax.speaking_choices import speaking, speaks_of_others

SPEAKING = """\
Semua benar · Benar semua · Semuanya salah · Semua jawaban di atas benar · Semua yang di atas · Salah semua
Keduanya · Keduanya benar · Kedua-duanya salah · Dua-duanya benar · Kedua jawaban di atas benar · Bukan keduanya
Tidak satu pun · Tidak satupun di atas · Tak satu pun dari yang di atas · Tidak ada yang benar · Tidak ada jawaban yang benar
Tidak ada di antaranya · Bukan semua di atas · Bukan salah satu di atas · Selain di atas · Selain jawaban di atas
A dan B · A dan B benar · A, B, dan C · Jawaban A dan C benar · Hanya A dan B · a & b · C. A dan B benar · Pilihan 1 dan 3 benar
All of the above · None of the above. · None of these are correct · Both · Both are correct · Both A and B · Neither A nor B
Only A and C · Options 1 and 3 · All answers are correct · D. All of the above · Neither is correct · Semua kecuali B · A sampai C benar · Lebih dari satu jawaban benar
جميع الإجابات صحيحة · أ و ب · أ و ب صحيحتان · جميع ما سبق · لا شيء مما ذكر"""
OWN = """\
Tidak ada perubahan · Tidak ada perubahan di atas 100 derajat · Tidak ada perubahan yang benar · Tidak ada · Tidak · Tidak benar
Benar · Salah · None · Nothing · Semua hewan di atas meja · Semua peserta di atas 17 tahun · Semua orang salah paham
Bukan kucing · Bukan pemimpin yang benar · Kedua tangan · Both hands · All cats · All right · Selain air
Kedua · Ketiga · Kedua tangan · A · Hanya A · Vitamin A dan B · 1 dan 3 · Pernyataan (1) dan (3) · Each of them gets a copy
A hingga F · a to b · A ke B · Semua kecuali bayi · Lebih dari satu orang benar-benar tahu"""


@pytest.mark.parametrize(("texts", "expected"), [(SPEAKING, True), (OWN, False)], ids=["speaking", "own"])
def test_choice_speaks_of_others(texts, expected):
    choices = texts.replace("\n", " · ").split(" · ")
    assert [choice for choice in choices if speaks_of_others(choice) is not expected] == []


def test_letters_in_most_choices_are_those_of_the_question():
    assert speaking(["A dan D", "B dan C", "Semua vitamin"]) == [False, False, False]
    assert speaking(["Air", "Api", "A dan B"]) == [False, False, True]
