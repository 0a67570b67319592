"""Compares the questions of a quiz before they went out to another program and after they came in again."""

from decimal import Decimal

from modules.document.convert.foreign_quiz import ForeignQuiz
from modules.document.convert.quiz_draft import questions_of
from modules.document.syntax.parser import Document, parse_document

EVERY_KIND = r"""---
title: Perawatan sepeda
slug: perawatan-sepeda
language: id
attempts: 3
time_limit: 20
---

# Perawatan sepeda

Pengantar.

## Rem

Teks tentang [rantai][r].

[r]: https://example.org/rantai?a=1&b=2

## Kuis akhir

### Alat *apa* yang mengukur **tekanan** ~~udara~~ ban: `bar` atau `psi`? {#alat points=2}

Ban masih dingin; 2 * 3 = 6, harga $5 {kira-kira} 100%, a_b, 1 < 2 & 3 > 2, `a|b` atau \*bintang\*.

| Alat | Harga (Rp) |
| :--- | ---: |
| Manometer \| pengukur | 20.000 |
| `a\|b` | **5** |

```python
def f(x):
    # bukan judul

    return {"a": [1, 2], "~": "#=:"}
```

1. Pertama
2. Kedua
   - dalam
   - lagi

- [ ] Termometer
  > Termometer mengukur suhu. Lihat [Rem](#rem).
- [x] Manometer, lihat [rantai][r]
  > Tepat.

  ```text
  1 bar = 100 kPa
  ```
- [ ] $\frac{p}{V} = \{x\}$
- [ ] Semua benar

> Baca lagi [Rem](#rem).
>
> > [!TIP]
> > Ukur saat dingin.

### Bagian mana yang menghentikan sepeda? {multiple}

![Rantai bersih](images/rantai%20besi.png)

$$
\bar{x} = \frac{1}{n} \sum_{i=1}^{n} x_i
$$

- [x] Kampas & tromol
- [x] Kabel # 2
- [x] Tuas: kiri
- [ ] {Bel}

### Pilih yang benar. {multiple}

- [x] Hanya ini
- [ ] Bukan ini

### Bagian mana yang menghubungkan pedal dan roda?

- [=] rantai
- [=] the *chain* = \* {besi}

> Lihat \~rem\~ dan H<sub>2</sub>O, <kbd>Ctrl</kbd>.

### Berapa sentimeter keliling roda 70 cm? {points=1.5}

- [=] 219,9 ± 0.2
- [=] -1.5e3

### Rem basah {draw=1}

Baru saja hujan.

#### Kapan kampas diganti?

- [x] Saat alurnya habis
- [ ] Setiap pagi

#### Bagaimana tahu tuas longgar?

- [ ] Berdecit
- [x] Menyentuh setang
"""


def parsed(text: str, images: tuple[str, ...] = ()) -> Document:
    return parse_document(text, images={path: f"/media/{path}" for path in images})


def in_again(document: Document, quiz: ForeignQuiz, images: tuple[str, ...] = ()) -> Document:
    """Returns the document with the questions that came in again in the place of its own."""
    rest = document.preamble + "".join(section.source for section in document.sections)
    return parsed(f"{rest}\n\n## Q {{.quiz}}\n\n{questions_of(quiz)}", images)


def essence(document: Document, *, with_points: bool = True) -> list[tuple[object, ...]]:
    """Returns what learners see of each question and what decides about its mark."""
    assert document.quiz is not None
    return [
        (
            question.title_html,
            question.html,
            question.kind,
            question.points if with_points else None,
            [(choice.html, choice.right, choice.feedback) for choice in question.choices],
            [
                (
                    answer.text if answer.value is None else "",
                    _number(answer.value),
                    _number(answer.tolerance),
                )
                for answer in question.answers
            ],
            question.explanation,
        )
        for question in document.quiz.questions
    ]


def names(document: Document, *, with_draw: bool = True) -> list[object]:
    """Returns the identities of questions, and the pools with their places."""
    assert document.quiz is not None
    pools = [
        (pool.title, pool.place, pool.size, pool.draw if with_draw else None) for pool in document.quiz.pools
    ]
    return [*(question.identity for question in document.quiz.questions), *pools]


def _number(text: str | None) -> Decimal:
    return Decimal(text or "0")
