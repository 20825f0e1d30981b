"""Without a network: the place is an app, what was read last is there, and what is sent goes out once there is one."""

import re
import time

import pytest
from playwright.sync_api import expect

from conversations.tests.browser.conftest import Visitor, sign_in

IS_KEPT = "(path) => caches.match(path).then(Boolean)"
KEPT_PAGES = """async () => {
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
ALONE = "delete window.SharedWorker"  # whose stream Playwright does not take off the network


def path_of(visitor):
    return re.search(r"/c/\d+/", visitor.page.url)[0]


def wait_until(visitor, script, argument=None, seconds=15):
    """Wait until a script gives what is true; Playwright's own way takes a promise for that."""
    deadline = time.monotonic() + seconds
    while not visitor.page.evaluate(script, argument):
        assert time.monotonic() < deadline, script
        visitor.page.wait_for_timeout(50)


def wait_until_kept(visitor, *paths):
    visitor.page.wait_for_function("() => navigator.serviceWorker.controller")
    for path in paths or [path_of(visitor)]:
        wait_until(visitor, IS_KEPT, path)


def wait_until_nothing_is_kept(visitor):
    wait_until(visitor, f"async () => !(await ({KEPT_PAGES})()).length")


def gone_offline(visitor):
    visitor.page.context.set_offline(True)


def test_the_place_can_be_installed(people):
    ana, _ = people()
    wait_until_kept(ana)
    client = ana.page.context.new_cdp_session(ana.page)
    found = client.send("Page.getAppManifest")
    assert found["errors"] == []
    assert found["url"] == f"{ana.url}/manifest.webmanifest"
    assert found["manifest"]["display"] == "kStandalone"
    assert ana.page.evaluate(ICONS, found["manifest"]["icons"]) == [192, 512, 512]
    against = what_is_against_installing(client)
    ana.page.evaluate("document.querySelector('link[rel=manifest]').remove()")
    if what_is_against_installing(client):  # Chromium without windows does not even miss the manifest
        assert against == ["in-incognito"], "nothing but how tests browse is against it"


def what_is_against_installing(client):
    return [each["errorId"] for each in client.send("Page.getInstallabilityErrors")["installabilityErrors"]]


def test_what_was_read_last_is_there_without_a_network_and_says_of_when(people):
    ana, ben = people(ALONE)
    ana.write("known in the tunnel")
    wait_until_kept(ben)
    wait_until(ben, SAYS, [path_of(ben), "known in the tunnel"])
    gone_offline(ben)
    ben.page.reload()
    expect(ben.page.get_by_role("article")).to_contain_text("known in the tunnel")
    expect(ben.page.locator(".connection-status")).to_have_text(re.compile(r"Offline.: as of \d+:\d\d"))
    assert ben.page.evaluate("document.styleSheets[0].cssRules.length") > 0, "it has its looks"
    ben.page.goto(f"{ben.url}/people/")
    expect(ben.page.get_by_role("heading", name="No connection")).to_be_visible()
    ben.page.goto("about:blank")  # the page without a network tries again by itself, at a moment of its own
    ben.page.context.set_offline(False)
    ben.page.goto(f"{ben.url}{path_of(ana)}")
    expect(ben.page.locator(".connection-status")).to_be_hidden()


def test_a_page_that_was_read_without_a_network_comes_up_to_date(people):
    ana, ben = people(ALONE)
    wait_until_kept(ben)
    gone_offline(ben)
    ben.page.reload()
    ana.write("meanwhile")
    expect(ben.page.locator(".connection-status")).to_contain_text("Offline.")
    assert ben.page.get_by_role("article").count() == 0
    ben.page.context.set_offline(False)
    expect(ben.page.get_by_role("article")).to_contain_text("meanwhile")
    expect(ben.page.locator(".connection-status")).to_be_hidden()


def test_with_a_network_nothing_old_is_shown(people):
    ana, ben = people()
    wait_until_kept(ben)
    ben.page.goto("about:blank")
    ana.write("news")
    ben.page.goto(f"{ben.url}{path_of(ana)}")
    expect(ben.page.get_by_role("article")).to_contain_text("news")
    assert ben.page.locator("html[data-as-of]").count() == 0


def test_nothing_is_left_after_signing_out(people):
    ana, _ = people()
    ana.write("for friends only")
    ana.page.goto(ana.url)
    wait_until_kept(ana, "/")
    ana.page.get_by_role("button", name="Sign out").click()
    expect(ana.page.get_by_label("Password")).to_be_visible()
    wait_until_nothing_is_kept(ana)
    gone_offline(ana)
    ana.page.goto(ana.url)
    expect(ana.page.get_by_role("heading", name="No connection")).to_be_visible()


