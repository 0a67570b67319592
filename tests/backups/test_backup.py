"""Tests that a backup has every row and image, and that restoring it brings all of them back on either database."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from backups import archive

ROOT = Path(__file__).resolve().parents[2]
# The worker's own rows, and what `prepare` makes again for the restored site.
NOT_COMPARED = {"tasks_storedtask", "tasks_worker"}
FILL = """
from datetime import datetime, timezone
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from accounts.models import User
from modules.models import Attempt, Enrolment, Module
default_storage.save("images/a.png", ContentFile(b"picture" * 1000))
learner = User.objects.get(email="learner@example.com")
module = Module.objects.exclude(quiz=None).first()
moment = datetime(2026, 1, 2, 3, 4, 5, 678901, timezone.utc)
enrolment = Enrolment.objects.create(learner=learner, module=module, begun_at=moment, last_seen_at=moment)
Attempt.objects.create(
    enrolment=enrolment, quiz=module.quiz, number=1, pass_mark=70, started_at=moment, deleted_at=moment
)
"""

pytestmark = pytest.mark.slow


@dataclass
class Installation:
    """An installation in a folder of its own."""

    folder: Path
    database: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def manage(self, *words: str, fails: bool = False, sent: str = "") -> str:
        environment = {
            "PATH": os.environ["PATH"],
            "SECRET_KEY": "only-for-tests-" + "x" * 50,
            "LANGUAGE": "en",
            "HTTPS": "off",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database or f"sqlite:///{self.folder}/tuntas.sqlite3",
        }
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=environment | self.environment,
            input=sent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def back_up(self) -> Path:
        self.manage("backup")
        return max((self.folder / "backups").iterdir())

    @property
    def file(self) -> Path:
        return self.folder / "tuntas.sqlite3"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with the modules that ship, an image, and a deleted attempt."""
    site = Installation(tmp_path_factory.mktemp("full"))
    site.manage("prepare", "--examples")
    site.manage("shell", "-c", FILL)
    return site


