"""Finds the browser of the journeys, or installs it if that is possible."""

import os
import shutil
import subprocess
import sys

# Chromium's sandbox does not start for root, and the journeys open only pages of this project.
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def chromium() -> str:
    """Returns the path of a Chromium. Exits with one sentence if there is none and none can be installed."""
    path = _installed_path()
    if not path and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
        path = _installed_path()
    if not path:
        sys.exit("The journeys need a browser: install Chromium so that `chromium` is on the path.")
    return path


def _installed_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _install() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"],
    ):
        subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    print(chromium())
