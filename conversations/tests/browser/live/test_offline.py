"""Offline use: the site is an installable app, pages read last can be opened, and messages are sent once online."""

import re
import time

import pytest
from playwright.sync_api import expect

from conversations.tests.browser.conftest import Visitor, sign_in, sign_out

IS_CACHED = "(path) => caches.match(path).then(Boolean)"
CACHED_PAGES = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("pages of "));
  const caught = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return caught.flat().map(({ url }) => new URL(url).pathname);
}"""
SAYS = "([path, words]) => caches.match(path).then((page) => page.text()).then((html) => html.includes(words))"
AGE = """async (days) => {
  const [name] = (await caches.keys()).filter((name) => name.startsWith("pages of "));
  const pages = await caches.open(name);
  for (const path of await pages.keys()) {
    const found = await pages.match(path);
    const headers = new Headers(found.headers);
    headers.set("x-as-of", Date.now() - days * 24 * 60 * 60 * 1000);
    await pages.put(path, new Response(await found.text(), { headers }));
  }
}"""
ICONS = """(icons) => Promise.all(icons.map(async ({ url }) => {
  const icon = new Image();
  icon.src = url;
  await icon.decode();
  return icon.naturalWidth;
}))"""
ALONE = "delete window.SharedWorker"  # Playwright can't disconnect its stream


def path_of(visitor):
    return re.search(r"/c/\d+/", visitor.page.url)[0]


def wait_until(visitor, script, argument=None, seconds=15):
    """Wait until a script returns a true value; Playwright's own function takes a promise for one."""
    deadline = time.monotonic() + seconds
    while not visitor.page.evaluate(script, argument):
        assert time.monotonic() < deadline, script
        visitor.page.wait_for_timeout(50)


def wait_until_cached(visitor, *paths):
    visitor.page.wait_for_function("() => navigator.serviceWorker.controller")
    for path in paths or [path_of(visitor)]:
        wait_until(visitor, IS_CACHED, path)


def wait_until_cache_is_empty(visitor):
    wait_until(visitor, f"async () => !(await ({CACHED_PAGES})()).length")


def go_offline(visitor):
    visitor.page.context.set_offline(True)


def test_the_app_can_be_installed(people):
    ana, _ = people()
    wait_until_cached(ana)
    client = ana.page.context.new_cdp_session(ana.page)
    found = client.send("Page.getAppManifest")
    assert found["errors"] == []
    assert found["url"] == f"{ana.url}/manifest.webmanifest"
    assert found["manifest"]["display"] == "kStandalone"
    assert ana.page.evaluate(ICONS, found["manifest"]["icons"]) == [192, 512, 512]
    errors = installability_errors(client)
    ana.page.evaluate("document.querySelector('link[rel=manifest]').remove()")
    if installability_errors(client):  # headless Chromium may not even report the missing manifest
        assert errors == ["in-incognito"], "only the incognito mode of the tests prevents it"


def installability_errors(client):
    return [each["errorId"] for each in client.send("Page.getInstallabilityErrors")["installabilityErrors"]]


def test_cached_pages_open_offline_and_show_their_time(people):
    ana, ben = people(ALONE)
    ana.write("known in the tunnel")
    wait_until_cached(ben)
    wait_until(ben, SAYS, [path_of(ben), "known in the tunnel"])
    go_offline(ben)
    ben.page.reload()
    expect(ben.page.get_by_role("article")).to_contain_text("known in the tunnel")
    expect(ben.page.locator(".connection-status")).to_have_text(re.compile(r"Offline\. Last updated at \d+:\d\d"))
    assert ben.page.evaluate("document.styleSheets[0].cssRules.length") > 0, "styles are applied"
    ben.page.goto(f"{ben.url}/people/")
    expect(ben.page.get_by_role("heading", name="No connection")).to_be_visible()
    ben.page.goto("about:blank")  # the offline page retries by itself at any moment
    ben.page.context.set_offline(False)
    ben.page.goto(f"{ben.url}{path_of(ana)}")
    expect(ben.page.locator(".connection-status")).to_be_hidden()


def test_a_page_opened_offline_catches_up_once_online(people):
    ana, ben = people(ALONE)
    wait_until_cached(ben)
    go_offline(ben)
    ben.page.reload()
    ana.write("meanwhile")
    expect(ben.page.locator(".connection-status")).to_contain_text("Offline.")
    assert ben.page.get_by_role("article").count() == 0
    ben.page.context.set_offline(False)
    expect(ben.page.get_by_role("article")).to_contain_text("meanwhile")
    expect(ben.page.locator(".connection-status")).to_be_hidden()


def test_cached_pages_are_not_shown_online(people):
    ana, ben = people()
    wait_until_cached(ben)
    ben.page.goto("about:blank")
    ana.write("news")
    ben.page.goto(f"{ben.url}{path_of(ana)}")
    expect(ben.page.get_by_role("article")).to_contain_text("news")
    assert ben.page.locator("html[data-as-of]").count() == 0


