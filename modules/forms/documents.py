"""Takes documents: a file or a pasted text, a draft, one part of a module."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from modules.authoring import data_images, uploads
from modules.authoring.problem_lists import sentences
from modules.document.answer_key.join import join_files
from modules.document.convert.other_formats import refuse_other_format
from modules.document.problems import DocumentError
from modules.document.syntax import archive, source
from modules.forms.editor import Editor, TextField, problem_in_words
from modules.models import Module


class LoadForm(forms.Form):
    """Takes a document as a file or as pasted text. Once valid, ``upload`` holds it."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "A Markdown file (.md), or an archive (.zip) of one Markdown file and its pictures. A Word document (.docx) and questions as GIFT, Moodle XML, QTI, CSV or Excel become a draft first."
        ),
        widget=forms.FileInput(attrs={"accept": ".md,.markdown,.txt,.zip,.docx,.gift,.xml,.csv,.tsv,.xlsx"}),
    )
    key = forms.FileField(
        label=_("Key file"),
        required=False,
        help_text=_(
            "Only for a text that comes without its key: the file beside it whose name ends with .kunci.md."
        ),
        widget=forms.FileInput(attrs={"accept": ".md"}),
    )
    text = TextField(label=_("Markdown"), required=False, widget=Editor())

    upload: uploads.Upload

    def clean(self) -> dict[str, Any]:
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "")
        if self.errors:
            return self.cleaned_data
        if file and text.strip():
            raise forms.ValidationError(_("There is a file and there is pasted text. Keep one of them."))
        if file:
            self._open(file)
        elif text.strip():
            self._take(text)
            self._join_pasted()
        else:
            raise forms.ValidationError(_("Choose a file, or paste a document."), code="empty")
        return self.cleaned_data

    @property
    def is_empty(self) -> bool:
        """Checks whether the form was sent with nothing in it."""
        return self.has_error(NON_FIELD_ERRORS, "empty")

    def _open(self, file: Any) -> None:
        if file.size > archive.UNPACKED_LIMIT:
            raise forms.ValidationError(_("The file is larger than 50 MB. Make its pictures smaller."))
        content = file.read()
        self.upload = self._converted(content, file.name, "file") or self._opened(content, file.name)

    def _take(self, text: str) -> None:
        """Takes a pasted text, which may be the content of a file of another program."""
        content = text.encode(errors="replace")
        self.upload = self._converted(content, "", "text") or self._typed(text)

    def _typed(self, text: str) -> uploads.Upload:
        with _named_at("text"):
            refuse_other_format(text)
            return uploads.upload_of(_taken(text))

    def _join_pasted(self) -> None:
        """Joins a pasted text with the key file that was sent."""
        with _named_at("key"):
            self.upload = replace(self.upload, text=join_files(self.upload.text, self._key()))

    def _key(self) -> bytes:
        """Returns the content of the key file, or nothing. One that is too large is refused when it is decoded."""
        file = self.cleaned_data.get("key")
        return bytes(file.read(source.LIMIT + 1)) if file else b""

    def _converted(self, content: bytes, name: str, field: str) -> uploads.Upload | None:
        with _named_at(field):
            return uploads.convert_upload(content, name, language=get_language() or "id")

    def _opened(self, content: bytes, name: str) -> uploads.Upload:
        with _named_at("file"):
            return uploads.open_upload(content, name, self._key())


@contextmanager
def _named_at(field: str) -> Iterator[None]:
    """Shows the problems of a document that cannot be read at a field of the form."""
    try:
        yield
    except DocumentError as error:
        problems = sentences(error.problems, problem_in_words)
        raise forms.ValidationError({field: problems}) from error


def fingerprint_of(text: str) -> str:
    """Returns the fingerprint by which a page recognises the text that it showed."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _taken(text: str) -> data_images.Taken:
    """Takes out the images that a text holds as data. Raises :class:`DocumentError` if it is still too large."""
    taken = data_images.take(text)
    source.check_size(taken.text.encode())
    return taken


class DraftForm(forms.Form):
    """Takes the whole text of a draft, and the fingerprint of the text that was edited.

    Once valid, ``taken`` holds the text, without the images that it held as data.
    """

    taken: data_images.Taken

    base_fingerprint = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, sent: QueryDict | None, *, old: str, pk: int, language: str = "") -> None:
        super().__init__(sent, initial={"text": old, "base_fingerprint": fingerprint_of(old)})
        target = f"draft:{pk}"
        self.fields["text"] = TextField(
            old=old,
            label=_("The document"),
            required=False,
            widget=Editor(which=target, target=target, language=language),
        )

    def clean_text(self) -> str:
        with _named_at("text"):
            self.taken = _taken(self.cleaned_data["text"])
        return self.taken.text


class PartForm(forms.Form):
    """Takes the text of one part of a module, and the revision that it was taken from.

    It begins with ``proposed`` if there is such a text, else with ``old``. Once valid, ``taken`` holds the text,
    without the images that it held as data.
    """

    taken: data_images.Taken

    base_revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, sent: QueryDict | None, *, old: str, which: str, module: Module, proposed: str = ""
    ) -> None:
        super().__init__(sent, initial={"source": proposed or old, "base_revision": module.current_id})
        widget = Editor(which=which, target=f"module:{module.pk}", language=module.language)
        self.fields["source"] = TextField(old=old, label=_("Markdown"), required=False, widget=widget)

    def clean_source(self) -> str:
        with _named_at("source"):
            self.taken = _taken(self.cleaned_data["source"])
        return self.taken.text
