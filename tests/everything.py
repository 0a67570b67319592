"""Runs the checks of the project and says how long each took: ``python tests/everything.py COMMAND``.

The commands are those of the Makefile: ``check``, ``test-fast``, ``test`` and ``test-all``.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# The commands that run a step.
FAST = frozenset({"test-fast"})
WHOLE = frozenset({"test", "test-all"})
CHECK = WHOLE | {"check"}
COMMANDS = ("check", "test-fast", "test", "test-all")


@dataclass(frozen=True, slots=True)
class Step:
    """One program to run, and the commands that run it."""

    commands: frozenset[str]
    name: str
    program: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


STEPS = (
    Step(WHOLE, "browser", ("python", "-m", "tests.browser")),
    Step(CHECK, "lint", ("ruff", "check", ".")),
    Step(CHECK, "format", ("ruff", "format", "--check", "--quiet", ".")),
    Step(CHECK, "types", ("mypy",)),
    Step(CHECK, "layers", ("lint-imports",)),
    Step(CHECK, "templates", ("djlint", "--lint", "--quiet", "templates", "modules")),
    Step(CHECK, "layout of the templates", ("djlint", "--check", "templates", "modules")),
    Step(CHECK, "dependencies", ("deptry", ".")),
    Step(
        CHECK,
        "settings for production",
        ("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
    ),
    Step(CHECK, "migrations", ("python", "manage.py", "makemigrations", "--check", "--dry-run")),
    Step(WHOLE, "static files", ("python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0")),
    Step(FAST, "faster tests on SQLite", ("pytest", "-q", "-n", "2", "-m", "not journey and not slow")),
    Step(WHOLE, "tests on SQLite", ("pytest", "-q", "-n", "2")),
    Step(WHOLE, "tests on PostgreSQL", ("pytest", "-q", "-n", "2"), {"TEST_DATABASE": "postgres"}),
    # By files, since those of one share what they furnish.
    Step(WHOLE, "journeys in a browser", ("pytest", "-q", "-m", "journey", "-n", "2", "--dist", "loadfile")),
)


def main() -> None:
    """Runs all steps of a command, also after one has failed, since a second failure is worth knowing too."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("command", choices=COMMANDS, nargs="?", default="test")
    command = arguments.parse_args().command
    with tempfile.TemporaryDirectory(prefix="tuntas-check-") as folder:
        ground = {
            "SECRET_KEY": "only-for-checks-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "TEST_ALL": "yes" if command == "test-all" else "",
            "TEST_SAMPLE": "yes" if command == "test" else "",
        }
        results = [(step.name, *run(step, ground)) for step in STEPS if command in step.commands]
    print("\n== summary")
    for name, passed, seconds in results:
        print(f"{'passed' if passed else 'FAILED'}  {seconds:6.1f} s  {name}")
    print(f"        {sum(seconds for _name, _passed, seconds in results):6.1f} s  in all")
    sys.exit(0 if all(passed for _name, passed, _seconds in results) else 1)


def run(step: Step, ground: dict[str, str]) -> tuple[bool, float]:
    print(f"\n== {step.name}", flush=True)
    program = BIN / step.program[0]
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    began = monotonic()
    finished = subprocess.run(
        [str(program), *step.program[1:]],
        cwd=ROOT,
        env={**os.environ, **ground, **step.environment, "PATH": path},
        check=False,
    )
    return finished.returncode == 0, monotonic() - began


if __name__ == "__main__":
    main()
