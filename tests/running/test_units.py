"""Checks the files of deploy/ without a new machine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = ("tuntas.service", "tuntas.socket", "tuntas-worker.service")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_units_are_sound(tmp_path):
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        # On this machine, neither the program nor the folder is where the page puts it.
        text = re.sub(r"/opt/tuntas/\.venv/bin/python", "/bin/true", text)
        (tmp_path / name).write_text(text.replace("WorkingDirectory=/opt/tuntas\n", ""), encoding="utf-8")
    files = [str(tmp_path / name) for name in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_containers_share_what_they_have_to_share():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    for name in ("prepare", "web", "worker"):
        environment = services[name]["environment"]
        assert environment["DATABASE_URL"].startswith("postgres://")
        assert environment["CACHE_URL"].startswith("redis://")
        assert {volume.partition(":")[2] for volume in services[name]["volumes"]} == {
            environment["DATA_DIR"], environment["BACKUP_DIR"]
        }  # fmt: skip
        assert services[name]["read_only"]
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"


def test_image_runs_as_nobody_special():
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    instructions = [line.partition(" ")[0] for line in lines if line and not line.startswith("#")]
    assert "USER tuntas" in lines
    assert instructions.index("USER") < instructions.index("ENTRYPOINT")
    assert "HEALTHCHECK" in instructions
