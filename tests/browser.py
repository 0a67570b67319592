"""Finds the browser of the journeys, or installs it where that is allowed."""

import os
import shutil
import subprocess
import sys

# The sandbox of Chromium does not start for root, and all that it opens here is our own server.
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
    """The path of a Chromium. Ends the program with one sentence where there is none and none can be installed."""
    path = found() or (installed() if os.geteuid() == 0 and shutil.which("apt-get") else None)
    if not path:
        sys.exit("The journeys need a browser: install Chromium so that `chromium` is on the path.")
    return path


def found() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def installed() -> str | None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"],
    ):
        subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)
    return found()


if __name__ == "__main__":
    print(chromium())
