"""Stores static files for a server: hashed names, compressed, and each style sheet and script in one file.

People edit small files. `@import` and `import` join them, and a browser would ask for each of them one after the other.
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
# A script that is imported for what it does, and gives no names. Those that give some stay modules of their own.
SCRIPT_IMPORT = re.compile(r'^import "\./(?P<part>[\w/-]+\.js)";$', re.MULTILINE)
LINE_COMMENT = re.compile(r"^[ ]*//.*\n", re.MULTILINE)

Sources = dict[str, tuple[Storage, str]]


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Puts the parts of a style sheet or a script into it, before Django gives it a name by its content.

    Django writes the hashed names of modules into the `import` lines of scripts.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths: Sources, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Joins the files among ``paths``, which maps names to their sources, and hands all on to Django."""
        whole = {
            name: joined(paths, name)
            for name in (paths if not dry_run else ())
            if name.endswith((".css", ".js")) and _imports(name).search(_text(paths, name))
        }
        for name, text in whole.items():
            self.delete(name)
            self.save(name, ContentFile(text))
        yield from super().post_process(paths | {name: (self, name) for name in whole}, dry_run, **options)


def joined(paths: Sources, name: str) -> str:
    """Returns a file with its parts in the place of the lines that import them, without comments.

    A part may have parts. The names of a script stay inside it.
    """
    folder = PurePosixPath(name).parent

    def part(found: re.Match[str]) -> str:
        text = joined(paths, str(folder / found["part"]))
        return f"{{\n{text}}}" if name.endswith(".js") else text

    comment = LINE_COMMENT if name.endswith(".js") else COMMENT
    return comment.sub("", _imports(name).sub(part, _text(paths, name)))


def _imports(name: str) -> re.Pattern[str]:
    return SCRIPT_IMPORT if name.endswith(".js") else IMPORT


def _text(paths: Sources, name: str) -> str:
    """Returns the source of a file: the stored copy of an earlier run may hold parts that have changed."""
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode("utf-8")
