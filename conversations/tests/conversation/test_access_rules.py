"""The permission rules, stated once more in Python: every implementation of them agrees with it.

Tries every combination of role, kind of conversation, membership, state of the conversation and state of the person.
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
    """All cases, each with its person and its conversation, which has one message."""
    author, people = UserFactory(), {}
    for role, is_active in product(Role.values, [True, False]):
        people[role, is_active] = UserFactory(role=role, is_active=is_active)
    found = {}
    for kind, membership, state in product(Conversation.Kind.values, MEMBERSHIPS, STATES):
        direct_key = f"{membership} {state}" if kind == "direct" else None
        conversation = Conversation.objects.create(title="Some title", kind=kind, direct_key=direct_key)
        for (role, is_active), person in people.items():
            found[Case(role, is_active, kind, membership, state)] = (person, conversation)
            if membership != "none":
                member_role = "member" if membership == "former" else membership
                Membership.objects.create(conversation=conversation, user=person, role=member_role)
        if membership == "former":
            for former in conversation.memberships.all():
                FormerMember.objects.remember(former, None)
            conversation.memberships.all().delete()
        history(conversation, author, [NOW])
        moment = {"archived": "archived_at", "deleted": "deleted_at"}.get(state)
        if moment:
            Conversation.objects.filter(pk=conversation.pk).update(**{moment: NOW})
            conversation.refresh_from_db()
    return found


NOW = timezone.now()


def disagreements(cases, rule, answer):
    """List the cases in which `answer(person, conversation)` differs from the rule."""
    return [case for case, (person, conversation) in cases.items() if answer(person, conversation) != rule(case)]


def answers_by_person(cases, query):
    """Run `query` once per person; return a function that looks up (person, conversation) in the results."""
    people = {person for person, _ in cases.values()}
    found = {person: set(query(person)) for person in people}
    return lambda person, conversation: conversation.pk in found[person]


def test_visible_rows_follow_the_rule(cases):
    conversations = answers_by_person(cases, lambda person: ids(Conversation.objects.visible_to(person)))
    assert disagreements(cases, may_see, conversations) == []
    messages = answers_by_person(cases, lambda person: ids(Message.objects.visible_to(person), "conversation"))
    assert disagreements(cases, may_see, messages) == []


def test_conversation_pages_follow_the_rule(cases):
    def is_found(person, conversation):
        return bool(list(Conversation.objects.one_visible_to(person, conversation.pk)))

    assert disagreements(cases, may_see, is_found) == []


def test_open_streams_follow_the_rule(cases):
    pairs = {(person.pk, conversation.pk) for person, conversation in cases.values()}
    allowed = visible_pairs(Conversation.objects.all(), pairs)
    assert disagreements(cases, may_see, lambda person, conversation: (person.pk, conversation.pk) in allowed) == []


def test_new_streams_follow_the_rule(cases):
    def streamed(person):
        client, query = (
            Client(),
            "&".join(f"conversation={conversation.pk}" for viewer, conversation in cases.values() if viewer == person),
        )
        client.force_login(person)
        answer = client.get(f"/events/?{query}")
        return answer.subscription.cursors if answer.status_code == 204 else []

    assert disagreements(cases, may_see, answers_by_person(cases, streamed)) == []


def test_readers_of_a_conversation_follow_the_rule(cases):
    not_deleted = {case: each for case, each in cases.items() if case.state != "deleted"}
    readers = {
        conversation: set(readers_of(conversation.pk, conversation.kind)) for _, conversation in not_deleted.values()
    }
    assert disagreements(not_deleted, may_see, lambda person, conversation: person in readers[conversation]) == []


def test_the_message_box_follows_the_rule(cases):
    def offers(person, conversation):
        found = Conversation.objects.visible_to(person).as_seen_by(person).filter(pk=conversation.pk).first()
        return found is not None and found.may_write

    assert disagreements(cases, may_write, offers) == []


def test_permission_to_write_follows_the_rule(cases):
    assert disagreements(cases, may_write, lambda person, conversation: works(conversation.allow_writing, person)) == []


def test_posting_follows_the_rule(cases):
    assert disagreements(cases, may_write, lambda person, conversation: works(say, conversation, person, "words")) == []


def ids(rows, name="pk"):
    return rows.values_list(name, flat=True)


def works(verb, *arguments):
    try:
        with transaction.atomic():
            verb(*arguments)
    except PermissionDenied:
        return False
    return True
