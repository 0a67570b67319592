"""Reads what a browser has printed: the pages of a PDF file by Chromium, and their text."""

import re
import zlib
from dataclasses import dataclass
from pathlib import Path

OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
STREAM = re.compile(rb"/Length (\d+).*?stream\r?\n", re.DOTALL)
SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>")
A4 = (595, 842)  # points


@dataclass(frozen=True)
class Printed:
    """A PDF file: the size of each page in whole points, and all letters in their order without blanks."""

    sizes: list[tuple[int, int]]
    letters: str

    def has(self, words: str) -> bool:
        return "".join(words.split()) in self.letters


def read_pdf(file: Path) -> Printed:
    pdf = file.read_bytes()
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    streams = {number: _stream(body) for number, body in objects.items() if b"stream" in body}
    fonts = {
        name: _letters_by_glyph(streams[int(found[1])])
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", pdf)
        if (found := re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)]))
    }
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    contents = [stream for stream in streams.values() if b" Tf" in stream]
    return Printed(
        sizes=[(round(float(width)), round(float(height))) for width, height in boxes],
        letters="".join(_text(stream, fonts) for stream in contents),
    )


def _stream(body: bytes) -> bytes:
    found = STREAM.search(body)
    if found is None:
        return b""
    data = body[found.end() : found.end() + int(found[1])]
    return zlib.decompress(data) if b"/FlateDecode" in body else data


def _letters_by_glyph(cmap: bytes) -> dict[int, str]:
    """Reads which letters a font draws with which numbers."""
    letters = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for glyph, letter in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            letters[int(glyph, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, letter in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for glyph in range(int(first, 16), int(last, 16) + 1):
                letters[glyph] = chr(int(letter, 16) + glyph - int(first, 16))
    return letters


def _text(stream: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    text, letters = [], {}
    for font, glyphs in SHOWN.findall(stream):
        if font:
            letters = fonts.get(font, {})
        else:
            numbers = (int(glyphs[start : start + 4], 16) for start in range(0, len(glyphs), 4))
            text += [letters.get(number, "\N{REPLACEMENT CHARACTER}") for number in numbers]
    return "".join("".join(text).split())
