"""Tests the form for the rules of a quiz. The form changes only the front matter of the document."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from modules.document.syntax.front_matter import KEYS
from modules.document.syntax.rules import Rules
from modules.forms.quiz_rules import QuizRulesForm
from modules.models import Draft, Module, Quiz
from modules.quizzes import attempts
from tests.cast import PLANETS, a_module, at, read_all, take

pytestmark = pytest.mark.django_db

RULES = """\
---
# Aturan kelas A.
title: Tata surya
"time_limit" : 20   # menit
attempts: 2
opens: 2027-03-01 08:00 +09:00
review: {after_closing: [answer, marks], right_after: [marks]}
---
"""
WITH_BOM = "\ufeff" + (RULES + PLANETS).replace("\n", "\r\n")


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def rules_url(module: Module) -> str:
    return f"/admin/modules/module/{module.pk}/rules/"


def form_data(browser, module: Module, **values) -> dict:
    """Returns the data that a browser sends after some fields have got other values."""
    form = browser.get(rules_url(module)).context["form"]
    shown = {name: form[name].value() for name in form.fields} | values
    return {name: value for name, value in shown.items() if value not in (None, False)}


def save(browser, module: Module, **values):
    return browser.post(rules_url(module), form_data(browser, module, **values))


def module_text() -> str:
    return Module.objects.get().text()


# ------------------------------------------------------------------------------------------- saving


@pytest.mark.parametrize("document", [RULES + PLANETS, WITH_BOM])
def test_changed_rule_rewrites_only_its_line(browser, document):
    module = a_module(document)
    answer = save(browser, module, time_limit="45")
    assert answer.headers["Location"] == f"/admin/modules/module/{module.pk}/change/"
    assert module_text() == document.replace('"time_limit" : 20 ', '"time_limit" : 45 ')
    assert Quiz.objects.get().time_limit == 45


def test_unchanged_form_makes_no_revision(browser):
    module = a_module(RULES + PLANETS)
    save(browser, module)
    assert (module_text(), module.revisions.count()) == (RULES + PLANETS, 1)


def test_front_matter_is_added_when_missing(browser):
    module = a_module()
    save(browser, module, attempts="3", shuffle="on")
    assert module_text() == f"---\nattempts: 3\nshuffle: true\n---\n{PLANETS}"


def test_form_changes_every_rule(browser):
    module = a_module()
    save(
        browser, module, pass_mark="80", attempts="3", wait="60", time_limit="30", late="grace", grace="5",
        counts="average", scoring="all_or_nothing", shuffle="on", draw="2", opens="2027-03-01T08:00",
        closes="2027-03-31T17:30", review="by_moment", right_after=["marks"], while_open=[],
        after_closing=["right_answer", "answer"],
    )  # fmt: skip
    quiz = Quiz.objects.get()
    assert (quiz.pass_mark, quiz.attempts_allowed, quiz.wait, quiz.time_limit) == (80, 3, 60, 30)
    assert (quiz.late, quiz.grace, quiz.counts, quiz.scoring) == ("grace", 5, "average", "all_or_nothing")
    assert (quiz.shuffle, quiz.draw) == (True, 2)
    assert quiz.opens_at == datetime(2027, 3, 1, 1, tzinfo=UTC)
    assert quiz.closes_at == datetime(2027, 3, 31, 10, 30, tzinfo=UTC)
    assert quiz.review == "right_after: marks; while_open:; after_closing: answer right_answer"
    assert "opens: 2027-03-01 08:00\ncloses: 2027-03-31 17:30\n" in module_text()


def test_emptied_rules_are_removed_from_document(browser):
    module = a_module(RULES + PLANETS)
    save(browser, module, time_limit="", opens="", attempts="")
    kept = [line for line in RULES.splitlines() if not line.startswith(("attempts", "opens", '"time'))]
    assert module_text() == "\n".join(kept) + "\n" + PLANETS


def test_unchanged_time_keeps_its_utc_offset(browser):
    module = a_module(RULES + PLANETS)
    form = browser.get(rules_url(module)).context["form"]
    assert form["opens"].value() == "2027-03-01T06:00"
    save(browser, module, wait="5")
    assert "opens: 2027-03-01 08:00 +09:00\n" in module_text()
    save(browser, module, opens="2027-03-01T06:30")
    assert "opens: 2027-03-01 06:30\n" in module_text()


def test_unchanged_review_table_keeps_its_text(browser):
    module = a_module(RULES + PLANETS)
    form = browser.get(rules_url(module)).context["form"]
    shown = [set(form[name].value()) for name in ("right_after", "while_open", "after_closing")]
    assert (form["review"].value(), shown) == ("by_moment", [{"marks"}, set(), {"answer", "marks"}])
    save(browser, module, wait="5")
    assert RULES.splitlines()[6] in module_text()
    save(browser, module, review="never")
    assert "\nreview: never\n---\n" in module_text().replace("wait: 5\n", "")


def test_review_word_ticks_its_table(browser):
    form = browser.get(rules_url(a_module())).context["form"]
    assert form["review"].value() == "passed"
    rows = {
        str(boxes[0][1].data["value"]): [box.data["selected"] for _label, box in boxes]
        for _aspect, boxes in form.table()
    }
    assert (rows["answer"], rows["right_answer"]) == ([True, True, True], [False, False, True])


# ------------------------------------------------------------------------------------------- effect and permissions


@pytest.mark.parametrize(
    ("values", "is_planned"),
    [({"counts": "last"}, True), ({"review": "never"}, True), ({"pass_mark": "80"}, False)],
)
def test_rule_that_affects_submitted_attempts_leads_to_plan(browser, learner, values, is_planned):
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter"], now=at(1))
    answer = save(browser, module, **values)
    assert answer.headers["Location"].endswith("/plan/") is is_planned
    assert (module_text() == PLANETS) is is_planned
    assert Draft.objects.count() == is_planned
    if is_planned:
        shown = browser.get(answer.headers["Location"]).context
        assert [row.name for row in shown["page"].settings] == list(values)


def test_change_of_other_instructor_is_not_overwritten(browser):
    module = a_module(RULES + PLANETS)
    sent = form_data(browser, module, wait="5", while_open=["answer", "marks"])
    a_module(RULES.replace("attempts: 2", "attempts: 9") + PLANETS)
    form = browser.post(rules_url(module), sent).context["form"]
    assert "attempts: 9" in module_text()
    assert "wait" not in module_text()
    assert form.non_field_errors()
    assert "9" in form.errors["attempts"][0]
    assert form["while_open"].value() == ["answer", "marks"]
    assert form["base_revision"].value() == str(Module.objects.get().current_id)


def test_learners_cannot_change_rules(signed_in, learner):
    module = a_module()
    assert signed_in(learner).get(rules_url(module)).status_code == 302
    assert signed_in(learner).post(rules_url(module), {"attempts": "99"}).status_code == 302
    assert module_text() == PLANETS


def test_rules_of_module_without_quiz_are_not_found(browser):
    assert browser.get(rules_url(a_module("# A\n\n## B\n\nIsi.\n"))).status_code == 404
    assert browser.get("/admin/modules/module/999/rules/").status_code == 404


# ------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("attempts", "0"),
        ("pass_mark", "101"),
        ("time_limit", "sejam"),
        ("opens", "2027-02-30T08:00"),
        ("counts", "best"),
        ("closes", "2027-03-01T05:00"),  # before the quiz opens
    ],
)
def test_invalid_value_is_reported_at_its_field(browser, field, value):
    module = a_module(RULES + PLANETS)
    answer = save(browser, module, **{field: value})
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"][field].value() == value
    assert module_text() == RULES + PLANETS


def test_front_matter_on_one_line_is_refused(browser):
    document = f"---\n{{attempts: 2}}\n---\n{PLANETS}"
    module = a_module(document)
    answer = save(browser, module, attempts="3")
    assert "attempts" in answer.context["form"].non_field_errors()[0]
    assert module_text() == document


def test_form_limits_equal_front_matter_limits():
    form = QuizRulesForm(None, module=Module(), now=Rules())
    for name in ("attempts", "wait", "pass_mark", "time_limit", "grace", "draw"):
        parse, _sentence = KEYS[name]
        field = form.fields[name]
        assert [parse(value) for value in (field.min_value, field.max_value)] == [
            field.min_value,
            field.max_value,
        ]
        for value in (field.min_value - 1, field.max_value + 1):
            with pytest.raises(ValueError, match=str(value)):
                parse(value)


@pytest.mark.parametrize(
    ("minutes", "sentence"), [(30, "langsung mendapat tambahan waktu"), (5, "tetap memakai waktunya")]
)
def test_new_time_limit_explains_effect_on_open_attempts(browser, learner, minutes, sentence):
    module = a_module("---\ntime_limit: 20\n---\n" + PLANETS)
    read_all(learner, module)
    attempts.start(learner, module.quiz, now=timezone.now())
    saved = browser.post(rules_url(module), form_data(browser, module, time_limit=minutes), follow=True)
    assert any(sentence in str(message) for message in saved.context["messages"])
