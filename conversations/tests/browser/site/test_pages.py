"""Automatic checks of every page, in every theme and size: `make test-pages`."""

import re
from functools import partial
from io import BytesIO
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
from playwright.sync_api import Route, expect

from accounts.models import Role, User, Workspace
from accounts.tests.factories import UserFactory
from chatsite.deliveries.deliverer import Deliverer
from chatsite.tests.test_access_matrix import routes
from conversations.models import Attachment, Conversation, Invitation
from conversations.notifications.mail.unsubscribing import NOTIFICATIONS, token_for
from conversations.notifications.models import Device, NotificationSettings, PushKey
from conversations.tests.browser.audit import DESK, Auditor, looks_of
from conversations.tests.browser.conftest import PASSWORD, choose, wait_for_pending_requests
from conversations.tests.factories import ConversationFactory, say
from conversations.tests.message.pictures import picture, upload

EVERYTHING = (
    "# Heading\n*a* **b** `c` https://example.org/"
    + "long" * 40
    + "\n\n```python\ndef f():\n    return 'x'  # why, in "
    + "so " * 40
    + "many words\n```\n"
    "> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two"
)
TABLE = Path(__file__).with_name("pages.txt")
GROUPS = 6  # groups of pages, to be shared among processes
ERRORS = ["400", "403", "403_csrf", "404", "413", "429", "500", "503"]


