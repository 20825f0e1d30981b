"""Pages of lists that have ten thousand rows: each page is of moderate size, and leads to the next."""

import html
import re

import pytest
from django.db import connection

from accounts.models import User
from conversations.models import Message, Reaction
from conversations.models.timeline.threads import PAGE_REPLIES
from conversations.tests.factories import say
from conversations.text.cursors import Cursor

MANY = 10_000
MAX_BYTES = 300_000
NAME = "Ä" * 40
NEXT = re.compile(r'href="([^"#]*[?;](?:after|before|earlier|removed)=[^"#]+)"')
MESSAGES = """
INSERT INTO messages (conversation_id, user_id, content, html, revision, thread_id, has_extras, created_at, deleted_at)
SELECT %(conversation)s, %(user)s, 'words', %(html)s, n, %(thread)s, true,
       date_trunc('day', now()) - interval '1 day' + n * interval '1 s', %(deleted)s
FROM generate_series(1, %(many)s) AS n
"""
# Of everybody in `users`, or of the messages in one conversation.
ROWS = {
    "silent": "UPDATE users SET created_at = now() - interval '2 days' WHERE username LIKE 'row%%'",
    "members": "INSERT INTO conversation_members (conversation_id, user_id) SELECT %(town)s, id FROM users"
    " ON CONFLICT DO NOTHING",
    "removed": "INSERT INTO former_members (conversation_id, user_id, ended_by_id, membership)"
    " SELECT %(garden)s, id, %(boss)s, '{}' FROM users WHERE username LIKE 'row%%'",
    "requests": "UPDATE former_members SET requested_at = now()",
    "sessions": "INSERT INTO django_session (session_key, session_data, expire_date)"
    " SELECT 'row' || n, '', '2999-01-01' FROM generate_series(1, %(many)s) AS n",
    "devices": "INSERT INTO usersessions_usersession (user_id, created_at, ip, last_seen_at, session_key, user_agent,"
    " data) SELECT %(boss)s, now(), '127.0.0.1', now(), 'row' || n, repeat('x', 200), '{}'"
    " FROM generate_series(1, %(many)s) AS n",
    "limits": "INSERT INTO limits (key, full_at) SELECT 'sign in:account ' || id, '2999-01-01' FROM users",
    "reactions": "INSERT INTO message_reactions (message_id, emoji, user_id)"
    " SELECT %(first)s, (ARRAY['👍', '🎉', '😂'])[id %% 3 + 1], id FROM users",
    "pins": "INSERT INTO pins (message_id, conversation_id) SELECT id, conversation_id FROM messages"
    " WHERE thread_id = %(first)s",
    "saved": "INSERT INTO saved_messages (user_id, message_id) SELECT %(boss)s, id FROM messages"
    " WHERE thread_id = %(first)s",
    "mentions": "INSERT INTO mentions (user_id, message_id, conversation_id) SELECT %(boss)s, id, conversation_id"
    " FROM messages WHERE thread_id = %(first)s",
    "history": "INSERT INTO message_earlier_texts (message_id, content) SELECT %(first)s, 'text ' || n"
    " FROM generate_series(1, %(many)s) AS n",
    "audit": "INSERT INTO audit (actor, action, target, details) SELECT 'ana', 'did ' || n, '', ''"
    " FROM generate_series(1, %(many)s) AS n",
    "invitations": "INSERT INTO invitations (created_by_id, was_by_person, expires_at, uses_left, role, email,"
    " conversation_ids) SELECT %(boss)s, false, now() + interval '1 day', 1, 'member', '', '{}'"
    " FROM generate_series(1, %(many)s)",
    "conversations": "INSERT INTO conversations (title) SELECT 'Open ' || n FROM generate_series(1, %(many)s) AS n",
    "inbox": "INSERT INTO conversation_members (conversation_id, user_id) SELECT id, %(boss)s FROM conversations"
    " WHERE title LIKE 'Open %%'",
    "trash": "UPDATE conversations SET deleted_at = now(), deleted_by_id = %(boss)s WHERE title LIKE 'Open %%5'",
    "gone": "UPDATE users SET deleted_at = now(), is_active = false WHERE username LIKE 'row%%5'",
}


