"""Tests which mistyped words are mended, from words that the person may read."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from modules.models import Module
from modules.quizzes import withdrawal
from modules.search import query, spelling
from tests.cast import NOON, a_module

from .library import load_library

pytestmark = pytest.mark.django_db


def mended(typed: str) -> str | None:
    asked = query.parse(typed)
    found = query.find(asked, Module.objects.published())
    result = spelling.mend(asked, found.missing, Module.objects.published())
    return result and result.text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("presisi recal", "presisi recall"),
        ("korelsi", "korelasi"),
        ("hipotesa", None),
        ("simpagnan baku", "simpangan baku"),
        ("embeding", "embedding"),
        ("Undnag-undang", None),
        ("kubernetes", None),
        ("zz", None),
    ],
)
def test_mistyped_words_are_mended(typed: str, text: str | None):
    load_library()
    assert mended(typed) == text


def test_page_says_what_was_mended_and_leads_back(client, learner: User):
    load_library()
    client.force_login(learner)
    html = unescape(client.get("/search/?q=presisi+recal").content.decode())
    assert "cocok dengan <strong>presisi recall</strong>" in html
    assert 'value="presisi recal"' in html
    assert (
        'Kami membetulkan “recal”; <a href="/search/?q=presisi+recal&exact=1">cari persis “presisi recal”</a>'
        in html
    )
    exact = unescape(client.get("/search/?q=presisi+recal&exact=1").content.decode())
    assert "Tidak ditemukan di mana pun: recal." in exact


def test_words_of_withdrawn_modules_mend_nothing(learner: User):
    module = a_module("# Modul\n\n## Bagian\n\nGajah.\n")
    assert mended("gajh") == "gajah"
    withdrawal.withdraw(module, by=None, now=NOON, keeps_learners=True)
    assert mended("gajh") is None


def test_mending_takes_three_queries():
    load_library()
    asked = query.parse("korelsi hipotesi")
    missing = query.find(asked, Module.objects.published()).missing
    with CaptureQueriesContext(connection) as captured:
        spelling.mend(asked, missing, Module.objects.published())
    assert len(captured) == 3
