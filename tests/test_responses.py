"""Tests what responses promise: what may be kept, which cookies are set, and where links lead."""

import re

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.cookies import FormerCookiesMiddleware, cookie_name
from modules.models import Enrolment
from tests.cast import a_module
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_prefix(settings):
    """Names the cookies as under HTTPS."""
    settings.SESSION_COOKIE_NAME = "__Host-sessionid"
    settings.CSRF_COOKIE_NAME = "__Host-csrftoken"
    settings.LANGUAGE_COOKIE_NAME = "__Host-language"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True


def test_no_cache_keeps_a_page_of_a_person(signed_in, learner, administrator):
    module = a_module()
    pages = (
        "/",
        "/learning/",
        "/search/?q=modul",
        f"/modules/{module.slug}/",
        "/accounts/email/",
        "/accounts/password/change/",
    )
    kept = {page: signed_in(learner).get(page).headers["Cache-Control"] for page in pages}
    kept |= {"/admin/": signed_in(administrator).get("/admin/").headers["Cache-Control"]}

    assert [page for page, control in kept.items() if not re.search("no-cache|no-store", control)] == []
    assert [page for page, control in kept.items() if "private" not in control] == []


def test_head_changes_nothing(as_learner, learner):
    module = a_module()
    as_learner.head(f"/modules/{module.slug}/enrolment/")
    as_learner.head(f"/modules/{module.slug}/planet-dalam/reading/")

    assert not Enrolment.objects.exists()


def test_cookies_belong_to_one_host_under_https():
    assert cookie_name("sessionid", https=True) == "__Host-sessionid"
    assert cookie_name("sessionid", https=False) == "sessionid"


@pytest.mark.usefixtures("with_prefix")
def test_former_cookies_keep_a_person_signed_in(learner):
    former = Client()
    former.force_login(learner, backend="allauth.account.auth_backends.AuthenticationBackend")
    browser = Client()
    browser.cookies["sessionid"] = former.cookies["__Host-sessionid"].value
    browser.cookies["language"] = "en"
    response = browser.get("/learning/")

    assert (response.status_code, response.headers["Content-Language"]) == (200, "en")
    renamed = response.cookies["__Host-sessionid"]
    assert renamed.value == former.cookies["__Host-sessionid"].value
    assert (renamed["secure"], renamed["path"], renamed["domain"], renamed["httponly"]) == (
        True,
        "/",
        "",
        True,
    )
    assert response.cookies["sessionid"]["max-age"] == 0
    assert browser.get("/learning/").status_code == 200


@pytest.mark.usefixtures("with_prefix")
def test_new_cookie_wins_over_the_former_one():
    request = RequestFactory().get("/")
    request.COOKIES = {"sessionid": "of a neighbour", "__Host-sessionid": "own"}
    FormerCookiesMiddleware(lambda request: HttpResponse())(request)

    assert request.COOKIES["__Host-sessionid"] == "own"


@pytest.mark.usefixtures("with_prefix")
def test_sign_out_is_not_undone_by_a_former_cookie(learner):
    former = Client()
    former.force_login(learner, backend="allauth.account.auth_backends.AuthenticationBackend")
    browser = Client()
    browser.cookies["sessionid"] = former.cookies["__Host-sessionid"].value
    response = browser.post("/accounts/logout/")

    assert response.cookies["__Host-sessionid"]["max-age"] == 0
    assert "_auth_user_id" not in browser.session


def test_plain_http_renames_nothing(client):
    client.cookies["sessionid"] = "x" * 32
    assert "__Host-sessionid" not in client.get("/").cookies


@pytest.mark.parametrize(
    "host", ["https://localhost/", "//127.0.0.1/", "http://trusted.example/", "https:evil.example"]
)
def test_sign_in_goes_on_to_no_other_host_of_the_settings(client, learner, settings, host):
    settings.CSRF_TRUSTED_ORIGINS = ["http://trusted.example"]
    fields = {"login": learner.email, "password": PASSWORD, "next": host}

    assert client.post("/accounts/login/", fields).headers["Location"] == "/"


def link_in_mail(host: str, learner) -> str:
    Client().post("/accounts/password/reset/", {"email": learner.email}, HTTP_HOST=host)
    return re.search(r"(\w+://[^/\s]+)/\S+", mail.outbox[-1].body)[1]


def test_reset_link_has_the_configured_address(learner, settings):
    settings.SITE_URL = "https://belajar.example.org"

    assert link_in_mail("testserver:1234", learner) == "https://belajar.example.org"
    assert "belajar.example.org" in mail.outbox[-1].body.splitlines()[-1]


@pytest.mark.parametrize("host", ["testserver", "testserver:1234"])
def test_reset_link_has_no_port_of_the_request(learner, host):
    assert link_in_mail(host, learner) == "http://testserver:8000"
    assert "1234" not in mail.outbox[-1].body


def test_reset_link_has_no_name_that_a_wildcard_admits(learner, settings):
    settings.ALLOWED_HOSTS = [".example.org", "belajar.example.org"]
    assert link_in_mail("evil.example.org", learner) == "http://belajar.example.org:8000"


def test_reset_link_has_no_port_under_https(learner, settings):
    settings.SESSION_COOKIE_SECURE = True
    assert link_in_mail("testserver:1234", learner) == "https://testserver"


def test_links_of_sign_up_have_the_configured_address(client, learner, settings):
    settings.SITE_URL, settings.ACCOUNT_EMAIL_VERIFICATION = "https://belajar.example.org", "mandatory"
    for email in ("rina@example.com", learner.email):
        client.post("/accounts/signup/", {"name": "R", "email": email, "password1": PASSWORD})

    assert [re.search(r"\w+://[^/\s]+", message.body)[0] for message in mail.outbox] == [
        settings.SITE_URL
    ] * 2
