"""The quick switcher: find a conversation or a person by a few letters, among those the reader may see."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from accounts.tests.factories import UserFactory
from conversations.forms.picking import words_of
from conversations.models import Conversation
from conversations.tests.factories import ConversationFactory, say


def offered(client, words, address="/quick-switcher/results/", **query):
    context = client.get(address, {"q": words} | query).context
    groups = ("unread", "recent", "conversations", "people")
    return [each.name for group in groups for each in context.get(group, ())]


def test_parts_of_several_words_find_a_conversation_or_a_person(world, as_):
    ana = as_(world.ana)
    assert offered(ana, "hal tow") == offered(ana, "#town") == offered(ana, "TOWN HALL") == ["Town hall"]
    assert offered(ana, "town xyz") == []
    assert offered(ana, "ben") == ["ben"], "only as a person"
    assert offered(as_(world.ben), "li") == ["Ana Lima"]
    assert offered(ana, "olg") == ["olga"]
    assert 'href="/people/olga/"' in ana.get("/quick-switcher/results/?q=olg").content.decode()
    assert f'href="/c/{world.direct.pk}/"' in ana.get("/quick-switcher/results/?q=ben").content.decode()


def test_without_letters_it_offers_the_last_active_conversations(world, as_):
    say(world.plans, world.ben, "hello")
    assert offered(as_(world.ana), "") == ["Plans", "ben", "Town hall"]
    assert offered(as_(world.olga), " ") == []


def test_unread_conversations_come_before_recent_ones_and_the_open_one_is_left_out(world, as_):
    say(world.plans, world.ana, "read by its author")
    say(world.town, world.ben, "unread")
    say(world.direct, world.ben, "unread, too")
    ana = as_(world.ana)
    assert offered(ana, "") == ["ben", "Town hall", "Plans"]
    assert offered(ana, "", here=world.direct.pk) == ["Town hall", "Plans"]
    page = ana.get("/quick-switcher/results/").content.decode()
    assert page.index("Unread</h2>") < page.index("Town hall") < page.index("Recent</h2>") < page.index("Plans")
    assert page.count("1 unread") == 2
    assert 'class="avatar colour-' in page, "of Ben, in the direct conversation"


def test_closest_names_come_first_then_own_ones_then_recent_ones_and_archived_ones_last(world, boss, as_):
    for title in ("Old town", "Downtown", "Townhouse", "Town"):
        ConversationFactory(title=title, members=[boss])
    Conversation.objects.get(title="Old town").archive(boss)
    say(Conversation.objects.get(title="Downtown"), boss, "the latest")
    assert offered(as_(world.ana), "town") == ["Town", "Town hall", "Townhouse", "Downtown", "Old town"]
    assert offered(as_(world.ana), "town", here=world.town.pk)[-2:] == ["Town hall", "Old town"]
    assert b"You are here" in as_(world.ana).get(f"/quick-switcher/results/?q=town&here={world.town.pk}").content


def test_a_direct_conversation_with_somebody_who_left_is_found_as_a_conversation(world, as_):
    world.ben.is_active = False
    world.ben.save()
    page = as_(world.ana).get("/quick-switcher/results/?q=ben")
    assert [each.pk for each in page.context["conversations"]] == [world.direct.pk]
    assert page.context["people"] == []


def test_people_the_reader_talks_to_come_before_namesakes(world, as_):
    UserFactory(username="anders", display_name="Ben Aalto")
    world.ben.display_name = "Ben Zorn"
    world.ben.save()
    assert offered(as_(world.ana), "ben") == ["Ben Zorn", "Ben Aalto"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("budgt", "Budget"),
        ("budgte", "Budget"),
        ("bugdet", "Budget"),
        ("buddget", "Budget"),
        ("bodget", "Budget"),
        ("datq2", "Data Q2"),
        *((word, "Olive") for word in ("oilv", "oliv", "lolive", "oive", "ulive", "olve", "olxv", "oxiv", "loiv")),
        ("dataq2", "Data Q2"),
        ("okonkw", "Chi Okonkwo"),
        ("okokwo", "Chi Okonkwo"),
        ("chi okonko", "Chi Okonkwo"),
        ("hadad", "Fátima Haddad"),
        ("fatmia", "Fátima Haddad"),
        ("fátma", "Fátima Haddad"),
    ],
)
def test_typos_are_forgiven(world, as_, typed, meant):
    for title in ("Budget", "Data Q2", "Olive", "Buddies", "Dates"):
        ConversationFactory(title=title, kind="open")
    UserFactory(username="chi", display_name="Chi Okonkwo")
    UserFactory(username="fh", display_name="Fátima Haddad")
    assert offered(as_(world.ana), typed)[:1] == [meant]


@pytest.mark.parametrize("typed", ["okonkw", "onkwo", "okonkwp", "okokw", "zoee", "zeo", "müler", "chi okonkow"])
def test_an_index_finds_people_by_parts_of_their_names_and_with_a_typo(world, typed):
    add_many_people()
    people = User.objects.nearly_named(words_of(typed), with_typos=True)
    assert rows_of_index(people, "users_names_parts") < 50


def test_an_index_finds_people_by_the_first_letter_and_the_others_follow(world, as_):
    UserFactory(username="x1", display_name="Cleo Zabala")
    UserFactory(username="x2", display_name="(zita)")
    add_many_people()
    assert rows_of_index(User.objects.with_words_beginning(["z"]), "users_names_parts") < 50
    assert offered(as_(world.ana), "z") == ["(zita)", "Cleo Zabala"]
    people = [f"Zoe {number}" for number in range(6)]
    for name in people:
        UserFactory(username=f"u{name[-1]}", display_name=name)
    for place in range(3):
        UserFactory(username=f"v{place}", display_name=f"Azara {place}")
    assert offered(as_(world.ana), "z", "/quick-switcher/")[-3:] == ["Azara 0", "Azara 1", "Azara 2"]
    assert offered(as_(world.ana), "z") == ["(zita)", "Cleo Zabala", *people[:4]]


def add_many_people():
    User.objects.bulk_create(User(username=f"basti{number}", email=f"{number}@example.org") for number in range(200))


def rows_of_index(people, name):
    """Return how many rows an index finds for a query that may not scan the table."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    plan = [json.loads(people.explain(format="json", analyze=True))[0]["Plan"]]
    for node in plan:
        plan += node.get("Plans", [])
    return next(node["Actual Rows"] for node in plan if node.get("Index Name") == name)


