"""Typing is sent to the other members who have the conversation open, to nobody else, and is not stored."""

import json

from chatsite.trials.client.person import Person
from conversations.models import Conversation, Membership
from conversations.models.conversation.membership import MemberRole
from conversations.tests.factories import ConversationFactory
from conversations.tests.live.listener import Listener, ask, now, on_a_site


@on_a_site
async def test_typing_reaches_the_other_members_and_nobody_else(site, ana, ben, town):
    cleo = await Person(site.port).sign_up("cleo")  # may read, but is no member
    start = await now(ben, town)
    listeners = {name: Listener(person, town, start) for name, person in {"ana": ana, "ben": ben, "cleo": cleo}.items()}
    await ana.send(town, "for everyone")
    for listener in listeners.values():
        await listener.until(lambda stream: stream.words == ["for everyone"])
    assert (await ana.post(f"/c/{town}/typing/", {})).status == 204
    await listeners["ben"].until(lambda stream: stream.heard("typing"))
    [heard] = listeners["ben"].heard("typing")
    [(number,)] = ask(site, "SELECT id FROM users WHERE username = 'ana'").fetchall()
    assert json.loads(heard) == {"conversation": town, "person": number, "name": "ana"}
    await ana.send(town, "sent after typing")
    for listener in listeners.values():
        await listener.until(lambda stream: "sent after typing" in stream.words)
    assert (listeners["ana"].heard("typing"), listeners["cleo"].heard("typing")) == ([], [])
    for listener in listeners.values():
        await listener.close()
    cleo.hang_up()


@on_a_site
async def test_typing_is_not_sent_for_conversations_that_are_not_open(site, ana, ben, town):
    secret = await ana.start("Secret", "private", ("ben",))
    listener = Listener(ben, town, await now(ben, town))
    await ana.send(town, "the stream is open")
    await listener.until(lambda stream: stream.words == ["the stream is open"])
    assert (await ana.post(f"/c/{secret}/typing/", {})).status == 204
    assert (await ana.post(f"/c/{town}/typing/", {})).status == 204
    await listener.until(lambda stream: stream.heard("typing"))
    assert [json.loads(data)["conversation"] for data in listener.heard("typing")] == [town]
    await listener.close()


def test_only_writers_announce_typing(world, as_):
    address = f"/c/{world.plans.pk}/typing/"
    assert as_(world.ana).post(address).status_code == 204
    Membership.objects.filter(user=world.ana, conversation=world.plans).update(role=MemberRole.READER)
    assert as_(world.ana).post(address).status_code == 403
    Membership.objects.filter(user=world.ana, conversation=world.plans).delete()
    assert as_(world.ana).post(address).status_code == 404
    town = ConversationFactory()
    assert Conversation.objects.visible_to(world.ana).filter(pk=town.pk).exists()
    assert as_(world.ana).post(f"/c/{town.pk}/typing/").status_code == 403
