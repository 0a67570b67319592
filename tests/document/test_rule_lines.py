"""Rules that are written into a front matter: they read back, and every other line stays byte for byte."""

from dataclasses import replace
from datetime import datetime
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.document.problems import DocumentError
from modules.document.syntax.front_matter import parse_front_matter
from modules.document.syntax.review import ASPECTS, MOMENTS, REVIEW_WORDS
from modules.document.syntax.rule_lines import with_rules
from modules.document.syntax.rules import RULES, Rules
from modules.document.syntax.source import normalise, split_lines

TABLE = "right_after: marks; after_closing: answer right_answer"


def rules_of(text: str) -> Rules:
    return parse_front_matter(normalise(text))[0].rules


def changed(text: str, **values) -> str:
    """The text with these rules, and those that it had."""
    return with_rules(text, replace(rules_of(text), **values))


def in_front(content: str) -> str:
    return f"---\n{dedent(content)}---\n\n# Modul\n"


# ------------------------------------------------------------------------------------------- one by one


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_the_line_of_the_rule_changes(mark, end):
    text = mark + in_front("title: Modul\nwait: 5\n# catatan\n").replace("\n", end)
    assert changed(text, wait=10) == text.replace("wait: 5", "wait: 10")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_document_without_front_matter_gets_one(mark, end):
    text = f"# Modul{end}{end}Isi.{end}"
    front = end.join(["---", "wait: 5", "review:", "  right_after: [marks]", "---", ""])
    assert changed(mark + text, wait=5, review="right_after: marks") == mark + front + text


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        ("wait:    5   # menit\n", {"wait": 6}, "wait:    6   # menit\n"),
        ("'wait' : 5\n", {"wait": 6}, "'wait' : 6\n"),
        ("wait:\n", {"wait": 6}, "wait: 6\n"),
        ("wait:\n  5\n", {"wait": 6}, "wait: 6\n"),
        ("wait: 5\nwait: 6\n", {"wait": 7}, "wait: 5\nwait: 7\n"),
        ("counts: >\n  last\n\n# lain\n", {"counts": "first"}, "counts: first\n\n# lain\n"),
        ("  title: A\n  wait: 5\n", {"attempts": 3}, "  title: A\n  wait: 5\n  attempts: 3\n"),
        ("title: A\n", {"shuffle": True}, "title: A\nshuffle: true\n"),
        ("", {"draw": 4}, "draw: 4\n"),
        ("# catatan\n", {"draw": 4}, "# catatan\ndraw: 4\n"),
    ],
)
def test_a_rule_stays_where_it_is_and_a_new_one_comes_last(before, values, after):
    assert changed(in_front(before), **values) == in_front(after)


def test_removed_limit_removes_its_line():
    text = in_front("time_limit: 20  # menit\nattempts: 2\nwait: 60\nopens: 2027-03-01\ncounts: last\n")
    after = changed(text, time_limit=None, attempts=None, wait=0, opens="", counts="highest")
    assert after == in_front("wait: 0\ncounts: highest\n")


def test_limit_written_twice_is_removed_twice():
    assert changed(in_front("attempts: 2\nattempts: 3\n"), attempts=None) == in_front("")


def test_keys_in_tables_and_in_texts_are_no_rules():
    content = "other:\n  wait: 5\n  attempts: 2\nsummary: |\n  wait: 7\n  counts: last\n"
    assert changed(in_front(content), wait=9) == in_front(content + "wait: 9\n")


@pytest.mark.parametrize(
    "table",
    [
        "  right_after: [marks]\n  after_closing: [answer, right_answer]\n",
        "  right_after:\n  - marks\n  # di dalam\n  after_closing:\n    - answer\n    - right_answer # akhir\n",
    ],
)
def test_a_table_of_review_is_replaced_as_a_whole(table):
    text = in_front(f"review: # kapan\n{table}\n# sesudahnya\nwait: 5\n")
    assert rules_of(text).review == TABLE
    assert changed(text, review="never") == in_front("review: never # kapan\n\n# sesudahnya\nwait: 5\n")
    assert changed(text, review="while_open: answer") == in_front(
        "review: # kapan\n  while_open: [answer]\n\n# sesudahnya\nwait: 5\n"
    )


def test_a_word_of_review_becomes_a_table():
    after = "review: # kapan\n  right_after: [marks]\n  after_closing: [answer, right_answer]\nwait: 5\n"
    assert changed(in_front("review: passed # kapan\nwait: 5\n"), review=TABLE) == in_front(after)


@pytest.mark.parametrize(
    ("moment", "written"),
    [("2027-03-01T08:00", "2027-03-01 08:00"), ("2027-03-01T08:00+07:00", "2027-03-01 08:00 +07:00")],
)
def test_a_moment_is_written_as_the_guide_writes_it(moment, written):
    assert changed(in_front("opens: 2027-01-01\n"), opens=moment) == in_front(f"opens: {written}\n")


@pytest.mark.parametrize(
    "text",
    [
        "---\n? wait\n: 5\n---\n# A\n",
        in_front("{wait: 5, attempts: 2}\n"),
        in_front("wait: &menit 5\ntime_limit: *menit\n"),
        in_front("wait: [\n"),
        "---\nwait: 5\n",
    ],
)
def test_a_front_matter_that_cannot_be_changed_line_by_line_is_told(text):
    with pytest.raises(DocumentError) as told:
        changed(text, wait=7)
    assert told.value.problems[0].line >= 1


# ------------------------------------------------------------------------------------------- of any text


def minutes(low: int) -> st.SearchStrategy[int]:
    return st.integers(low, 1_000)