def test_no_typos_are_guessed_if_a_name_begins_with_what_is_typed(world, as_):
    for title in ("Market", "Marker", "Markus and friends"):
        ConversationFactory(title=title, kind="open")
    assert offered(as_(world.ana), "market") == ["Market"]


def test_typos_reveal_nothing_hidden(world, as_):
    assert offered(as_(world.ana), "palns") == ["Plans"], "there is something to hide"
    assert offered(as_(world.olga), "palns") == []
    guest = UserFactory(username="gil", role=Role.GUEST)
    assert "olga" in offered(as_(world.ana), "oolga"), "there is somebody to hide"
    assert offered(as_(guest), "oolga") == []


def test_matching_letters_are_bold(world, as_):
    ConversationFactory(title="Straße nach Köln <b>", kind="open")
    page = as_(world.ana).get("/quick-switcher/results/", {"q": "koln strass"}).content.decode()
    assert "<b>Straß</b>e nach <b>Köln</b> &lt;b&gt;" in page
    page = as_(world.ana).get("/quick-switcher/results/", {"q": "kolm"}).content.decode()
    assert "<b>Köln</b>" in page


def test_messages_with_the_words_are_offered_and_lead_to_the_message(world, as_):
    message = say(world.plans, world.ben, "we need the stall for the market by Friday")
    page = as_(world.ana).get("/quick-switcher/messages/?q=market").content.decode()
    assert f'href="/m/{message.pk}/"' in page
    assert "the <mark>market</mark> by Friday" in page
    assert "Plans" in page
    assert f"/m/{message.pk}/" not in as_(world.olga).get("/quick-switcher/messages/?q=market").content.decode()
    assert f'href="/m/{message.pk}/"' in as_(world.ana).get("/quick-switcher/?q=market").content.decode()


