"""Measures what it costs to write a quiz for other programs and to read it again, beside parsing its document.

    .venv/bin/python bench/converting.py [--quick]

Prints the figures; the exit status is 1 where one of the promises below is not held.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

from modules.document.convert.export_gift import export_gift  # noqa: E402
from modules.document.convert.export_moodle_xml import export_moodle_xml  # noqa: E402
from modules.document.convert.export_qti import export_qti  # noqa: E402
from modules.document.convert.gift import read_gift  # noqa: E402
from modules.document.convert.moodle_xml import read_moodle_xml  # noqa: E402
from modules.document.convert.qti import read_qti  # noqa: E402
from modules.document.syntax.parser import parse_document  # noqa: E402

MOST = 3.0  # times the time of parsing the document, for writing or for reading
SOURCE = ROOT / "modules" / "examples" / "ai-engineer-dan-ml-engineer.md"
FORMATS = {
    "GIFT": (export_gift, lambda content: read_gift(content.decode())),
    "Moodle XML": (lambda document: export_moodle_xml(document, {}), read_moodle_xml),
    "QTI 1.2": (lambda document: export_qti(document, {}), read_qti),
}
Result = TypeVar("Result")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a smaller quiz; a few seconds")
    text = quiz_of(10 if parser.parse_args().quick else 70)
    parsing, document = shortest(lambda: parse_document(text))
    assert document.quiz is not None
    count = len(document.quiz.questions)
    print(f"a quiz of {count} questions; parsing it is 1.00")
    held = []
    for name, (write, read) in FORMATS.items():
        writing, exported = shortest(lambda write=write: write(document))
        reading, quiz = shortest(lambda read=read, exported=exported: read(exported.content))
        print(f"{name}: written in {writing / parsing:.2f}, read in {reading / parsing:.2f}")
        held.append(len(quiz.questions) == count and max(writing, reading) <= MOST * parsing)
    return 0 if all(held) else 1


def quiz_of(times: int) -> str:
    """Returns a document whose quiz has the questions of a module that ships, so many times."""
    text = SOURCE.read_text(encoding="utf-8")
    questions = text[text.index("\n### ", text.index(".quiz}")) :]
    copies = (re.sub(r"\{#([\w-]+)", rf"{{#\1-{number}", questions) for number in range(times))
    return f"# Kuis\n\n## Bagian\n\nTeks.\n\n## Kuis akhir\n{''.join(copies)}"


def shortest(work: Callable[[], Result]) -> tuple[float, Result]:
    """Returns the shortest time of three, and the result."""
    times = []
    for _round in range(3):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


if __name__ == "__main__":
    sys.exit(main())
