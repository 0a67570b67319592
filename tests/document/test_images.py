"""Tests which image of a document a path means."""

import pytest

from modules.document.html.images import ImageIndex, find_image, storable_path
from modules.document.syntax.parser import parse_document

PATHS = ["images/rantai.png", "foto kelas.jpg", "lama/rem.png", "baru/rem.png", "Café.png", "foto%20lama.jpg"]


def found(source, paths=PATHS):
    return find_image(source, {path: path for path in paths}, ImageIndex(paths))


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("images/rantai.png", "images/rantai.png"),
        ("Images/RANTAI.PNG", "images/rantai.png"),
        ("../gambar/rantai.png", "images/rantai.png"),
        ("/images/rantai.png?raw=true#kiri", "images/rantai.png"),
        ("C:%5CUsers%5Cani%5Crantai.png", "images/rantai.png"),
        ("file:///home/ani/rantai.png", "images/rantai.png"),
        ("foto%20kelas.jpg", "foto kelas.jpg"),
        ("foto%20lama.jpg", "foto%20lama.jpg"),  # an export whose files are named like addresses
        ("baru%5Crem.png", "baru/rem.png"),
        ("x/baru/rem.png", "baru/rem.png"),
        ("Cafe%CC%81.png", "Café.png"),  # as macOS writes its é
    ],
)
def test_only_image_that_can_be_meant_is_found(source, path):
    assert found(source) == [path]


def test_several_images_of_one_name_are_a_question():
    assert sorted(found("rem.png")) == ["baru/rem.png", "lama/rem.png"]
    assert found("rantia.png") == []


def test_copies_of_one_image_are_no_question():
    images = {"a/rem.png": "/media/1.png", "b/rem.png": "/media/1.png"}
    assert find_image("rem.png", images, ImageIndex(images)) == ["a/rem.png"]


def test_same_path_in_other_case_goes_before_other_folders():
    assert found("Rem.png", ["rem.png", "lama/rem.png"]) == ["rem.png"]


def test_image_with_blanks_is_an_image_only_with_its_ending():
    html = parse_document("# A\n\n## B\n\n![a](dua kata) ![b](foto (1).jpg)\n").sections[0].html
    assert html == '<p>![a](dua kata) <span class="missing-image">b</span></p>\n'


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("../img/a.png", "../img/a.png"),
        ("/img//a.png", "img/a.png"),
        ("C:%5Cimg%5Ca.png", "img/a.png"),
        ("foto%20kelas.jpg?raw=1", "foto kelas.jpg"),
        ("diagram.svg", ""),
        ("gambar", ""),
        ("a%22b.png", ""),
        ("a%0Ab.png", ""),
    ],
)
def test_missing_image_is_stored_at_a_path_that_an_archive_can_have(source, path):
    assert storable_path(source) == path
