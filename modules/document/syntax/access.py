"""Says who may read the sections of a module. One table says everything about each value."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from modules.document.problems import N_


class Access(StrEnum):
    CLASSES = "classes"
    LEARNERS = "learners"
    PREVIEW = "preview"
    OPEN = "open"


# Names each value, on the plan page and in the form.
ACCESS_WORDS: Mapping[str, str] = {
    Access.CLASSES.value: N_("members of the classes to which it is assigned"),
    Access.LEARNERS.value: N_("learners who have signed in"),
    Access.PREVIEW.value: N_("visitors too, the first section"),
    Access.OPEN.value: N_("visitors too, all sections"),
}