@pytest.fixture
def crowded(world, boss, garden):
    """Ten thousand of everything that a list shows."""
    User.objects.bulk_create(
        User(username=f"row{number:05}", email=f"row{number}@example.org", display_name=NAME) for number in range(MANY)
    )
    world.town.admit([boss])
    garden.admit([boss])
    world.boss, world.garden, world.first = boss, garden, say(world.town, world.ana, "first")
    fill(world.town, world.ana, "<p>reply</p>", thread=world.first)
    fill(world.garden, world.ana, "<p>gone</p>", deleted="2999-01-01")
    fill(world.garden, boss, "<p>mine</p>", deleted="2999-01-01")
    names = {"town": world.town.pk, "garden": garden.pk, "boss": boss.pk, "first": world.first.pk, "many": MANY}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE conversation_members SET role = 'owner' WHERE user_id = %s", [boss.pk])
        for sql in ROWS.values():
            cursor.execute(sql, names)
        cursor.execute("UPDATE messages SET has_extras = true WHERE id = %s", [world.first.pk])
        cursor.execute("ANALYZE")
    return world


def fill(conversation, author, words, thread=None, deleted=None, many=MANY):
    values = {"conversation": conversation.pk, "user": author.pk, "html": words, "many": many, "deleted": deleted}
    with connection.cursor() as cursor:
        cursor.execute(MESSAGES, values | {"thread": thread and thread.pk})


def walk(client, address, pages=3):
    """Follow the link to the next page a few times; return the pages."""
    found = []
    for _ in range(pages):
        answer = client.get(address)
        assert answer.status_code == 200, address
        found.append(answer.content.decode())
        links = [html.unescape(link) for link in NEXT.findall(found[-1])]
        address = next((link for link in links if "?" in link), None)
        assert address, "ten thousand rows have another page"
        address = address if address.startswith("/") else answer.request["PATH_INFO"] + address
    return found


def test_no_page_of_a_long_list_is_large(crowded, as_):
    town, garden, first = crowded.town.pk, crowded.garden.pk, crowded.first.pk
    day = Message.objects.get(thread=first, revision=1).created_at.date()
    lists = [
        *("/", f"/c/{town}/", f"/c/{town}/{day}/", f"/c/{town}/members/", f"/c/{town}/pins/", f"/m/{first}/thread/"),
        *(f"/m/{first}/reactions/", f"/m/{first}/history/", f"/c/{garden}/members/", "/c/browse/", "/people/"),
        *("/saved/", "/mentions/", "/invitations/", "/trash/", "/trash/conversations/", "/trash/people/"),
        *("/settings/audit/", "/reports/silent/?days=1", "/search/?q=words", "/search/?q=from:ana"),
    ]
    client = as_(crowded.boss)
    sizes = {(address, len(page.encode())) for address in lists for page in walk(client, address)}
    alone = ["/c/new/", "/reports/activity/", "/admin/accounts/user/", "/people/ana/", "/settings/limits/"]
    alone += ["/accounts/devices/", f"/c/{garden}/settings/", f"/c/{town}/changes/?after=1"]
    alone += [f"/c/{town}/settings/", f"/admin/conversations/conversation/{town}/change/", "/quick-switcher/"]
    for address in alone:
        answer = client.get(address)
        assert answer.status_code == 200, address
        sizes.add((address, len(answer.content)))
    too_large = {address: size for address, size in sizes if size > MAX_BYTES}
    assert not too_large


def test_large_messages_make_small_pages_wherever_they_are_shown(world, as_):
    first = say(world.town, world.ana, "first")
    huge = "<p>" + "ä" * 95_000 + "</p>"
    fill(world.town, world.ana, huge, thread=first, many=30)
    Message.objects.filter(pk=first.pk).update(html=huge)
    middle = Message.objects.get(thread=first, revision=15)
    client, town = as_(world.ben), world.town.pk
    pages = [*walk(client, f"/m/{first.pk}/thread/"), *walk(client, f"/c/{town}/")]
    pages += walk(client, f"/c/{town}/{middle.created_at.date()}/")
    pages += [client.get(address).content.decode() for address in around(town, first, middle)]
    assert max(len(page.encode()) for page in pages) <= MAX_BYTES
    assert all('<article id="' in page for page in pages), "at least one message is shown"


