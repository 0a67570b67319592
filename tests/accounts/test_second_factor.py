"""Tests the second factor: who has to have one, how it is asked for, and how it is taken away."""

import time
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.devices import device_name
from accounts.models import User
from tests.conftest import PASSWORD
from tests.one_time_codes import PERIOD, code_of
from tests.test_ground import manage

pytestmark = pytest.mark.django_db

CHROME = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1 Version/18.1 Mobile Safari/604.1"
CONFIRM = "/accounts/reauthenticate/"
WORDS_OF_THE_STEP = (
    "aplikasi, atau salah satu kode pemulihan Anda.",
    "ditampilkan aplikasi Anda.",
    "Ketik salah satu kode pemulihan Anda.",
    "data-passkey=",
)
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"


def with_app(user: User) -> str:
    """Sets up an authenticator app and returns its key."""
    key = generate_totp_secret()
    TOTP.activate(user, key)
    RecoveryCodes.activate(user)
    return key


def sign_in(browser: Client, user: User) -> str:
    response = browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return str(response.headers["Location"])


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def confirmed(browser: Client, user: User) -> Client:
    """Returns a browser whose person has just confirmed the password."""
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def test_password_alone_is_not_enough(client, learner):
    key = with_app(learner)
    assert sign_in(client, learner) == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(key)})
    assert is_signed_in(client)


def test_code_of_the_app_is_good_once(client, learner):
    code = code_of(with_app(learner))
    for browser, works in ((client, True), (Client(), False)):
        sign_in(browser, learner)
        browser.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_signed_in(browser) is works


@pytest.mark.parametrize("first_page", ["/accounts/2fa/authenticate/", "/accounts/2fa/reauthenticate/"])
def test_used_code_stays_used_while_it_is_valid(client, learner, monkeypatch, settings, first_page):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    }  # reads time.time
    key = with_app(learner)
    began = time.time() // PERIOD * PERIOD
    monkeypatch.setattr(time, "time", lambda: began)
    used, next_code = code_of(key, later=1), code_of(key, later=2)
    sign_in(client, learner)
    if "reauthenticate" in first_page:
        client.post("/accounts/2fa/authenticate/", {"code": code_of(key)})
    assert client.post(first_page, {"code": used}).status_code == 302
    assert is_signed_in(client)

    thief = Client()
    for seconds in (0, PERIOD + 1, 3 * PERIOD - 1):
        monkeypatch.setattr(time, "time", lambda: began + seconds)  # noqa: B023  called at once
        sign_in(thief, learner)
        thief.post("/accounts/2fa/authenticate/", {"code": used})
        assert not is_signed_in(thief)
    thief.post("/accounts/2fa/authenticate/", {"code": next_code})
    assert is_signed_in(thief)


def test_code_that_activated_the_app_signs_nobody_in(client, learner):
    browser = confirmed(client, learner)
    code = code_of(browser.get("/accounts/2fa/totp/activate/").context["form"].secret)
    browser.post("/accounts/2fa/totp/activate/", {"code": code})
    thief = Client()
    sign_in(thief, learner)
    thief.post("/accounts/2fa/authenticate/", {"code": code})
    assert Authenticator.objects.filter(user=learner, type="totp").exists()
    assert not is_signed_in(thief)


def test_recovery_code_is_good_once(client, learner):
    with_app(learner)
    code = Authenticator.objects.get(user=learner, type="recovery_codes").wrap().get_unused_codes()[0]
    for browser, works in ((client, True), (Client(), False)):
        sign_in(browser, learner)
        browser.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_signed_in(browser) is works


def test_guessing_codes_is_stopped(client, learner):
    key = with_app(learner)
    sign_in(client, learner)
    for number in range(6):
        client.post("/accounts/2fa/authenticate/", {"code": f"00000{number}"})
    page = client.post("/accounts/2fa/authenticate/", {"code": code_of(key)})
    assert not is_signed_in(client)
    assert page.context["form"].errors["code"] == [
        "Langkah kedua terlalu sering salah. Tunggu 5 menit, lalu coba lagi."
    ]


