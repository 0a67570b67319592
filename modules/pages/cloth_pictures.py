"""Draws the cloth of a module as a PNG, for sites that show a shared link and take no SVG."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from PIL import Image, ImageChops, ImageDraw

from modules.pages.cloths import CLOTHS, Cloth

WIDTH, HEIGHT = 1200, 630  # pixels, as most sites show a picture of a link
SCALE = 1.6  # of the cloth, which a card shows at .75
FINE = 3  # times as large as it is drawn first, so that edges are smooth
COLOURS = 16
CURVE = 12  # lines that make a curve

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")
TURN = re.compile(r"rotate\(([^)]*)\)")


@lru_cache(maxsize=96)  # more than there are cloths
def cloth_picture(name: str, ground_hue: int, drawing_hue: int) -> bytes:
    """Returns the PNG of a cloth."""
    width, height, turn, drawing = CLOTHS[name]
    sheet = _sheet(_tile(drawing, width, height, ground_hue, drawing_hue), turn)
    left, top = (sheet.width - WIDTH) // 2, (sheet.height - HEIGHT) // 2
    file = io.BytesIO()
    sheet.crop((left, top, left + WIDTH, top + HEIGHT)).quantize(COLOURS).save(file, "PNG")
    return file.getvalue()


def picture_of(cloth: Cloth) -> bytes:
    return cloth_picture(cloth.name, cloth.ground_hue, cloth.drawing_hue)


def _sheet(tile: Image.Image, turn: int) -> Image.Image:
    """Lays repeats side by side, and turns them all. The sheet is large enough for the picture."""
    side = math.ceil(math.hypot(WIDTH, HEIGHT))
    sheet = Image.new("RGB", (side, side))
    for x in range(0, side, tile.width):
        for y in range(0, side, tile.height):
            sheet.paste(tile, (x, y))
    return sheet.rotate(-turn, resample=Image.Resampling.BICUBIC) if turn else sheet


def _tile(drawing: str, width: int, height: int, ground_hue: int, drawing_hue: int) -> Image.Image:
    """Draws one repeat of a cloth."""
    ground, colour = oklch(0.35, 0.085, ground_hue), oklch(0.8, 0.11, drawing_hue)
    mixed = tuple(round(0.85 * over + 0.15 * under) for over, under in zip(colour, ground, strict=True))
    size = (round(width * SCALE), round(height * SCALE))
    image = Image.new("RGB", (size[0] * FINE, size[1] * FINE), ground)
    scale = (image.width / width, image.height / height)
    root = fromstring(f"<g>{drawing.format(id='c')}</g>".replace("<use href", "<use to"))
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    for shape in _shapes(root, named, IDENTITY):
        image.paste(mixed, mask=_mask(shape, image.size, scale))
    return image.resize(size, Image.Resampling.LANCZOS)


def _mask(shape: list[list[Point]], size: tuple[int, int], scale: Point) -> Image.Image:
    """Returns where a shape is. A line within another one cuts a hole."""
    mask = Image.new("1", size)
    for line in shape:
        inside = Image.new("1", size)
        ImageDraw.Draw(inside).polygon([(x * scale[0], y * scale[1]) for x, y in line], fill=1)
        mask = ImageChops.logical_xor(mask, inside)
    return mask


def _shapes(
    element: Element, named: dict[str | None, Element], matrix: Matrix
) -> Iterator[list[list[Point]]]:
    """Yields the shapes of an element, each as its closed lines."""
    matrix = _turned(element, matrix)
    match element.tag:
        case "g":
            for child in element:
                yield from _shapes(child, named, matrix)
        case "use":
            yield from _shapes(named[element.get("to", "")[1:]], named, matrix)
        case "circle" | "ellipse":
            yield [[_placed(matrix, point) for point in _ellipse(element)]]
        case "path":
            lines = _lines(element.get("d", ""))
            yield [[_placed(matrix, point) for point in line] for line in lines]


def _ellipse(element: Element) -> list[Point]:
    x, y, radius = (float(element.get(name, "0")) for name in ("cx", "cy", "r"))
    rx, ry = float(element.get("rx", radius)), float(element.get("ry", radius))
    angles = [math.tau * step / 64 for step in range(64)]
    return [(x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles]


def _lines(path: str) -> Iterator[list[Point]]:
    """Yields the closed lines of a path. It knows the commands that the cloths use: M m l h H v V c C z."""
    tokens, command, here = TOKEN.findall(path), "", (0.0, 0.0)
    line: list[Point] = []
    place = 0
    while place < len(tokens):
        if tokens[place].isalpha():
            command, place = tokens[place], place + 1
            if command.upper() == "Z":
                yield line
                here, line = line[0], []
                continue
        count = {"H": 1, "V": 1, "C": 6}.get(command.upper(), 2)
        numbers = [float(token) for token in tokens[place : place + count]]
        place += count
        points = _points(command, numbers, here)
        here = points[-1]
        line += points
        command = {"M": "L", "m": "l"}.get(command, command)
    if line:
        yield line


def _points(command: str, numbers: list[float], here: Point) -> list[Point]:
    """Returns the points to which one command draws."""
    x, y = here if command.islower() else (0.0, 0.0)
    match command.upper():
        case "H":
            return [(x + numbers[0], here[1])]
        case "V":
            return [(here[0], y + numbers[0])]
        case "C":
            first, second, end = [(x + numbers[at], y + numbers[at + 1]) for at in (0, 2, 4)]
            return [_curve(here, first, second, end, step / CURVE) for step in range(1, CURVE + 1)]
    return [(x + numbers[0], y + numbers[1])]


def _curve(start: Point, first: Point, second: Point, end: Point, part: float) -> Point:
    rest = 1 - part
    weights = (rest**3, 3 * rest**2 * part, 3 * rest * part**2, part**3)
    points = (start, first, second, end)
    return (
        sum(weight * point[0] for weight, point in zip(weights, points, strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, points, strict=True)),
    )


def _turned(element: Element, matrix: Matrix) -> Matrix:
    """Returns the matrix of an element that is turned about a point."""
    found = TURN.fullmatch(element.get("transform", ""))
    if not found:
        return matrix
    angle, x, y = map(float, found[1].split())
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    moved = (x - cosine * x + sine * y, y - sine * x - cosine * y)
    return (
        *_placed((*matrix[:4], 0, 0), (cosine, sine)),
        *_placed((*matrix[:4], 0, 0), (-sine, cosine)),
        *_placed(matrix, moved),
    )


def _placed(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def oklch(lightness: float, chroma: float, hue: float) -> tuple[int, int, int]:
    """Returns a colour of the style sheets as red, green and blue."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _channel(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _channel(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _channel(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _channel(linear: float) -> int:
    value = 12.92 * linear if linear <= 0.0031308 else 1.055 * max(linear, 0) ** (1 / 2.4) - 0.055
    return round(255 * min(max(value, 0), 1))
