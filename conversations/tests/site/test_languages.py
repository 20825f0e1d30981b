"""Languages: cached fragments and streams are in each reader's language."""

import re
from datetime import UTC, datetime

import pytest

from accounts.models import User
from accounts.models.locale import Locale
from chatsite.speed import fragments
from conversations.live.rendering import render_changes
from conversations.live.subscription import Perspective
from conversations.models.timeline.changes import changes_since
from conversations.tests.factories import history, say
from conversations.tests.live.listener import Listener, ask, now, on_a_site


@pytest.fixture
def ben(world):
    """Ben, who reads German."""
    world.ben.language = "de"
    world.ben.save(update_fields=["language"])
    return world.ben


def test_dates_follow_the_language(world, ben, as_):
    [message] = history(world.town, world.ana, [datetime(2024, 5, 3, 16, 10, tzinfo=UTC)])
    for person, day, short in ((ben, "Freitag, 3. Mai 2024", "3. Mai 2024"), (world.ana, "Friday 3 May 2024", "3 May")):
        page = as_(person).get(f"/c/{world.town.pk}/").content.decode()
        assert re.search(rf'<h2 class="day"[^>]*><a [^>]*><span class="full-day">{day}</span>', page)
        assert f'title="{day}, 16:10:00">16:10<' in page
        page = as_(person).get(f"/c/{world.town.pk}/2024-05-03/").content.decode()
        assert f"<p>{day}</p>" in page
        assert short in page
        assert ('abbr="Montag">Mo<' if person == ben else 'abbr="Monday">Mo<') in page
    assert "1 Nachricht" in as_(ben).get(f"/c/{world.town.pk}/2024-05-03/").content.decode()
    assert message.pk


@pytest.mark.parametrize("first", ["ana", "ben"])
def test_fragments_cached_for_one_language_are_not_shown_in_another(world, ben, as_, first, monkeypatch):
    message = say(world.town, world.ana, "words")
    message.edit(world.ana, "other words")
    message.react(world.ana, "🎉")
    monkeypatch.setattr(fragments, "cache", fragments.FragmentCache(fragments.MAX_CACHED_CHARACTERS))
    english = (
        "(edited)",
        "reacted 🎉",
        "Send</span></button>",
        "Message to Town hall",
        "Members</a>",
        "Message actions",
    )
    german = (
        "(bearbeitet)",
        "reagiert mit 🎉",
        "Senden</span></button>",
        "Nachricht an Town hall",
        "Mitglieder</a>",
        "Aktionen für diese",
    )
    people = {"ana": (world.ana, english, german), "ben": (ben, german, english)}
    for name in (first, *people.keys() - {first}):
        person, own, others = people[name]
        for address in (f"/c/{world.town.pk}/", "/", "/search/", f"/m/{message.pk}/thread/"):
            page = as_(person).get(address).content.decode()
            assert not [words for words in others if words in page], address
        page = as_(person).get(f"/c/{world.town.pk}/").content.decode()
        assert [words for words in own if words not in page] == []


def test_changes_are_rendered_once_per_language_and_time_zone(world):
    say(world.town, world.ana, "words").edit(world.ana, "other words")
    locales = [Perspective(Locale(*each)) for each in (("en", "UTC"), ("de", "UTC"), ("de", "Asia/Tokyo"))]
    world.town.refresh_from_db()
    written = render_changes(changes_since(world.town, world.town.messages, 0), locales)
    assert [b"bearbeitet" in written[each] for each in locales] == [False, True, True]
    assert [b"edited" in written[each].replace(b'class="edited"', b"") for each in locales] == [True, False, False]
    assert len(set(written.values())) == 3


@on_a_site
async def test_live_messages_are_in_each_readers_language(site, ana, ben, town):
    ask(site, "UPDATE users SET language = 'de' WHERE username = 'ben'")
    start = await now(ben, town)
    ears = {"de": Listener(ben, town, start), "en": Listener(ana, town, start)}
    await ana.send(town, "hello")
    await ears["de"].until(lambda stream: any("ungelesen" in entry for entry in stream.heard("inbox")))
    await ears["en"].until(lambda stream: stream.heard("inbox"))
    for each in ears.values():
        await each.until(lambda stream: stream.words == ["hello"])
    received = {language: " ".join(event.data for event in each.events) for language, each in ears.items()}
    assert re.search(r'<time [^>]+ title="\w+, \d+\. \w+ \d+, ', received["de"]), "Freitag, 3. Mai 2024, …"
    assert re.search(r'<time [^>]+ title="\w+ \d+ \w+ \d+, ', received["en"]), "Friday 3 May 2024, …"
    assert "ungelesen" not in received["en"]
    for each in ears.values():
        await each.close()


def test_notices_are_in_the_readers_language(world, ben, as_):
    client = as_(ben)
    answer = client.post(f"/c/{world.town.pk}/leave/", follow=True)
    assert "Du hast Town hall verlassen." in answer.content.decode()
    assert User.objects.get(pk=ben.pk).language == "de"


def test_labels_within_messages_are_in_the_readers_language(world, ben, as_):
    code = "```python\n" + "print('12 lines of python')\n" * 30 + "```"
    say(world.town, world.ana, f"- [ ] To do\n- [x] Done\n\n{code}")
    german, english = (as_(person).get(f"/c/{world.town.pk}/").content.decode() for person in (ben, world.ana))
    assert ">Alle 30 Zeilen python zeigen<" in german
    assert ">Show all 30 lines of python<" in english
    for label, words in (("Zu erledigen", "To do"), ("Erledigt", "Done")):
        assert f'aria-label="{label}">' in german
        assert f'aria-label="{words}">' in english
        assert f"</span> {words}</li>" in german, "the author's text is not translated"


def test_text_that_looks_like_a_label_is_not_translated(world, as_):
    say(world.town, world.ana, 'say aria-label="Done", `aria-label="To do"`\n- [x] it')
    User.objects.filter(pk=world.ben.pk).update(language="de")
    page = as_(world.ben).get(f"/c/{world.town.pk}/").content.decode()
    assert 'say aria-label="Done", <code>aria-label="To do"</code>' in page
    assert 'role="img" aria-label="Erledigt"' in page