def test_signing_out_clears_the_cache(people):
    ana, _ = people()
    ana.write("for friends only")
    ana.page.goto(ana.url)
    wait_until_cached(ana, "/")
    sign_out(ana.page)
    expect(ana.page.get_by_label("Password")).to_be_visible()
    wait_until_cache_is_empty(ana)
    go_offline(ana)
    ana.page.goto(ana.url)
    expect(ana.page.get_by_role("heading", name="No connection")).to_be_visible()


def test_the_cache_is_cleared_when_another_person_signs_in(people):
    ana, ben = people()
    address = path_of(ana)
    wait_until_cached(ana)
    theirs = ben.page.context.cookies()
    ana.page.context.clear_cookies()
    ana.page.context.add_cookies(theirs)
    ana.page.goto(f"{ana.url}/people/")
    expect(ana.page.get_by_role("link", name="ben").first).to_be_visible()
    wait_until(ana, f"async () => !(await ({CACHED_PAGES})()).includes('{address}')")


def test_the_cache_is_cleared_after_the_session_has_ended(people):
    ana, _ = people()
    wait_until_cached(ana)
    ana.page.context.clear_cookies(name="sessionid")
    ana.page.goto(f"{ana.url}/people/")
    expect(ana.page.get_by_label("Password")).to_be_visible()
    wait_until_cache_is_empty(ana)
    sign_in(ana.page, "ana")


def test_cached_pages_expire_after_a_week(people):
    ana, _ = people()
    wait_until_cached(ana)
    ana.page.evaluate(AGE, 6.9)
    go_offline(ana)
    ana.page.reload()
    expect(ana.page.get_by_role("heading", name="Town hall")).to_be_visible()
    ana.page.evaluate(AGE, 7.1)
    ana.page.reload()
    expect(ana.page.get_by_role("heading", name="No connection")).to_be_visible()
    assert ana.page.evaluate(CACHED_PAGES) == []


def test_older_pages_of_a_conversation_do_not_replace_the_cached_one(people):
    ana, ben = people()
    path = path_of(ben)
    wait_until_cached(ben)
    ana.write("the newest")
    wait_until(ben, SAYS, [path, "the newest"])
    ben.page.goto(f"{ben.url}{path}?before=AAAAAAAAAAAAAAAAAAAAAA")
    expect(ben.page.get_by_text("No messages yet.")).to_be_visible()
    ben.page.goto(ben.url)
    wait_until_cached(ben, "/")  # cached after the older page
    assert ben.page.evaluate(SAYS, [path, "the newest"])
    assert not ben.page.evaluate(SAYS, [path, "No messages on this day"])


def test_only_twenty_pages_are_cached(people):
    ana, _ = people()
    wait_until_cached(ana)
    for number in range(21):
        ana.page.goto(ana.begin(f"Place {number}"))
        wait_until_cached(ana)
    cached = ana.page.evaluate(CACHED_PAGES)
    assert len(cached) == 20
    assert cached[-1] == path_of(ana)


def test_messages_written_offline_are_sent_once(people):
    ana, ben = people(ALONE)
    wait_until_cached(ana)
    go_offline(ana)
    ana.page.reload()
    fail_to_send(ana, "from the tunnel", "and out of it")
    ana.page.context.set_offline(False)
    expect(ben.page.locator("article .body")).to_have_text(["from the tunnel", "and out of it"], timeout=20_000)
    expect(ana.page.locator(".outbox li")).to_have_count(0)
    ana.page.reload()
    expect(ana.page.locator("article .body")).to_have_text(["from the tunnel", "and out of it"])


@pytest.mark.parametrize("where", ["/", "its conversation"])
def test_messages_written_offline_are_sent_from_another_tab(people, where):
    ana, ben = people(ALONE)
    path = path_of(ana)
    wait_until_cached(ana)
    go_offline(ana)
    ana.page.reload()
    fail_to_send(ana, "from the tunnel", "and out of it")
    tab = Visitor(ana.page.context.new_page(), ana.url)
    ana.page.close()
    tab.page.context.set_offline(False)
    tab.page.goto(ana.url + (where if where == "/" else path))
    expect(ben.page.locator("article .body")).to_have_text(["from the tunnel", "and out of it"])
    tab.page.goto(ana.url + path)
    expect(tab.page.locator("article .body")).to_have_text(["from the tunnel", "and out of it"])
    expect(tab.page.locator(".outbox li")).to_have_count(0)


def fail_to_send(visitor, *texts):
    for words in texts:
        expect(visitor.page.locator("message-composer.live")).to_be_visible()
        visitor.page.get_by_label("Message to").fill(words)
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.locator(".outbox").filter(has_text=words)).to_contain_text("Not sent.")
