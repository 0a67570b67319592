"""Shows that a class holds its promises while many people get in at the same moment."""

import pytest

from accounts.models import User
from modules.classes import inviting, joining
from modules.classes.joining import Refused
from modules.classes.links import new_code
from modules.classes.roster import read_roster
from modules.models import Invitation
from tests.cast import NOON
from tests.classes.rooms import a_class
from tests.quizzes.test_races import CROWD, all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_last_place_goes_to_one_person():
    study_class = a_class(join_code=new_code(), join_opened_at=NOON, join_limit=1)
    people = [User.objects.create_user(f"s{number}@example.com") for number in range(CROWD)]
    results = all_at_once(lambda number: joining.join_by_link(study_class, people[number], now=NOON))
    assert sum(isinstance(result, Refused) for result in results) == CROWD - 1
    assert results.count(None) == 1
    assert study_class.group.user_set.count() == study_class.invitations.count() == 1


def test_learner_put_in_many_times_at_once_is_in_once(instructor, learner):
    study_class = a_class(join_code=new_code(), join_opened_at=NOON)
    Invitation.objects.create(study_class=study_class, address=learner.email, invited_at=NOON)
    entries = read_roster(f"{learner.email}\nbaru@example.com")

    def get_in(number: int) -> object:
        match number % 3:
            case 0:
                return joining.join_by_link(study_class, learner, now=NOON)
            case 1:
                return joining.join_invited(learner, now=NOON)
            case _:
                return inviting.apply_roster(study_class, entries, by=instructor, now=NOON)

    results = all_at_once(get_in)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert list(study_class.group.user_set.all()) == [learner]
    assert sorted(study_class.invitations.values_list("address", flat=True)) == [
        "baru@example.com",
        learner.email,
    ]
