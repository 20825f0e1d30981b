"""Joining by an invite link, with a passkey or a password."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.models import Role, User, Workspace
from accounts.tests.factories import UserFactory
from conversations.models import Invitation
from conversations.tests.browser.conftest import PASSWORD, sign_out
from conversations.tests.factories import ConversationFactory

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def invitation(transactional_db):
    owner = UserFactory(username="boss", role=Role.OWNER)
    town = ConversationFactory(title="Town hall", members=[owner])
    return Invitation.objects.invite(owner, conversations=[town])


def local(visitor):
    """Open a browser at `localhost`, as passkeys do not support IP addresses."""
    person = visitor()
    person.url = person.url.replace("127.0.0.1", "localhost")
    return person


def give_authenticator(page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def test_an_invited_person_signs_up_with_a_passkey_and_posts(visitor, invitation):
    eve = local(visitor)
    give_authenticator(eve.page)
    eve.page.goto(eve.url + invitation.link)
    eve.page.get_by_label("Your name").fill("Eve")
    eve.page.get_by_label("User name").fill("eve")
    eve.page.get_by_label("E-mail address").fill("eve@example.org")
    eve.page.get_by_role("button", name="Sign up with a passkey").click()
    eve.page.locator("main [data-entry]", has_text="Town hall").click()
    eve.write("Hello from a passkey")
    assert not User.objects.get(username="eve").has_usable_password()
    sign_out(eve.page)
    eve.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(eve.page.get_by_role("heading", name="Inbox")).to_be_visible()


def test_a_required_second_factor_can_be_a_passkey(visitor, invitation):
    Workspace.objects.current().change(None, second_factor=[Role.MEMBER])
    eve = local(visitor)
    give_authenticator(eve.page)
    eve.page.goto(eve.url + invitation.link)
    eve.page.get_by_label("Your name").fill("Eve")
    eve.page.get_by_label("User name").fill("eve")
    eve.page.get_by_label("E-mail address").fill("eve@example.org")
    eve.page.get_by_label("Password").fill(PASSWORD)
    eve.page.get_by_role("button", name="Sign up", exact=True).click()
    expect(eve.page.get_by_text("Your role requires a second factor")).to_be_visible()
    eve.page.goto(f"{eve.url}/c/browse/")
    expect(eve.page.get_by_role("heading", name="How you sign in")).to_be_visible()
    eve.page.get_by_role("link", name="Add a passkey").click()
    eve.page.get_by_role("button", name="Create passkey").click()
    expect(eve.page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    eve.page.goto(f"{eve.url}/c/browse/")
    expect(eve.page.get_by_role("heading", name="Open conversations")).to_be_visible()


def test_an_invited_person_signs_up_with_a_password_without_scripts(visitor, invitation):
    eve = visitor(java_script_enabled=False)
    eve.page.goto(eve.url + invitation.link)
    expect(eve.page.get_by_role("button", name="Sign up with a passkey")).to_be_hidden()
    eve.page.get_by_label("Your name").fill("Eve")
    eve.page.get_by_label("User name").fill("eve")
    eve.page.get_by_label("E-mail address").fill("eve@example.org")
    eve.page.get_by_label("Password").fill(PASSWORD)
    eve.page.get_by_role("button", name="Sign up", exact=True).click()
    eve.page.locator("main [data-entry]", has_text="Town hall").click()
    eve.write("Hello from a form")
    eve.page.goto(f"{eve.url}/accounts/logout/")
    eve.page.get_by_role("button", name="Sign out").click()
    eve.page.get_by_label("User name or e-mail address").fill("eve@example.org")
    eve.page.get_by_label("Password").fill(PASSWORD)
    eve.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(eve.page.get_by_role("heading", name="Inbox")).to_be_visible()
    assert Client().get(invitation.link).status_code == 404, "the link is used up"