@pytest.fixture(scope="module")
def backup(full: Installation) -> Path:
    return full.back_up()


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of a new database, where the tests run on PostgreSQL."""
    shared = os.environ.get("TEST_POSTGRES_URL")
    if not shared:
        pytest.skip("The tests run on SQLite.")
    import psycopg

    name = f"backup_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(shared, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    yield _with_name(shared, name)
    with psycopg.connect(shared, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _with_name(address: str, name: str) -> str:
    parts = urlsplit(address)
    return parts._replace(path=f"/{name}").geturl()


def tables(path: Path) -> dict[str, str]:
    """Returns the hash of the rows of each table."""
    about = archive.read_about(path)
    return {name: table["sha256"] for name, table in about.tables.items() if name not in NOT_COMPARED}


def test_restored_site_has_every_row_and_image(full, backup, tmp_path):
    site = Installation(tmp_path / "new")
    said = site.manage("restore", str(backup))

    assert "Restored:" in said
    assert tables(site.back_up()) == tables(backup)
    assert (site.folder / "media/images/a.png").read_bytes() == b"picture" * 1000
    assert "No changes" in site.manage("makemigrations", "--check", "--dry-run")


def test_backup_moves_to_postgres_and_back(backup, postgres, tmp_path):
    there, back = Installation(tmp_path / "there", postgres), Installation(tmp_path / "back")
    there.manage("restore", str(backup))
    moved = there.back_up()
    back.manage("restore", str(moved))

    assert tables(moved) == tables(backup)
    assert tables(back.back_up()) == tables(backup)
    there.manage("account", "new@example.org", "--name", "New")  # numbers go on after the restored ones


def test_used_postgres_database_is_backed_up_before_it_is_replaced(backup, postgres, tmp_path):
    site = Installation(tmp_path, postgres)
    site.manage("prepare", "--examples")
    site.manage("account", "only.here@example.org", "--name", "Here")
    said = site.manage("restore", str(backup), "--yes")

    [before] = (tmp_path / "backups").iterdir()
    assert str(before) in said
    assert tables(site.back_up()) == tables(backup)
    site.manage("restore", str(before), "--yes")
    assert tables(site.back_up()) == tables(before)


def test_log_of_a_killed_site_is_not_read_into_the_restored_one(full, backup, tmp_path):
    site = Installation(tmp_path)
    shutil.copytree(full.folder, tmp_path, dirs_exist_ok=True)
    with sqlite3.connect(site.file) as killed:
        killed.execute("PRAGMA journal_mode=WAL")
        killed.execute("UPDATE accounts_user SET name = 'after the backup'")
        killed.commit()
        log = site.file.with_name("tuntas.sqlite3-wal").read_bytes()
    killed.close()
    site.file.with_name("tuntas.sqlite3-wal").write_bytes(log)
    said = site.manage("restore", str(backup), sent="y\n")

    assert tables(site.back_up()) == tables(backup)
    [kept] = tmp_path.glob("tuntas.replaced-*.sqlite3")
    assert str(kept) in said
    with sqlite3.connect(kept) as before:
        assert before.execute("SELECT DISTINCT name FROM accounts_user").fetchall() == [("after the backup",)]


def test_restore_refuses_while_the_database_is_open(full, backup, tmp_path):
    site = Installation(tmp_path)
    shutil.copytree(full.folder, tmp_path, dirs_exist_ok=True)
    with sqlite3.connect(site.file) as server:
        server.execute("PRAGMA journal_mode=WAL")
        server.execute("SELECT count(*) FROM accounts_user").fetchone()
        said = site.manage("restore", str(backup), "--yes", fails=True)

    assert "Stop every server and every worker" in said
    assert not list(tmp_path.glob("tuntas.replaced-*"))


def test_restore_asks_before_it_replaces(full, backup, tmp_path):
    site = Installation(tmp_path)
    shutil.copytree(full.folder, tmp_path, dirs_exist_ok=True)

    assert "Nothing was changed." in site.manage("restore", str(backup), fails=True)
    assert not list(tmp_path.glob("tuntas.replaced-*"))


def test_damaged_database_is_moved_away(backup, tmp_path):
    site = Installation(tmp_path)
    site.file.write_bytes(b"SQLite format 3\0" + b"\xff" * 50_000)
    site.manage("restore", str(backup), "--yes")

    assert tables(site.back_up()) == tables(backup)


def test_damaged_database_makes_no_backup_and_keeps_earlier_ones(full, tmp_path):
    site = Installation(tmp_path, environment={"BACKUP_KEEP": "1"})
    shutil.copytree(full.folder, tmp_path, dirs_exist_ok=True)
    earlier = site.back_up()
    with sqlite3.connect(site.file) as file:
        file.execute("PRAGMA foreign_keys=OFF")
        file.execute("DELETE FROM accounts_user")
    said = site.manage("backup", fails=True)

    assert "The database is damaged" in said
    assert list((tmp_path / "backups").iterdir()) == [earlier]


def test_only_the_newest_backups_are_kept(full, tmp_path):
    (tmp_path / "tuntas-20200101-000000.tar.gz").write_bytes(b"old")
    (tmp_path / "mine.txt").write_text("not a backup")
    full.manage("backup", "--to", str(tmp_path), "--keep", "1")

    names = sorted(file.name for file in tmp_path.iterdir())
    assert len(names) == 2
    assert names[0] == "mine.txt"
    assert names[1] > "tuntas-2026"
    assert "Keep at least one" in full.manage("backup", "--keep", "0", fails=True)


def test_backup_has_no_secret(backup):
    with tarfile.open(backup) as tar:
        content = b"".join(file.read() for member in tar if (file := tar.extractfile(member)))
    assert b"only-for-tests-" not in content
    assert backup.stat().st_mode & 0o777 == 0o600


def _changed(backup: Path, target: Path, change) -> Path:
    """Writes a backup in which ``change`` has changed the content of each part by its name."""
    with tarfile.open(backup) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            part = old.extractfile(member)
            assert part is not None
            content = change(member.name, part.read())
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return target


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("media/images/a.png", "is damaged"), ("tables/accounts_user", "is damaged")],
)
def test_changed_part_is_noticed_and_nothing_restored(backup, tmp_path, name, sentence):
    wrong = _changed(
        backup, tmp_path / "wrong.tar.gz", lambda part, content: content + b"\n" * (part == name)
    )
    site = Installation(tmp_path / "site")

    assert sentence in site.manage("restore", str(wrong), fails=True)
    assert not site.file.exists() or not site.file.stat().st_size


def _forged(backup: Path, target: Path, change) -> Path:
    """Writes a backup in which ``change`` has changed what it says about itself."""

    def changed(name, content):
        if name != archive.ABOUT:
            return content
        about = json.loads(content)
        change(about)
        return json.dumps(about).encode()

    return _changed(backup, target, changed)


def _without_a_table(about):
    del about["tables"]["modules_reading"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_without_a_table, "modules_reading that this release cannot read"),
        (lambda about: about.update(tables=[]), "cannot be read"),
        (lambda about: about.update(migrations=[1]), "cannot be read"),
        (lambda about: about["tables"].update(other={"rows": 0, "sha256": "", "columns": []}), "is damaged"),
    ],
)
def test_forged_description_is_refused_in_a_sentence(backup, tmp_path, change, sentence):
    wrong = _forged(backup, tmp_path / "wrong.tar.gz", change)
    if "release" in sentence:  # its table goes, too
        wrong = _without(wrong, tmp_path / "less.tar.gz", "tables/modules_reading")
    site = Installation(tmp_path / "site")
    said = site.manage("restore", str(wrong), fails=True)

    assert sentence in said
    assert "Traceback" not in said
    assert not site.file.exists() or not site.file.stat().st_size


def _without(backup: Path, target: Path, name: str) -> Path:
    with tarfile.open(backup) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            if member.name != name:
                new.addfile(member, old.extractfile(member))
    return target


def _link(kind: bytes, name: str, leads_to: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, leads_to
    return member


@pytest.mark.parametrize(
    "member",
    [
        _link(tarfile.SYMTYPE, "media/a", "/etc/passwd"),
        _link(tarfile.LNKTYPE, "media/a", "media/images/a.png"),
        _link(tarfile.CHRTYPE, "media/a", ""),
        _link(tarfile.DIRTYPE, "media/a", ""),
        tarfile.TarInfo("media/images/a.png"),
        tarfile.TarInfo("tables/accounts_user"),
        tarfile.TarInfo("media/../a"),
        tarfile.TarInfo("media//srv/a"),
        tarfile.TarInfo("/srv/a"),
    ],
    ids=lambda member: f"{member.name} {member.type.decode()}",
)
def test_part_that_no_backup_has_is_refused(backup, tmp_path, member):
    wrong = tmp_path / "wrong.tar.gz"
    with tarfile.open(backup) as old, tarfile.open(wrong, "w:gz") as new:
        for each in old:
            new.addfile(each, old.extractfile(each))
        new.addfile(member)
    with pytest.raises(archive.Broken, match="memiliki bagian yang tidak ada"):
        archive.verify(wrong)


def test_flipped_bytes_are_noticed_wherever_they_are(backup, tmp_path):
    whole, file = backup.read_bytes(), tmp_path / "flipped.tar.gz"
    for place in [*range(20, len(whole), len(whole) // 40), *range(len(whole) - 40, len(whole))]:
        file.write_bytes(
            whole[:place] + bytes(byte ^ 0xFF for byte in whole[place : place + 9]) + whole[place + 9 :]
        )
        with pytest.raises(archive.Broken):
            archive.verify(file)


def test_description_that_unpacks_without_end_is_refused(tmp_path):
    file = tmp_path / "bomb.tar.gz"
    with tarfile.open(file, "w:gz") as new:
        member = tarfile.TarInfo(archive.ABOUT)
        member.size = archive.LARGEST_ABOUT
        new.addfile(member, io.BytesIO(b"[" * member.size))
    with pytest.raises(archive.Broken):
        archive.verify(file)


def test_images_on_another_disk_are_in_the_backup(full, tmp_path):
    site, disk = Installation(tmp_path / "site"), tmp_path / "disk"
    shutil.copytree(full.folder, site.folder)
    shutil.move(site.folder / "media/images", disk)
    (site.folder / "media/images").symlink_to(disk)
    (disk / "round").symlink_to(site.folder / "media")
    (disk / ".b.png.restoring").write_bytes(b"left by a restore that was killed")
    with tarfile.open(site.back_up()) as tar:
        assert [name for name in tar.getnames() if name.startswith("media/images/")] == ["media/images/a.png"]


def test_backup_removes_what_a_killed_one_has_left(full, tmp_path):
    for name, hours in ((".tables-old", 25), (".tables-new", 1)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "accounts_user").write_bytes(b"[]")
        os.utime(tmp_path / name, (time.time() - hours * 3600,) * 2)
    stray = tmp_path / ".tuntas-20200101-000000.tar.gz.unfinished"
    stray.write_bytes(b"half")
    os.utime(stray, (time.time() - 25 * 3600,) * 2)
    full.manage("backup", "--to", str(tmp_path))
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == [".tables-new"]


def test_failed_restore_leaves_no_file_behind(full, backup, tmp_path):
    def doubled(name, content):
        return content + content.splitlines(keepends=True)[0] if name == "tables/accounts_user" else content

    wrong = _changed(backup, tmp_path / "wrong.tar.gz", doubled)
    with tarfile.open(wrong) as tar:
        (lines,) = [tar.extractfile(member).read() for member in tar if member.name == "tables/accounts_user"]

    def described(about):
        about["tables"]["accounts_user"]["sha256"] = hashlib.sha256(lines).hexdigest()

    site = Installation(tmp_path / "site")
    shutil.copytree(full.folder, site.folder)
    said = site.manage(
        "restore", str(_forged(wrong, tmp_path / "forged.tar.gz", described)), "--yes", fails=True
    )

    assert "Nothing was restored" in said
    assert tables(site.back_up()) == tables(backup)
    assert not list(site.folder.glob("*.restoring*"))


def test_oldest_backup_survives_its_own_restoring(backup, postgres, tmp_path):
    site = Installation(tmp_path, postgres, {"BACKUP_KEEP": "1"})
    site.manage("prepare", "--examples")
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("tuntas-20200101-000000.tar.gz", "tuntas-20210101-000000.tar.gz"):
        shutil.copy(backup, folder / name)
    site.manage("restore", str(folder / "tuntas-20200101-000000.tar.gz"), "--yes")

    assert len(list(folder.iterdir())) == 3


@pytest.mark.parametrize("content", [b"", b"no backup", b"\x1f\x8b broken"])
def test_other_file_is_no_backup(tmp_path, content):
    file = tmp_path / "other.tar.gz"
    file.write_bytes(content)

    assert "cannot be read" in Installation(tmp_path / "site").manage("restore", str(file), fails=True)


def test_cut_backup_is_noticed(backup, tmp_path):
    file = tmp_path / "cut.tar.gz"
    file.write_bytes(backup.read_bytes()[:-1000])

    assert "cannot be read" in Installation(tmp_path / "site").manage("restore", str(file), fails=True)


def test_backup_of_a_later_release_is_refused(backup, tmp_path):
    def later(name, content):
        if name != archive.ABOUT:
            return content
        about = json.loads(content)
        about["migrations"].append(["modules", "9999_later"])
        return json.dumps(about).encode()

    wrong = _changed(backup, tmp_path / "later.tar.gz", later)
    said = Installation(tmp_path / "site").manage("restore", str(wrong), fails=True)

    assert "modules.9999_later. Install that release." in said


def test_restore_without_a_name_tells_the_newest(full, backup):
    assert backup.name in full.manage("restore", fails=True)
