"""Choices keep their keys as long as they say the same, so that an answer never moves to another choice."""

import pytest

from modules.document.compare import choices
from modules.document.compare.choices import Choices, comparable_text, match_choices, with_kept_keys
from modules.document.syntax.parser import parse_document
from modules.document.syntax.values import Choice

KEYS = ["8112020b77", "2e8ec91ba5", "52925ab9eb"]


def kept(old: list[str], new: list[str], **decisions: str) -> dict[str, str]:
    """Returns the earlier text of each incoming text that keeps its key."""
    result = match_choices({f"o{text}": text for text in old}, {f"n{text}": text for text in new}, decisions)
    return {key[1:]: earlier[1:] for key, earlier in result.kept.items()}


def test_mistyped_choice_is_the_same_choice():
    assert kept(
        ["Retrieval-augmnted generation", "Fine-tuning"], ["Retrieval-augmented generation", "Kuantisasi"]
    ) == {"Retrieval-augmented generation": "Retrieval-augmnted generation"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Air mendidih pada 100 derajat", "Air mendidih pada 90 derajat"),
        ("Model ini harus dilatih ulang", "Model ini tidak harus dilatih ulang"),
        ("The gradient is computed", "The gradient is never computed"),
        ("Kucing", "Anjing"),
    ],
)
def test_choice_with_other_meaning_is_new(before, after):
    assert kept([before], [after]) == {}


def test_changed_number_or_negation_is_an_ambiguity():
    for before, after in (("Ini bukan pemimpin", "Ini bukaan pemimpin"), ("Tahun 1945", "Tahun 1946")):
        result = match_choices({"old": before}, {"new": after})
        assert (result.kept, result.ambiguities) == ({}, {"new": ("old",)})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("C", "C++"),
        ("C#", "C"),
        ("5", "-5"),
        ("a + b", "a - b"),
        ("x < y", "x > y"),
        ("50%", "50"),
        ("n!", "n"),
        ("` i++", "` ++i"),
        ("a && b", "a || b"),
        ("[1, 2)", "(1, 2]"),
        ("Aa", "aa"),
        ("10 kB", "10 Kb"),
        ("ab", "ba"),
        ("The temperature increases", "The temperature decreases"),
        ("Suhu air meningkat", "Suhu air menurun"),
        ("Sebelum Perang Dunia II", "Sesudah Perang Dunia II"),
        ("naikkan suku bunga", "turunkan suku bunga"),
        ("Natrium nitrat", "Natrium nitrit"),
        ("Reaksi eksotermik", "Reaksi endotermik"),
        ("` text-align: center", "` text-align: centre"),
        ("Diagram /media/a.png", "Diagram /media/b.png"),
        ("AaBb", "AABB"),
        ("AABB", "aabb"),
        ("Aabb", "aabb"),
        ("10 mPa", "10 MPa"),
        ("2*3", "23"),
        ("12 3", "123"),
        ("f'(x)", "f(x)"),
        ("5'", '5"'),
        ("1.000", "1"),
        ("2.500", "2.5"),
        ("Python 3.10", "Python 3.1"),
        ("3.10", "3.1"),
        ("E. coli", "B. coli"),
        ("A. Einstein", "B. Einstein"),
        ("`` '1'", "`` 1"),
        ("`` True", "`` true"),
        ("`` String", "string"),
        ("`` a b", "`` ab"),
        ("`` a  b", "`` ab"),
        ("`` *args", "`` args"),
        ("`` __init__", "`` init"),
        ("`` 3.0", "`` 3"),
        ("` f'", "` f"),
        ("` a_1", "` a1"),
        (r"` \Delta", r"` \delta"),
    ],
)
def test_small_change_of_meaning_is_an_ambiguity(before, after):
    old = {"old": before, "lain": "Sesuatu yang lain"}
    result = match_choices(old, {"new": after, "lain": "Sesuatu yang lain"})
    assert (result.kept, result.ambiguities) == ({"lain": "lain"}, {"new": ("old",)})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Mars", "Mars."),
        ("Ya, benar", "ya benar"),
        ("“Merdeka”", '"Merdeka"'),
        ("−5", "-5"),
        ("x = 5", "x=5"),
        ("Suhu meningakt", "Suhu meningkat"),
        ("Di mana saja", "Dimana saja"),
    ],
)
def test_choice_with_other_looks_is_the_same(before, after):
    assert kept([before], [after]) == {after: before}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("set", "`` set"),
        ("Fungsi mengembalikan None", "`` Fungsi mengembalikan None"),
        ('Fungsi "any()" bernilai benar', "Fungsi any() bernilai benar"),
        ("a. Jakarta", "Jakarta"),
        ("(B) Jakarta", "jakarta"),
        ("C. Jakarta", "c. jakarta"),
        ("c. Jakarta", "C. Jakarta"),
        ("RuntimeError", "runtimeerror"),
        ("NaCl", "NACL"),
        ("init", "`` __init__"),
        ("234", "`` 2*3*4"),
        ("`` x // 2", "`` x//2"),
        ("Hasil `x` benar.", "Hasil x benar"),
        ("`` Nilai x benar.", "`` Nilai x benar"),
        ("`` set", "`` set."),
        ("`` Nilai “benar”", "`` Nilai benar"),
        ("1 000", "1000"),
        ("3.0", "3"),
        ("2,50", "2.5"),
        ("Retrospektif", "Retrospektif (melihat apa yang berjalan baik)"),
        ("Kuantisasi (bobot)", "Kuantisasi"),
    ],
)
def test_choice_after_a_sweep_is_the_same(before, after):
    assert kept([before, "Sesuatu yang lain"], ["Sesuatu yang lain", after])[after] == before


