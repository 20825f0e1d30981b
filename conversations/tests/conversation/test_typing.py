"""Typing is told to the other members who have the conversation open, and to nobody else; nothing of it is kept."""

import json

from chatsite.trials.client.person import Person
from conversations.models import Conversation, Membership
from conversations.models.conversation.membership import MemberRole
from conversations.tests.factories import ConversationFactory
from conversations.tests.live.listener import Listener, ask, now, on_a_site


@on_a_site
async def test_typing_reaches_the_other_members_and_nobody_else(site, ana, ben, town):
    cleo = await Person(site.port).sign_up("cleo")  # who may read along, but is no member
    start = await now(ben, town)
    ears = {name: Listener(person, town, start) for name, person in {"ana": ana, "ben": ben, "cleo": cleo}.items()}
    await ana.send(town, "all hear this")
    for each in ears.values():
        await each.until(lambda one: one.words == ["all hear this"])
    assert (await ana.post(f"/c/{town}/typing/", {})).status == 204
    await ears["ben"].until(lambda each: each.heard("typing"))
    [heard] = ears["ben"].heard("typing")
    [(number,)] = ask(site, "SELECT id FROM users WHERE username = 'ana'").fetchall()
    assert json.loads(heard) == {"conversation": town, "person": number, "name": "ana"}
    await ana.send(town, "sent after typing")
    for each in ears.values():
        await each.until(lambda one: "sent after typing" in one.words)
    assert (ears["ana"].heard("typing"), ears["cleo"].heard("typing")) == ([], [])
    for each in ears.values():
        await each.close()
    cleo.hang_up()


@on_a_site
async def test_who_has_no_conversation_open_is_not_told_who_types_there(site, ana, ben, town):
    secret = await ana.start("Secret", "private", ("ben",))
    ears = Listener(ben, town, await now(ben, town))
    await ana.send(town, "the stream is there")
    await ears.until(lambda each: each.words == ["the stream is there"])
    assert (await ana.post(f"/c/{secret}/typing/", {})).status == 204
    assert (await ana.post(f"/c/{town}/typing/", {})).status == 204
    await ears.until(lambda each: each.heard("typing"))
    assert [json.loads(each)["conversation"] for each in ears.heard("typing")] == [town]
    await ears.close()


def test_only_who_may_write_is_typing(world, as_):
    address = f"/c/{world.plans.pk}/typing/"
    assert as_(world.ana).post(address).status_code == 204
    Membership.objects.filter(user=world.ana, conversation=world.plans).update(role=MemberRole.READER)
    assert as_(world.ana).post(address).status_code == 403
    Membership.objects.filter(user=world.ana, conversation=world.plans).delete()
    assert as_(world.ana).post(address).status_code == 404
    town = ConversationFactory()
    assert Conversation.objects.visible_to(world.ana).filter(pk=town.pk).exists()
    assert as_(world.ana).post(f"/c/{town.pk}/typing/").status_code == 403
