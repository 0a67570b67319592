"""Measures how time and memory grow with the size of hostile and repeated texts, and how long their previews take.

    .venv/bin/python bench/shapes.py [NAME ...] [--quick] [--sizes SIZE ...] [--previews]

Prints a line for each shape whose figures are notable, and the largest of all; the exit status is 1 where a promise is
not held.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from serving import ROOT

sys.path.insert(0, str(ROOT))

from modules.document import one_page
from modules.document.deadline import Deadline, TooSlow
from modules.document.syntax.parser import parse_document
from tests.document.shapes import SHAPES, write

SIZES = (100_000, 400_000, 1_300_000)  # characters
QUICK_SIZES = (25_000, 100_000)
# Times the growth of the text. A square of it would grow 3.25 times as fast at the last step.
MOST_GROWTH = 1.6
PREVIEW = 2.0  # seconds of one processor that the preview of a text may take
DEADLINE = 1.2  # seconds, as `modules.admin.markdown.SECONDS`
SHORT = 0.15  # times the reference; shorter times are too near to nothing for a ratio
TOGETHER = 8  # shapes in one process
REFERENCE = "section-text"


@dataclass(frozen=True)
class Figures:
    """Holds the seconds of a shape: by size for parsing and showing it, and of a preview of the largest size."""

    name: str
    seconds: list[float]
    preview: float

    def growth(self, sizes: Sequence[int], least: float) -> float:
        """Returns how many times faster than the text the time grew at the last step, or 0 where it is short."""
        before, after = self.seconds[-2:]
        return 0 if after < least else after / max(before, 1e-4) / (sizes[-1] / sizes[-2])


def main() -> int:
    given = arguments()
    sizes = given.sizes or (QUICK_SIZES if given.quick else SIZES)
    names = given.names or list(SHAPES)
    if given.previews:
        return 0 if tell_previews(names, sizes) else 1
    reference = next(measured([REFERENCE], sizes))
    print(
        f"{len(names)} shapes of {', '.join(f'{size:,}' for size in sizes)} characters. Times are multiples of an"
    )
    print("ordinary text of the same size in the same run. Growth is 1 where time grows like the text.\n")
    print(f"  {'':<26}{'time':>8}{'growth':>9}{'preview, s':>12}")
    figures = []
    for found in measured(names, sizes):
        figures.append(found)
        if is_notable(found, reference, sizes):
            print(line(found, reference, sizes), flush=True)
    return 0 if tell(figures, reference, sizes) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="smaller texts")
    parser.add_argument("--sizes", type=int, nargs="+", help="texts of these sizes, in characters")
    parser.add_argument("--previews", action="store_true", help="only the previews of the largest texts")
    parser.add_argument("--measure", type=int, nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these shapes")
    return parser.parse_args()


def tell_previews(names: Sequence[str], sizes: Sequence[int]) -> bool:
    """Prints the slowest previews of the largest texts, and returns whether all are fast enough."""
    found = sorted(measured(names, sizes, "--previews"), key=lambda figures: -figures.preview)
    print(f"{len(found)} previews of {sizes[-1]:,} characters; the slowest, in seconds of a processor:")
    for figures in found[:5]:
        print(f"  {figures.name:<26}{figures.preview:>8.2f}")
    return all(figures.preview <= PREVIEW for figures in found)


def measured(names: Sequence[str], sizes: Sequence[int], *options: str) -> Iterator[Figures]:
    """Yields the figures of each shape, measured in processes of their own."""
    for first in range(0, len(names), TOGETHER):
        some = names[first : first + TOGETHER]
        command = [sys.executable, __file__, *some, *options, "--measure", *map(str, sizes)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for found in process.stdout or ():
                yield Figures(**json.loads(found))
        if process.returncode:
            raise RuntimeError(f"Measuring {', '.join(some)} ended with {process.returncode}.")


def measure(names: Sequence[str], sizes: Sequence[int], *, only_previews: bool) -> None:
    """Prints the figures of each shape as JSON."""
    for name in names:
        texts = [write(name, size) for size in sizes]
        seconds = [] if only_previews else [clocked(text) for text in texts]
        print(
            json.dumps({"name": name, "seconds": seconds, "preview": previewed(texts[-1])}),
            flush=True,
        )


def clocked(text: str) -> float:
    start = time.process_time()
    one_page.show(parse_document(text, answerable=False))
    return time.process_time() - start


def previewed(text: str) -> float:
    """Returns the processor time, which does not depend on other work of the machine."""
    start = time.process_time()
    deadline = Deadline(DEADLINE, clock=time.process_time)
    with suppress(TooSlow):
        one_page.show(parse_document(text, answerable=False, deadline=deadline), deadline=deadline)
    return time.process_time() - start


def is_notable(found: Figures, reference: Figures, sizes: Sequence[int]) -> bool:
    least = SHORT * reference.seconds[-1]
    slow = found.seconds[-1] > 3 * reference.seconds[-1] or found.preview > PREVIEW
    return slow or found.growth(sizes, least) > 1.3


def line(found: Figures, reference: Figures, sizes: Sequence[int]) -> str:
    times = found.seconds[-1] / reference.seconds[-1]
    growth = found.growth(sizes, SHORT * reference.seconds[-1])
    return f"  {found.name:<26}{times:>8.2f}{growth:>9.2f}{found.preview:>12.2f}"


def tell(figures: Sequence[Figures], reference: Figures, sizes: Sequence[int]) -> bool:
    """Prints the largest figures, and returns whether the promises are held."""
    least = SHORT * reference.seconds[-1]
    growth = max(found.growth(sizes, least) for found in figures)
    preview = max(found.preview for found in figures)
    times = max(found.seconds[-1] for found in figures) / reference.seconds[-1]
    print(f"\n  longest time, in times of an ordinary text         {times:>8.2f}")
    print(f"  fastest growth, at most {MOST_GROWTH}                        {growth:>8.2f}")
    print(f"  longest preview, at most {PREVIEW} s                     {preview:>8.2f} s")
    return growth <= MOST_GROWTH and preview <= PREVIEW


if __name__ == "__main__":
    if "--measure" in sys.argv:
        asked = arguments()
        measure(asked.names, asked.measure, only_previews=asked.previews)
    else:
        sys.exit(main())
