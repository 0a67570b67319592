"""Keeps the images of instructors: decoded, bounded, written anew, and named by their contents.

No file is trusted: a file that Pillow cannot decode is refused, and an image is encoded again, so that only pixels are
stored and served.
"""

import hashlib
import io
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image as Pillow
from PIL import ImageOps

from modules.document.html.image_markup import ImageAddress, ImageSize
from modules.models import Image

FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif"}
LARGEST_FILE = 10 * 1024 * 1024  # bytes
MOST_PIXELS = 25_000_000
MOST_FRAMES = 300
COPY = ".800.webp"  # ends the name of a smaller copy, behind the name of its image
COPY_WIDTH = 800  # pixels
WIDE, HEAVY = 1_200, 60_000  # pixels and bytes from which on an image has a smaller copy
TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}


class ImageError(Exception):
    """Reports a file that is no image we can show. Its text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class CleanImage:
    """Holds an image as it is kept: its name in the storage, such as ``3f2a….png``, and its bytes."""

    name: str
    content: bytes


def store(content: bytes) -> str:
    """Keeps an image and returns its name in the storage. The same image is kept once.

    Raises :class:`ImageError`.
    """
    return keep(clean(content))


def clean(content: bytes) -> CleanImage:
    """Returns an image decoded and written anew. From then on its size is known, so that a plan can show it.

    An image that is in the storage already stays as it is. Nothing is kept yet. Raises :class:`ImageError`.
    """
    for extension in TYPES:
        name = _name(content, extension)
        if default_storage.exists(name):
            return CleanImage(name, content)
    content, extension = _encode_again(content)
    name = _name(content, extension)
    _remember(name, _size_of(io.BytesIO(content), len(content)))
    return CleanImage(name, content)


def keep(image: CleanImage) -> str:
    """Puts an image of :func:`clean` and its smaller copy into the storage, and returns its name."""
    if not default_storage.exists(image.name):
        default_storage.save(image.name, ContentFile(image.content))
        if measure(image.name).copy_width:
            keep_copy(image.name)
    return image.name


def image_urls(images: Iterable[Image]) -> dict[str, ImageAddress]:
    """Returns the address of each image by its path in the document."""
    return urls_of({image.path: str(image.file.name) for image in images})


def urls_of(names: Mapping[str, str]) -> dict[str, ImageAddress]:
    """Returns the address of each image by its path, from its name in the storage."""
    return {path: StoredAddress(name) for path, name in names.items()}


class StoredAddress(ImageAddress):
    """Holds the address of an image in the storage. It is measured only where a page shows it."""

    name: str

    def __new__(cls, name: str) -> "StoredAddress":
        address = super().__new__(cls, default_storage.url(name))
        address.name = name
        return address

    def size(self) -> ImageSize | None:
        try:
            return measure(self.name)
        except (
            OSError,
            SyntaxError,
            ValueError,
        ):  # the file is lost or damaged; its text is shown all the same
            return None

    def copy(self) -> str:
        return f"{self}{COPY}"


def measure(name: str) -> ImageSize:
    """Returns the size of an image that is stored, or that this process has cleaned. Raises what Pillow raises.

    A name stands for one content for ever, so each process measures it once.
    """
    if name not in _sizes:
        with default_storage.open(name) as file:
            _remember(name, _size_of(file, file.size))
    return _sizes[name]


_sizes: dict[str, ImageSize] = {}
MOST_SIZES = 10_000  # images of which a process knows the sizes; then it begins anew


def _remember(name: str, size: ImageSize) -> None:
    if len(_sizes) >= MOST_SIZES:
        _sizes.clear()
    _sizes[name] = size


def _size_of(file: IO[bytes], count: int) -> ImageSize:
    """Returns the size of an image of ``count`` bytes, from its head alone."""
    with Pillow.open(file, formats=list(FORMATS)) as image:
        has_copy = image.width >= WIDE and count >= HEAVY and getattr(image, "n_frames", 1) == 1
        return ImageSize(image.width, image.height, COPY_WIDTH if has_copy else 0)


def keep_copy(name: str) -> None:
    """Puts the smaller copy of a stored image into the storage. Raises ``OSError`` if the image is not there."""
    with default_storage.open(name) as file, Pillow.open(file, formats=list(FORMATS)) as image:
        image.thumbnail((COPY_WIDTH, MOST_PIXELS), Pillow.Resampling.LANCZOS)
        has_alpha = "A" in image.mode or "transparency" in image.info
        written = io.BytesIO()
        image.convert("RGBA" if has_alpha else "RGB").save(written, "WEBP", quality=82)
    if not default_storage.exists(name + COPY):
        default_storage.save(name + COPY, ContentFile(written.getvalue()))


def _name(content: bytes, extension: str) -> str:
    return f"{hashlib.sha256(content).hexdigest()[:32]}.{extension}"


def _encode_again(content: bytes) -> tuple[bytes, str]:
    if len(content) > LARGEST_FILE:
        raise ImageError(_("The picture is larger than 10 MB. Make it smaller and try again."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            return _decode_and_encode(content)
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise ImageError(_("The picture is damaged. Save it again as PNG, JPEG, WebP or GIF.")) from error
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise ImageError(_("The picture has too many pixels. Make it smaller and try again.")) from error


def _decode_and_encode(content: bytes) -> tuple[bytes, str]:
    try:
        image = Pillow.open(io.BytesIO(content), formats=list(FORMATS))
    except Pillow.UnidentifiedImageError as error:
        raise ImageError(_("This is no PNG, JPEG, WebP or GIF picture.")) from error
    form = image.format or ""
    frames = getattr(image, "n_frames", 1)
    if image.width * image.height > MOST_PIXELS or frames > MOST_FRAMES:
        raise ImageError(_("The picture has too many pixels. Make it smaller and try again."))
    written = io.BytesIO()
    if frames > 1 and form in ("GIF", "WEBP"):
        if image.width * image.height * frames > 4 * MOST_PIXELS:
            raise ImageError(_("The picture has too many pixels. Make it smaller and try again."))
        image.save(written, form, save_all=True)
    else:
        image.load()
        _still(image, form).save(written, form)
    return written.getvalue(), FORMATS[form]


def _still(image: Pillow.Image, form: str) -> Pillow.Image:
    """Returns one frame, upright, without the camera's notes about where and when."""
    upright = ImageOps.exif_transpose(image)
    if form == "JPEG" and upright.mode not in ("RGB", "L"):
        upright = upright.convert("RGB")
    bare = Pillow.new(upright.mode, upright.size)
    bare.paste(upright)
    if upright.mode == "P":
        bare.putpalette(upright.getpalette() or [])
    if "transparency" in upright.info:
        bare.info["transparency"] = upright.info["transparency"]
    return bare
