"""Mentions: who can be notified, who is, and where they see it."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from accounts.tests.factories import UserFactory
from conversations.models import Membership, Mention
from conversations.models.conversation.membership import MemberRole
from conversations.tests.factories import ConversationFactory, say
from conversations.text import markdown

ANA = frozenset({"ana"})


def render(words, names=frozenset()):
    return markdown.render(words, names).html


def notified(message):
    return sorted(message.mentions.values_list("user__username", flat=True))


def mentions(client):
    return [message.words for message in client.get("/mentions/").context["mentions"]]


@pytest.mark.parametrize("words", ["@ana", "@Ana.", "(@ana)", "**@ana**", "> @ana said", "_@ana_ @ben", "@ana's"])
def test_a_name_after_an_at_sign_is_a_mention(words):
    assert '<a class="mention" href="/people/ana/"' in render(words, ANA)


@pytest.mark.parametrize(
    "words", ["@ana/@ben", "cc:@ana", ".@ana", "＠ana さん", "@ａｎａ", "@Ána", "交给@ana处理", "@ana.@ben"]
)
def test_a_name_after_punctuation_in_full_width_or_with_accents_is_a_mention(words):
    assert "ana" in markdown.render(words, frozenset({"ana", "ben"})).mentions
    assert ("ben" in words) <= ("ben" in markdown.render(words, frozenset({"ana", "ben"})).mentions) or "." in words


def test_a_name_that_ends_in_a_dot_is_notified(world):
    ida = UserFactory(username="ida.")
    world.plans.admit([ida])
    assert notified(say(world.plans, world.ana, "@ida. please")) == ["ida."]
    assert notified(say(world.plans, world.ana, "thanks, @ida...")) == ["ida."]
    assert notified(say(world.plans, world.ana, "thanks, @ben.")) == ["ben"]


def test_people_are_offered_by_names_without_their_accents(world, as_):
    world.ben.display_name = "Jörg Müller"
    world.ben.save(update_fields=["display_name"])
    client = as_(world.ana)
    for typed in ("jorg", "jör", "muller", "MÜL"):
        assert offered(client, world.plans, typed) == ["ben"], typed
    assert "Jörg" in client.get("/quick-switcher/?q=jorg").content.decode()
    assert "Jörg" in client.get("/people/?q=muller").content.decode()


@pytest.mark.parametrize(
    "words",
    [
        *("`@ana`", "```\n@ana\n```", "    @ana", "[@ana](http://a.example)", "ben@ana.org", "x@ana", "@anabel"),
        *("http://a.example/@ana", "a.example/@ana", r"\@ana", "@@ana", "@ana@elsewhere.example", "@ana-lima"),
    ],
)
def test_code_links_and_addresses_contain_no_mentions(words):
    assert 'class="mention"' not in render(words, ANA)


def test_only_known_people_are_mentioned_and_mentions_can_not_be_forged():
    assert render("@ben", ANA) == "<p>@ben</p>"
    assert render("@all @Here") == '<p><span class="mention">@all</span> <span class="mention">@Here</span></p>'
    forged = '<a class="mention" href="/people/ana/">@ana</a> [@ana](/people/ana/ "mention")'
    assert markdown.render(forged).mentions == set()
    assert markdown.render("`@ana` [@ana](/people/ana/)", ANA).mentions == set()
    assert markdown.render("@Ana @all", ANA).mentions == {"ana", "all"}


def test_mentioned_people_are_notified_and_their_page_links_to_the_message(world, as_):
    message = say(world.plans, world.ana, "hello @Ben and @ana")
    assert notified(message) == ["ben"], "authors are not notified of their own messages"
    page = as_(world.ben).get("/mentions/").content.decode()
    assert "hello" in page
    assert "Plans" in page
    assert "Ana Lima" in page
    assert f'href="/m/{message.pk}/"' in page
    assert mentions(as_(world.ana)) == []
    assert as_(world.ben).get("/people/ben/").status_code == 200
    assert 'href="/people/ben/"' in message.html


def test_only_readers_of_a_conversation_are_mentioned_in_it(world):
    guest, gone = UserFactory(username="guest", role=Role.GUEST), UserFactory(username="gone", is_active=False)
    world.town.admit([gone])
    words = "@ben @olga @guest @gone @nobody"
    assert notified(say(world.plans, world.ana, words)) == ["ben"]
    message = say(world.town, world.ana, words)
    assert notified(message) == ["ben", "olga"], "everyone but guests reads an open conversation"
    assert re.findall(r'href="/people/(\w+)/"', message.html) == ["ben", "olga"]
    world.town.admit([guest])
    assert notified(say(world.town, world.ana, words)) == ["ben", "guest", "olga"]


def test_read_only_members_are_notified(world):
    Membership.objects.filter(conversation=world.plans, user=world.ben).update(role=MemberRole.READER)
    assert notified(say(world.plans, world.ana, "@ben")) == ["ben"]


def test_an_edit_notifies_newly_mentioned_people_once(world):
    message = say(world.town, world.ana, "hello @ben")
    Mention.objects.update(mentioned_at="2026-01-01T00:00Z")
    for words in ("hello @ben and @olga", "hello", "hello @ben, @olga and @ben again"):
        message.edit(world.ana, words)
        assert notified(message) == ["ben", "olga"], "earlier notifications remain"
    assert Mention.objects.filter(mentioned_at="2026-01-01T00:00Z").count() == 1
    assert message.html.count('class="mention"') == 3


def test_at_all_notifies_every_member_and_at_here_those_who_are_active(world):
    people = UserFactory.create_batch(3)
    world.town.admit(people)
    noted = {"ip": "127.0.0.1", "user_agent": "x"}
    for person, minutes in ((world.ben, 1), (people[0], 60), (world.olga, 1)):
        session = UserSession.objects.create(user=person, session_key=person.username, **noted)
        UserSession.objects.filter(pk=session.pk).update(last_seen_at=timezone.now() - timedelta(minutes=minutes))
    assert notified(say(world.town, world.ana, "@all")) == sorted(["ben", *(person.username for person in people)])
    assert notified(say(world.town, world.ana, "@here")) == ["ben"]
    assert notified(say(world.direct, world.ana, "@here")) == ["ben"]
    assert notified(say(world.direct, world.ben, "@here")) == ["ana"], (
        "in a direct conversation inactive people are notified as well"
    )


def test_mentions_in_conversations_left_and_in_deleted_messages_are_not_listed(world, as_):
    message = say(world.plans, world.ana, "one @ben")
    say(world.town, world.ana, "two @ben")
    client = as_(world.ben)
    assert mentions(client) == ["two @ben", "one @ben"]
    message.delete_by(world.ana)
    assert mentions(client) == ["two @ben"]
    message.restore_by(world.ana)
    world.plans.leave(world.ben)
    assert mentions(client) == ["two @ben"]
    assert mentions(as_(world.olga)) == []


def test_reading_marks_mentions_seen_and_marking_unread_undoes_that(world, as_):
    first, last = say(world.plans, world.ana, "one @ben"), say(world.plans, world.ana, "two @ben")
    elsewhere = say(world.town, world.ana, "three @ben")
    client = as_(world.ben)

    def unseen():
        return set(Mention.objects.filter(seen_at__isnull=True).values_list("message", flat=True))

    assert unseen() == {first.pk, last.pk, elsewhere.pk}
    assert client.get("/mentions/").content.decode().count("not read yet") == 3
    client.post(f"/c/{world.plans.pk}/mark-read/", {"message": first.pk})
    assert unseen() == {last.pk, elsewhere.pk}
    client.post(f"/c/{world.plans.pk}/mark-read/", {"message": last.pk})
    client.post(f"/m/{last.pk}/mark-unread/")
    assert unseen() == {last.pk, elsewhere.pk}
    say(world.plans, world.ben, "an answer")
    assert unseen() == {elsewhere.pk}, "posting marks earlier mentions as seen"


def test_a_mention_added_by_an_edit_to_a_read_message_is_unread(world, as_):
    message = say(world.plans, world.ana, "hello")
    client, address = as_(world.ben), f"/c/{world.plans.pk}/"
    client.post(f"{address}mark-read/", {"message": message.pk})
    assert "Mark as read" not in client.get(address).content.decode()
    message.edit(world.ana, "hello @ben")
    assert "you are mentioned" in client.get("/").content.decode()
    assert "Mark as read" in client.get(address).content.decode()
    client.post(f"{address}mark-read/", {"message": message.pk})
    assert "you are mentioned" not in client.get("/").content.decode()
    assert "Mark as read" not in client.get(address).content.decode()


def test_people_mentioned_without_a_membership_can_mark_the_mention_as_read(world, as_):
    message, client = say(world.town, world.ana, "hello @olga"), as_(world.olga)
    assert "Mark as read" in client.get(f"/c/{world.town.pk}/").content.decode()
    client.post(f"/c/{world.town.pk}/mark-read/", {"message": message.pk})
    assert "not read yet" not in client.get("/mentions/").content.decode()
    assert not world.town.memberships.filter(user=world.olga).exists()


def test_paging_through_mentions_loses_and_repeats_nothing(world, as_):
    words = [f"number {number} @ben" for number in range(45)]
    say(world.plans, world.ana, *words)
    Mention.objects.update(mentioned_at="2026-01-01T00:00Z")
    client, seen, address = as_(world.ben), [], "/mentions/"
    client.get("/offline/")
    while address:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        assert len(queries) <= 6
        seen += [message.words for message in page.context["mentions"]]
        address = page.context["earlier"] and f"/mentions/?earlier={page.context['earlier']}"
    assert seen == words[::-1]


def test_text_without_an_at_sign_costs_no_statement(world):
    def cost(words):
        with CaptureQueriesContext(connection) as queries:
            say(world.plans, world.ana, words)
        return sum("mention" in query["sql"] and "own_mentions" not in query["sql"] for query in queries)

    assert cost("hello ben") == 0
    assert cost("hello @ben") > 0


def test_guests_can_not_mention_or_find_people_they_do_not_know(world, as_):
    guest = UserFactory(username="guest", role=Role.GUEST)
    world.town.admit([guest])
    client = as_(guest)
    assert offered(as_(world.ana), world.town, "o") == ["olga"], "there is somebody to hide"
    assert offered(client, world.town, "o") == []
    assert offered(client, world.town, "b") == ["ben"]
    message = say(world.town, guest, "@olga @ben")
    assert notified(message) == ["ben"]
    assert "/people/olga/" not in message.html
    assert client.get(f"/c/{world.town.pk}/notified/", {"words": "@olga"}).content.strip() == b""


def offered(client, conversation, beginning):
    page = client.get(f"/c/{conversation.pk}/mentionable/", {"q": beginning}).content.decode()
    return re.findall(r'role="option" id="mention-([\w.-]+)"', page)


def test_completion_offers_readers_of_the_conversation_members_first(world, as_):
    UserFactory(username="bea", display_name="Zoe Bell"), UserFactory(username="bob", is_active=False)
    UserFactory(username="bert", role=Role.GUEST)
    assert offered(as_(world.ana), world.town, "b") == ["ben", "bea", "bert"], "guests outside come last, to be added"
    assert offered(as_(world.ana), world.town, "BEL") == ["bea"]
    assert offered(as_(world.ana), world.plans, "b") == ["ben", "bea", "bert"]
    assert offered(as_(world.ana), world.plans, "") == ["ben", "all", "here"]
    assert offered(as_(world.ana), world.plans, "he") == ["here"]
    assert offered(as_(world.ana), world.plans, "\0%_") == []
    world.plans.admit(UserFactory.create_batch(20))
    assert len(offered(as_(world.ana), world.plans, "")) == 8
    assert as_(world.olga).get(f"/c/{world.plans.pk}/mentionable/").status_code == 404


@pytest.mark.parametrize("by", ["ana", "guest", "reader", "stranger"])
def test_people_outside_are_offered_to_those_who_may_add_them(world, as_, by):
    guest, reader = UserFactory(username="gus", role=Role.GUEST), UserFactory(username="rea")
    world.plans.admit([guest, reader])
    Membership.objects.filter(user=reader).update(role=MemberRole.READER)
    client = as_({"ana": world.ana, "guest": guest, "reader": reader, "stranger": world.olga}[by])
    marked = client.get(f"/c/{world.plans.pk}/mentionable/", {"q": "ol"}).content.decode()
    line = client.get(f"/c/{world.plans.pk}/notified/", {"words": "@olga @ben"}).content.decode()
    is_offered = by == "ana"
    assert ("not in this conversation" in marked) == ("olga" in marked) == is_offered
    assert ('data-add="olga"' in line) == is_offered
    assert ("1 person will be notified" in line) == (by != "stranger")


def test_nobody_is_offered_to_be_added_to_a_direct_conversation(world, as_):
    assert offered(as_(world.ana), world.direct, "o") == []
    assert "data-add" not in as_(world.ana).get(f"/c/{world.direct.pk}/notified/", {"words": "@olga"}).content.decode()


def linkable(client, conversation, typed):
    page = client.get(f"/c/{conversation.pk}/linkable/", {"q": typed}).content.decode()
    return re.findall(r'data-title="([^"]+)" data-address="(/c/\d+/)"', page)


def test_conversations_that_the_author_sees_are_offered_as_links(world, as_):
    plans, town = (each.title for each in (world.plans, world.town))
    assert sorted(linkable(as_(world.ana), world.town, "")) == sorted(
        [(plans, f"/c/{world.plans.pk}/"), (town, f"/c/{world.town.pk}/")]
    )
    assert linkable(as_(world.ana), world.town, "pla") == [(plans, f"/c/{world.plans.pk}/")]
    assert linkable(as_(world.olga), world.town, "pla") == [], "she can't tell that it exists"
    assert linkable(as_(world.ana), world.town, "\0%") == []


def test_the_link_to_a_conversation_shows_what_its_author_wrote_and_no_later_title(world, as_):
    message = say(world.town, world.ana, f"see [#Plans](/c/{world.plans.pk}/)")
    assert f'<a href="/c/{world.plans.pk}/" rel="noopener noreferrer nofollow">#Plans</a>' in message.html
    world.plans.rename(world.ana, "Redundancies", "")
    assert "Redundancies" not in as_(world.olga).get(f"/c/{world.town.pk}/").content.decode()
    assert as_(world.olga).get(f"/c/{world.plans.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("words", "line"),
    [
        *(
            ("@ben", "1 person will be notified"),
            ("@all @ben", "5 people will be notified"),
            ("nobody", ""),
        ),
        *(("@ana", ""), ("@ben @nobody", "1 person will be notified")),
    ],
)
def test_the_number_of_people_to_notify_is_shown_before_posting(world, as_, words, line):
    world.plans.admit(UserFactory.create_batch(4))
    client = as_(world.ana)
    answer = client.get(f"/c/{world.plans.pk}/notified/", {"words": words})
    assert answer.content.decode().strip() == line
    page = client.post(f"/c/{world.plans.pk}/preview/", {"content": words}).content.decode()
    assert ("will be notified" in page) == bool(line)
    assert line in page
    assert as_(world.olga).get(f"/c/{world.plans.pk}/notified/", {"words": words}).status_code == 404


def test_a_preview_renders_the_text_and_posts_nothing(world, as_):
    client, address = as_(world.ana), f"/c/{world.plans.pk}/preview/"
    page = client.post(address, {"content": "**bold** @ben :tada:"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "<strong>bold</strong>" in html
    assert 'href="/people/ben/"' in html
    assert "**bold** @ben :tada:</textarea>" in html
    assert page.context["form"]["client_key"].value()
    in_place = client.post(address, {"content": "*a*"}, headers={"X-Requested-With": "fetch"}).content.decode()
    assert "<em>a</em>" in in_place
    assert "<html" not in in_place
    assert not world.plans.messages.exists()
    assert not Mention.objects.exists()
    assert client.post(address, {"content": " "}).status_code == 422
    assert "10000" in client.post(address, {"content": "x" * 10_001}).content.decode()
    assert as_(world.olga).post(address, {"content": "x"}).status_code == 404


def test_a_preview_after_the_session_has_ended_preserves_the_text(world, client):
    answer = client.post(f"/c/{world.plans.pk}/preview/", {"content": "half a thought"})
    world.ana.set_password("correct horse battery")
    world.ana.save()
    form = {"login": "ana", "password": "correct horse battery", "unsent": answer.context["unsent_field"]}
    client.post("/accounts/login/", form)
    assert client.get(f"/c/{world.plans.pk}/").context["form"]["content"].value() == "half a thought"


def test_outsiders_can_not_use_previews_to_find_members(world, as_):
    secret = ConversationFactory(title="Secret", kind="private", members=[world.ana])
    assert as_(world.ben).post(f"/c/{secret.pk}/preview/", {"content": "@ana"}).status_code == 404


def test_a_mention_shows_the_name_that_the_person_has_now(world, as_):
    message = say(world.plans, world.ben, "for @ana, @ana and @ben: `@ana`")
    address = f"/c/{world.plans.pk}/"

    def shown():
        page = as_(world.ben).get(address).content.decode()
        return re.findall(r'class="mention" href="/people/(\w+)/"[^>]*>([^<]*)</a>', page)

    assert shown() == [("ana", "@Ana Lima"), ("ana", "@Ana Lima"), ("ben", "@ben")]
    assert "<code>@ana</code>" in as_(world.ben).get(address).content.decode(), "code stays as it was typed"
    world.ana.display_name = "<b>Ana & Co"
    world.ana.save()
    assert shown()[0] == ("ana", "@&lt;b&gt;Ana &amp; Co")
    message.refresh_from_db()
    assert "Ana" not in message.html
    assert "@ana" in message.words, "copies and the search have the user name"


def test_the_names_of_all_mentions_of_a_page_take_one_statement(world, as_):
    client, address = as_(world.ben), f"/c/{world.plans.pk}/"

    def statements():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    say(world.plans, world.ben, "words")
    without = statements()
    for _ in range(3):
        say(world.plans, world.ben, "for @ana and @ben")
    assert statements() == without + 1


def test_a_preview_shows_the_names_that_the_message_will_show(world, as_):
    page = as_(world.ben).post(f"/c/{world.plans.pk}/preview/", {"content": "for @ana"}).content.decode()
    assert ">@Ana Lima</a>" in page


def test_a_mention_of_somebody_without_an_account_stays_as_it_was_typed(world, as_):
    say(world.plans, world.ben, "for @ana")
    world.ana.delete()
    assert ">@ana</a>" in as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
