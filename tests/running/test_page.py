"""Follows docs/running.md to the letter on an empty Debian, and builds the image of deploy/Dockerfile there.

It takes minutes and much of a package mirror, so only `make test-all` runs it.
"""

import json
import os
import re
import shlex
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.running import debian

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
ADDRESS = "https://localhost:8443"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("TEST_ALL"), reason="Only `make test-all` makes new machines."),
    pytest.mark.skipif(not debian.can_be_made(), reason="It needs root and debootstrap."),
]


def blocks(heading: str) -> list[str]:
    """Returns the blocks under a heading of the page, as they are pasted, with the names of this test."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    names = {
        "https://example.org/tuntas.git": "/source.git",
        "sed 's/belajar.example.org/YOUR-NAME/'": "sed 's/belajar.example.org/localhost:8443/'",
        "ALLOWED_HOSTS=belajar.example.org": "ALLOWED_HOSTS=localhost",
        "https://belajar.example.org": ADDRESS,
        "YOU@EXAMPLE.ORG --name YOU": "kepala@example.org --name Kepala",
    }
    found = re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    for old, new in names.items():
        found = [block.replace(old, new) for block in found]
    return found


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("debian") / "base"
    debian.make(folder)
    source = folder / "source.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(ROOT), str(source)], check=True)
    shim = folder / "usr/local/bin/systemctl"
    shim.write_bytes((Path(__file__).parent / "systemctl").read_bytes())
    shim.chmod(0o755)
    return folder


def status(address: str, *, host: str = "localhost") -> int:
    """Returns the status of a page. The certificate of this test is nobody's."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(address, headers={"Host": host})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=20, context=context) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def until_ready(address: str) -> None:
    for _try in range(120):
        try:
            if status(address) == 200:
                return
        except OSError:
            pass
        time.sleep(1)
    raise AssertionError(f"{address} does not answer")


def test_page_leads_from_nothing_to_a_site(base):
    with debian.machine(base) as machine:
        install, settings, services, proxy, account, examination = blocks("One server")
        for block in (install, settings, services, proxy):
            machine.run(block)
        until_ready("http://127.0.0.1:8000/health/ready/")
        assert status(f"{ADDRESS}/accounts/login/") == 200
        assert "kepala@example.org" in machine.run(account)
        found = machine.run(examination, check=False)
        wrong = [line for line in found.splitlines() if line.startswith("WRONG")]
        assert [line for line in wrong if "certificate" not in line] == [], found
        code = machine.root / "opt/tuntas"
        assert all(path.stat().st_uid == 0 for path in code.rglob("*") if not path.is_symlink())

        (upgrade,) = blocks("Upgrading")
        machine.run(upgrade)
        until_ready("http://127.0.0.1:8000/health/ready/")
        assert len([*(machine.root / "var/backups/tuntas").glob("tuntas-*.tar.gz")]) >= 1

        before = (machine.root / "srv/tuntas/secret_key").read_text()
        (secret,) = blocks("Changing the secret")
        machine.run(secret)
        assert (machine.root / "srv/tuntas/secret_key").read_text().split()[1:] == before.split()
        until_ready("http://127.0.0.1:8000/health/ready/")


def test_image_is_healthy_on_a_read_only_file_system(base, tmp_path):
    instructions = [
        line.split(" ", 1)
        for line in (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    variables, folder, user, volumes, health, entry = "", "/", "root", "", "", ""
    with debian.machine(base) as machine:
        for name, rest in instructions:
            match name:
                case "COPY":
                    machine.run(
                        "apt-get update && apt-get install --yes git && git clone /source.git /opt/tuntas"
                    )
                case "WORKDIR":
                    folder = rest
                case "RUN":
                    machine.run(f"cd {folder} && {rest}")
                case "ENV":
                    variables = rest
                case "USER":
                    user = rest
                case "VOLUME":
                    volumes = rest
                case "HEALTHCHECK":
                    health = shlex.join(json.loads(rest.partition("CMD ")[2]))
                case "ENTRYPOINT":
                    (entry,) = json.loads(rest)
        writable = ("/tmp", *volumes.split())  # noqa: S108
        begin = f"cd {folder} && exec runuser -u {user} -- env {variables} "
        begin += "PROXIES=1 ALLOWED_HOSTS=localhost "
        machine.run(f"{begin}{entry} prepare", read_only=writable)
        machine.start(f"{begin}{entry} run", tmp_path / "log", read_only=writable)
        until_ready("http://127.0.0.1:8000/health/ready/")
        machine.run(f"{begin}{health}", read_only=writable)
        with pytest.raises(AssertionError, match="Read-only"):
            machine.run("touch /opt/tuntas/new", read_only=writable)
