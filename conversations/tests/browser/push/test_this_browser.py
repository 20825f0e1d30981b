"""Turning notifications of a browser on and off, and reporting its subscription to the server."""

import json

import pytest
from playwright.sync_api import expect

from conversations.tests.browser.audit import barriers
from conversations.tests.browser.conftest import sign_in, sign_out
from conversations.tests.browser.push import urls
from conversations.tests.browser.push.conftest import Device, payload, wait_until

# A browser with a push service: tests have no network. What it has subscribed to survives a reload.
SERVICE = """
const decoded = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
const read = () => JSON.parse(localStorage.getItem("subscribed"));
const subscriptionOf = ({ number, key }) => ({
  options: { applicationServerKey: decoded(key) },
  toJSON: () => ({ endpoint: `https://push.example/${number}`, keys: { p256dh: "point", auth: "secret" } }),
  unsubscribe: async () => localStorage.removeItem("subscribed"),
});
PushManager.prototype.getSubscription = async () => (read() ? subscriptionOf(read()) : null);
PushManager.prototype.subscribe = async ({ applicationServerKey: key }) => {
  const number = Number(localStorage.getItem("subscriptions") ?? 0) + 1;
  localStorage.setItem("subscriptions", number);
  localStorage.setItem("subscribed", JSON.stringify({ number, key }));
  return subscriptionOf(read());
};
"""
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148"
ON, OFF = "This browser notifies you, even while no page", "This browser does not notify you."


@pytest.fixture
def ana(visitor, received):
    """Ana, in a browser in which nobody has turned notifications on."""
    return at_settings(visitor(permissions=["notifications"]), SERVICE)


def at_settings(person, script=""):
    person.page.context.add_init_script(script)
    person.sign_in("ana")
    person.page.goto(f"{person.url}/settings/notifications/")
    return person


def turn_on(person):
    person.page.get_by_role("button", name="Turn on for this browser").click()
    expect(person.page.get_by_text(ON)).to_be_visible()


def reported(received, **particulars):
    fields = {"endpoint", "p256dh", "auth", *particulars}
    return [{name: form.get(name) for name in fields} for name, form in received if name == "devices"]


def subscription(number, **particulars):
    return {"endpoint": f"https://push.example/{number}", "p256dh": "point", "auth": "secret", **particulars}


def test_a_click_turns_notifications_on_and_another_one_off(ana, received):
    page = ana.page
    expect(page.get_by_text(OFF)).to_be_visible()
    assert barriers(page) == []
    ana.troubles.clear()  # axe tries out styles
    assert page.evaluate("localStorage.getItem('subscriptions')") is None, "it asks for nothing before"
    turn_on(ana)
    assert reported(received) == [subscription(1)]
    expect(page.get_by_role("listitem").filter(has_text="https://push.example/1")).to_be_visible()
    expect(page.get_by_role("button", name="Turn off for this browser")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(OFF)).to_be_visible()
    expect(page.get_by_role("button", name="Turn on for this browser")).to_be_focused()
    wait_until(page, lambda: reported(received, remove="")[1:] == [subscription(1, remove="yes")])
    assert page.evaluate("localStorage.getItem('subscribed')") is None


def test_a_browser_stays_off_once_it_is_turned_off(ana, received):
    turn_on(ana)
    ana.page.get_by_role("button", name="Turn off for this browser").click()
    expect(ana.page.get_by_text(OFF)).to_be_visible()
    ana.page.reload()
    turn_on(ana)
    assert [form.get("remove", form["endpoint"][-1]) for _name, form in received] == ["1", "yes", "2"]


def test_the_reason_of_the_server_is_shown_if_it_refuses_a_browser(ana):
    urls.answers["devices"] = (422, "This push service is not allowed here.")
    ana.page.get_by_role("button", name="Turn on for this browser").click()
    expect(ana.page.get_by_role("alert")).to_have_text("This push service is not allowed here.")
    expect(ana.page.get_by_text(OFF)).to_be_visible()
    ana.troubles.clear()  # the browser reports the status
    ana.page.context.route("**/devices/", lambda route: route.abort())
    ana.page.get_by_role("button", name="Turn on for this browser").click()
    expect(ana.page.get_by_role("alert")).to_contain_text("The site can’t be reached.")
    ana.troubles.clear()
    ana.page.context.unroute("**/devices/")
    del urls.answers["devices"]
    turn_on(ana)
    expect(ana.page.get_by_role("alert")).to_be_hidden()


