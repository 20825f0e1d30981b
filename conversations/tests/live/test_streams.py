"""Event streams on a running site: what each reader receives, from which revision, and until when."""

import asyncio
from uuid import uuid4

import psycopg
import pytest

from chatsite.postgres.cluster import connection
from chatsite.trials.client.person import Person, read_head
from conversations.tests.live.listener import Listener, ask, now, on_a_site, on_its_own_site

WRITERS, SENDS = 16, 2000


@on_a_site
async def test_a_stream_continues_from_the_revision_of_the_page(site, ana, ben, town):
    start = await now(ben, town)
    await ana.send(town, "between page and stream")
    ears = Listener(ben, town, start)
    await ears.until(lambda each: each.words == ["between page and stream"])
    await ana.send(town, "live")
    await ears.until(lambda each: len(each.words) == 2)
    last = next(event.id for event in ears.events if event.name == "messages")
    await ears.close()
    again = Listener(ben, town, start, last)
    await again.until(lambda each: each.words == ["live"])
    await again.close()


@on_a_site
async def test_two_thousand_sends_arrive_once_and_in_order(site, ana, ben, town):
    start, ears = await now(ben, town), []
    for after in (start, start, start):
        ears.append(Listener(ben, town, after))
    numbers = iter(range(SENDS))
    writers = [Person(site.port, dict(ana.cookies)) for _ in range(WRITERS)]

    async def write(person):
        for number in numbers:
            assert await person.send(town, f"send {number}")
        person.hang_up()

    await asyncio.gather(*map(write, writers))
    late = Listener(ben, town, start)
    for each in (*ears, late):
        await each.until(lambda one: len(one.words) >= SENDS)
        found = [article.revision for event in each.events for article in event.articles]
        assert found == list(range(start + 1, start + SENDS + 1)), "no revision is missing, repeated or out of order"
        assert len(set(each.words)) == SENDS
        await each.close()


@on_a_site
async def test_repeated_sends_with_one_key_from_eight_connections_create_one_message(site, ana, ben, town):
    key, people = uuid4(), [Person(site.port, dict(ana.cookies)) for _ in range(8)]

    async def send(person, times):
        return [await person.send(town, "once", key) for _ in range(times)]

    answers = await asyncio.gather(*(send(person, 7) for person in people))
    assert len({message for found in answers for message in found}) == 1
    assert ask(site, "SELECT count(*) FROM messages WHERE NOT is_system").fetchone() == (1,)
    for person in people:
        person.hang_up()


@on_a_site
async def test_hidden_conversations_can_not_be_streamed(site, ana, ben, town):
    secret = await ana.start("Secret", "private")
    for path in (f"/events/?conversation={secret}&after=0", "/events/?conversation=999&after=0"):
        assert (await ben.get(path)).status == 404
    stranger = Person(site.port)
    assert (await stranger.get(f"/events/?conversation={town}&after=0")).status == 403
    assert (await stranger.get("/events/")).status == 403
    stranger.hang_up()
    both = Listener(ben, f"{town}&after=0&conversation={secret}", 0)
    await both.until(lambda each: each.heard("gone") == [str(secret)])
    await ana.send(secret, "unspeakable")
    await ana.send(town, "for all")
    await both.until(lambda each: each.words == ["for all"])
    assert not any("unspeakable" in event.data for event in both.events)
    await both.close()


@pytest.mark.parametrize(
    "path",
    [
        *("?conversation=x&after=0", "?conversation=1&after=0&after=1", "?conversation=1&after=x"),
        *("?conversation=" + "9" * 30, "?inbox=nan", "?inbox=1e400"),
    ],
)
def test_a_malformed_subscription_is_not_found(world, as_, path):
    assert as_(world.ana).get(f"/events/{path}").status_code == 404


def test_servers_without_streams_send_an_empty_response(world, as_):
    answer = as_(world.ana).get(f"/events/?conversation={world.plans.pk}")
    assert (answer.status_code, answer.content) == (204, b"")


END = {
    "removed": "DELETE FROM conversation_members USING users WHERE users.id = user_id AND username = 'ben'",
    "made private": "DELETE FROM conversation_members USING users WHERE users.id = user_id AND username = 'ben';"
    "UPDATE conversations SET kind = 'private'",
    "deactivated": "UPDATE users SET is_active = false WHERE username = 'ben'",
    "signed out": "DELETE FROM django_session",
    "another password": "UPDATE users SET password = 'changed' WHERE username = 'ben'",
    "deleted": "DELETE FROM conversations",
}


@pytest.mark.parametrize("how", [how for how in END if how != "removed"])
def test_losing_access_ends_the_stream(shared_site, how):
    @on_a_site
    async def end(site, ana, ben, town):
        ears = Listener(ben, town, 0)
        await ana.send(town, "before")
        await ears.until(lambda each: each.words == ["before"])
        ask(site, END[how])
        await ears.until(lambda each: each.heard("gone") or each.heard("signed-out"))
        again = "INSERT INTO conversations (id, title) VALUES (%(town)s, 'again') ON CONFLICT DO NOTHING"
        ask(site, again, town=town)
        ask(
            site,
            "WITH raised AS (UPDATE conversations SET revision = revision + 1 RETURNING id, revision) "
            "INSERT INTO messages (conversation_id, content, revision) SELECT id, 'after', revision FROM raised",
        )
        if ears.heard("signed-out"):
            await asyncio.wait_for(ears.task, 10)  # the stream has ended
        else:
            witness = Listener(ana, town, 0)
            await witness.until(lambda each: "after" in each.words)
            await ana.start("Sent after it", people=("ben",))
            await ears.until(lambda each: any("Sent after it" in line for line in each.heard("inbox")))
            await witness.close()
        assert "after" not in ears.words
        await ears.close()

    end(shared_site)


