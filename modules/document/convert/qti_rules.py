"""Reads the rules of a quiz from the package of Canvas, as lines of our front matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from modules.document.convert.export_qti import CANVAS, POLICIES
from modules.document.convert.numbers import decimal
from modules.document.convert.xml_input import parse_xml, text_of
from modules.document.problems import DocumentError
from modules.document.syntax.rules import RULES

NAME = "assessment_meta.xml"


def rules_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Returns the rules of the only quiz of a package. A package with several has none, since they may differ."""
    paths = [
        path for path in files if path.rpartition("/")[2] == NAME and CANVAS.encode() in files[path][:2000]
    ]
    if len(paths) != 1:
        return {}
    try:
        root = parse_xml(files[paths[0]])
    except DocumentError:
        return {}
    return dict(_rules(root)) if root.tag == "quiz" else {}


def _rules(root: Element) -> Iterator[tuple[str, str]]:
    for name, key in (("allowed_attempts", "attempts"), ("time_limit", "time_limit")):
        number = decimal(text_of(root, name))
        bounds = RULES[key].bounds
        if number is not None and bounds and bounds[0] <= number <= bounds[1]:
            yield key, str(int(number))
    policy = text_of(root, "scoring_policy").strip()
    counts = next((word for word, name in POLICIES.items() if name == policy), "highest")
    if counts != "highest":
        yield "counts", counts
    if text_of(root, "shuffle_answers").strip() == "true":
        yield "shuffle", "true"
