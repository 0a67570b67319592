"""Serves the images of documents with their own type, so that no browser takes them for anything else."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from modules.authoring.image_files import TYPES


@require_safe
def media(request: HttpRequest, name: str) -> FileResponse:
    """Returns a stored image. Its name is the hash of its content, so that a browser may keep it for ever."""
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=TYPES[name.rpartition(".")[2]])
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
