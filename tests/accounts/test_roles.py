"""Tests that each person has one role, and that only administrators change roles."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.roles import INSTRUCTORS, Role, give, role_of
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

ACCOUNT_PAGES = ("/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/accounts/user/{pk}/change/")


def account(*arguments: str) -> str:
    out = StringIO()
    call_command("account", *arguments, stdout=out)
    return out.getvalue()


def test_new_role_replaces_the_old_one(learner):
    for role in (Role.INSTRUCTOR, Role.ADMINISTRATOR, Role.LEARNER):
        give(learner, role)
        learner.refresh_from_db()
        assert role_of(learner) == role
        assert [group.name for group in learner.groups.all()] == (
            [INSTRUCTORS] if role == Role.INSTRUCTOR else []
        )


def test_new_role_keeps_only_groups_without_permissions(learner):
    study_class, supervisors = (Group.objects.create(name=name) for name in ("Kelas B", "Pengawas"))
    supervisors.permissions.add(Permission.objects.first())
    learner.groups.set([study_class, supervisors])
    for role in (Role.INSTRUCTOR, Role.ADMINISTRATOR, Role.LEARNER):
        give(learner, role)
        assert supervisors not in learner.groups.all()
        assert study_class in learner.groups.all()


def test_renamed_learner_stays_in_the_group(signed_in, administrator, learner):
    learner.groups.add(Group.objects.create(name="Kelas B"))
    sent = {"email": learner.email, "name": "Sari W.", "role": "learner", "is_active": "on", "language": ""}
    signed_in(administrator).post(f"/admin/accounts/user/{learner.pk}/change/", sent)
    learner.refresh_from_db()
    assert (learner.name, [group.name for group in learner.groups.all()]) == ("Sari W.", ["Kelas B"])


def test_instructors_have_no_permission_on_accounts():
    group, _made = Group.objects.get_or_create(name=INSTRUCTORS)
    apps = set(group.permissions.values_list("content_type__app_label", flat=True))
    assert apps <= {"modules"}


def test_instructors_with_all_permissions_cannot_reach_accounts(signed_in, instructor, learner):
    instructor.user_permissions.set(Permission.objects.all())
    browser = signed_in(instructor)
    assert browser.get("/admin/").status_code == 200
    for page in ACCOUNT_PAGES:
        assert browser.get(page.format(pk=learner.pk)).status_code == 403


def test_learners_cannot_enter_the_admin(signed_in, learner):
    assert signed_in(learner).get("/admin/", follow=True).status_code == 403


def test_admin_uses_the_common_sign_in_page(client):
    response = client.get("/admin/login/?next=/admin/")
    assert response.headers["Location"].startswith("/accounts/login/")


def test_administrator_changes_a_role(signed_in, administrator, learner):
    browser = signed_in(administrator)
    page = f"/admin/accounts/user/{learner.pk}/change/"
    fields = {"email": learner.email, "name": learner.name, "language": "", "is_active": "on"}

    assert browser.get(page).status_code == 200
    response = browser.post(page, {**fields, "role": "instructor"})

    assert response.status_code == 302
    assert role_of(User.objects.get(pk=learner.pk)) == Role.INSTRUCTOR


def test_administrator_opens_an_account_for_immediate_use(client, signed_in, administrator, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    fields = {
        "email": "Baru@example.com",
        "name": "Baru",
        "role": "instructor",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    response = signed_in(administrator).post("/admin/accounts/user/add/", fields)
    assert response.status_code == 302

    client.post("/accounts/login/", {"login": "baru@example.com", "password": PASSWORD})

    user = User.objects.get(email="baru@example.com")
    assert role_of(user) == Role.INSTRUCTOR
    assert client.session["_auth_user_id"] == str(user.pk)


def test_list_of_accounts_tells_unconfirmed_addresses(client, signed_in, administrator):
    client.post(
        "/accounts/signup/",
        {"name": "R", "email": "r@example.com", "password1": PASSWORD, "password2": PASSWORD},
    )
    page = signed_in(administrator).get("/admin/accounts/user/")
    shown = {user.email: user.has_shown_address for user in page.context["cl"].result_list}

    assert shown == {"r@example.com": False, administrator.email: True}
    assert page.content.decode().count("icon-no.svg") == 1


def test_administrator_cannot_lock_oneself_out(signed_in, administrator):
    page = f"/admin/accounts/user/{administrator.pk}/change/"
    response = signed_in(administrator).post(
        page, {"email": administrator.email, "name": "Tuti", "language": "", "role": "learner"}
    )

    assert set(response.context["adminform"].form.errors) == {"role", "is_active"}
    assert role_of(User.objects.get(pk=administrator.pk)) == Role.ADMINISTRATOR


def test_command_opens_an_account_and_prints_its_password(client):
    email, password = account("Ani@example.com", "--name", "Ani", "--role", "instructor").split()

    client.post("/accounts/login/", {"login": email, "password": password})

    user = User.objects.get(email="ani@example.com")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (role_of(user), user.name) == (Role.INSTRUCTOR, "Ani")


def test_command_changes_only_the_given_fields(learner):
    said = account(learner.email, "--role", "administrator")
    assert said == f"{learner.email} kini punya peran lain: Administrator, sebelumnya Peserta.\n"

    changed = User.objects.get(pk=learner.pk)
    assert role_of(changed) == Role.ADMINISTRATOR
    assert changed.name == learner.name
    assert changed.check_password(PASSWORD)

    _email, password = account(learner.email.upper(), "--new-password").split()
    assert User.objects.get(pk=learner.pk).check_password(password)


@pytest.mark.parametrize("option", ["--new-password", "--reset-second-factor"])
def test_command_changes_no_account_that_is_not_there(learner, option):
    with pytest.raises(CommandError, match=r"sarj@example\.com"):
        account("sarj@example.com", option)
    assert User.objects.get() == learner


def test_command_refuses_an_invalid_address():
    with pytest.raises(CommandError, match="sari"):
        account("sari")


def test_database_allows_one_account_per_address(learner):
    other = User.objects.create_user("other@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=other.pk).update(email=learner.email.upper())
