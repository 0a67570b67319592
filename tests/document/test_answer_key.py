"""A text without its key tells no answer, and its key file joins it to the same text again, or is refused."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modules.document.answer_key.join import join
from modules.document.answer_key.separate import separate
from modules.document.problems import DocumentError
from modules.document.syntax.parser import parse_document
from tests.document.convert.round_trip import EVERY_KIND
from tests.document.test_golden import files

EXAMPLES = [path.read_text(encoding="utf-8") for path in sorted(Path("modules/examples").glob("*.md"))]
HEAD = "# Sepeda\n\n## Rem\n\nTeks.\n\n"
QUIZ = HEAD + "## Kuis akhir\n\n"
SINGLE = "### Alat apa?\n\n- [ ] Palu\n- [x] Lap\n\n"
TYPED = "### Apa namanya?\n\nYang menghubungkan roda.\n\n- [=] rantai RAHASIA\n- [=] rante RAHASIA\n\n"
# Each holds RAHASIA where learners may not see it before they answer.
SECRETS = {
    "feedback": "### Q?\n\n- [ ] a\n  > RAHASIA\n- [x] b\n\n  > RAHASIA\n  > lagi\n\n- [ ] c\n",
    "explanation": "### Q?\n\n- [ ] a\n- [x] b\n\n> RAHASIA\n>\n> - lagi\nRAHASIA malas\n\n> [!TIP]\n> RAHASIA\n",
    "answers": "### Q?\n\n- [=] RAHASIA\n  > RAHASIA\n- [=] RAHASIA\n\nTeks sesudahnya.\n\n> RAHASIA\n",
    "numbers": "### Q?\n\n1. [=] 5 ± 1\n2. [=] 6\n\n> RAHASIA\n",
    "comments": "<!-- RAHASIA: 1b -->\n\n### Q? <!-- RAHASIA -->\n\nApa <!-- RAHASIA --> itu?\n\n<!--\nRAHASIA\n-->\n\n- [ ] a <!-- RAHASIA -->\n- [x] b\n",
    "comment that is broken": "### Q?\n\n- [ ] a <!-- RAHASIA\n  lagi RAHASIA -->\n- [x] b\n",
    "footnote": "### Q?[^p]\n\n- [ ] a\n- [x] b\n\n> Lihat.[^r]\n\n[^r]: RAHASIA\n    RAHASIA juga\n\n[^p]: Publik.\n",
    "link": "### Q?\n\n- [ ] a\n- [x] b\n\n> Lihat [sini][r].\n\n[r]: https://example.org/RAHASIA 'RAHASIA'\n",
    "pool": "### P {draw=1}\n\n<!-- RAHASIA -->\n\n#### Q?\n\n- [ ] a\n- [x] b\n\n> RAHASIA\n",
}


def lines_of(error):
    return [problem.text() for problem in error.value.problems]


@pytest.mark.parametrize(
    "text", [EVERY_KIND, *EXAMPLES, *(path.read_text(encoding="utf-8") for path in files("constructs"))]
)
def test_public_text_and_key_join_to_the_same_text(text):
    separated = separate(text)

    assert (join(separated.public, separated.key) if separated.key else separated.public) == text
    quiz = parse_document(separated.public).quiz
    for question in quiz.questions if quiz else ():
        assert not question.explanation
        assert not any(choice.right or choice.feedback for choice in question.choices)
        assert not any(answer.text for answer in question.answers)


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_that_tells_the_answer_is_public(secret):
    text = QUIZ + SECRETS[secret]
    separated = separate(text)

    assert "RAHASIA" not in separated.public
    assert "[x]" not in separated.public
    assert separated.public.count("[=]") <= 1
    assert separated.key.count("RAHASIA") == text.count("RAHASIA")
    assert join(separated.public, separated.key) == text


def test_question_in_a_section_has_its_key_in_the_file():
    text = HEAD + "### Q? {.check}\n\n- [ ] a\n  > RAHASIA\n- [x] b\n\n> RAHASIA\n\nTeks.\n\n> Kutipan.\n"
    separated = separate(text)

    assert "RAHASIA" not in separated.public
    assert "> Kutipan." in separated.public
    assert join(separated.public, separated.key) == text


@pytest.mark.parametrize(
    "text",
    [
        QUIZ + SINGLE.rstrip(),
        QUIZ + SINGLE + "> sebab",
        (QUIZ + SINGLE + "> sebab\n").replace("\n", "\r\n"),
        (QUIZ + TYPED).replace("\n", "\r"),
        "\ufeff" + QUIZ + SINGLE,
        "Rem\n===\n\nTeks.\n\nKuis akhir\n===\n\nApa\nitu?\n---\n\n- [=] a\n\n> b\n",
        "---\n---\n" + QUIZ + SINGLE,
        "---\n\n---\n" + QUIZ + SINGLE,
        "---\nslug: a\n...\n" + QUIZ + SINGLE,
        "\ufeff---\nslug: a\n---\n" + QUIZ + TYPED,
    ],
    ids=["no last line end", "quote at the end", "cr lf", "cr", "mark", "underlined", "empty matter", "blank matter", "dots", "mark and matter"],
)  # fmt: skip
def test_bytes_stay_the_same(text):
    separated = separate(text)

    assert join(separated.public, separated.key) == text
    assert parse_document(separated.public).lacks_key


def test_text_without_questions_has_no_key():
    assert separate(HEAD).key == ""
    assert separate(HEAD).public == HEAD


def test_key_file_is_plain_markdown_with_a_heading_for_each_question():
    key = separate(QUIZ + SINGLE + TYPED).key

    assert key.startswith("---\nkey_of: sepeda\n---\n\n# Kunci: Sepeda\n\nBerkas ini berisi jawaban,")
    headings = [line.partition(" {")[0] for line in key.splitlines() if line.startswith("## ")]
    assert headings == ["## Alat apa?", "## Apa namanya?"]
    assert "- [ ] Palu\n- [x] Lap\n" in key
    assert "- [=] rantai RAHASIA\n- [=] rante RAHASIA\n" in key


def test_prose_around_the_questions_may_change():
    separated = separate(QUIZ + SINGLE)
    public = separated.public.replace("Teks.", "Teks yang lain.\n\n## Bagian baru\n\nIsi.")

    assert join(public, separated.key) == (QUIZ + SINGLE).replace(
        "Teks.", "Teks yang lain.\n\n## Bagian baru\n\nIsi."
    )


def test_key_that_was_corrected_by_hand_is_taken():
    separated = separate(QUIZ + SINGLE)
    key = separated.key.replace("- [x] Lap", "- [ ] Lap").replace("- [ ] Palu", "- [x] Palu\n  > Ya.")

    assert join(separated.public, key) == QUIZ + "### Alat apa?\n\n- [x] Palu\n  > Ya.\n- [ ] Lap\n\n"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda public, key: (public.replace("Palu", "Obeng"), key), "it has no key for “Alat apa?”, or that of another version"),
        (lambda public, key: (public.replace("Yang menghubungkan", "Yang memutar"), key), "it has no key for “Apa namanya?”"),
        (lambda public, key: (public + "### Baru?\n\n- [ ] a\n- [ ] b\n", key), "it has no key for “Baru?”"),
        (lambda public, key: (public.partition("### Apa")[0], key), "“Apa namanya?” is not in the text any more"),
        (lambda public, key: (public, key.replace("Palu", "Obeng")), "the choices of “Alat apa?” differ"),
        (lambda public, key: (public, key.replace("key_of", "slug")), "This is no key file"),
        (lambda public, key: (QUIZ + SINGLE, key), "This text has its key itself"),
    ],
)  # fmt: skip
def test_key_file_that_does_not_fit_is_refused_by_the_question(change, sentence):
    separated = separate(QUIZ + SINGLE + TYPED)

    with pytest.raises(DocumentError) as refused:
        join(*change(separated.public, separated.key))
    (line,) = lines_of(refused)
    assert sentence in line


def test_public_text_alone_and_key_alone_are_refused_with_one_sentence():
    separated = separate(EVERY_KIND)

    assert [problem.code for problem in parse_document(separated.public).errors] == ["separate-key"]
    assert "comes without its key" in str(parse_document(separated.public).errors[0])
    (only,) = parse_document(separated.key).problems
    assert "This is the key of a module" in only.text()


def test_text_that_says_its_key_is_elsewhere_and_has_it_is_refused():
    text = QUIZ.replace("# Sepeda", "---\nanswer_key: separate\n---\n# Sepeda") + SINGLE

    assert [problem.line for problem in parse_document(text).errors] == [1]


def test_text_that_hides_its_end_is_not_separated():
    text = QUIZ + "### Q?\n\n- [ ] a\n- [x] b\n\n<!-- tanpa akhir\n\n## Sumber\n\n[r]: x\n"

    separated = separate(text)
    assert join(separated.public, separated.key) == text


PIECES = st.lists(
    st.sampled_from(
        [
            "### Q?", "#### Q lagi?", "### P {draw=1}", "## Bagian", "### C? {.check}", "- [x] b", "- [ ] a", "- [=] 5 ± 1", "- [=] kata", "1. [x] satu", "* [X] dua",
            "  > umpan", "> sebab", "> [!TIP]\n> kiat", "Teks.", "```\n- [x] kode\n```", "  ```\n  kode", "<!-- rahasia -->", "a <!-- b --> c", "<!--", "- biasa", "-\n  [x] jauh",
            "[^a]: catatan", "[r]: x", "[^a] dan [r]", "> lihat[^a]", "---", "| a |\n| - |", "\t- [x] dalam", "", "", "",
        ]
    ),
    max_size=20,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@example(["### Q?", "- [x] b", "- [ ] a", "", "<!--", "", "### Q?", "- [=] 1"])
@given(PIECES)
def test_what_is_separated_joins_again(pieces):
    text = QUIZ + "\n".join(pieces)
    try:
        separated = separate(text)
    except DocumentError:
        return  # with one sentence
    assert not separated.key or join(separated.public, separated.key) == text


@settings(max_examples=100, deadline=None)
@given(PIECES, PIECES)
def test_joining_never_raises_anything_else(pieces, others):
    try:
        join(separate(QUIZ + "\n".join(pieces)).public, separate(QUIZ + "\n".join(others)).key or "x")
    except DocumentError as error:
        str(error)  # fills every sentence
