"""Lists the problems of a file as they would be shown before it is loaded, without a look at the database."""

from modules.authoring import uploads
from modules.document.convert.recognise import with_warnings
from modules.document.problems import Problem
from modules.document.syntax import parser
from modules.management import files


def problems_of(file: files.File, opened: files.Opened) -> tuple[Problem, ...]:
    """Returns the problems of a file that was opened. Raises :class:`DocumentError` if an image is none."""
    images = {path: image.name for path, image in files.images_of(file, opened).items()}
    document = parser.parse_document(opened.document.text, name=opened.name, images=images)
    document = uploads.with_unused_images(with_warnings(document), images)
    return (*opened.taken.notes, *document.problems)
