"""Gives programs the results of an instructor's modules: by a token, page by page, and nothing of others."""

import json
from itertools import chain

import pytest
from django.test import Client
from django.utils import timezone
from openapi_spec_validator import validate

from accounts.roles import Role, give
from modules.insights import question_figures
from modules.models import MOST_REQUESTS, ApiToken, Module, Proof
from modules.quizzes import attempts
from tests.admin.expected_roles import ADMINISTRATOR, CLASSMATE, HELPER, LEARNER, OWNER, ROLES, STRANGER
from tests.admin.school import a_school
from tests.cast import NOON, a_module, read_all, run_tasks, take
from tests.conftest import person
from tests.insights.test_quiz_items import RIGHT, RIVAL, WEAK, takers

pytestmark = pytest.mark.django_db


def program(user) -> Client:
    """Returns a program with a token of a person."""
    return Client(headers={"Authorization": f"Bearer {ApiToken.make(user, 'Buku nilai', now=NOON)}"})


def get(program: Client, path: str) -> dict | list:
    answer = program.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def module(instructor):
    module = a_module()
    Module.objects.filter(pk=module.pk).update(owner=instructor)
    return module


@pytest.fixture
def school(settings, learner, other_learner, instructor, administrator):
    settings.MODULES = "owners"
    return a_school(learner, other_learner, instructor, administrator)


REACHED = {OWNER: 200, HELPER: 200, ADMINISTRATOR: 200, STRANGER: 404, LEARNER: 401, CLASSMATE: 401}


def test_each_role_reaches_the_modules_that_it_may_change(school):
    pages = ("learners", "attempts", "questions")
    for role in set(ROLES) & set(REACHED):
        asking = program(school.people[role])
        codes = {asking.get(f"/api/v1/modules/{school.module.pk}/{page}").status_code for page in pages}
        assert codes == {REACHED[role]}, role
        listed = asking.get("/api/v1/modules")
        assert listed.status_code == (401 if REACHED[role] == 401 else 200)
        ids = {row["id"] for row in listed.json().get("items", [])}
        assert (school.module.pk in ids) is (REACHED[role] == 200), role


@pytest.mark.parametrize(
    "header",
    [{}, {"Authorization": "Bearer tuntas_x"}, {"Authorization": "Basic x"}, {"Authorization": "Bearer "}],
)
def test_nobody_gets_in_without_a_token(module, header):
    for path in ("modules", f"modules/{module.pk}/learners"):
        assert Client(headers=header).get(f"/api/v1/{path}").status_code == 401


def test_session_of_an_instructor_does_not_count(signed_in, instructor, module):
    assert signed_in(instructor).get("/api/v1/modules").status_code == 401


def test_token_dies_with_the_role_and_with_the_account(instructor, module):
    asking = program(instructor)
    get(asking, "modules")

    give(instructor, Role.LEARNER)
    assert asking.get("/api/v1/modules").status_code == 401
    give(instructor, Role.INSTRUCTOR)
    get(asking, "modules")
    instructor.is_active = False
    instructor.save()
    assert asking.get("/api/v1/modules").status_code == 401


def test_token_is_stored_as_a_hash(instructor):
    token = ApiToken.make(instructor, "Buku nilai", now=NOON)

    row = ApiToken.objects.get()
    assert token not in json.dumps({key: str(value) for key, value in vars(row).items()})
    assert len(row.fingerprint) == 64


def test_use_is_recorded_and_limited(instructor, module):
    asking = program(instructor)
    get(asking, "modules")
    assert ApiToken.objects.get().last_used_at is not None

    ApiToken.objects.update(used=MOST_REQUESTS)
    refused = asking.get("/api/v1/modules")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    ApiToken.objects.update(period_at=NOON)
    get(asking, "modules")


def test_learners_have_progress_and_grade(instructor, learner, module):
    read_all(learner, module)
    take(learner, module.quiz, RIGHT)

    (row,) = get(program(instructor), f"modules/{module.pk}/learners")["items"]
    assert (row["id"], row["name"], row["email"]) == (learner.pk, "Sari Wulandari", "sari@example.com")
    assert (row["sections_read"], row["sections"], row["attempts"], row["grade"]) == (2, 2, 1, 100.0)
    assert row["finished_at"].startswith("2026-11-24T12:00:00")
    assert Proof.objects.count() == 1
    (listed,) = get(program(instructor), "modules")["items"]
    assert (listed["slug"], listed["learners"], listed["finished"]) == ("tata-surya", 1, 1)


