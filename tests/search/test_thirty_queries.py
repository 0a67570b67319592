"""Tests that thirty Indonesian queries find the section that a learner expects, first."""

import pytest

from modules.models import Module
from modules.search import passages, query

from .library import load_library

pytestmark = pytest.mark.django_db

# What is typed, and the module and the section that come first.
EXPECTED = (
    ("presisi recall", "statistika-praktis", "presisi-dan-recall"),
    ("presisi", "statistika-praktis", "presisi-dan-recall"),
    ("kurva presisi", "metrik-evaluasi-model", "kurva-presisirecall"),
    ("akurasi", "metrik-evaluasi-model", "akurasi"),
    ("data timpang", "metrik-evaluasi-model", "akurasi"),
    ("kebingungan", "metrik-evaluasi-model", "matriks-kebingungan"),
    ("positif palsu", "metrik-evaluasi-model", "matriks-kebingungan"),
    ("memilih ambang", "metrik-evaluasi-model", "kurva-presisirecall"),
    ("harga rumah", "metrik-evaluasi-model", "galat-regresi"),
    ("mean_absolute_error", "metrik-evaluasi-model", "galat-regresi"),
    ("RMSE", "metrik-evaluasi-model", "galat-regresi"),
    ("dikalibrasi", "metrik-evaluasi-model", "kalibrasi-peluang"),
    ("median", "statistika-praktis", "rata-rata-dan-median"),
    ("rata-rata", "statistika-praktis", "rata-rata-dan-median"),
    ("penyebaran nilai", "statistika-praktis", "sebaran-dan-simpangan-baku"),
    ("berkorelasi", "statistika-praktis", "korelasi-bukan-sebab"),
    ("es krim", "statistika-praktis", "korelasi-bukan-sebab"),
    ("survei 400 responden", "statistika-praktis", "selang-kepercayaan"),
    ("menguji hipotesis", "statistika-praktis", "uji-hipotesis"),
    ("karangan model", "dasar-rag", "mengapa-model-mengarang"),
    ("pemotongan dokumen", "dasar-rag", "memotong-dokumen"),
    ("apa itu embedding", "dasar-rag", "embedding-dan-vektor"),
    ("basis data vektor", "dasar-rag", "basis-data-vektor"),
    ("pengukuran pencarian", "dasar-rag", "mengukur-hasil-pencarian"),
    ('"tidak tahu"', "dasar-rag", "menyusun-perintah"),
    ("undang-undang", "hukum-data-pribadi", "undang-undang-yang-berlaku"),
    ("UU nomor 27", "hukum-data-pribadi", "undang-undang-yang-berlaku"),
    ("penghapusan data", "hukum-data-pribadi", "menghapus-dan-memindahkan-data"),
    ("data yang bocor", "hukum-data-pribadi", "kebocoran-data"),
    ("jumat", "hukum-data-pribadi", "jum-at-dan-hari-libur"),
)


def test_queries_find_what_is_expected_first():
    load_library()
    first = {typed: first_hit(typed) for typed, _module, _section in EXPECTED}
    assert first == {typed: (module, section) for typed, module, section in EXPECTED}


def first_hit(typed: str) -> tuple[str, str] | None:
    asked = query.parse(typed)
    found = query.find(asked, Module.objects.published())
    pages = passages.show(asked, found.hits(0, 1))
    return (pages[0].hit.module.slug, pages[0].identity) if pages else None
