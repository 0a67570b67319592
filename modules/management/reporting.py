"""What the commands share: opening a file, and saying what is wrong with it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext

from modules.document.problems import Problem


def content_of(path: str) -> bytes:
    """The bytes of a file, or a sentence instead of a traceback."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error


def report(problems: Iterable[Problem], path: str, to: Any) -> None:
    """Write each problem as one line: file, line, severity, and how to mend it."""
    for problem in problems:
        severity = gettext("error") if problem.severity == "error" else gettext("warning")
        where = f"{path}:{problem.line}" if problem.line else path
        to.write(f"{where}: {severity}: {problem.text(gettext)}")
