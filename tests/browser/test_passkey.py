"""A passkey is set up and signs in, in a real Chromium with a virtual authenticator."""

from __future__ import annotations

from playwright.sync_api import expect

from accounts.roles import Role
from tests import factories
from tests.browser.conftest import Arrive
from tests.factories import PASSWORD

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_set_up_and_signs_in_without_a_password(arrive: Arrive) -> None:
    member = factories.make_user(Role.MEMBER_FIRM)
    person = arrive(member)
    page = person.page
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    expect(page.locator("#recovery_codes")).to_be_visible()

    page.goto("/accounts/logout/")
    page.click("main button[type=submit]")
    page.goto("/accounts/login/")
    page.click("#passkey_login")
    expect(page.locator("a[href='/accounts/logout/']").last).to_be_visible()
    page.goto("/accounts/2fa/")
    person.sees("1 个")


def test_a_passkey_that_is_refused_is_told(arrive: Arrive) -> None:
    person = arrive(factories.make_user(Role.MEMBER_FIRM))
    page = person.page
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    refusing = {**AUTHENTICATOR, "isUserVerified": False}
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": refusing})
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("#passkey-problem")).to_be_hidden()
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    expect(page.locator("#passkey-problem")).to_be_focused()
