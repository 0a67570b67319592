"""Tests that no backup brings an erased person back, neither a later one nor an older one that is restored."""

import gzip
from pathlib import Path

import pytest

from tests.backups.test_backup import Installation, postgres

pytestmark = pytest.mark.slow

WORDS = (b"rambutanwati", b"rahasia-tanam", b"ketikan-tertanam")
ADDRESS = "zula@rahasia-tanam.test"
LEARN = f"""
from django.utils import timezone
from accounts.models import User
from modules.models import Module, Proof
from modules.quizzes import answers, attempts
from modules.reading import progress
now, learner = timezone.now(), User.objects.get(email="{ADDRESS}")
module = Module.objects.filter(quiz__questions__current__kind="short").first()
for section in module.sections.active().select_related("module"):
    progress.record_reading(learner, section, now=now)
attempt = attempts.start(learner, module.quiz, now=now)
typed = attempt.responses.filter(version__kind__in=["short", "numerical"])
assert typed.update(answer=["ketikan-tertanam"])
"""
COUNT = "from modules.models import Attempt, Reading; print('rows', Attempt.objects.count(), Reading.objects.count())"

__all__ = ["postgres"]


@pytest.fixture(params=["sqlite", "postgres"])
def site(request, tmp_path):
    """An installation in which a person has learnt, on each database that the tests have."""
    address = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    site = Installation(tmp_path / "site", address)
    site.manage("prepare", "--examples")
    site.manage("account", ADDRESS, "--name", "Zulaikha Rambutanwati")
    site.manage("shell", "-c", LEARN)
    return site


def words_in(*files: Path) -> set[bytes]:
    contents = [
        gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes() for file in files
    ]
    return {word for word in WORDS for content in contents if word in content.lower()}


def stored_files(site: Installation) -> list[Path]:
    """Returns the files of an installation without its backups and without a database that a restore has put aside."""
    found = [path for path in site.folder.rglob("*") if path.is_file()]
    return [path for path in found if "backups" not in path.parts and ".replaced-" not in path.name]


def rows(site: Installation) -> str:
    return site.manage("shell", "-c", COUNT).split("rows")[1]


def test_no_backup_brings_an_erased_person_back(site):
    before, older = rows(site), site.back_up()
    assert words_in(older) == set(WORDS)

    site.manage("erase", ADDRESS, "--yes")
    older = older.rename(older.with_name("tuntas-20200101-000000.tar.gz"))
    later = site.back_up()
    assert words_in(later, *stored_files(site)) == set()
    assert rows(site) == before

    said = site.manage("restore", str(older), "--yes")
    assert "Erased again" in said
    assert words_in(site.back_up(), *stored_files(site)) == set()
    assert rows(site) == before


def test_new_machine_knows_from_the_list_beside_the_backup(site, tmp_path):
    older = site.back_up()
    older = older.rename(older.with_name("tuntas-20200101-000000.tar.gz"))
    site.manage("erase", ADDRESS, "--yes")
    site.back_up()

    new = Installation(tmp_path / "new")
    assert "Erased again" in new.manage("restore", str(older))
    assert words_in(new.back_up(), *stored_files(new)) == set()
