"""Makes a library for ``bench/search.py`` and searches it, in a process of its own for each database.

    python bench/library.py fill SECTIONS SEED
    python bench/library.py search ROUNDS SEED

``search`` prints the figures and the hits of each query as JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from textwrap import dedent
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from modules.authoring import apply, planning, uploads  # noqa: E402
from modules.document.html import render  # noqa: E402
from modules.models import BATCH, Draft, IndexedPage, IndexedStem, Module, Section  # noqa: E402
from modules.quizzes import withdrawal  # noqa: E402
from modules.reading import access  # noqa: E402
from modules.search import index, passages, query  # noqa: E402

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
IN_A_MODULE = 25  # sections
WRITTEN = 500  # sections; the others are copies of their modules, since making an index of as many takes long
WORDS = (120, 600)  # of a section
VOCABULARY = 20_000
COMMON = "yang dan data model di untuk dengan nilai belajar dari".split()  # noqa: SIM905
SYLLABLES = "ba be bi ca da di du fa ga gi ha ja ka ke ki ku la le li lo ma me na ni pa po ra ri sa se su ta ti wa ya".split()  # noqa: SIM905
PREFIXES, SUFFIXES = ("", "", "", "me", "ber", "di", "pe"), ("", "", "", "kan", "an", "nya")
PLANTED = (
    "rahasiadraf",
    "rahasiatarik",
    "rahasiabelum",
    "rahasiasoal",
    "rahasiakunci",
    "rahasiacek",
    "rahasiaulas",
)
HIDDEN = dedent("""\
    # {title}

    ## Bacaan

    Teks {word} di sini.

    ### Cek rahasiacek? {{.check}}

    - [x] Benar rahasiakunci
      > Umpan rahasiaulas
    - [ ] Salah rahasiacek

    > Penjelasan rahasiaulas

    <!-- catatan rahasiakunci -->

    ## Kuis akhir

    ### Soal rahasiasoal?

    - [x] Betul rahasiakunci
      > Umpan rahasiaulas
    - [ ] Salah rahasiasoal

    > Penjelasan rahasiaulas
    """)


def vocabulary(rng: random.Random) -> list[str]:
    """Returns words from the most to the least common. The first ones stand in nearly every section."""
    words = dict.fromkeys(COMMON)
    while len(words) < VOCABULARY:
        root = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 2, 3, 3, 4))))
        words[rng.choice(PREFIXES) + root + rng.choice(SUFFIXES)] = None
    return list(words)


def fill(sections: int, seed: str) -> None:
    call_command("migrate", verbosity=0)
    rng = random.Random(seed)
    words = vocabulary(rng)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    for number in range(min(sections, WRITTEN) // IN_A_MODULE):
        module = Module.objects.create(
            slug=f"modul-{number}",
            title=" ".join(rng.choices(words, weights, k=3)).title(),
            language="id",
            rendered_with=render.VERSION,
        )
        rows = [section(module, place, rng, words, weights) for place in range(IN_A_MODULE)]
        Section.objects.bulk_create(rows, BATCH)
    Module.objects.update(published_at=NOW)
    hide()
    began = time.perf_counter()
    index.rebuild_outdated()
    seconds = time.perf_counter() - began
    copy(sections)
    print(json.dumps({"seconds": seconds, "written": WRITTEN, "stems": IndexedStem.objects.count()}))


@transaction.atomic
def copy(sections: int) -> None:
    """Copies the modules, with their index, until there are so many sections."""
    originals = list(Module.objects.filter(slug__startswith="modul-").order_by("pk"))
    for number in range(len(originals), sections // IN_A_MODULE):
        original = originals[number % len(originals)]
        rows, pages = (
            list(original.sections.order_by("place")),
            list(original.indexed_pages.order_by("number")),
        )
        clone = Module.objects.get(pk=original.pk)
        clone.pk, clone.slug = None, f"modul-{number}"
        clone.save()
        for row in rows:
            row.pk, row.module = None, clone
        Section.objects.bulk_create(rows, BATCH)
        for page, row in zip(pages, [None, *rows], strict=True):
            page.pk, page.module, page.section = None, clone, row
        IndexedPage.objects.bulk_create(pages, BATCH)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO modules_indexedstem (module_id, stem, pages, places) "
                "SELECT %s, stem, pages, places FROM modules_indexedstem WHERE module_id = %s",
                [clone.pk, original.pk],
            )


def section(
    module: Module, place: int, rng: random.Random, words: Sequence[str], weights: Sequence[float]
) -> Section:
    text = rng.choices(words, weights, k=rng.randint(*WORDS))
    half = len(text) // 2
    heading = " ".join(rng.choices(words, weights, k=2))
    html = f'<p>{" ".join(text[:half])}</p><h2 id="s-1">{heading}</h2><p>{" ".join(text[half:])}</p>'
    title = " ".join(rng.choices(words, weights, k=3))
    return Section(
        module=module, place=place, identity=f"bagian-{place}", title=title, html=html, words=len(text)
    )


def hide() -> None:
    """Plants words where no learner may read them: in a draft, in unpublished and withdrawn modules, in questions."""
    author = User.objects.create_user("pengajar@example.com", name="Pengajar")
    Draft.objects.create(author=author, text=HIDDEN.format(title="Draf", word="rahasiadraf"))
    load("Belum", "rahasiabelum")
    withdrawal.withdraw(published("Ditarik", "rahasiatarik"), by=None, now=NOW, keeps_learners=False)
    withdrawal.withdraw(published("Dilanjutkan", "rahasialanjut"), by=None, now=NOW, keeps_learners=True)
    published("Terbuka", "terbuka")


def load(title: str, word: str) -> Module:
    text = HIDDEN.format(title=title, word=word)
    return apply.apply_plan(planning.plan_document(None, uploads.parse_with_images(text)), by=None, now=NOW)


def published(title: str, word: str) -> Module:
    module = load(title, word)
    withdrawal.publish(module, by=None, now=NOW)
    module.refresh_from_db()
    return module


def queries(rng: random.Random, seed: str, rounds: int) -> dict[str, list[str]]:
    """Returns what is looked for, by kind."""
    words = vocabulary(random.Random(seed))
    common, usual, rare = words[1:12], words[12:300], words[4_000:12_000]

    def some(count: int, *pools: Sequence[str]) -> list[str]:
        return [" ".join(rng.choice(pool) for pool in pools) for _ in range(count)]

    return {
        "rare": some(rounds, rare),
        "common": some(rounds, common),
        "several": some(rounds, common, usual, usual),
        "several common": some(rounds, common, common, common),
        "phrase": [f'"{pair}"' for pair in some(rounds, common, common)],
        "none": [f"zzq{word}" for word in some(rounds, rare)],
    }


def search(rounds: int, seed: str) -> None:
    rng = random.Random(f"{seed}-queries")
    asked = queries(rng, seed, rounds)
    learner = User.objects.create_user("peserta@example.com", name="Peserta")
    client = Client()
    client.force_login(learner)
    bare = Bare()
    kinds: dict[str, Any] = {}
    for kind, texts in asked.items():
        for text in texts[:5]:  # they fill the caches
            found_by(learner, text)
            bare.search(text)
        times: dict[str, list[float]] = {"search": [], "processor": [], "page": [], "bare": []}
        for text in texts:
            began = time.process_time()
            times["search"].append(timed(lambda text=text: found_by(learner, text)))
            times["processor"].append(1000 * (time.process_time() - began))
            times["bare"].append(timed(lambda text=text: bare.search(text)))
            times["page"].append(timed(lambda text=text: client.get("/search/", {"q": text})))
        kinds[kind] = {name: spread(values) for name, values in times.items()}
        kinds[kind]["hits"] = statistics.median(len(found_by(learner, text)[0]) for text in texts)
    answers = {text: answer(learner, text) for texts in asked.values() for text in texts}
    print(json.dumps({"kinds": kinds, "answers": answers, "planted": planted(learner)}))


def found_by(learner: User, text: str) -> tuple[list[int], list[passages.ShownPage]]:
    asked = query.parse(text)
    found = query.find(asked, access.readable_modules(learner))
    return list(found.pages), passages.show(asked, found.hits(0, 10))


def answer(learner: User, text: str) -> str:
    """Returns a fingerprint of everything that is found, in its order."""
    found = query.find(query.parse(text), access.readable_modules(learner))
    hits = [f"{hit.module.slug}/{hit.number}" for hit in found.hits(0, len(found.pages))]
    return hashlib.sha256("\n".join(hits).encode()).hexdigest()


def timed(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Returns the median and the value that 19 of 20 do not exceed."""
    return statistics.median(values), statistics.quantiles(values, n=20)[-1]


