"""The sidebar of every page: sections, order, counts, favourites and drafts; and the head of a conversation."""

import re
from uuid import uuid4

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Membership
from conversations.models.inbox.sidebar import SECTION_ROWS
from conversations.tests.factories import ConversationFactory, say


def sidebar(client, address="/saved/"):
    """Read the names of the rows of each section from a page: {section: names}."""
    page = client.get(address).content.decode()
    sections = re.findall(r'data-section="(\w+)">(.*?)</details>', page, re.DOTALL)
    return {name: [strip(row) for row in re.findall(r"<b dir=\"auto\">(.*?)</b>", html)] for name, html in sections}


def strip(html):
    return re.sub(r"<span class=\"unseen\">.*?</span>", "", html).strip()


def row(client, conversation, address="/saved/"):
    """Return the link of a conversation in the sidebar."""
    page = client.get(address).content.decode().partition("<main")[0]
    found = re.search(rf'<a [^>]*data-entry="{conversation.pk}".*?</a>', page, re.DOTALL)
    return found and found[0]


def test_conversations_are_in_sections_the_most_recently_active_first(world, as_):
    say(world.direct, world.ana, "hello")
    client = as_(world.ben)
    assert sidebar(client) == {"favourites": [], "conversations": ["Town hall", "Plans"], "direct": ["Ana Lima"]}
    say(world.plans, world.ana, "news")
    assert sidebar(client)["conversations"] == ["Plans", "Town hall"]


def test_favourites_have_a_section_of_their_own(world, as_):
    client = as_(world.ben)
    answer = client.post(f"/c/{world.plans.pk}/favour/", headers={"Referer": "http://testserver/saved/?done=yes"})
    assert answer.headers["Location"] == "/saved/?done=yes", "the menu was opened there"
    assert sidebar(client)["favourites"] == ["Plans"]
    assert sidebar(client)["conversations"] == ["Town hall"]
    assert sidebar(as_(world.ana))["favourites"] == [], "for nobody else"
    client.post(f"/c/{world.plans.pk}/unfavour/", headers={"Referer": "https://elsewhere.example/"})
    assert sidebar(client)["favourites"] == []


def test_only_members_have_favourites(world, as_):
    assert as_(world.olga).post(f"/c/{world.town.pk}/favour/").status_code == 403
    assert as_(world.olga).post(f"/c/{world.plans.pk}/favour/").status_code == 404


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, ["Beta", "alpha", "Gamma"]),
        ({"sidebar_order": "name"}, ["alpha", "Beta", "Gamma"]),
        ({"unread_first": True}, ["Gamma", "Beta", "alpha"]),
        ({"unread_first": True, "sidebar_order": "name"}, ["Gamma", "alpha", "Beta"]),
    ],
    ids=str,
)
def test_the_reader_chooses_the_order(world, as_, settings, names):
    reader, writer = UserFactory(**settings), UserFactory()
    for title in ("Gamma", "alpha", "Beta"):
        say(ConversationFactory(title=title, members=[reader, writer]), writer if title == "Gamma" else reader, "words")
    assert sidebar(as_(reader))["conversations"] == names


def test_the_newest_message_is_a_setting(world, as_):
    say(world.plans, world.ana, "come at noon")
    assert "come at noon" not in row(as_(world.ben), world.plans)
    profile = {"time_zone": "UTC", "comfortable": "on", "sidebar_order": "", "theme": "", "language": ""}
    assert as_(world.ben).post("/settings/profile/", profile).status_code == 302
    assert "come at noon" in row(as_(world.ben), world.plans)


def test_counts_are_filled_only_for_mentions_and_direct_messages(world, as_):
    say(world.plans, world.ana, "one", "two")
    say(world.town, world.ana, "for @ben")
    say(world.direct, world.ana, "psst")
    client = as_(world.ben)
    assert '<span class="count">2<' in row(client, world.plans)
    assert "addressed" in row(client, world.town)
    assert "addressed" in row(client, world.direct)


