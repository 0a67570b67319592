#!/usr/bin/env python
"""The command line of Tuntas: ``python manage.py help`` lists what it can do."""

import os
import sys
from pathlib import Path

# platform/ is a source root, not a package: with an __init__.py it would hide the standard library's module.
sys.path.insert(1, str(Path(__file__).resolve().parent / "platform"))

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError

from config.env import SettingError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except (SettingError, ImproperlyConfigured) as error:
        sys.exit(str(error))
    except DatabaseError:
        _say_what_is_broken()
        raise


def _say_what_is_broken() -> None:
    """Ends with one sentence if the installation is the cause, such as a database that is damaged or not prepared."""
    from config import ground  # noqa: PLC0415  needs the settings, which are read by now

    try:
        ground.check_before_run()
    except ground.Broken as broken:
        sys.exit(str(broken))


if __name__ == "__main__":
    main()
