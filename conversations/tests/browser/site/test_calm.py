"""Live pages without surprises: typing, unread badges, connection notices and no layout shifts."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from playwright.sync_api import expect

from chatsite.trials.client.proxy import Proxy
from conversations.tests.browser.audit import barriers
from conversations.tests.browser.conftest import Visitor
from conversations.tests.message.pictures import picture

WATCH_BADGE = "window.badges = []; navigator.setAppBadge = async (number) => badges.push(number)"
WATCH_LIVE = (
    "document.addEventListener('live', ({ detail }) => (document.documentElement.dataset.heard += detail.name))"
)
WATCH_TYPING = (
    "window.typing = 0; document.addEventListener('live', ({ detail }) => (typing += detail.name === 'typing'))"
)
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) {
    const moved = each.sources.map((one) => [one.node?.nodeName, one.previousRect.y, one.currentRect.y]);
    shifts.push([each.value, moved]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
ANA_IS_TYPING = re.compile(".ana. is typing …")  # the name is isolated by invisible characters
TROUBLE_MS = 3000  # without a connection, before a notice appears


def test_typing_is_shown_until_the_message_arrives(people):
    ana, ben = people()
    ana.write("first")
    expect(ben.page.get_by_role("article")).to_have_count(1)
    ana.page.get_by_label("Message to").press_sequentially("second")
    shown = ben.page.get_by_text(ANA_IS_TYPING)
    expect(shown).to_be_visible()
    expect(ana.page.get_by_text("is typing")).to_have_count(0)
    assert shown.locator("xpath=ancestor-or-self::*[@aria-live or @role]").count() == 0, (
        "screen readers do not announce it"
    )
    assert barriers(ben.page) == []
    ben.troubles.clear()  # axe tries out styles
    ana.page.keyboard.press("Enter")
    expect(ben.page.get_by_role("article")).to_have_count(2)
    expect(shown).to_have_count(0)


def test_a_short_message_typed_quickly_leaves_nobody_typing(people):
    ana, ben = people()
    ben.page.evaluate(f"() => {{ {WATCH_TYPING} }}")
    for words in ("ok", "yes", "no"):
        ana.page.get_by_label("Message to").press_sequentially(words)
        ana.page.keyboard.press("Enter")
        expect(ben.page.get_by_role("article").last).to_contain_text(words)
        ben.page.wait_for_timeout(400)  # the server reports typing within 0.2 seconds
        assert not ben.page.get_by_text(ANA_IS_TYPING).is_visible()
    ana.page.get_by_label("Message to").press_sequentially("and then")
    expect(ben.page.get_by_text(ANA_IS_TYPING)).to_be_visible()
    assert ben.page.evaluate("window.typing") >= 1
    line, messages = (ben.page.locator(name).bounding_box() for name in ("live-typing", ".scroller"))
    assert messages["y"] + messages["height"] <= line["y"], "the line covers no message, even after scrolling"


def test_typing_disappears_after_a_few_seconds(people):
    ana, ben = people()
    ben.page.clock.install()
    ana.page.get_by_label("Message to").press_sequentially("no, rather not")
    expect(ben.page.get_by_text(ANA_IS_TYPING)).to_be_visible()
    ben.page.clock.run_for(6000)
    expect(ben.page.get_by_text(ANA_IS_TYPING)).to_have_count(0)


def test_a_lost_connection_is_shown_after_three_seconds_until_it_is_restored(people, served):
    with Proxy(served.port) as proxy:
        ana, ben = people(WATCH_LIVE, f"http://localhost:{proxy.port}")
        ana.page.goto(ana.page.url.replace(str(proxy.port), str(served.port)))  # bypasses the proxy
        ana.write("the stream is there")
        expect(ben.page.get_by_role("article")).to_have_count(1)
        ben.page.clock.install()
        ben.page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
        proxy.cut()
        expect(ben.page.locator("html")).to_have_attribute("data-heard", re.compile("trouble"))
        notice = ben.page.locator(".connection-status")
        ben.page.clock.run_for(TROUBLE_MS - 100)
        expect(notice).to_be_hidden()
        ben.page.clock.run_for(200)
        expect(notice).to_have_text("No connection. Reconnecting …")
        proxy.mend()
        expect(notice).to_be_hidden(timeout=30_000)


def test_icons_show_unread_messages(people, new_context):
    ana, ben = people(WATCH_BADGE)
    ben.page.goto(ben.url)
    icon = ben.page.locator("link[rel=icon]")
    expect(icon).to_have_attribute("href", re.compile(r"/icon\.\w+\.svg"))
    ana.send("one", "two")
    expect(ben.page).to_have_title(re.compile(r"^\(2\) "))
    expect(icon).to_have_attribute("href", re.compile(r"/icon-unread\.\w+\.svg"))
    ben.page.wait_for_function("() => badges.at(-1) === 2")
    phone = Visitor(new_context(storage_state=ben.page.context.storage_state()).new_page(), ben.url)
    phone.page.goto(ana.page.url)
    expect(icon).to_have_attribute("href", re.compile(r"/icon\.\w+\.svg"))
    ben.page.wait_for_function("() => badges.at(-1) === 0")


def test_fifty_messages_with_pictures_cause_no_layout_shift(people):
    ana, ben = people(WATCH_SHIFTS)
    ana.send(*(f"line {number}" for number in range(30)))
    expect(ben.page.get_by_role("article")).to_have_count(30)
    ben.page.evaluate("shifts.length = 0")
    send_pictures(ana, 25)
    expect(ben.page.get_by_role("article")).to_have_count(55)
    expect(ben.page.get_by_role("article").last).to_be_in_viewport()
    ben.page.locator(".scroller").evaluate("(element) => (element.scrollTop = -600)")
    send_pictures(ana, 25)
    expect(ben.page.get_by_role("button", name="25 new messages")).to_be_visible()
    shifts = ben.page.evaluate("shifts")
    print(f"layout shift: {sum(value for value, _ in shifts):.4f}")  # noqa: T201
    assert sum(value for value, _ in shifts) < 0.02, shifts
    ben.page.evaluate("document.querySelector('.head').style.paddingBottom = '200px'")
    ben.page.wait_for_function(f"() => shifts.length > {len(shifts)}")  # proves that shifts are recorded


def send_pictures(visitor, count):
    address = re.match(r".+/c/\d+/", visitor.page.url)[0] + "messages/"
    [token] = [each["value"] for each in visitor.page.context.cookies() if each["name"] == "csrftoken"]
    for number in range(count):
        photo = {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(320 + 8 * number, 240))}
        form = {"content": f"photo {number}", "client_key": str(uuid4()), "csrfmiddlewaretoken": token, "files": photo}
        answer = visitor.page.context.request.post(address, multipart=form, max_redirects=0)
        assert answer.status == 302
