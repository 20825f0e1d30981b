"""Drafts, read markers, and sending without loading a page."""

from uuid import uuid4

from chatsite.trials.client.articles import articles
from conversations.models import Membership
from conversations.tests.factories import say


def test_mark_unread_from_a_message(world, as_):
    messages = [say(world.plans, world.ana, f"number {number}") for number in range(5)]
    client = as_(world.ben)
    client.post(f"/c/{world.plans.pk}/mark-read/", {"message": messages[-1].pk})
    answer = client.post(f"/m/{messages[2].pk}/mark-unread/", follow=True)
    assert "Plans is marked as unread from that message." in answer.content.decode()
    mark = Membership.objects.get(conversation=world.plans, user=world.ben)
    assert mark.last_read_message_id == messages[1].pk
    page = client.get(f"/c/{world.plans.pk}/").content.decode()
    assert f'data-new="{messages[2].pk}"' in page
    assert page.index('id="new"') < page.index(f'id="m{messages[2].pk}"') < page.index(f'id="m{messages[3].pk}"')
    client.post(f"/m/{messages[4].pk}/mark-unread/")
    page = client.get(f"/c/{world.plans.pk}/").content.decode()
    assert f'data-new="{messages[2].pk}"' in page, "unread never moves forward"


def test_page_titles_count_unread_messages(world, as_):
    for number in range(101):
        say(world.plans, world.ana, str(number))
    client = as_(world.ben)
    for address in ("/", "/c/browse/", f"/c/{world.town.pk}/"):
        assert "<title>(99+) " in client.get(address).content.decode()
    assert "<title>(" not in as_(world.ana).get("/").content.decode()


def test_a_draft_is_stored_until_it_is_sent(world, as_):
    client, key = as_(world.ana), "6f1f3f0e-3f0e-4f0e-8f0e-0123456789ab"
    assert client.post(f"/c/{world.plans.pk}/draft/", {"words": "half a", "client_key": key}).status_code == 204
    assert as_(world.ana).get(f"/c/{world.plans.pk}/").context["form"]["content"].value() == "half a"
    assert not as_(world.ben).get(f"/c/{world.plans.pk}/").context["form"]["content"].value()
    client.post(f"/c/{world.plans.pk}/messages/", {"content": "half a thought", "client_key": key})
    client.post(f"/c/{world.plans.pk}/draft/", {"words": "half a thought", "client_key": key})
    assert not client.get(f"/c/{world.plans.pk}/").context["form"]["content"].value(), (
        "a late draft is ignored: its message was sent"
    )
    assert as_(world.olga).post(f"/c/{world.plans.pk}/draft/", {"words": "x", "client_key": key}).status_code == 404


def save_draft(client, conversation, words, key, replaced):
    form = {"words": words, "client_key": key, "replaced": replaced}
    return client.post(f"/c/{conversation.pk}/draft/", form).json()


def test_a_draft_replaces_only_the_one_that_its_page_knows(world, as_):
    client, keys = as_(world.ana), [str(uuid4()) for _ in range(3)]
    first = save_draft(client, world.plans, "half a", keys[0], "")
    assert (first["words"], first["key"]) == ("half a", keys[0])
    assert f'data-draft-tag="{first["tag"]}"' in client.get(f"/c/{world.plans.pk}/").content.decode()
    assert save_draft(client, world.plans, "of a stale page", keys[1], "") == first, "the newer draft stays"
    assert save_draft(client, world.plans, "half a", keys[0], "") == first, "sent twice, as after a lost response"
    second = save_draft(client, world.plans, "half a thought", keys[0], first["tag"])
    assert second["tag"] not in ("", first["tag"])
    emptied = save_draft(client, world.plans, "", keys[0], second["tag"])
    assert (emptied["words"], emptied["tag"]) == ("", "")
    assert save_draft(client, world.plans, "anew", keys[2], "")["words"] == "anew"


def test_a_draft_that_was_sent_is_not_saved_again_and_its_page_learns_that(world, as_):
    client, key = as_(world.ana), str(uuid4())
    first = save_draft(client, world.plans, "half a", key, "")
    client.post(f"/c/{world.plans.pk}/messages/", {"content": "half a thought", "client_key": key})
    answer = save_draft(client, world.plans, "half a thought, and more", key, first["tag"])
    assert (answer["words"], answer["tag"]) == ("", "")
    assert Membership.objects.get(conversation=world.plans, user=world.ana).draft == ""


def test_sending_preserves_the_draft_of_another_tab(world, as_):
    client, key = as_(world.ana), "6f1f3f0e-3f0e-4f0e-8f0e-0123456789ab"
    client.post(f"/c/{world.plans.pk}/draft/", {"words": "begun in one tab", "client_key": key})
    say(world.plans, world.ana, "sent from another")
    form = as_(world.ana).get(f"/c/{world.plans.pk}/").context["form"]
    assert (form["content"].value(), str(form["client_key"].value())) == ("begun in one tab", key)


def test_scripts_receive_the_message_or_a_one_line_error(world, as_):
    client, key = as_(world.ana), "6f1f3f0e-3f0e-4f0e-8f0e-0123456789ab"

    def send(**form):
        return client.post(f"/c/{world.plans.pk}/messages/", form, headers={"X-Requested-With": "fetch"})

    answer = send(content="hello", client_key=key)
    assert (answer.status_code, [each.words for each in articles(answer.content.decode())]) == (201, ["hello"])
    assert send(content="hello", client_key=key).content == answer.content
    for form, status, words in (
        ({"content": "other", "client_key": key}, 409, "already sent another message"),
        ({"content": " ", "client_key": key}, 422, "Write something first."),
        ({"content": "no key"}, 422, "can’t be sent"),
    ):
        answer = send(**form)
        assert (answer.status_code, answer["Content-Type"]) == (status, "text/plain")
        assert words in answer.content.decode()
