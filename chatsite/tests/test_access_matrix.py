"""Who gets what at which address: every one of the site has a row here, or the suite fails."""

import re
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from accounts.models import Role
from accounts.tests.factories import UserFactory
from conversations.models import Attachment, Invitation
from conversations.tests.factories import ConversationFactory
from conversations.tests.message.pictures import picture, upload

WHO = ["anonymous", "member", "former", "guest", "other", "admin", "owner", "deactivated"]
TABLE = Path(__file__).with_name("access_matrix.txt")
NONE = 10**9


def routes(patterns=None, before=""):
    """List all routes of the site, as they are written in the code."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route or "(inbox)"
        else:
            yield from routes(pattern.url_patterns, route)


def rows():
    """Read the table: {(method, route): statuses in the order of WHO}."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {(method, route): [int(status) for status in statuses] for method, route, *statuses in lines}


@pytest.fixture
def place(db):
    """A private conversation with a member, a former member and a message; everybody else is outside."""
    people = {who: UserFactory(username=who) for who in WHO[1:]}
    for who in (Role.GUEST, Role.ADMIN, Role.OWNER):
        people[who].role = who
        people[who].save()
    secret = ConversationFactory(
        title="Secret", kind="private", members=[people[w] for w in ("member", "former", "deactivated")]
    )
    ConversationFactory(title="For the guest", kind="private", members=[people["guest"]])
    file = Attachment.objects.store(upload(picture("WEBP", (8, 8)), "x.webp"))
    message = secret.post(people["member"], "words", uuid4(), attachments=[file])
    secret.leave(people["former"])
    clients = {who: Client() for who in WHO}
    for who, person in people.items():
        clients[who].force_login(person)
    people["deactivated"].is_active = False
    people["deactivated"].save(update_fields=["is_active"])
    invitation = Invitation.objects.invite(people["owner"])
    return SimpleNamespace(
        secret=secret, message=message, people=people, clients=clients, invitation=invitation, file=file
    )


def address(route, place):
    """Write an address of a route, of things that are there and private."""
    member, token = place.people["member"], place.invitation.link.split("/")[2]
    object_id = {"user": member.pk, "conversation": place.secret.pk, "message": place.message.pk}
    of = {"c": place.secret.pk, "m": place.message.pk, "invitations": place.invitation.pk, "pictures": member.pk}
    of["files"] = place.file.pk
    filled = route.replace("(inbox)", "").replace(
        "<path:object_id>", str(next((object_id[n] for n in object_id if f"/{n}/" in route), 1))
    )
    filled = re.sub(r"\(\?P<uidb36>.*?\)-\(\?P<key>.*?\)", "1-x", filled)
    filled = re.sub(r"\(\?P<app_label>.*?\)/\$", "accounts/", filled)
    filled = re.sub(r"\(\?P<url>\.\*\)\$", "no/such/page", filled)
    filled = filled.replace("<int:pk>", str(of.get(route.partition("/")[0], NONE))).replace("<str:username>", "member")
    filled = filled.replace("<day:day>", "2024-05-03")
    filled = filled.replace("<str:token>", token).replace("<slug:provider_id>", "oidc")
    filled = filled.replace("<int:content_type_id>", "1").replace("<str:digest>", "x").replace("<str:key>", "x")
    filled = filled.replace("<str:name>", place.file.name)
    return "/" + re.sub(r"[\^$]", "", filled)


def ask(place, method, route, who):
    client = place.clients[who]
    return getattr(client, method.lower())(address(route, place)).status_code


def test_every_address_has_its_rows():
    expected = {(method, route) for route in routes() for method in ("GET", "POST")}
    assert expected - rows().keys() == set()
    assert rows().keys() - expected == set(), "rows of addresses that are gone"


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everybody_gets_what_the_table_says(place, who, method):
    found, expected = {}, {}
    for (verb, route), statuses in rows().items():
        if verb == method:
            with transaction.atomic():
                cookies = {name: morsel.value for name, morsel in place.clients[who].cookies.items()}
                found[route] = ask(place, method, route, who)
                place.clients[who].cookies = SimpleCookie(cookies)
                transaction.set_rollback(True)
            expected[route] = statuses[WHO.index(who)]
    assert found == expected


STREAM = {"anonymous": 403, "member": 200, "former": 404, "guest": 404, "other": 404, "admin": 404, "owner": 404}


@pytest.mark.parametrize(("who", "status"), (STREAM | {"deactivated": 403}).items())
def test_event_streams_are_for_members(place, who, status):
    answer = place.clients[who].get(f"/events/?conversation={place.secret.pk}&after=0")
    assert (200 if hasattr(answer, "subscription") else answer.status_code) == status
