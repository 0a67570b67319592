"""Loads changed texts into a module, and reads its sections, for tests of changes under learners."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from modules.authoring import apply, planning, uploads
from modules.authoring.plan import Decisions, Plan
from modules.models import Module, Reading, Section
from modules.reading import progress
from tests.cast import NOON, READABLE

INNER = "Merkurius, Venus, Bumi, Mars."
CHANGED = READABLE.replace(INNER, "Merkurius, Venus, Bumi, Mars, dan banyak asteroid kecil.")
RENAMED = READABLE.replace("## Planet dalam", "## Planet kebumian")
OUTER = (
    "Jupiter dan Saturnus adalah raksasa gas.\n\n| A | B |\n| --- | --- |\n| Uranus | Neptunus |\n\n"
    "Uranus dan Neptunus adalah raksasa es yang dingin."
)
WHOLE = f"# Tata surya\n\n## Planet\n\n{INNER}\n\n{OUTER}\n\n## Bulan\n\nSatu.\n"
SPLIT = WHOLE.replace(OUTER, f"## Planet raksasa\n\n{OUTER}")


def planned(text: str, tell: str | None = None) -> Plan:
    """Plans a text for the module. ``tell`` decides what the readers of every changed section are told."""
    module = Module.objects.get()
    document = uploads.parse_with_images(text, module=module)
    decisions = Decisions(tell={section.identity: tell for section in document.sections} if tell else {})
    return planning.plan_document(module, document, decisions)


def load(text: str, *, tell: str = "tell", now=NOON) -> Module:
    """Loads a text into the module. By default, it tells the readers of each changed section."""
    apply.apply_plan(planned(text, tell), by=None, now=now)
    return Module.objects.get()


def change_to(plan: Plan, identity: str = "planet-dalam"):
    """Returns the change of a section in a plan."""
    return next(change for change in plan.changes if change.identity == identity)


def url(identity: str = "planet-dalam", tail: str = "") -> str:
    return f"/modules/{Module.objects.get().slug}/{identity}/{tail}"


def section(identity: str = "planet-dalam") -> Section:
    return Section.objects.select_related("module").get(identity=identity)


def read(learner, identity: str = "planet-dalam", *, now=NOON, revision: int | None = None) -> Reading:
    return progress.record_reading(learner, section(identity), now=now, revision=revision)


def queries(client: Client, address: str) -> int:
    """Counts the queries of a page that was opened once before."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
