"""Access to each address of the site by each kind of visitor; an address without a row in the table fails."""

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
from chatsite.tests.plugin import have_just_authenticated
from conversations.models import Attachment, Invitation
from conversations.tests.factories import ConversationFactory
from conversations.tests.message.pictures import picture, upload

VISITORS = ["anonymous", "member", "former", "guest", "other", "admin", "owner", "deactivated"]
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
    """Read the table: {(method, route): statuses in the order of VISITORS}."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {(method, route): [int(status) for status in statuses] for method, route, *statuses in lines}


@pytest.fixture
def world(db):
    """A private conversation with a member, a former member and a message; everybody else is no member."""
    people = {visitor: UserFactory(username=visitor) for visitor in VISITORS[1:]}
    for visitor in (Role.GUEST, Role.ADMIN, Role.OWNER):
        people[visitor].role = visitor
        people[visitor].save()
    secret = ConversationFactory(
        title="Secret", kind="private", members=[people[visitor] for visitor in ("member", "former", "deactivated")]
    )
    ConversationFactory(title="For the guest", kind="private", members=[people["guest"]])
    file = Attachment.objects.store(upload(picture("WEBP", (8, 8)), "x.webp"))
    message = secret.post(people["member"], "words", uuid4(), attachments=[file])
    secret.leave(people["former"])
    clients = {visitor: Client() for visitor in VISITORS}
    for visitor, person in people.items():
        clients[visitor].force_login(person)
        have_just_authenticated(clients[visitor], person)
    people["deactivated"].is_active = False
    people["deactivated"].save(update_fields=["is_active"])
    invitation = Invitation.objects.invite(people["owner"])
    return SimpleNamespace(
        secret=secret, message=message, people=people, clients=clients, invitation=invitation, file=file
    )


def address(route, world):
    """Fill in a route with things that exist and are private."""
    member, token = world.people["member"], world.invitation.link.split("/")[2]
    object_id = {"user": member.pk, "conversation": world.secret.pk, "message": world.message.pk}
    of = {"c": world.secret.pk, "m": world.message.pk, "invitations": world.invitation.pk, "pictures": member.pk}
    of |= {"files": world.file.pk, "inbox": world.secret.pk}
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
    filled = filled.replace("<str:name>", world.file.name)
    filled = filled.replace("<str:show>", "all").replace("<str:section>", "direct")
    return "/" + re.sub(r"[\^$]", "", filled)


def status_of(world, method, route, visitor):
    client = world.clients[visitor]
    return getattr(client, method.lower())(address(route, world)).status_code


def test_every_address_has_its_rows():
    expected = {(method, route) for route in routes() for method in ("GET", "POST")}
    assert expected - rows().keys() == set()
    assert rows().keys() - expected == set(), "rows of addresses that no longer exist"


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_visitor_gets_the_statuses_of_the_table(world, visitor, method):
    found, expected = {}, {}
    for (verb, route), statuses in rows().items():
        if verb == method:
            with transaction.atomic():
                cookies = {name: morsel.value for name, morsel in world.clients[visitor].cookies.items()}
                found[route] = status_of(world, method, route, visitor)
                world.clients[visitor].cookies = SimpleCookie(cookies)
                transaction.set_rollback(True)
            expected[route] = statuses[VISITORS.index(visitor)]
    assert found == expected


STREAM = {"anonymous": 403, "member": 200, "former": 404, "guest": 404, "other": 404, "admin": 404, "owner": 404}


@pytest.mark.parametrize(("visitor", "status"), (STREAM | {"deactivated": 403}).items())
def test_event_streams_are_for_members(world, visitor, status):
    answer = world.clients[visitor].get(f"/events/?conversation={world.secret.pk}&after=0")
    assert (200 if hasattr(answer, "subscription") else answer.status_code) == status
