"""Consecutive messages of one person are grouped, when a page is loaded and after later changes."""

import re
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from conversations.models import Message
from conversations.tests.browser.conftest import choose
from conversations.tests.factories import ConversationFactory, say

CONTINUES = re.compile("continues")


def group(page):
    """List for each message on a page whether it continues the previous one."""
    return page.get_by_role("article").evaluate_all("all => all.map(each => each.classList.contains('continues'))")


def spoken(town, *said):
    """Post messages given as (author, minutes after the previous one, options of its post)."""
    moment = timezone.now() - timedelta(days=2)
    moment = moment.replace(hour=12)
    for author, minutes, options in said:
        moment += timedelta(minutes=minutes)
        message = town.post(author, "words", uuid4(), **options)
        Message.objects.filter(pk=message.pk).update(created_at=moment)


def test_the_sender_is_shown_again_after_another_sender_a_pause_or_for_a_reply(visitor):
    reader = visitor()
    reader.sign_in("ana")
    ana, ben = User.objects.get(), User.objects.create(username="ben", email="ben@example.org")
    town = ConversationFactory(members=[ana, ben])
    first = say(town, ben, "the first")
    Message.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=5))
    again, answer = {}, {"reply_to": first}
    spoken(town, (ana, 0, again), (ana, 4, again), (ben, 0, again), (ana, 0, again), (ana, 6, again), (ana, 0, answer))
    reader.page.goto(f"{reader.url}/c/{town.pk}/")
    assert group(reader.page) == [False, False, True, False, False, False, False]
    expect(reader.page.get_by_role("article").nth(2).locator(".avatar")).to_be_hidden()
    for message in reader.page.get_by_role("article").all():
        expect(message).to_have_accessible_name(re.compile(r"^(ana|ben) \d\d:\d\d$"))


def test_the_time_of_a_continued_message_appears_on_hover_and_focus(visitor):
    reader = visitor()
    reader.sign_in("ana")
    ana = User.objects.get()
    town = ConversationFactory(members=[ana])
    say(town, ana, "one", "two")
    reader.page.goto(f"{reader.url}/c/{town.pk}/")
    message = reader.page.get_by_role("article").last
    link = message.locator("h3 .at")
    expect(message).to_have_class(CONTINUES)
    expect(link).to_have_css("opacity", "0")
    message.hover()
    expect(link).to_have_css("opacity", "1")
    reader.page.mouse.move(0, 0)
    link.focus()
    expect(link).to_have_css("opacity", "1")


def test_groups_are_updated_after_deletions_and_new_messages(people):
    ana, ben = people()
    ben.write("one")
    ben.write("two")
    ana.write("three")
    ben.write("four")
    for each in (ana, ben):
        expect(each.page.get_by_role("article")).to_have_count(4)
        assert group(each.page) == [False, True, False, False]
    between = ana.page.get_by_role("article").nth(2)
    choose(between, "Delete")
    for each in (ana, ben):
        expect(each.page.get_by_role("article")).to_have_count(3)
        assert group(each.page) == [False, True, True]
    ana.page.get_by_role("button", name="Undo").click()
    for each in (ana, ben):
        expect(each.page.get_by_role("article")).to_have_count(4)
        assert group(each.page) == [False, True, False, False]
    ben.page.get_by_role("article").nth(1).hover()
    ben.page.get_by_role("article").nth(1).get_by_role("button", name="👍").click()
    expect(ana.page.locator(".reaction:not(.add)")).to_be_visible()
    assert group(ana.page) == [False, True, False, False]
    ana.page.reload()
    assert group(ana.page) == [False, True, False, False], "as the server shows it"


def test_today_is_labelled_until_midnight(visitor):
    reader = visitor()
    reader.sign_in("ana")
    ana = User.objects.get()
    town = ConversationFactory(members=[ana])
    spoken(town, (ana, 0, {}))
    say(town, ana, "now")
    reader.page.clock.install()
    reader.page.goto(f"{reader.url}/c/{town.pk}/")
    days = reader.page.get_by_role("heading", level=2)
    expect(days).to_have_text([re.compile(r"^(\w+)\1 \d+ \w+$"), re.compile(r"^Today, \w+ \d+ \w+$")])
    reader.page.clock.fast_forward("25:00:00")
    expect(days).to_have_text([re.compile(r"^(\w+)\1 \d+ \w+$"), re.compile(r"^\w+ \d+ \w+$")])
    reader.page.clock.fast_forward(5 * 24 * 3_600_000)
    expect(days.first).to_have_text(re.compile(r"^\w+ \d+ \w+$"))
