"""Tests that notices go with the account of their learner, and that this is said before."""

import pytest

from accounts.erasure import what_goes
from modules.models import Notice
from tests.cast import READABLE, a_module, read_all
from tests.reading.changes import CHANGED, load

pytestmark = pytest.mark.django_db


def test_notices_go_with_the_account(learner, other_learner):
    module = a_module(READABLE)
    for reader in (learner, other_learner):
        read_all(reader, module)
    load(CHANGED)
    assert any("1 kabar" in sentence for sentence in what_goes(learner))
    learner.delete()
    assert Notice.objects.get().enrolment.learner == other_learner
