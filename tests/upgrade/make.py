"""Makes the fixture of a release: a small school with a history, and what its pages say.

    python -m tests.upgrade.make NAME

It fills a new database as ``history.py`` says, and writes ``tests/upgrade/NAME.json``.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LARGEST_TEXT = 300_000  # bytes; a larger fixture is compressed


def said() -> dict[str, Any]:
    """Returns what the product says of the database: the bytes of each document, and who is where in each module."""
    from modules.models import Module

    from .history import look_up

    copy_of = look_up("modules.authoring.downloads:copy_of", "modules.downloads:copy_of")
    modules = list(Module.objects.order_by("pk"))
    return {
        "documents": {
            str(module.pk): base64.b64encode(copy_of(module).content).decode("ascii") for module in modules
        },
        "learners": {
            str(module.pk): sorted(
                [row.email, row.read, row.total, row.attempts, None if row.grade is None else str(row.grade)]
                for row in progress(module)
            )
            for module in modules
        },
    }


def progress(module: Any) -> list[Any]:
    """Returns how far each learner of a module is, from the release that runs."""
    from modules import insights

    from .history import look_up

    figures = getattr(insights, "figures", insights)
    if hasattr(figures, "progress_of"):
        return list(figures.progress_of(module, _enrolments(module)))
    return list(look_up("modules.insights.figures:learner_progress", "modules.insights:standings")(module))


def _enrolments(module: Any) -> list[Any]:
    """Returns the enrolments that count, as the release finds them."""
    from .history import look_up

    found = look_up("modules.insights.cohorts:Cohort", "modules.insights.figures:enrolments_of")(module)
    return list(found.enrolments().select_related("learner") if hasattr(found, "enrolments") else found)


def fixture(name: str) -> dict[str, Any]:
    """Returns everything that is written: the release, its migrations, what it says, and all rows."""
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    from . import rows

    leaves = MigrationLoader(connection).graph.leaf_nodes()
    return {"release": name, "migrations": sorted(leaves), "said": said(), "tables": rows.dump(apps)}


def written(content: dict[str, Any], folder: Path) -> Path:
    """Writes a fixture with one row a line, compressed where it is large, and returns its path."""
    tables = content["tables"]
    head = {key: value for key, value in content.items() if key != "tables"}
    lines = [json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "tables": {']
    for label, table in tables.items():
        rows = ",\n   ".join(json.dumps(row, ensure_ascii=False) for row in table["rows"])
        columns = json.dumps(table["columns"])
        comma = "" if label == list(tables)[-1] else ","
        lines.append(f'  "{label}": {{"columns": {columns}, "rows": [\n   {rows}]}}{comma}')
    data = ("\n".join([*lines, " }\n}"]) + "\n").encode("utf-8")
    file = folder / f"{content['release']}.json"
    if len(data) > LARGEST_TEXT:
        file, data = file.with_suffix(".json.gz"), gzip.compress(data, mtime=0)
    file.write_bytes(data)
    return file


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DATA_DIR=folder, SECRET_KEY="only-for-fixtures-" + "x" * 50, HTTPS="off", TIME_ZONE="Asia/Jakarta"
        )
        os.environ.pop("DATABASE_URL", None)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        from .history import furnish

        furnish()
        print(written(fixture(sys.argv[1]), HERE))


if __name__ == "__main__":
    main()
