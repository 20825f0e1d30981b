"""The quick switcher: find a conversation or a person by a few letters, among those the reader may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation
from conversations.tests.factories import ConversationFactory, say


def offered(client, words, address="/quick-switcher/results/"):
    answer = client.get(address, {"q": words})
    return [each.name for each in [*answer.context["conversations"], *answer.context["people"]]]


def test_parts_of_several_words_find_a_conversation_or_a_person(world, as_):
    ana = as_(world.ana)
    assert offered(ana, "hal tow") == offered(ana, "#town") == offered(ana, "TOWN HALL") == ["Town hall"]
    assert offered(ana, "town xyz") == []
    assert offered(ana, "ben") == ["ben"], "the direct conversation, but not the person again"
    assert offered(as_(world.ben), "li") == ["Ana Lima"]
    assert offered(ana, "olg") == ["olga"]
    assert 'data-href="/people/olga/"' in ana.get("/quick-switcher/results/?q=olg").content.decode()
    assert f'data-href="/c/{world.direct.pk}/"' in ana.get("/quick-switcher/results/?q=ben").content.decode()


def test_without_letters_it_offers_the_last_active_conversations(world, as_):
    say(world.plans, world.ben, "hello")
    assert offered(as_(world.ana), "") == ["Plans", "ben", "Town hall"]
    assert offered(as_(world.olga), " ") == []


def test_own_conversations_come_first_then_matching_prefixes_and_archived_ones_last(world, as_):
    for title in ("Old town", "Townhouse", "Downtown"):
        ConversationFactory(title=title)
    boss = User.objects.create(username="boss", email="b@example.org", role="owner")
    Conversation.objects.get(title="Old town").archive(boss)
    assert offered(as_(world.ana), "town") == ["Town hall", "Townhouse", "Downtown", "Old town"]


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
    assert "Nothing found for “xyz”." in page
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
    assert len(queries) <= 4
    assert len(found) == 9
    assert not {"Project 99 of many", "Project 999 of many"} & set(found), "private conversations of others"


def test_people_with_a_direct_conversation_are_offered_only_once(world):
    assert list(Conversation.objects.quick_switcher_people(world.ana, ["o"])) == [world.olga]
    assert list(Conversation.objects.quick_switcher_people(world.ana, ["ben"])) == []
    assert list(Conversation.objects.quick_switcher_people(world.olga, ["ben"])) == [world.ben]
