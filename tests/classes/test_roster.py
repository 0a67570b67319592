"""Shows how a pasted list is read: any text with an address on each line, and a sentence for each bad line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.classes.roster import MOST_LINES, Problem, TooLong, read_roster


def read(text: str) -> list[tuple[str, str, str]]:
    return [(entry.address, entry.name, entry.number) for entry in read_roster(text)]


@pytest.mark.parametrize(
    ("line", "address", "name", "number"),
    [
        ("sari@example.com", "sari@example.com", "", ""),
        ("Sari Wulandari <Sari@Example.com>", "sari@example.com", "Sari Wulandari", ""),
        ("1\tSari Wulandari\t2231004\tsari@example.com", "sari@example.com", "Sari Wulandari", "2231004"),
        ("2231-004;sari@example.com;Sari Wulandari", "sari@example.com", "Sari Wulandari", "2231-004"),
        ('7,"Sari Wulandari","X-TKR 2",sari@example.com', "sari@example.com", "Sari Wulandari", "7"),
        ("3. Sari Wulandari 2231004 sari@example.com", "sari@example.com", "Sari Wulandari", "2231004"),
        ("- sari@example.com.", "sari@example.com", "", ""),
        ("\u202aSari\u202c,\u200bsari@example.com", "sari@example.com", "Sari", ""),
        ("王小明\tsari@example.com", "sari@example.com", "王小明", ""),
        ("王伟，sari@example.com", "sari@example.com", "王伟", ""),
        ("أحمد، sari@example.com؛ 22", "sari@example.com", "أحمد", "22"),
        ("ශ්\u200dරී\tsari@example.com", "sari@example.com", "ශ්\u200dරී", ""),
        ("mailto:sari@example.com", "sari@example.com", "mailto", ""),
    ],
)  # fmt: skip
def test_line_gives_address_name_and_number(line: str, address: str, name: str, number: str):
    assert read(line)[0][0] == address
    if name != "mailto":
        assert read(line) == [(address, name, number)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("hana fitri@smk.example", True),
        ("Hana Fitri, hana fitri@smk.example", True),
        ("Hana Fitri@smk.example", True),
        ("hana. fitri@smk.example", True),
        ("hana@smk.sch. id", True),
        ("hana@smk.sch .id", True),
        ("Sari Wulandari sari@example.com", False),
        ("sari wulandari sari.w@example.com", False),
        ("Sari Wulandari <sari@example.com>", False),
        ("12345 sari@example.com", False),
        ("Dewi Lestari - dewi@example.com", False),
        ("surel: budi@example.com", False),
        ("Budi\tbudi@example.com\t1234", False),
    ],
)
def test_address_beside_a_loose_word_may_have_a_blank(line: str, expected: bool):
    (entry,) = read_roster(line)
    assert entry.address
    assert entry.may_have_blank is expected


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("haris.contoh.id", Problem.NO_ADDRESS),
        ("yuni@contoh", Problem.NO_DOT),
        ("yuni@", Problem.NOT_AN_ADDRESS),
        ("a..b@example.com", Problem.NOT_AN_ADDRESS),
        ("сари@example.com", Problem.OTHER_LETTERS),
        ('=HYPERLINK("mailto:sari@example.com")', Problem.FORMULA),
        ("@SUM(A1),sari@example.com", Problem.FORMULA),
        ("sari@example.com =HYPERLINK(A)", Problem.FORMULA),
        ("\u200c=SUM(A),sari@example.com", Problem.FORMULA),
        ("x" * 1_001, Problem.LONG_LINE),
        ("a@" + "b" * 250 + ".com", Problem.LONG_ADDRESS),
    ],
)  # fmt: skip
def test_bad_line_has_its_problem(line: str, problem: Problem):
    assert [(entry.address, entry.problem) for entry in read_roster(line)] == [("", problem)]


def test_bad_line_stops_no_other():
    entries = read_roster("a@example.com\nharis\n\nb@example.com")
    assert [(entry.line, entry.address, entry.problem) for entry in entries] == [
        (1, "a@example.com", None),
        (2, "", Problem.NO_ADDRESS),
        (4, "b@example.com", None),
    ]


def test_heading_is_left_out():
    assert read("No;Nama;Email\n1;Sari;a@example.com") == [("a@example.com", "Sari", "1")]


@pytest.mark.parametrize(
    "text",
    [
        "No\tKelas\tNama Siswa\tNISN\tSurel\tHP\n1.\tTKR\tSari\t22\ta@example.com\t081234567890",
        "Kelas;L/P;NIS;Name;Email\n;P;22;Sari;a@example.com",
        "\tNama\tNIS\tEmail\n\tSari\t22\ta@example.com\t",
    ],
)
def test_heading_says_which_column_is_the_name(text: str):
    assert read(text) == [("a@example.com", "Sari", "22")]


def test_several_addresses_in_line_are_several_people():
    assert read("a@example.com; b@example.com") == [("a@example.com", "", ""), ("b@example.com", "", "")]


def test_second_mention_names_the_first_line():
    entries = read_roster("Sari@example.com\nb@example.com\nsari@EXAMPLE.com")
    assert [entry.same_as for entry in entries] == [None, None, 1]


def test_list_has_a_limit():
    text = "\n".join(f"s{number}@example.com" for number in range(MOST_LINES))
    assert len(read_roster(text)) == MOST_LINES
    with pytest.raises(TooLong):
        read_roster(text + "\na@example.com")
    with pytest.raises(TooLong):
        read_roster(text + ",a@example.com")


@given(st.text(max_size=300))
def test_any_text_gives_a_problem_or_an_address(text: str):
    for entry in read_roster(text):
        assert bool(entry.address) != bool(entry.problem)
