"""Settings of a conversation: permissions, warnings, and what counts as unread for a member."""

import re
from types import SimpleNamespace

import pytest

from accounts.models import Audit
from accounts.models.locale import Locale
from accounts.tests.factories import UserFactory
from conversations.live.rendering import render_entries
from conversations.models import Conversation, Membership, Mention
from conversations.models.conversation.membership import MemberRole
from conversations.tests.factories import ConversationFactory, say

UTC = Locale("en", "UTC")


@pytest.fixture
def scene(world):
    """A private conversation that Ana owns, with Ben and a guest as members; Olga is no member."""
    guest = UserFactory(username="guest", role="guest")
    garden = Conversation.objects.start(world.ana, "Garden", "private", [world.ben, guest])
    return SimpleNamespace(
        ana=world.ana, ben=world.ben, guest=guest, olga=world.olga, conversation=garden, url=f"/c/{garden.pk}/"
    )


def now(conversation):
    return Conversation.objects.get(pk=conversation.pk)


def post(client, address):
    """Confirm the warning that a page shows."""
    page = client.get(address).content.decode()
    fields = dict(re.findall(r'name="(messages|people)" value="(\d+)"', page))
    return client.post(address, fields)


VERBS = {
    "settings/": {"title": "Yard", "topic": "Green"},
    "kind/": {"messages": 99, "people": 99},
    "archive/": {},
    "unarchive/": {},
    "delete/": {},
    "members/ben/role/": {"role": "reader"},
    "members/ben/remove/": {},
}


@pytest.mark.parametrize(("verb", "data"), VERBS.items())
def test_only_owners_manage_a_private_conversation_and_others_can_not_find_it(scene, as_, verb, data):
    boss = UserFactory(role="owner")
    for person, status in ((scene.ben, 403), (scene.guest, 403), (scene.olga, 404), (boss, 404), (scene.ana, 302)):
        assert as_(person).post(f"{scene.url}{verb}", data).status_code == status, person


@pytest.mark.parametrize(("verb", "data"), VERBS.items())
def test_an_admin_manages_visible_conversations_and_is_audited(world, as_, verb, data):
    Membership.objects.filter(conversation=world.town).update(role="member")
    Membership.objects.filter(conversation=world.town, user=world.ana).update(role="owner")
    if verb == "unarchive/":
        world.town.row().update(archived_at="2026-01-01T00:00Z")
    assert as_(world.olga).post(f"/c/{world.town.pk}/{verb}", data).status_code == 403
    assert as_(UserFactory(username="boss", role="admin")).post(f"/c/{world.town.pk}/{verb}", data).status_code == 302
    assert Audit.objects.get().actor == "boss"
    assert f"conversation {world.town.pk}" in Audit.objects.get().target


def test_the_audit_log_hides_the_titles_of_private_conversations(scene, as_):
    boss = UserFactory(username="boss", role="admin")
    scene.conversation.admit([boss])
    as_(boss).post(f"{scene.url}archive/")
    assert Audit.objects.get().target == f"conversation {scene.conversation.pk}"


def test_without_an_owner_members_manage_but_readers_and_guests_do_not(scene, as_):
    Membership.objects.filter(conversation=scene.conversation, user=scene.ana).update(role="member")
    for person, status in ((scene.guest, 403), (scene.olga, 404), (scene.ben, 302)):
        assert as_(person).post(f"{scene.url}settings/", {"title": "Yard"}).status_code == status
    Membership.objects.filter(conversation=scene.conversation, user=scene.ben).update(role="reader")
    assert not scene.conversation.may_be_managed_by(scene.ben)
    Membership.objects.filter(conversation=scene.conversation, user=scene.ana).update(role="owner")
    scene.ana.is_active = False
    scene.ana.save()
    Membership.objects.filter(conversation=scene.conversation, user=scene.ben).update(role="member")
    assert scene.conversation.may_be_managed_by(scene.ben), "a deactivated owner does not count"


