"""Checks the shape of a commit message: ``python tests/commits.py FILE``, as git's commit-msg hook calls it."""

import re
import sys
from pathlib import Path

LONGEST_SUBJECT = 70  # characters; longer ones are cut in most lists of commits
SCISSORS = "# ------------------------ >8 ------------------------"
MADE_BY_GIT = ("Merge ", "Revert ", "fixup! ", "squash! ", "amend! ")
TRAILER = re.compile(r"[A-Z][A-Za-z-]*: \S")


def problems_of(message: str) -> list[str]:
    """Returns a sentence for each thing that is wrong with a commit message; an empty list where nothing is."""
    lines = _lines_of(message)
    subject, rest = (lines[0], lines[1:]) if lines else ("", [])
    if subject.startswith(MADE_BY_GIT):
        return []
    problems = _problems_of_subject(subject)
    if rest and rest[0]:
        problems.append("The second line has to be blank.")
    if not any(line and not TRAILER.match(line) for line in rest):
        problems.append("The message needs a body that gives the reason for the change.")
    return problems


def _lines_of(message: str) -> list[str]:
    """Returns the lines that git keeps: no comments, nothing after the scissors, no blank line at either end."""
    kept = message.split(SCISSORS, maxsplit=1)[0].splitlines()
    text = "\n".join(line.rstrip() for line in kept if not line.startswith("#"))
    return text.strip("\n").splitlines()


def _problems_of_subject(subject: str) -> list[str]:
    if not subject:
        return ["The message needs a subject."]
    problems = []
    if len(subject) > LONGEST_SUBJECT:
        problems.append(f"The subject has {len(subject)} characters; at most {LONGEST_SUBJECT} are allowed.")
    if subject.endswith("."):
        problems.append("The subject ends with a full stop; leave it out.")
    return problems


def main() -> None:
    problems = problems_of(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
