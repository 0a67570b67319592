"""Stores static files for a server: hashed names, compressed, and each style sheet in one file.

People edit small style sheets. `@import` joins them, and a browser would ask for each of them one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'^@import url\("(?P<part>[\w/-]+\.css)"\);$', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)

Sources = dict[str, tuple[Storage, str]]


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Puts the parts of a style sheet into it, before Django gives it a name by its content.

    Django writes the hashed names of modules into the `import` lines of scripts.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths: Sources, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Joins the style sheets among ``paths``, which maps names to their sources, and hands all on to Django."""
        sheets = {
            name: joined(paths, name, text)
            for name in (paths if not dry_run else ())
            if name.endswith(".css") and IMPORT.search(text := _text(paths, name))
        }
        for name, text in sheets.items():
            self.delete(name)
            self.save(name, ContentFile(text))
        yield from super().post_process(paths | {name: (self, name) for name in sheets}, dry_run, **options)


def joined(paths: Sources, name: str, text: str) -> str:
    """Returns a style sheet with its parts in the place of their `@import` lines, without comments."""
    folder = PurePosixPath(name).parent
    whole = IMPORT.sub(lambda found: _text(paths, str(folder / found["part"])), text)
    return COMMENT.sub("", whole)


def _text(paths: Sources, name: str) -> str:
    """Returns the source of a file: the stored copy of an earlier run may hold parts that have changed."""
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode("utf-8")
