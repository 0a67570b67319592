"""Parts of pages that are not written as ordinary templates: what is rendered once, and the path."""

from django.template import engines
from django.utils import translation

from modules.models import Module
from modules.progress import Outline, QuizStop, Stop
from modules.templatetags.path import path


def test_what_is_rendered_once_is_rendered_in_each_language():
    template = engines["django"].from_string(
        "{% load once i18n %}{% once %}{% get_current_language as code %}{{ code }}{% endonce %}"
    )
    said = []
    for language in ("id", "en", "id"):
        with translation.override(language):
            said.append(template.render())
    assert said == ["id", "en", "id"]


def test_what_is_rendered_once_holds_nothing_of_the_person_who_came_first():
    template = engines["django"].from_string("{% load once %}{{ name }}{% once %}, {{ name }}{% endonce %}")
    assert [template.render({"name": name}) for name in ("Sari", "Dewi")] == ["Sari, ", "Dewi, "]


def test_the_path_marks_what_is_read_and_where_one_is_and_shows_titles_as_text():
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