@pytest.mark.parametrize(
    ("kinds", "shown"),
    [
        (["totp", "recovery_codes"], {"aplikasi, atau salah satu kode pemulihan Anda."}),
        (["totp", "webauthn"], {"ditampilkan aplikasi Anda.", "data-passkey="}),
        (["webauthn", "recovery_codes"], {"Ketik salah satu kode pemulihan Anda.", "data-passkey="}),
        (["webauthn"], {"data-passkey="}),
    ],
)
def test_second_step_offers_what_the_person_has(client, learner, monkeypatch, kinds, shown):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda _user: [])
    with_app(learner)
    Authenticator.objects.create(user=learner, type="webauthn", data={})
    Authenticator.objects.filter(user=learner).exclude(type__in=kinds).delete()
    sign_in(client, learner)
    page = client.get("/accounts/2fa/authenticate/").content.decode()

    assert {words for words in WORDS_OF_THE_STEP if words in page} == shown


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_confirming_offers_what_the_person_has(client, learner, settings, host):
    settings.ALLOWED_HOSTS = [host]
    client.defaults["HTTP_HOST"] = host
    sign_in(client, learner)
    Authenticator.objects.create(user=learner, type="webauthn", data={})
    offered = [each["url"] for each in client.get(CONFIRM).context["reauthentication_alternatives"]]
    assert offered == (["/accounts/2fa/webauthn/reauthenticate/"] if host == "localhost" else [])
    with_app(learner)
    offered = [each["url"] for each in client.get(CONFIRM).context["reauthentication_alternatives"]]
    assert "/accounts/2fa/reauthenticate/" in offered


@pytest.mark.parametrize(("host", "works"), [("localhost:8000", True), ("127.0.0.1:8000", False)])
def test_passkeys_are_offered_only_at_a_name(client, learner, settings, host, works):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    client.defaults["HTTP_HOST"] = host
    assert ("data-passkey" in client.get("/accounts/login/").content.decode()) is works
    browser = confirmed(client, learner)
    page = browser.get("/accounts/2fa/").content.decode()
    assert ("/accounts/2fa/webauthn/add/" in page) is works
    assert ("Kunci sandi dapat dipakai di http://localhost:8000." in page) is not works
    assert browser.get("/accounts/2fa/webauthn/add/").status_code == (200 if works else 302)


def test_new_password_does_not_replace_the_second_step(client, learner):
    with_app(learner)
    client.post("/accounts/password/reset/", {"email": learner.email})
    link = mail.outbox[-1].body.split("http://testserver:8000")[1].split()[0]
    form = client.get(link, follow=True)
    new = {"password1": "angin-laut-77"}
    response = client.post(form.request["PATH_INFO"], new)

    assert response.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)


def test_setting_up_an_app_sends_a_mail_and_gives_codes(client, learner, django_capture_on_commit_callbacks):
    browser = confirmed(client, learner)
    key = browser.get("/accounts/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        response = browser.post("/accounts/2fa/totp/activate/", {"code": code_of(key)})
    page = browser.get(response.headers["Location"])

    assert (
        page.context["unused_codes"]
        == RecoveryCodes(Authenticator.objects.get(user=learner, type="recovery_codes")).get_unused_codes()
    )
    assert "Aplikasi autentikator telah dipasang untuk akun Anda." in mail.outbox[0].body
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("page", ["/admin/", "/", "/learning/"])
def test_staff_is_led_to_the_second_step(signed_in, instructor, settings, page):
    settings.STAFF_SECOND_FACTOR = True
    browser = signed_in(instructor)
    response = browser.get(page)

    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/2fa/")
    assert "meminta langkah kedua" in browser.get("/accounts/2fa/").content.decode()
    assert browser.get("/accounts/email/").status_code == 200


def test_staff_with_a_second_factor_goes_on(signed_in, instructor, settings):
    settings.STAFF_SECOND_FACTOR = True
    with_app(instructor)
    assert signed_in(instructor).get("/admin/").status_code == 200


def test_recovery_codes_are_no_second_factor(signed_in, instructor, settings):
    settings.STAFF_SECOND_FACTOR = True
    RecoveryCodes.activate(instructor)
    assert signed_in(instructor).get("/admin/").status_code == 302


def test_learners_need_no_second_factor(signed_in, learner, settings):
    settings.STAFF_SECOND_FACTOR = True
    assert signed_in(learner).get("/learning/").status_code == 200


def test_staff_cannot_remove_the_last_factor_if_one_is_asked_for(client, instructor, settings):
    browser = confirmed(client, instructor)
    with_app(instructor)
    settings.STAFF_SECOND_FACTOR = True
    page = browser.post("/accounts/2fa/totp/deactivate/")
    assert "Pasang dulu yang lain" in page.content.decode()

    settings.STAFF_SECOND_FACTOR = False
    browser.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=instructor, type="totp").exists()


def test_command_takes_the_second_factor_away(client, learner, other_learner):
    with_app(learner)
    with_app(other_learner)
    out = StringIO()
    call_command("account", learner.email, "--reset-second-factor", stdout=out)
    call_command("account", learner.email, "--reset-second-factor", stdout=out)

    assert out.getvalue().splitlines() == [
        f"{learner.email} kini masuk dengan kata sandi saja.",
        f"{learner.email} tidak punya langkah kedua.",
    ]
    assert set(Authenticator.objects.values_list("user", flat=True)) == {other_learner.pk}
    assert sign_in(client, learner) == "/"


