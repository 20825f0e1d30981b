"""Settings of a conversation: who may change them, what is warned of first, and what counts as unread for whom."""

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
def place(world):
    """What Ana has begun, with Ben and a guest in it; the guest, and Olga outside, may not change it."""
    guest = UserFactory(username="guest", role="guest")
    place = Conversation.objects.start(world.ana, "Garden", "private", [world.ben, guest])
    return SimpleNamespace(ana=world.ana, ben=world.ben, guest=guest, olga=world.olga, it=place, url=f"/c/{place.pk}/")


def now(conversation):
    return Conversation.objects.get(pk=conversation.pk)


def post(client, address):
    """Say yes to what a page has said."""
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
def test_an_owner_manages_a_member_does_not_and_for_others_it_is_not_there(place, as_, verb, data):
    boss = UserFactory(role="owner")
    for person, status in ((place.ben, 403), (place.guest, 403), (place.olga, 404), (boss, 404), (place.ana, 302)):
        assert as_(person).post(f"{place.url}{verb}", data).status_code == status, person


@pytest.mark.parametrize(("verb", "data"), VERBS.items())
def test_an_admin_manages_what_they_see_and_that_is_written_down(world, as_, verb, data):
    Membership.objects.filter(conversation=world.town).update(role="member")
    Membership.objects.filter(conversation=world.town, user=world.ana).update(role="owner")
    if verb == "unarchive/":
        world.town.row().update(archived_at="2026-01-01T00:00Z")
    assert as_(world.olga).post(f"/c/{world.town.pk}/{verb}", data).status_code == 403
    assert as_(UserFactory(username="boss", role="admin")).post(f"/c/{world.town.pk}/{verb}", data).status_code == 302
    assert Audit.objects.get().actor == "boss"
    assert f"conversation {world.town.pk}" in Audit.objects.get().target


def test_the_log_does_not_name_what_is_private(place, as_):
    boss = UserFactory(username="boss", role="admin")
    place.it.admit([boss])
    as_(boss).post(f"{place.url}archive/")
    assert Audit.objects.get().target == f"conversation {place.it.pk}"


def test_where_there_is_no_owner_any_member_manages_who_may_write_and_is_no_guest(place, as_):
    Membership.objects.filter(conversation=place.it, user=place.ana).update(role="member")
    for person, status in ((place.guest, 403), (place.olga, 404), (place.ben, 302)):
        assert as_(person).post(f"{place.url}settings/", {"title": "Yard"}).status_code == status
    Membership.objects.filter(conversation=place.it, user=place.ben).update(role="reader")
    assert not place.it.may_be_managed_by(place.ben)
    Membership.objects.filter(conversation=place.it, user=place.ana).update(role="owner")
    place.ana.is_active = False
    place.ana.save()
    Membership.objects.filter(conversation=place.it, user=place.ben).update(role="member")
    assert place.it.may_be_managed_by(place.ben), "an owner who can't come in is none"


def test_another_title_is_a_line_that_others_have_yet_to_read(place, as_):
    message = say(place.it, place.ana, "hello")
    place.it.mark_read(place.ben, message)
    before = now(place.it).revision
    as_(place.ana).post(f"{place.url}settings/", {"title": "<b>Yard</b>", "topic": "Green things"})
    page = as_(place.ben).get(place.url).content.decode()
    words = "Ana Lima renamed this conversation to “&lt;b&gt;Yard&lt;/b&gt;” and changed the topic to “Green things”"
    assert words in page
    assert 'class="system"' in page
    assert "Ana Lima renamed" in as_(place.ben).get(f"{place.url}changes/?after={before}").content.decode()
    unread = {who: Conversation.objects.inbox_of(who).get(pk=place.it.pk).unread for who in (place.ana, place.ben)}
    assert unread == {place.ana: 0, place.ben: 1}
    as_(place.ana).post(f"{place.url}settings/", {"title": "<b>Yard</b>", "topic": "Green things"})
    assert place.it.messages.filter(is_system=True).count() == 1, "the same again says nothing"


def test_a_line_does_not_hide_what_its_author_has_not_read(place):
    say(place.it, place.ben, "unread to Ana")
    place.it.rename(place.ana, "Yard", "")
    assert Conversation.objects.inbox_of(place.ana).get(pk=place.it.pk).unread == 2


def test_a_title_is_needed(place, as_):
    answer = as_(place.ana).post(f"{place.url}settings/", {"title": " ", "topic": "kept"})
    assert answer.status_code == 422
    assert 'value="kept"' in answer.content.decode()


def test_opening_up_warns_of_how_much_is_shown_to_how_many(place, as_):
    say(place.it, place.ana, "one", "two", "three")
    say(place.it, place.ana, "gone").delete_by(place.ana)
    UserFactory(is_active=False)
    UserFactory(role="guest")
    client = as_(place.ana)
    page = client.get(f"{place.url}kind/").content.decode()
    assert "3 old messages become visible to 1 person" in page
    assert as_(place.olga).get(place.url).status_code == 404
    assert post(client, f"{place.url}kind/").status_code == 302
    assert as_(place.olga).get(place.url).status_code == 200
    assert "made this conversation open to everyone here" in as_(place.olga).get(place.url).content.decode()
    assert "1 person who is no member will no longer see it" in client.get(f"{place.url}kind/").content.decode()
    assert post(client, f"{place.url}kind/").status_code == 302
    assert as_(place.olga).get(place.url).status_code == 404