def test_pages_join_without_gap_and_without_repetition(instructor, module):
    people = takers(module, *[RIGHT] * 5)
    asking, path = program(instructor), f"modules/{module.pk}/learners?limit=2"

    seen, cursor = [], ""
    while cursor is not None:
        page = get(asking, f"{path}&cursor={cursor}")
        seen.append([row["id"] for row in page["items"]])
        cursor = page["next"]
    assert [len(ids) for ids in seen] == [2, 2, 1]
    assert sorted(chain.from_iterable(seen)) == sorted(each.pk for each in people)


@pytest.mark.parametrize("query", ["cursor=x", "cursor=YWZ0ZXIgLTE", "cursor=%C3%A9"])
def test_strange_cursor_is_refused(instructor, module, query):
    assert program(instructor).get(f"/api/v1/modules?{query}").status_code == 400


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=many", "cursor=" + "a" * 101])
def test_strange_query_is_refused(instructor, module, query):
    assert program(instructor).get(f"/api/v1/modules?{query}").status_code == 422


def test_open_attempt_has_no_marks(instructor, learner, module):
    read_all(learner, module)
    attempts.start(learner, module.quiz, now=timezone.now())

    (row,) = get(program(instructor), f"modules/{module.pk}/attempts")["items"]
    assert (row["learner"], row["submitted_at"], row["mark"], row["grade"], row["passed"]) == (
        learner.pk, None, None, None, False,
    )  # fmt: skip


def test_questions_have_figures_and_no_key(instructor, module):
    takers(module, *[WEAK] * 8, *[RIVAL] * 12)

    first, *others = get(program(instructor), f"modules/{module.pk}/questions")
    assert (first["attempts"], first["full_marks"], first["facility"]) == (20, 8, 0.4)
    assert (first["findings"], first["most_frequent_wrong"]) == (["key"], {"answer": "Mars", "times": 12})
    assert [section["identity"] for section in first["sections"]] == ["planet-luar"]
    assert len(others) == 3
    assert not {"choices", "answers", "key"} & set(first)


def test_questions_of_a_large_module_are_counted_by_the_worker(instructor, module, monkeypatch):
    monkeypatch.setattr(question_figures, "MOST_AT_ONCE", 0)
    takers(module, WEAK, RIGHT)
    asking, address = program(instructor), f"/api/v1/modules/{module.pk}/questions"
    waiting = asking.get(address)
    assert (waiting.status_code, waiting["Retry-After"]) == (503, "10")
    run_tasks()
    first, *_others = get(asking, f"modules/{module.pk}/questions")
    assert first["attempts"] == 2


def test_small_class_has_counts_alone(instructor, module):
    takers(module, WEAK, RIGHT)

    first, *_others = get(program(instructor), f"modules/{module.pk}/questions")
    assert (first["is_judged"], first["attempts"], first["full_marks"]) == (False, 2, 2)
    assert {first["facility"], first["interval"], first["discrimination"]} == {None}


def test_nothing_is_changed(instructor, module):
    asking = program(instructor)

    for method in (asking.post, asking.put, asking.patch, asking.delete):
        assert method(f"/api/v1/modules/{module.pk}/learners").status_code == 405


def test_answer_is_kept_nowhere(instructor, module):
    assert program(instructor).get("/api/v1/modules")["Cache-Control"] == "private, no-store"


def test_queries_do_not_grow_with_the_learners(instructor, module, django_assert_num_queries):
    asking = program(instructor)
    get(asking, "modules")
    for prefix, answers in (("a", [WEAK]), ("b", [RIGHT] * 6)):
        takers(module, *answers, prefix=prefix)
        with django_assert_num_queries(11):
            get(asking, f"modules/{module.pk}/learners")


def test_description_is_valid_and_loads_nothing_from_elsewhere(client):
    answer = client.get("/api/v1/openapi.json")

    description = answer.json()
    validate(description)
    assert set(description["paths"]) == {
        "/api/v1/modules",
        *(f"/api/v1/modules/{{pk}}/{page}" for page in ("learners", "attempts", "questions")),
    }
    assert client.get("/api/v1/docs").status_code == 404


def test_other_instructors_see_nothing_of_each_other(settings, instructor, module):
    settings.MODULES = "owners"
    stranger = person("joko@example.com", Role.INSTRUCTOR, "Joko Susilo")

    assert get(program(stranger), "modules") == {"items": [], "next": None}