@pytest.mark.parametrize("remark", ["tidak murni", "hanya jika panas", "di atas 100 derajat"])
def test_remark_that_changes_the_meaning_makes_another_choice(remark):
    assert kept(["Besi", "Emas"], [f"Besi ({remark})", "Emas"]) == {"Emas": "Emas"}


def test_letters_in_order_are_labels_and_initials_are_not():
    labelled, bare = ["A. besi", "B. emas", "C. timah"], ["besi", "emas", "timah"]
    assert kept(labelled, bare) == dict(zip(bare, labelled, strict=True))
    assert kept(["besi", "B. 7.0", "C. 8"], ["besi", "7", "8.0"]) == {
        "besi": "besi",
        "7": "B. 7.0",
        "8.0": "C. 8",
    }
    assert kept(["C. elegans", "D. melanogaster"], ["elegans", "melanogaster"]) == {}
    assert kept(["besi", "emas"], ["besi", "B. emas"]) == {"besi": "besi", "B. emas": "emas"}
    assert kept(["A. besi", "C. timah"], ["a. besi", "c. timah"]) == {
        "a. besi": "A. besi",
        "c. timah": "C. timah",
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [(["True", "`` true"], ["`` True"]), (["3"], ["`` 3", "3.0"]), (["set"], ['"set"', "`` set"])],
)
def test_choice_after_a_sweep_is_another_where_two_compete(before, after):
    assert not {*kept(before, after)} - {*before}


def test_copies_of_a_choice_are_paired_in_their_order():
    old = {"a": "{ }", "b": "{ }", "c": "[ ]"}
    result = match_choices(old, {"x": "{ }", "y": "[ ]", "z": "{ }"}, right=("a", "x"))
    assert result == Choices(kept={"x": "a", "y": "c", "z": "b"})


def test_right_choice_reworded_with_another_one_is_asked():
    old = {"a": "O(n)", "b": "O(nnn)", "c": "O(n*n)"}
    result = match_choices(old, {"x": "O(n)", "y": "O(n^3)", "z": "O(n^2)"}, right=("c", "z"))
    assert result.kept == {"x": "a"}
    assert {key: earlier[0] for key, earlier in result.ambiguities.items()} == {"y": "b", "z": "c"}


def test_right_choice_is_asked_where_all_choices_are_reworded():
    old = {"a": "Benar", "b": "Salllah"}
    result = match_choices(old, {"x": "Itu tepat", "y": "Itu keliru"}, right=("a", "x"))
    assert result == Choices({}, {"x": ("a", "b"), "y": ("b", "a")})


def test_right_one_of_many_replaced_choices_is_asked_by_its_place():
    old = {"a": "Tokyo", "b": "Osaka", "c": "Kobe", "d": "Nara"}
    new = {"x": "Lyon", "y": "Paris", "z": "Nice", "w": "Brest"}
    assert match_choices(old, new, right=("a", "y")) == Choices()
    assert match_choices(old, new, right=("a", "x")).ambiguities == {"x": ("a",)}


