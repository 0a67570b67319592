"""Tests the file of settings that every command reads."""

import os

import pytest

from config.env import SettingError, Settings
from doctor import surroundings


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """Writes a file of settings, and takes what it sets out of the environment afterwards."""
    before = dict(os.environ)

    def write(text: str | bytes) -> Settings:
        file = tmp_path / "settings"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        monkeypatch.setenv("ENV_FILE", str(file))
        return Settings()

    yield write
    for name in os.environ.keys() - before.keys():
        del os.environ[name]


def test_file_sets_what_the_environment_does_not(environment, monkeypatch):
    monkeypatch.setenv("SITE_NAME", "from outside")
    env = environment(
        "\ufeff# our school\r\n\r\nexport FIRST_WORD=satu\nSITE_NAME=dari berkas\nQUOTED='a # b $HOME ${HOME}'\nEMPTY=\n"
    )
    assert [env.text(name) for name in ("FIRST_WORD", "SITE_NAME", "EMPTY")] == ["satu", "from outside", ""]
    assert env.text("QUOTED") == "a # b $HOME ${HOME}"
    assert env.in_file == ["FIRST_WORD", "SITE_NAME", "QUOTED", "EMPTY"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("FIRST_WORD=satu\nHTTPS on\n", "Line 2 of "),
        ("FIRST_WORD='satu\n", "Line 1 of "),
        ("FIRST_WORD\n", "Line 1 of "),
        (b"FIRST_WORD=\xff\xfe\n", "it is no text in UTF-8"),
    ],
)
def test_wrong_line_is_named(environment, text, sentence):
    with pytest.raises(SettingError, match=sentence):
        environment(text)


def test_missing_file_is_named_only_where_it_was_asked_for(monkeypatch, tmp_path):
    monkeypatch.setenv("ENV_FILE", str(tmp_path / "none"))
    with pytest.raises(SettingError, match="no such file"):
        Settings()
    monkeypatch.delenv("ENV_FILE")
    monkeypatch.setattr("config.env_file.BASE_DIR", tmp_path)
    assert Settings().in_file == []


def test_examination_names_every_unknown_line_of_the_file(environment, monkeypatch):
    env = environment("ALOWED_HOSTS=a.example.org\nCOLOUR=blue\n")
    monkeypatch.setattr(surroundings, "env", env)
    env.names = ["ALLOWED_HOSTS"]
    problem = surroundings.misspelt().what
    assert "ALOWED_HOSTS (ALLOWED_HOSTS?)" in problem
    assert "COLOUR" in problem