def test_the_title_counts_the_unread_messages_of_all_conversations(world, as_):
    reader, writer = UserFactory(), UserFactory()
    for _ in range(SECTION_ROWS + 5):
        say(ConversationFactory(members=[reader, writer]), writer, "words")
    page = as_(reader).get("/saved/").content.decode()
    assert f"<title>({SECTION_ROWS + 5}) Saved" in page
    assert page.count('class="row"') == SECTION_ROWS, "though not all are listed"
    for conversation in Conversation.objects.filter(memberships__user=reader)[:30]:
        say(conversation, writer, "one", "two")
    assert "<title>(99+) Saved" in as_(reader).get("/saved/").content.decode()


def test_muted_and_read_conversations_count_nothing(world, as_):
    say(world.plans, world.ana, "words for @ben")
    world.plans.set_notify(world.ben, "nothing")
    assert "<title>Saved" in as_(world.ben).get("/saved/").content.decode()
    assert "muted" in row(as_(world.ben), world.plans)


def test_the_open_conversation_is_always_listed(world, as_):
    reader = UserFactory()
    oldest = ConversationFactory(title="Oldest", members=[reader])
    for _ in range(SECTION_ROWS + 1):
        ConversationFactory(members=[reader])
    client = as_(reader)
    assert row(client, oldest) is None
    assert 'aria-current="page"' in row(client, oldest, f"/c/{oldest.pk}/")
    assert len(sidebar(client)["conversations"]) == SECTION_ROWS
    for headers in ({}, {"X-Requested-With": "fetch"}):
        page = client.get("/sidebar/conversations/", headers=headers).content.decode()
        assert f'data-entry="{oldest.pk}"' in page, "on the page of all of them"
    assert 'href="/sidebar/conversations/"' in client.get("/saved/").content.decode()


def test_archived_conversations_are_listed_only_while_they_are_open(world, as_):
    world.plans.archive(world.ana)
    assert row(as_(world.ben), world.plans) is None
    assert row(as_(world.ben), world.plans, f"/c/{world.plans.pk}/")


def test_groups_are_named_by_first_names_and_previews_do_not_repeat_the_other_person(world, as_):
    cleo = User.objects.create(username="cleo", email="c@example.org", display_name="Cleo Berger")
    group = Conversation.objects.direct(world.ben, [world.ana, cleo])
    say(group, world.ana, "to both")
    say(world.direct, world.ana, "to you alone")
    page = as_(world.ben).get("/").content.decode()
    assert "Ana, Cleo" in row(as_(world.ben), group)
    assert "Ana: to both" in page
    assert "Ana Lima: to you alone" not in page
    assert "You: to you alone" in as_(world.ana).get("/").content.decode()


def test_folded_sections_stay_folded(world, as_):
    client = as_(world.ben)
    client.cookies["folded"] = "direct.favourites"
    page = client.get("/saved/").content.decode()
    assert re.search(r'data-section="direct">\s*<details>', page)
    assert re.search(r'data-section="conversations">\s*<details open>', page)


def test_drafts_are_marked_listed_and_discarded(world, as_):
    client = as_(world.ben)
    assert (
        'href="/drafts/"><svg class="icon" aria-hidden="true"><use'
        not in client.get("/saved/").content.decode().partition("me")[0]
    )
    world.plans.save_draft(world.ben, "not yet sent", uuid4())
    assert "draft-mark" in row(client, world.plans)
    assert "not yet sent" in client.get("/drafts/").content.decode()
    assert "No drafts." in as_(world.ana).get("/drafts/").content.decode()
    page = client.post(f"/c/{world.plans.pk}/draft/discard/", follow=True).content.decode()
    assert "Draft discarded." in page
    assert "No drafts." in page
    assert Membership.objects.exclude(draft="").count() == 0


