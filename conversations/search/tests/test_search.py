"""Search: which messages are found, by which readers."""

import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.core.management import call_command

from accounts.models import User, limits
from accounts.tests.factories import UserFactory
from conversations.models import (
    Attachment,
    SearchWord,
)
from conversations.tests.factories import history, say
from conversations.tests.message.pictures import upload

HIT = re.compile(r'id="hit(\d+)"')


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
def test_similar_words_are_not_found(world, find, said, words):
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


def test_any_input_is_a_valid_search(world, as_):
    """PostgreSQL accepts every query as well; test_query.py tests parsing with generated input."""
    say(world.plans, world.ben, "İstanbul & ﬁne ß words")
    ana = as_(world.ana)
    with limits.unlimited():
        for words in NASTY:
            orders = [ana.get("/search/", {"q": words, "order": order}).status_code for order in ("newest", "best")]
            assert (orders, ana.post("/search/", {"q": words}).status_code) == ([200, 200], 302), words


def test_readers_find_only_visible_messages(world, find):
    guest = UserFactory(role="guest")
    secret, openly = say(world.plans, world.ana, "the harpsichord"), say(world.town, world.ana, "a harpsichord")
    directly = say(world.direct, world.ana, "our harpsichord")
    assert find(world.ben, "harpsichord") == [directly.pk, openly.pk, secret.pk]
    assert find(world.olga, "harpsichord") == [openly.pk]
    assert find(guest, "harpsichord") == []
    world.plans.leave(world.ben)
    assert find(world.ben, "harpsichord") == [directly.pk, openly.pk]


def test_search_does_not_reveal_hidden_words_or_conversations(world, look):
    say(world.plans, world.ana, "the harpsichord")
    for words in ("harpsichord", "harpsichrod", "psichor", "in:Plans harpsichord", f"in:{world.plans.pk}"):
        seen = look(world.olga, words)
        assert "harpsichord" not in re.sub('value="[^"]*"', "", seen).replace(words, "")
        assert not HIT.search(seen)
    known, unknown = look(world.olga, "in:Plans x"), look(world.olga, "in:Plens x")
    assert "You have no conversation called “Plans”" in known
    assert "You have no conversation called “Plens”" in unknown


def test_readers_with_too_many_conversations_to_list_find_messages(world, find, monkeypatch):
    monkeypatch.setattr("conversations.search.plan.MAX_LISTED", 0)
    secret = say(world.plans, world.ana, "the harpsichord")
    assert find(world.ben, "harpsichord") == [secret.pk]
    assert find(world.olga, "harpsichord") == []


def test_deletions_and_edits_take_effect_at_once(world, as_, find):
    message = say(world.plans, world.ana, "the harpsichord")
    as_(world.ana).post(f"/m/{message.pk}/edit/", {"content": "the clavichord"})
    assert find(world.ben, "harpsichord") == []
    assert find(world.ben, "clavichord") == [message.pk]
    as_(world.ana).post(f"/m/{message.pk}/delete/")
    assert find(world.ben, "clavichord") == []
    as_(world.ana).post(f"/m/{message.pk}/restore/")
    assert find(world.ben, "clavichord") == [message.pk]


def test_purging_removes_words_from_the_vocabulary_unless_others_use_them(world):
    message = say(world.plans, world.ana, "a purple harpsichord")
    say(world.town, world.ben, "another harpsichord")
    message.edit(world.ana, "a purple clavichord")
    message.delete_by(world.ana)
    assert {"purple", "clavichord"} <= set(SearchWord.objects.values_list("word", flat=True))
    call_command("purge", message=message.pk)
    left = set(SearchWord.objects.values_list("word", flat=True))
    assert not {"purple", "clavichord"} & left
    assert "harpsichord" in left


def test_misspelled_words_are_guessed(world, look):
    wanted = say(world.plans, world.ben, "please receive the parcel")
    seen = look(world.ana, "recieve")
    assert f'id="hit{wanted.pk}"' in seen
    assert "No results for" in seen
    assert "<mark>receive</mark>" in seen
    seen = look(world.ana, "parcel recieve from:ben")
    assert f'id="hit{wanted.pk}"' in seen
    assert "parcel receive from:ben" in seen
    assert "No results for" not in look(world.ana, "receive")