def test_renaming_posts_a_system_message_that_is_unread_for_others(scene, as_):
    message = say(scene.conversation, scene.ana, "hello")
    scene.conversation.mark_read(scene.ben, message)
    before = now(scene.conversation).revision
    as_(scene.ana).post(f"{scene.url}settings/", {"title": "<b>Yard</b>", "topic": "Green things"})
    page = as_(scene.ben).get(scene.url).content.decode()
    words = "Ana Lima renamed this conversation to “&lt;b&gt;Yard&lt;/b&gt;” and changed the topic to “Green things”"
    assert words in page
    assert 'class="system"' in page
    assert "Ana Lima renamed" in as_(scene.ben).get(f"{scene.url}changes/?after={before}").content.decode()
    unread = {
        person: Conversation.objects.inbox_of(person).get(pk=scene.conversation.pk).unread
        for person in (scene.ana, scene.ben)
    }
    assert unread == {scene.ana: 0, scene.ben: 1}
    as_(scene.ana).post(f"{scene.url}settings/", {"title": "<b>Yard</b>", "topic": "Green things"})
    assert scene.conversation.messages.filter(is_system=True).count() == 1, "saving the same title posts nothing"


def test_a_system_message_does_not_mark_earlier_messages_read_for_its_author(scene):
    say(scene.conversation, scene.ben, "unread to Ana")
    scene.conversation.rename(scene.ana, "Yard", "")
    assert Conversation.objects.inbox_of(scene.ana).get(pk=scene.conversation.pk).unread == 2


def test_a_title_is_required(scene, as_):
    answer = as_(scene.ana).post(f"{scene.url}settings/", {"title": " ", "topic": "kept"})
    assert answer.status_code == 422
    assert 'value="kept"' in answer.content.decode()


def test_changing_the_kind_warns_how_many_people_see_how_many_messages(scene, as_):
    say(scene.conversation, scene.ana, "one", "two", "three")
    say(scene.conversation, scene.ana, "gone").delete_by(scene.ana)
    UserFactory(is_active=False)
    UserFactory(role="guest")
    client = as_(scene.ana)
    page = client.get(f"{scene.url}kind/").content.decode()
    assert "3 old messages become visible to 1 person" in page
    assert as_(scene.olga).get(scene.url).status_code == 404
    assert post(client, f"{scene.url}kind/").status_code == 302
    assert as_(scene.olga).get(scene.url).status_code == 200
    assert "made this conversation open to everyone here" in as_(scene.olga).get(scene.url).content.decode()
    assert "1 person who is not a member will no longer see it" in client.get(f"{scene.url}kind/").content.decode()
    assert post(client, f"{scene.url}kind/").status_code == 302
    assert as_(scene.olga).get(scene.url).status_code == 404


def test_a_confirmation_is_asked_again_if_the_reach_has_grown(scene, as_):
    say(scene.conversation, scene.ana, "one", "two")
    answer = as_(scene.ana).post(f"{scene.url}kind/", {"messages": 1, "people": 1})
    assert answer.status_code == 409
    assert "2 old messages become visible to 1 person" in answer.content.decode()
    assert as_(scene.ana).post(f"{scene.url}kind/").status_code == 422
    assert now(scene.conversation).kind == "private"


def test_a_conversation_without_members_can_not_become_private(db, as_):
    empty = ConversationFactory()
    assert as_(UserFactory(role="admin")).post(f"/c/{empty.pk}/kind/", {"messages": 0, "people": 9}).status_code == 403
    assert now(empty).kind == "open"


@pytest.mark.parametrize(("verb", "data"), VERBS.items())
def test_a_direct_conversation_can_not_be_managed(world, as_, verb, data):
    world.ana.role = "owner"
    world.ana.save()
    assert as_(world.ana).post(f"/c/{world.direct.pk}/{verb}", data).status_code == 403
    assert as_(world.ana).get(f"/c/{world.direct.pk}/settings/").status_code == 200
    assert (now(world.direct).kind, now(world.direct).deleted_at) == ("direct", None)


def test_an_archived_conversation_is_read_only_until_it_is_unarchived(scene, as_):
    as_(scene.ana).post(f"{scene.url}archive/")
    page = as_(scene.ben).get(scene.url).content.decode()
    assert "You can read it, but nobody can write here" in page
    assert "archived this conversation" in page
    key = {"content": "late", "client_key": "6f2ab8ae-3f35-4b0c-8d1c-8a7d4f0f6a11"}
    assert as_(scene.ben).post(f"{scene.url}messages/", key).status_code == 403
    as_(scene.ana).post(f"{scene.url}unarchive/")
    assert as_(scene.ben).post(f"{scene.url}messages/", key).status_code == 302


