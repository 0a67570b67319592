"""Checks that the commands of the Makefile and the list of checks belong together."""

import re
from pathlib import Path

import pytest

from tests import everything

MAKEFILE = (everything.ROOT / "Makefile").read_text(encoding="utf-8")


def steps_of(command: str) -> list[str]:
    return [step.name for step in everything.STEPS if command in step.commands]


@pytest.mark.parametrize("command", everything.COMMANDS)
def test_command_is_in_the_makefile_and_its_help(command: str):
    assert re.search(r"^check test-fast test test-all:.*\n.*everything\.py \$@$", MAKEFILE, re.MULTILINE)
    assert re.search(rf"^# make {command}\s", MAKEFILE, re.MULTILINE)
    assert steps_of(command)


def test_whole_run_leaves_out_only_the_short_cut():
    left_out = {step.name for step in everything.STEPS} - set(steps_of("test"))
    assert left_out == {"faster tests on SQLite"}
    assert set(steps_of("check")) < set(steps_of("test"))


def test_check_runs_no_test():
    assert not any("pytest" in step.program for step in everything.STEPS if "check" in step.commands)


def test_each_program_is_installed():
    programs = {step.program[0] for step in everything.STEPS}
    assert {name for name in programs if not Path(everything.BIN, name).exists()} == set()
