"""Requests for each kind of page, and checks of the answers.

They fit any version of Chatsite: they use addresses that never change, and links found in its pages.
"""

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from chatsite.trials.benchmark.filling.size import ACTIVE, CALM, USUAL
from chatsite.trials.benchmark.load import Check
from chatsite.trials.client.person import Person

VISITORS = [USUAL, CALM, ACTIVE]
NAMES = [
    *("bare", "conversation", "older page", "day", "inbox", "inbox of 50", "inbox of 1,000", "search", "changes"),
    *("static file", "health", "post"),
]
READ, POSTED = 50, 10  # conversations; not the same ones, so that those that are read stay as they were filled
CONVERSATIONS = "SELECT conversation_id FROM conversation_members WHERE user_id = %s ORDER BY 1 LIMIT %s"
REVISIONS = "SELECT id, revision FROM conversations WHERE id = ANY(%s) ORDER BY id"
OLDER = re.compile(r'rel="prev" href="([^"]+[^"=])"')  # a link of a template has no cursor yet
DAY = re.compile(r'href="(/c/\d+/\d+-\d+-\d+/)["#]')
STYLE_SHEET = re.compile(r'href="(/static/[^"]+\.css)"')
WORDS = ("version", "the", "invoice+plan")


class Kind(NamedTuple):
    """Endless requests for one kind of page, and a check of the answers."""

    requests: Iterator[bytes]
    is_right: Check


class Found(NamedTuple):
    """Links found in pages of conversations."""

    older: list[str]
    days: list[str]
    style_sheets: list[str]


async def kinds_of(people: dict[int, Person], server: psycopg.Connection) -> dict[str, Kind]:
    """Make the requests for each kind of page, as the VISITORS among the people of a filled site."""
    person = people[USUAL]
    conversations = [number for (number,) in server.execute(CONVERSATIONS, [USUAL, READ + POSTED]).fetchall()]
    read, posted = conversations[:READ], conversations[READ:]
    found = await find_links(person, read)
    revisions = server.execute(REVISIONS, [read]).fetchall()
    return {
        "bare": pages(person, "/bare/"),
        "conversation": pages(person, *(f"/c/{number}/" for number in read)),
        "older page": pages(person, *found.older),
        "day": pages(person, *found.days),
        "inbox": pages(person, "/"),
        "inbox of 50": pages(people[CALM], "/"),
        "inbox of 1,000": pages(people[ACTIVE], "/"),
        "search": pages(person, *(f"/search/?q={words}" for words in WORDS)),
        "changes": Kind(
            pages(person, *(f"/c/{number}/changes/?after={revision}" for number, revision in revisions)).requests,
            lambda status, answer: status == 200 and b"<article" not in answer,
        ),
        "static file": pages(person, *found.style_sheets),
        "health": Kind(pages(person, "/readyz").requests, lambda status, answer: status == 200 and b"ok" in answer),
        "post": Kind(posts(person, posted), lambda status, _: status == 201),
    }


async def find_links(person: Person, conversations: list[int]) -> Found:
    """Load each conversation once, and find its links to an older page, to a day and to a style sheet."""
    found = Found([], [], [])
    for number in conversations:
        answer = await person.get(f"/c/{number}/")
        assert answer.status == 200, answer.body
        page = answer.body
        found.older.extend(path.replace("&amp;", "&") for path in OLDER.findall(page)[:1])
        found.days.extend(DAY.findall(page)[:1])
        found.style_sheets.extend(STYLE_SHEET.findall(page)[:1])
    return found


def pages(person: Person, *paths: str) -> Kind:
    """Request pages at these addresses in turns, as a browser does."""
    assert paths, "no page links to one of this kind"
    requests = [person.head("GET", path, extra={"Accept-Encoding": "gzip"}) for path in paths]
    return Kind(itertools.cycle(requests), lambda status, answer: status == 200 and len(answer) > 500)


def posts(person: Person, conversations: list[int]) -> Iterator[bytes]:
    """Post to these conversations in turns, as the script of a page does."""
    for number, conversation in enumerate(itertools.cycle(conversations)):
        body = urlencode({"content": f"message {number} of many", "client_key": uuid4()}).encode()
        path = f"/c/{conversation}/messages/"
        yield person.head("POST", path, body, {"X-Requested-With": "fetch"}) + body
