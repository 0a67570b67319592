"""Tests the page that compares a section with the text that a learner has read."""

import re

import pytest

from modules.document.compare import word_diff
from tests.cast import READABLE, a_module, squeezed
from tests.reading.changes import (
    CHANGED,
    INNER,
    OUTER,
    RENAMED,
    SPLIT,
    WHOLE,
    load,
    read,
    url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def module():
    return a_module(READABLE)


def test_change_is_shown_against_the_text_read(as_learner, learner, module):
    read(learner)
    load(CHANGED)

    text = as_learner.get(url(tail="changes/")).content.decode()

    assert re.findall(r"<(?:del|ins)>[^<]*</", squeezed(text)) == ["<ins>, dan banyak asteroid kecil</"]
    assert "I have read it" in text


def test_learner_sees_the_change_since_their_reading(as_learner, signed_in, learner, other_learner, module):
    read(learner)
    load(CHANGED)
    read(other_learner)
    load(CHANGED.replace("Venus", "Venus yang panas"))

    own_words, other_words = (
        re.findall(r"<ins>([^<]*)</ins>", squeezed(browser.get(url(tail="changes/")).content.decode()))
        for browser in (as_learner, signed_in(other_learner))
    )

    assert own_words == ["yang panas", ", dan banyak asteroid kecil"]
    assert other_words == ["yang panas"]


def test_formulas_in_a_change_are_shown_as_formulas(as_learner, learner, module):
    load(READABLE.replace(INNER, "Jarak $d = \\frac{1}{2}$ dan `<b>AU</b>`.\n\n$$\nE = m\n$$"))
    read(learner)
    load(READABLE.replace(INNER, "Jarak $d = \\frac{1}{3}$ dan `<b>AU</b>`.\n\n$$\nE = m\n$$"))

    text = as_learner.get(url(tail="changes/")).content.decode()

    assert re.findall(r"<(?:del|ins)><math>.*?<mn>(\d)</mn></mfrac>", squeezed(text)) == ["2", "3"]
    assert "\\frac" not in text
    assert "&lt;b&gt;AU&lt;/b&gt;" in text
    assert '<math display="block">' in text


def moved(answer) -> list[tuple[str, str, bool, list[str]]]:
    """Returns the moves on the page: the other section, its address, whether the text came from there, its passages."""
    return [
        (
            row.place.title,
            row.place.url,
            row.came,
            ["".join(run.text for run in passage.before or passage.after) for passage in row.rows],
        )
        for row in answer.context["page"].rows
        if isinstance(row, word_diff.Moved)
    ]


PASSAGES = [
    "Jupiter dan Saturnus adalah raksasa gas.",
    "A | B",
    "Uranus | Neptunus",
    "Uranus dan Neptunus adalah raksasa es yang dingin.",
]


def test_passage_moved_to_another_section_is_not_left_out(as_learner, learner):
    module = a_module(WHOLE)
    read(learner, "planet")
    load(SPLIT)

    answer = as_learner.get(url("planet", "changes/"))

    assert moved(answer) == [("Planet raksasa", url("planet-raksasa"), False, PASSAGES)]
    text = answer.content.decode()
    assert "4 passages now stand in another section:" in text
    assert f'<a href="{module.get_absolute_url()}planet-raksasa/" dir="auto">Planet raksasa</a>' in text
    assert "Left out" not in text


def test_passage_read_in_another_section_is_not_added(as_learner, other_learner, signed_in, learner):
    a_module(SPLIT)
    for identity in ("planet", "planet-raksasa"):
        read(learner, identity)
    read(other_learner, "planet")
    load(WHOLE)

    answer = as_learner.get(url("planet", "changes/"))

    assert moved(answer) == [("Planet raksasa", "", True, PASSAGES)]
    assert "4 passages that you have read in another section:" in answer.content.decode()
    assert "Added" not in answer.content.decode()
    others = signed_in(other_learner).get(url("planet", "changes/"))
    assert moved(others) == []  # a learner who has not read it sees it as added


def test_short_passage_found_elsewhere_has_not_moved(as_learner, learner):
    text = WHOLE.replace("## Bulan\n", "## Bulan\n\n| A | B |\n| --- | --- |\n| Luna | Io |\n")
    a_module(text)
    read(learner, "planet")
    load(text.replace(f"\n\n{OUTER}", ""))

    assert moved(as_learner.get(url("planet", "changes/"))) == []


def test_new_title_is_shown_as_a_change(as_learner, learner, module):
    read(learner)
    load(RENAMED)

    text = as_learner.get(url("planet-kebumian", "changes/")).content.decode()

    assert re.findall(r"<(?:del|ins)>[^<]*", squeezed(text)) == ["<del>dalam", "<ins>kebumian"]


def test_unchanged_passages_of_long_texts_are_folded(as_learner, learner, module):
    long = READABLE.replace(INNER, "\n\n".join(f"Kalimat {number}." for number in range(20)))
    load(long)
    read(learner)
    load(long.replace("Kalimat 19", "Kalimat terakhir, 19"))

    assert "19 passages stayed the same" in as_learner.get(url(tail="changes/")).content.decode()


def test_unchanged_section_says_that_nothing_changed(as_learner, learner, module):
    read(learner)

    text = as_learner.get(url(tail="changes/")).content.decode()

    assert "Nothing has changed since you read it." in text
    assert "I have read it" not in text


def test_change_of_formatting_says_that_words_are_the_same(as_learner, learner, module):
    read(learner)
    load(READABLE.replace("Venus", "**Venus**"))

    assert "The words are the same" in as_learner.get(url(tail="changes/")).content.decode()


def test_change_of_unread_section_is_not_found(as_learner, other_learner, module):
    read(other_learner)
    load(CHANGED)

    assert as_learner.get(url(tail="changes/")).status_code == 404


def test_change_needs_a_sign_in(client, module):
    assert client.get(url(tail="changes/")).url.endswith(f"?next={url(tail='changes/')}")


def test_change_of_code_keeps_its_spaces(as_learner, learner, module):
    code = "```python\nfor bumi in tata_surya:\n    panas()\n    dingin()\n```\n"
    load(READABLE.replace(INNER, code))
    read(learner)
    load(READABLE.replace(INNER, code.replace("    dingin", "dingin")))

    text = as_learner.get(url(tail="changes/")).content.decode()

    text = re.sub(r"\s+>", ">", text)  # in the end of a tag
    assert re.findall(r'<p class="words code"[^>]*>(.*?)</p>', text) == [
        "<del>    </del>dingin()",
        "dingin()",
    ]
    assert re.search(r'<p class="words stayed code"[^>]*>    panas\(\)</p>', text)
