"""Reads the text that is in the editor as a document, before a deadline."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from modules.admin import permissions
from modules.authoring import parts, uploads
from modules.authoring.problem_lists import ProblemList, problem_list
from modules.document.deadline import Deadline
from modules.document.problems import DocumentError, Problem
from modules.document.syntax import data_images, limits, source
from modules.document.syntax.values import Document
from modules.models import Draft, Module


@dataclass(frozen=True, slots=True)
class EditedText:
    """Holds the document that a text of the editor makes, and which ``lines`` of the document the text is.

    ``kind`` is that of the part which the text is, or empty for a whole document.
    """

    document: Document
    lines: range
    kind: str = ""

    def problem_list(self, severity: str) -> ProblemList:
        """Returns its problems by their lines in the text. Errors that it makes elsewhere come first."""
        problems = [problem for problem in self.document.problems if problem.severity == severity]
        inside = [found for problem in problems if (found := self._inside(problem))]
        outside = [problem for problem in problems if not self._inside(problem)]
        return problem_list(inside, *map(elsewhere, outside if severity == "error" else ()))

    def _inside(self, problem: Problem) -> Problem | None:
        """Returns a problem with its line in the text, or nothing. A whole document has problems without a line."""
        return problem.within(self.lines) if self.kind else problem


def elsewhere(problem: Problem) -> str:
    """Says a problem of a document outside of the part that is edited."""
    if not problem.line:
        return problem.text(_)
    words = {"line": problem.line, "text": problem.text(_)}
    return _("Elsewhere in the document, line %(line)d: %(text)s") % words


def is_too_long(text: str) -> bool:
    return len(data_images.without_data(text).encode("utf-8", "replace")) > source.LIMIT


def content(request: HttpRequest) -> str:
    """Returns the text that was sent, with the line ends and without the signs that no document has."""
    return request.POST.get("content", "").replace("\r\n", "\n").replace("\0", "\ufffd")


def read(request: HttpRequest, deadline: Deadline) -> EditedText:
    """Parses the text that was sent, as the part of a document that ``which`` names.

    Raises :class:`DocumentError` if the text goes beyond a limit, and what ``deadline`` raises.
    """
    text = content(request)
    kind, _colon, key = request.POST.get("which", "").partition(":")
    pair = permissions.part_for(request, kind, key)
    if pair:
        return _part(*pair, text, deadline)
    drafts = Draft.objects.open_to(request.user).filter(pk=permissions.number(key))
    draft = drafts.first() if kind == "draft" else None
    document = _parsed(text, deadline, module=draft.module if draft else None, draft=draft)
    return EditedText(document, range(1, len(source.split_lines(text)) + 1))


def _part(module: Module, part: parts.Part, text: str, deadline: Deadline) -> EditedText:
    """Reads a part in its place, so that definitions in other parts of the document work in it."""
    text = part.closed(text)
    document = _parsed(part.replaced_by(text), deadline, module=module)
    lines = range(part.line, part.line + len(source.split_lines(text)))
    return EditedText(document, lines, part.kind)


def _parsed(
    text: str, deadline: Deadline, *, module: Module | None = None, draft: Draft | None = None
) -> Document:
    document = uploads.parse_with_images(
        text, module=module, draft=draft, answerable=False, deadline=deadline
    )
    if refused := limits.broken(document.errors):
        raise DocumentError(refused)
    return document