def rows():
    """Read pages.txt: {route: addresses}."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {route: [address for address in addresses if address != "-"] for route, *addresses in lines}


ADDRESSES = [address for addresses in rows().values() for address in addresses]


@pytest.fixture
def numbers(transactional_db):
    """Create a workspace with a little of everything; return the values for the names in pages.txt."""
    ana = UserFactory(username="ana", role=Role.OWNER, email="ana@example.org")
    ben = UserFactory(username="ben", display_name="B" * 50)
    new = UserFactory(username="new")
    for each in (ana, new):
        each.set_password(PASSWORD)
        each.save()
    User.objects.filter(pk=ben.pk).update(created_at="2020-01-01T00:00Z")
    Workspace.objects.current().change(None, name="Our team", sign_up=Workspace.SignUp.OPEN)
    ana.set_picture(BytesIO(picture("WEBP", (8, 8))))
    return talk(ana, ben) | secrets(ana) | notifications(ana) | {"day": timezone.localdate()}


def talk(ana, ben):
    town = ConversationFactory(title="Town hall", topic="All " * 20, members=[ana, ben])
    long = ConversationFactory(title="P" * 60, members=[ben])
    for number in range(45):
        middle = say(long, ben, f"number {number}")
    message, mine = say(town, ben, EVERYTHING, "x" * 300, "@ana and @here"), say(town, ana, "mine")
    files = [Attachment.objects.store(upload(*file)) for file in ((picture(), "a.jpg"), (b"x", "x" * 250 + ".txt"))]
    town.post(ben, "", uuid4(), attachments=files)
    town.post(ana, "an answer", uuid4(), reply_to=message)
    edited = say(town, ana, "before")
    edited.edit(ana, "after")
    say(town, ana, "gone").delete_by(ana)
    message.react(ben, "🎉")
    message.pin(ben, "to be found")
    message.save_for(ana)
    direct = Conversation.objects.direct(ana, [ben])
    say(direct, ben, "psst")
    gone = ConversationFactory(title="Gone", members=[ana])
    gone.delete_by(ana)
    places = {"town": town, "long": long, "direct": direct, "empty": ConversationFactory(members=[ana])}
    places |= {"limited": ConversationFactory(members=[ana], kind="private", history_from_joining=True)}
    places |= {"archived": ConversationFactory(members=[ana], archived_at=timezone.now())}
    places |= {"foreign": ConversationFactory(), "message": message, "mine": mine, "edited": edited, "middle": middle}
    return {name: each.pk for name, each in places.items()}


def secrets(ana):
    """Give Ana an authenticator app, recovery codes, a passkey, an invitation and a password reset link."""
    TOTP.activate(ana, generate_totp_secret())
    RecoveryCodes.activate(ana)
    credential = {"name": "My phone", "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
    passkey = Authenticator.objects.create(user=ana, type=Authenticator.Type.WEBAUTHN, data=credential)
    invitation = Invitation.objects.invite(ana)
    return {
        "passkey": passkey.pk,
        "invitation": invitation.pk,
        "link": invitation.link,
        "reset": ana.make_reset_link(None),
    }


def notifications(ana):
    """Notify Ana of all that was said, and subscribe a browser of hers."""
    Deliverer().run_once()
    NotificationSettings.objects.of(ana).change(
        ana,
        quiet=[{"days": [0, 1], "from": "22:00", "to": "07:00"}],
        passing=list(User.objects.values_list("pk", flat=True)),
    )
    values = {"endpoint": "https://fcm.googleapis.com/x", "p256dh": b"", "auth": b"", "key": PushKey.objects.current()}
    device = Device.objects.create(user=ana, session_key="x", browser="Firefox", language="en", **values)
    return {"device": device.pk, "unsubscribe": token_for(ana.pk, NOTIFICATIONS)}


@pytest.fixture
def auditor_of(numbers, live_server, new_context):
    """Return an auditor signed in as a person, `auditor_of("ana")`, or anonymous, with a browser for each device."""
    auditors = {}

    def open_browser(name="", **options):
        key = (name, *options)
        if key not in auditors:
            context = new_context(**options)
            if name:
                client, person = Client(), User.objects.get(username=name)
                client.force_login(person, "accounts.backend.AccountBackend")
                session = client.session
                record_authentication(SimpleNamespace(session=session), person, "password", reauthenticated=True)
                session.save()
                cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
                context.add_cookies([cookie])
            auditors[key] = Auditor(context.new_page(), live_server.url)
        return auditors[key]

    yield open_browser
    for auditor in auditors.values():
        auditor.page.context.close()
    wait_for_pending_requests()


def auditor_at(auditor_of, address, numbers, look=DESK):
    """Return the auditor for an address of the table, with the device of a look, and its path."""
    name = re.match("[a-z]*", address)[0]
    person = {"": "ana", "out": ""}.get(name, name)
    return auditor_of(person, **look.options), address.removeprefix(name).format(**numbers)


def test_every_route_is_in_the_table():
    expected = {route for route in routes() if not route.startswith("admin/")}
    assert expected - rows().keys() == set()
    assert rows().keys() - expected == set(), "rows of routes that no longer exist"


@pytest.mark.pages
@pytest.mark.parametrize("group", range(GROUPS))
def test_pages_are_accessible_and_fit_the_screen(auditor_of, numbers, group):
    found, titles = {}, {}
    for number, address in list(enumerate(ADDRESSES))[group::GROUPS]:
        for look in looks_of(number):
            auditor, path = auditor_at(auditor_of, address, numbers, look)
            auditor.open(path, look)
            troubles = auditor.find(look) if auditor.page.url == auditor.url + path else [auditor.page.url]
            found.setdefault(address, []).extend(troubles)
        titles.setdefault(auditor.page.title(), []).append(path.partition("?")[0])
    assert {address: troubles for address, troubles in found.items() if troubles} == {}
    assert [addresses for addresses in titles.values() if len(set(addresses)) > 1] == []


@pytest.mark.pages
def test_error_pages_are_accessible_and_fit_the_screen(auditor_of):
    found = {}
    for number, name in enumerate(ERRORS):
        page = render_to_string(f"{name}.html", {"workspace_name": "Our team", "reason": "Why.", "words": "My words"})
        for look in looks_of(number):
            auditor = auditor_of(**look.options)
            auditor.page.route(f"**/{name}/", partial(Route.fulfill, body=page, content_type="text/html"))
            auditor.open(f"/{name}/", look)
            if troubles := auditor.find(look):
                found[name, look] = troubles
    assert found == {}


def act(page, words, action):
    """Choose an action from the menu of a message."""
    choose(page.get_by_role("article").filter(has_text=words).first, action)


def open_menu(page):
    message = page.get_by_role("article").filter(has_text="mine").first
    message.hover()
    message.locator(".tools summary").click()
    expect(message.get_by_role("button", name="Copy link")).to_be_visible()


def open_card(page):
    page.locator("article .author").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def hide(page):
    choose(page.locator("article:not(.system):has(.files)"), "Hide …")
    expect(page.get_by_role("dialog")).to_be_visible()


def offer(page, box, words):
    """Type something that is completed, and wait for the completions."""
    box.click()
    box.press_sequentially(words)
    expect(page.get_by_role("option").first).to_be_visible()


def edit(page):
    act(page, "mine", "Edit")
    expect(page.get_by_label("Message text", exact=True)).to_be_focused()


def delete(page):
    act(page, "mine", "Delete")
    expect(page.get_by_text("Message deleted.")).to_be_visible()


def preview(page):
    page.get_by_label("Message to").fill(EVERYTHING)
    page.get_by_role("button", name="Formatting").click()
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".previewed")).to_be_visible()


def send_nothing(page, button):
    """Submit a form without the browser's validation."""
    page.evaluate("for (const each of document.querySelectorAll('[required]')) each.required = false")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".errorlist").first).to_be_visible()


