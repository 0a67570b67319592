"""Simulates quizzes with a wrong key and without, and counts how often the rule about the key is right.

    .venv/bin/python bench/item_rules.py [--quick] [--seed SEED]

A quiz has twenty questions with four choices. Learners know an answer by the logistic model with two parameters, and
guess otherwise. In each quiz, two questions are traps: seven of ten who guess take the same wrong choice. The rule is
the one that instructors see. The exit status is 1 if a promise is not held.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from modules.insights.item_analysis import Answer, Choice, Tally
from modules.insights.item_rules import Finding, verdicts

QUIZZES, QUICK_QUIZZES = 400, 50
QUESTIONS, CHOICES, TRAPS = 20, 4, 2
SIZES = (10, 15, 30, 60, 200)
TRUE, RIVAL = 0, 1  # the choice that is right, and the one that a wrong key or a trap names
TRAP = (0.1, 0.7, 0.1, 0.1)  # what those choose who guess at a trap
# The least share of wrong keys that are found, and the largest share of clean quizzes with an alarm.
PROMISES = {30: (0.80, 0.15), 200: (0.98, 0.01)}
SILENT_UNDER = 15


@dataclass(frozen=True)
class Item:
    """A question: how steep and how hard it is, what guessing chooses, and the choice that the key names."""

    steepness: float
    difficulty: float
    guesses: Sequence[float]
    key: int = TRUE

    def chosen_by(self, ability: float, chance: random.Random) -> int:
        knows = 1 / (1 + math.exp(-self.steepness * (ability - self.difficulty)))
        return TRUE if chance.random() < knows else chance.choices(range(CHOICES), self.guesses)[0]


@dataclass
class Counts:
    """Counts quizzes: ``found`` have an alarm at the wrong key, ``false`` at another one; ``said`` any verdict."""

    found: int = 0
    false: int = 0
    said: int = 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_QUIZZES} quizzes of each kind")
    parser.add_argument("--seed", default="tuntas", help="other learners and questions")
    options = parser.parse_args()
    quizzes = QUICK_QUIZZES if options.quick else QUIZZES
    print(
        "| learners | wrong keys found | clean quizzes with a false alarm | false alarm beside a wrong key | verdicts |"
    )
    print("| --- | --- | --- | --- | --- |")
    held = [measure(size, quizzes, options.seed) for size in SIZES]
    print("Every promise is held." if all(held) else "A promise is not held.")
    return 0 if all(held) else 1


def measure(size: int, quizzes: int, seed: str) -> bool:
    planted, clean = (count(size, quizzes, seed, is_planted=kind) for kind in (True, False))
    found, false, beside = (number / quizzes for number in (planted.found, clean.false, planted.false))
    said = planted.said + clean.said
    print(f"| {size} | {found:.1%} | {false:.1%} | {beside:.1%} | {said} |", flush=True)
    if size < SILENT_UNDER:
        return said == 0
    least, most = PROMISES.get(size, (0.0, 1.0))
    return found >= least and false <= most


def count(size: int, quizzes: int, seed: str, *, is_planted: bool) -> Counts:
    chance, counts = random.Random(f"{seed} {size} {is_planted}"), Counts()
    for _quiz in range(quizzes):
        items = a_quiz(chance, is_planted=is_planted)
        alarms = set()
        for number, item_verdicts in enumerate(judge(items, size, chance)):
            counts.said += len(item_verdicts)
            if any(verdict.finding == Finding.KEY for verdict in item_verdicts):
                alarms.add(number)
        wrong = {number for number, item in enumerate(items) if item.key != TRUE}
        counts.found += bool(alarms & wrong)
        counts.false += bool(alarms - wrong)
    return counts


def a_quiz(chance: random.Random, *, is_planted: bool) -> list[Item]:
    """Returns questions of mixed difficulty. The first ones are traps; a wrong key is at one of the others."""
    wrong = chance.randrange(TRAPS, QUESTIONS) if is_planted else None
    return [an_item(chance, is_trap=number < TRAPS, is_wrong=number == wrong) for number in range(QUESTIONS)]


def an_item(chance: random.Random, *, is_trap: bool, is_wrong: bool) -> Item:
    steepness = math.exp(chance.gauss(math.log(1.2), 0.3))
    difficulty = chance.gauss(0.3 if is_trap else -0.5, 0.9)
    tempting = [chance.gammavariate(3, 1) for _choice in range(CHOICES)]
    guesses = [0.5 * weight / sum(tempting) + 0.5 / CHOICES for weight in tempting]
    return Item(steepness, difficulty, TRAP if is_trap else guesses, RIVAL if is_wrong else TRUE)


def judge(items: Sequence[Item], size: int, chance: random.Random):
    """Yields what the rules say of each question, after a class of learners has taken the quiz."""
    abilities = [chance.gauss(0, 1) for _learner in range(size)]
    taken = [[item.chosen_by(ability, chance) for item in items] for ability in abilities]
    marks = [sum(chosen == item.key for chosen, item in zip(row, items, strict=True)) for row in taken]
    for number, item in enumerate(items):
        tally = Tally([Choice(str(key), str(key), key == item.key) for key in range(CHOICES)])
        for row, mark in zip(taken, marks, strict=True):
            score = int(row[number] == item.key)
            tally.add(Answer(score, (mark - score) / (len(items) - 1), [str(row[number])]))
        yield verdicts(tally.analysis())


if __name__ == "__main__":
    sys.exit(main())
