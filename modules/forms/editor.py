"""Holds the Markdown editor, and the fields that several forms use."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from markdownx.fields import MarkdownxFormField
from markdownx.widgets import AdminMarkdownxWidget

from modules.authoring import image_files, starting
from modules.document.compare import line_ends
from modules.document.problems import DocumentError, Problem
from modules.document.syntax import data_images, source
from modules.document.syntax.dates import YEARS
from modules.forms import writing_help


def problem_in_words(problem: Problem) -> str:
    """Returns a problem in the language of the reader, with its line if it has one."""
    text = problem.text(gettext)
    return gettext("Line %(line)d: %(text)s") % {"line": problem.line, "text": text} if problem.line else text


UNUSED = "data-markdownx"
# The texts in which each button makes sense, by the word before the colon in ``which``.
WITH_SECTIONS = frozenset({"document", "draft", "section"})
WITH_QUESTIONS = frozenset({"document", "draft", "quiz", "pool", "question"})


class Editor(AdminMarkdownxWidget):
    """Shows the Markdown editor, with the text and what learners will see of it.

    ``which`` names the text for the preview: ``document``, ``draft:1``, ``section:1``... ``target`` names the owner of
    an inserted image: ``draft:1`` or ``module:1``, or an empty text if there is none yet.
    """

    template_name = "markdownx/widget.html"

    def __init__(self, *, which: str = "document", target: str = "", language: str = "") -> None:
        super().__init__(attrs={"spellcheck": "true", "rows": "18"})
        self.which, self.target, self.language = which, target, language

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        # The library's own script is not used, so its attributes are left out.
        attributes = context["widget"]["attrs"].items()
        context["widget"]["attrs"] = {key: value for key, value in attributes if not key.startswith(UNUSED)}
        addresses = {
            "preview": reverse("markdownx_markdownify"),
            "image": reverse("markdownx_upload"),
            "part": reverse("modules_editor_part"),
        }
        kind, written = self.which.partition(":")[0], get_language() or "id"
        return context | {
            "addresses": addresses,
            "has_sections": kind in WITH_SECTIONS,
            "has_questions": kind in WITH_QUESTIONS,
            "example": starting.example(written) if kind == "draft" else "",
            "patterns": writing_help.patterns(written),
            "guide": starting.guide(written),
            "which": self.which,
            "target": self.target,
            "language": self.language,
            "largest": str(image_files.LARGEST_FILE),
        }

    @property
    def media(self) -> forms.Media:
        # Ours alone: the library's own script takes the Tab key and writes errors into the text.
        return forms.Media(js=[forms.Script("admin-tuntas/editor.js", type="module")])  # type: ignore[list-item]


class Moment(forms.DateTimeInput):
    """Asks for a day and a time in the field of the browser."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class At(forms.DateTimeField):
    """Takes a day and a time that may be left out, in the years that the rules of documents know."""

    widget = Moment

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> datetime | None:
        at: datetime | None = super().clean(value)
        if at and at.year not in YEARS:
            raise forms.ValidationError(_("Choose a day that there is, and a time."))
        return at


class Whole(forms.IntegerField):
    """Takes a whole number that may be left out."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        sentence = format_lazy(
            _("Write a whole number from {low} to {high}, or leave it empty."), low=low, high=high
        )
        messages = dict.fromkeys(("invalid", "min_value", "max_value"), sentence)
        super().__init__(min_value=low, max_value=high, required=False, error_messages=messages, **kwargs)


class TextField(MarkdownxFormField):
    """Takes the text of a document, or of a part of it, as its author wrote it.

    With ``old``, lines that were not touched keep their bytes: their line ends, and a BOM at the beginning.
    """

    def __init__(self, *, old: str = "", **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.old = old

    def prepare_value(self, value: Any) -> Any:
        return value.removeprefix(source.BOM) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        sent: str = super().clean(value)
        bom = source.BOM if self.old.startswith(source.BOM) else ""
        text = line_ends.keep_line_ends(self.old, bom + sent.removeprefix(source.BOM))
        try:
            source.decode(data_images.without_data(text).encode("utf-8"))
        except DocumentError as error:
            raise forms.ValidationError([problem_in_words(problem) for problem in error.problems]) from error
        except UnicodeEncodeError as error:
            raise forms.ValidationError(
                _("The text holds characters that are not text. Paste it again.")
            ) from error
        return text
