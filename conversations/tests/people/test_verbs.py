"""Every verb of invitations and accounts checks permissions itself, like its page, and is rate limited."""

from types import SimpleNamespace

import pytest

from accounts.models import User, Workspace, limits
from accounts.models.limits import Rate
from accounts.tests.factories import UserFactory
from accounts.tests.verbs import called_by, verbs_of
from conversations.models import Invitation, account_deletion
from conversations.models.account_deletion import delete_account, restore_account
from conversations.models.invitation import InvitationQuerySet
from conversations.tests.factories import ConversationFactory, say
from conversations.tests.verbs import Verb, both_outcomes, outcome, ready, rows_of

# The outcome of each verb and, after a slash, of its page if that differs: "no" is 403.
TABLE = """
                  owner  admin   member  guest
invite            yes    yes     no      no
invite_an_admin   yes    no/422  no      no
invite_elsewhere  no/422 no/422  no      no
revoke            yes    yes     no      no
revoke_an_admin   yes    no/404  no      no
accept            yes    yes     yes     yes
delete            yes    yes     no      no
delete_words      yes    yes     no      no
delete_an_owner   yes    no      no      no
restore           yes    yes     no      no
restore_an_owner  yes    no      no      no
"""
ROWS = rows_of(TABLE)
QUESTIONS = {"allow_deleting", "deleted_people", "people_to_manage"}


def invite(role, conversation="square"):
    """Return a function that invites somebody in a role to a conversation."""
    return Verb(
        lambda scene, by: Invitation.objects.invite(by, role, conversations=[getattr(scene, conversation)]),
        lambda client, scene: client.post(
            "/invitations/", {"role": role, "uses": 1, "days": 7, "conversations": [getattr(scene, conversation).pk]}
        ),
    )


def revoke(invitation):
    return Verb(
        lambda scene, by: getattr(scene, invitation).revoke(by),
        lambda client, scene: client.post(f"/invitations/{getattr(scene, invitation).pk}/revoke/"),
    )


def delete(person, words):
    return Verb(
        lambda scene, by: delete_account(by, User.objects.get(username=person), words == "delete"),
        lambda client, scene: client.post(f"/people/{person}/delete/", {"words": words, "username": person}),
    )


def restore(person):
    return Verb(
        lambda scene, by: restore_account(by, User.objects.get(username=person)),
        lambda client, scene: client.post(f"/people/{person}/restore/"),
        lambda scene, by: delete_account(scene.boss, User.objects.get(username=person), with_words=True),
    )


VERBS = {
    "invite": invite("member"),
    "invite_an_admin": invite("admin"),
    "invite_elsewhere": invite("member", "elsewhere"),
    "revoke": revoke("invitation"),
    "revoke_an_admin": revoke("invitation_of_an_admin"),
    "accept": Verb(
        lambda scene, by: scene.invitation.accept(by), lambda client, scene: client.post(scene.invitation.link)
    ),
    "delete": delete("pat", "keep"),
    "delete_words": delete("pat", "delete"),
    "delete_an_owner": delete("olivia", "keep"),
    "restore": restore("pat"),
    "restore_an_owner": restore("olivia"),
}


@pytest.fixture
def scene(db):
    """Pat, who has posted in an open conversation, and Olivia, an owner with a private conversation."""
    people = {name: UserFactory(username=name, role=name) for name in ("owner", "admin", "member", "guest")}
    UserFactory(username="deactivated", role="owner")
    boss, pat, olivia = (
        UserFactory(role="owner"),
        UserFactory(username="pat"),
        UserFactory(username="olivia", role="owner"),
    )
    square = ConversationFactory(title="Square", members=[pat])
    say(square, pat, "words")
    return SimpleNamespace(
        **people,
        boss=boss,
        square=square,
        elsewhere=ConversationFactory(title="Elsewhere", kind="private", members=[olivia]),
        invitation=Invitation.objects.invite(boss, conversations=[square]),
        invitation_of_an_admin=Invitation.objects.invite(boss, "admin"),
    )


@pytest.mark.parametrize("name", VERBS)
def test_each_verb_and_its_page_allow_the_same_people(scene, as_, name):
    assert {person: both_outcomes(VERBS[name], scene, person, as_) for person in ROWS[name]} == ROWS[name]


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_refuses_deactivated_people(scene, as_, name):
    page = "same" if name == "accept" else "sign in"  # its page then shows a form for another account
    assert both_outcomes(VERBS[name], scene, "deactivated", as_) == ("no", page)


@pytest.mark.parametrize("name", [name for name in VERBS if ROWS[name]["owner"][0] == "yes"])
def test_each_verb_is_rate_limited_before_it_changes_anything(scene, monkeypatch, name):
    by = ready(VERBS[name], scene, "owner")
    what = "invite" if name.startswith("invite") else "change"
    monkeypatch.setitem(limits.RATES, what, Rate(1, 60))
    limits.take(what, by)
    assert outcome(lambda: VERBS[name].act(scene, by)) == "Too many requests"


def test_invitations_from_the_command_line_are_not_limited(scene, monkeypatch):
    monkeypatch.setitem(limits.RATES, "invite", Rate(1, 60))
    for _ in range(3):
        assert outcome(lambda: Invitation.objects.invite(None, "owner", conversations=[scene.elsewhere])) == "yes"


def request(email, address):
    def make():
        Invitation.objects.count_request(email, address)
        Invitation.objects.request(email)

    return outcome(make)


def test_requests_are_limited_by_ip_address_and_by_email_address(scene, monkeypatch):
    Workspace.objects.current().change(None, sign_up="domains", domains=["example.org"])
    monkeypatch.setattr(limits, "RATES", limits.RATES | {"sign up": Rate(2, 60), "invite": Rate(1, 60)})
    assert request("ann@example.com", "192.0.2.1") == "same", "people at this domain may not sign up"
    assert request("ann@example.org", "192.0.2.1") == "yes"
    assert request("ann@example.org", "192.0.2.2") == "Too many requests"
    assert request("ben@example.org", "192.0.2.1") == "Too many requests"


def test_every_verb_is_tested():
    found = verbs_of(Invitation, InvitationQuerySet, account_deletion) - QUESTIONS
    assert found == {"invite", "revoke", "delete_account", "restore_account"}
    assert {*found, "accept"} == called_by(verb.act for verb in VERBS.values()) & {*found, "accept"}
