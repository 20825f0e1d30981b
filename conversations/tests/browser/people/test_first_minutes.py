"""The first minutes of a workspace, and choosing people by their names, in a real browser."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation
from conversations.tests.browser.conftest import PASSWORD


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_three_people_talk_after_signing_up(first_minutes, visitor, script):
    ana, *others = (visitor(java_script_enabled=script, timezone_id="Europe/Vienna") for _ in range(3))
    page = ana.page
    page.goto(ana.url)
    page.get_by_label("Your name").press_sequentially("Zoë Lima")
    expect(page.get_by_label("User name")).to_have_value("zoe.lima" if script else "")
    page.get_by_label("E-mail address").fill("zoe@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Workspace name").fill("Mill Street Bakery")
    page.get_by_role("button", name="Sign up", exact=True).click()
    expect(page.get_by_role("heading", name="Welcome to Mill Street Bakery")).to_be_visible()
    person = User.objects.get()
    assert (person.username, person.time_zone) == ("zoe.lima", "Europe/Vienna" if script else "UTC")
    page.get_by_role("link", name="Say hello in #general").click()
    ana.write("Good morning")
    page.goto(ana.url)
    page.get_by_role("link", name="Invite people").click()
    page.get_by_label("How many people may use it").fill("2")
    page.get_by_role("button", name="Create invite link").click()
    link = page.get_by_label("Invite link").input_value()
    if script:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy", exact=True).click()
        expect(page.get_by_role("button", name="Copied", exact=True)).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == link
    for number, other in enumerate(others):
        other.page.goto(link.replace(link.partition("/join/")[0], other.url))
        other.page.get_by_label("Your name").fill(f"Guest {number}")
        other.page.get_by_label("E-mail address").fill(f"guest{number}@example.org")
        other.page.get_by_label("Password").fill(PASSWORD)
        other.page.get_by_role("button", name="Sign up", exact=True).click()
        other.page.get_by_role("link", name="Say hello in #general").click()
        expect(other.page.get_by_text("Good morning")).to_be_visible()
        other.write("Hello")
    page.goto(ana.url)
    expect(page.get_by_role("link", name="Add a profile picture")).to_be_visible()
    expect(page.get_by_role("link", name="Get three people talking")).to_have_count(0)


def test_people_are_chosen_by_keyboard(visitor):
    ana = visitor()
    ana.sign_in("ana")
    for username, name in (("b1", "Björn Ångström"), ("c2", "Chloé Castañeda"), ("d3", "Dmitri Dvořák")):
        UserFactory(username=username, display_name=name)
    page = ana.page
    page.goto(f"{ana.url}/c/new/?kind=direct")
    expect(page.get_by_role("heading", name="New direct message")).to_be_visible()
    box, chips = page.locator("#id_people"), page.locator(".chip")
    expect(box).to_be_focused()
    box.press_sequentially("ang")
    expect(page.get_by_role("option", name="Björn Ångström @b1")).to_be_visible()
    box.press("Enter")
    expect(chips.get_by_role("button", name="Remove Björn Ångström")).to_be_visible()
    expect(page.get_by_text("Björn Ångström added")).to_be_attached()
    expect(page.get_by_role("listbox")).to_be_hidden()  # it would cover the button below
    box.press_sequentially("zzz")
    expect(page.get_by_text("Nothing found. Try fewer letters.")).to_be_visible()
    box.press("Enter")
    expect(page).to_have_url(f"{ana.url}/c/new/?kind=direct")
    box.fill("")
    expect(page.get_by_role("option")).to_have_count(2)  # without the one who is chosen
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    expect(chips.nth(1)).to_contain_text("Dmitri Dvořák")
    box.press("Backspace")
    expect(chips).to_have_count(1)
    expect(page.get_by_text("Dmitri Dvořák removed")).to_be_attached()
    box.fill("chl")
    page.get_by_role("option", name="Chloé").click()
    page.get_by_role("button", name="Remove Björn").click()
    expect(box).to_be_focused()
    box.press("Escape")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", name="Chloé Castañeda")).to_be_visible()
    assert set(Conversation.objects.get().members.values_list("username", flat=True)) == {"ana", "c2"}


def test_the_browsers_time_zone_is_offered_where_another_is_stored(visitor):
    ana = visitor(timezone_id="Asia/Tokyo")
    ana.sign_in("ana")
    ana.page.goto(f"{ana.url}/settings/profile/")
    expect(ana.page.get_by_text("Your browser is in Asia/Tokyo.")).to_be_visible()
    ana.page.get_by_role("button", name="Use it").click()
    ana.page.get_by_role("button", name="Save", exact=True).click()
    expect(ana.page.get_by_text("Profile saved.")).to_be_visible()
    expect(ana.page.get_by_text("Your browser is in")).to_be_hidden()
    assert User.objects.get().time_zone == "Asia/Tokyo"
