"""Serves the images of documents with their own type, so that no browser takes them for anything else."""

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from modules.authoring import image_files


@require_safe
def media(request: HttpRequest, name: str) -> FileResponse:
    """Returns a stored image. Its name is the hash of its content, so that a browser may keep it for ever."""
    try:
        file = _open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=image_files.TYPES[name.rpartition(".")[2]])
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _open(name: str) -> File:
    """Opens an image. The smaller copy of one that an earlier release stored is made when it is first asked for."""
    image = name.removesuffix(image_files.COPY)
    if image != name and not default_storage.exists(name):
        if not image_files.measure(image).copy_width:
            raise FileNotFoundError(name)
        image_files.keep_copy(image)
    return default_storage.open(name)
