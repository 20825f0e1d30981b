"""A workspace of invented people with messages of several days, to show a site at its best.

The people use it over HTTP as anybody does; afterwards their messages are backdated.
"""

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import psycopg
from playwright.sync_api import APIRequest, APIRequestContext, FormData

from chatsite.trials.showcase.pictures import PICTURES
from chatsite.trials.showcase.talks import (
    DIRECT,
    FAVOURITES,
    PEOPLE,
    PINNED,
    REACTIONS,
    TALKS,
    UNREAD,
    Said,
    Talk,
)

PASSWORD = "correct horse battery"
WORKSPACE_NAME = "Mill Street Bakery"


class Visitor:
    """One of the invented people, signed in to a site."""

    def __init__(self, request: APIRequest, url: str, name: str) -> None:
        self.name, self.api = name, request.new_context(base_url=url)

    def post(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> str:
        """Send a form as a browser does; return the address that it redirects to."""
        cookies = {each["name"]: each["value"] for each in self.api.storage_state()["cookies"]}
        headers = {"X-CSRFToken": cookies.get("csrftoken", "")}
        answer = self.api.post(path, form=form, headers=headers, max_redirects=0, **options)
        assert answer.status == 302, (path, answer.status, answer.text()[:1000])
        return answer.headers["location"]

    def sign_up(self) -> None:
        self.api.get("/accounts/signup/")
        form = {
            "display_name": PEOPLE[self.name][0],
            "username": self.name,
            "email": f"{self.name}@example.org",
            "password": PASSWORD,
        }
        self.post("/accounts/signup/", form | {"workspace_name": WORKSPACE_NAME})
        if self.name == next(iter(PEOPLE)):
            self.post("/settings/workspace/", {"name": WORKSPACE_NAME, "sign_up": "open"})
        shown, about = PEOPLE[self.name]
        profile = {"display_name": shown, "about": about, "time_zone": "UTC", "enter_sends": "on", "shortcuts": "on"}
        self.post("/settings/profile/", profile)

    def say(self, conversation: str, text: str, pictures: Iterable[str] = (), **more: str) -> int:
        """Post a message; return its id."""
        form = FormData()
        for name, value in {"content": text, "client_key": str(uuid4()), **more}.items():
            form.append(name, value)
        for each in pictures:
            form.append("files", {"name": f"{each}.png", "mimeType": "image/png", "buffer": PICTURES[each]()})
        return number(self.post(f"{conversation}messages/", multipart=form))


def number(address: str) -> int:
    """Return the id at the end of an address, or of the last reply in that of a thread."""
    found = re.search(r"(\d+)(?:/thread)?/?$", address)
    assert found, address
    return int(found[1])


def fill(request: APIRequest, url: str, server: psycopg.Connection) -> tuple[APIRequestContext, dict[str, str]]:
    """Let everyone sign up and talk; return the first person's browser, and the conversations' addresses by title."""
    visitors = {name: Visitor(request, url, name) for name in PEOPLE}
    for visitor in visitors.values():
        visitor.sign_up()
    ana, conversations = visitors["ana"], {}
    ana.post("/c/1/delete/")  # they have a Town hall instead of #general
    for talk in TALKS:
        conversation = conversations[talk.title] = start(visitors, talk)
        ids = speak(visitors, conversation, talk.said)
        for text in ids.keys() & PINNED.keys():
            ana.post(f"/m/{ids[text]}/pin/", {"reason": PINNED[text]})
        react(visitors, ids)
        backdate(server, number(conversation), ids, talk.said)
    for people, said in DIRECT:
        address = direct(ana, people)
        backdate(server, number(address), speak(visitors, address, said), said)
    arrange(ana, conversations)
    leave_unread(server)
    return ana.api, conversations


def start(visitors: dict[str, Visitor], talk: Talk) -> str:
    ana = visitors["ana"]
    conversation = ana.post("/c/new/", {"title": talk.title, "kind": talk.kind, "topic": talk.topic})
    for name in talk.people:
        if talk.kind == "open":
            visitors[name].post(f"{conversation}join/")
        else:
            ana.post(f"{conversation}members/", {"people": name})
    return conversation


def direct(by: Visitor, people: tuple[str, ...]) -> str:
    if len(people) == 1:
        return by.post(f"/people/{people[0]}/message/")
    form = FormData()
    form.append("kind", "direct")
    for name in people:
        form.append("people", name)
    return by.post("/c/new/", multipart=form)


def speak(visitors: dict[str, Visitor], conversation: str, said: Iterable[Said]) -> dict[str, int]:
    """Post messages; return their ids by text."""
    ids: dict[str, int] = {}
    for each in said:
        more = {}
        if each.thread:
            more = {"reply_to": str(ids[each.thread]), "in_thread": "1"}
        elif each.reply_to:
            more = {"reply_to": str(ids[each.reply_to])}
        ids[each.text] = visitors[each.author].say(conversation, each.text, each.pictures, **more)
    return ids


def react(visitors: dict[str, Visitor], ids: dict[str, int]) -> None:
    for text in ids.keys() & REACTIONS.keys():
        for emoji, names in REACTIONS[text].items():
            for name in names:
                visitors[name].post(f"/m/{ids[text]}/reactions/", {"emoji": emoji})


def arrange(ana: Visitor, conversations: dict[str, str]) -> None:
    """Choose the first person's favourites."""
    for title in FAVOURITES:
        ana.post(f"{conversations[title]}favour/")


def moment(days: int, clock: str) -> datetime:
    """Return a moment of an earlier day: today's are of yesterday, so that none is in the future."""
    day = datetime.now(UTC).date() - timedelta(days=days + 1)
    return datetime.combine(day, time.fromisoformat(clock), UTC)


def backdate(server: psycopg.Connection, conversation: int, ids: dict[str, int], said: Collection[Said]) -> None:
    moments = {ids[each.text]: moment(each.days, each.clock) for each in said}
    for pk, at in moments.items():
        server.execute("UPDATE messages SET created_at = %s WHERE id = %s", [at, pk])
    last = max(moment(each.days, each.clock) for each in said if not each.thread)
    for column in ("joined_at", "last_read_at"):
        server.execute(
            f"UPDATE conversation_members SET {column} = %s WHERE conversation_id = %s",  # noqa: S608
            [last, conversation],
        )
    server.execute("UPDATE conversations SET last_message_at = %s WHERE id = %s", [last, conversation])


def leave_unread(server: psycopg.Connection) -> None:
    """Make the newest message of some conversations unread for the first person."""
    server.execute(
        "UPDATE conversation_members m SET last_read_at = c.last_message_at - interval '1 second'"
        " FROM conversations c WHERE c.id = m.conversation_id AND m.user_id = (SELECT min(id) FROM users)"
        " AND (c.title = ANY(%s) OR c.direct_key = (SELECT string_agg(id::text, ':' ORDER BY id) FROM users"
        " WHERE username IN ('ana', 'ben')))",
        [list(UNREAD)],
    )
