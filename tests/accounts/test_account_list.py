"""Shows accounts to administrators: found by any word of the name, and filtered by role, class and state."""

import pytest
from django.contrib.auth.models import Group

from accounts.models import User

pytestmark = pytest.mark.django_db

PAGE = "/admin/accounts/user/"


@pytest.fixture
def people(learner, other_learner, instructor, administrator):
    """Puts Sari into a class. Dewi's account is closed."""
    group = Group.objects.create(name="X-TKR 2")
    group.user_set.add(learner)
    User.objects.filter(pk=other_learner.pk).update(is_active=False)
    return group


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Budi Hartono", "Dewi Lestari", "Sari Wulandari", "Tuti Rahayu"]),
        ("?q=wula", ["Sari Wulandari"]),
        ("?q=lestari dewi", ["Dewi Lestari"]),
        ("?q=budi@exa", ["Budi Hartono"]),
        ("?q=%25", []),
        ("?role=learner", ["Dewi Lestari", "Sari Wulandari"]),
        ("?role=instructor", ["Budi Hartono"]),
        ("?role=administrator", ["Tuti Rahayu"]),
        ("?class={class}", ["Sari Wulandari"]),
        ("?class=x", ["Budi Hartono", "Dewi Lestari", "Sari Wulandari", "Tuti Rahayu"]),
        ("?state=closed", ["Dewi Lestari"]),
        ("?state=never&role=learner", ["Sari Wulandari"]),
    ],
)
def test_accounts_are_found_and_filtered(signed_in, administrator, people, query, names):
    page = signed_in(administrator).get(PAGE + query.replace("{class}", str(people.pk)))
    assert [str(user) for user in page.context["cl"].result_list] == names


def test_group_of_the_instructors_is_no_class(signed_in, administrator, people):
    page = signed_in(administrator).get(PAGE).content.decode()
    assert "X-TKR 2" in page
    assert "Instructors" not in page