def entries(html, conversation):
    """Find the entry of a conversation in the sidebar, and the one in the inbox."""
    found = re.findall(rf'<a href="/c/{conversation.pk}/(?:#new|[?]unread)?" data-entry.*?</a>', html, re.S)
    sidebar, inbox = (re.sub(r"\s+", " ", each) for each in found)
    return sidebar, inbox


@pytest.mark.parametrize(
    ("level", "counted", "is_muted"),
    [("watch", "2", False), ("all", "2", False), ("mentions", "1", False), ("nothing", "", True)],
)
@pytest.mark.parametrize("kind", ["plans", "direct"])
def test_each_member_chooses_which_messages_count_as_unread(world, as_, kind, level, counted, is_muted):
    conversation, client = getattr(world, kind), as_(world.ben)
    world.ben.comfortable = True  # so that the sidebar shows the newest message, too
    world.ben.save(update_fields=["comfortable"])
    message = say(conversation, world.ana, "one", "two")
    Mention.objects.create(user=world.ben, message=message, conversation=conversation)
    assert client.post(f"/c/{conversation.pk}/notify/", {"notify": level}).status_code == 302
    page = client.get("/").content.decode()
    for line in entries(page, conversation):
        assert re.findall(r'data-unread="(\d+)"', line) == ([counted] if counted else [])
        assert ('class="muted"' in line) == is_muted
        assert "you are mentioned" in line
    assert re.findall(r"<title>\((\d+)\)", page) == ([counted] if counted else [])
    assert 'id="new"' in client.get(f"/c/{conversation.pk}/").content.decode(), "the page itself shows all new messages"
    [live] = render_entries(conversation.pk, {world.ben.pk: {UTC}}).values()
    assert entries(live.decode().replace("data: ", ""), conversation) == entries(page, conversation)


def test_seen_and_deleted_mentions_do_not_count(world, as_):
    seen, gone = say(world.plans, world.ana, "seen"), say(world.plans, world.ana, "gone")
    for message in (seen, gone):
        Mention.objects.create(user=world.ben, message=message, conversation=world.plans)
    as_(world.ben).post(f"/c/{world.plans.pk}/notify/", {"notify": "mentions"})
    client = as_(world.ben)
    for line in entries(client.get("/").content.decode(), world.plans):
        assert 'data-unread="2"' in line
    gone.delete_by(world.ana)
    Mention.objects.filter(message=seen).update(seen_at="2026-01-01T00:00Z")
    for line in entries(client.get("/").content.decode(), world.plans):
        assert "data-unread" not in line
        assert "you are mentioned" not in line


@pytest.mark.parametrize("page", ["", "settings/", "menu/"])
def test_each_place_to_choose_notifications_offers_the_same_levels(world, as_, page):
    client, address = as_(world.ben), f"/c/{world.plans.pk}/{page}"
    for chosen in ("watch", "nothing", "all", "mentions"):
        client.post(f"/c/{world.plans.pk}/notify/", {"notify": chosen})
        found = re.findall(
            r'<button name="notify" value="(\w+)" aria-pressed="(\w+)">', client.get(address).content.decode()
        )
        levels = ["watch", "all", "mentions", "nothing"]
        assert found[:4] == [(level, "true" if level == chosen else "false") for level in levels]
        assert found == found[:4] * (len(found) // 4), "in the menus for a wide screen and for a phone"


def test_only_members_set_their_own_notification_level(world, as_):
    assert as_(world.olga).post(f"/c/{world.town.pk}/notify/", {"notify": "nothing"}).status_code == 403
    assert as_(world.olga).post(f"/c/{world.plans.pk}/notify/", {"notify": "nothing"}).status_code == 404
    assert as_(world.ben).post(f"/c/{world.plans.pk}/notify/", {"notify": "loud"}).status_code == 403
    as_(world.ben).post(f"/c/{world.plans.pk}/notify/", {"notify": "nothing"})
    levels = dict(world.plans.memberships.values_list("user__username", "notify"))
    assert levels == {"ana": "all", "ben": "nothing"}


def test_the_person_who_starts_a_conversation_owns_it(scene):
    roles = dict(scene.conversation.memberships.values_list("user__username", "role"))
    assert roles == {"ana": MemberRole.OWNER, "ben": MemberRole.MEMBER, "guest": MemberRole.MEMBER}
