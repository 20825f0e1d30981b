import re
import time
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User, Workspace
from chatsite.trials.client.browsers import find_browser
from chatsite.trials.client.person import Person
from chatsite.trials.client.threads import run_in_thread
from conversations.models import Conversation
from conversations.models.newcomers import Newcomers

PASSWORD = "correct horse battery"
STORED_TEXT = "() => Object.entries(localStorage).filter(([name]) => name.startsWith('words of ')).toString()"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Prefer the system's browser; no browser starts with its sandbox as root."""
    return browser_type_launch_args | {
        "executable_path": find_browser(),
        "args": ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    }


@pytest.fixture(scope="session")
def live_server():
    """Serve static files as in production, bundled and cacheable; Django's handler would send their sources."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.contrib.staticfiles.handlers.StaticFilesHandler", lambda application: application)
        server = LiveServer("localhost")
    yield server
    server.stop()


class Visitor:
    """A person with a browser who follows links, fills in forms and presses keys."""

    def __init__(self, page, url, sign_up_is_open=False):
        self.page, self.url, self.troubles = page, url, []
        self.sign_up_is_open = sign_up_is_open
        page.on("console", lambda message: message.type in ("error", "warning") and self.troubles.append(message.text))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def sign_up(self, name):
        self.page.goto(f"{self.url}/accounts/signup/")
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_label("User name").fill(name)
        self.page.get_by_label("E-mail address").fill(f"{name}@example.org")
        self.page.get_by_label("Password").fill(PASSWORD)
        workspace_name = self.page.get_by_label("Workspace name")
        if is_first := workspace_name.is_visible():
            workspace_name.fill("Our team")
        self.page.get_by_role("button", name="Sign up", exact=True).click()
        expect(self.page.get_by_role("heading", name="Inbox")).to_be_visible()
        if is_first and not self.sign_up_is_open:
            self.open_sign_up()

    def sign_in(self, name, *, to=""):
        """Sign in with a new account and start a conversation without forms, for tests that are not about them."""
        person = User(username=name, email=f"{name}@example.org")
        person.set_password(PASSWORD)
        User.objects.sign_up(person, address="192.0.2.1", is_invited=True)
        Workspace.objects.current().change(None, name="Our team")
        client = Client()
        client.force_login(person, "accounts.backend.AccountBackend")
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.url}
        self.page.context.add_cookies([cookie])
        path = f"/c/{Conversation.objects.start(person, to, Conversation.Kind.OPEN).pk}/" if to else "/"
        self.page.goto(self.url + path)

    def open_sign_up(self):
        self.page.goto(f"{self.url}/settings/workspace/")
        self.page.get_by_label("Anyone who reaches this site").check()
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.get_by_text("Settings saved.")).to_be_visible()
        self.page.goto(self.url)

    def start(self, title, kind="Open"):
        self.page.get_by_role("link", name="New conversation").first.click()
        self.page.get_by_label(kind).check()
        self.page.get_by_label("Title").fill(title)
        self.page.get_by_role("button", name="Start").click()
        expect(self.page.get_by_role("heading", name=title)).to_be_visible()

    def choose(self, name, *, script=True):
        """Choose somebody in the people picker."""
        if script:
            box = self.page.get_by_role("textbox", name="Search by name").or_(self.page.get_by_role("combobox"))
            box.fill(name)
            self.page.get_by_role("option", name=name).first.click()
            expect(self.page.locator(".chip", has_text=name)).to_be_visible()
        else:
            self.page.locator(".offered").get_by_label(name).check()

    def write(self, words, *, by_key=False):
        self.page.get_by_label("Message to").fill(words)
        if by_key:
            expect(self.page.locator("message-composer.live")).to_be_visible()
            self.page.keyboard.press("Enter")
        else:
            self.page.get_by_role("button", name="Send").click()
        expect(self.page.get_by_role("article").last).to_contain_text(words)

    def send(self, *texts):
        """Post messages with this browser's cookies but without its page, for tests that are about the readers."""
        address = re.match(r".+/c/\d+/", self.page.url)[0] + "messages/"
        for text in texts:
            self.post(address, content=text, client_key=str(uuid4()))

    def begin(self, title):
        """Start a conversation without the page, and return its address."""
        return self.url + self.post(f"{self.url}/c/new/", title=title, kind="open")

    def post(self, address, **form):
        """Post a form and return the location of the redirect."""
        [token] = [each["value"] for each in self.page.context.cookies() if each["name"] == "csrftoken"]
        form |= {"csrfmiddlewaretoken": token}
        answer = self.page.context.request.post(address, form=form, max_redirects=0)
        assert answer.status == 302
        return answer.headers["location"]


