"""Writes the HTML of every page that can be reached into a folder, each time from the same new database.

    python -m tests.html.keep FOLDER

Visits the pages as a visitor, a learner, an instructor and an administrator, in both languages, and follows every
link. The clock stands still and chance has a seed, so that two runs of the same code write the same files.
"""

import contextlib
import io
import os
import random
import re
import sys
import tempfile
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock
from urllib.parse import urljoin, urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LINK = re.compile(r'<a\b[^>]*?href="([^"#]+)', re.S)
MOST_PAGES = 250  # of one person in one language
LEFT_ALONE = re.compile(
    r"/(logout|media|static|download|downloads|jsi18n)\b|\.(csv|md|zip)\b|/document/|[?&](e|o|p|q|all)="
)
STARTS = {
    "visitor": ["/", "/accounts/signup/", "/accounts/login/", "/accounts/password/reset/", "/nowhere/"],
    "learner": ["/", "/learning/", "/search/?q=model", "/accounts/email/", "/accounts/password/change/"],
    "instructor": [
        "/admin/",
        "/admin/modules/draft/1/plan/",
        "/admin/modules/draft/2/plan/",
        "/preview/drafts/2/",
        "/",
    ],
    "administrator": ["/admin/"],
}
WRONG = "# Salah\n\n## Bacaan\n\nTeks.\n\n## Kuis akhir\n\n### Tanpa kunci?\n\n- [ ] satu\n- [ ] dua\n"


def main(folder: str) -> None:
    with tempfile.TemporaryDirectory() as data:
        os.environ.update(DATA_DIR=data, SECRET_KEY="only-for-tests-" + "0123456789abcdef" * 4, HTTPS="off")
        with (
            mock.patch("random.SystemRandom", side_effect=lambda: random.Random(1)),
            mock.patch("django.utils.timezone.now", return_value=NOW),
        ):
            django.setup()
            people = furnish()
            for person, starts in STARTS.items():
                for language in ("id", "en"):
                    visit(people.get(person), language, starts, Path(folder) / f"{person}-{language}")


def furnish() -> dict[str, object]:
    """Makes the example modules, accounts, attempts, a draft with mistakes and a draft with a plan."""
    from django.core.management import call_command

    from accounts.models import User
    from accounts.roles import Role, open_account
    from modules.models import Draft, Module
    from tests.journeys import scene

    with contextlib.redirect_stdout(io.StringIO()):
        call_command("prepare", examples=True, verbosity=0)
        people = {}
        for person, role in (
            ("learner", Role.LEARNER),
            ("instructor", Role.INSTRUCTOR),
            ("administrator", Role.ADMINISTRATOR),
        ):
            open_account(f"{person}@example.org", role=role, name=person.title())
            people[person] = User.objects.get(email=f"{person}@example.org")
        scene.furnish("learner@example.org")
    module = Module.objects.get(slug=scene.AI)
    changed = (
        module.text().replace("## ", "## Tentang ", 1).replace("model", "Model", 3)
        + "\n### Soal baru?\n\n- [x] ya\n- [ ] tidak\n"
    )
    for text, of in ((WRONG, None), (changed, module)):
        draft = Draft(author=people["instructor"], module=of, text=text, filename="modul.md")
        if of is not None:
            setattr(draft, "base_revision" if hasattr(Draft, "base_revision") else "planned_for", of.current)
        draft.save()
    return people


def visit(person: object, language: str, starts: list[str], folder: Path) -> None:
    """Writes the pages that one person reaches in one language."""
    from django.test import Client

    folder.mkdir(parents=True)
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["language"] = language
    waiting, seen = deque(starts), set(starts)
    while waiting and len(seen) < 10 * MOST_PAGES and len(list(folder.iterdir())) < MOST_PAGES:
        path = waiting.popleft()
        response = client.get(path, HTTP_HOST="localhost")
        if response.status_code in (301, 302):
            links = [response.headers["Location"]]
        elif "text/html" in response.headers.get("Content-Type", "") and not response.streaming:
            page = response.content.decode()
            name = re.sub(r"[^\w.-]+", "_", path.strip("/")) or "home"
            (folder / f"{name}.html").write_text(
                f"<!-- {response.status_code} {path} -->\n{page}", encoding="utf-8"
            )
            links = [urljoin(path, link.replace("&amp;", "&")) for link in LINK.findall(page)]
        else:
            continue
        for link in links:
            parts = urlsplit(link)
            inside = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc in ("", "localhost") and inside not in seen and not LEFT_ALONE.search(inside):
                seen.add(inside)
                waiting.append(inside)


if __name__ == "__main__":
    main(sys.argv[1])
