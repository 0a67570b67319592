"""Collecting the static files where they have changed, because compressing them anew takes longer than all else."""

import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command


def collect() -> None:
    """Fills STATIC_ROOT, unless it was filled from these very files before."""
    stamp = settings.DATA_DIR / "static.stamp"
    state = fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == state and settings.STATIC_ROOT.is_dir():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state, encoding="utf-8")


def fingerprint() -> str:
    """A hash over the names, sizes and times of all static files."""
    return hashlib.sha256("\n".join(sorted(_lines())).encode()).hexdigest()


def _lines() -> Iterator[str]:
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            yield f"{path} {storage.size(path)} {storage.get_modified_time(path).timestamp()}"