def test_who_was_told_less_than_is_true_by_now_is_asked_again(place, as_):
    say(place.it, place.ana, "one", "two")
    answer = as_(place.ana).post(f"{place.url}kind/", {"messages": 1, "people": 1})
    assert answer.status_code == 409
    assert "2 old messages become visible to 1 person" in answer.content.decode()
    assert as_(place.ana).post(f"{place.url}kind/").status_code == 422
    assert now(place.it).kind == "private"


def test_a_place_that_nobody_is_in_stays_open(db, as_):
    empty = ConversationFactory()
    assert as_(UserFactory(role="admin")).post(f"/c/{empty.pk}/kind/", {"messages": 0, "people": 9}).status_code == 403
    assert now(empty).kind == "open"


@pytest.mark.parametrize(("verb", "data"), VERBS.items())
def test_a_direct_conversation_never_changes(world, as_, verb, data):
    world.ana.role = "owner"
    world.ana.save()
    assert as_(world.ana).post(f"/c/{world.direct.pk}/{verb}", data).status_code == 403
    assert as_(world.ana).get(f"/c/{world.direct.pk}/settings/").status_code == 200
    assert (now(world.direct).kind, now(world.direct).deleted_at) == ("direct", None)


def test_what_is_archived_is_read_and_not_written_until_it_is_taken_back(place, as_):
    as_(place.ana).post(f"{place.url}archive/")
    page = as_(place.ben).get(place.url).content.decode()
    assert "You can read it, but nobody can write here" in page
    assert "archived this conversation" in page
    key = {"content": "late", "client_key": "6f2ab8ae-3f35-4b0c-8d1c-8a7d4f0f6a11"}
    assert as_(place.ben).post(f"{place.url}messages/", key).status_code == 403
    as_(place.ana).post(f"{place.url}unarchive/")
    assert as_(place.ben).post(f"{place.url}messages/", key).status_code == 302


def entry(client, conversation):
    page = client.get("/").content.decode()
    return re.search(rf'<a href="/c/{conversation.pk}/" data-entry.*?</a>', page, re.S).group(), page


@pytest.mark.parametrize(
    ("level", "counted", "is_muted"), [("all", "2", False), ("mentions", "1", False), ("nothing", "", True)]
)
@pytest.mark.parametrize("kind", ["plans", "direct"])
def test_each_member_chooses_what_counts(world, as_, kind, level, counted, is_muted):
    place, client = getattr(world, kind), as_(world.ben)
    message = say(place, world.ana, "one", "two")
    Mention.objects.create(user=world.ben, message=message, conversation=place)
    assert client.post(f"/c/{place.pk}/notify/", {"notify": level}).status_code == 302
    line, page = entry(client, place)
    assert re.findall(r'data-unread="(\d+)"', line) == ([counted] if counted else [])
    assert ('class="muted"' in line) == is_muted
    assert "you are mentioned" in line
    assert re.findall(r"<title>\((\d+)\)", page) == ([counted] if counted else [])
    assert "2 new since" in client.get(f"/c/{place.pk}/").content.decode(), "the page itself says what is new"
    [live] = render_entries(place.pk, {world.ben.pk: {UTC}}).values()
    shown = re.sub(r"\s+", "", line.partition("<time")[0].replace("@", ""))
    assert shown in re.sub(r"\s+", "", live.decode().replace("data:", "").replace("@", ""))


def test_a_mention_that_was_seen_or_is_deleted_does_not_count(world, as_):
    seen, gone = say(world.plans, world.ana, "seen"), say(world.plans, world.ana, "gone")
    for message in (seen, gone):
        Mention.objects.create(user=world.ben, message=message, conversation=world.plans)
    as_(world.ben).post(f"/c/{world.plans.pk}/notify/", {"notify": "mentions"})
    assert 'data-unread="2"' in entry(as_(world.ben), world.plans)[0]
    gone.delete_by(world.ana)
    Mention.objects.filter(message=seen).update(seen_at="2026-01-01T00:00Z")
    assert "data-unread" not in entry(as_(world.ben), world.plans)[0]
    assert "you are mentioned" not in entry(as_(world.ben), world.plans)[0]


def test_members_alone_choose_for_themselves_alone(world, as_):
    assert as_(world.olga).post(f"/c/{world.town.pk}/notify/", {"notify": "nothing"}).status_code == 403
    assert as_(world.olga).post(f"/c/{world.plans.pk}/notify/", {"notify": "nothing"}).status_code == 404
    assert as_(world.ben).post(f"/c/{world.plans.pk}/notify/", {"notify": "loud"}).status_code == 403
    as_(world.ben).post(f"/c/{world.plans.pk}/notify/", {"notify": "nothing"})
    levels = dict(world.plans.memberships.values_list("user__username", "notify"))
    assert levels == {"ana": "all", "ben": "nothing"}


def test_who_begins_a_conversation_owns_it(place):
    roles = dict(place.it.memberships.values_list("user__username", "role"))
    assert roles == {"ana": MemberRole.OWNER, "ben": MemberRole.MEMBER, "guest": MemberRole.MEMBER}
