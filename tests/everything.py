"""Runs every check of the project and says how long each took: ``make test``."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


STEPS = (
    Step("browser", ("python", "-m", "tests.browser")),
    Step("lint", ("ruff", "check", ".")),
    Step("format", ("ruff", "format", "--check", "--quiet", ".")),
    Step("types", ("mypy",)),
    Step("layers", ("lint-imports",)),
    Step("templates", ("djlint", "--lint", "--quiet", "templates", "modules")),
    Step("dependencies", ("deptry", ".")),
    Step("settings for production", ("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")),
    Step("migrations", ("python", "manage.py", "makemigrations", "--check", "--dry-run")),
    Step("static files", ("python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0")),
    Step("tests on SQLite", ("pytest", "-q", "-n", "2")),
    Step("tests on PostgreSQL", ("pytest", "-q", "-n", "2"), {"TEST_DATABASE": "postgres"}),
    # By files, since those of one share what they furnish.
    Step("journeys in a browser", ("pytest", "-q", "-m", "journey", "-n", "2", "--dist", "loadfile")),
)


def main() -> None:
    """Runs all steps, also after one has failed, since a second failure is worth knowing too."""
    with tempfile.TemporaryDirectory(prefix="tuntas-check-") as folder:
        ground = {
            "SECRET_KEY": "only-for-checks-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        results = [(step.name, *run(step, ground)) for step in STEPS]
    print("\n== summary")
    for name, passed, seconds in results:
        print(f"{'passed' if passed else 'FAILED'}  {seconds:6.1f} s  {name}")
    print(f"        {sum(seconds for _name, _passed, seconds in results):6.1f} s  in all")
    sys.exit(0 if all(passed for _name, passed, _seconds in results) else 1)


def run(step: Step, ground: dict[str, str]) -> tuple[bool, float]:
    print(f"\n== {step.name}", flush=True)
    program = BIN / step.command[0]
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    began = monotonic()
    finished = subprocess.run(
        [str(program), *step.command[1:]],
        cwd=ROOT,
        env={**os.environ, **ground, **step.environment, "PATH": path},
        check=False,
    )
    return finished.returncode == 0, monotonic() - began


if __name__ == "__main__":
    main()
