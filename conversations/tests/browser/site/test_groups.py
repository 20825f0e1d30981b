"""What somebody says in one go stands together: when a page is opened, and whatever comes and goes afterwards."""

import re
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from conversations.models import Message
from conversations.tests.factories import ConversationFactory, say

CONTINUES = re.compile("continues")


def group(page):
    """Tell of each message on a page whether it continues the one before."""
    return page.get_by_role("article").evaluate_all("all => all.map(each => each.classList.contains('continues'))")


def spoken(town, *said):
    """Leave messages behind: `(author, minutes after the one before, options of its post)`."""
    moment = timezone.now() - timedelta(days=2)
    moment = moment.replace(hour=12)
    for author, minutes, options in said:
        moment += timedelta(minutes=minutes)
        message = town.post(author, "words", uuid4(), **options)
        Message.objects.filter(pk=message.pk).update(created_at=moment)


def test_a_page_shows_a_name_again_where_somebody_else_or_some_time_was_between(visitor):
    one = visitor()
    one.come_in("ana")
    ana, ben = User.objects.get(), User.objects.create(username="ben", email="ben@example.org")
    town = ConversationFactory(members=[ana, ben])
    first = say(town, ben, "the first")
    Message.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=5))
    again, answer = {}, {"reply_to": first}
    spoken(town, (ana, 0, again), (ana, 4, again), (ben, 0, again), (ana, 0, again), (ana, 6, again), (ana, 0, answer))
    one.page.goto(f"{one.url}/c/{town.pk}/")
    assert group(one.page) == [False, False, True, False, False, False, False]
    expect(one.page.get_by_role("article").nth(2).locator(".avatar")).to_be_hidden()
    for message in one.page.get_by_role("article").all():
        expect(message).to_have_accessible_name(re.compile(r"^(ana|ben) \d\d:\d\d$"))


def test_the_time_of_what_continues_appears_where_one_looks(visitor):
    one = visitor()
    one.come_in("ana")
    ana = User.objects.get()
    town = ConversationFactory(members=[ana])
    say(town, ana, "one", "two")
    one.page.goto(f"{one.url}/c/{town.pk}/")
    message = one.page.get_by_role("article").last
    link = message.locator("h3 a").first
    expect(message).to_have_class(CONTINUES)
    expect(link).to_have_css("opacity", "0")
    message.hover()
    expect(link).to_have_css("opacity", "1")
    one.page.mouse.move(0, 0)
    link.focus()
    expect(link).to_have_css("opacity", "1")


def test_what_comes_and_goes_makes_the_groups_right_again(people):
    ana, ben = people()
    ben.write("one")
    ben.write("two")
    ana.write("three")
    ben.write("four")
    for each in (ana, ben):
        expect(each.page.get_by_role("article")).to_have_count(4)
        assert group(each.page) == [False, True, False, False]
    between = ana.page.get_by_role("article").nth(2)
    between.hover()
    between.get_by_role("button", name="Delete").click()
    for each in (ana, ben):
        expect(each.page.get_by_role("article")).to_have_count(3)
        assert group(each.page) == [False, True, True]
    ana.page.get_by_role("button", name="Undo").click()
    for each in (ana, ben):
        expect(each.page.get_by_role("article")).to_have_count(4)
        assert group(each.page) == [False, True, False, False]
    ben.page.get_by_role("article").nth(1).hover()
    ben.page.get_by_role("article").nth(1).get_by_role("button", name="React").click()
    ben.page.get_by_role("button", name="👍").first.click()
    expect(ana.page.locator(".reaction")).to_be_visible()
    assert group(ana.page) == [False, True, False, False]
    ana.page.reload()
    assert group(ana.page) == [False, True, False, False], "as the server shows it"


def test_today_is_called_so_until_midnight(visitor):
    one = visitor()
    one.come_in("ana")
    ana = User.objects.get()
    town = ConversationFactory(members=[ana])
    spoken(town, (ana, 0, {}))
    say(town, ana, "now")
    one.page.clock.install()
    one.page.goto(f"{one.url}/c/{town.pk}/")
    days = one.page.get_by_role("heading", level=2)
    expect(days).to_have_text([re.compile(r"^\w+ \d+ \w+ \d{4}$"), re.compile(r"^Today, \w+ \d+ \w+ \d{4}$")])
    one.page.clock.fast_forward("25:00:00")
    expect(days.last).to_have_text(re.compile(r"^\w+ \d+ \w+ \d{4}$"))