def test_the_last_offer_searches_all_messages(world, as_):
    page = as_(world.ana).get("/quick-switcher/results/?q=a%26b").content.decode()
    assert 'href="/search/?q=a%26b"' in page
    assert "Search all messages for “a&amp;b”" in page
    assert "Search all messages" not in as_(world.ana).get("/quick-switcher/results/").content.decode()


def test_operators_are_completed_and_only_searched(world, as_):
    page = as_(world.ana).get("/quick-switcher/results/?q=stall from:be").content.decode()
    assert 'data-value="from:ben" data-length="7"' in page
    assert 'href="/search/?q=stall%20from%3Abe"' in page
    assert offered(as_(world.ana), "ben from:be") == []
    assert 'data-value="in:Plans"' in as_(world.ana).get("/quick-switcher/results/?q=in:pl").content.decode()
    assert "in:Plans" not in as_(world.olga).get("/quick-switcher/results/?q=in:pl").content.decode()
    assert "data-value" not in as_(world.ana).get("/quick-switcher/results/?q=from:ben stall").content.decode()


def test_too_many_searches_still_offer_names(world, as_, settings):
    settings.LIMITS = True
    client = as_(world.ana)
    for _ in range(40):
        answer = client.get("/quick-switcher/messages/?q=market")
        assert answer.status_code == 200
    assert offered(client, "plans", "/quick-switcher/") == ["Plans"]


@pytest.mark.parametrize("address", ["/quick-switcher/", "/quick-switcher/results/"])
def test_hidden_conversations_are_never_offered(world, as_, address):
    cleo = UserFactory(username="cleo", display_name="Cleo Plans")
    secret = Conversation.objects.direct(world.ana, [world.ben, cleo])
    assert {"Cleo Plans, ben", "Plans"} <= set(offered(as_(world.ana), "plans", address)), "there is something to hide"
    page = as_(world.olga).get(address, {"q": "plans"}).content.decode()
    assert f"/c/{world.plans.pk}/" not in page
    assert f"/c/{secret.pk}/" not in page
    assert f"/c/{world.direct.pk}/" not in as_(world.olga).get(address, {"q": "ben"}).content.decode()
    assert offered(as_(world.olga), "plans", address) == ["Cleo Plans"]
    world.town.delete_by(User.objects.create(username="boss", email="b@example.org", role="owner"))
    assert offered(as_(world.ana), "town", address) == []


def test_guests_are_offered_only_people_they_share_a_conversation_with(world, as_):
    guest = UserFactory(username="gil", role=Role.GUEST)
    ConversationFactory(title="Town plans", kind="private", members=[guest, world.olga])
    assert offered(as_(guest), "town") == ["Town plans"]
    assert offered(as_(guest), "olga") == ["olga"]
    assert offered(as_(guest), "ana") == offered(as_(guest), "ben") == []


@pytest.mark.parametrize("words", ["%", "_", "\\", "' or 1=1", "x" * 500])
def test_special_characters_match_literally(world, as_, words):
    assert offered(as_(world.ana), words) == offered(as_(world.ana), words, "/quick-switcher/") == []


@pytest.mark.parametrize("words", ["\0", "#", " @ "])
def test_input_without_letters_counts_as_empty(world, as_, words):
    assert offered(as_(world.ana), words) == offered(as_(world.ana), "")


def test_the_page_says_what_to_do_without_matches(world, as_):
    page = as_(world.ana).get("/quick-switcher/", {"q": "xyz"}).content.decode()
    assert "Nothing is called “xyz”." in page
    assert 'href="/c/browse/"' in page


def test_searching_ten_thousand_conversations_takes_few_statements(world, as_):
    Conversation.objects.bulk_create(
        Conversation(title=f"Project {number} of many", kind="open" if number % 3 else "private")
        for number in range(10_000)
    )
    client = as_(world.ana)
    offered(client, "x")  # every few minutes a request also notes that the visit goes on
    with CaptureQueriesContext(connection) as queries:
        found = offered(client, "proj 99")
    assert len(queries) <= 5
    assert len(found) == 6
    assert not {"Project 99 of many", "Project 999 of many"} & set(found), "private conversations of others"
