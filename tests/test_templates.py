"""What is filled in before a page is made, and what is drawn without a template."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.template import TemplateSyntaxError, engines
from django.template.engine import Engine
from django.utils import translation

from config import templates
from modules.models import Module
from modules.reading.outlines import Outline, QuizStop, Stop
from modules.templatetags.path import path


@pytest.fixture
def render(tmp_path: Path):
    """Render a template from a file, as pages are, in a language."""
    loaders = [("config.templates.Loader", [("django.template.loaders.filesystem.Loader", [tmp_path])])]
    engine = Engine(loaders=loaders, libraries=engines["django"].engine.libraries, builtins=[])

    def rendered(language: str, text: str, **context: str) -> str:
        (tmp_path / "page.html").write_text("{% load i18n static %}" + text, encoding="utf-8")
        with translation.override(language):
            return engine.render_to_string("page.html", context)

    return rendered


def test_a_fixed_word_is_said_in_the_language_of_each_page(render):
    text = "{% translate 'Sign in' %}"
    assert [render(language, text) for language in ("id", "en", "id")] == ["Masuk", "Sign in", "Masuk"]


def test_fixed_addresses_are_filled_in_as_django_would(render):
    assert (
        render("id", """{% url 'learning' %} {% static "icons/tuntas.svg" %}""")
        == "/learning/ /static/icons/tuntas.svg"
    )


def test_what_depends_on_the_page_is_left_to_it(render):
    text = "{% url 'module' slug %} {% translate 'Sign in' as said %}{{ said }}"
    assert [render("en", text, slug=slug) for slug in ("a", "b")] == [
        "/modules/a/ Sign in",
        "/modules/b/ Sign in",
    ]


def test_path_marks_read_sections_and_escapes_titles():
    stops = [
        Stop(1, "a", "<b>Satu</b>", 1, True, "/modules/m/a/"),
        Stop(2, "b", "Dua", 1, False, "/modules/m/b/"),
    ]
    quiz = QuizStop("Kuis & akhir", "/quizzes/m/", 3, True, True)
    with translation.override("en"):
        drawn = path(Outline(Module(slug="m"), stops, quiz), here=2)
    assert drawn == (
        '<ol class="path">\n'
        '<li class="done"><a href="/modules/m/a/">&lt;b&gt;Satu&lt;/b&gt;<span class="hidden-text">, read</span></a></li>\n'
        '<li class="here"><a href="/modules/m/b/" aria-current="page">Dua</a></li>\n'
        '<li class="quiz done"><a href="/quizzes/m/">Kuis &amp; akhir<span class="hidden-text">, passed</span></a></li>\n'
        "</ol>"
    )


def test_error_names_the_file_and_the_line(render, tmp_path: Path):
    (tmp_path / "part.html").write_text("<p>\n</p>\n{% no_such_tag %}\n", encoding="utf-8")
    with pytest.raises(TemplateSyntaxError, match=r"part\.html:3: .*no_such_tag"):
        render("en", '<p>\n\n\n{% include "part.html" %}')
    with pytest.raises(TemplateSyntaxError, match=r"page\.html:2: .*other_tag"):
        render("en", "\n{% other_tag %}")


def test_translation_with_template_syntax_is_refused(render, monkeypatch):
    monkeypatch.setitem(templates.VALUES, "translate", lambda _text: "{{ secret }}")
    with pytest.raises(TemplateSyntaxError, match="must not hold template syntax"):
        render("en", "{% translate 'Sign in' %}")


def test_templates_are_read_again_with_debug():
    code = "import django; django.setup(); from django.conf import settings; print(settings.TEMPLATES[0]['OPTIONS']['loaders'])"
    for debug, is_compiled in (("on", False), ("off", True)):
        environment = {**os.environ, "DEBUG": debug}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        assert ("config.templates.Loader" in done.stdout) == is_compiled


TEMPLATES = sorted((Path(__file__).resolve().parent.parent / "templates").rglob("*.html"))
# Tags that begin a line: a line with two of them is hard to read and to compare.
BLOCK_TAG = re.compile(r"<(?:section|article|div|p|h[1-6]|ul|ol|table|thead|tbody|tr|form|fieldset)\b")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_template_has_short_lines_with_one_block_each(template: Path):
    lines = template.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 160] == []
    assert [number for number, line in enumerate(lines, 1) if len(BLOCK_TAG.findall(line)) > 1] == []


# What may hold lines that begin anywhere.
VERBATIM = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|<textarea\b.*?</textarea>", re.S)
CLOSING = re.compile(
    r" *(?:</(?P<html>[a-z0-9]+)|\{% (?:end(?P<end>\w+)|(?P<branch>else|elif|empty|plural))\b)"
)
BRANCHES = {"if": "if|elif|else", "for": "for|empty", "blocktranslate": "blocktranslate|plural"}
BEFORE_BRANCH = {"else": "if|elif|for", "elif": "if|elif", "empty": "for", "plural": "blocktranslate"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_template_closes_each_tag_in_its_own_column(template: Path):
    """djlint keeps such a mistake: if a tag is opened in the middle of a line, all that follows is moved."""
    assert lines_out_of_column(template.read_text(encoding="utf-8")) == []


def test_tag_closed_in_another_column_is_found():
    assert lines_out_of_column("<ul>\n  {% if a %}\n    <li>\n    </li>\n  {% endif %}\n</ul>\n") == []
    assert lines_out_of_column("<p>{% if a %}\n  <b>b</b>\n{% endif %}\n</p>\n") == [3, 4]


def lines_out_of_column(source: str) -> list[int]:
    """Returns the lines that close a tag although the line above in the same column does not open it."""
    lines = VERBATIM.sub(lambda part: re.sub(r"[^\n]", "", part[0]), source).splitlines()
    found = []
    for number, line in enumerate(lines):
        if closing := CLOSING.match(line):
            column = len(line) - len(line.lstrip())
            above = (text for text in reversed(lines[:number]) if text.strip())
            opener = next((text for text in above if len(text) - len(text.lstrip()) <= column), "")
            if not re.match(rf" {{{column}}}{opened_by(closing)}\b", opener):
                found.append(number + 1)
    return found


def opened_by(closing: re.Match[str]) -> str:
    if closing["html"]:
        return f"<{closing['html']}"
    names = (
        BRANCHES.get(closing["end"], closing["end"]) if closing["end"] else BEFORE_BRANCH[closing["branch"]]
    )
    return rf"\{{% (?:{names})"


def test_address_that_a_site_does_not_have_is_left_to_django():
    """Without passkeys, their addresses do not exist, and a page names them behind an ``if``."""
    tag = templates.FIXED.search("{% url 'no_such_address' %}")
    assert tag
    assert templates._fill_in(tag) == tag[0]


@pytest.mark.slow
def test_site_without_passkeys_shows_the_second_step(tmp_path):
    """HOST=0.0.0.0 without HTTPS is a school's network, on which browsers know no passkeys."""
    code = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('collectstatic', interactive=False, verbosity=0)\n"
        "from django.template.loader import get_template\n"
        "from pathlib import Path\n"
        "for path in sorted(Path('templates').rglob('*.html')):\n"
        "    get_template(str(path.relative_to('templates')))\n"
        "page = get_template('mfa/index.html').render({'authenticators': {}, 'MFA_SUPPORTED_TYPES': ['totp']})\n"
        "assert '/totp/activate/' in page and 'webauthn' not in page\n"
    )
    environment = {"SECRET_KEY": "x" * 60, "DATA_DIR": str(tmp_path), "HOST": "0.0.0.0", "HTTPS": "off"}  # noqa: S104
    places = {
        "PYTHONPATH": "platform:.",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PATH": os.environ["PATH"],
    }
    subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parent.parent, env=environment | places, check=True
    )


def test_base_keeps_the_blocks_of_each_page_apart(tmp_path: Path):
    pages = {
        "base": "<{% block a %}base{% endblock %}>",
        "one": "{% extends 'base.html' %}{% block a %}1{% endblock %}",
        "two": "{% extends 'base.html' %}{% block a %}{{ block.super }}2{% endblock %}",
    }
    for name, source in pages.items():
        (tmp_path / f"{name}.html").write_text(source, encoding="utf-8")
    engine = Engine(
        loaders=[("config.templates.Loader", [("django.template.loaders.filesystem.Loader", [tmp_path])])]
    )

    drawn = [engine.render_to_string(f"{name}.html") for name in ("one", "two", "base", "one")]

    assert drawn == ["<1>", "<base2>", "<base>", "<1>"]