@pytest.fixture
def first_minutes():
    """Ask for the conversation that the first account gets, which is in the way of most tests."""


@pytest.fixture
def visitor(request, monkeypatch, live_server, new_context):
    """Open browsers: `visitor()`, or with options of a browser context. Fails if any of them reports an error."""
    visitors = []
    if "first_minutes" not in request.fixturenames:
        monkeypatch.setattr(Newcomers, "found", lambda conversations, owner: None)

    def open_browser(**options):
        person = Visitor(new_context(**options).new_page(), live_server.url, sign_up_is_open=True)
        visitors.append(person)
        Workspace.objects.current().change(None, sign_up=Workspace.SignUp.OPEN)
        return person

    yield open_browser
    troubles = [trouble for person in visitors for trouble in person.troubles]
    for person in visitors:
        person.page.context.close()
    wait_for_pending_requests()
    assert troubles == []


def wait_for_pending_requests():
    """Wait until the server is idle: a closing page still sends its draft while the tables are being emptied."""
    busy = "datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    calm, deadline = 0, time.monotonic() + 10
    while calm < 3:
        assert time.monotonic() < deadline, "requests of a closed page do not end"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND {busy}")  # noqa: S608
            calm = 0 if cursor.fetchone()[0] else calm + 1
        time.sleep(0.03)


@pytest.fixture
def served(shared_site):
    return shared_site


@pytest.fixture
def people(served, new_context):
    """Open browsers for Ana and Ben, both on the page of Town hall; `people(script=…)` adds a script to them."""
    visitors = []

    def open_browser(script="", url=served.url):
        ana, ben, town = run_in_thread(meet(served.port))
        for cookies in (ana, ben):
            context = new_context()
            context.add_init_script(script)
            context.add_cookies([{"name": name, "value": cookies[name], "url": served.url} for name in cookies])
            visitors.append(person := Visitor(context.new_page(), url))
            person.page.goto(f"{url}/c/{town}/")
            expect(person.page.get_by_label("Message to")).to_be_visible()
        return visitors

    yield open_browser
    assert [trouble for person in visitors for trouble in person.troubles if "ERR_" not in trouble] == []


async def meet(port):
    """Let Ana and Ben sign up and start Town hall; return their cookies and its id."""
    ana, ben = [await Person(port).sign_up(name) for name in ("ana", "ben")]
    town = await ana.start("Town hall", people=("ben",))
    for person in (ana, ben):
        person.hang_up()
    return ana.cookies, ben.cookies, town


def choose(article, action):
    """Choose an action from the menu of a message."""
    article.hover()
    article.locator(".tools summary").click()
    article.get_by_role("button", name=action, exact=True).click()


def opened_again(visitor):
    address, context = visitor.page.url, visitor.page.context
    visitor.page.close(run_before_unload=True)
    again = Visitor(context.new_page(), visitor.url)
    again.page.goto(address)
    return again


def sign_in(page, name):
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".me")).to_be_visible()


def sign_out(page):
    """Sign out in the menu at the foot of the sidebar."""
    menu = page.locator(".me")
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    page.get_by_role("button", name="Sign out").click()
