"""Notices and totals on event streams."""

from conversations.tests.live.listener import Listener, ask, now, on_a_site


def announce(site, message, *users):
    ask(site, "SELECT pg_notify('chatsite', %(words)s)", words=" ".join(map(str, ["notice", message, *users])))


def id_of(site, name):
    [(number,)] = ask(site, "SELECT id FROM users WHERE username = %(name)s", name=name)
    return number


@on_a_site
async def test_a_notice_reaches_only_the_people_it_names(site, ana, ben, town):
    start = await now(ben, town)
    ears = {name: Listener(person, town, start) for name, person in (("ana", ana), ("ben", ben))}
    for each in ears.values():
        await each.until(lambda one: one.heard("totals"))
    announce(site, 12, id_of(site, "ben"))
    await ears["ben"].until(lambda one: one.heard("notice") == ["12"])
    announce(site, 13, id_of(site, "ana"), id_of(site, "ben"))
    await ears["ana"].until(lambda one: one.heard("notice"))
    assert ears["ana"].heard("notice") == ["13"]
    for each in ears.values():
        await each.close()


@on_a_site
async def test_a_stream_that_reconnects_misses_no_notice(site, ana, ben, town):
    start, bens_id = await now(ben, town), id_of(site, "ben")
    ears = Listener(ben, town, start)
    await ears.until(lambda one: one.heard("totals"))
    announce(site, 12, bens_id)
    await ears.until(lambda one: one.heard("notice"))
    await ears.close()
    again, others = Listener(ben, town, start), Listener(ana, town, start)
    await again.until(lambda one: one.heard("notice") == ["12"])
    await others.until(lambda one: one.heard("totals"))
    assert others.heard("notice") == []
    for each in (again, others):
        await each.close()


@on_a_site
async def test_a_stream_begins_with_how_much_is_unread(site, ana, ben, town):
    await ana.send(town, "@ben, look")
    await ana.send(town, "and look")
    ears = Listener(ben, town, await now(ben, town))
    await ears.until(lambda one: one.heard("totals"))
    assert (ears.heard("totals"), ears.heard("threads")) == (["2 1"], ["0"])
    await ears.close()
