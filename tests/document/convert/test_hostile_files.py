"""Hostile files of other programs are refused with one sentence, or read within bounds, and never get past the page."""

import io
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from modules.document import one_page
from modules.document.convert.from_html import markdown_of_html
from modules.document.convert.gift import read_gift
from modules.document.convert.moodle_xml import read_moodle_xml
from modules.document.convert.qti import read_qti
from modules.document.convert.quiz_draft import quiz_draft
from modules.document.convert.spreadsheets import read_spreadsheet

LARGE = 200_000  # characters; work that grows with their square does not end in time


def zipped(**files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return content.getvalue()


BOMB = (
    "<!DOCTYPE quiz [<!ENTITY a '"
    + "b" * 1_000
    + "'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1 or str()};' * 10}'>" for n in range(1, 9))
    + "]><quiz>&a8;</quiz>"
)
XML = {
    "entities": (BOMB, "unsafe-xml"),
    "outside": ('<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz/>', "unsafe-xml"),
    "outside entity": ('<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', "unsafe-xml"),
    "depth": ("<quiz>" + "<a>" * 100_000, "large-xml"),
    "count": ("<quiz>" + "<a/>" * 300_000 + "</quiz>", "large-xml"),
    "unclosed": ("<quiz><question>", "bad-xml"),
    "encoding": ('<?xml version="1.0" encoding="none"?><quiz/>', "bad-xml"),
    "empty": ("", "bad-xml"),
    "size": ("<quiz>" + " " * 21 * 1024 * 1024 + "</quiz>", "too-large"),
}  # fmt: skip


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name == "count" else name for name in XML]
)
def test_unsafe_xml_is_refused_with_one_sentence(name):
    text, code = XML[name]
    quiz = read_moodle_xml(text.encode())

    assert quiz.questions == ()
    assert [(problem.severity, problem.code) for problem in quiz.problems] == [("error", code)]


@pytest.mark.parametrize("name", ["entities", "outside", "depth"])
def test_unsafe_package_is_refused_with_one_sentence(name):
    package = zipped(quiz_dot_xml=XML[name][0].replace("quiz", "questestinterop"))

    assert [problem.code for problem in read_qti(package).problems] == [XML[name][1]]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"inner_dot_zip": b"PK\3\4"}, "nested-archive"),
        ({"zeros_dot_bin": b"\0" * 60_000_000}, "too-large"),
        ({"..__outside_dot_xml": b"<a/>"}, "unsafe-path"),
        ({"notes_dot_txt": b"a"}, "no-qti"),
    ],
)
def test_unsafe_archive_is_refused(files, code):
    assert [problem.code for problem in read_qti(zipped(**files)).problems] == [code]


