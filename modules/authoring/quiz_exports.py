"""Writes the final quiz of a module for other programs, with the images that it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.core.files.storage import default_storage

from modules.authoring.uploads import parse_with_images
from modules.document.convert.export_gift import export_gift
from modules.document.convert.export_moodle_xml import export_moodle_xml
from modules.document.convert.export_qti import export_qti
from modules.document.convert.exported import Exported
from modules.document.problems import Problem
from modules.document.syntax.values import Document
from modules.models import Module

Images = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """Describes a format: its name in addresses, its name, the type of its file, and the function that writes it."""

    key: str
    name: str
    content_type: str
    write: Callable[[Document, Images], Exported]


FORMATS = {
    written.key: written
    for written in (
        Format("gift", "GIFT", "text/plain; charset=utf-8", lambda document, _images: export_gift(document)),
        Format("moodle-xml", "Moodle XML", "application/xml", export_moodle_xml),
        Format("qti", "QTI 1.2", "application/zip", export_qti),
    )
}


def export_quiz(module: Module, form: Format) -> Exported:
    """Returns the quiz of a module as a file. It holds the key."""
    stored = {image.path: image.file.name or "" for image in module.images.all()}
    return form.write(parse_with_images(module.text(), module=module), StoredImages(stored))


def unsaid(module: Module) -> Iterator[tuple[Format, tuple[Problem, ...]]]:
    """Yields each format with what it cannot say of the quiz of a module. Reads no image."""
    document = parse_with_images(module.text(), module=module)
    images = dict.fromkeys(module.images.values_list("path", flat=True), b"")
    for form in FORMATS.values():
        yield form, form.write(document, images).problems


class StoredImages(Mapping[str, bytes]):
    """Reads each image from the storage when it is asked for. ``names`` has names in the storage by paths."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = {path: name for path, name in names.items() if default_storage.exists(name)}

    def __contains__(self, path: object) -> bool:
        return path in self.names

    def __getitem__(self, path: str) -> bytes:
        with default_storage.open(self.names[path]) as file:
            return bytes(file.read())

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)
