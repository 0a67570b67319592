"""Tests that addresses that look alike are one, and that nobody claims an address without mail."""

from io import StringIO

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.addresses import normalised
from accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

ZERO_WIDTH_SPACE, SOFT_HYPHEN, WRONG_WAY = "\u200b", "\u00ad", "\u202e"


def new(email: str) -> dict[str, str]:
    return {"name": "Rina", "email": email, "password1": PASSWORD}


def stored_as(user: User, email: str) -> User:
    """Stores an address as an earlier release did, without its usual form."""
    User.objects.filter(pk=user.pk).update(email=email)
    user.emailaddress_set.update(email=email)
    user.refresh_from_db()
    return user


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Rina@Example.COM", "rina@example.com"),
        (" rina@example.com ", "rina@example.com"),
        ("rina@ｅｘａｍｐｌｅ.com", "rina@example.com"),
        ("ＲＩＮＡ＠example.com", "rina@example.com"),
        ("\u017fari@example.com", "sari@example.com"),
        ("rina@cafe\u0301.id", "rina@caf\u00e9.id"),
    ],
)
def test_new_address_gets_its_usual_form(typed, stored):
    assert normalised(typed) == stored


@pytest.mark.parametrize("sign", [ZERO_WIDTH_SPACE, SOFT_HYPHEN, WRONG_WAY, "\x07", "\u3000", "\ue000"])
def test_invisible_sign_is_refused_in_a_sentence(sign):
    with translation.override("en"), pytest.raises(ValidationError, match="cannot be seen"):
        normalised(f"rina{sign}@example.com")


def test_long_address_is_refused_in_a_sentence():
    domain = ".".join(["x" * 60] * 4)
    assert len(normalised(f"{'r' * 9}@{domain}")) < 254
    with translation.override("en"), pytest.raises(ValidationError, match=r"has 255 characters.*at most 254"):
        normalised(f"{'r' * 11}@{domain}")


def test_sign_up_compares_the_usual_form(client, learner):
    response = client.post("/accounts/signup/", new("\u017fari@ｅｘａｍｐｌｅ.com"))

    assert set(response.context["form"].errors) == {"email"}
    assert User.objects.get() == learner


def test_sign_up_explains_an_invisible_sign(client):
    page = client.post("/accounts/signup/", new(f"rina@exam{ZERO_WIDTH_SPACE}ple.com"))

    assert "tidak terlihat" in page.context["form"].errors["email"][0]
    assert not User.objects.exists()


def test_administrator_and_command_store_the_usual_form(signed_in, administrator):
    call_command("account", "ani@ｅｘａｍｐｌｅ.com", stdout=StringIO())
    fields = {"email": "Budi@ｅｘａｍｐｌｅ.com", "role": "learner", "usable_password": "false"}
    signed_in(administrator).post("/admin/accounts/user/add/", fields)

    stored = User.objects.exclude(pk=administrator.pk).order_by("email").values_list("email", flat=True)
    assert list(stored) == ["ani@example.com", "budi@example.com"]


def test_command_refuses_an_invisible_sign():
    with pytest.raises(CommandError):
        call_command("account", f"ani{SOFT_HYPHEN}@example.com")


def test_existing_account_signs_in_as_before(client, learner):
    stored_as(learner, "\u017fari@example.com")
    client.post("/accounts/login/", {"login": "\u017fari@example.com", "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(learner.pk)


def test_usual_form_leads_to_the_account(client, learner):
    client.post("/accounts/login/", {"login": "sari@ｅｘａｍｐｌｅ.com", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(learner.pk)


def test_reset_goes_to_the_stored_address_only(client, learner):
    client.post("/accounts/password/reset/", {"email": "\u017fari@ｅｘａｍｐｌｅ.com"})
    assert [message.to for message in mail.outbox] == [[learner.email]]


def test_untouched_address_stays_in_the_admin(signed_in, administrator, learner):
    stored_as(learner, "\u017fari@example.com")
    fields = {"email": learner.email, "name": "Sari W.", "role": "learner", "is_active": "on", "language": ""}
    signed_in(administrator).post(f"/admin/accounts/user/{learner.pk}/change/", fields)
    learner.refresh_from_db()

    assert (learner.name, learner.email) == ("Sari W.", "\u017fari@example.com")


def test_collisions_are_listed_and_left(learner, other_learner):
    stored_as(other_learner, "\u017fari@example.com")
    out = StringIO()
    with translation.override("en"):
        call_command("addresses", stdout=out)

    assert f"  {learner.pk}  sari@example.com" in out.getvalue()
    assert f"  {other_learner.pk}  \u017fari@example.com  \\u017fari@example.com" in out.getvalue()
    assert out.getvalue().endswith("1 group of accounts.\n")
    assert User.objects.count() == 2


def test_distinct_accounts_are_no_collision(learner, other_learner):
    out = StringIO()
    with translation.override("en"):
        call_command("addresses", stdout=out)
    assert out.getvalue() == "0 groups of accounts.\n"


@pytest.fixture
def without_mail(settings):
    settings.HAS_MAIL = False
    settings.ACCOUNT_MAX_EMAIL_ADDRESSES = 1


@pytest.mark.usefixtures("without_mail")
def test_nobody_adds_an_address_without_mail(signed_in, learner):
    browser = signed_in(learner)
    page = browser.get("/accounts/email/").content.decode()
    browser.post("/accounts/email/", {"email": "kepala@sekolah.id", "action_add": ""})

    assert "action_add" not in page
    assert "action_send" not in page
    assert [address.email for address in learner.emailaddress_set.all()] == [learner.email]


@pytest.mark.usefixtures("without_mail")
def test_pages_promise_no_mail_that_cannot_be_sent(client, learner):
    form = client.get("/accounts/password/reset/").content.decode()
    done = client.post("/accounts/password/reset/", {"email": learner.email}, follow=True).content.decode()

    assert 'name="email"' not in form
    assert "tautan" not in form
    assert "tautan" not in done
    assert mail.outbox == []
