"""Checks the shape of commit messages that the commit-msg hook accepts."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import commits

GOOD = "Lock the quiz before its attempts\n\nTwo loads could wait for each other.\n"


@pytest.mark.parametrize(
    "message",
    [
        GOOD,
        f"{'x' * 70}\n\nA reason.\n",
        f"{GOOD}\nSigned-off-by: Sari <sari@example.com>\n",
        f"\n# A comment of the editor\n{GOOD}# Another comment\n",
        f"{GOOD}{commits.SCISSORS}\ndiff --git a/x b/x\n",
        "Merge branch 'markup'\n",
        "fixup! Lock the quiz\n",
    ],
)
def test_good_message_has_no_problem(message: str):
    assert commits.problems_of(message) == []


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ("", "The message needs a subject."),
        ("# Only a comment\n", "The message needs a subject."),
        (f"{'x' * 71}\n\nA reason.\n", "The subject has 71 characters; at most 70 are allowed."),
        ("Lock the quiz.\n\nA reason.\n", "The subject ends with a full stop; leave it out."),
        ("Lock the quiz\nA reason.\n", "The second line has to be blank."),
        ("Lock the quiz\n", "The message needs a body that gives the reason for the change."),
        (
            "Lock the quiz\n\nSigned-off-by: Sari <sari@example.com>\n",
            "The message needs a body that gives the reason for the change.",
        ),
        (
            f"Lock the quiz\n\n{commits.SCISSORS}\ndiff --git a/x b/x\n",
            "The message needs a body that gives the reason for the change.",
        ),
    ],
)
def test_bad_message_says_its_problem(message: str, problem: str):
    assert problem in commits.problems_of(message)


def test_hook_refuses_by_its_exit_status(tmp_path: Path):
    file = tmp_path / "COMMIT_EDITMSG"
    answers = []
    for message in (GOOD, "Lock the quiz.\n"):
        file.write_text(message, encoding="utf-8")
        command = [sys.executable, commits.__file__, str(file)]
        ran = subprocess.run(command, check=False, capture_output=True, text=True)
        answers.append((ran.returncode, ran.stderr.splitlines()))
    assert answers == [
        (0, []),
        (
            1,
            [
                "The subject ends with a full stop; leave it out.",
                "The message needs a body that gives the reason for the change.",
            ],
        ),
    ]
