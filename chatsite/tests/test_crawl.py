"""No link changes anything: following all of them leaves the database as it was."""

import re
from collections import deque
from urllib.parse import urldefrag, urljoin, urlsplit
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import Role, User
from accounts.tests.factories import UserFactory
from conversations.models import Attachment, Conversation, Invitation
from conversations.tests.factories import ConversationFactory, say
from conversations.tests.message.pictures import picture, upload

# Showing a sign-in form may write to the session, and limits count requests.
LEFT_OUT = {"django_session", "cache", "limits"}
MAX_ADDRESSES = 400
PASSWORD = "correct horse battery"


@pytest.fixture
def owner(db):
    """An owner in a workspace with a little of everything."""
    owner, ana = UserFactory(username="boss", role=Role.OWNER), UserFactory(username="ana")
    owner.set_password(PASSWORD)
    owner.save()
    town = ConversationFactory(title="Town hall", members=[owner, ana])
    plans = ConversationFactory(title="Plans", kind="private", members=[owner, ana])
    for number in range(45):
        say(town, ana, f"number {number}")
    say(plans, owner, "a [link](/people/ana/) of mine").edit(owner, "another [link](/people/) of mine")
    files = [Attachment.objects.store(upload(*file)) for file in ((picture(), "a.jpg"), (b"words", "b.txt"))]
    town.post(ana, "", uuid4(), attachments=files)
    Conversation.objects.direct(owner, [ana])
    Invitation.objects.invite(owner)
    return owner


def state():
    """Sum up all tables: {name: (rows, the sum of the transactions that wrote them)}."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = {}
        for (table,) in cursor.fetchall():
            if table not in LEFT_OUT:
                cursor.execute(f'SELECT count(*), coalesce(sum(hashtext("{table}"::text)), 0) FROM "{table}"')  # noqa: S608
                counts = cursor.fetchone()
                cursor.execute(f'SELECT coalesce(sum(xmin::text::bigint), 0) FROM "{table}"')  # noqa: S608
                found[table] = (*counts, cursor.fetchone())
    return found


def links(page, address):
    for link in re.findall(r'(?:href|src)="([^"]+)"', page):
        url = urlsplit(urldefrag(urljoin(address, link.replace("&amp;", "&"))).url)
        if not url.scheme and not url.netloc and not url.path.startswith("/static/"):
            yield f"{url.path}?{url.query}" if url.query else url.path


def crawl(client):
    seen, waiting = set(), deque(["/"])
    while waiting and len(seen) < MAX_ADDRESSES:
        address = waiting.popleft()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code in (200, 302, 404), (address, answer.status_code)
        for header in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"):
            assert header in answer.headers, (address, header)
        assert re.search("no-cache|no-store|immutable|max-age=3600$", answer["Cache-Control"]), address
        assert answer["Content-Type"] != "text/html" or re.search("private|no-store", answer["Cache-Control"]), address
        assert answer["Cross-Origin-Resource-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin"
        if answer["Content-Type"].startswith("text/html"):
            waiting.extend(links(answer.content.decode(), address))
        if "Location" in answer:
            waiting.append(answer["Location"])
    return seen


def test_following_every_link_changes_nothing(owner, client):
    client.post("/accounts/login/", {"login": "boss", "password": PASSWORD})
    before = state()
    assert any(rows for rows, *_ in before.values()), "there is something to change"
    seen = crawl(client)
    assert {"/people/ana/", "/settings/audit/", "/accounts/2fa/", "/admin/", "/c/browse/"} <= seen
    assert state() == before


def test_a_change_would_be_noticed(owner):
    before = state()
    User.objects.filter(username="ana").update(about="changed")
    assert state() != before
