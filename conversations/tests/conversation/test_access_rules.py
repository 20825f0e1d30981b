"""The rules of seeing and writing, stated once in Python, and all that states them elsewhere: they agree.

Every combination of role, kind of conversation, membership, state of the conversation and state of the person is tried.
"""

from itertools import product
from typing import NamedTuple

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, FormerMember, Membership, Message
from conversations.models.access import readers_of, visible_pairs
from conversations.tests.factories import history, say

MEMBERSHIPS = ["none", "reader", "member", "owner", "former"]
STATES = ["active", "archived", "deleted"]


class Case(NamedTuple):
    role: str
    is_active: bool
    kind: str
    membership: str
    state: str


def may_see(case):
    if not case.is_active or case.state == "deleted":
        return False
    if case.membership in ("reader", "member", "owner"):
        return True
    return case.kind == "open" and case.role != "guest"


def may_write(case):
    return may_see(case) and case.state == "active" and case.membership in ("member", "owner")


@pytest.fixture
def cases(db):
    """All cases, each with its person and its conversation, in which there is one message."""
    teller, people = UserFactory(), {}
    for role, is_active in product(Role.values, [True, False]):
        people[role, is_active] = UserFactory(role=role, is_active=is_active)
    found = {}
    for kind, membership, state in product(Conversation.Kind.values, MEMBERSHIPS, STATES):
        direct_key = f"{membership} {state}" if kind == "direct" else None
        conversation = Conversation.objects.create(title="A place", kind=kind, direct_key=direct_key)
        for (role, is_active), person in people.items():
            found[Case(role, is_active, kind, membership, state)] = (person, conversation)
            if membership != "none":
                member_role = "member" if membership == "former" else membership
                Membership.objects.create(conversation=conversation, user=person, role=member_role)
        if membership == "former":
            for former in conversation.memberships.all():
                FormerMember.objects.remember(former, None)
            conversation.memberships.all().delete()
        history(conversation, teller, [NOW])
        moment = {"archived": "archived_at", "deleted": "deleted_at"}.get(state)
        if moment:
            Conversation.objects.filter(pk=conversation.pk).update(**{moment: NOW})
            conversation.refresh_from_db()
    return found


NOW = timezone.now()


def disagreements(cases, rule, answer):
    """List the cases in which `answer`, asked of a person and a conversation, is not what the rule says."""
    return [case for case, (person, place) in cases.items() if answer(person, place) != rule(case)]


def answers_by_person(cases, query):
    """Ask `query` once of each person; tell of a person and a conversation whether it is in the answer."""
    people = {person for person, _ in cases.values()}
    found = {person: set(query(person)) for person in people}
    return lambda person, place: place.pk in found[person]


def test_rows_are_seen_by_the_rule(cases):
    conversations = answers_by_person(cases, lambda person: ids(Conversation.objects.visible_to(person)))
    assert disagreements(cases, may_see, conversations) == []
    messages = answers_by_person(cases, lambda person: ids(Message.objects.visible_to(person), "conversation"))
    assert disagreements(cases, may_see, messages) == []


def test_a_page_of_a_conversation_is_seen_by_the_rule(cases):
    def is_found(person, place):
        return bool(list(Conversation.objects.one_visible_to(person, place.pk)))

    assert disagreements(cases, may_see, is_found) == []


def test_streams_go_on_by_the_rule(cases):
    pairs = {(person.pk, place.pk) for person, place in cases.values()}
    allowed = visible_pairs(Conversation.objects.all(), pairs)
    assert disagreements(cases, may_see, lambda person, place: (person.pk, place.pk) in allowed) == []


def test_streams_begin_by_the_rule(cases):
    def streamed(person):
        client, query = Client(), "&".join(f"conversation={place.pk}" for one, place in cases.values() if one == person)
        client.force_login(person)
        answer = client.get(f"/events/?{query}")
        return answer.subscription.cursors if answer.status_code == 204 else []

    assert disagreements(cases, may_see, answers_by_person(cases, streamed)) == []


def test_readers_are_those_of_the_rule(cases):
    there = {case: each for case, each in cases.items() if case.state != "deleted"}
    readers = {place: set(readers_of(place.pk, place.kind)) for _, place in there.values()}
    assert disagreements(there, may_see, lambda person, place: person in readers[place]) == []


def test_pages_offer_to_write_by_the_rule(cases):
    def offers(person, place):
        found = Conversation.objects.visible_to(person).as_seen_by(person).filter(pk=place.pk).first()
        return found is not None and found.may_write

    assert disagreements(cases, may_write, offers) == []


def test_changes_are_allowed_by_the_rule(cases):
    assert disagreements(cases, may_write, lambda person, place: works(place.allow_writing, person)) == []


def test_messages_are_posted_by_the_rule(cases):
    assert disagreements(cases, may_write, lambda person, place: works(say, place, person, "words")) == []


def ids(rows, name="pk"):
    return rows.values_list(name, flat=True)


def works(verb, *arguments):
    try:
        with transaction.atomic():
            verb(*arguments)
    except PermissionDenied:
        return False
    return True
