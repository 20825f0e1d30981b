"""Newcomers: which conversations people join when they sign in for the first time."""

import pytest
from django.test import Client

from accounts.models import Audit, NotAllowed, User, Workspace
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Invitation
from conversations.models.conversation.visibility import Reach
from conversations.tests.factories import ConversationFactory

PASSWORD = "correct horse battery"


def sign_up(name, address="/accounts/signup/"):
    form = {
        "display_name": name,
        "email": f"{name.lower()}@example.org",
        "password": PASSWORD,
        "workspace_name": "Ours",
    }
    answer = Client().post(address, form)
    assert answer.status_code == 302, answer.content.decode()
    return User.objects.get(email=form["email"])


def titles(person):
    return sorted(person.conversations.values_list("title", flat=True))


@pytest.mark.django_db
def test_the_first_account_gets_a_conversation_that_everyone_but_guests_joins():
    ana = sign_up("Ana")
    general = Conversation.objects.get()
    assert (general.title, general.kind, general.is_default, general.created_by) == ("general", "open", True, ana)
    assert general.memberships.get(user=ana).role == "owner"
    Workspace.objects.current().change(None, sign_up="open")
    ben = sign_up("Ben")
    cleo = sign_up("Cleo", Invitation.objects.invite(ana).link)
    plans = ConversationFactory(title="Plans", members=[ana])
    gus = sign_up("Gus", Invitation.objects.invite(ana, role="guest", conversations=[plans]).link)
    assert [titles(person) for person in (ben, cleo, gus)] == [["general"], ["general"], ["Plans"]]


@pytest.mark.django_db
def test_only_the_first_visit_joins(client):
    sign_up("Ana")
    Workspace.objects.current().change(None, sign_up="open")
    ben = sign_up("Ben")
    Conversation.objects.get().leave(ben)
    client.post("/accounts/login/", {"login": "ben", "password": PASSWORD})
    assert client.get("/").status_code == 200
    assert titles(ben) == []


@pytest.mark.django_db
def test_imported_people_join_when_they_claim_their_account(client):
    imported = User.objects.import_person(
        User(username="emre", display_name="Emre", email="emre@example.org", origin="slack:U1")
    )
    here = ConversationFactory(title="General", members=[imported])
    boss = sign_up("Boss")
    here.refresh_from_db()
    assert here.is_default, "an imported #general is taken instead of a second one"
    assert titles(boss) == ["General"]
    town = ConversationFactory(title="Town hall")
    Conversation.objects.set_defaults(boss, [here, town])
    assert titles(imported) == ["General"]
    form = client.get(imported.make_reset_link(boss), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "staple battery horse"})
    assert titles(imported) == ["General", "Town hall"]


@pytest.mark.django_db
def test_owners_and_admins_choose_the_default_conversations(world, as_):
    admin = UserFactory(role="admin")
    page = as_(admin).post("/settings/newcomers/", {"conversations": [world.town.pk]}, follow=True).content.decode()
    assert "Settings saved." in page
    assert "checked> " in page
    assert list(Conversation.objects.defaults(admin)) == [world.town]
    assert Audit.objects.newest_first().first().target == "default conversations"
    for other in (world.plans, world.direct):  # which the admin does not see
        answer = as_(admin).post("/settings/newcomers/", {"conversations": [other.pk]})
        assert answer.status_code == 422
    assert list(Conversation.objects.defaults(admin)) == [world.town]
    assert as_(world.ana).get("/settings/newcomers/").status_code == 403
    with pytest.raises(NotAllowed):
        Conversation.objects.set_defaults(world.ana, [world.town])
    as_(admin).post("/settings/newcomers/", {})
    assert list(Conversation.objects.defaults(admin)) == []


@pytest.mark.django_db
def test_a_conversation_that_is_no_longer_open_lets_nobody_in(world):
    boss = UserFactory(role="owner")
    Conversation.objects.set_defaults(boss, [world.town])
    world.town.close(world.ana, Reach(99, 99))
    Conversation.objects.welcome(world.olga)
    assert titles(world.olga) == []
    world.town.open(world.ana, Reach(99, 99))
    Conversation.objects.welcome(world.olga)
    assert titles(world.olga) == [], "opening it again does not let newcomers in by surprise"