def planted(learner: User) -> dict[str, int]:
    """Counts the planted words in the index, and their hits. “terbuka” is planted where learners may read.

    So is “rahasialanjut”, but only for those who have begun its module, and nobody has. So only hits count.
    """
    kept = " ".join(json.dumps(row) for row in IndexedPage.objects.values_list("title", "pieces"))
    stems = " ".join(IndexedStem.objects.values_list("stem", flat=True))
    counts = {
        word: kept.count(word) + stems.count(word) + len(found_by(learner, word)[0])
        for word in (*PLANTED, "terbuka")
    }
    return counts | {"rahasialanjut": len(found_by(learner, "rahasialanjut")[0])}


class Bare:
    """The full-text search of the database itself, on the same stems: ten hits by its own rank, counts by module."""

    def __init__(self) -> None:
        self.is_sqlite = connection.vendor == "sqlite"
        with connection.cursor() as cursor:
            if self.is_sqlite:
                cursor.execute("CREATE VIRTUAL TABLE bare USING fts5(words, module UNINDEXED)")
            else:
                cursor.execute("CREATE TABLE bare (id serial PRIMARY KEY, module int, words tsvector)")
            for module, words in self._texts():
                if self.is_sqlite:
                    cursor.execute("INSERT INTO bare (words, module) VALUES (%s, %s)", [words, module])
                else:
                    cursor.execute(
                        "INSERT INTO bare (module, words) VALUES (%s, to_tsvector('simple', %s))",
                        [module, words],
                    )
            if not self.is_sqlite:
                cursor.execute("CREATE INDEX bare_words ON bare USING gin (words)")
                cursor.execute("ANALYZE bare")

    def _texts(self) -> Iterator[tuple[int, str]]:
        reader = index.Reader("id")
        for module, title, kept in IndexedPage.objects.values_list("module", "title", "pieces").iterator():
            texts = [title, *(piece[2] for piece in kept)]
            yield module, " ".join(word.key[3:] for text in texts for word in reader.words(text))

    def search(self, text: str) -> None:
        stems = [keys[0][3:] for term in query.parse(text).terms if (keys := term.keys["id"])]
        with connection.cursor() as cursor:
            if self.is_sqlite:
                match = " AND ".join(f'"{stem}"' for stem in stems)
                ranked = "SELECT rowid FROM bare WHERE bare MATCH %s ORDER BY rank LIMIT 10"
                counted = "SELECT module, count(*) FROM bare WHERE bare MATCH %s GROUP BY module"
                asked = [match]
            else:
                asked = [" & ".join(stems)] * 2
                ranked = (
                    "SELECT id FROM bare WHERE words @@ to_tsquery('simple', %s) "
                    "ORDER BY ts_rank(words, to_tsquery('simple', %s)) DESC LIMIT 10"
                )
                counted = "SELECT module, count(*) FROM bare WHERE words @@ to_tsquery('simple', %s) GROUP BY module"
            for statement in (ranked, counted):
                cursor.execute(statement, asked[: statement.count("%s")])
                cursor.fetchall()


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"fill": fill, "search": search}[command](int(arguments[0]), arguments[1])