def test_mistyped_prose_in_code_marks_keeps_its_key():
    old = {"a": "Di ikan dengan listrik", "b": "`` Pelanggan kunci", "c": "`` center", "d": "Beenar"}
    new = {"w": "`` Di iakn dengan listrik.", "x": "Pelangggan kunci", "y": "`` centre", "z": "`` Benar"}
    assert match_choices(old, new).kept == {"w": "a", "x": "b", "z": "d"}
    assert match_choices(old, new, right=("a", "z")).kept == {"x": "b"}
    assert match_choices(old, new, right=("d", "z")).kept == {"w": "a", "x": "b", "z": "d"}
    quoted = {"a": "daun gelap kecil “pada”", "b": "a. “Saah”", "c": "`` True"}
    assert match_choices(quoted, {"y": "A. “Salah”", "x": "Daun gelap keecil pada"}).kept == {
        "x": "a",
        "y": "b",
    }


def test_choice_that_returns_to_earlier_words_keeps_its_key():
    old, new = {"a": "Sun", "b": "Moon"}, {"x": "Matahari", "y": "Bulan"}
    former = {"a": ["Matahari", "Surya", "Sun"], "b": ["Bulan", "Moon"]}
    assert match_choices(old, new, former=former).kept == {"x": "a", "y": "b"}
    shared = {"a": ["Matahari"], "b": ["Bulan", "Matahari"]}
    assert match_choices(old, new, former=shared).kept == {"y": "b"}


def test_choices_of_a_translation_are_paired_in_the_order_of_now():
    old = {"a": "Matahari", "c": "Bumi", "b": "Bulan"}  # "c" is the oldest but one, and stands last
    new = {"x": "Sun", "y": "Moon", "z": "Earth"}
    result = match_choices(old, new, active=["a", "b", "c"], right=("a", "x"), is_translated=True)
    assert result.kept == {"x": "a", "y": "b", "z": "c"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Tidak larut", "Tiddak larut"),
        ("Bukann asam", "Bukan asam"),
        ("Tidak larut", "Tdiak larut"),
        ("Tidak larut", "Tiidak larut"),
        ("Tiak larut", "Tidak larut"),
    ],
)
def test_slip_in_a_negation_is_a_typing_error(before, after):
    assert kept([before, "Larut"], [after, "Larut"])[after] == before


def test_slip_behind_a_label_is_a_typing_error():
    labelled = ["A. “Air”", "B. “Batu”", "C. “Yang”"]
    assert kept(["“Air”", "“Batu”", "“Yaang”"], labelled)["C. “Yang”"] == "“Yaang”"


def test_letters_that_are_in_both_choices_by_chance_make_no_ambiguity():
    """From one side, half of the letters seem to be those of the other choice; from the other, a third."""
    result = match_choices({"k": "Rem badai di panjang"}, {"n": "Jembatan masuk dari mudah yang"})
    assert result == Choices()


def test_negation_that_becomes_another_word_is_no_typing_error():
    assert "Bukaan asam" not in kept(["Bukan asam", "Garam"], ["Bukaan asam", "Garam"])
    assert "Buka pintu" not in kept(["Bukan pintu", "Garam"], ["Buka pintu", "Garam"])
    assert "Tapa brata" not in kept(["Tanpa brata", "Garam"], ["Tapa brata", "Garam"])


def test_choices_of_a_translation_are_paired_in_their_order():
    old = {"a": "Sun", "b": "Moon"}
    new = {"x": "Matahari", "y": "Bulan"}
    assert match_choices(old, new, right=("a", "x"), is_translated=True).kept == {"x": "a", "y": "b"}
    assert match_choices(old, new, right=("a", "y"), is_translated=True).kept == {}


def test_code_and_images_count_as_text_of_a_choice():
    assert comparable_text("i++", "<code>i++</code>") == "`` i++"
    assert comparable_text("x²", "<math>x²</math>") == "` x²"
    assert comparable_text("Diagram", '<img src="/media/a.png" alt="Diagram">') == "Diagram /media/a.png"
    assert comparable_text("Mars", "Mars") == "Mars"