def around(town, first, middle):
    return [f"/c/{town}/?at={middle.pk}", f"/m/{first.pk}/thread/?at={middle.pk}"]


def test_the_pages_of_a_long_thread_hold_each_reply_once_below_the_first_message(world, as_):
    first = say(world.town, world.ana, "first")
    fill(world.town, world.ana, "<p>reply</p>", thread=first, many=2 * PAGE_REPLIES + 7)
    client, shown = as_(world.ben), []
    address = f"/m/{first.pk}/thread/"
    while address:
        page = client.get(address).content.decode()
        thread = page[page.index('<aside class="thread"') :]
        ids = [int(pk) for pk in re.findall(r'<article id="t(\d+)"', thread)]
        assert ids[0] == first.pk
        shown = ids[1:] + shown
        older = re.search(r'rel="prev" href="([^"]*)"', thread)
        address = older and html.unescape(older[1])
    replies = list(Message.objects.filter(thread=first).order_by("created_at").values_list("pk", flat=True))
    assert shown == replies
    permalink = client.get(f"/m/{replies[3]}/thread/")["Location"]
    assert permalink == f"/m/{first.pk}/thread/?at={replies[3]}#t{replies[3]}"
    page = client.get(permalink.partition("#")[0]).content.decode()
    assert f'<article id="t{replies[3]}"' in page
    after = Cursor(Message.objects.get(pk=replies[3]).created_at, replies[3])
    page = client.get(f"/m/{first.pk}/thread/?after={after}").content.decode()
    assert f'<article id="t{replies[4]}"' in page
    assert client.get(f"/m/{replies[-1]}/thread/")["Location"] == f"/m/{first.pk}/thread/#t{replies[-1]}"


def test_members_of_a_large_conversation_are_found_by_name(crowded, as_):
    page = as_(crowded.ben).get(f"/c/{crowded.town.pk}/members/?q=row01234").content.decode()
    assert page.count("@row") == 1
    assert "@row01234" in page
    assert "Nobody found." in as_(crowded.ben).get(f"/c/{crowded.town.pk}/members/?q=nobody").content.decode()


def test_every_reaction_is_on_one_page_and_the_readers_own_on_the_first_with_its_emoji(world, as_):
    message = say(world.town, world.ana, "first")
    people = User.objects.bulk_create(User(username=f"row{n}", email=f"row{n}@example.org") for n in range(450))
    Reaction.objects.bulk_create(Reaction(message=message, user=person, emoji="🎉") for person in people)
    Reaction.objects.bulk_create([Reaction(message=message, user=world.ben, emoji="🎉")])
    client, address, names = as_(world.ben), f"/m/{message.pk}/reactions/", []
    while address:
        page = client.get(address).content.decode()
        assert "Remove my reaction" in page
        names += re.findall(r'<span dir="auto">(row\d+|ben)</span>', page)
        more = re.search(r'href="([^"]*after=[^"]*)"', page)
        address = more and f"/m/{message.pk}/reactions/{html.unescape(more[1])}"
    assert sorted(names) == sorted(["ben", *(person.username for person in people)])


def test_django_admin_leaves_a_crowd_to_the_page_of_members(crowded, as_):
    address = f"/admin/conversations/conversation/{crowded.town.pk}/change/"
    client, members = as_(crowded.boss), crowded.town.memberships.count()
    assert "id_members" not in client.get(address).content.decode()
    answer = client.post(address, {"title": "Renamed", "topic": ""})
    assert answer.status_code == 302
    crowded.town.refresh_from_db()
    assert (crowded.town.title, crowded.town.memberships.count()) == ("Renamed", members)
