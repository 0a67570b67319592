"""Writes a quiz as a package of QTI 1.2, as Canvas imports it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import groupby
from urllib.parse import quote
from xml.etree.ElementTree import Element

from modules.document.convert.exported import Exported, losses_of, problems_of, take_apart
from modules.document.convert.numbers import bounds
from modules.document.convert.portable import PortableQuestion, PortableQuiz
from modules.document.convert.xml_output import add, to_bytes
from modules.document.syntax import archive
from modules.document.syntax.values import Document, Pool

FILES = "%24IMS-CC-FILEBASE%24/"  # begins the address of a file of the package
TYPES = {
    "single": "multiple_choice_question",
    "multiple": "multiple_answers_question",
    "short": "short_answer_question",
    "numerical": "numerical_question",
}
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
POLICIES = {"highest": "keep_highest", "average": "keep_average", "last": "keep_latest"}
GENERAL = "general_fb"
IDENT = "tuntas"  # begins the name of each question: its module and its identity follow


def export_qti(document: Document, images: Mapping[str, bytes]) -> Exported:
    """Returns the quiz of a document that has no errors. ``images`` has the module's images by their paths."""
    quiz, shown = take_apart(document, images, lambda path: FILES + quote(_placed(path)))
    losses = losses_of(quiz) - {"rules"} | {"other-rules", *_losses(quiz)}
    package = _identifier("quiz", document.slug)
    files = {
        "imsmanifest.xml": _manifest(document, package, shown),
        f"{package}/assessment_meta.xml": _settings(document, quiz, package),
        f"{package}/{package}.xml": _assessment(quiz, package),
        **{_placed(path): content for path, content in shown.items()},
    }
    content = io.BytesIO()
    archive.pack(files.items(), content)
    return Exported(f"{document.slug}.qti.zip", content.getvalue(), problems_of(losses))


def _placed(path: str) -> str:
    """Returns the path of an image inside the package, from which no step leads out."""
    return "images/" + "/".join(step for step in path.removeprefix("images/").split("/") if step != "..")


def _identifier(*names: str) -> str:
    """Returns a name that begins with a letter and is the same each time."""
    return f"g{hashlib.sha256(chr(0).join(names).encode()).hexdigest()[:31]}"


def _losses(quiz: PortableQuiz) -> Iterator[str]:
    if any(Fraction(_decimal(question.points)) != question.points for question in quiz.questions):
        yield "points-exactly"
    if quiz.document.rules.counts not in POLICIES:
        yield "counts"
    yield "identity-anew"
    for pool, questions in groupby(quiz.questions, key=lambda question: question.pool):
        if pool and len({question.points for question in questions}) > 1:
            yield "pool-points"


def _decimal(number: Fraction) -> str:
    return f"{float(number):.4f}".rstrip("0").rstrip(".")


def _manifest(document: Document, package: str, images: Mapping[str, bytes]) -> bytes:
    settings = _identifier("settings", document.slug)
    root = Element("manifest", {"identifier": _identifier("package", document.slug), "xmlns": PACKAGE})
    metadata = add(root, "metadata")
    add(metadata, "schema", "IMS Content")
    add(metadata, "schemaversion", "1.1.3")
    add(root, "organizations")
    resources = add(root, "resources")
    quiz = add(resources, "resource", identifier=package, type="imsqti_xmlv1p2")
    add(quiz, "file", href=f"{package}/{package}.xml")
    add(quiz, "dependency", identifierref=settings)
    aside = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
    href = f"{package}/assessment_meta.xml"
    add(add(resources, "resource", identifier=settings, type=aside, href=href), "file", href=href)
    for path in map(_placed, images):
        image = add(
            resources, "resource", identifier=_identifier("image", path), type="webcontent", href=path
        )
        add(image, "file", href=path)
    return to_bytes(root)


def _settings(document: Document, quiz: PortableQuiz, package: str) -> bytes:
    """Returns the rules of the quiz that Canvas knows."""
    rules = document.rules
    root = Element("quiz", {"identifier": package, "xmlns": CANVAS})
    add(root, "title", document.title)
    add(root, "description", document.summary)
    add(root, "quiz_type", "assignment")
    add(root, "shuffle_answers", "true" if rules.shuffle else "false")
    add(root, "scoring_policy", POLICIES.get(rules.counts, "keep_highest"))
    add(root, "allowed_attempts", str(rules.attempts or -1))
    if rules.time_limit:
        add(root, "time_limit", str(rules.time_limit))
    add(root, "points_possible", _decimal(sum((question.points for question in quiz.questions), Fraction(0))))
    return to_bytes(root)


