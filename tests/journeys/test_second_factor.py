"""Tests the second step in a browser: an authenticator app, recovery codes, and a passkey of a virtual device."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.one_time_codes import code_of

from .axe import HALF_OF_THEM, expect_usable
from .conftest import Visit, sign_in
from .server import Site, served

pytestmark = pytest.mark.journey

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def newcomer(site: Site, name: str) -> str:
    """Opens an account, and returns the name of its role in ``site.people``."""
    email = f"{name}@example.org"
    site.people[name] = (email, site.manage("account", email, "--name", name.title()).split()[-1])
    return name


def confirm_password(page: Page, site: Site, role: str) -> None:
    page.locator("[name=password]").fill(site.people[role][1])
    page.locator("[name=password]").press("Enter")


def sign_out(page: Page) -> None:
    page.locator("details[data-menu] summary").click()
    page.locator("form[action='/accounts/logout/'] button").click()


def test_app_is_asked_after_the_password(site: Site, page: Page):
    role = newcomer(site, "aplikasi")
    sign_in(page, site, role)
    page.goto("/accounts/2fa/")
    page.locator("a[href$='/totp/activate/']").click()
    confirm_password(page, site, role)
    key = key_on(page)
    expect_drawn_code(page)
    page.locator("[name=code]").fill(code_of(key))
    page.locator("main form button").first.click()
    codes = page.locator("[data-recovery-codes] code").all_inner_texts()
    assert len(set(codes)) == 10

    sign_out(page)
    sign_in(page, site, role)
    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    page.locator("[name=code]").fill("000000")
    page.locator("[name=code]").press("Enter")
    expect(page.locator("[name=code]")).to_have_attribute("aria-invalid", "true")
    page.locator("[name=code]").fill(code_of(key, later=1))
    page.locator("[name=code]").press("Enter")
    expect(page).to_have_url("/")

    sign_out(page)
    sign_in(page, site, role)
    page.locator("[name=code]").fill(codes[0])
    page.locator("[name=code]").press("Enter")
    expect(page).to_have_url("/")

    assert "kata sandi saja" in site.manage("account", site.people[role][0], "--reset-second-factor")
    sign_out(page)
    sign_in(page, site, role)
    expect(page).to_have_url("/")


def key_on(page: Page) -> str:
    return "".join(page.locator(".key code span").all_inner_texts())


def expect_drawn_code(page: Page) -> None:
    box = page.locator(".qr svg").bounding_box()
    assert box is not None
    assert box["width"] > 150
    assert box["height"] > 150


def test_passkey_replaces_the_password(site: Site, visit: Visit):
    page = visit(host="localhost")
    role = newcomer(site, "kunci")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    sign_in(page, site, role)
    page.goto("/accounts/2fa/webauthn/add/")
    confirm_password(page, site, role)
    page.locator("[name=name]").fill("Ponsel")
    page.locator("[data-passkey-start]").click()
    expect(page.locator("[data-recovery-codes]")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    expect(page.locator(".devices")).to_contain_text("Ponsel")

    sign_out(page)
    page.goto("/accounts/login/")
    page.locator("[data-passkey-start]").click()
    expect(page).to_have_url("/")
    expect(page.locator("details[data-menu]")).to_have_attribute("data-who", site.people[role][0])

    sign_out(page)
    sign_in(page, site, role)
    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    page.locator("[data-passkey-start]").click()
    expect(page).to_have_url("/")

    sign_out(page)
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto("/accounts/login/")
    page.locator("[data-passkey-start]").click()
    expect(page.locator("[data-passkey-trouble]")).to_be_visible()
    expect(page.locator("[data-passkey-start]")).to_be_enabled()


def test_instructor_is_led_to_an_app_and_then_into_the_admin(tmp_path: Path, browser: Browser):
    with served(tmp_path, STAFF_SECOND_FACTOR="on") as strict:
        page = browser.new_page(base_url=strict.address, locale="id-ID")
        sign_in(page, strict, "instructor")
        page.goto("/admin/")
        expect(page).to_have_url("/accounts/2fa/")
        expect(page.locator("[role=status]")).to_contain_text("meminta langkah kedua")
        page.locator("a[href$='/totp/activate/']").click()
        confirm_password(page, strict, "instructor")
        key = key_on(page)
        page.locator("[name=code]").fill(code_of(key))
        page.locator("main form button").first.click()
        expect(page.locator("[data-recovery-codes]")).to_be_visible()
        page.goto("/admin/")
        expect(page).to_have_url("/admin/")
        page.context.close()


def test_other_device_is_signed_out(site: Site, visit: Visit):
    role = newcomer(site, "perangkat")
    phone, computer = visit(width=390), visit()
    for page in (phone, computer):
        sign_in(page, site, role)
    computer.goto("/accounts/sessions/")
    expect(computer.locator(".devices li")).to_have_count(2)
    computer.locator("[name=session]").click()
    expect(computer.locator(".devices li")).to_have_count(1)
    phone.goto("/learning/")

    expect(phone).to_have_url(re.compile("/accounts/login/"))


def test_pages_of_the_second_step_are_usable(site: Site, visit: Visit):
    page = visit(host="localhost")
    role = newcomer(site, "halaman")
    sign_in(page, site, role)
    page.goto("/accounts/2fa/totp/activate/")
    confirm_password(page, site, role)
    page.locator("[name=code]").fill(code_of(key_on(page)))
    page.locator("main form button").first.click()
    expect(page.locator("[data-recovery-codes]")).to_be_visible()
    paths = (
        "",
        "recovery-codes/",
        "recovery-codes/generate/",
        "totp/deactivate/",
        "webauthn/",
        "webauthn/add/",
    )
    expect_usable(
        page, *(f"/accounts/2fa/{path}" for path in paths), "/accounts/sessions/", looks=HALF_OF_THEM
    )
