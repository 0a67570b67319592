"""Plays the history of some files in a separate database and prints the result of each as a line of JSON.

    python -m tests.simulation.history SEED FOLDER...

Each folder holds the versions of one file, named so that they sort by their age. The script bench/history.py starts
it with the environment of a new installation.
"""

import json
import os
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from modules.authoring import apply, downloads, planning, uploads  # noqa: E402
from modules.authoring.plan import Decisions, Plan  # noqa: E402
from modules.document.convert.document import convert  # noqa: E402
from modules.document.problems import DocumentError  # noqa: E402
from modules.document.syntax import parser, source  # noqa: E402
from modules.models import Module, Quiz  # noqa: E402

from . import invariants, plans  # noqa: E402
from .rows import Rows, rows_of  # noqa: E402
from .silly import as_text, silly_questions  # noqa: E402
from .witnesses import Witnesses  # noqa: E402

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MOST_ROUNDS = 20  # rounds of ambiguities that one load may have; a load that needs more is a failure


def main(seed: str, *folders: str) -> None:
    call_command("migrate", verbosity=0)
    for folder in map(Path, folders):
        versions = [file.read_bytes() for file in sorted(folder.iterdir())]
        history = History(folder.name, seed)
        history.play(versions)
        print(json.dumps(history.as_json()), flush=True)


@dataclass
class History:
    """Loads each version of a file over the one before, while learners read and answer.

    ``figures`` counts what happened, and ``most`` is the highest number of questions of one load.
    """

    name: str
    seed: str
    module: Module | None = None
    witnesses: Witnesses | None = None
    figures: Counter[str] = field(default_factory=Counter)
    most: int = 0
    failures: list[dict[str, str]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(f"{self.seed}-{self.name}")
        self.now = NOON

    def play(self, versions: Iterable[bytes]) -> None:
        for content in versions:
            self.now += timedelta(hours=1)
            if self.witnesses:
                self.witnesses.study(self.figures["loads"], self.now)
            self._take_version(content)

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "figures": dict(self.figures),
            "most": self.most,
            "failures": self.failures,
            "questions": self.questions,
        }

    def _take_version(self, content: bytes) -> None:
        """Loads a version, unless it cannot be a document or says what the module says. Notes what goes wrong."""
        self.figures["versions"] += 1
        before = self.module.text() if self.module else ""
        try:
            text = text_of(content, self.name)
            document = self._parse(text)
            if document.errors and document.quiz:
                self.figures["mended"] += 1
                document = self._parse(text := without_broken_questions(text, document))
            if document.errors:
                self.figures["refused"] += 1
            elif text == before:
                self.figures["unchanged"] += 1
            else:
                wrong = self._load(document)
                self.failures += [{"sentence": sentence, "old": before, "new": text} for sentence in wrong]
        except DocumentError:
            self.figures["refused"] += 1
        except Exception:
            sentence = f"an exception: {traceback.format_exc()}"
            self.failures.append(
                {"sentence": sentence, "old": before, "new": content.decode(errors="replace")}
            )

    def _parse(self, text: str) -> parser.Document:
        return uploads.parse_with_images(text, name=f"{self.name}.md", module=self.module)

    # -------------------------------------------------------------------------------------------------- loads

    def _load(self, document: parser.Document) -> list[str]:
        """Loads a document and returns a sentence for everything that is wrong then."""
        if self.module is None:
            self._begin(document)
            return []
        self.module.refresh_from_db()
        before = rows_of(self.module)
        plan = self._plan(document, before)
        if plan.open_ambiguities:
            return [f"ambiguities remain after {MOST_ROUNDS} rounds"]
        apply.apply_plan(plan, by=None, now=self.now)
        self.figures["loads"] += 1
        after = rows_of(self.module)
        self._count(plan, after)
        return list(self._problems(plan, before, after))

    def _begin(self, document: parser.Document) -> None:
        """Makes a module with an address of its own, whatever other files say."""
        fresh = replace(document, slug=f"riwayat-{self.random.getrandbits(64):x}", slug_is_given=False)
        self.module = apply.apply_plan(planning.plan_document(None, fresh), by=None, now=self.now)
        Module.objects.filter(pk=self.module.pk).update(published_at=self.now)
        self.module.refresh_from_db()
        self.witnesses = Witnesses(self.random, self.module)

    def _plan(self, document: parser.Document, before: Rows) -> Plan:
        """Returns a plan in which every ambiguity is decided as proposed, and half of the keys are graded again."""
        Quiz.objects.filter(module=self.module).update(quiz_opens=Quiz.QuizOpens.AT_ONCE)
        decisions, asked = Decisions(), 0
        for _round in range(MOST_ROUNDS):
            plan = planning.plan_document(self.module, document, decisions)
            if not plan.open_ambiguities:
                break
            asked += self._count_questions(plan, before)
            answers = {ambiguity.key: ambiguity.proposal for ambiguity in plan.open_ambiguities}
            decisions = replace(decisions, by_ambiguity={**decisions.by_ambiguity, **answers})
        self.most = max(self.most, asked)
        self.figures["loads with a question"] += bool(asked)
        regrade = {change.identity for change in plan.changes if change.effect and self.random.random() < 0.5}
        decisions = replace(decisions, regrade=frozenset(regrade))
        return planning.plan_document(self.module, document, decisions)

    def _count_questions(self, plan: Plan, before: Rows) -> int:
        silly = {ambiguity.key: reason for ambiguity, reason in silly_questions(plan, before)}
        self.questions += [
            f"load {self.figures['loads']}: {as_text(ambiguity, silly.get(ambiguity.key, ''))}"
            for ambiguity in plan.open_ambiguities
        ]
        self.figures["silly"] += len(silly)
        self.figures["asked"] += len(plan.open_ambiguities)
        self.figures.update(f"asked of a {ambiguity.kind}" for ambiguity in plan.open_ambiguities)
        return len(plan.open_ambiguities)

    def _count(self, plan: Plan, after: Rows) -> None:
        self.figures["parts"] += len(after.active_sections) + len(after.active_questions)
        self.figures["regraded"] += sum(change.regrade for change in plan.changes)
        for name in ("readings", "responses"):
            self.figures[name] = len(getattr(after, name))

    def _problems(self, plan: Plan, before: Rows, after: Rows) -> Iterator[str]:
        assert self.module
        assert self.witnesses
        text = plan.document.text
        yield from plans.differences(plan, before, after)
        yield from invariants.broken(self.module, text, after, plan.document)
        yield from invariants.broken_between(before, after)
        yield from self.witnesses.wrong(after)
        if downloads.copy_of(Module.objects.get(pk=self.module.pk)).content != text.encode():
            yield "the download is not what was loaded"


def text_of(content: bytes, name: str) -> str:
    """Returns a version with its questions in our notation. Raises :class:`DocumentError` if it is no text."""
    return convert(source.decode(content)[0], f"{name}.md").text


def without_broken_questions(text: str, document: parser.Document) -> str:
    """Returns a text without the questions that have errors, as an author leaves out what cannot be loaded yet."""
    lines = {problem.line for problem in document.errors}
    for question in document.quiz.questions if document.quiz else ():
        start = text.find(question.source)
        first = text.count("\n", 0, max(start, 0)) + 1
        if start >= 0 and lines & {*range(first, first + question.source.count("\n") + 1)}:
            text = text.replace(question.source, "\n" * question.source.count("\n"), 1)
    return text


if __name__ == "__main__":
    main(*sys.argv[1:])