@on_a_site
async def test_leaving_while_catching_up_ends_the_stream(site, ana, ben, town):
    """A long history delays the other conversation, which the reader leaves meanwhile."""
    secret = await ana.start("Secret", "private", ("ben",))
    ask(
        site,
        "INSERT INTO messages (conversation_id, content, revision) SELECT %(town)s, 'old', n + 100 "
        "FROM generate_series(1, 5000) n",
        town=town,
    )
    ask(site, "UPDATE conversations SET revision = 5100 WHERE id = %(town)s", town=town)
    ears = Listener(ben, f"{town}&after=0&conversation={secret}", await now(ben, secret))
    await ears.until(lambda each: len(each.words) > 100)
    await ben.post(f"/c/{secret}/leave/", {})
    assert len(ears.words) < 5000, "there is something left to catch up with"
    await ears.until(lambda each: len(each.words) >= 5000)
    await ana.send(secret, "unspeakable")
    await ana.send(town, "for all")
    await ears.until(lambda each: each.words[-1] == "for all")
    assert str(secret) in ears.heard("gone")
    assert "unspeakable" not in " ".join(event.data for event in ears.events)
    await ears.close()


@on_a_site
async def test_many_long_messages_arrive(site, ana, ben, town):
    code = "```python\n" + "1+" * 3800 + "1\n```"
    start = await now(ben, town)
    for _ in range(15):
        await ana.send(town, code)
    ears = Listener(ben, town, start)
    await ears.until(lambda each: len(each.words) == 15)
    await ears.close()


@on_a_site
async def test_changes_that_could_not_be_read_are_sent_later(site, ana, ben, town):
    ears = Listener(ben, town, await now(ben, town))
    await ears.until(lambda each: each.heard("inbox"))  # its first events are read
    where = connection(site.folder / "postgres")
    with psycopg.connect(**where) as database:
        database.execute("LOCK TABLE users")
        # Without foreign key checks, inserting a message needs no lock on users.
        with psycopg.connect(**where, autocommit=True, options="-c session_replication_role=replica") as unchecked:
            unchecked.execute(
                "WITH raised AS (UPDATE conversations SET revision = revision + 1 WHERE id = %s RETURNING *) "
                "INSERT INTO messages (conversation_id, content, revision) SELECT id, 'held up', revision FROM raised",
                [town],
            )
        ask(site, "SELECT pg_notify('chatsite', 'conversation ' || %(town)s || ' 99')", town=town)
        await wait_for_a_lock_timeout(site)
        assert ears.words == [], "the message could not be read yet"
    await ears.until(lambda each: each.words == ["held up"])
    await ears.close()


async def wait_for_a_lock_timeout(site):
    """Wait until a statement has given up waiting for a lock that is still held."""
    waiting = "SELECT pid, waitstart FROM pg_locks WHERE NOT granted AND waitstart IS NOT NULL"
    async with asyncio.timeout(20):
        while not (seen := set(ask(site, waiting))):
            await asyncio.sleep(0.02)
        while seen <= set(ask(site, waiting)):
            await asyncio.sleep(0.02)


@on_a_site
async def test_inbox_entries_are_sent_to_members_only_with_their_own_counts(site, ana, ben, town):
    stranger = await Person(site.port).sign_up("olga")
    ears, other = Listener(ben, town, 0), Listener(stranger, town, 0)
    plans = await ana.start("Plans", "private", ("ben",))
    await ana.send(plans, "one")
    two = await ana.send(plans, "two")
    await ears.until(lambda each: any('data-unread="2"' in line and "two" in line for line in each.heard("inbox")))
    await ben.post(f"/c/{plans}/mark-read/", {"message": two})
    await ears.until(lambda each: "Plans" in each.heard("inbox")[-1] and "unread" not in each.heard("inbox")[-1])
    await ben.post(f"/c/{plans}/leave/", {})
    await ears.until(lambda each: each.heard("left") == [str(plans)])
    assert "Plans" not in " ".join(event.data for event in other.events)
    for each in (ears, other):
        await each.close()
    stranger.hang_up()


@on_its_own_site
async def test_streams_end_with_goodbye_when_the_server_stops(site, ana, ben, town):
    ears = Listener(ben, town, 0)
    await ears.until(lambda each: each.heard(""))
    site.server.terminate()
    await ears.until(lambda each: each.heard("goodbye"))
    await asyncio.wait_for(ears.task, 10)


@on_a_site
async def test_stream_responses_are_event_streams_that_are_never_cached(site, ana, ben, town):
    reader, writer = await ben.connect()
    writer.write(ben.head("GET", f"/events/?conversation={town}"))
    answer = await read_head(reader)
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    writer.close()
