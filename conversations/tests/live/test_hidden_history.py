"""Streams of people from whom earlier messages are hidden, on a running site."""

import re

from chatsite.trials.client.person import Person
from conversations.tests.live.listener import Listener, now, on_a_site


@on_a_site
async def test_a_new_member_hears_only_what_is_posted_from_then_on(site, ana, ben, town):
    garden = await ana.start("Garden", "private", ("ben",))
    early = await ana.send(garden, "early words")
    await ana.post(f"/c/{garden}/limit-history/", {})
    cleo = await Person(site.port).sign_up("cleo")
    await ana.post(f"/c/{garden}/members/", {"people": "cleo"})
    new, old = Listener(cleo, garden, await now(cleo, garden)), Listener(ben, garden, await now(ben, garden))
    await ana.post(f"/m/{early}/edit/", {"content": "early words, edited"})
    await ana.post(f"/m/{early}/reactions/", {"emoji": "🎉"})
    await ana.send(garden, "fresh words")
    await old.until(lambda each: "fresh words" in each.words)
    assert "early words, edited" in old.words, "there is something to hide"
    await new.until(lambda each: "fresh words" in each.words)
    assert not any(re.search(rf"early|m{early}\b", event.data) for event in new.events if event.name != "inbox")
    again = Listener(cleo, garden, 0)
    await again.until(lambda each: "fresh words" in each.words)
    assert not any("early words" in event.data for event in again.events)
    await ana.post(f"/c/{garden}/unlimit-history/", {"messages": 99, "people": 99})
    await new.until(lambda each: each.heard("reload") == [str(garden)])
    for each in (new, old, again):
        await each.close()
    cleo.hang_up()
