"""Every page, looked at by a machine: nothing for a screen reader to stumble over, nothing wider than the screen."""

import re
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Route

from accounts.links import reset_link
from accounts.models import Picture, Place, Role, User
from accounts.tests.factories import UserFactory
from chatsite.tests.test_access_matrix import routes
from conversations.models import Attachment, Conversation, Invitation, Message, Pin, Reaction, Saved
from conversations.tests.browser.audit import Auditor
from conversations.tests.browser.conftest import PASSWORD
from conversations.tests.factories import ConversationFactory, say
from conversations.tests.pictures import picture, upload

EVERYTHING = (
    "# Heading\n*a* **b** `c` https://example.org/"
    + "long" * 40
    + "\n\n```python\ndef f():\n    return 'x'  # why, in "
    + "so " * 40
    + "many words\n```\n"
    "> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two"
)
TABLE = Path(__file__).with_name("pages.txt")
GROUPS = 6  # of pages, for processes to share
ERRORS = ["400", "403", "403_csrf", "404", "413", "429", "500", "503"]


def rows():
    """Read the table: {route: addresses}."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {route: [address for address in addresses if address != "-"] for route, *addresses in lines}


ADDRESSES = [address for addresses in rows().values() for address in addresses]


@pytest.fixture
def numbers(transactional_db):
    """A place with a little of everything, by the names that the table has for it."""
    ana = UserFactory(username="ana", role=Role.OWNER, email="ana@example.org")
    ben = UserFactory(username="ben", display_name="B" * 50)
    new = UserFactory(username="new")
    for each in (ana, new):
        each.set_password(PASSWORD)
        each.save()
    User.objects.filter(pk=ben.pk).update(created_at="2020-01-01T00:00Z")
    Place.objects.here().change(name="Our place", sign_up=Place.SignUp.OPEN)
    Picture.objects.show(ana, picture("WEBP", (8, 8)))
    return talk(ana, ben) | secrets(ana) | {"day": timezone.localdate()}


def talk(ana, ben):
    town = ConversationFactory(title="Town hall", topic="All " * 20, members=[ana, ben])
    long = ConversationFactory(title="P" * 60, members=[ben])
    for number in range(45):
        middle = say(long, ben, f"number {number}")
    message, mine = say(town, ben, EVERYTHING, "x" * 300, "@ana and @here"), say(town, ana, "mine")
    files = [Attachment.objects.keep(upload(*file)) for file in ((picture(), "a.jpg"), (b"x", "x" * 250 + ".txt"))]
    Message.objects.post(town, ben, "", uuid4(), attachments=files)
    Message.objects.post(town, ana, "an answer", uuid4(), reply_to=message)
    edited = say(town, ana, "before")
    edited.edit_by(ana, "after")
    say(town, ana, "gone").delete_by(ana)
    Reaction.objects.react(ben, message, "🎉")
    Pin.objects.pin(ben, message, "to be found")
    Saved.objects.keep(ana, message)
    direct = Conversation.objects.direct(ana, [ben])
    say(direct, ben, "psst")
    gone = ConversationFactory(title="Gone", members=[ana])
    gone.delete_by(ana)
    places = {"town": town, "long": long, "direct": direct, "empty": ConversationFactory(members=[ana])}
    places |= {"archived": ConversationFactory(members=[ana], archived_at=timezone.now())}
    places |= {"foreign": ConversationFactory(), "message": message, "mine": mine, "edited": edited, "middle": middle}
    return {name: each.pk for name, each in places.items()}


def secrets(ana):
    """Give Ana an app, codes and a passkey, an invitation to hand on and a link to choose a password."""
    TOTP.activate(ana, generate_totp_secret())
    RecoveryCodes.activate(ana)
    credential = {"name": "My phone", "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
    passkey = Authenticator.objects.create(user=ana, type=Authenticator.Type.WEBAUTHN, data=credential)
    invitation = Invitation.objects.invite(ana)
    return {"passkey": passkey.pk, "invitation": invitation.pk, "link": invitation.link, "reset": reset_link(ana)}


@pytest.fixture
def looking(numbers, live_server, new_context):
    """Let somebody look at pages: `looking("ana")`; nobody in particular without a name. Each has one browser."""
    came = {}

    def come(name=""):
        if name not in came:
            context = new_context()
            if name:
                client, person = Client(), User.objects.get(username=name)
                client.force_login(person, "accounts.backend.AccountBackend")
                session = client.session
                record_authentication(SimpleNamespace(session=session), person, "password", reauthenticated=True)
                session.save()
                cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
                context.add_cookies([cookie])
            came[name] = Auditor(context.new_page(), live_server.url)
        return came[name]

    return come


def test_every_address_of_the_site_is_in_the_table():
    expected = {route for route in routes() if not route.startswith("admin/")}
    assert expected - rows().keys() == set()
    assert rows().keys() - expected == set(), "rows of addresses that are gone"


@pytest.mark.parametrize("group", range(GROUPS))
def test_no_page_is_a_barrier_or_too_wide(looking, numbers, group):
    found, titles = {}, {}
    for address in ADDRESSES[group::GROUPS]:
        who = re.match("[a-z]*", address)[0]
        path = address.removeprefix(who).format(**numbers)
        one = looking({"": "ana", "out": ""}.get(who, who))
        one.open(path)
        troubles = one.find() if one.page.url == one.url + path else [f"it leads to {one.page.url}"]
        if troubles:
            found[address] = troubles
        titles.setdefault(one.page.title(), []).append(path.partition("?")[0])
    assert found == {}
    assert [addresses for addresses in titles.values() if len(set(addresses)) > 1] == []


def test_no_page_of_an_error_is_a_barrier_or_too_wide(looking):
    one, found = looking(), {}
    for name in ERRORS:
        page = render_to_string(f"{name}.html", {"place_name": "Our place", "reason": "Why.", "words": "My words"})
        one.page.route(f"**/{name}/", partial(Route.fulfill, body=page, content_type="text/html"))
        one.open(f"/{name}/")
        if troubles := one.find():
            found[name] = troubles
    assert found == {}
