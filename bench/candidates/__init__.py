"""The servers that were tried beside the one of Tuntas, each with two processes of one thread where it has threads.

None of them is a dependency: only those that are installed are measured.
"""

import sys
from importlib.util import find_spec

GUNICORN = (sys.executable, "-m", "gunicorn", "-c")
GRANIAN = (sys.executable, "-m", "granian", "--port", "{port}", "--workers", "2", "--log-level", "warning")
OUR_NAME = "tuntas"

# The package that has to be installed, and how it is started.
CANDIDATES: dict[str, tuple[str, tuple[str, ...]]] = {
    OUR_NAME: ("server", (sys.executable, "-m", "server", "{application}")),
    "gunicorn gthread": ("gunicorn", (*GUNICORN, "bench/candidates/gunicorn_before.py", "{application}")),
    "gunicorn gevent": (
        "gevent",
        (*GUNICORN, "bench/candidates/gunicorn_before.py", "--worker-class", "gevent", "{application}"),
    ),
    "granian": (
        "granian",
        (*GRANIAN, "--interface", "wsgi", "--blocking-threads", "1", "{application}"),
    ),
    "waitress": ("waitress", (sys.executable, "-m", "candidates", "waitress", "{application}", "{port}")),
    "cheroot": ("cheroot", (sys.executable, "-m", "candidates", "cheroot", "{application}", "{port}")),
    "uvicorn": (
        "uvicorn",
        (
            sys.executable,
            *("-m", "uvicorn", "config.asgi:application", "--port", "{port}"),
            *("--workers", "2", "--log-level", "warning"),
        ),
    ),
}


def installed() -> dict[str, tuple[str, ...]]:
    """Returns how each server is started that is installed here."""
    return {name: command for name, (package, command) in CANDIDATES.items() if find_spec(package)}
