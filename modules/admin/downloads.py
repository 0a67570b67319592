"""Downloads in the admin: a module with its pictures, and all modules, as archives that are streamed from the disk."""

from __future__ import annotations

from collections.abc import Iterable
from tempfile import SpooledTemporaryFile

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from modules.admin import permissions
from modules.authoring import downloads
from modules.document.syntax import archive

IN_MEMORY = 1024 * 1024  # bytes of an archive before it goes to disk


@require_safe
def module(request: HttpRequest, pk: int) -> FileResponse:
    """A module's document with its pictures."""
    copy = downloads.copy_of(permissions.module_for(request, pk))
    return _archive(downloads.files_of(copy), f"{copy.slug}.zip")


@require_safe
def everything(request: HttpRequest) -> FileResponse:
    """Every module, each in a folder of its own."""
    permissions.writers_only(request)
    files = downloads.folders_of(downloads.copies())
    return _archive(files, f"tuntas-{timezone.localdate()}.zip")


def _archive(files: Iterable[tuple[str, bytes]], filename: str) -> FileResponse:
    written = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # the response closes it
    archive.pack(files, written)
    written.seek(0)
    return FileResponse(
        written,
        as_attachment=True,
        filename=filename,
        content_type="application/zip",
        headers={"Cache-Control": "private, no-store"},
    )