def test_nothing_is_left_for_somebody_else_whose_visit_begins(people):
    ana, ben = people()
    address = path_of(ana)
    wait_until_kept(ana)
    theirs = ben.page.context.cookies()
    ana.page.context.clear_cookies()
    ana.page.context.add_cookies(theirs)
    ana.page.goto(f"{ana.url}/people/")
    expect(ana.page.get_by_role("link", name="ben").first).to_be_visible()
    wait_until(ana, f"async () => !(await ({KEPT_PAGES})()).includes('{address}')")


def test_nothing_is_left_after_a_session_has_ended(people):
    ana, _ = people()
    wait_until_kept(ana)
    ana.page.context.clear_cookies(name="sessionid")
    ana.page.goto(f"{ana.url}/people/")
    expect(ana.page.get_by_label("Password")).to_be_visible()
    wait_until_nothing_is_kept(ana)
    sign_in(ana.page, "ana")


def test_nothing_is_kept_for_longer_than_a_week(people):
    ana, _ = people()
    wait_until_kept(ana)
    ana.page.evaluate(AGE, 6.9)
    gone_offline(ana)
    ana.page.reload()
    expect(ana.page.get_by_role("heading", name="Town hall")).to_be_visible()
    ana.page.evaluate(AGE, 7.1)
    ana.page.reload()
    expect(ana.page.get_by_role("heading", name="No connection")).to_be_visible()
    assert ana.page.evaluate(KEPT_PAGES) == []


def test_a_part_of_a_page_is_not_kept_in_its_place(people):
    ana, ben = people()
    place = path_of(ben)
    wait_until_kept(ben)
    ana.write("the newest")
    wait_until(ben, SAYS, [place, "the newest"])
    ben.page.goto(f"{ben.url}{place}?before=AAAAAAAAAAAAAAAAAAAAAA")
    expect(ben.page.get_by_text("No messages yet.")).to_be_visible()
    ben.page.goto(ben.url)
    wait_until_kept(ben, "/")  # after that page
    assert ben.page.evaluate(SAYS, [place, "the newest"])
    assert not ben.page.evaluate(SAYS, [place, "No messages on this day"])


def test_only_twenty_pages_are_kept(people):
    ana, _ = people()
    wait_until_kept(ana)
    for number in range(21):
        ana.page.goto(ana.begin(f"Place {number}"))
        wait_until_kept(ana)
    kept = ana.page.evaluate(KEPT_PAGES)
    assert len(kept) == 20
    assert kept[-1] == path_of(ana)


def test_what_is_sent_from_a_page_without_a_network_goes_out_once(people):
    ana, ben = people(ALONE)
    wait_until_kept(ana)
    gone_offline(ana)
    ana.page.reload()
    send_in_vain(ana, "from the tunnel", "and out of it")
    ana.page.context.set_offline(False)
    expect(ben.page.locator("article .body")).to_have_text(["from the tunnel", "and out of it"], timeout=20_000)
    expect(ana.page.locator(".outbox li")).to_have_count(0)
    ana.page.reload()
    expect(ana.page.locator("article .body")).to_have_text(["from the tunnel", "and out of it"])


@pytest.mark.parametrize("where", ["/", "its conversation"])
def test_what_was_sent_without_a_network_goes_out_from_another_tab(people, where):
    ana, ben = people(ALONE)
    path = path_of(ana)
    wait_until_kept(ana)
    gone_offline(ana)
    ana.page.reload()
    send_in_vain(ana, "from the tunnel", "and out of it")
    tab = Visitor(ana.page.context.new_page(), ana.url)
    ana.page.close()
    tab.page.context.set_offline(False)
    tab.page.goto(ana.url + (where if where == "/" else path))
    expect(ben.page.locator("article .body")).to_have_text(["from the tunnel", "and out of it"])
    tab.page.goto(ana.url + path)
    expect(tab.page.locator("article .body")).to_have_text(["from the tunnel", "and out of it"])
    expect(tab.page.locator(".outbox li")).to_have_count(0)


def send_in_vain(visitor, *texts):
    for words in texts:
        expect(visitor.page.locator("message-composer.live")).to_be_visible()
        visitor.page.get_by_label("Message to").fill(words)
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.locator(".outbox").filter(has_text=words)).to_contain_text("Not sent.")
