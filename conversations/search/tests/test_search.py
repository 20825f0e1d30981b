"""Search: what is found, by whom, and what is not."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import User, limits
from accounts.tests.factories import UserFactory
from conversations.models import (
    Attachment,
    Conversation,
    RecentSearch,
    SearchWord,
)
from conversations.search import windows
from conversations.tests.factories import ConversationFactory, history, say
from conversations.tests.message.pictures import upload

HIT = re.compile(r'id="hit(\d+)"')


@pytest.fixture
def find(as_):
    """Search as somebody and give the numbers of the hits: `find(ana, "words")`."""

    def hits(person, words, **more):
        answer = as_(person).get("/search/", {"q": words, **more})
        assert answer.status_code == 200, answer.status_code
        return [int(pk) for pk in HIT.findall(answer.content.decode())]

    return hits


@pytest.fixture
def look(as_):
    """Search as somebody and give the page as it is read."""
    return lambda person, words, **more: unescape(as_(person).get("/search/", {"q": words, **more}).content.decode())


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("We deployed it yesterday", "deploying"),
        ("The new version is out", "versio"),
        ("The new version is out", "VERSIONS"),
        ("我们明天在上海见面", "上海"),
        ("พบกันที่กรุงเทพ", "กรุงเทพ"),
        ("Встретимся в Москве завтра", "москве"),
        ("to be or not to be", '"or not to be"'),
        ("to be or not to be", "„to be or“"),
        ("ping 10.0.0.1 first", "10.0.0.1"),
        ("rename foo_bar_baz", "foo_bar"),
        ("written in C++ and C#", "C++"),
        ("see ticket #1234", "#1234"),
        ("write to a@b.org", "a@b.org"),
        ("read https://example.org/wiki/Page?x=1#top", "https://example.org/wiki/Page"),
        ("read https://example.org/wiki/Page?x=1#top", "wiki"),
        ("meet in the café", "cafe"),
        ("meet in the cafe", "CAFÉ"),
        ("Done.Thanks", "thanks"),
        ("don't panic", "don’t"),
        ("50% off", "50%"),
        ("so good 🎉", "🎉"),
        ("is it ready?", "ready?"),
        ("the database is slow", "*abas*"),
    ],
)
def test_words_are_found_in_any_form(world, find, said, words):
    other, wanted = say(world.plans, world.ben, "nothing of that kind"), say(world.plans, world.ben, said)
    assert find(world.ana, words) == [wanted.pk]
    assert other.pk not in find(world.ana, words)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("to be or not to be", '"not or"'),
        ("ping 10.0.10.1", "10.0.0.1"),
        ("written in C", "C++"),
        ("foo bar", "foo_bar"),
        ("deployed", '"deploying"'),
        ("海上", "上海"),
        ("loud and clear", "loud -clear"),
    ],
)
def test_what_was_not_said_is_not_found(world, find, said, words):
    say(world.plans, world.ben, said)
    assert find(world.ana, said)
    assert not find(world.ana, words)


NASTY = [
    '"',
    "'",
    "AND",
    "OR NOT",
    "%",
    "_",
    "\\",
    "\0",
    "x" * 10_000,
    "🎉" * 200,
    "a:b:*",
    "!& | ()",
    "<->",
    "-",
    "*",
    "**",
]
NASTY += [
    "from:",
    'in:""',
    "before:9999-99-99",
    "after:0000-01-01",
    "on:2999-12-31",
    "during:1970",
    "(((",
    "'; DROP TABLE",
]
NASTY += ["٣٤", "\u202egnirts", "ﬁ", "İstanbul", "ß", "-from:me", "in:99999999999999999999", "in:@nobody", "word " * 50]


def test_any_input_is_a_search(world, as_):
    """For PostgreSQL as well; that any input is read as a search at all is tested with what hypothesis makes up."""
    say(world.plans, world.ben, "İstanbul & ﬁne ß words")
    ana = as_(world.ana)
    with limits.unlimited():
        for words in NASTY:
            orders = [ana.get("/search/", {"q": words, "order": order}).status_code for order in ("newest", "best")]
            assert (orders, ana.post("/search/", {"q": words}).status_code) == ([200, 200], 302), words


def test_one_finds_what_one_may_see_and_nothing_else(world, find):
    guest = UserFactory(role="guest")
    secret, openly = say(world.plans, world.ana, "the harpsichord"), say(world.town, world.ana, "a harpsichord")
    directly = say(world.direct, world.ana, "our harpsichord")
    assert find(world.ben, "harpsichord") == [directly.pk, openly.pk, secret.pk]
    assert find(world.olga, "harpsichord") == [openly.pk]
    assert find(guest, "harpsichord") == []
    world.plans.leave(world.ben)
    assert find(world.ben, "harpsichord") == [directly.pk, openly.pk]


def test_who_may_not_see_a_word_is_not_told_that_there_is_one(world, look):
    say(world.plans, world.ana, "the harpsichord")
    for words in ("harpsichord", "harpsichrod", "psichor", "in:Plans harpsichord", f"in:{world.plans.pk}"):
        seen = look(world.olga, words)
        assert "harpsichord" not in re.sub('value="[^"]*"', "", seen).replace(words, "")
        assert not HIT.search(seen)
    known, unknown = look(world.olga, "in:Plans x"), look(world.olga, "in:Plens x")
    assert "You see no conversation called “Plans”" in known
    assert "You see no conversation called “Plens”" in unknown


def test_too_many_conversations_to_list_are_searched_as_well(world, find, monkeypatch):
    monkeypatch.setattr("conversations.search.plan.MAX_LISTED", 0)
    secret = say(world.plans, world.ana, "the harpsichord")
    assert find(world.ben, "harpsichord") == [secret.pk]
    assert find(world.olga, "harpsichord") == []


def test_deleted_words_are_not_found_and_edits_are_at_once(world, as_, find):
    message = say(world.plans, world.ana, "the harpsichord")
    as_(world.ana).post(f"/m/{message.pk}/edit/", {"content": "the clavichord"})
    assert find(world.ben, "harpsichord") == []
    assert find(world.ben, "clavichord") == [message.pk]
    as_(world.ana).post(f"/m/{message.pk}/delete/")
    assert find(world.ben, "clavichord") == []
    as_(world.ana).post(f"/m/{message.pk}/restore/")
    assert find(world.ben, "clavichord") == [message.pk]


def test_purged_words_leave_the_vocabulary_but_those_of_others_stay(world):
    message = say(world.plans, world.ana, "a purple harpsichord")
    say(world.town, world.ben, "another harpsichord")
    message.edit(world.ana, "a purple clavichord")
    message.delete_by(world.ana)
    assert {"purple", "clavichord"} <= set(SearchWord.objects.values_list("word", flat=True))
    call_command("purge", message=message.pk)
    left = set(SearchWord.objects.values_list("word", flat=True))
    assert not {"purple", "clavichord"} & left
    assert "harpsichord" in left


def test_what_is_mistyped_is_guessed(world, look):
    wanted = say(world.plans, world.ben, "please receive the parcel")
    seen = look(world.ana, "recieve")
    assert f'id="hit{wanted.pk}"' in seen
    assert "No hits for" in seen
    assert "<mark>receive</mark>" in seen
    seen = look(world.ana, "parcel recieve from:ben")
    assert f'id="hit{wanted.pk}"' in seen
    assert "parcel receive from:ben" in seen
    assert "No hits for" not in look(world.ana, "receive")


def test_a_part_within_words_is_guessed_where_no_word_begins_so(world, look):
    wanted = say(world.plans, world.ben, "the database")
    assert f'id="hit{wanted.pk}"' in look(world.ana, "atabas")
    assert "data<mark>bas</mark>e" in look(world.ana, "*bas*")


def test_file_names_are_found(world, find, files):
    kept = Attachment.objects.store(upload(b"words", "Quarterly-Report_2024.txt"))
    message = world.plans.post(world.ana, "", uuid4(), attachments=[kept])
    assert find(world.ben, "quarterly") == [message.pk]
    assert find(world.ben, "report_2024") == [message.pk]
    assert find(world.ben, "has:file") == [message.pk]


@pytest.fixture
def talk(world):
    """Messages each of which one operator finds."""
    talk = {
        "plain": say(world.plans, world.ben, "a plain tune"),
        "link": say(world.plans, world.ben, "tune at https://example.org/"),
        "code": say(world.plans, world.ben, "tune in `code`"),
        "mention": say(world.plans, world.ben, "tune for @ana"),
        "elsewhere": say(world.town, world.ana, "tune in the open"),
        "direct": say(world.direct, world.ana, "tune between us"),
    }
    talk["reply"] = world.plans.post(world.ana, "tune back", uuid4(), reply_to=talk["plain"])
    talk["plain"].react(world.ana, "🎵")
    talk["link"].pin(world.ana)
    talk["code"].save_for(world.ana)
    talk["plain"].save_for(world.ben)
    return talk


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("tune from:ana", ["reply", "direct", "elsewhere"]),
        ("tune from:me", ["reply", "direct", "elsewhere"]),
        ('tune from:"Ana Lima" -in:plans', ["direct", "elsewhere"]),
        ('tune in:"Town hall"', ["elsewhere"]),
        ("tune in:#plans from:ana", ["reply"]),
        ("tune in:@ben", ["direct"]),
        ("tune has:link", ["link"]),
        ("has:code", ["code"]),
        ("has:reaction", ["plain"]),
        ("is:pinned", ["link"]),
        ("is:saved", ["code"]),
        ("is:reply tune", ["reply"]),
        ("mentions:me", ["mention"]),
        ("tune -from:ben -in:plans", ["direct", "elsewhere"]),
        ("tune -has:link -has:code -plain -mentions:ana from:ben", []),
        ("tune in:plans -has:link -is:reply -is:saved -has:reaction", ["mention"]),
    ],
)
def test_operators_narrow(world, find, talk, words, found):
    assert find(world.ana, words) == [talk[name].pk for name in found]


def test_the_plain_form_writes_the_same_operators(world, as_, find, talk):
    fields = {"q": "tune", "sender": "ben", "place": "Plans", "has": ["link"], "state": ["pinned"], "mentions": ""}
    answer = as_(world.ana).get("/search/", fields)
    assert answer.status_code == 302
    shown = as_(world.ana).get(answer.url)
    assert HIT.findall(shown.content.decode()) == [str(talk["link"].pk)]
    form = shown.context["form"]
    assert (form["q"].value(), form["sender"].value(), form["place"].value()) == ("tune", "ben", "Plans")
    assert as_(world.ana).get("/search/", {"q": "tune", "after": "no day"}).status_code == 422


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_days_are_those_of_who_looks(world, find, zone):
    User.objects.filter(pk=world.ana.pk).update(time_zone=zone)
    ana = User.objects.get(pk=world.ana.pk)
    moments = [datetime(2024, 5, day, 12, tzinfo=UTC) for day in range(1, 6)]
    posted = history(world.plans, world.ben, moments)
    by_day = dict(enumerate((message.pk for message in posted), 1))
    shift = 1 if zone == "Pacific/Auckland" else 0  # noon in UTC is midnight there, which is the next day
    for words, days in {
        "on:2024-05-03": [3],
        "before:2024-05-03": [2, 1],
        "after:2024-05-03": [5, 4],
        "during:2024-05": [5, 4, 3, 2, 1],
        "-on:2024-05-03 during:2024": [5, 4, 2, 1],
    }.items():
        wanted = [by_day[day - shift] for day in days if day - shift in by_day]
        if shift and words.startswith(("after", "during", "-on")):
            wanted = [by_day[day] for day in ([5, 4, 3] if words[0] == "a" else [5, 4, 3, 2, 1])]
            wanted = [pk for pk in wanted if words[0] != "-" or pk != by_day[2]]
        assert find(ana, words) == wanted, words


@pytest.mark.parametrize("ties_are_newest", [True, False])
def test_hits_are_paged_each_once_and_counted(world, as_, monkeypatch, ties_are_newest):
    monkeypatch.setattr(windows, "WINDOW", 7)  # so that a page takes several windows
    same = timezone.now() - timedelta(days=1)
    way = -1 if ties_are_newest else 1
    moments = [same] * 25 + [same + timedelta(minutes=way * minute) for minute in range(30)]
    posted = history(world.plans, world.ben, moments)
    client, address, seen = as_(world.ana), "/search/?q=number", []
    first = strip_tags(client.get(address).content.decode())
    assert "55 hits" in first
    while address:
        shown = unescape(client.get(address).content.decode())
        seen += [int(pk) for pk in HIT.findall(shown)]
        further = re.search(r'rel="next" href="(\?[^"]+)"', shown)
        address = further and f"/search/{further[1]}"
    assert seen == [message.pk for message in sorted(posted, key=lambda each: (each.created_at, each.pk), reverse=True)]


def test_our_script_is_told_the_count_where_there_is_one(world, as_):
    history(world.plans, world.ben, [timezone.now()] * 30)
    client, fetched = as_(world.ana), {"X-Requested-With": "fetch"}
    assert client.get("/search/?q=number&count=all", headers=fetched).content == b"30"
    further = re.search(r'rel="next" href="([^"]+)"', client.get("/search/?q=number").content.decode())[1]
    assert client.get(f"/search/{unescape(further)}", headers=fetched).status_code == 200
    history(world.plans, world.ben, [timezone.now()] * 1001)
    assert client.get("/search/?q=number&order=best", headers=fetched).status_code == 200


def test_past_a_thousand_hits_are_not_counted(world, look):
    history(world.plans, world.ben, [timezone.now()] * 1001)
    assert "1,000+ hits" in strip_tags(look(world.ana, "number"))


def test_the_best_come_first_where_one_asks_for_them(world, find, look):
    best = say(world.plans, world.ben, "harpsichord, harpsichord and harpsichord")
    newest = say(
        world.plans, world.ben, "of all the instruments in the world it is the harpsichord that I like the most"
    )
    assert find(world.ana, "harpsichord") == [newest.pk, best.pk]
    assert find(world.ana, "harpsichord", order="best") == [best.pk, newest.pk]
    assert find(world.ana, "harpsichord", order="best", first=20) == []


def test_a_hit_says_who_where_and_when_and_leads_to_its_place(world, look):
    message = say(world.plans, world.ana, "before **the <harpsichord>** & after")
    seen = look(world.ben, "harpsichord")
    assert "<mark>harpsichord</mark>" in seen
    for part in ("Ana Lima", "Plans", f'href="/m/{message.pk}/"', f'href="/c/{world.plans.pk}/"'):
        assert part in seen


def test_what_was_said_around_a_hit_is_shown_on_demand(world, as_):
    messages = [say(world.plans, world.ana, f"line {number}") for number in range(7)]
    address, lines = f"/m/{messages[3].pk}/around/", [f"line {number}" for number in range(1, 6)]
    whole = as_(world.ben).get(address).content.decode()
    assert re.findall(r"line \d", whole.partition("<main")[2]) == lines
    in_place = as_(world.ben).get(address, headers={"X-Requested-With": "fetch"}).content.decode()
    assert re.findall(r"line \d", in_place) == lines
    assert "<h1" not in in_place
    assert as_(world.olga).get(f"/m/{messages[3].pk}/around/").status_code == 404


def test_what_one_looked_for_is_kept_for_oneself_until_one_erases_it(world, as_):
    ana, ben = as_(world.ana), as_(world.ben)
    answer = ana.post("/search/", {"q": "  harpsichord from:ben "})
    assert answer.url == "/search/?q=harpsichord+from%3Aben"
    ana.get("/search/?q=clavichord")  # an address that was shared is nobody's search
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


def test_only_the_last_searches_are_kept(world):
    for number in range(25):
        RecentSearch.objects.remember(world.ana, f"word {number}")
    kept = [each.words for each in RecentSearch.objects.of(world.ana)]
    assert kept == [f"word {number}" for number in range(24, 4, -1)]


def test_people_and_conversations_are_offered_while_one_types(world, as_):
    def offers(person, typed):
        return re.findall(
            r'data-value="([^"]+)"', as_(person).get("/search/completions/", {"q": typed}).content.decode()
        )

    assert offers(world.ana, "be") == ["from:ben"]
    assert offers(world.ana, "from:An") == ["from:ana"]
    assert offers(world.ana, "mentions:b") == ["mentions:ben"]
    assert offers(world.ana, "in:To") == ["in:&quot;Town hall&quot;"]
    assert offers(world.ana, 'in:"Pl') == ["in:Plans"]
    assert offers(world.olga, "in:Pl") == [], "it is private"
    assert offers(UserFactory(role="guest"), "from:a") == []


def test_who_searches_without_end_is_told_to_wait(world, as_):
    client = as_(world.ana)
    answers = {client.get("/search/?q=x").status_code for _ in range(40)}
    assert answers == {200, 429}


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
    told = capsys.readouterr()
    assert "Showing harpsichord" in told.err
    assert "the harpsichord" in told.out
    call_command("search", "harpsichord", name="ana", explain=True)
    told = capsys.readouterr().out
    assert "search_looks_for" in told
    assert "Buffers" in told


def test_another_language_has_other_forms(world, find):
    message = say(world.plans, world.ben, "Die Häuser sind schön")
    assert find(world.ana, "Hauses") == []
    call_command("search_language", "german")
    assert find(world.ana, "Hauses") == [message.pk]
    call_command("search_language", "none")
    assert find(world.ana, "Hauses") == []
    assert find(world.ana, "häuser") == [message.pk]


def test_a_conversation_leads_to_a_search_in_it(world, as_, find):
    here, _ = say(world.plans, world.ben, "a tune"), say(world.town, world.ben, "a tune")
    assert f"/search/?q=in:{world.plans.pk}" in as_(world.ana).get(f"/c/{world.plans.pk}/").content.decode()
    assert find(world.ana, f"in:{world.plans.pk} tune") == [here.pk]


def test_a_conversation_with_a_number_for_a_title_is_found(world, find):
    place = ConversationFactory(title="2024", members=[world.ana])
    message = say(place, world.ana, "a tune")
    assert find(world.ana, "in:2024 tune") == [message.pk]
    assert Conversation.objects.count() == 4