def press(page, key):
    """Press a key once the scripts have loaded."""
    page.wait_for_function("() => customElements.get('live-inbox')")
    page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_visible()


STATES = {
    "the menu of a conversation": ("/c/{town}/", lambda page: page.locator(".head .more > summary").click()),
    "what to do with a message": ("/c/{town}/", open_menu),
    "the card of a person": ("/c/{town}/", open_card),
    "why a message is hidden": ("/c/{town}/", hide),
    "a message that is edited": ("/c/{town}/", edit),
    "a message that was deleted": ("/c/{town}/", delete),
    "a preview": ("/c/{town}/", preview),
    "names to mention": ("/c/{town}/", lambda page: offer(page, page.get_by_label("Message to"), "@b")),
    "files to send": ("/c/{town}/", lambda page: page.locator("input[type=file]").set_input_files([A_FILE])),
    "offers of the search": ("/search/", lambda page: offer(page, page.get_by_role("searchbox").first, "from:b")),
    "a search to narrow down": ("/search/", lambda page: page.get_by_text("Filters", exact=True).click()),
    "a conversation that can't begin": ("/c/new/", lambda page: send_nothing(page, "Start")),
    "an account that can't be": ("out/accounts/signup/", lambda page: send_nothing(page, "Sign up")),
    "the sheet of keys": ("/", lambda page: press(page, "?")),
    "where to go": ("/", lambda page: press(page, "Control+k")),
    "first steps put away": ("new/", lambda page: page.get_by_role("button", name="Dismiss").click()),
}
A_FILE = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"words"}


@pytest.mark.pages
@pytest.mark.parametrize("half", range(2))
def test_pages_are_accessible_while_something_is_open(auditor_of, numbers, half):
    found = {}
    for number, state in list(enumerate(STATES))[half::2]:
        address, do = STATES[state]
        auditor, path = auditor_at(auditor_of, address, numbers)
        auditor.open(path)
        do(auditor.page)
        for look in [each for each in looks_of(number * 4) if not each.is_touch]:
            found.setdefault(state, []).extend(auditor.find(look))
    assert {state: troubles for state, troubles in found.items() if troubles} == {}


TOO_WIDE = """
    () => [document.documentElement, ...document.querySelectorAll("body *:not(pre, table, .chart > div, textarea)")]
        .filter(each => each.scrollWidth > each.clientWidth + 1)
        .filter(each => each.matches("html") || /auto|scroll/.test(getComputedStyle(each).overflowX))
        .map(each => each.outerHTML.slice(0, 120))
"""

OWN = [address for address in ADDRESSES if address.startswith("/")]
SOME = OWN[::3]  # a sample with each kind of page


@pytest.mark.pages
def test_text_at_twice_the_size_fits_the_screen(auditor_of, numbers):
    auditor, found = auditor_of("ana"), []
    DESK.apply(auditor.page)
    for address in SOME:
        auditor.page.goto(auditor.url + address.format(**numbers))
        auditor.page.evaluate("() => document.documentElement.style.setProperty('font-size', '200%')")
        found += [(address, wide) for wide in auditor.page.evaluate(TOO_WIDE)]
    assert found == []
