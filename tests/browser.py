"""Finds the browsers of the journeys, or installs them if that is possible."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

# Chromium's sandbox does not start for root, and the journeys open only pages of this project.
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Program:
    """A browser: the names of its program, and its package in Debian."""

    names: tuple[str, ...]
    package: str

    def path(self) -> str | None:
        """Returns the path of the browser, which is installed first where that is possible."""
        if not self._installed() and os.geteuid() == 0 and shutil.which("apt-get"):
            self._install()
        return self._installed()

    def _installed(self) -> str | None:
        return next((path for name in self.names if (path := shutil.which(name))), None)

    def _install(self) -> None:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update"],
            ["apt-get", "install", "--yes", "--no-install-recommends", self.package],
        ):
            subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)


CHROMIUM = Program(("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"), "chromium")
FIREFOX = Program(("firefox-esr", "firefox"), "firefox-esr")


def chromium() -> str:
    """Returns the path of a Chromium. Exits with one sentence if there is none and none can be installed."""
    path = CHROMIUM.path()
    if not path:
        sys.exit("The journeys need a browser: install Chromium so that `chromium` is on the path.")
    return path


if __name__ == "__main__":
    print(chromium())
    print(FIREFOX.path() or "There is no Firefox, so the journeys in Firefox are left out.")
