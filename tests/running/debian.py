"""Makes an empty Debian in a folder, and runs shell scripts in it as its ``root``.

It needs ``root``, and the package debootstrap. The packages come from the mirrors of this machine.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

RELEASE = "bookworm"
DEFAULT_MIRROR = "http://deb.debian.org/debian"
# What a machine needs to reach its package indexes may stand in these files.
CONNECTION = ("/etc/resolv.conf", "/etc/pip.conf")
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
TRUSTED = "/etc/machine.crt"  # the same there, where no package overwrites it
CONNECTION_NAMES = ("PIP_", "UV_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy")


def can_be_made() -> bool:
    return os.geteuid() == 0 and shutil.which("debootstrap") is not None


def mirror() -> str:
    """Returns the mirror from which this machine takes Debian's packages."""
    sources = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("debian*"))]
    for file in sources:
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        if found := re.search(r"^(?:deb(?: \[[^\]]*\])?|URIs:) +(https?://\S+)", text, re.MULTILINE):
            return found[1]
    return DEFAULT_MIRROR


def make(folder: Path) -> None:
    """Installs the packages that every Debian has, and what the way to the package indexes needs."""
    subprocess.run(
        ["debootstrap", "--variant=minbase", RELEASE, str(folder), mirror()],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    for name in CONNECTION:
        if Path(name).is_file():
            target = folder / name.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(name, target)
    if Path(CERTIFICATES).is_file():
        shutil.copy(CERTIFICATES, folder / TRUSTED.lstrip("/"))


@contextmanager
def machine(base: Path) -> Iterator[Machine]:
    """Yields a copy of a Debian, and ends all of its programs and removes it afterwards."""
    with tempfile.TemporaryDirectory(prefix="tuntas-debian-") as folder:
        root = Path(folder) / "root"
        subprocess.run(["cp", "--archive", str(base), str(root)], check=True)
        made = Machine(root)
        try:
            yield made
        finally:
            made.stop()


class Machine:
    """Runs scripts in one folder. Each has the same processes and files, and the network of this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, script: str, *, check: bool = True, read_only: tuple[str, ...] | None = None) -> str:
        """Returns what a script prints, with its errors. Raises where it fails."""
        done = subprocess.run(
            self._command(script, read_only),
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"status {done.returncode} of\n{script}\n\n{done.stdout[-4000:]}")
        return done.stdout

    def start(self, script: str, log: Path, *, read_only: tuple[str, ...] | None = None) -> None:
        """Starts a script that goes on until the machine stops. It writes into ``log``."""
        with log.open("ab") as out:
            subprocess.Popen(
                self._command(script, read_only), env=self._environment(), stdout=out, stderr=out
            )

    def stop(self) -> None:
        """Ends every program of the machine."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            until = time.monotonic() + 30
            while (running := self._programs()) and time.monotonic() < until:
                for process in running:
                    with suppress(ProcessLookupError):
                        os.kill(process, number)
                time.sleep(0.5)

    def _programs(self) -> list[int]:
        """Returns the processes whose root is the folder of the machine, or is inside it."""
        found = []
        for link in Path("/proc").glob("[0-9]*/root"):
            with suppress(OSError):
                if str(link.readlink()).startswith(str(self.root)):
                    found.append(int(link.parent.name))
        return found

    def _command(self, script: str, read_only: tuple[str, ...] | None) -> list[str]:
        """Returns a command in file systems of its own. With ``read_only``, only these folders can be written."""
        mounts = f"mount --rbind /dev {self.root}/dev && mount -t proc proc {self.root}/proc"
        if read_only is not None:
            binds = [f"mount --bind {self.root}{path} {self.root}{path}" for path in read_only]
            mounts += " && " + " && ".join(
                [
                    f"mount --bind {self.root} {self.root}",
                    *binds,
                    f"mount -o remount,bind,ro {self.root}",
                ]
            )
        inside = f'{mounts} && exec chroot {self.root} /bin/sh -ec "$0"'
        return ["unshare", "--mount", "/bin/sh", "-c", inside, script]

    def _environment(self) -> Mapping[str, str]:
        kept = {name: value for name, value in os.environ.items() if name.startswith(CONNECTION_NAMES)}
        if (self.root / TRUSTED.lstrip("/")).is_file():
            kept |= dict.fromkeys(("PIP_CERT", "SSL_CERT_FILE"), TRUSTED)
        return {**kept, "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
                "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}  # fmt: skip