@pytest.mark.slow
@pytest.mark.parametrize(
    "html",
    [
        "<a " * (LARGE // 3),
        "<a b='" * (LARGE // 6),
        "<!--" * (LARGE // 4),
        "<script>" * (LARGE // 8),
        "<div>" * (LARGE // 5),
        "<b>" * 1_000 + "<p>" * (LARGE // 3),
        "<ul><li>" * (LARGE // 8),
        "<blockquote>" * 100 + "a<br>" * (LARGE // 5),
        "<table><tr><td colspan=60>" + "<tr><td>" * (LARGE // 8),
        "<table>" * 200 + "<tr><td>" * (LARGE // 8),
        "</p>" * (LARGE // 4),
        "\\(" * (LARGE // 2),
        "$$" * (LARGE // 2) + "$",
        "*_`[" * (LARGE // 4),
        "`" * LARGE,
        "<code>" + "` " * (LARGE // 2),
        "&" * LARGE,
        "- " * (LARGE // 2),
    ],
    ids=lambda html: html[:12],
)
def test_time_grows_in_proportion_to_the_html(html):
    code = (
        "import sys; from modules.document.convert.from_html import markdown_of_html as m; t = sys.stdin.read(); "
        "assert len(m(t)) < 20 * len(t) + 1000"
    )
    subprocess.run([sys.executable, "-c", code], input=html.encode(), check=True, timeout=30)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["{" * LARGE, "::" * (LARGE // 2), "a{=b\n\n" * (LARGE // 7), "{=a~b}" * (LARGE // 6), "\\" * LARGE, "a{" + "=" * LARGE + "}", "a\n\n" * (LARGE // 3), "a{#" + "1" * LARGE + "}"],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_time_grows_in_proportion_to_the_gift(text):
    code = "import sys; from modules.document.convert.gift import read_gift, is_gift as g; t = sys.stdin.read(); g(t); read_gift(t)"
    subprocess.run([sys.executable, "-c", code], input=text.encode(), check=True, timeout=30)


ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>', "<svg onload=alert(1)>",
    '<a href="JaVaScRiPt:alert(1)">x</a>', '<a href="&#106;avascript:alert(1)">x</a>', "<iframe src=javascript:alert(1)></iframe>",
    '<a href="java\nscript:alert(1)">x</a>', '<a href="data:text/html,<script>alert(1)</script>">x</a>', "<math><mi xlink:href='javascript:alert(1)'>",
    "<details open ontoggle=alert(1)>", "<style>@import 'x'</style>", '<abbr title="&quot; onclick=alert(1)">x</abbr>',
    '<img src="x" alt="](javascript:alert(1))">', "&lt;script&gt;alert(1)&lt;/script&gt;", "<p>[x](javascript:alert(1))</p>",
    '<a href="https://x/)[y](javascript:alert(1)">x</a>', "<code>`<script>alert(1)</script>`</code>", "<pre>```\n<script>alert(1)</script></pre>",
    "<mark onclick=alert(1)>x</mark>", '<input autofocus onfocus=alert(1)>', "<<script>script>alert(1)</script>", '<img src="https://x/&quot; onerror=&quot;alert(1)">',
]  # fmt: skip


def shown(html):
    return one_page.render(markdown_of_html(html))


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_in_html_is_words_or_nothing(attack):
    page = shown(f"<p>before</p>{attack}").lower()

    assert "before" in page
    for sign in (
        "<script>alert",
        "<svg",
        "<iframe",
        'href="javascript',
        'href="data',
        " onerror=a",
        "<style>@",
    ):
        assert sign not in page, sign


PIECES = st.lists(
    st.sampled_from([*ATTACKS, "<p>", "</p>", "<ul>", "<li>", "<table>", "<tr>", "<td>", "<b>", "</b>", "<br>", "text ", "$x$", "\\(y\\)", "|", "`", "<pre>", "</pre>", "<h2>", "# ", "[x] ", "&amp;", "<!--", "<", ">"]),
    max_size=30,
).map("".join)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200) | PIECES)
def test_html_never_raises_and_is_never_dangerous(html):
    page = shown(html).lower()

    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def moodle(text):
    body = text.replace("]]>", "")
    return (
        f"<quiz><question type='multichoice'><questiontext format='html'><text><![CDATA[{body}]]></text></questiontext>"
        f"<single>true</single><answer fraction='100'><text><![CDATA[{body}]]></text></answer>"
        f"<answer fraction='0'><text>b</text></answer></question></quiz>"
    )


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_question_with_attacks_stays_one_question(html):
    for quiz in (
        read_moodle_xml(moodle(html).encode()),
        read_gift(f"[html]a {html.replace('=', '').replace('#', '')}{{=a ~b}}"),
    ):
        draft = quiz_draft(quiz)
        assert draft.count <= 1
        assert "<script>alert" not in one_page.render(draft.text).lower()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300) | PIECES.map(str.encode))
def test_readers_of_files_never_raise(content):
    read_qti(content)
    read_qti(b"<questestinterop>" + content)
    read_moodle_xml(content)
    read_moodle_xml(b"<quiz>" + content + b"</quiz>")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_spreadsheet_with_entities_is_refused(part):
    whole, broken = io.BytesIO(), io.BytesIO()
    Workbook().save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, BOMB if name == part else source.read(name))

    assert [problem.code for problem in read_spreadsheet(broken.getvalue()).problems] == ["bad-spreadsheet"]


@pytest.mark.slow
def test_million_rows_are_refused_within_bounds():
    code = (
        "import io, zipfile, resource; from openpyxl import Workbook; from modules.document.convert.spreadsheets import read_spreadsheet as r\n"
        "f = io.BytesIO(); b = Workbook(); b.active.append(['Soal', 'Kunci']); b.save(f); z = zipfile.ZipFile(f)\n"
        "files = {n: z.read(n) for n in z.namelist()}; row = '<row><c t=\"str\"><v>a</v></c></row>'\n"
        "def book(rows):\n"
        "    f = io.BytesIO()\n"
        "    with zipfile.ZipFile(f, 'w', zipfile.ZIP_DEFLATED) as z:\n"
        "        for n, c in files.items():\n"
        "            z.writestr(n, c.replace(b'</sheetData>', rows.encode() + b'</sheetData>') if 'sheet1' in n else c)\n"
        "    return f.getvalue()\n"
        "codes = [r(book(rows)).problems[0].code for rows in (row * 1_000_000, row * 200_000, '<row/>' * 1_000_000)]\n"
        "assert codes == ['too-large', 'many-rows', 'no-questions'], codes\n"
        "assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_000_000\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