def test_the_menu_of_a_row_is_a_page_and_a_fragment(world, as_):
    client = as_(world.ben)
    for headers in ({}, {"X-Requested-With": "fetch"}):
        page = client.get(f"/c/{world.plans.pk}/menu/", headers=headers).content.decode()
        for words in ("Add to favourites", "Mark as read", "Only mentions", "Leave"):
            assert words in page
        assert ("<html" in page) == (not headers)
    direct = client.get(f"/c/{world.direct.pk}/menu/", headers={"X-Requested-With": "fetch"}).content.decode()
    assert "Leave" not in direct
    form = {"conversation": world.plans.pk, "stay": "yes"}
    answer = client.post("/inbox/mark-read/", form, headers={"Referer": "http://testserver/saved/"})
    assert answer.headers["Location"] == "/saved/", "the menu was opened there"
    answer = client.post(f"/c/{world.plans.pk}/notify/", {"notify": "mentions", "stay": "yes"})
    assert answer.headers["Location"] == f"/c/{world.plans.pk}/"
    assert Membership.objects.get(conversation=world.plans, user=world.ben).notify == "mentions"


def test_the_head_of_a_conversation_shows_pins_members_and_what_the_reader_may_do(world, as_):
    say(world.town, world.ana, "keep this").pin(world.ana)
    head = as_(world.ben).get(f"/c/{world.town.pk}/").content.decode().partition('<header class="head"')[2]
    head = head.partition("</header>")[0]
    assert re.search(r'class="icon-button wide pins".*?<span class="number">1<', head)
    assert head.count('class="avatar') == min(world.town.memberships.count(), 3)
    assert f'<span class="number">{world.town.memberships.count()}<' in head
    assert f"/c/{world.town.pk}/leave/" in head
    theirs = Conversation.objects.start(world.ana, "Theirs", "open", [world.ben])
    assert f"/c/{theirs.pk}/archive/" in as_(world.ana).get(f"/c/{theirs.pk}/").content.decode()
    assert f"/c/{theirs.pk}/archive/" not in as_(world.ben).get(f"/c/{theirs.pk}/").content.decode()
    assert "/leave/" not in as_(world.ben).get(f"/c/{world.direct.pk}/").content.decode()
    assert "/leave/" not in as_(world.olga).get(f"/c/{world.town.pk}/").content.decode(), "olga is no member"


def test_the_workspace_menu_depends_on_the_role(world, as_):
    def links(person):
        menu = as_(person).get("/saved/").content.decode().partition("workspace-menu")[2].partition("</details>")[0]
        return set(re.findall(r'<a href="/([a-z]+)', menu))

    everyone = {"people", "c", "reports", "help"}
    assert links(world.ben) == everyone
    assert links(UserFactory(role="owner")) == everyone | {"invitations", "settings", "admin"}
    assert links(UserFactory(role="guest")) == everyone - {"reports"}


@pytest.mark.parametrize("theme", ["light", "dark", "contrast", ""])
def test_the_theme_is_chosen_in_the_menu_at_the_foot(world, as_, theme):
    User.objects.filter(pk=world.ben.pk).update(theme="light" if theme == "dark" else "dark")
    answer = as_(world.ben).post("/settings/theme/", {"theme": theme}, headers={"Referer": "http://testserver/saved/"})
    assert answer.headers["Location"] == "/saved/"
    world.ben.refresh_from_db()
    assert world.ben.theme == theme
    as_(world.ben).post("/settings/theme/", {"theme": "pink"})
    world.ben.refresh_from_db()
    assert world.ben.theme == theme


def test_a_conversation_opens_beside_the_inbox(world, as_):
    say(world.plans, world.ana, "one")
    say(world.town, world.ana, *map(str, range(30)))
    client = as_(world.ben)
    page = client.get(f"/inbox/unread/{world.plans.pk}/").content.decode()
    assert f'href="/inbox/unread/{world.town.pk}/?unread"' in page, "its neighbours open beside the inbox, too"
    assert 'class="timeline"' in page
    assert "beside-inbox" in page
    answer = client.get(f"/inbox/unread/{world.town.pk}/?unread")
    first = world.town.messages.filter(is_system=False).earliest("created_at", "pk")
    assert answer.headers["Location"] == f"/inbox/unread/{world.town.pk}/?at={first.pk}&new={first.pk}#new"
    assert client.get(f"/inbox/other/{world.plans.pk}/").status_code == 404
    assert as_(world.olga).get(f"/inbox/all/{world.plans.pk}/").status_code == 404
