"""The pages and the command of search: hits, their order and count, recent searches and completions."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import limits
from accounts.tests.factories import UserFactory
from conversations.models import (
    Conversation,
    RecentSearch,
)
from conversations.search import windows
from conversations.tests.factories import ConversationFactory, history, say

HIT = re.compile(r'id="hit(\d+)"')


@pytest.mark.parametrize("ties_are_newest", [True, False])
def test_paging_shows_each_hit_once_and_the_count(world, as_, monkeypatch, ties_are_newest):
    monkeypatch.setattr(windows, "WINDOW_ROWS", 7)  # so that a page takes several windows
    same = timezone.now() - timedelta(days=1)
    way = -1 if ties_are_newest else 1
    moments = [same] * 25 + [same + timedelta(minutes=way * minute) for minute in range(30)]
    posted = history(world.plans, world.ben, moments)
    client, address, seen = as_(world.ana), "/search/?q=number", []
    first = strip_tags(client.get(address).content.decode())
    assert "55 results" in first
    while address:
        shown = unescape(client.get(address).content.decode())
        seen += [int(pk) for pk in HIT.findall(shown)]
        further = re.search(r'rel="next" href="(\?[^"]+)"', shown)
        address = further and f"/search/{further[1]}"
    assert seen == [message.pk for message in sorted(posted, key=lambda each: (each.created_at, each.pk), reverse=True)]


def test_scripts_receive_the_count_of_hits(world, as_):
    history(world.plans, world.ben, [timezone.now()] * 30)
    client, fetched = as_(world.ana), {"X-Requested-With": "fetch"}
    assert client.get("/search/?q=number&count=all", headers=fetched).content == b"30"
    further = re.search(r'rel="next" href="([^"]+)"', client.get("/search/?q=number").content.decode())[1]
    assert client.get(f"/search/{unescape(further)}", headers=fetched).status_code == 200
    history(world.plans, world.ben, [timezone.now()] * 1001)
    assert client.get("/search/?q=number&order=best", headers=fetched).status_code == 200


def test_hits_are_counted_up_to_a_thousand(world, look):
    history(world.plans, world.ben, [timezone.now()] * 1001)
    assert "1,000+ results" in strip_tags(look(world.ana, "number"))


def test_hits_can_be_ordered_by_relevance(world, find, look):
    best = say(world.plans, world.ben, "harpsichord, harpsichord and harpsichord")
    newest = say(
        world.plans, world.ben, "of all the instruments in the world it is the harpsichord that I like the most"
    )
    assert find(world.ana, "harpsichord") == [newest.pk, best.pk]
    assert find(world.ana, "harpsichord", order="best") == [best.pk, newest.pk]
    assert find(world.ana, "harpsichord", order="best", first=20) == []


def test_a_hit_shows_its_author_and_its_words_conversation_and_time_lead_to_it(world, look):
    message = say(world.plans, world.ana, "before **the <harpsichord>** & after")
    seen = look(world.ben, "harpsichord")
    assert "<mark>harpsichord</mark>" in seen
    assert "Ana Lima" in seen
    hit = seen.partition(f'<section class="hit" id="hit{message.pk}">')[2].partition("</section>")[0]
    for part in ('class="words" href="{}">', '<a href="{}" dir="auto">Plans</a>', '<a href="{}"><time '):
        assert part.format(f"/m/{message.pk}/") in hit


def test_messages_around_a_hit_are_shown_on_demand(world, as_):
    messages = [say(world.plans, world.ana, f"line {number}") for number in range(7)]
    address, lines = f"/m/{messages[3].pk}/around/", [f"line {number}" for number in range(1, 6)]
    whole = as_(world.ben).get(address).content.decode()
    assert re.findall(r"line \d", whole.partition("<main")[2]) == lines
    in_place = as_(world.ben).get(address, headers={"X-Requested-With": "fetch"}).content.decode()
    assert re.findall(r"line \d", in_place) == lines
    assert "<h1" not in in_place
    assert as_(world.olga).get(f"/m/{messages[3].pk}/around/").status_code == 404


def test_recent_searches_are_private_and_can_be_erased(world, as_):
    ana, ben = as_(world.ana), as_(world.ben)
    answer = ana.post("/search/", {"q": "  harpsichord from:ben "})
    assert answer.url == "/search/?q=harpsichord+from%3Aben"
    ana.get("/search/?q=clavichord")  # opening a shared address stores no search
    ana.post("/search/", {"q": "spinet"})
    shown = ana.get("/search/").content.decode()
    assert "harpsichord from:ben" in shown
    assert "spinet" in shown
    assert "clavichord" not in shown
    assert "harpsichord" not in ben.get("/search/").content.decode()
    ana.post("/search/recent/clear/", {"words": "spinet"})
    assert "spinet" not in ana.get("/search/").content.decode()
    ana.post("/search/recent/clear/")
    assert not RecentSearch.objects.filter(user=world.ana).exists()


def test_only_the_last_searches_are_stored(world):
    for number in range(25):
        RecentSearch.objects.remember(world.ana, f"word {number}")
    stored = [each.words for each in RecentSearch.objects.of(world.ana)]
    assert stored == [f"word {number}" for number in range(24, 4, -1)]


def test_operators_are_completed_with_people_and_conversations(world, as_):
    def offers(person, typed):
        return re.findall(
            r'data-value="([^"]+)"', as_(person).get("/search/completions/", {"q": typed}).content.decode()
        )

    assert offers(world.ana, "be") == ["from:ben"]
    assert offers(world.ana, "from:An") == ["from:ana"]
    assert offers(world.ana, "mentions:b") == ["mentions:ben"]
    assert offers(world.ana, "in:To") == ["in:&quot;Town hall&quot;"]
    assert offers(world.ana, 'in:"Pl') == ["in:Plans"]
    assert offers(world.olga, "in:Pl") == [], "Plans is private"
    assert offers(UserFactory(role="guest"), "from:a") == []


def test_searches_are_rate_limited(world, as_, monkeypatch):
    monkeypatch.setitem(limits.RATES, "search", limits.Rate(burst=3, seconds=1000))
    client = as_(world.ana)
    answers = [client.get("/search/?q=x").status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


@pytest.mark.django_db(transaction=True)
def test_a_search_that_takes_too_long_says_so(world, look, monkeypatch):
    say(world.plans, world.ben, "words")
    monkeypatch.setattr(windows, "IN_WINDOW", f"SELECT pg_sleep(2); {windows.IN_WINDOW}")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '200ms'")
        try:
            assert "This search took too long." in look(world.ana, "words")
        finally:
            cursor.execute("RESET statement_timeout")


def test_the_command_prints_hits_and_explains_them(world, capsys):
    message = say(world.plans, world.ben, "the harpsichord")
    call_command("search", "harpsichord", name="ana", format="json")
    assert f'"id": {message.pk}' in capsys.readouterr().out
    call_command("search", "harpsichrod", name="ana", format="csv")
    output = capsys.readouterr()
    assert "Showing harpsichord" in output.err
    assert "the harpsichord" in output.out
    call_command("search", "harpsichord", name="ana", explain=True)
    output = capsys.readouterr().out
    assert "search_looks_for" in output
    assert "Buffers" in output


def test_the_search_language_decides_which_forms_match(world, find, look):
    def is_guessed(words):
        return "No results for" in look(world.ana, words)

    message = say(world.plans, world.ben, "Die Häuser sind schön")
    assert is_guessed("Hauses")
    call_command("search_language", "german")
    assert find(world.ana, "Hauses") == [message.pk]
    assert not is_guessed("Hauses")
    call_command("search_language", "none")
    assert is_guessed("Hauses")
    assert find(world.ana, "häuser") == [message.pk]


def test_a_conversation_page_links_to_a_search_in_it(world, as_, find):
    here, _ = say(world.plans, world.ben, "a tune"), say(world.town, world.ben, "a tune")
    assert f"/search/?q=in:{world.plans.pk}" in as_(world.ana).get(f"/c/{world.plans.pk}/").content.decode()
    assert find(world.ana, f"in:{world.plans.pk} tune") == [here.pk]


def test_a_conversation_titled_with_a_number_is_found(world, find):
    conversation = ConversationFactory(title="2024", members=[world.ana])
    message = say(conversation, world.ana, "a tune")
    assert find(world.ana, "in:2024 tune") == [message.pk]
    assert Conversation.objects.count() == 4
