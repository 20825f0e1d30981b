"""What a browser shows when the server pushes, and what it reports."""

from uuid import uuid4

import pytest

from conversations.models import Conversation, Message
from conversations.tests.browser.push import urls
from conversations.tests.browser.push.conftest import payload, wait_until


def test_a_push_shows_a_notification_of_the_message(ana):
    ana.push(payload(conversation=7, message=12))
    [shown] = ana.expect_shown("c7")
    assert (shown.title, shown.body, shown.lang, shown.dir) == ("Ana · Plans", "message 12", "de", "auto")
    assert [each["title"] for each in shown.actions] == ["Reply", "Mark as read"]
    wait_until(ana.page, lambda: ana.worker.evaluate("() => badges") == [3])


def test_the_next_message_of_a_conversation_replaces_the_notification(ana):
    ana.push(payload(conversation=7, message=12))
    ana.expect_shown("c7")
    ana.push(payload(conversation=8, message=13))
    ana.expect_shown("c7", "c8")
    ana.push(payload(conversation=7, message=14, renotify=True))
    wait_until(ana.page, lambda: sorted(each.body for each in ana.shown()) == ["message 13", "message 14"])


def test_a_push_closes_notifications_of_what_was_read_since(ana):
    for conversation in (1, 4, 5):
        ana.push(payload(conversation))
    ana.expect_shown("c1", "c4", "c5")
    ana.push(payload(7, read=["c1", "c4", "c9"]))
    ana.expect_shown("c5", "c7")


@pytest.mark.parametrize(
    "unreadable",
    ["", "no JSON", "null", "{}", {"notification": {}}, payload() | {"notification": {"title": 5}}],
    ids=["empty", "text", "null", "nothing", "no title", "another format"],
)
def test_an_unreadable_push_shows_something_that_opens_the_inbox(ana, unreadable):
    ana.push(unreadable)
    [shown] = ana.expect_shown("unreadable")
    assert shown.title == "New message"
    ana.click("unreadable")
    ana.page.wait_for_url(f"{ana.url}/")


def test_a_push_of_a_later_release_is_shown_as_far_as_it_is_known(ana):
    ana.push(payload(read=7, app_badge="many", receipt=None, unknown={}))
    assert ana.expect_shown("c7")[0].body == "message 12"


def test_a_test_push_is_confirmed_once_it_is_shown(ana, received):
    ana.push(payload(receipt="signed"))
    wait_until(ana.page, lambda: received == [("receipt", {"token": "signed"})])
    ana.expect_shown("c7")


def test_nothing_is_confirmed_that_was_not_shown(ana, received):
    ana.push({"notification": {}, "receipt": "signed"})
    ana.expect_shown("unreadable")
    ana.push(payload(receipt="another"))
    wait_until(ana.page, lambda: received == [("receipt", {"token": "another"})])


@pytest.fixture
def message(ana, settings):
    """A message above many others in the conversation of Ana."""
    settings.LIMITS = False
    plans = Conversation.objects.get(title="Plans")
    [person] = plans.members.all()
    posted = [plans.post(person, f"line {number}", uuid4()) for number in range(60)]
    return Message.objects.get(pk=posted[3].pk)


def test_a_click_opens_the_exact_message_in_the_window_that_is_open(ana, message):
    ana.page.goto(f"{ana.url}/")
    ana.push(payload(message.conversation_id, message.pk))
    ana.expect_shown(f"c{message.conversation_id}")
    ana.click(f"c{message.conversation_id}")
    article = ana.page.locator(f"#m{message.pk}")
    article.wait_for()
    wait_until(ana.page, lambda: article.evaluate("(each) => each.checkVisibility()"))
    assert f"at={message.pk}" in ana.page.url
    ana.expect_shown()
    assert ana.opened() == []


def test_a_click_opens_a_window_where_none_is_open(ana):
    ana.push(payload(message=12))
    ana.expect_shown("c7")
    ana.worker.evaluate("() => { Clients.prototype.matchAll = async () => []; }")
    ana.click("c7")
    wait_until(ana.page, lambda: ana.opened() == [f"{ana.url}/m/12/"])


def test_reply_opens_its_own_address(ana):
    ana.push(payload(message=12))
    ana.expect_shown("c7")
    with ana.page.expect_request(f"{ana.url}/m/12/reply/"):
        ana.click("c7", "reply")


def test_mark_as_read_posts_the_token_and_closes_the_notification(ana, received):
    address = ana.page.url
    ana.push(payload(message=12))
    ana.expect_shown("c7")
    ana.click("c7", "read")
    wait_until(ana.page, lambda: received == [("read", {"token": "token of 12"})])
    ana.expect_shown()
    assert (ana.page.url, ana.opened()) == (address, [])


def test_a_notification_stays_if_marking_it_as_read_fails(ana, received):
    urls.answers["read"] = (503, "")
    ana.push(payload(message=12))
    ana.push(payload(conversation=8))
    ana.expect_shown("c7", "c8")
    ana.click("c7", "read")
    wait_until(ana.page, lambda: len(received) == 1)
    del urls.answers["read"]
    ana.click("c8", "read")
    ana.expect_shown("c7")
