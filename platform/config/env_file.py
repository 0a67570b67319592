"""Reads settings from a file with lines such as ``NAME=value``, so that every command has them.

The file is ``.env`` beside ``manage.py``, or the one that ``ENV_FILE`` names. A name that the environment has already
keeps its value there.
"""

from __future__ import annotations

import os
from pathlib import Path

from dotenv.parser import Binding, parse_stream

BASE_DIR = Path(__file__).resolve().parent.parent.parent


class UnreadableFile(Exception):
    """Says in one sentence which file, and which line of it, cannot be read."""


def load() -> list[str]:
    """Puts the settings of the file into the environment, and returns their names. Without a file, there are none."""
    named = os.environ.get("ENV_FILE")
    file = Path(named or BASE_DIR / ".env")
    try:
        with file.open(encoding="utf-8-sig") as lines:
            bindings = list(parse_stream(lines))
    except FileNotFoundError as error:
        if named:
            raise UnreadableFile(f"ENV_FILE names {file}, and there is no such file.") from error
        return []
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise UnreadableFile(f"The settings in {file} cannot be read: {reason}.") from error
    values = dict(filter(None, (_value(binding, file) for binding in bindings)))
    for name, value in values.items():
        os.environ.setdefault(name, value)
    return list(values)


def _value(binding: Binding, file: Path) -> tuple[str, str] | None:
    """Returns the name and the value of a line, or nothing for an empty line or a comment."""
    if binding.error or (binding.key and binding.value is None):
        raise UnreadableFile(
            f"Line {binding.original.line} of {file} is no setting. Write it as NAME=value, and put a value with spaces "
            "or # into quotes."
        )
    return (binding.key, binding.value or "") if binding.key else None
