"""HTML becomes Markdown that shows the same page."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.document.convert.from_html import markdown_of_html
from modules.document.convert.portable_html import PortablePage
from modules.document.html import sanitiser
from modules.document.html.site import Notes, Site
from modules.document.html.tokens import parse
from modules.document.html.words import words


def site():
    return Site(10**7, words("id"), secret="same")


def portable(markdown):
    """Returns Markdown as HTML for other programs."""
    return PortablePage(site(), Notes(), lambda source: source, set()).blocks(parse(markdown))


def shown(markdown):
    """Returns Markdown as learners see it, without differences of line ends in paragraphs."""
    return (
        re.sub(r"\s+", " ", sanitiser.blocks(parse(markdown), site(), "", Notes()))
        .strip()
        .replace(" </code>", "</code>")
    )


def sections():
    """Yields the sections of the shipped modules, without their own notation and without footnotes."""
    for path in sorted(Path("modules/examples").glob("*.md")):
        text = path.read_text(encoding="utf-8").split("---\n", 2)[2]
        for number, section in enumerate(re.split(r"\n(?=## )", text)):
            plain = re.sub(r"^(#+ .*?)\{.*\}", r"\1", section, flags=re.MULTILINE)
            plain = re.sub(r"^(\s*)- \[[ x=]\] ", r"\1- ", plain, flags=re.MULTILINE)
            yield pytest.param(re.sub(r"\[\^\w+\]:? ?", "", plain), id=f"{path.stem}-{number}")


@pytest.mark.parametrize("section", sections())
def test_section_of_a_shipped_module_stays_the_same(section):
    assert shown(markdown_of_html(portable(section))) == shown(section)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a</p><p>b<br>c</p>", "a\n\nb\\\nc"),
        ("<div>a<p>b</p>c</div>", "a\n\nb\n\nc"),
        ("a&nbsp;b &lt;c&gt; &amp;lt;", "a\xa0b \\<c> \\&lt;"),
        ("<b>a</b><b>b</b> <i> c </i>d", "**ab** *c* d"),
        ("<ul><li>a<li>b</ul><ul><li>c</ul>", "- a\n- b\n\n* c"),
        ("<ol start=3><li><p>a</p><p>b</p></li><li>c</li></ol>", "3. a\n\n   b\n\n4. c"),
        ("<table><tr><td>a|b<td>c<tr><td>d</table>", "| a\\|b | c |\n| --- | --- |\n| d |  |"),
        ("<table><tr><td colspan=2><p>a</p><p>b</p><tr><td>c<td>d</table>", "| a<br>b |  |\n| --- | --- |\n| c | d |"),
        ("<table><tr><td><p>only</p><ul><li>layout</ul></table>", "only\n\n- layout"),
        ("<pre>\na\n  ```\n</pre>", "````\na\n  ```\n````"),
        ('<pre><code class="language-js x">a</code></pre>', "```js\na\n```"),
        ("<code>a`b</code> <code> </code>", "``a`b``"),
        (r"\(x^2\) and \[y\] and $$z$$, $5", r"$x^2$ and $$y$$ and $$z$$, \$5"),
        ('<img class="equation_image" data-equation-content="\\frac{1}{2}" src="/eq">', r"$\frac{1}{2}$"),
        ('<math><semantics><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></semantics></math>', "$x^2$"),
        ('<a href="https://a.b/c d">e</a> <a href="mailto:a@b.c">a@b.c</a> <a href="/x">f</a>', "[e](<https://a.b/c d>) <a@b.c> f"),
        ('<img src="https://a.b/c.png" alt="[d]">', r"![\[d\]](https://a.b/c.png)"),
        ('<img src="c.png" alt="d">', "d"),
        ("<h1>a</h1><h6>b #</h6>", "# a\n\n###### b \\#"),
        ("H<sub>2</sub>O <kbd>x</kbd> <u>y</u> <span>z</span>", "H<sub>2</sub>O <kbd>x</kbd> y z"),
        ("1. a<br>- b<br># c<br>+ d", "1\\. a\\\n\\- b\\\n\\# c\\\n\\+ d"),
        ("<script>a</script><style>b</style><!-- c -->d", "d"),
        ("a < b << c", "a < b << c"),
        ('<blockquote class="alert alert-tip"><p class="alert-title">T</p><p>a</p></blockquote>', "> [!TIP]\n> a"),
    ],
)  # fmt: skip
def test_html_of_other_programs_becomes_markdown(html, markdown):
    assert markdown_of_html(html) == markdown


INLINE = st.lists(
    st.sampled_from(
        ["kata", "*miring*", "**tebal**", "~~coret~~", "`kode`", "`` a`b ``", "[tautan](https://a.b/c_d)", "![alt](a%20b.png)", "$x_1^2$", r"\*", r"\[x\]", "5 * 3", "a_b_c", "<kbd>K</kbd>", "H<sub>2</sub>O", "&lt;b&gt;", "1. x", "- x", "# x", "+ x", "|", "{x}", "$5", "=", "https://a.b/c", "“kutip”", "\\\n", "\n"]
    ),
    min_size=1,
    max_size=8,
).map(lambda pieces: " ".join(["awal", *pieces, "akhir"]))  # fmt: skip
BLOCK = st.one_of(
    INLINE,
    INLINE.map(lambda text: "- " + text.replace("\n", "\n  ")),
    INLINE.map(lambda text: "1. a\n2. " + text.replace("\n", "\n   ")),
    INLINE.map(lambda text: "> " + text.replace("\n", "\n> ")),
    INLINE.map(lambda text: "#### " + text.replace("\\\n", "").replace("\n", " ")),
    st.sampled_from(
        ["```py\na = 1\n\n# b\n```", "    kode", "---", "| a | b |\n| - | -: |\n| `x` | **y** |", "$$\nx\n$$", "> [!NOTE]\n> a", "- a\n\n  b\n- c\n  - d"]
    ),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(BLOCK, max_size=5).map("\n\n".join))
def test_any_text_stays_the_same(text):
    expected = shown(text).replace(
        "<p><br> ", "<p>"
    )  # a paragraph that begins with a break, as Word writes many
    assert shown(markdown_of_html(portable(text), image=str)) == expected
