"""No attack of the public lists is active after any converter: each result is parsed and rendered for learners."""

import io
from html import escape
from pathlib import Path
from xml.sax.saxutils import escape as xml

import pytest
from openpyxl import Workbook

from modules.document import one_page
from modules.document.answer_key.join import join
from modules.document.answer_key.separate import separate
from modules.document.convert.document import convert
from modules.document.convert.docx import read_docx
from modules.document.convert.from_html import markdown_of_html
from modules.document.convert.gift import read_gift
from modules.document.convert.moodle_xml import read_moodle_xml
from modules.document.convert.qti import read_qti
from modules.document.convert.quiz_draft import quiz_draft
from modules.document.convert.spreadsheets import read_spreadsheet
from modules.document.convert.tables import read_csv
from modules.document.problems import DocumentError
from modules.document.syntax.parser import parse_document
from tests.document.active import active_content
from tests.document.convert.word import docx, paragraph, run

ATTACKS = (Path(__file__).parents[1] / "attacks.txt").read_text(encoding="utf-8").splitlines()
# Each notation with the attack in its question, its choices, its feedback and its explanation.
NOTATIONS = {
    "letters": "# T\n\n1. Apa {0}?\n\nA. {0}\nB. {0} b\n\nJawaban: B\n\nPembahasan: {0}\n",
    "ticks": "# T\n\n1. Apa {0}?\n\n- {0}\n- {0} b ✅\n",
    "aiken": "Apa {0}?\nA. {0}\nB. {0} b\nANSWER: B\n",
    "gift in text": "# T\n\nTeks.\n\n::Q {0}:: Apa {0}? {{=a {0}#{0} ~b}}\n",
    "tasks": "# T\n\n**1. Apa {0}?**\n\n- [ ] {0}\n- [x] {0} b\n\n> {0}\n",
    "mkdocs": "# T\n\n<quiz>\nApa {0}?\n- [ ] {0}\n- [x] {0} b\n\n{0}\n</quiz>\n",
    "liascript": "# T\n\nApa {0}?\n\n[( )] {0}\n[(X)] {0} b\n***\n{0}\n***\n",
    "headings": "# --question--\n\n## --text--\n\nApa {0}?\n\n## --answers--\n\n{0}\n\n---\n\n{0} b\n\n## --video-solution--\n\n2\n",
    "fence": "```markdown\n# T {0}\n\n## Kuis\n\n### Apa {0}?\n\n- [ ] {0}\n- [x] {0} b\n```\n",
}


def in_gift(form, attack):
    written = "".join(f"\\{sign}" if sign in "\\:#={}~" else sign for sign in attack)
    return quiz_draft(
        read_gift(f"::{written}::[{form}]Apa {written}? {{={written}#{written} ~b#x####{written}}}")
    ).text


def in_moodle(form, attack):
    text = f'format="{form}"><text>{xml(attack)}</text>'
    return quiz_draft(
        read_moodle_xml(
            f'<quiz><question type="multichoice"><name><text>{xml(attack)}</text></name><questiontext {text}</questiontext>'
            f"<generalfeedback {text}</generalfeedback><single>true</single><idnumber>{xml(attack)}</idnumber>"
            f'<answer fraction="100" {text}<feedback {text}</feedback></answer><answer fraction="0" format="html"><text>b</text></answer>'
            f"</question></quiz>".encode()
        )
    ).text


def in_qti(kind, attack):
    material = f'<material><mattext texttype="{kind}">{xml(attack)}</mattext></material>'
    return quiz_draft(
        read_qti(
            f'<questestinterop><assessment title="{escape(attack)}"><section><item ident="a" title="{escape(attack)}"><presentation>{material}'
            f'<response_lid ident="r" rcardinality="Single"><render_choice><response_label ident="1">{material}</response_label>'
            f'<response_label ident="2">{material}</response_label></render_choice></response_lid></presentation><resprocessing><respcondition>'
            f'<conditionvar><varequal respident="r">1</varequal></conditionvar><setvar>100</setvar></respcondition></resprocessing>'
            f'<itemfeedback ident="general_fb"><flow_mat>{material}</flow_mat></itemfeedback></item></section></assessment></questestinterop>'.encode()
        )
    ).text


def in_csv(attack):
    cell = '"' + attack.replace('"', '""') + '"'
    return quiz_draft(read_csv(f"Soal,A,B,Kunci,Pembahasan\n{cell},{cell},b,A,{cell}\n".encode())).text


def in_spreadsheet(attack):
    book, file = Workbook(), io.BytesIO()
    for row in (
        ["Soal", "A", "B", "Kunci", "Pembahasan"],
        [f"a{attack}", f"a{attack}", "b", "A", f"a{attack}"],
    ):
        book.active.append(row)
    book.save(file)
    return quiz_draft(read_spreadsheet(file.getvalue())).text


def in_word(attack):
    return read_docx(
        docx(paragraph(run(xml(attack))), paragraph(run(xml(attack)), style="Heading1"))
    ).draft.text


def in_two_files(attack):
    text = f"# T\n\n## A\n\n{attack}\n\n## Kuis\n\n### Apa {attack}?\n\n- [ ] {attack}\n  > {attack}\n- [x] {attack} b\n\n> {attack}\n"
    try:
        separated = separate(text)
    except DocumentError:
        return text
    assert not separated.key or join(separated.public, separated.key) == text
    return separated.public


READERS = {
    **{name: lambda attack, text=text: convert(text.format(attack)).text for name, text in NOTATIONS.items()},
    **{f"gift {form}": lambda attack, form=form: in_gift(form, attack) for form in ("html", "markdown", "plain", "moodle")},
    **{
        f"moodle {form}": lambda attack, form=form: in_moodle(form, attack)
        for form in ("html", "markdown", "plain_text", "moodle_auto_format")
    },
    **{f"qti {kind}": lambda attack, kind=kind: in_qti(kind, attack) for kind in ("text/html", "text/plain")},
    "html": markdown_of_html,
    "csv": in_csv,
    "spreadsheet": in_spreadsheet,
    "word": in_word,
    "two files": in_two_files,
}  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_no_attack_is_active_after_a_converter(reader):
    for attack in ATTACKS:
        read = parse_document(READERS[reader](attack), answerable=False)
        asked = [*(read.quiz.questions if read.quiz else ()), *(c for s in read.sections for c in s.checks)]
        hidden = [q.explanation + "".join(choice.feedback for choice in q.choices) for q in asked]
        for html in (one_page.show(read), *hidden):
            assert active_content(html) == [], (attack, html)


def test_active_content_is_found():
    found = [attack for attack in ATTACKS if active_content(attack)]

    assert len(found) > 50
    assert active_content('<a href="https://x">x</a><input type="radio" name="a">') == []