def test_a_browser_without_a_push_service_notifies_while_a_page_is_open(visitor, received):
    ana = at_settings(visitor(permissions=["notifications"]))
    ana.page.get_by_role("button", name="Turn on for this browser").click()
    expect(ana.page.get_by_text("while a page of this site is open")).to_be_visible()
    ana.page.reload()
    expect(ana.page.get_by_role("button", name="Turn off for this browser")).to_be_visible()
    assert received == []
    assert {"incognito mode" in trouble for trouble in ana.troubles} == {True}
    ana.troubles.clear()


@pytest.mark.parametrize(
    ("options", "script", "words"),
    [
        ({}, "Object.defineProperty(Notification, 'permission', { value: 'denied' })", "are blocked in this browser"),
        ({}, "delete window.Notification", "can’t show website notifications"),
        ({"user_agent": IPHONE}, "delete window.Notification", "“Add to Home Screen”"),
    ],
    ids=["denied", "unsupported", "not installed"],
)
def test_where_notifications_are_impossible_the_page_says_what_to_do(visitor, received, options, script, words):
    urls.answers["push_off"] = "The address of this site is not public."
    ana = at_settings(visitor(**options), script)
    expect(ana.page.get_by_text(words)).to_be_visible()
    expect(ana.page.get_by_text("The address of this site is not public.")).to_be_visible()
    expect(ana.page.locator("push-device button:visible")).to_have_count(0)
    expect(ana.page.locator("push-device p:visible")).to_have_count(2)


def test_without_scripts_the_page_says_that_notifications_need_them(visitor, received):
    ana = at_settings(visitor(java_script_enabled=False))
    words = ana.page.locator("push-device noscript").text_content()
    assert "Notifications in this browser need JavaScript." in words
    expect(ana.page.locator("push-device button:visible")).to_have_count(0)


def test_each_tab_reports_the_subscription_once(ana, received):
    turn_on(ana)
    received.clear()
    with ana.page.expect_response("**/devices/"):
        ana.page.reload()
    ana.page.reload()
    expect(ana.page.get_by_text(ON)).to_be_visible()
    other = ana.page.context.new_page()
    with other.expect_response("**/devices/"):
        other.goto(ana.page.url)
    assert reported(received, again="") == [subscription(1, again="yes")] * 2


def test_a_tab_reports_a_subscription_that_the_browser_replaced(ana, received):
    turn_on(ana)
    with ana.page.expect_response("**/devices/"):
        ana.page.reload()
    received.clear()
    ana.page.evaluate("localStorage.removeItem('subscribed')")
    with ana.page.expect_response("**/devices/"):
        ana.page.reload()
    assert reported(received) == [subscription(2)]


def test_a_browser_subscribes_again_for_another_key_of_the_server(ana, received):
    turn_on(ana)
    with ana.page.expect_response("**/devices/"):
        ana.page.reload()
    received.clear()
    urls.answers["key"] = urls.KEYS[1]
    with ana.page.expect_response("**/devices/"):
        ana.page.reload()
    assert reported(received) == [subscription(2)]
    assert json.loads(ana.page.evaluate("localStorage.getItem('subscribed')"))["key"] == urls.KEYS[1]


def test_a_browser_that_was_removed_on_another_device_turns_itself_off(ana, received):
    turn_on(ana)
    urls.answers["devices"] = (410, "")
    with ana.page.expect_response("**/devices/"):
        ana.page.reload()
    wait_until(ana.page, lambda: ana.page.evaluate("localStorage.getItem('subscribed')") is None)
    ana.troubles.clear()  # the browser reports the status
    ana.page.reload()
    expect(ana.page.get_by_text(OFF)).to_be_visible()


def test_signing_out_ends_notifications_until_the_same_person_signs_in_again(ana, received):
    turn_on(ana)
    device = Device(ana)
    device.push(payload())
    device.expect_shown("c7")
    ana.page.goto(ana.url)
    sign_out(ana.page)
    expect(ana.page.get_by_label("Password")).to_be_visible()
    wait_until(ana.page, lambda: ana.page.evaluate("localStorage.getItem('subscribed')") is None)
    device.expect_shown()
    received.clear()
    sign_in(ana.page, "ana")
    with ana.page.expect_response("**/devices/"):
        ana.page.goto(f"{ana.url}/settings/notifications/")
    assert reported(received) == [subscription(2)]


def test_the_next_person_in_a_browser_gets_no_notifications_unasked(ana, visitor, received):
    turn_on(ana)
    ana.page.goto(ana.url)
    sign_out(ana.page)
    received.clear()
    ana.sign_in("ben")
    ana.page.goto(f"{ana.url}/settings/notifications/")
    expect(ana.page.get_by_text(OFF)).to_be_visible()
    turn_on(ana)
    assert len(received) == 1, "which is what ben asked for"
