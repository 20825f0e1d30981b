"""What people notice in the story that all journeys tell, whatever they press."""

import re

from playwright.sync_api import expect

from conversations.tests.browser.conftest import PASSWORD

NAMES = ("Zoë Lima", "Ben Okri", "Chloé Roux")
WORKSPACE = "Mill Street Bakery"

# What is hit in the corners and the middle of an element, so far as that belongs to something else or to nothing.
COVERED = """(element) => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const points = [[left + 2, top + 2], [right - 2, bottom - 2], [(left + right) / 2, (top + bottom) / 2]];
  return points.map(([x, y]) => document.elementFromPoint(x, y))
    .filter((hit) => !element.contains(hit) && !hit?.contains(element))
    .map((hit) => hit?.outerHTML.slice(0, 80) ?? "outside of the window");
}"""
HIDDEN_FOCUS = """() => {
  const focused = document.activeElement;
  const element = focused?.matches("[type=checkbox]") ? focused.closest("label") ?? focused : focused;
  if (!element || element === document.body) return "";
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
  const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
  const hit = document.elementFromPoint(x, y);
  return element.contains(hit) ? "" : `${element.outerHTML.slice(0, 120)} is under ${hit?.outerHTML.slice(0, 80)}`;
}"""


def sign_up_fields(name, others):
    """Return what somebody enters to sign up, by the labels of the fields and in their order."""
    username = name.partition(" ")[0].encode("ascii", "ignore").decode().lower()
    fields = {"Your name": name, "User name": username, "E-mail address": f"{username}@example.org"}
    return fields | {"Password": PASSWORD} | others


def sees_where(person, heading):
    """See a page with this heading, and a title that names it and the workspace, without scrolling sideways.

    On a phone, the mark in the bar at the foot stands for the heading of the inbox.
    """
    name = re.compile(re.escape(heading))
    title = person.page.get_by_role("heading", name=name).first
    expect(title).to_be_visible()
    expect(person.page).to_have_title(re.compile(f"{re.escape(heading)}.* · {WORKSPACE}$"))
    if not title.evaluate("(element) => getComputedStyle(element).clipPath === 'none'"):
        title = person.page.locator(".bottom-bar [aria-current=page]").filter(has_text=name)
    expect(title).to_be_in_viewport(ratio=1)
    fits(person)


def fits(person):
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


def is_uncovered(locator):
    """See all of an element: no bar lies over it."""
    expect(locator).to_be_in_viewport(ratio=1)
    assert locator.evaluate(COVERED) == []


def focus_is_in_sight(person):
    hidden = person.page.evaluate(HIDDEN_FOCUS)
    assert not hidden, hidden


def said(person, words):
    """Return the message in the conversation, not in the thread beside it."""
    page = person.page
    return page.locator("main article").filter(has=page.locator(".body", has_text=words))


def reads(person, words):
    """See a message as the last one of the conversation."""
    message = person.page.locator("main article").last
    expect(message).to_contain_text(words)
    is_uncovered(message.locator(".body").last)


def in_thread(person, words):
    return person.page.get_by_role("complementary", name="Thread").locator("article").filter(has_text=words)


def finds(person, words, count):
    """See how many results a search for these words has."""
    box = person.page.get_by_role("main").get_by_role("searchbox").first
    expect(box).to_have_value(words)
    expect(person.page.locator(".hit")).to_have_count(count)
    expect(person.page.get_by_text("No results for")).to_have_count(0 if count else 1)


def entry(person, name):
    """Return the line of a conversation in the inbox."""
    return person.page.locator("main li.entry").filter(has_text=name)