def _assessment(quiz: PortableQuiz, package: str) -> bytes:
    root = Element("questestinterop", {"xmlns": QTI})
    assessment = add(root, "assessment", ident=package, title=quiz.document.title)
    section = add(assessment, "section", ident="root_section")
    for pool, group in groupby(quiz.questions, key=lambda question: question.pool):
        questions = list(group)
        parent = _pool(section, pool, questions) if pool else section
        for question in questions:
            _Item(parent, question, quiz.document.slug).add()
    return to_bytes(root)


def _pool(section: Element, pool: Pool, questions: list[PortableQuestion]) -> Element:
    inner = add(section, "section", ident=_identifier("pool", pool.title, str(pool.place)), title=pool.title)
    selection = add(add(inner, "selection_ordering"), "selection")
    add(selection, "selection_number", str(pool.asks))
    add(add(selection, "selection_extension"), "points_per_item", _decimal(questions[0].points))
    return inner


class _Item:
    """Adds one question to a section."""

    def __init__(self, section: Element, question: PortableQuestion, slug: str) -> None:
        self.question = question
        title = question.title
        self.item = add(section, "item", ident=f"{IDENT}.{slug}.{question.identity}", title=title)
        self.choices = [(str(1000 + place), choice) for place, choice in enumerate(question.choices)]

    def add(self) -> None:
        metadata = add(add(self.item, "itemmetadata"), "qtimetadata")
        _field(metadata, "question_type", TYPES[self.question.kind])
        _field(metadata, "points_possible", _decimal(self.question.points))
        presentation = add(self.item, "presentation")
        _material(presentation, self.question.prompt)
        if self.question.choices:
            self._add_choices(presentation)
        else:
            self._add_field(presentation)
        self._add_conditions()
        for name, choice in self.choices:
            self._add_feedback(f"{name}_fb", choice.feedback)
        self._add_feedback(GENERAL, self.question.explanation)

    def _add_choices(self, presentation: Element) -> None:
        cardinality = "Single" if self.question.kind == "single" else "Multiple"
        response = add(presentation, "response_lid", ident="response1", rcardinality=cardinality)
        render = add(response, "render_choice")
        for name, choice in self.choices:
            _material(add(render, "response_label", ident=name), choice.html)

    def _add_field(self, presentation: Element) -> None:
        response = add(presentation, "response_str", ident="response1", rcardinality="Single")
        attributes = {"fibtype": "Decimal"} if self.question.kind == "numerical" else {}
        add(add(response, "render_fib", **attributes), "response_label", ident="answer1")

    def _add_conditions(self) -> None:
        processing = add(self.item, "resprocessing")
        outcome = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
        add(add(processing, "outcomes"), "decvar", **outcome)
        if self.question.explanation:
            add(_condition(processing, goes_on=True), "other")
            _show(processing, GENERAL)
        for name, choice in self.choices:
            if choice.feedback:
                _equal(_condition(processing, goes_on=True), name)
                _show(processing, f"{name}_fb")
        for condition in self._right_conditions(processing):
            add(condition, "setvar", "100", action="Set", varname="SCORE")

    def _right_conditions(self, processing: Element) -> Iterator[Element]:
        """Adds the conditions that give all points, and yields each."""
        if self.question.kind == "numerical":
            for answer in self.question.answers:
                condition = _condition(processing, goes_on=False)
                low, high = bounds(answer.value or "0", answer.tolerance or "0")
                either = add(condition, "or")
                _equal(either, answer.value or "0")
                between = add(either, "and")
                add(between, "vargte", low, respident="response1")
                add(between, "varlte", high, respident="response1")
                yield processing[-1]
            return
        condition = _condition(processing, goes_on=False)
        if self.question.kind == "multiple":
            both = add(condition, "and")
            for name, choice in self.choices:
                _equal(both if choice.right else add(both, "not"), name)
        for name, choice in self.choices if self.question.kind == "single" else ():
            if choice.right:
                _equal(condition, name)
        for answer in self.question.answers:
            _equal(condition, answer.text)
        yield processing[-1]

    def _add_feedback(self, name: str, html: str) -> None:
        if html:
            _material(add(add(self.item, "itemfeedback", ident=name), "flow_mat"), html)


def _field(metadata: Element, label: str, entry: str) -> None:
    field = add(metadata, "qtimetadatafield")
    add(field, "fieldlabel", label)
    add(field, "fieldentry", entry)


def _material(parent: Element, html: str) -> None:
    add(add(parent, "material"), "mattext", html, texttype="text/html")


def _condition(processing: Element, *, goes_on: bool) -> Element:
    """Adds a condition, and returns the element that holds what has to be true."""
    return add(add(processing, "respcondition", **{"continue": "Yes" if goes_on else "No"}), "conditionvar")


def _equal(parent: Element, value: str) -> Element:
    return add(parent, "varequal", value, respident="response1")


def _show(processing: Element, feedback: str) -> None:
    """Lets the last condition show a feedback."""
    add(processing[-1], "displayfeedback", feedbacktype="Response", linkrefid=feedback)