def test_spaces_in_code_make_another_choice():
    """The choice with one space is new: it takes no answer of the one with two, which keeps its key."""
    assert kept(['`` "a  b"'], ['`` "a b"', '`` "a  b"']) == {'`` "a  b"': '`` "a  b"'}
    assert kept(['`` "a b"', "` x = 1"], ['``  "a b"', "`  x  = 1"]) == {
        '``  "a b"': '`` "a b"',
        "`  x  = 1": "` x = 1",
    }


def test_key_of_words_never_changes():
    """Answers are stored with these keys, so that this list may only grow."""
    text = "# M\n\n## A\n\n## Kuis\n\n### Apa?\n\n- [ ] Air  membeku\n- [x] Lihat `kode`  ini\n- [ ] `a  b`\n"
    quiz = parse_document(text, name="a.md").quiz
    assert quiz is not None
    assert [choice.key for choice in quiz.questions[0].choices] == KEYS


def test_first_words_do_not_take_the_key_of_later_words():
    """Keys are made of the first words. If these return while the later ones stay, they are another choice."""
    old = {"k": "Inti atom bermuatan positif", "n": "Negatif"}
    new = {"n": "Negatif", "k": "Inti bermuatan positif", "k2": "Inti atom bermuatan positif"}
    assert match_choices(old, new).kept == {"n": "n", "k2": "k"}


def test_choice_returns_to_its_first_words():
    assert match_choices({"k": "Inti atom positif", "n": "Negatif"}, {"k": "Inti positif"}).kept == {"k": "k"}


def test_first_words_like_another_choice_are_an_ambiguity():
    old = {"k": "Elektron berputar cepat", "m": "Inti atom bermuatn"}
    assert match_choices(old, {"k": "Inti atom bermuatan"}) == Choices({}, {"k": ("k", "m")})


def test_active_choice_goes_before_archived_one():
    old = {"gone": "Mars", "k": "Mars"}
    assert match_choices(old, {"gone": "Mars"}, active=["k"]).kept == {"gone": "k"}


def test_choices_that_differ_in_markup_keep_their_keys():
    same = {"a": "Mars", "b": "Mars"}
    assert match_choices(same, {"b": "Mars", "a": "Mars"}).kept == {"a": "a", "b": "b"}


def test_replaced_right_choice_is_an_ambiguity():
    old, new = {"a": "Sapi", "b": "Ikan"}, {"n": "Kuda", "b": "Ikan"}
    assert match_choices(old, new).ambiguities == {}
    assert match_choices(old, new, right=["a"]).ambiguities == {"n": ("a",)}
    assert match_choices(old, new, {"n": ""}, right=["a"]) == Choices({"b": "b"}, {})


def test_swapped_choices_are_matched_by_text():
    assert kept(["Mars", "Jupiter"], ["Jupiter", "Mars"]) == {"Mars": "Mars", "Jupiter": "Jupiter"}


def test_choice_like_two_others_is_an_ambiguity():
    old = {"a": "Menambah konteks pada saat menjawab", "b": "Menambah konteks pada saat dijawab"}
    result = match_choices(old, {"n": "Menambah konteks pada saat terjawab"})
    assert result.kept == {}
    assert set(result.ambiguities["n"]) == {"a", "b"}
    decided = match_choices(old, {"n": "Menambah konteks pada saat terjawab"}, {"n": "b"})
    assert (decided.kept, decided.ambiguities) == ({"n": "b"}, {})


def test_new_choice_gets_an_unused_key():
    choice = Choice(key="k", html="Mars", text="Mars", right=False, feedback="", pinned=False)
    fresh = with_kept_keys([choice], {}, {"k"})[0].key
    assert fresh != "k"
    assert with_kept_keys([choice], {"k": "old"}, {"old"})[0].key == "old"


def test_long_lists_of_choices_keep_equal_choices_alone():
    old = {f"o{n}": f"Pilihan yang ke-{n} dari banyak" for n in range(choices.MOST_PAIRS)}
    new = {f"n{n}": f"Pilihan yang ke-{n} dari banyakk" for n in range(20)} | {"same": old["o0"]}

    assert match_choices(old, new) == Choices({"same": "o0"})
    assert match_choices({"old": old["o1"]}, {"new": new["n1"]}).kept == {"new": "old"}