WORDS = st.sampled_from
MOMENT = st.datetimes(datetime(2027, 1, 1), datetime(2028, 12, 31)).map(
    lambda at: at.isoformat(timespec="minutes")
)
WHEN = st.just("") | MOMENT | MOMENT.map("{}+07:00".format)
ASPECT_LISTS = st.sets(WORDS(ASPECTS)).map(lambda found: " ".join(one for one in ASPECTS if one in found))


def table(aspects: dict[str, str]) -> str:
    return "; ".join(f"{moment}: {aspects[moment]}".rstrip() for moment in MOMENTS if moment in aspects)


TABLES = st.dictionaries(WORDS(MOMENTS), ASPECT_LISTS, min_size=1).map(table)
WANTED = st.builds(
    Rules,
    pass_mark=st.integers(0, 100),
    attempts=st.none() | minutes(1),
    wait=minutes(0),
    time_limit=st.none() | minutes(1),
    late=WORDS(list(RULES["late"].words)),
    grace=minutes(1),
    counts=WORDS(list(RULES["counts"].words)),
    scoring=WORDS(list(RULES["scoring"].words)),
    shuffle=st.booleans(),
    draw=st.none() | minutes(1),
    review=WORDS(REVIEW_WORDS) | TABLES,
    quiz_opens=WORDS(["", *RULES["quiz_opens"].words]),
    opens=WHEN,
    closes=WHEN,
)
RULE_LINES = {
    "pass_mark": ["pass_mark: 80\n", "'pass_mark' :   80 # lulus\n"],
    "attempts": ["attempts: 3\n", "attempts:   # berapa kali\n  3\n"],
    "wait": ["wait: 5\n", '"wait": 5\n', "wait:\n"],
    "counts": ["counts: last\n", "counts: |\n  last\n", "counts: >-\n\n  last\n"],
    "shuffle": ["shuffle: true\n", "shuffle: yes # acak\n"],
    "review": [
        "review: never\n",
        "review: {right_after: [marks],\n  while_open: [answer]} # tabel\n",
        "review:\n  right_after: [marks] # x\n\n  # y\n  while_open:\n  - answer\n  after_closing:\n",
    ],
    "quiz_opens": ["quiz_opens: at_once  # sejak awal\n"],
    "closes": ["closes: 2027-03-31\n", "closes: '2027-03-31 17:00 +08:00'\n"],
}
OTHER_LINES = [
    "title: Modul\n",
    "# wait: 5\n",
    "\n",
    "other:\n  wait: 7\n  review:\n    right_after: [marks]\n",
    "summary: |\n  attempts: 2\n\n  é\u2028  counts: first\n",
    "list:\n- wait: 1\n- closes\n",
    "kept: [a,\n  wait: 2]   # wait: 3\n",
]


@st.composite
def documents(draw) -> tuple[list[tuple[str, str]], str, str]:
    """The entries of a front matter, each with the rule that it says or none; a mark before, and what comes after."""
    rules = draw(st.lists(WORDS(sorted(RULE_LINES)), unique=True))
    entries = [(name, draw(WORDS(RULE_LINES[name]))) for name in rules]
    entries += [("", lines) for lines in draw(st.lists(WORDS(OTHER_LINES), unique=True))]
    end = draw(WORDS(["\n", "\r\n", "\r"]))
    after = draw(st.lists(WORDS(["# A\n", "\n", "teks\n", "---\n", "wait: 5\n"])).map("".join))
    placed = [(name, lines.replace("\n", end)) for name, lines in draw(st.permutations(entries))]
    return placed, draw(WORDS(["", "\ufeff"])) + "---" + end, "---" + end + after.replace("\n", end)


@settings(max_examples=200, deadline=None)
@given(documents(), WANTED, st.sets(WORDS(list(RULES))))
def test_whatever_changes_is_read_back_and_all_else_stays(document, wanted, names):
    entries, before, after = document
    text = before + "".join(lines for _name, lines in entries) + after
    old = rules_of(text)
    rules = replace(old, **{name: getattr(wanted, name) for name in names})
    edited = with_rules(text, rules)
    assert rules_of(edited) == rules
    assert edited.startswith(before)
    assert edited.endswith(after)
    kept = [lines for name, lines in entries if not name or getattr(old, name) == getattr(rules, name)]
    place = len(before)
    for lines in kept:
        place = edited.index(lines, place) + len(lines)
    touched = sum(getattr(old, name) != getattr(rules, name) for name in RULES)
    written = len(split_lines(edited)) - len(split_lines(before + "".join(kept) + after))
    assert written <= 6 * touched  # a table, and what stood around an old one


PIECES = st.sampled_from(
    ["---\n", "wait: 5\n", "wait", ": ", "{", "}", "[", "]", "- ", "  ", "# x\n", "&a ", "*a", "|\n", "'", '"', "? ",
     "review:\n", "  right_after: [marks]\n", "\r\n", "\r", "\n", "\ufeff", "\u2028", "\ud800", "<<: ", "!!int ", "..."]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.text(max_size=4), max_size=20).map("".join), WANTED, st.booleans())
def test_any_text_at_all_gets_the_rules_or_is_refused(text, wanted, has_front_matter):
    text = f"---\n{text}\n---\n" if has_front_matter else text
    try:
        assert rules_of(with_rules(text, wanted)) == wanted
    except DocumentError:
        return  # what it says then is asked above


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="#ab \n\r-", max_size=40), WANTED)
def test_what_is_no_front_matter_is_kept_to_the_byte(text, wanted):
    text = f"# A\n{text}"
    edited = with_rules(text, wanted)
    assert edited.endswith(text)
    assert with_rules(edited, wanted) == edited
