"""Tests that images are measured as they are stored, and that large ones get a smaller copy."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from modules.authoring import apply, image_files, planning, uploads
from modules.document.html.image_markup import ImageSize
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    image_files._sizes.clear()


def picture(width: int, height: int, *, form: str = "PNG", noisy: bool = False, **options) -> bytes:
    image = Pillow.effect_noise((width, height), 90) if noisy else Pillow.new("L", (width, height), 90)
    written = io.BytesIO()
    image.convert("RGB").save(written, form, **options)
    return written.getvalue()


def size_after_restart(name: str) -> ImageSize:
    image_files._sizes.clear()
    return image_files.measure(name)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_stored_image_is_measured(form):
    name = image_files.store(picture(320, 200, form=form))
    assert image_files.measure(name) == size_after_restart(name) == ImageSize(320, 200)


def test_wide_and_heavy_image_has_a_smaller_copy():
    name = image_files.store(picture(1600, 900, noisy=True))
    assert size_after_restart(name) == ImageSize(1600, 900, 800)
    with default_storage.open(name + image_files.COPY) as file, Pillow.open(file) as copy:
        assert (copy.format, copy.size) == ("WEBP", (800, 450))
        assert file.size < default_storage.size(name)


def test_light_or_moving_image_has_no_copy():
    light = image_files.store(picture(1600, 900))
    frames = [Pillow.effect_noise((1300, 300), 90) for _frame in range(2)]
    written = io.BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    moving = image_files.store(written.getvalue())
    for name in (light, moving):
        assert size_after_restart(name).copy_width == 0
        assert not default_storage.exists(name + image_files.COPY)


def test_missing_copy_of_an_image_is_made_when_asked_for(client):
    name = image_files.store(picture(1600, 900, noisy=True))
    default_storage.delete(name + image_files.COPY)
    answer = client.get(f"/media/{name}{image_files.COPY}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "immutable" in answer["Cache-Control"]
    assert default_storage.exists(name + image_files.COPY)


def test_no_other_copy_can_be_asked_for(client):
    light = image_files.store(picture(1600, 900))
    for name in (light, "0" * 32 + ".png"):
        assert client.get(f"/media/{name}{image_files.COPY}").status_code == 404


def test_section_has_the_size_of_its_image_and_survives_its_loss():
    name = image_files.store(picture(640, 480))
    upload = uploads.Upload("a.md", "# M\n\n## S\n\n![x](a.png)\n", "utf-8", {"a.png": name})
    plan = uploads.plan_upload(upload)
    assert 'width="640" height="480"' in plan.document.sections[0].html

    module = apply.apply_plan(plan, by=None, now=NOON, images=upload.images)
    assert 'width="640" height="480"' in module.sections.get().html
    default_storage.delete(name)
    image_files._sizes.clear()
    shown = uploads.parse_with_images(module.text(), module=module).sections[0].html
    assert f'src="/media/{name}"' in shown
    assert planning.plan_document(module, uploads.parse_with_images(module.text(), module=module))


def test_damaged_file_in_the_storage_breaks_no_text():
    name = default_storage.save("0" * 32 + ".png", ContentFile(b"broken"))
    assert image_files.StoredAddress(name).size() is None