@pytest.mark.parametrize(
    ("https", "host", "has_passkeys"),
    [("on", "0.0.0.0", True), ("off", "127.0.0.1", True), ("off", "0.0.0.0", False)],  # noqa: S104
)
def test_passkeys_need_https_or_the_own_machine(tmp_path, https, host, has_passkeys):
    program = "from django.conf import settings; print('webauthn' in settings.MFA_SUPPORTED_TYPES)"
    printed = manage(
        "shell",
        "--no-imports",
        "-c",
        program,
        SECRET_KEY="x" * 60,
        DATA_DIR=str(tmp_path),
        HTTPS=https,
        HOST=host,
    )
    assert printed.stdout.strip() == str(has_passkeys), printed.stderr


def test_one_other_session_is_ended(client, learner):
    phone, computer = Client(HTTP_USER_AGENT=CHROME), Client(HTTP_USER_AGENT=EDGE)
    for browser in (phone, computer, client):
        sign_in(browser, learner)
    devices = computer.get("/accounts/sessions/").context["devices"]
    assert [device.name for device in devices if device.is_this_one] == ["Edge, Windows"]
    key = next(device.key for device in devices if device.name == "Chrome, Android")
    computer.post("/accounts/sessions/", {"session": key})

    assert [is_signed_in(browser) for browser in (phone, computer, client)] == [False, True, True]


def test_devices_begin_with_this_one_and_tell_their_last_use(client, learner, monkeypatch):
    phone = Client(HTTP_USER_AGENT=CHROME)
    for browser in (client, phone):
        sign_in(browser, learner)
    began = timezone.now()
    for minutes in (10, 20):
        monkeypatch.setattr(timezone, "now", lambda: began + timedelta(minutes=minutes))  # noqa: B023  called at once
        phone.get("/learning/")
    shown = client.get("/accounts/sessions/").context["devices"]

    assert [device.is_this_one for device in shown] == [True, False]
    assert shown[1].last_used == began + timedelta(minutes=20)


def test_all_other_sessions_are_ended(client, learner):
    phone = Client()
    for browser in (phone, client):
        sign_in(browser, learner)
    client.post("/accounts/sessions/")

    assert [is_signed_in(browser) for browser in (phone, client)] == [False, True]


def test_nobody_ends_sessions_of_others(client, learner, other_learner):
    own = Client()
    sign_in(own, other_learner)
    key = own.get("/accounts/sessions/").context["devices"][0].key
    sign_in(client, learner)
    client.post("/accounts/sessions/", {"session": key})

    assert is_signed_in(own)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Chrome, Android"),
        (SAFARI, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        ("curl/8.5.0", "Perangkat tidak dikenal"),
    ],
)
def test_device_has_a_name_that_people_know(user_agent, name):
    assert device_name(user_agent) == name


@pytest.mark.parametrize(
    "password", ["password123", "Indonesia45", "bismillah", "sayangku", "rahasia123!", "12345678"]
)
def test_common_password_is_refused(client, password):
    fields = {"name": "Rina", "email": "rina@example.com", "password1": password}
    response = client.post("/accounts/signup/", fields)

    assert "password1" in response.context["form"].errors
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("password", "is_refused"),
    [
        ("siti12345", True),
        ("Siti.Rahma_99", True),
        ("!!sekolah2024", True),
        ("siti-makan-roti", False),
        ("angin-laut-77", False),
    ],
)
def test_password_of_own_name_is_refused(client, password, is_refused):
    fields = {"name": "Siti", "email": "rahma7@sekolah.id", "password1": password}
    response = client.post("/accounts/signup/", fields)
    assert User.objects.exists() is not is_refused
    if is_refused:
        assert set(response.context["form"].errors) == {"password1"}


@pytest.mark.parametrize(("language", "words"), [("id", "terlalu cepat"), ("en", "a little fast")])
def test_too_many_requests_are_answered_in_the_language(client, settings, language, words):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    client.cookies["language"] = language
    answers = [client.post("/accounts/signup/", {}) for _time in range(2)]

    assert answers[1].status_code == 429
    assert words in answers[1].content.decode()


def test_administrator_sees_who_has_a_second_step(signed_in, administrator, learner, other_learner):
    with_app(learner)
    browser = signed_in(administrator)
    with_one, without = (
        browser.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()
        for user in (learner, other_learner)
    )
    assert "Terpasang." in with_one
    assert "Kata sandi saja cukup" in without


@pytest.mark.parametrize(
    "credential", ['{"id": 1}', "[" * 5000, "{}", "[]", '"a"', "1", '{"id": "a", "response": []}']
)
def test_malformed_passkey_is_refused(client, learner, credential):
    with_app(learner)
    client.get("/accounts/2fa/webauthn/login/")
    assert client.post("/accounts/2fa/webauthn/login/", {"credential": credential}).status_code in (200, 302)
    sign_in(client, learner)
    client.get("/accounts/2fa/authenticate/")
    assert client.post("/accounts/2fa/authenticate/", {"credential": credential}).status_code == 200
    assert not is_signed_in(client)
