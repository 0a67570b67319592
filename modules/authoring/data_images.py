"""Makes files of the images that a text holds as data. The text is changed, and its author is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from modules.authoring import image_files
from modules.document.problems import Problem
from modules.document.syntax import archive, data_images, source


@dataclass(frozen=True, slots=True)
class Taken:
    """Holds a text that names its images by paths, and those images, of which none is kept yet."""

    text: str
    images: Mapping[str, image_files.CleanImage] = field(default_factory=dict)
    count: int = 0

    @property
    def notes(self) -> tuple[Problem, ...]:
        """Returns what the author has to know about the changed text."""
        return (data_images.told(self.count),) if self.count else ()

    def keep(self) -> dict[str, str]:
        """Keeps the images, and returns their names in the storage by their paths."""
        return {path: image_files.keep(image) for path, image in self.images.items()}


def take(text: str) -> Taken:
    """Takes the images out of a text. One that cannot be decoded stays in the text, where the parser names it."""
    images: dict[str, image_files.CleanImage] = {}

    def is_image(image: data_images.DataImage) -> bool:
        if image.path not in images:
            try:
                images[image.path] = image_files.clean(image.content)
            except image_files.ImageError:
                return False
        return True

    changed, taken = data_images.take_out(text, is_image)
    return Taken(changed, images, len(taken))


def take_from_file(content: bytes, *, limit: int = source.LIMIT) -> tuple[Taken, str]:
    """Decodes a file and takes its images out. Returns the encoding, too.

    The limit of a document counts its text without these images. Raises :class:`DocumentError` as ``source.decode``.
    """
    if not data_images.may_have_data(content):
        text, encoding = source.decode(content, limit=limit)
        return Taken(text), encoding
    text, encoding = source.decode(content, limit=max(limit, archive.UNPACKED_LIMIT))
    taken = take(text)
    source.check_size(source.encode(taken.text, encoding), limit=limit)
    return taken, encoding
