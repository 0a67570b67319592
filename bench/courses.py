"""Counts the warnings that `manage.py load --check` gives for folders of documents, such as other people's courses.

    .venv/bin/python bench/courses.py FOLDER…

Prints a line for each folder, and with --kinds the sentences of its warnings. The exit status is 1 where one of the
promises below is not held.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST = 3  # warnings of a file, in the median of all files
PROBLEM = re.compile(
    r"(?P<file>.+?\.(?:md|markdown))(?::\d+)?: (?P<severity>error|warning): (?P<text>.*)", re.IGNORECASE
)
WORDS = re.compile(r"“[^”]*”|\d+|<[^>]*>")  # what a sentence takes from the document


@dataclass(slots=True)
class Figures:
    """Holds what was said about one folder: the sentences of each file, and whether the command ended as it should."""

    folder: str
    crashed: bool
    warnings: dict[str, list[str]] = field(default_factory=dict)

    @property
    def counts(self) -> list[int]:
        return [len(warnings) for warnings in self.warnings.values()]

    @property
    def repeated(self) -> int:
        """Returns how many files have the same sentence twice."""
        return sum(len(warnings) > len(set(warnings)) for warnings in self.warnings.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", metavar="FOLDER", nargs="+")
    parser.add_argument("--kinds", action="store_true", help="the sentences, and how many files have each")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        run(data, "-m", "config.secret")
        run(data, str(ROOT / "manage.py"), "prepare", "--examples")
        figures = [figures_of(folder, data) for folder in options.folders]
    for each in figures:
        print(line_of(each))
        if options.kinds:
            for sentence, count in kinds(each).most_common(25):
                print(f"    {count:5} {sentence[:150]}")
    counts = [count for each in figures for count in each.counts]
    median = statistics.median(counts) if counts else 0
    crashes, repeated = sum(each.crashed for each in figures), sum(each.repeated for each in figures)
    print(
        f"all: {len(counts)} files, median {median:g}, mean {statistics.fmean(counts or [0]):.1f}, {crashes} crashes, {repeated} with a sentence twice"
    )
    return 0 if median <= MOST and not crashes and not repeated else 1


def run(data: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs Python on a database of its own, in English."""
    environment = os.environ | {"DATA_DIR": data, "LANGUAGE": "en", "PYTHONPATH": str(ROOT / "platform")}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def figures_of(folder: str, data: str) -> Figures:
    """Lets the commands read a folder. Of two files with one address, `load` names the address alone."""
    loaded, checked = (
        run(data, str(ROOT / "manage.py"), *command, folder)
        for command in (("load", "--check"), ("check_document",))
    )
    crashed = any(done.returncode not in (0, 1) or "Traceback" in done.stderr for done in (loaded, checked))
    figures = Figures(Path(folder).name, crashed, {path: [] for path in documents(folder)})
    for line in checked.stderr.splitlines():
        match = PROBLEM.match(line)
        if match and match["severity"].lower() == "warning":
            figures.warnings.setdefault(match["file"], []).append(match["text"])
    return figures


def documents(folder: str) -> list[str]:
    """Returns the files that the command loads: those that describe a folder are none."""
    others = {"readme.md", "changelog.md", "license.md", "contributing.md"}
    paths = (path for path in Path(folder).rglob("*.m*") if path.suffix.lower() in (".md", ".markdown"))
    return [
        str(path)
        for path in paths
        if path.name.lower() not in others
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def kinds(figures: Figures) -> Counter[str]:
    """Counts the files that have each sentence, whatever words of the document it names."""
    return Counter(
        sentence
        for warnings in figures.warnings.values()
        for sentence in {WORDS.sub("…", text) for text in warnings}
    )


def line_of(figures: Figures) -> str:
    counts = figures.counts or [0]
    return (
        f"{figures.folder}: {len(figures.counts)} files, warnings: median {statistics.median(counts):g}, mean {statistics.fmean(counts):.1f}, "
        f"most {max(counts)}; {figures.repeated} files with a sentence twice{'; CRASHED' if figures.crashed else ''}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
