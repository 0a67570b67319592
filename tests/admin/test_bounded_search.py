"""Searches each list of the admin for thousands of words, which no database takes as conditions."""

import pytest
from django.contrib.admin import site
from django.urls import reverse

pytestmark = pytest.mark.django_db

SEARCHED = [model for model, of_model in site._registry.items() if of_model.search_fields]


@pytest.mark.parametrize("model", SEARCHED, ids=lambda model: model.__name__)
def test_search_for_thousands_of_words_answers(signed_in, administrator, model):
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert signed_in(administrator).get(url, {"q": "kata " * 5_000}).status_code == 200


def test_first_words_still_find(signed_in, administrator, learner):
    words = f"{learner.name} {learner.name} {learner.name} {learner.name} {learner.name} tidak ada"
    page = signed_in(administrator).get("/admin/accounts/user/", {"q": words})
    assert learner.email in page.content.decode()
