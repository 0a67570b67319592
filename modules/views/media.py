"""Pictures of documents: served as what they are, and as nothing else."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from modules.authoring.image_files import TYPES


@require_safe
def media(request: HttpRequest, name: str) -> FileResponse:
    """A stored picture. Its name is the hash of its content, so that it may be kept for ever."""
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=TYPES[name.rpartition(".")[2]])
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
