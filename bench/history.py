"""Plays the histories of Markdown files in a git repository: each version is loaded over the one before.

    .venv/bin/python bench/history.py [--seed SEED] [--versions N] REPOSITORY PATH...

Prints the figures. The exit status is 1 if a promise is not held. ``bench/loading.py --history REPOSITORY PATH...``
does the same.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pages import promise, surroundings
from serving import ROOT

MOST_SILLY = 0.01  # share of the questions that may be silly; lowered, the promise is harder to keep
SHOWN = 12  # failures whose texts are written to files
COLUMNS = {
    "loads": "loads",
    "refused": "refused",
    "readings": "readings",
    "responses": "answers",
    "parts": "parts",
    "asked": "asked",
    "silly": "silly",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("repository", metavar="REPOSITORY", help="a folder with a git repository")
    parser.add_argument(
        "paths", metavar="PATH", nargs="+", help="a Markdown file in it, or a folder of such files"
    )
    parser.add_argument("--seed", default="tuntas", help="other learners; the same seed gives the same ones")
    parser.add_argument("--versions", type=int, help="only the first so many versions of each file")
    options = parser.parse_args()
    return play(options.repository, options.paths, options.seed, options.versions)


def play(repository: str, paths: Sequence[str], seed: str, most: int | None = None) -> int:
    """Plays the histories of some files, prints the figures, and returns the exit status."""
    with tempfile.TemporaryDirectory(prefix="tuntas-history-") as folder:
        folders = [write_versions(repository, path, Path(folder), most) for path in files(repository, paths)]
        results = []
        print(heading(), flush=True)
        for result in outcomes(seed, folders):
            results.append(result)
            print(
                line(result["name"], Counter(result["figures"]), result["most"], len(result["failures"])),
                flush=True,
            )
    return tell(results)


# --------------------------------------------------------------------------------------------------------- git


def git(repository: str, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", repository, *arguments], stdout=subprocess.PIPE, check=True).stdout


def files(repository: str, paths: Iterable[str]) -> list[str]:
    """Returns the Markdown files that these paths are, or that are in these folders now."""
    names = git(repository, "ls-tree", "-r", "-z", "--name-only", "HEAD", "--", *paths).decode().split("\0")
    found = [name for name in names if name.lower().endswith((".md", ".markdown"))]
    if not found:
        raise SystemExit("There is no Markdown file at these paths.")
    return found


def versions(repository: str, path: str) -> Iterator[bytes]:
    """Yields the texts of a file, the oldest first, also those that it had under other names."""
    log = git(
        repository, "log", "--follow", "--diff-filter=AMR", "--name-only", "-z", "--format=%x01%H", "--", path
    )
    for entry in reversed(log.decode(errors="surrogateescape").split("\x01")[1:]):
        commit, *names = (field.strip("\n") for field in entry.split("\0") if field.strip("\n"))
        for name in names[:1]:
            shown = subprocess.run(
                ["git", "-C", repository, "cat-file", "blob", f"{commit}:{name}"],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=False,
            )
            if not shown.returncode:  # a copy of a repository may lack its largest files
                yield shown.stdout


def write_versions(repository: str, path: str, folder: Path, most: int | None) -> Path:
    """Writes the versions of a file into a folder that is named after it, and returns that folder."""
    target = folder / path.removesuffix(".md").replace("/", "_")
    target.mkdir()
    for number, content in enumerate(list(versions(repository, path))[:most]):
        (target / f"{number:05}.md").write_bytes(content)
    return target


def outcomes(seed: str, folders: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Yields the outcome of each file as it arrives, from a process with a new database."""
    with tempfile.TemporaryDirectory(prefix="tuntas-bench-") as data:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.simulation.history", seed, *map(str, folders)],
            cwd=ROOT,
            env=surroundings(data),
            stdout=subprocess.PIPE,
            text=True,
        )
        for written in process.stdout or ():
            yield json.loads(written)
        if process.wait():
            raise RuntimeError(f"Playing ended with {process.returncode}.")


# ------------------------------------------------------------------------------------------------------- report


def heading() -> str:
    return f"  {'file':<44}" + "".join(f"{name:>10}" for name in (*COLUMNS.values(), "at once", "failures"))


def line(name: str, figures: Counter[str], most: int, failures: int) -> str:
    counts = "".join(f"{figures[key]:>10,}" for key in COLUMNS)
    return f"  {name[-44:]:<44}{counts}{most:>10}{failures:>10}"


def tell(results: Sequence[dict[str, Any]]) -> int:
    """Prints the sums and the promises, and returns the exit status."""
    figures: Counter[str] = Counter()
    for result in results:
        figures.update(result["figures"])
    failures = sum(len(result["failures"]) for result in results)
    print(line(f"{len(results)} files", figures, max(result["most"] for result in results), failures))
    print("\n  " + "; ".join(f"{count:,} {name}" for name, count in sorted(figures.items())) + "\n")
    write_findings(results)
    share = figures["silly"] / max(1, figures["asked"])
    promises = [
        ("exceptions, wrong plans, lost or changed work", str(failures), not failures),
        ("questions that are silly", f"{share:.2%}", share <= MOST_SILLY),
    ]
    for name, figure, is_held in promises:
        print(f"  {name:<52}{figure:>8}  {promise(is_held)}")
    return 0 if all(is_held for _name, _figure, is_held in promises) else 1


def write_findings(results: Sequence[dict[str, Any]]) -> None:
    """Prints the failures, and writes the texts of the first ones and all questions into a folder."""
    failures = [(result["name"], failure) for result in results for failure in result["failures"]]
    questions = [f"{result['name']}: {question}" for result in results for question in result["questions"]]
    if not failures and not questions:
        return
    folder = Path(tempfile.mkdtemp(prefix="tuntas-findings-"))
    (folder / "questions.txt").write_text("\n".join(questions), encoding="utf-8")
    for number, (name, failure) in enumerate(failures[:SHOWN], start=1):
        print(f"  {number}. {name}: {failure['sentence']}")
        for side in ("old", "new"):
            (folder / f"{number}-{side}.md").write_bytes(failure[side].encode())
    print(f"  {len(failures)} failures; their texts and all questions are in {folder}\n")


if __name__ == "__main__":
    sys.exit(main())