def test_a_part_of_a_word_is_guessed_if_no_word_begins_with_it(world, look):
    wanted = say(world.plans, world.ben, "the database")
    assert f'id="hit{wanted.pk}"' in look(world.ana, "atabas")
    assert "data<mark>bas</mark>e" in look(world.ana, "*bas*")


def test_file_names_are_found(world, find, files):
    stored = Attachment.objects.store(upload(b"words", "Quarterly-Report_2024.txt"))
    message = world.plans.post(world.ana, "", uuid4(), attachments=[stored])
    assert find(world.ben, "quarterly") == [message.pk]
    assert find(world.ben, "report_2024") == [message.pk]
    assert find(world.ben, "has:file") == [message.pk]


@pytest.fixture
def talk(world):
    """Messages that differ in the operators that find them."""
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
def test_operators_narrow_the_search(world, find, talk, words, found):
    assert find(world.ana, words) == [talk[name].pk for name in found]


def test_the_filter_form_writes_the_same_operators(world, as_, find, talk):
    fields = {
        "q": "tune",
        "sender": "ben",
        "conversation": "Plans",
        "has": ["link"],
        "state": ["pinned"],
        "mentions": "",
    }
    answer = as_(world.ana).get("/search/", fields)
    assert answer.status_code == 302
    shown = as_(world.ana).get(answer.url)
    assert HIT.findall(shown.content.decode()) == [str(talk["link"].pk)]
    form = shown.context["form"]
    values = [form[name].value() for name in ("q", "sender", "conversation")]
    assert values == ["tune", [world.ben], "Plans"]
    assert as_(world.ana).get("/search/", {"q": "tune", "after": "no day"}).status_code == 422


def test_people_in_the_filter_form_are_picked(world, as_, find, talk):
    User.objects.filter(pk=world.ben.pk).update(display_name="Ben Okri", is_active=False)
    ana = as_(world.ana)

    def address_of(**fields):
        return parse_qs(urlsplit(ana.get("/search/", {"q": "tune", "conversation": ""} | fields).url).query)["q"][0]

    assert address_of(sender="ben", mentions=["ana", "ben"]) == "tune from:ben mentions:ana mentions:ben"
    for typed in ("ben", "@BEN", "ben okri"):
        assert address_of(**{"sender-search": typed}) == "tune from:ben", "as without JavaScript"
    assert address_of(**{"sender-search": "me"}) == address_of(sender="me") == "tune from:ana"
    asked = ana.get("/search/", {"q": "tune", "conversation": "", "sender-search": "okr"})
    assert asked.status_code == 422
    assert '<input type="checkbox" name="sender" value="ben">' in asked.content.decode()
    both = ana.get("/search/", {"conversation": "", "sender": ["ana", "ben"]})
    assert "Choose at most 1." in both.content.decode()
    offered = ana.get("/people-suggestions/search/?q=kri").content.decode()
    assert 'data-key="ben"' in offered
    assert 'data-key="ana"' in ana.get("/people-suggestions/search/?q=lima").content.decode()


def test_the_filter_form_shows_the_people_of_a_search_and_leaves_others_with_the_words(world, as_):
    form = as_(world.ana).get("/search/", {"q": "tune from:me mentions:ben mentions:olga from:ben"}).context["form"]
    assert (form["sender"].value(), form["mentions"].value()) == ([world.ana], [world.ben, world.olga])
    assert form["q"].value() == "tune from:ben", "a message has one author"
    form = as_(world.ana).get("/search/", {"q": "tune from:nobody -mentions:ben"}).context["form"]
    assert form["q"].value() == "tune from:nobody -mentions:ben"
    guest = UserFactory(username="gil", role="guest")
    form = as_(guest).get("/search/", {"q": "from:ben"}).context["form"]
    assert not form["sender"].value(), "a guest does not know them"
    assert 'data-key="ben"' not in as_(guest).get("/people-suggestions/search/?q=ben").content.decode()


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_days_are_in_the_readers_time_zone(world, find, zone):
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
