"""The rules of a quiz in the admin: what is saved is the front matter of the document, and nothing else of it."""

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
MARKED = "\ufeff" + (RULES + PLANETS).replace("\n", "\r\n")


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def page(module: Module) -> str:
    return f"/admin/modules/module/{module.pk}/rules/"


def filled(browser, module: Module, **values) -> dict:
    """What a browser sends after some fields are filled in otherwise."""
    form = browser.get(page(module)).context["form"]
    shown = {name: form[name].value() for name in form.fields} | values
    return {name: value for name, value in shown.items() if value not in (None, False)}


def save(browser, module: Module, **values):
    return browser.post(page(module), filled(browser, module, **values))


def text() -> str:
    return Module.objects.get().text()


# ------------------------------------------------------------------------------------------- what is saved


@pytest.mark.parametrize("document", [RULES + PLANETS, MARKED])
def test_only_the_line_of_a_rule_that_changes_is_written(browser, document):
    module = a_module(document)
    answer = save(browser, module, time_limit="45")
    assert answer.headers["Location"] == f"/admin/modules/module/{module.pk}/change/"
    assert text() == document.replace('"time_limit" : 20 ', '"time_limit" : 45 ')
    assert Quiz.objects.get().time_limit == 45


def test_saving_without_a_change_makes_no_revision(browser):
    module = a_module(RULES + PLANETS)
    save(browser, module)
    assert (text(), module.revisions.count()) == (RULES + PLANETS, 1)


def test_a_document_without_front_matter_gets_one(browser):
    module = a_module()
    save(browser, module, attempts="3", shuffle="on")
    assert text() == f"---\nattempts: 3\nshuffle: true\n---\n{PLANETS}"


def test_every_rule_can_be_changed(browser):
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
    assert "opens: 2027-03-01 08:00\ncloses: 2027-03-31 17:30\n" in text()


def test_what_is_emptied_is_left_out(browser):
    module = a_module(RULES + PLANETS)
    save(browser, module, time_limit="", opens="", attempts="")
    kept = [line for line in RULES.splitlines() if not line.startswith(("attempts", "opens", '"time'))]
    assert text() == "\n".join(kept) + "\n" + PLANETS


def test_a_moment_is_shown_on_the_clock_of_the_site_and_keeps_its_offset_until_it_changes(browser):
    module = a_module(RULES + PLANETS)
    form = browser.get(page(module)).context["form"]
    assert form["opens"].value() == "2027-03-01T06:00"
    save(browser, module, wait="5")
    assert "opens: 2027-03-01 08:00 +09:00\n" in text()
    save(browser, module, opens="2027-03-01T06:30")
    assert "opens: 2027-03-01 06:30\n" in text()


def test_a_table_of_review_is_shown_ticked_and_stays_as_it_is_written(browser):
    module = a_module(RULES + PLANETS)
    form = browser.get(page(module)).context["form"]
    shown = [set(form[name].value()) for name in ("right_after", "while_open", "after_closing")]
    assert (form["review"].value(), shown) == ("by_moment", [{"marks"}, set(), {"answer", "marks"}])
    save(browser, module, wait="5")
    assert RULES.splitlines()[6] in text()
    save(browser, module, review="never")
    assert "\nreview: never\n---\n" in text().replace("wait: 5\n", "")


def test_a_word_of_review_shows_the_table_that_it_stands_for(browser):
    form = browser.get(page(a_module())).context["form"]
    assert form["review"].value() == "passed"
    rows = {
        str(boxes[0][1].data["value"]): [box.data["selected"] for _said, box in boxes]
        for _aspect, boxes in form.table()
    }
    assert (rows["answer"], rows["right_answer"]) == ([True, True, True], [False, False, True])


# ------------------------------------------------------------------------------------------- for whom


@pytest.mark.parametrize(
    ("values", "touches"),
    [({"counts": "last"}, True), ({"review": "never"}, True), ({"pass_mark": "80"}, False)],
)
def test_a_rule_that_counts_for_attempts_that_were_made_leads_to_the_plan(browser, learner, values, touches):
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter"], now=at(1))
    answer = save(browser, module, **values)
    assert answer.headers["Location"].endswith("/plan/") is touches
    assert (text() == PLANETS) is touches
    assert Draft.objects.count() == touches
    if touches:
        shown = browser.get(answer.headers["Location"]).context
        assert [row.name for row in shown["settings"]] == list(values)


def test_somebody_elses_change_is_not_overwritten_unseen(browser):
    module = a_module(RULES + PLANETS)
    sent = filled(browser, module, wait="5", while_open=["answer", "marks"])
    a_module(RULES.replace("attempts: 2", "attempts: 9") + PLANETS)
    form = browser.post(page(module), sent).context["form"]
    assert "attempts: 9" in text()
    assert "wait" not in text()
    assert form.non_field_errors()
    assert "9" in form.errors["attempts"][0]
    assert form["while_open"].value() == ["answer", "marks"]
    assert form["base_revision"].value() == str(Module.objects.get().current_id)


def test_learners_have_no_say_in_it(signed_in, learner):
    module = a_module()
    assert signed_in(learner).get(page(module)).status_code == 302
    assert signed_in(learner).post(page(module), {"attempts": "99"}).status_code == 302
    assert text() == PLANETS


def test_a_module_without_a_quiz_has_no_rules(browser):
    assert browser.get(page(a_module("# A\n\n## B\n\nIsi.\n"))).status_code == 404
    assert browser.get("/admin/modules/module/999/rules/").status_code == 404


# ------------------------------------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("attempts", "0"),
        ("pass_mark", "101"),
        ("time_limit", "sejam"),
        ("opens", "2027-02-30T08:00"),
        ("counts", "best"),
        ("closes", "2027-03-01T05:00"),  # before it opens
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_saved(browser, field, value):
    module = a_module(RULES + PLANETS)
    answer = save(browser, module, **{field: value})
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"][field].value() == value
    assert text() == RULES + PLANETS


def test_a_front_matter_that_cannot_be_changed_line_by_line_is_told(browser):
    document = f"---\n{{attempts: 2}}\n---\n{PLANETS}"
    module = a_module(document)
    answer = save(browser, module, attempts="3")
    assert "attempts" in answer.context["form"].non_field_errors()[0]
    assert text() == document


def test_the_form_allows_what_front_matter_allows():
    form = QuizRulesForm(None, module=Module(), now=Rules())
    for name in ("attempts", "wait", "pass_mark", "time_limit", "grace", "draw"):
        read, _sentence = KEYS[name]
        field = form.fields[name]
        assert [read(value) for value in (field.min_value, field.max_value)] == [
            field.min_value,
            field.max_value,
        ]
        for value in (field.min_value - 1, field.max_value + 1):
            with pytest.raises(ValueError, match=str(value)):
                read(value)


@pytest.mark.parametrize(
    ("minutes", "said"), [(30, "langsung mendapat tambahan waktu"), (5, "tetap memakai waktunya")]
)
def test_what_becomes_of_an_attempt_under_way_is_said(browser, learner, minutes, said):
    module = a_module("---\ntime_limit: 20\n---\n" + PLANETS)
    read_all(learner, module)
    attempts.start(learner, module.quiz, now=timezone.now())
    saved = browser.post(page(module), filled(browser, module, time_limit=minutes), follow=True)
    assert any(said in str(message) for message in saved.context["messages"])
